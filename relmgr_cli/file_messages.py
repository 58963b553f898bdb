"""Messages that are in English until they are shown: problems and findings, and what Typer says of a command line.

Problems and findings are stored in the index and part of JSON; `ui_language.localized` translates them when they are
shown. See messages.py for all other messages.
"""

from relmgr_cli.messages import Message, Plural

NOT_UTF_8 = "not UTF-8"
NOT_TOML = Message("not valid TOML: {reason}")
SETTING_UNKNOWN = Message("unknown setting '{key}'; use one of {choices}")
SETTING_SUGGESTED = Message("unknown setting '{key}'; did you mean '{near}'?")
SETTING_LONG = Message("{key} has too many entries")
SETTINGS_TOO_LARGE = Message("larger than {kib} KiB")
SETTING_CHOICES = Message("{key} must be one of {choices}")
SETTING_TYPE = Message("{key} must be {type}")
TYPE_TABLE = Message("a table: [{key}]")
TYPE_STRING = Message("a string")
TYPE_INTEGER = Message("an integer")
TYPE_BOOLEAN = Message("true or false")
TYPE_PATH = Message("a path")
TYPE_CODES = Message("a code of a finding or a list of codes")
TYPE_PATHS = Message("a path or a list of paths")
TYPE_TRANSLATIONS = Message("a translation or a list of translations")
GLOSSARY_TOO_LARGE = Message("larger than {kib} KiB")
GLOSSARY_HEADER = Message("the first line must name languages, separated by tabs")
TYPE_PATTERNS = Message("a pattern or a list of patterns")
TYPE_KEYS = Message("a key or a list of keys")
TYPE_LANGUAGE = Message("a language: a code or a name")
TYPE_TABLES = Message("tables: [[{key}]]")
LIBRARY_WITHOUT_FOLDER = Message("library names no folder; leave it out for the folder of this file")
PAIR_TOO_SMALL = Message("pairs.join must name at least two files")
PAIR_EMPTY = Message("each of [[pairs]] must have one of {choices}")
PAIR_CONTRADICTED = Message("pairs: '{path}' is in join and in part; it is not joined")
PAIRED_FILE_MISSING = Message("pairs: no file '{path}' in the library")
LANGUAGE_FOLDER_EMPTY = Message("languages: no file of the library is in '{folder}'")
PATH_LEAVES = Message("{key}: '{path}' is not inside the folder of this file")
PATH_BACKSLASH = Message("{key}: '{path}' has a backslash; write paths with /")
PATTERN_LONG = Message("{key}: '{pattern}...' is too long")
LINK_TO_PARENT = "link to a parent folder; not followed"
FOLDERS_TOO_DEEP = "folders nested too deeply"
NOT_REGULAR_FILE = "not a regular file"
UNREADABLE = "cannot be read"
TOO_LARGE = Message("larger than {mib} MiB")
BINARY = "binary, not text"
NUL_BYTES = "contains NUL bytes"
BYTES_LOST = Message("not valid {encoding}: some bytes are lost")
BYTES_ESCAPED = Message("not valid UTF-8: {count} bytes are shown as \\xNN")
NO_BYTE_ORDER_MARK = Message("read as {encoding}: it has no byte order mark")
LEGACY_ENCODING = Message("not UTF-8: read as {encoding}")
SAME_LANGUAGE = Message("not paired with {path}: both are in {language} (untranslated?)")
SEVERAL_LANGUAGES = Message("sections in several languages ({languages}) are not split: read as one document")
LARGE_FILE_CUT = Message("large file: the first {shown:,} of {total:,} characters are shown, as plain text")
LARGE_FILE = Message("large file: {limit}: shown as plain text")
PARSER_FAILED = Message("the parser failed ({error}): shown as plain text")
PARSING_TOO_LONG = Message("parsing took over {seconds:g} s")
TOO_MANY_ELEMENTS = "too many blocks and inline elements"
NESTED_TOO_DEEP = Message("nested over {levels} deep: the rest is left out")
FRONT_MATTER_INVALID = Message("invalid front matter: {reason}")
FRONT_MATTER_COLON = Message('invalid front matter: the colon after "{key}" is not the ASCII one')
FRONT_MATTER_OPEN = "the front matter is not closed with ---"
FRONT_MATTER_UNQUOTED = Message('invalid front matter: quote the value after "{key}:"')
KEY_REPEATED = Message('"{key}:" is repeated; the first value is used')
TOO_MANY_ITEMS = "too many items"
NESTED_TOO_DEEPLY = "nested too deeply"
NO_ANCHOR = "an alias without its anchor"
NO_MAPPING = "not a list of keys and values"
NOT_JSON = "not valid JSON"
NOT_YAML = "not valid YAML"
CHECK_TERM = Message("'{term}' is translated without '{expected}'")
CHECK_STALE = Message("the source has changed since this was translated ({date})")
CHECK_METADATA = {
    "unknown-commit": "the front matter names a commit of the source that is not in the history",
    "only-named": "the front matter names a commit that changed the source, but the text has not changed since before",
    "not-named": "the text is up to date, but the front matter names an older commit of the source",
}
CHECK_MISSING_SECTION = Message("the section '{heading}' is missing")
CHECK_EXTRA_SECTION = Message("the section '{heading}' is not in the source")
CHECK_KINDS = {
    "paragraph": "paragraph",
    "item": "list item",
    "heading": "heading",
    "title": "title",
    "quote": "quote",
    "code": "code block",
    "math": "formula",
    "table": "table",
    "html": "HTML",
    "term": "term",
    "definition": "definition",
    "footnote": "footnote",
}
CHECK_MISSING_BLOCK = Message("a {kind} is missing after this one: '{text}'")
CHECK_MISSING_BLOCKS = Message("{count} blocks are missing after this one, from '{text}' on")
CHECK_EXTRA_BLOCK = Message("not in the source: '{text}'")
CHECK_LIST_SHORTER = Plural("a list item is missing: '{text}'", "{count} list items are missing, from '{text}' on")
CHECK_LEVEL = Message("the heading is on level {level}, in the source on {expected}")
CHECK_LEVEL_SHIFTED = Message("the heading is on level {level}; level {expected} would fit the other headings")
CHECK_ROWS = Message("the table has {rows} rows, in the source {expected}")
CHECK_COLUMNS = Message("the row has {columns} columns, in the source {expected}")
CHECK_TOKENS_MISSING = Message("missing: {tokens}")
CHECK_TOKENS_EXTRA = Message("not in the source: {tokens}")
CHECK_TOKENS_REPLACED = Message("{extra} instead of {missing}")
CHECK_LINK_MISSING = Message("the link to {missing} is missing")
CHECK_LINK_EXTRA = Message("the link to {extra} is not in the source")
CHECK_LINK_REPLACED = Message("a link leads to {extra} instead of {missing}")
CHECK_LINK_BROKEN = Message("broken link: {href}{note}")
CHECK_ANCHOR = Message("the anchor {anchor} of the source is missing")
CHECK_NO_ANCHOR = Message("no such section: {href}")
CHECK_FORMULA = Message("the formula differs from the source")
CHECK_CODE_LINE = Message("code block {number} differs in line {line}: '{text}' in the source")
CHECK_CODE_MISSING = Message("code block {number} lacks a line: '{text}'")
CHECK_CODE_EXTRA = Message("code block {number} has a line that the source has not: '{text}'")
CHECK_UNTRANSLATED = Message("not translated: '{text}'")
CHECK_UNTRANSLATED_FIELD = Message("{name} is not translated: '{text}'")
CHECK_UNTRANSLATED_FILE = Message("the file is not translated ({count} blocks)")
CHECK_LANGUAGE_UNKNOWN = Message("{name}: '{value}' is no known language; the file is paired with no other")
CHECK_LANGUAGE_OF_TEXT = Message("{name}: '{value}', but the text is in '{language}'")
CHECK_LANGUAGE_OF_PATH = Message("{name}: '{value}', but the path says '{language}'")
CHECK_FIELDS = Message("fields of the source are missing: {names}")
CHECK_OPEN_FENCE = Message("the code fence is never closed")
CHECK_UNCLOSED = Message("{tag} is not closed")
CHECK_UNOPENED = Message("{tag} is closed, but not opened")
IN_THE_SOURCE = "the source"
BROKEN_SYMLINK = "broken symbolic link"
NO_TEXT = Message("no text")
SOURCE_BY_DOCUMENTS = "documents"
LINK_NOTES = {
    "anchor-missing": Message("no such section"),
    "anchor-of-other-language": Message("by the heading of another language"),
    "untranslated-section": Message("the section is not translated"),
    "wrong-language-link": Message("names another language"),
    "file": Message("a file"),
    "folder": Message("a folder"),
    "elsewhere": Message("not in the library"),
    "template": Message("filled in by the site"),
    "file-missing": Message("no such file"),
    "page-missing": Message("no such page"),
    "name-missing": Message("no such note"),
}

# Headers of exported files

PO_TITLE = Message("{language} translation of {title}")
POT_TITLE = Message("Texts of {title} to translate")

# What Typer says, after the changes of messages.USAGE_WORDS

USAGE_OPTION = Message("no such option: {name}")
USAGE_OPTION_SUGGESTED = Message("no such option: {name}; did you mean {near}?")
USAGE_COMMAND = Message("no such command '{name}'")
USAGE_COMMAND_SUGGESTED = Message("no such command '{name}'; did you mean {near}?")
USAGE_UNEXPECTED = Message("unexpected: {words}")
USAGE_MISSING_ARGUMENT = Message("missing argument '{name}'")
USAGE_MISSING_OPTION = Message("missing option '{name}'")
USAGE_NO_VALUE = Message("option '{name}' requires an argument")
USAGE_VALUE = Message("option '{name}' does not take a value")
USAGE_INVALID_VALUE = Message("invalid value: {reason}")
USAGE_INVALID = Message("invalid value for {name}: {reason}")
USAGE_NOT_A_NUMBER = Message("{value} is not a whole number")
USAGE_AT_LEAST = Message("{value} must be at least {minimum}")
USAGE_NOT_ONE_OF = Message("{value} is not one of {choices}")
