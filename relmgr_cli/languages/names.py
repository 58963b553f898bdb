"""Loads the table of known languages: names, script, letters, frequent words."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple


class Language(NamedTuple):
    """One row of the table."""

    tag: str  # BCP 47, the primary subtag alone
    name: str  # in English
    native_name: str
    script: str
    letters: frozenset[str]  # those that few other languages of its script use
    words: frozenset[str]  # frequent function words, lower case


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages by tag."""
    table = {}
    source = Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8")
    for row in source.splitlines():
        if row and not row.startswith("#"):
            tag, name, native_name, script, letters, words = row.split("\t")
            table[tag] = Language(tag, name, native_name, script, frozenset(letters), frozenset(words.split()))
    return MappingProxyType(table)


def language_name(tag: str) -> str:
    """Return the English name of a language: "Polish" for pl, "Portuguese (BR)" for pt-BR."""
    primary, _, rest = tag.partition("-")
    known = languages().get(primary)
    if not known:
        return tag
    return f"{known.name} ({rest})" if rest else known.name


@cache
def function_words(tags: tuple[str, ...]) -> frozenset[str]:
    """Return the function words of these languages together, lower case."""
    known = (languages().get(tag.partition("-")[0]) for tag in tags)
    return frozenset().union(*(language.words for language in known if language))
