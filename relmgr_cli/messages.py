"""Every message that relmgr writes for a person, as a template with named fields.

They are all here, so that they can be read and translated in one place; only the help texts are next to their options.
A message whose form depends on a number is a `Plural`.
"""

from typing import NamedTuple


class Message(str):
    """A template: "no article '{name}'"."""

    __slots__ = ()

    def fill(self, **fields: object) -> str:
        """Return the message with the values of its fields."""
        return self.format_map(fields)


class Plural(NamedTuple):
    """A template in the two forms of English; the number is the field `count`."""

    one: str
    other: str

    def fill(self, count: int, **fields: object) -> str:
        """Return the form for a number, with the values of its fields."""
        return (self.one if count == 1 else self.other).format(count=count, **fields)


ARTICLES = Plural("{count} article", "{count} articles")
DOCUMENTS = Plural("{count} document", "{count} documents")
SECTIONS = Plural("{count} section", "{count} sections")
WORDS = Plural("{count} word", "{count} words")

# The index

LIBRARY_CHANGED = Message("the library has just changed; try again")
INDEX_REBUILT = Message("the index was unreadable and has been rebuilt")
FULLTEXT_REBUILT = Message("the full-text index was corrupt and has been rebuilt")
NO_HOME_FOLDER = Message("the index is in memory only: there is no home folder")
INDEX_IN_MEMORY = Message("the index is in memory only: cannot write {folder}: {reason}")
INDEX_NOT_WRITTEN = Message("cannot write the index in {folder}: {reason}")
NO_TEXT = Message("no text")
UNTRANSLATED_FILES = Message("some files have no translation yet; run relmgr index to match them by content")
KEYWORD_SEARCH_ONLY = Message("keyword search only; run relmgr index for semantic search")
READING_FILES = Message("reading files")
COMPARING_FILES = Message("comparing untranslated files")
ALIGNING = Message("aligning translations")
INDEXING_WORDS = Message("indexing words")
EMBEDDING_WORDS = Message("embedding words")
EMBEDDING_PASSAGES = Message("embedding passages")
BROKEN_SYMLINK = Message("broken symbolic link")
LANGUAGE_FALLBACK = Message("no {wanted} text; showing {shown}")
LANGUAGE_FALLBACK_ALSO = Message("no {wanted} text; showing {shown} (also: {others})")

# Pages, lists and search results

ABOUT = Message("relmgr reads articles that exist in several languages.")
MINUTES = Message("{minutes} min")
MISSING = Message("missing")
MISSING_SECTION = Message("— {heading} ({language})")
BEFORE_FIRST_HEADING = Message("(before the first heading)")
OUTLINE_FACTS = Message("{words:>6} words{minutes:>4} min")
OUTLINE_FACTS_PLAIN = Message("{words} words, {minutes} min")
OUTLINE_HIGHLIGHTS_PLAIN = Message("highlights")
HIT_BY_MEANING = Message("by meaning")
HIT_INCOMPLETE = Message("not all words")

LINK_TO_SECTION = Message("section")
LINK_TO_TRANSLATION = Message("translation")
LINK_TO_ARTICLE = Message("article")
LINK_UNTRANSLATED = Message("only {language}")
LINK_BROKEN = Message("nowhere")
LINK_EXTERNAL = Message("outside")
LINK_SECTION_PLAIN = Message(", section ")
LINK_NOTES = {
    "anchor-missing": Message("no such section"),
    "anchor-of-other-language": Message("by the heading of another language"),
    "untranslated-section": Message("the section is not translated"),
    "wrong-language-link": Message("names another language"),
    "folder": Message("a folder"),
    "template": Message("filled in by the site"),
}

# The terminal

PAGER_FAILED = Message("cannot start the pager '{pager}'; set RELMGR_PAGER or use --no-pager")
STDOUT_CLOSED = Message("standard output is closed")
BUG = Message("this is a bug in relmgr; the lines above say where")

# The reader

FILE_CHANGED = "file changed; reloaded"
PAIRED = Message("also in {languages}")
ONLY_LANGUAGE = Message("only in {language}")
STILL_ALIGNING = "still aligning; try again in a moment"
NO_ROOM_FOR_COLUMNS = "no room for columns"
COPIED = Message("copied: {text}")
LINE_LENGTH = Message("line length: {cells}")
THEME = Message("theme: {theme}")
NO_COLOR_IS_SET = "no colors: NO_COLOR is set"
HELP_HINT = "? help"
HELP_CLOSE = "Esc, q: close"
MINUTES_LEFT = Message("{minutes} min")
INDEX_UNAVAILABLE = Message("cannot use the index: {reason}; the open article stays readable")

# The reader's search

FIND_PLACEHOLDER = "/ find in the article; Enter: stay, Esc: go back"
NO_SEARCH_YET = "no search yet; press / to search"
NO_MATCHES = Message("no matches: {query}")
MATCH = Message("/{query}   {index} of {count}")
MATCH_IN_OTHER_LANGUAGES = Message("/{query}   {index} of {count} (only in {languages})")
SEARCH_PLACEHOLDER = "search the library; Enter: open, Esc: close"
NO_MATCHING_SECTIONS = "no matching sections"
KEYWORDS_ONLY = Message("{message} (keyword search only; run relmgr index for semantic search)")

# The reader's lists

PICKER_PLACEHOLDER = Message("{title}: type to filter; Enter: open, Esc: close")
LANGUAGES = "languages"
HEADINGS = "headings"
HIGHLIGHTS = "key points"
LINKS = "links"
ARTICLES_TITLE = "articles"
MISSING_LANGUAGES = Message("missing: {tags}")
READ_TODAY = "read today"
READ_DAYS_AGO = Plural("read yesterday", "read {count} days ago")
NO_HIGHLIGHTS = "no key points"
NO_VISIBLE_LINKS = "no links on the screen"
LINK_IS_BROKEN = Message("broken link: {href}")
LINK_COPIED = Message("outside the library; copied: {href}")
NO_HISTORY = "nothing to go back to"
ARTICLE_GONE = Message("no longer in the library: {path}")

# The editor

EDITOR_INVALID = Message("cannot parse VISUAL or EDITOR: {reason}")
EDITOR_MISSING = Message("cannot start {command}: {reason}; set VISUAL or EDITOR")
EDITOR_FAILED = Message("{command} exited with code {code}")

# The line reader

LINE_READER_START = Message("{title} ({languages}); Enter: next section, ?: help")
NOT_IN_LANGUAGE = Message("{section} is not in {language}")
END_OF_ARTICLE = "end of the article"
NO_MATCHES_IN_ARTICLE = "no matches"
SECTIONS_FOUND = Message("{sections}; :NUMBER shows one")
