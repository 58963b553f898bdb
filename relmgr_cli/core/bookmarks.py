"""Sets bookmarks at blocks, and finds their blocks again after the files were edited, in every language.

A bookmark has the places of its block and of the translations of it, so it is lost only when the text is gone from all
of these files.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.places import find_places, place_of
from relmgr_cli.languages.tags import match_language
from relmgr_cli.store.article_builder import LibraryChangedError
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.bookmarks import MAX_PLACES, Bookmark, BookmarkPlace, load_bookmarks, update_bookmarks
from relmgr_cli.store.database import Database
from relmgr_cli.store.name_lookup import article_number, article_of_file

_MAX_TEXT = 200  # characters of the first words
Blocks = Mapping[str, Sequence[int]]  # indexes of blocks that translate each other, by language


class FoundBookmark(NamedTuple):
    """A bookmark as it is now, in one language."""

    number: int  # of the bookmark, from 1
    article_number: int | None  # None if the block is gone: what follows is what was bookmarked
    article: str  # its id
    section: str  # its number
    language: str
    title: str
    text: str  # the first words of the block
    root: str
    path: str
    line: int
    block: int  # its index in the document


def bookmark_of(article: Article, blocks: Blocks, language: str) -> Bookmark:
    """Return a bookmark at a block and its translations; `language` is the reader's.

    At least one language must have a block.
    """
    order = dict.fromkeys((language, article.source, *article.documents))
    having = [tag for tag in order if tag in article.documents and blocks.get(tag)][:MAX_PLACES]
    places = []
    for tag in having:
        document = article.documents[tag]
        places.append(BookmarkPlace(tag, document.root, document.path, place_of(document, blocks[tag][0])))
    first = article.documents[having[0]]
    block = first.blocks[blocks[having[0]][0]]
    section = _section_of(article, having[0], blocks[having[0]][0])
    return Bookmark(article.id, section, first.title, _first_words(block.text), block.line, tuple(places))


def toggle_bookmark(file: str, article: Article, blocks: Blocks, language: str) -> bool:
    """Set a bookmark at a block, or remove those that are there; return True if it is set now.

    Raises OSError if the file of the bookmarks cannot be written.
    """
    wanted = {(tag, index) for tag, indexes in blocks.items() for index in indexes}
    removed: list[Bookmark] = []

    def change(bookmarks: tuple[Bookmark, ...]) -> Sequence[Bookmark]:
        own = [each for each in bookmarks if _is_of(each, article)]
        found = _find_blocks(article, own)
        removed.extend(each for each in own if found.get(each) in wanted)
        kept = [each for each in bookmarks if each not in removed]
        return kept if removed else [*kept, bookmark_of(article, blocks, language)]

    update_bookmarks(file, change)
    return not removed


def bookmarked_blocks(file: str, article: Article) -> frozenset[tuple[str, int]]:
    """Return language and index of the blocks of an article that have a bookmark."""
    return frozenset(_find_blocks(article, [each for each in load_bookmarks(file) if _is_of(each, article)]).values())


def find_bookmarks(
    database: Database, bookmarks: Sequence[Bookmark], languages: Sequence[str] = ()
) -> list[FoundBookmark]:
    """Return where bookmarks are now: in the first of the languages that has the block, else in that of the bookmark.

    Each article is loaded once.
    """
    by_article: dict[int | None, list[Bookmark]] = defaultdict(list)
    for each in dict.fromkeys(bookmarks):
        by_article[_article_of(database, each)].append(each)
    found: dict[Bookmark, FoundBookmark] = {}
    for number, group in by_article.items():
        if number is not None:
            with suppress(LibraryChangedError):  # another process has just removed the article
                found.update(_find_in_article(database, number, group, languages))
    return [
        (found.get(each) or _as_bookmarked(each))._replace(number=number) for number, each in enumerate(bookmarks, 1)
    ]


def _article_of(database: Database, bookmark: Bookmark) -> int | None:
    """Return the number of the article that has the files of a bookmark, or else its id; None if there is none."""
    for place in bookmark.places:
        number = article_of_file(database, place.root, place.path)
        if number is not None:
            return number
    return article_number(database, bookmark.article)


def _find_in_article(
    database: Database, number: int, bookmarks: Sequence[Bookmark], languages: Sequence[str]
) -> Mapping[Bookmark, FoundBookmark]:
    needed = {place.language for each in bookmarks for place in each.places}
    article = load_article(database, number, languages={*needed, *languages})
    units = {
        (tag, index): unit.blocks for unit in article.units for tag, indexes in unit.blocks.items() for index in indexes
    }
    found = {}
    for bookmark, at in _find_blocks(article, bookmarks).items():
        blocks = units.get(at, {at[0]: (at[1],)})
        shown = match_language(languages, [tag for tag in article.documents if blocks.get(tag)])
        language, index = (shown, blocks[shown][0]) if shown else at
        document = article.documents[language]
        block = document.blocks[index]
        found[bookmark] = FoundBookmark(
            number=0,
            article_number=number,
            article=article.id,
            section=_section_of(article, language, index),
            language=language,
            title=document.title,
            text=_first_words(block.text),
            root=document.root,
            path=document.path,
            line=block.line,
            block=index,
        )
    return found


def _as_bookmarked(bookmark: Bookmark) -> FoundBookmark:
    """Return a bookmark whose block is gone."""
    place = bookmark.places[0]
    texts = {"article": bookmark.article, "section": bookmark.section, "title": bookmark.title, "text": bookmark.text}
    file = {"language": place.language, "root": place.root, "path": place.path}
    return FoundBookmark(number=0, article_number=None, **texts, **file, line=bookmark.line, block=0)


def _find_blocks(article: Article, bookmarks: Iterable[Bookmark]) -> Mapping[Bookmark, tuple[str, int]]:
    """Return language and index of the block of each bookmark, of those whose block is found in some language.

    The language in which it was set comes first.
    """
    found: dict[Bookmark, tuple[str, int]] = {}
    missing = list(bookmarks)
    for turn in range(MAX_PLACES):
        wanted: dict[str, list[tuple[Bookmark, BookmarkPlace]]] = defaultdict(list)
        for bookmark in missing:
            for place in bookmark.places[turn : turn + 1]:
                wanted[place.language].append((bookmark, place))
        for tag, group in wanted.items():
            if tag in article.documents:
                indexes = find_places(article.documents[tag], [place.place for _, place in group])
                found.update(
                    {
                        bookmark: (tag, index)
                        for (bookmark, _), index in zip(group, indexes, strict=True)
                        if index is not None
                    }
                )
        missing = [each for each in missing if each not in found]
    return found


def _is_of(bookmark: Bookmark, article: Article) -> bool:
    files = {(document.root, document.path) for document in article.documents.values()}
    return bookmark.article == article.id or any((place.root, place.path) in files for place in bookmark.places)


def _section_of(article: Article, language: str, block: int) -> str:
    """Return the number of the section that has a block of a document; "0" if that is not known."""
    for section in article.sections:
        if language in section.indexes:
            within = article.documents[language].sections[section.indexes[language]]
            if within.start <= block < within.end:
                return section.number
    return "0"


def _first_words(text: str) -> str:
    return " ".join(text[: 4 * _MAX_TEXT].split())[:_MAX_TEXT]
