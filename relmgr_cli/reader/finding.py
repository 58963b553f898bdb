"""What the reader asks the search: matches in an article, hits in the library, the counterpart of a word.

The four functions are all that the reader knows of it. They run beside the interface, in a thread with a connection
to the catalogue of its own, and may take their time; so what is slow to load is loaded there too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.index.catalogue import Catalogue
from relmgr_cli.languages.normalization import fold
from relmgr_cli.library.article import Article

if TYPE_CHECKING:
    from relmgr_cli.index.fulltext import FullText
    from relmgr_cli.search.results import Hit as SearchHit

_MOST_HITS = 30
_FEW = 1000  # texts that may be encoded while somebody waits


class Match(NamedTuple):
    """A stretch of a block's text that answers a query."""

    language: str
    block: int
    start: int  # characters of the block's text
    end: int


class Excerpt(NamedTuple):
    """What a section says to a query, in one language."""

    language: str
    text: str
    spans: tuple[tuple[int, int], ...]  # of the text, what was found; none where it only says the same


class Hit(NamedTuple):
    """A section that answers a query."""

    article: int  # its number
    section: str  # its number
    title: str
    heading: str
    language: str
    block: int  # index in the document of this language, of the block that answers best; below 0 for its header
    excerpts: tuple[Excerpt, ...]  # the reader's language first


def find_matches(catalogue: Catalogue, article: Article, query: str) -> tuple[Match, ...]:
    """Return where a query is answered in an article, in all languages, in the order of each document.

    That is where its letters stand, be it in the middle of a word, and where its words, their forms or counterparts do.
    """
    from relmgr_cli.search.in_article import find_in_article
    from relmgr_cli.search.query import parse_query

    wanted = [re.escape(fold(word)) for word in query.split()]
    if not wanted:
        return ()
    pattern = re.compile(r"\s+".join(wanted))
    letters = (
        Match(language, index, start, end)
        for language, document in article.documents.items()
        for index, block in enumerate(document.blocks)
        for start, end in _matches(pattern, block.text)
    )
    _prepare(catalogue)
    words = (Match(*place) for place in find_in_article(catalogue, article, parse_query(query)))
    return _apart([*letters, *words])


def _apart(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Return the matches in order, the longest of those that share characters."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.language, match.block, match.start, -match.end)):
        last = kept[-1] if kept else None
        if last and (last.language, last.block) == (match.language, match.block) and match.start < last.end:
            continue
        kept.append(match)
    return tuple(kept)


def search_library(catalogue: Catalogue, query: str, languages: Sequence[str]) -> tuple[Hit, ...]:
    """Return the sections of the library that answer a query, best first; `languages` are the reader's, best first."""
    from relmgr_cli.search.results import search
    from relmgr_cli.search.retrieval import Scope

    text = _prepare(catalogue)
    results = search(catalogue, text, query, Scope(limit=_MOST_HITS), languages)
    return tuple(_hit(hit) for hit in results.hits)


def _hit(hit: "SearchHit") -> Hit:
    first = hit.matches[0]
    return Hit(
        article=hit.number,
        section=hit.section.number,
        title=hit.article.documents[first.language].title,
        heading=first.heading,
        language=first.language,
        block=first.block,
        excerpts=tuple(Excerpt(match.language, match.snippet, match.spans) for match in hit.matches),
    )


def counterpart_of(
    catalogue: Catalogue, text: str, word: tuple[int, int], others: str, languages: tuple[str, str]
) -> tuple[int, int] | None:
    """Return where the counterpart of a word of `text` stands in `others`, the same block in another language."""
    from relmgr_cli.search.word_alignment import find_counterpart

    return find_counterpart(catalogue, text, word, others, languages)


def is_learned(catalogue: Catalogue) -> bool:
    """Tell whether counterparts and meanings are known: if not, what is not found may be there in other words."""
    from relmgr_cli.search.preparing import texts_to_encode

    return not texts_to_encode(catalogue)


def _prepare(catalogue: Catalogue) -> "FullText":
    """Return the full text in step with the library; a small one learns its words and what its texts say."""
    from relmgr_cli.index.fulltext import open_fulltext
    from relmgr_cli.search.preparing import encode_library, texts_to_encode

    text = open_fulltext(catalogue)
    if texts_to_encode(catalogue, _FEW) <= _FEW:
        encode_library(catalogue)
    return text


class _Folds(dict[int, str]):
    """What `str.translate` makes of each character; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = fold(chr(code))
        return folded


@cache
def _folds() -> _Folds:
    return _Folds()


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where the folded text matches, in characters of the text itself."""
    folded = text.translate(_folds())
    if len(folded) == len(text):
        yield from (match.span() for match in pattern.finditer(folded))
        return
    origins = [index for index, character in enumerate(text) for _ in _folds()[ord(character)]]
    origins.append(len(text))
    for match in pattern.finditer(folded):
        yield origins[match.start()], origins[match.end() - 1] + 1
