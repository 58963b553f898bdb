"""Every message that relmgr writes for a person, as a template with named fields.

They are all here, so that they can be read and translated in one place; only the help texts are next to their options.
A message whose form depends on a number is a `Plural`. A command in a message begins with the field `{relmgr}`, which
`set_library_options` fills: the command can be pasted, and is about the library in use.
"""

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_relmgr = "relmgr"  # global as the language of the messages would be: one process has one command line


def set_library_options(folders: Sequence[str], *, is_bundled: bool = False) -> None:
    """Make the commands in messages select these library folders, or the bundled ones; else the default library."""
    global _relmgr  # noqa: PLW0603 (see above)
    options = ["--bundled"] if is_bundled else [f"-C {quote(folder)}" for folder in folders]
    _relmgr = " ".join(["relmgr", *options])


def quote(argument: str) -> str:
    """Return an argument as a shell reads it."""
    import shlex

    return shlex.quote(argument)


def shown_path(folder: str, path: str) -> str:
    """Return the path of a file in a folder as a shell in the current folder takes it; absolute where that is shorter.

    `folder` is absolute, `path` relative to it, with "/".
    """
    full = os.path.join(folder, path)
    try:
        current = os.getcwd()
        prefix = None if path.startswith("../") else _prefix(folder, current)
        relative = os.path.relpath(full, current) if prefix is None else prefix + path
    except (OSError, ValueError):  # the current folder is gone, or on another drive
        return full
    return relative if len(relative) <= len(full) else full


@lru_cache(100)
def _prefix(folder: str, current: str) -> str | None:
    """Return what comes before a path below a folder; None if that depends on the path."""
    common = os.path.commonpath([folder, current])
    if common == os.path.dirname(common):  # the root: a relative path is never shorter
        return os.path.join(folder, "")
    if folder == current:
        return ""
    return None if common == os.path.normpath(folder) else os.path.join(os.path.relpath(folder, current), "")


class Message(str):
    """A template: "no article '{name}'"."""

    __slots__ = ()

    def fill(self, **fields: object) -> str:
        """Return the message with the values of its fields."""
        return self.format_map({"relmgr": _relmgr, **fields})


class Plural(NamedTuple):
    """A template in the two forms of English; the number is the field `count`."""

    one: str
    other: str

    def fill(self, count: int, **fields: object) -> str:
        """Return the form for a number, with the values of its fields."""
        return Message(self.one if count == 1 else self.other).fill(count=count, **fields)


ARTICLES = Plural("{count} article", "{count} articles")
DOCUMENTS = Plural("{count} document", "{count} documents")
SECTIONS = Plural("{count} section", "{count} sections")
LANGUAGE_COUNT = Plural("{count} language", "{count} languages")
LANGUAGES_OF = Message("{translated} of {count}")  # languages; there are no translations into the others
LANGUAGES_LACKING = Message("no {tags}")  # codes of languages that an article is not translated into
WORDS = Plural("{count} word", "{count} words")
PASSAGES = Plural("{count} passage", "{count} passages")

# Errors

PROBLEM = Message("{path}: {message}")
PROBLEM_ON_LINE = Message("{path}, line {line}: {message}")
LIBRARY_UNREADABLE = Message("cannot read library {folder}: {reason}")
LIBRARY_UNREADABLE_FROM = Message("cannot read library {folder} (from {source}): {reason}")
LIBRARY_EXCLUDED = Message("no documents in {folders}: exclude in {source} leaves none")
LIBRARY_EMPTY = Message("no documents in {folders} (looked for {suffixes}); choose another folder with -C")
FILE_REFUSED = Message("cannot show {path}: {reason}")
ARTICLE_NOT_FOUND = Message("no article '{name}'; see {relmgr} list")
ARTICLE_SUGGESTED = Message("no article '{name}'; did you mean {near}?")
FILE_MISSING = Message("no file {name}; see {relmgr} list")
FILE_SUGGESTED = Message("no file {name}; did you mean {near}?")
NAMED_FILE_MISSING = Message(
    "no file '{name}'; several names must be those of files, and a title with spaces needs quotes"
)
NAMED_FILE_TWICE = Message("'{name}' is named twice")
ARTICLE_AMBIGUOUS = Message("'{name}' matches several articles: {candidates}")
ARTICLE_UNNAMED = Message("which article? {candidates}")
SECTION_NOT_FOUND = Message("no section '{name}'; see {relmgr} sections {article}")
SECTION_SUGGESTED = Message("no section '{name}'; did you mean {near}?")
SECTION_AMBIGUOUS = Message("'{name}' matches several sections: {candidates}")
CANDIDATES_CUT = Message("{shown}, ... ({count} of {total}; {command} shows all)")
LIST_ARTICLES = Message("{relmgr} list")
LIST_ARTICLES_WITH = Message("{relmgr} list {text}")
SHOW = Message("{relmgr} show")
SHOW_ARTICLE = Message("{relmgr} show {article}")
LIST_SECTIONS = Message("{relmgr} sections {article}")
LANGUAGE_UNKNOWN = Message("no language '{name}'; use a code such as pl, or a name such as polish or polski")
LANGUAGES_SPLIT = Message("a space after '{names}'; write --lang pl,ru")
TRANSLATION_MISSING = Message('no {language} text for "{title}"; available: {languages}')
LANGUAGE_ABSENT = Message("no {language} text in this library; available: {languages}")
NO_LANGUAGES = Message("none")
NO_LAST_SEARCH = Message("no search results to show; run {relmgr} search WORD first")
HIT_MISSING = Message("no hit {rank}: the last search found {sections}; run {relmgr} search WORD to search again")
HIT_GONE = Message("hit {rank} no longer exists: the library has changed; run {relmgr} search WORD to search again")
OUTPUT_FAILED = Message("cannot write output: {reason}")
READ_PLAIN = Message("{relmgr} read --plain")
READ_PLAIN_ARTICLE = Message("{relmgr} read --plain {article}")
TERMINAL_MISSING = Message(
    "the full-screen reader needs a terminal; {show} prints the article, {read} reads it line by line"
)
INDEX_UNAVAILABLE = Message("cannot use the index: {reason}; try again, or see {relmgr} index --status")
INDEX_CORRUPT = Message("the index is corrupt; rebuilding it")
CURRENT_FOLDER_GONE = Message("the current folder has been deleted; change to another one")
OUT_OF_MEMORY = Message("not enough memory")
EXAMPLES = Message("Examples:")
USAGE_LINE = Message("Usage: ")
USAGE_WORDS = (  # patterns in the messages of Click, and what is said instead
    (r"is not a valid (?:int|integer)(?: range)?$", "is not a whole number"),
    (r"is not in the range x>=(\d+)$", r"must be at least \1"),
    (r"Got unexpected extra arguments? ?(?:\(s\) )?\((.*)\)$", r"unexpected: \1"),
    (r" \(Possible options: (.*)\)$", r"; did you mean \1?"),
    (r"\. Did you mean (.*)\?$", r"; did you mean \1?"),
)
USAGE = Message("{message} (see {command} --help)")
STATUS_OR_REBUILD = Message("--status cannot be combined with --rebuild")
LIBRARY_TWICE = Message("--bundled cannot be combined with --library")
EMPTY_VALUE = Message("an empty value")
OPTIONS_EXCLUSIVE = Message("{one} cannot be combined with {other}")
EMPTY_PATH = Message("an empty path; use . for the current folder")
FIELD_UNKNOWN = Message("no field '{name}'; use one of {choices}")
TEMPLATE_BRACES = Message("a brace without its counterpart; write {{{{ or }}}} for the character")
STALE_WITH_FILES = Message("--stale needs an article of a library, not files")
READS_NO_INPUT = Message("the reader takes its keys from standard input; {relmgr} show {files} shows a text from it")
HIT_WITH_OTHERS = Message("--hit cannot be combined with an article, --section or --highlights")

# The config file and relmgr.toml

SETTING = Message("{source}: {reason}")
SETTING_OF_KEY = Message("{key}: {reason}")
KEY_UNKNOWN = Message("keys.{action}: unknown key '{key}'; write a character, or a name such as f2, ctrl+d, pagedown")
KEY_RESERVED = Message("keys.{action}: '{key}' cannot be bound")
KEY_CONFLICT = Message("keys: '{key}' is bound to both {one} and {other}; give one of them another key")

# The commands

WELCOME = (
    (Message("relmgr show [ARTICLE] --lang ru"), Message("read an article in Russian")),
    (Message("relmgr read [ARTICLE]"), Message("read in full screen")),
    (Message("relmgr sections [ARTICLE]"), Message("its outline, in two languages")),
    (Message("relmgr highlights [ARTICLE]"), Message("its key points")),
    (Message("relmgr search WORD"), Message("find it in all languages")),
    (Message("relmgr links [ARTICLE]"), Message("where its links lead")),
    (Message("relmgr list"), Message("all articles")),
    (Message("relmgr -C FOLDER list"), Message("the articles of another folder")),
    (Message("relmgr --help"), Message("all commands and options")),
)
ARTICLES_CUT = Message("{count} of {total} articles; {relmgr} list shows all")
PROBLEMS_CUT = Message("{count} of {total} problems; {relmgr} index shows all")
NO_ARTICLES = Message("no matching articles")
NO_LINKS = Message('"{title}" has no links')
NO_LINKS_AT_ALL = Message("no links")
NO_TERMS = Message("no term is translated in more than one way")
TERM_UNKNOWN = Message("no term '{term}' with known translations")
TERMS_SHOWN = Message("{shown} of {terms}; `{relmgr} terms --limit {count}` lists all")
TERMS = Plural("{count} term", "{count} terms")
TERM_LANGUAGES = Message("{source} to {target}")
TERM_USUAL_AT = Message("{path}:{line}: {term}: {text} ({count})")
TERM_AT = Message("{path}:{line}: {term}: {text} ({count}), usually {usual} ({usual_count})")
TERM_MORE_PLACES = Plural("and {count} more", "and {count} more")
READING_TERMS = Message("comparing terms")
LINKS_CHECKED = Plural("{count} link", "{count} links")
LINKS_WORK = Message("checked {total} in {files}: none is broken")
LINKS_BROKEN = Message("checked {total} in {files}: {count} broken")
LINKS_OF_SECTION = Message("links of a section: name one article, without --all and --check")
NO_HIGHLIGHTS = Message('"{title}" has no list of highlights')
STANDARD_INPUT = "standard input"
NAMED_LIKE_ANOTHER = Message("{path} is in {language}, as another file; shown as {tag}")
ONE_LANGUAGE = Message("only one language to show; choose several with --lang {languages}")
TOO_NARROW = Message("too narrow for {count} languages side by side; interleaved")
ALIGNED_WITHOUT_CONTENT = Message(
    "long article, aligned by structure and words only; run {relmgr} index to align it by content"
)
LIBRARY = Message("library: {folders} ({reason})")
LIBRARY_LOCAL = Message("library: {folders} ({reason}; {relmgr} --bundled ... for the bundled articles)")
LIBRARY_DEFAULT = Message("library: the bundled articles ({relmgr} -C . ... for the files of this folder)")
LIBRARY_BUNDLED = Message("library: the bundled articles (no Markdown in {folders})")
STATUS_FACT = Message("{name}: {value}")
STATUS_NAMES = {
    "library": "library",
    "chosen_by": "chosen by",
    "source": "source",
    "source_chosen_by": "source chosen by",
    "index": "index",
    "bytes": "bytes",
    "articles": "articles",
    "documents": "documents",
    "changed": "changed",
    "removed": "removed",
    "pairing_by_meaning": "pairing by meaning",
    "passages_learnt": "passages learnt",
    "passages_to_learn": "passages to learn",
    "lexicon": "lexicon",
}
DONE = {"done": "done", "pending": "pending", "due": "due"}
SOURCE_CHOSEN_BY_DOCUMENTS = "the paths and the languages of most documents"
SOURCE_OF_ARTICLES = Message("{language} ({articles} in {folder})")
INDEXED = Message("{articles}, {documents}; {read} read, {removed} removed")
SEARCH_CUT = Message("long query: only its first words were used")
FOUND = Message("{sections} in {articles}")
FOUND_CUT = Message("{count} of {sections}; --limit for more")
SHOW_HIT = Message("{relmgr} show --hit")  # the number of the hit follows
QUERY_EMPTY = Message("nothing to search for; add a word without a minus to the query")
PATTERN_INVALID = Message("invalid regular expression '{pattern}': {reason}")
PATTERN_SLOW = Message("the regular expression '{pattern}' takes too much time or memory; use a simpler one")
NOTHING_FOUND = Message("nothing found for '{query}'")
NOTHING_FOUND_PATH = Message("nothing found for '{query}'; to search only in {path}: --in {path}")
NOTHING_FOUND_NEAR = Message("nothing found for '{query}'; {suggestions}")
QUERY_UNKNOWN = Message("nothing found for '{query}': no text has these words, nor a translation of them that is known")
QUERY_LANGUAGE_UNKNOWN = Message(
    "nothing found for '{query}': no text is in {language}, and it is not a language that search can translate"
)
WORD_SUGGESTED = Message("did you mean '{better}' for '{word}'?")

# The server for agents

MCP_NOT_INSTALLED = Message("relmgr mcp needs the MCP SDK; install it with: pip install 'relmgr[mcp]' ({reason})")
MCP_ON_TERMINAL = Message("waiting for an MCP client on standard input; Ctrl-C ends it")
MCP_TOOL_UNKNOWN = Message("no tool '{name}'; use one of {choices}")
MCP_ARGUMENT_UNKNOWN = Message("{tool} has no argument '{name}'; use {choices}")
MCP_ARGUMENT_MISSING = Message("{tool} needs the argument {name}")
MCP_ARGUMENT_TEXT = Message("{name} must be a string")
MCP_ARGUMENT_LIST = Message("{name} must be a list of strings")
MCP_ARGUMENT_COUNT = Message("{name} must be a whole number from 1 to {maximum}")
MCP_ONE_TRANSLATION = Message("choose one translation with languages: {languages}")
MCP_LISTED_BY = Message("{message}; see the tool {tool}")
MCP_FAILED = Message("internal error; the log of the server says more")
MCP_PAGES = Plural("{count} page", "{count} pages")
MCP_PAGE_MISSING = Message("no page {page}: the answer has {pages}")
MCP_PAGE = Message("page {page} of {pages}; for the rest: page={next}")
MCP_NOTE = Message("note: {note}")
MCP_MORE = Message("+{count}")
MCP_ALSO_IN = Message("also in {languages}")
MCP_SUBSECTIONS = Plural("subsection: {first}", "{count} subsections: {first} to {last}")
MCP_FOUND_CUT = Message("{sections}; the first {count} (limit)")
MCP_ARTICLES_OF = Message("{count} of {articles}")
MCP_TRANSLATION_MISSING = Message("{language} missing: {path} ({words})")
MCP_SOURCE_LINE = Message("{number} (source line {line})")

# The index

LIBRARY_CHANGED = Message("the library has just changed; try again")
INDEX_REBUILT = Message("the index was unreadable and has been rebuilt")
FULLTEXT_REBUILT = Message("the full-text index was corrupt and has been rebuilt")
NO_HOME_FOLDER = Message("the index is in memory only: there is no home folder")
INDEX_IN_MEMORY = Message("the index is in memory only: cannot write {folder}: {reason}")
INDEX_NOT_WRITTEN = Message("cannot write the index in {folder}: {reason}")
NOT_TRANSLATED = Message("the {language} file is not translated: its text is in {source}")
PARTLY_TRANSLATED = Message("the {language} file is partly translated: some of its text is in {source}")
UNTRANSLATED_FILES = Message("some files have no translation yet; run {relmgr} index to match them by content")
SECOND_COPY = Message("{path} is a second copy of {original}, which is shown")
SECOND_COPIES = Plural(
    "{count} second copy of an original is not listed: {path}",
    "{count} second copies of originals are not listed, such as {path}",
)
PARTLY_LEARNT = Message("{percent} % of the library is learnt; the rest is searched by words only; run {relmgr} index")
WORDS_UNLEARNT = Message("not all words of the library are learnt; run {relmgr} index")
TO_LEARN = Message("{passages} to learn, which takes about {minutes}; it can be interrupted and continued")
READING_FILES = Message("reading files")
COMPARING_FILES = Message("comparing untranslated files")
ALIGNING = Message("aligning translations")
INDEXING_WORDS = Message("indexing words")
LEARNING_WORDS = Message("learning words from translations")
EMBEDDING_WORDS = Message("embedding words")
EMBEDDING_PASSAGES = Message("embedding passages")
PROGRESS_DONE = Message("{task}: done")
LANGUAGE_FALLBACK = Message("no {wanted} text; showing {shown}")
LANGUAGE_FALLBACK_ALSO = Message("no {wanted} text; showing {shown} (also: {others})")
LANGUAGE_FALLBACK_MANY = Message("no {wanted} text; showing {shown} (also in {count} other languages)")

# Problems in files

NOT_IN_LIBRARY = "not part of the library"
IS_FOLDER = Message("a folder; to list its articles, use -C {folder}")

# Pages, lists and search results

ABOUT = Message("relmgr reads articles that exist in several languages.")
STATES_IN_LIST = {"translated": "", "partly": " partly", "untranslated": " untranslated"}
LINE_READER_HELP = Message("""\
Enter  next section
b      previous section
l      next language
i      one or all languages
m      set or remove a bookmark at this section
o      outline
h      key points
f      links of this section
fN     follow link N
r      return to where you followed a link
/TEXT  find sections with this text
:TEXT  show the section with this number or heading
?      this help
q      quit
""")
CREDITS = {
    "author": Message("{text}"),
    "date": Message("{text}"),
    "translator": Message("translated by {text}"),
    "source": Message("source: {text}"),
}
MINUTES = Message("{minutes} min")
MISSING = Message("missing")
MISSING_SECTION = Message("— {heading} ({language})")
BEFORE_FIRST_HEADING = Message("(before the first heading)")
OUTLINE_FACTS = Message("{words:>6} words{minutes:>4} min")
OUTLINE_FACTS_PLAIN = Message("{words} words, {minutes} min")
OUTLINE_HIGHLIGHTS_PLAIN = Message("highlights")
HIT_BY_MEANING = Message("by meaning")
MORE_LANGUAGES = Plural("{count} more language (--lang)", "{count} more languages (--lang)")
HIT_INCOMPLETE = Message("not all words")
HIT_PLAIN = Message("hit {rank}: {title}")
HIT_SECTION_PLAIN = Message("hit {rank}: {title}, section {number}: ")
HIT_PATH_PLAIN = Message("path: {path}")
HIT_SHOW_PLAIN = Message("show: {command}")
TERM_PLAIN = Message("{term}, translated: {translations}")

ALERTS = {
    "note": "note",
    "tip": "tip",
    "hint": "hint",
    "info": "info",
    "important": "important",
    "warning": "warning",
    "caution": "caution",
    "danger": "danger",
    "error": "error",
    "failure": "failure",
    "success": "success",
    "check": "check",
    "question": "question",
    "faq": "frequently asked question",
    "help": "help",
    "abstract": "abstract",
    "summary": "summary",
    "tldr": "in short",
    "example": "example",
    "bug": "bug",
    "quote": "quotation",
    "todo": "to do",
    "attention": "attention",
    "seealso": "see also",
    "deprecated": "deprecated",
    "critical": "critical",
    "experimental": "experimental",
    "prerequisite": "prerequisite",
    "prerequisites": "prerequisites",
    "remark": "remark",
    "pitfall": "pitfall",
    "deepdive": "in depth",
    "objectives": "objectives",
    "details": "details",
}

# Pages in words, for screen readers (--plain)

PLAIN_LANGUAGE = Message("language: {language}")
PLAIN_LANGUAGES = Message("language: {language}; also: {others}")
PLAIN_CREDITS = {"author": "author", "date": "date", "translator": "translator", "source": "source"}
PLAIN_KEYWORDS = "keywords"
PLAIN_HEADING = Message("heading {level}: {number} ")
PLAIN_ONLY_IN = Message(" (no translation; heading in {language})")
PLAIN_NO_TRANSLATION = "(no translation)"
PLAIN_BLOCKS = {"heading": "subheading", "title": "caption", "term": "defined term"}
PLAIN_CONTAINERS = {"bullet": "item", "quote": "quotation", "tab": "tab", "definition": "meaning"}
PLAIN_ITEM_NUMBER = Message("item {number}")
PLAIN_TASKS = {"x": "task, done", " ": "task, to do"}
PLAIN_FOOTNOTE = Message("footnote {label}")
PLAIN_LEVEL = Message("{text}, level {level}")
PLAIN_CONTINUED = Message("{text}, continued")
PLAIN_CODE = "code"
PLAIN_CODE_IN = Message("code, {language}")
PLAIN_CODE_END = "end of code"
PLAIN_FORMULA = "math"
PLAIN_FORMULA_END = "end of math"
PLAIN_TABLE = Plural("table, {count} row", "table, {count} rows")
PLAIN_CELL = Message("row {row}, {column}")
PLAIN_COLUMN = Message("column {column}")
PLAIN_EMPTY = "(empty)"
PLAIN_TABLE_END = "end of table"
PLAIN_SEPARATOR = "(separator)"
PLAIN_IMAGE = "image"
PLAIN_IMAGE_UNNAMED = "image without a description"
PLAIN_DELETED = "deleted"
PLAIN_INSERTED = "inserted"
PLAIN_LINK_TO = Message("link to {title}")

LINK_TO_SECTION = Message("section")
LINK_TO_TRANSLATION = Message("translation")
LINK_TO_ARTICLE = Message("article")
LINK_UNTRANSLATED = Message("only {language}")
LINK_BROKEN = Message("broken")
LINK_EXTERNAL = Message("external")
LINK_AT = Message("{path}:{line}: {kind}: {text}{destination}")
LINK_NUMBERED = Message("{number} {kind}: {text}{destination}")
BROKEN_LINK_AT = Message("{path}:{line}: {text}{href} ({reason})")
LINK_SECTION_PLAIN = Message(", section ")

# The terminal

PAGER_FAILED = Message("cannot start the pager '{pager}'; set RELMGR_PAGER or use --no-pager")
STDOUT_CLOSED = Message("standard output is closed")
BUG = Message("this is a bug in relmgr; please report it with the traceback above")

# The reader

FILE_CHANGED = "file changed; reloaded"
PAIRED = Message("also in {languages}")
ONLY_LANGUAGE = Message("only in {language}")
STILL_ALIGNING = "still aligning; try again in a moment"
NO_ROOM_FOR_COLUMNS = "no room for columns"
NO_COLUMNS = "no columns on the screen"
SCROLLS_ALONE = Message("only {language} scrolls")
COLUMNS_IN_STEP = "columns scroll in step"
COPIED = Message("sent to the terminal's clipboard: {text}")
PLACE = Message("line {line} of {count}   {percent} %   {file}")
PLACE_IN_FILE = Message("{percent} %   {file}")
LINE_LENGTH = Message("line length: {cells}")
THEME = Message("theme: {theme}")
NO_COLOR_IS_SET = "no colours: NO_COLOR is set"
KEY_HINTS = {  # at the foot of the screen, after the key
    "next_language": "language",
    "outline": "outline",
    "search_library": "search",
    "quit": "quit",
    "help": "help",
}
KEY_SPACE = "space"
KEY_DOES_NOTHING = Message("no key {key}")
WITH_KEY = Message("{message}; {key}: {action}")
ACTION_HINTS = {  # after the key that a message names
    "find": "search",
    "next_language": "a translation",
    "columns": "columns",
    "bookmark": "set one",
    "help": "all keys",
    "follow_link": "keep, Esc: close",  # in the word lens
}
HELP_GROUPS = {
    "move": "Move",
    "languages": "Languages",
    "find": "Find",
    "open": "Open",
    "appearance": "Appearance",
    "program": "Program",
}
HELP_CLOSE = Message("{down} {up}: scroll   {quit}: close")
INDEX_LOST = Message("cannot use the index: {reason}; the open article stays readable")

# The reader's search

FIND_PLACEHOLDER = "find; Enter: stay, Esc: go back"
FIND_PATTERNS = "regex"  # the switch of the find bar, after its key
NO_PATTERN = Message("invalid: {reason}")  # the pattern is above
SLOW_PATTERN = "takes too long; use a simpler one"
NO_SEARCH_YET = "no search yet"
NO_MATCHES = Message("no matches: {query}")
MATCH = Message("/{query}   {index} of {count}")
MATCH_IN_OTHER_LANGUAGES = Message("/{query}   {index} of {count} (only in {languages})")
SEARCH_PLACEHOLDER = "search the library; Esc: close"
SEARCHING = "searching..."
NO_MATCHING_SECTIONS = "no matching sections"
KEYWORD_SEARCH_ONLY_SUFFIX = Message("{message} (keyword search only; run {relmgr} index for semantic search)")

# The reader's lists

NOTHING_MATCHES = "nothing matches"
PICKER_PLACEHOLDER = Message("filter {title}; Esc: close")
MARKING_PLACEHOLDER = Message("filter {title}; Esc: close, Space: mark for columns")
LANGUAGES = "languages"
HEADINGS = "headings"
HIGHLIGHTS = "key points"
LINKS = "links"
ARTICLES_TITLE = "articles"
READ_TODAY = "read today"
READ_DAYS_AGO = Plural("read yesterday", "read {count} days ago")
NO_KEY_POINTS = "no key points"
NO_VISIBLE_LINKS = "no links on the screen"
LINK_IS_BROKEN = Message("broken link: {href}")
LINK_LEADS_OUTSIDE = Message("outside the library: {href}")
LINK_NUMBER_UNKNOWN = Message("no link {number} in this section; f lists its links")
NO_LINKS_IN_SECTION = "no links in this section"
LINK_COPIED = Message("outside the library; sent to the terminal's clipboard: {href}")
NO_HISTORY = "nothing to go back to"
NO_FUTURE = "nothing to go forward to"
ARTICLE_GONE = Message("no longer in the library: {path}")
WORD_KEPT = Message("kept: {word} (list: {relmgr} words)")
WORD_ALREADY_KEPT = Message("already kept: {word}")
WORD_NOT_KEPT = Message("cannot keep {word}: {reason}")
WORD_REMOVED = Message("word removed: {word}")
WORD_UNKNOWN = Message("no word {number}; {relmgr} words lists all")
WORDS_NOT_SAVED = Message("cannot save the words: {reason}")
NO_STATE_FOLDER = "there is no state folder"

# Bookmarks

BOOKMARKS = "bookmarks"
BOOKMARK_SET = Message("bookmarked: {text}")
BOOKMARK_REMOVED = Message("bookmark removed: {text}")
BOOKMARKS_NOT_SAVED = Message("cannot save the bookmarks: {reason}")
BOOKMARK_UNKNOWN = Message("no bookmark {number}; {relmgr} bookmarks lists all")
BOOKMARK_STATE = Message("({state})")
BOOKMARK_GONE = "text is gone"
BOOKMARK_GONE_IN_READER = Message("the text is gone; to remove the bookmark: {relmgr} bookmarks --remove {number}")
NO_BOOKMARKS = Message("no bookmarks; set them in the reader: {relmgr} read")
NO_BOOKMARKS_IN_READER = "no bookmarks in this library"
NOTHING_TO_BOOKMARK = "nothing to bookmark"

# The editor

EDITOR_INVALID = Message("cannot parse VISUAL or EDITOR: {reason}")
EDITOR_MISSING = Message("cannot start {command}: {reason}; set VISUAL or EDITOR")
EDITOR_NOT_SET = "set EDITOR or VISUAL to edit"
BUNDLED_NOT_EDITED = "bundled articles are not edited; -C FOLDER opens your own"
EDITOR_FAILED = Message("{command} exited with code {code}")

# The line reader

LINE_READER_START = Message("{title} ({languages}); Enter: next section, ?: help")
NOT_IN_LANGUAGE = Message("{section} is not in {language}")
END_OF_ARTICLE = "end of the article"
NO_MATCHES_IN_ARTICLE = "no matches"
SECTIONS_FOUND = Message("{sections}; :NUMBER shows one")

# Git

NO_GIT = "git is not installed"
NOT_IN_GIT = "not in a git work tree"
NO_COMMITS = "the git repository has no commits"
FILES_NOT_COMMITTED = "none of the files is in the git repository"
PARTIAL_CLONE = "the git repository is a partial clone; fetch the rest with: git fetch --refetch --no-filter"
GIT_OTHER_OWNER = Message(
    "the git repository belongs to another user; to trust it: git config --global --add safe.directory {folder}"
)
GIT_FAILED = Message("git failed: {reason}")
GIT_SILENT = "git takes too long"
REVISION_UNKNOWN = Message("no common history with '{revision}'")
REVISION_NOT_FETCHED = Message(
    "no common history with '{revision}', because the git repository is a shallow clone; fetch the history with:"
    " git fetch --unshallow (in GitHub Actions: fetch-depth: 0)"
)


# Translation status

COMPARING_TRANSLATIONS = "comparing translations"
READING_HISTORY = "reading the history"
STATES = {
    "current": "up to date",
    "stale": "stale",
    "missing": "missing",
    "untranslated": "untranslated",
    "extra": "extra",
}
STATE_MARK = Message("  ({state})")
ALL_UP_TO_DATE = Message("{language}: all sections are up to date")
SOURCE_IS_OPEN = Message("{language} is the source")
STATUS_ARTICLES = "articles"
STATUS_WORDS = "words up to date"
LANGUAGE_STATUS = Message(
    "{name}: {percent} % of the words up to date; of {articles} articles {current} up to date, {stale} stale, {missing}"
    " missing, {untranslated} untranslated"
)
SINCE = Message("since {date}")
WORDS_MISSING = Plural("{count} word", "{count} words")
SECTIONS_IN_STATE = Message("{parts} of {total} sections")
NOT_COMMITTED = "not committed"
NO_TRANSLATIONS = Message("no article here has both a source and a translation")
UNKNOWN_STATE = Message("no state '{state}'; choose from {choices}")
NO_GIT_HISTORY = Message("no history: {reason}; which translations are stale is not known")
SHALLOW_CLONE = Message(
    "the git repository is a shallow clone, so which translations are stale is not known; fetch the history with:"
    " git fetch --unshallow (in GitHub Actions: fetch-depth: 0)"
)
REVISION_MISSING = Message("no commit '{revision}' in the history of the library")
DIFF_SECTION_PLAIN = Message("section {number}: {heading}")
DIFF_CHANGED_PLAIN = Message("{section} (source changed: {date})")
DIFF_SOURCE_PLAIN = Message("{place}: source: ")
DIFF_TRANSLATION_PLAIN = Message("{place}: translation: ")
DIFF_REMOVED_PLAIN = Message("(removed: {old})")
DIFF_ADDED_PLAIN = Message("(added: {new})")
DIFF_REPLACED_PLAIN = Message("(removed: {old}; added: {new})")
DIFF_ADD_BELOW = "(new in the source: add it below this block)"
DIFF_ADD_FIRST = "(new in the source: add it at the start)"
DIFF_NO_COUNTERPART = "(no counterpart)"
NO_CHANGES = Message("{language}: the source has not changed since it was translated")
CHOOSE_TRANSLATION = Message("choose a translation with --lang: {languages}")
SOURCE_IS_NO_TRANSLATION = Message("{language} is the source; choose a translation with --lang: {languages}")

# Findings of `check`

CHECKING = "checking translations"


# The command `check`

FINDING_AT = Message("{path}:{line}: ")
SOURCE_AT = Message(" ({path}:{line})")
CODE_UNKNOWN = Message("no code '{code}'; use one of {choices}")
CODE_SUGGESTED = Message("no code '{code}'; did you mean {near}?")
ERRORS = Plural("{count} error", "{count} errors")
WARNINGS = Plural("{count} warning", "{count} warnings")
NOTICES = Plural("{count} remark", "{count} remarks")
SEVERITIES = {"error": "error", "warning": "warning", "info": "remark"}
CHECK_CLEAN = Message("no faults in {articles}")
CHECK_SUMMARY = Message("{counts} in {count} of {articles}")
CHECK_HIDDEN = Message("; {notices} not shown (--all)")
CHECK_FIRST = Message("first {count} of {total}; {relmgr} check --all shows all, --select CODE one kind, PATH one file")
CHECK_COUNT = Message("{count:>6}  ")
BASELINE_INVALID = "not a baseline of relmgr"
BASELINE_MISSING = Message("cannot read the baseline: {reason}; --write-baseline makes one")
BASELINE_FAILED = Message("cannot write the baseline: {reason}")
BASELINE_WRITTEN = Plural("wrote {count} finding to {path}", "wrote {count} findings to {path}")
CHANGED_FAILED = Message("cannot tell what has changed since {revision}: {reason}")

# The command `export`

EXPORTING = Message("exporting")
FORMAT_UNKNOWN = Message("no format '{name}'; use one of {choices}")
NOTHING_TO_EXPORT = Message("no article is in {language}, the first language of --lang")
EXPORT_CHANGED = Message("left out {article}: its files have just changed")
EXPORT_NEEDS_FOLDER = Message("this export has {count} files; name a folder with -o")
EXPORT_NEEDS_LANGUAGES = Message("{name} needs a source and a translation: --lang {language},LANGUAGE")
EXPORT_OUTSIDE = Message("{path} is outside the folder of the export")
EXPORT_WITHOUT_SOURCE = Message("left out {articles} without a text in {language}, the first language of --lang")
EXPORT_BINARY = Message("this format is not text; name a file with -o")
EXPORT_EXISTS = Message("{path} exists; --force overwrites it")
EXPORT_FAILED = Message("cannot write {path}: {reason}")
EXPORT_UNREADABLE = Message("cannot read {path}: {reason}")
EXPORT_NEEDS_EXTRA = Message("this format needs {package}; install it with: pip install 'relmgr[{extra}]'")
EPUB_IMAGES_LEFT_OUT = Plural(
    "{count} image is not in the book: too large, or not PNG, JPEG, GIF or WebP",
    "{count} images are not in the book: too large, or not PNG, JPEG, GIF or WebP",
)
EXPORTED = Message("exported {units} of {articles}")
UNITS = Plural("{count} unit", "{count} units")
EXPORT_FILES = Plural("{count} file", "{count} files")
EXPORT_WRITTEN = Message("written to {place}")
EXPORT_DOUBTFUL = Plural("{count} marked as doubtful", "{count} marked as doubtful")
EXPORT_LEFT_OUT = Plural("{count} doubtful one left out", "{count} doubtful ones left out")
EXPORT_UNTRANSLATED = Plural("{count} without a translation", "{count} without a translation")
EXPORT_SOURCELESS = Plural("{count} left out, not in the source", "{count} left out, not in the source")
EXPORT_MERGED = Plural("{count} merged with an equal one", "{count} merged with equal ones")
NO_KEPT_WORDS = Message("no words of this library have been kept; w and Enter in the reader keep one")
EXPORTED_WORDS = Plural("exported {count} word", "exported {count} words")

# The words of an exported web page.
PAGE_CONTENTS = Message("Contents")
PAGE_SKIP = Message("Skip to the text")
PAGE_LANGUAGES = Message("Languages shown")
PAGE_SEARCH = Message("Search")
PAGE_SEARCH_KEYS = Message("/: search; Enter, Shift+Enter: next, previous; Esc: end")
PAGE_PREVIOUS = Message("Previous")
PAGE_NEXT = Message("Next")
PAGE_HIT = Message("{current} of {count}")
PAGE_NO_HITS = Message("no hits")
PAGE_THEME = Message("Dark or light")
PAGE_ABSENT = Message("Not in: {languages}")
PAGE_NO_COUNTERPART = Message("no counterpart")
PAGE_DOUBTFUL = Message("may not translate the text beside it")
PAGE_FOOTER = Message("{articles}, exported on {date} (relmgr)")
PAGE_IMAGES_LEFT_OUT = Plural(
    "{count} image is not in the page: too large, or not of a known type",
    "{count} images are not in the page: too large, or not of a known type",
)
PAGE_LARGE = Message("the page has {size} MB and opens slowly; export fewer articles or languages")
