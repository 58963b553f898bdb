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

# The reader

FILE_CHANGED = "file changed; reloaded"
PAIRED = Message("also in {languages}")
ONLY_LANGUAGE = Message("only in {language}")
ALIGNING = "still aligning; try again in a moment"
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
LINK_BROKEN = Message("broken link: {href}")
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
