"""The languages of each article of a list, in one short text.

A library in few languages has a column for each of them, so that a gap shows what an article lacks. In one of many
languages an article is summed up: "13 languages", "no pl, uk", "7 of 13".
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE
from relmgr_cli.languages.tags import match_language
from relmgr_cli.store.articles import ArticleSummary

_CODES = {"translated": "{}", "partly": "{}~", "untranslated": "({})"}
_MAX_NAMED = 3  # languages that an article lacks
_MAX_CODES = 4  # of an article that lacks more than it has

_States = tuple[tuple[str, str], ...]  # the languages of an article, each with the state of its document


class LibraryLanguages(NamedTuple):
    """The languages that translations may be expected in: those of articles in several languages."""

    tags: tuple[str, ...]  # the reader's first, then the usual source, then sorted
    readers: frozenset[str]  # those of the reader


class LanguageSummary(NamedTuple):
    """The languages of an article."""

    text: str
    is_complete: bool  # the article has all languages of the library


def library_languages(articles: Iterable[ArticleSummary], wanted: Iterable[str]) -> LibraryLanguages:
    """Return the languages of a library; `wanted` has those of the reader, best first."""
    translated = [article for article in articles if len(article.documents) > 1]
    tags = {document.language for article in translated for document in article.documents} - {UNKNOWN_LANGUAGE}
    available = sorted(tags)
    readers = [tag for name in wanted if (tag := match_language((name,), available))]
    sources = Counter(article.source for article in translated if article.source in tags).most_common(1)
    ordered = dict.fromkeys(chain(readers, (tag for tag, _ in sources), available))
    return LibraryLanguages(tuple(ordered), frozenset(readers))


def summarize_languages(
    articles: Sequence[ArticleSummary], library: LibraryLanguages, width: int
) -> list[LanguageSummary]:
    """Return the languages of each article, in at most `width` cells if it has not many."""
    states = [tuple([(document.language, document.state) for document in article.documents]) for article in articles]
    distinct = dict.fromkeys(states)  # few, as most articles have the same languages
    columns = _columns(distinct, library)
    has_columns = sum(columns.values()) + len(columns) - 1 <= width
    summaries = {}
    for each in distinct:
        lacking = _lacking(each, library)
        text = _in_columns(each, columns) if has_columns else _in_words(each, lacking, library, width)
        summaries[each] = LanguageSummary(text, not lacking)
    return [summaries[each] for each in states]


def _lacking(states: _States, library: LibraryLanguages) -> list[str]:
    """Return the languages of the library that an article has no translation in."""
    found = {language for language, state in states if state != "untranslated"}
    return [tag for tag in library.tags if tag not in found]


def _code(language: str, state: str) -> str:
    """Return a language, in parentheses if the text is not translated, with a tilde if it is partly translated."""
    return _CODES[state].format(language)


def _columns(articles: Iterable[_States], library: LibraryLanguages) -> dict[str, int]:
    """Return the width of a column for each language of the library."""
    widths = dict(zip(library.tags, map(len, library.tags), strict=True))
    for language, state in chain.from_iterable(articles):
        if language in widths:
            widths[language] = max(widths[language], len(_code(language, state)))
    return widths


def _in_columns(states: _States, columns: dict[str, int]) -> str:
    """Return the languages of an article, each in its column; those without a column at the end."""
    codes = {language: _code(language, state) for language, state in states}
    aligned = " ".join(f"{codes.pop(tag, ''):{width}}" for tag, width in columns.items())
    others = " ".join(codes.values())
    return f"{aligned} {others}".rstrip() if aligned.strip() else others


def _in_words(states: _States, lacking: Sequence[str], library: LibraryLanguages, width: int) -> str:
    """Return the number of languages of an article, those that it lacks, or the few that it has."""
    count, lacked = len(library.tags), len(lacking)
    if not lacking:
        return messages.LANGUAGE_COUNT.fill(count)
    names = _without(lacking)
    if lacked <= _MAX_NAMED and 2 * lacked < count and len(names) <= width:
        return names
    order = {tag: index for index, tag in enumerate(library.tags)}
    codes = " ".join(_code(*each) for each in sorted(states, key=lambda each: order.get(each[0], count)))
    if len(states) == 1 or (len(states) <= _MAX_CODES and len(codes) <= width):
        return codes
    share = messages.LANGUAGES_OF.fill(translated=count - lacked, count=count)
    missed = [tag for tag in lacking if tag in library.readers]
    if missed and len(text := f"{share}, {_without(missed)}") <= width:
        return text
    return share


def _without(tags: Iterable[str]) -> str:
    return messages.LANGUAGES_LACKING.fill(tags=", ".join(tags))
