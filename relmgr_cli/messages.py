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
