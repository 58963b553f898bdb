"""Defines an article: its translations, and which of their sections and blocks translate each other."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli.corpus.document import Document


class ArticleSection(NamedTuple):
    """A section of an article: the same number in every translation."""

    number: str  # "2", "3.1"; "0" for the text before the first heading
    level: int  # of the heading, 1 to 6; 0 for section 0
    indexes: Mapping[str, int]  # language -> index of the section in that document; absent where it lacks the section


class TranslationUnit(NamedTuple):
    """Blocks that translate each other.

    Usually one block in each language, several where a paragraph was split, none where a language lacks it.
    """

    section: str  # the number of their section
    blocks: Mapping[str, tuple[int, ...]]  # language -> indexes of blocks; empty where it has no translation


class Article(NamedTuple):
    """All translations of one text."""

    id: str  # the path of its files, see naming.py
    documents: Mapping[str, Document]  # by language, the source first, then in the order of their tags
    sections: tuple[ArticleSection, ...]
    units: tuple[TranslationUnit, ...]  # in reading order
    highlights: str | None  # the number of the section that lists the key points; None without one
    paired_by: str  # layout, metadata, structure, meaning, or alone
    source: str = ""  # the language that the others are translated from
    # Of sections that are not up to date, as far as known: language -> number -> stale, missing, extra or untranslated.
    states: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def state_of(self, section: str, language: str) -> str:
        """Return the state of a section in a language; "" for one that is up to date, or if it is not known."""
        return self.states.get(language, {}).get(section, "")
