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
