"""Every message that relmgr writes for a person, as a template with named fields.

They are all here, so that they can be read and translated in one place; only the help texts are next to their options.
A message whose form depends on a number is a `Plural`. A command in a message begins with the field `{relmgr}`, which
`set_library_options` fills: the command can be pasted, and is about the library in use.
"""

from collections.abc import Sequence
from typing import NamedTuple

_relmgr = "relmgr"  # global as the language of the messages would be: one process has one command line


def set_library_options(folders: Sequence[str]) -> None:
    """Make the commands in messages select these library folders; none for the default library."""
    global _relmgr  # noqa: PLW0603 (see above)
    _relmgr = " ".join(["relmgr", *(f"-C {quote(folder)}" for folder in folders)])


def quote(argument: str) -> str:
    """Return an argument as a shell reads it."""
    import shlex

    return shlex.quote(argument)


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
WORDS = Plural("{count} word", "{count} words")

# Errors

PROBLEM = Message("{path}: {message}")
PROBLEM_ON_LINE = Message("{path}, line {line}: {message}")
LIBRARY_UNREADABLE = Message("cannot read library {folder}: {reason}")
LIBRARY_EMPTY = Message("no documents in {folders} (looked for {suffixes}); choose another folder with -C")
FILE_REFUSED = Message("cannot show {path}: {reason}")
ARTICLE_NOT_FOUND = Message("no article '{name}'; see {relmgr} list")
ARTICLE_SUGGESTED = Message("no article '{name}'; did you mean {near}?")
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
TRANSLATION_MISSING = Message('no {language} text for "{title}"; available: {languages}')
LANGUAGE_ABSENT = Message("no {language} text in this library; available: {languages}")
NO_LANGUAGES = Message("none")
NO_LAST_SEARCH = Message("no search results to show; run {relmgr} search WORD first")
HIT_MISSING = Plural(
    "no hit {rank}: the last search found {count} section; run {relmgr} search WORD to search again",
    "no hit {rank}: the last search found {count} sections; run {relmgr} search WORD to search again",
)
HIT_GONE = Message("hit {rank} no longer exists: the library has changed; run {relmgr} search WORD to search again")
OUTPUT_FAILED = Message("cannot write output: {reason}")
TERMINAL_MISSING = Message("the full-screen reader needs a terminal; {command} prints the article")
INDEX_UNAVAILABLE = Message("cannot use the index: {reason}; try again, or see {relmgr} index --status")
INDEX_CORRUPT = Message("the index is corrupt; rebuilding it")
OUT_OF_MEMORY = Message("not enough memory")
USAGE = Message("{message} (see {command} --help)")
EMPTY_PATH = Message("an empty path; use . for the current folder")
HIT_WITH_OTHERS = Message("--hit cannot be combined with an article, --section or --highlights")

# The config file

SETTING = Message("{source}: {reason}")
NOT_TOML = Message("not valid TOML: {reason}")
SETTING_UNKNOWN = Message("unknown setting '{key}'; use one of {choices}")
SETTING_CHOICES = Message("{key} must be one of {choices}")
SETTING_TYPE = Message("{key} must be {type}")
TYPE_TABLE = Message("a table: [{key}]")
TYPE_STRING = Message("a string")
TYPE_INTEGER = Message("an integer")
TYPE_BOOLEAN = Message("true or false")
TYPE_PATHS = Message("a path or a list of paths")

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
NO_HIGHLIGHTS = Message('"{title}" has no list of highlights')
ONE_LANGUAGE = Message("only one language to show; choose several with --lang {languages}")
TOO_NARROW = Plural(
    "too narrow for {count} language side by side; interleaved",
    "too narrow for {count} languages side by side; interleaved",
)
ALIGNED_WITHOUT_CONTENT = Message(
    "long article, aligned by structure and words only; run {relmgr} index to align it by content"
)
INDEXED = Message("{articles}, {documents}; {read} read, {removed} removed")
SEARCH_CUT = Message("long query: only its first words were used")
FOUND = Message("{sections} in {articles}")
SHOW_HIT = Message("{relmgr} show --hit")  # the number of the hit follows
QUERY_EMPTY = Message("nothing to search for; add a word without a minus to the query")
NOTHING_FOUND = Message("nothing found for '{query}'")
NOTHING_FOUND_NEAR = Message("nothing found for '{query}'; {suggestions}")
WORD_SUGGESTED = Message("did you mean '{better}' for '{word}'?")

# The library

UNTRANSLATED = Message("some files have no translation yet; run {relmgr} index to match them by content")
KEYWORD_SEARCH_ONLY = Message("keyword search only; run {relmgr} index for semantic search")
KEYWORD_SEARCH_ONLY_SUFFIX = Message("{message} (keyword search only; run {relmgr} index for semantic search)")
FULL_TEXT_CORRUPT = Message("the full-text index is corrupt; rebuilding it")
LANGUAGE_FALLBACK = Message("no {wanted} text; showing {shown}")
LANGUAGE_FALLBACK_ALSO = Message("no {wanted} text; showing {shown} (also: {others})")
