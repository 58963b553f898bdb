"""Loads the tables of languages: names of all, and what detection knows of those that it can detect."""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.languages.normalization import fold
from relmgr_cli.ui_language import translate

_SEPARATORS = str.maketrans("-_", "  ")


class LanguageNames(NamedTuple):
    """The names of a language, or of a variety such as `pt-BR`."""

    name: str  # in English
    native_name: str
    others: tuple[str, ...]  # in any language


class Language(NamedTuple):
    """A language that can be detected."""

    tag: str  # BCP 47, the primary subtag alone
    name: str  # in English
    native_name: str
    letters: Mapping[str, frozenset[str]]  # for each script, most usual first: those that few others of the script use
    words: frozenset[str]  # frequent function words, case-folded


def _rows(name: str) -> Iterator[list[str]]:
    table = Path(__file__).with_name(name).read_text(encoding="utf-8")
    for row in table.splitlines():
        if row and not row.startswith("#"):
            yield row.split("\t")


@cache
def names() -> Mapping[str, LanguageNames]:
    """Return the names of every language and variety by tag, also of languages that cannot be detected."""
    return {
        tag: LanguageNames(name, native_name, tuple(others.split("|")) if others else ())
        for tag, name, native_name, others in _rows("names.tsv")
    }


class _Languages(Mapping[str, Language]):
    """The languages that can be detected by tag; a row is parsed when it is asked for, as most commands need few."""

    def __init__(self) -> None:
        self._rows: dict[str, list[list[str]]] = {}  # several where a language has several scripts
        for tag, *fields in _rows("languages.tsv"):
            self._rows.setdefault(tag, []).append(fields)
        self._parsed: dict[str, Language] = {}

    def __getitem__(self, tag: str) -> Language:
        if tag not in self._parsed:
            rows = self._rows[tag]
            letters = {script: frozenset(distinctive) for script, distinctive, _ in rows}
            words = frozenset(word for _, _, frequent in rows for word in frequent.casefold().split())
            self._parsed[tag] = Language(tag, *names()[tag][:2], letters, words)
        return self._parsed[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages that can be detected by tag, those with most pages in the web first."""
    return _Languages()


def language_name(tag: str) -> str:
    """Return the name of a language in the language of the messages: "Polish" for pl, "Portuguese (BR)" for pt-BR."""
    primary, _, rest = tag.partition("-")
    known = names().get(primary)
    if not known:
        return tag
    name = translate(known.name)
    return f"{name} ({rest})" if rest else name


def english_name(tag: str) -> str:
    """Return the name of a language in English, for what is stored or read by programs."""
    primary, _, rest = tag.partition("-")
    known = names().get(primary)
    return (f"{known.name} ({rest})" if rest else known.name) if known else tag


def has_name(tag: str) -> bool:
    """Return True if a tag is that of a known language."""
    return tag.partition("-")[0] in names()


def native_language_name(tag: str) -> str:
    """Return the name that a language has in itself: "polski" for pl, "português (BR)" for pt-BR."""
    known = names().get(tag)
    if known:
        return known.native_name
    primary, _, rest = tag.partition("-")
    known = names().get(primary)
    return f"{known.native_name} ({rest})" if known else tag


def find_by_name(name: str) -> str | None:
    """Return the tag of a language or variety by any of its names; None if it is not a name.

    Case, accents and composition make no difference, nor do hyphens, underscores and brackets: `chinese-simplified` is
    `Chinese (Simplified)`.
    """
    return _tags_by_name().get(_name_key(name))


def find_by_translated_name(name: str) -> str | None:
    """Return the tag of a language by its name in the language of the messages; None if it is not a name."""
    key = _name_key(name)
    return next((tag for tag, known in names().items() if _name_key(translate(known.name)) == key), None)


@cache
def _tags_by_name() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for tag, (name, native_name, others) in names().items():
        for spelling in (name, native_name, *others):
            table.setdefault(_name_key(spelling), tag)
    return table


def _name_key(name: str) -> str:
    spaced = "".join(" " if unicodedata.category(c) in ("Ps", "Pe") else c for c in name.translate(_SEPARATORS))
    return " ".join(fold(spaced).split())


@cache
def function_words(tags: tuple[str, ...]) -> frozenset[str]:
    """Return the function words of these languages together, lower case."""
    known = (languages().get(tag.partition("-")[0]) for tag in tags)
    return frozenset().union(*(language.words for language in known if language))
