"""Exports articles as a book: one chapter an article, each block followed by its translations.

Everything in it is of the library: images as files, no scripts, no addresses but those of links. Equal articles give
an equal book, byte for byte: its dates are that of the request, its identifier is made from what it contains.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from html import unescape
from io import BytesIO
from itertools import groupby
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from relmgr_cli import messages
from relmgr_cli.corpus.document import Document
from relmgr_cli.errors import ExportError
from relmgr_cli.export.block_html import blocks_html_with, html_text
from relmgr_cli.export.images import Image, LibraryImages
from relmgr_cli.export.interleaving import Placed, interleave
from relmgr_cli.export.page_links import PageLinks, fragment, section_id
from relmgr_cli.export.units import ExportArticle, ExportFile, Request, Tally
from relmgr_cli.languages.direction import text_direction
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.terminal.sanitize import sanitize

_NAMESPACE = uuid.UUID("5b0e9d33-5d0a-4d3e-9f2e-7c1a3b6f8e21")  # of the identifiers of these books
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}  # all readers show them
_LEFT_OUT = "-"
_LINK = re.compile(r' href="(#[^"]*)"')
_WEB = re.compile(r"(?:https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][!-~]*)?|mailto:[!-~]+)", re.IGNORECASE)
_LOWEST_LEVEL = 6
_STYLE = """\
body { line-height: 1.5; }
p.title, p.term { font-weight: bold; }
[data-translation] { color: #555; }
pre { white-space: pre-wrap; font-size: 0.85em; }
table { border-collapse: collapse; }
th, td { border: 1px solid #888; padding: 0.2em 0.4em; }
.center { text-align: center; }
.right { text-align: right; }
aside { border-inline-start: 0.2em solid #888; padding-inline-start: 0.8em; margin: 1em 0; }
img { max-width: 100%; }
[data-doubtful]::before { content: "\\2248\\a0"; }
"""


class _Chapter(NamedTuple):
    """An article of the book."""

    file: str
    title: str
    sections: tuple[tuple[str, str], ...]  # number and heading
    body: str


def files(articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
    """Yield the book. Raises ExportError if EbookLib is not installed."""
    try:
        from ebooklib import epub
    except ImportError:
        raise ExportError(messages.EXPORT_NEEDS_EXTRA.fill(package="EbookLib", extra="epub")) from None
    writer = _Writer(request.languages)
    for article in articles:
        tally.written += len(article.units)
        tally.doubtful += sum(bool(unit.doubtful) for unit in article.units)
        tally.untranslated += sum(len(unit.segments) < len(request.languages) for unit in article.units)
        writer.add(article)
    if writer.images_left_out:
        tally.notes.append(messages.EPUB_IMAGES_LEFT_OUT.fill(writer.images_left_out))
    yield ExportFile("book.epub", _book(epub, writer, request))


class _Writer:
    """Writes the chapters and collects their images."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.images: dict[str, Image] = {}  # by their names in the book
        self._languages = languages
        self._library_images = LibraryImages()
        self._found: dict[tuple[str, str, str], str] = {}  # root, path and target -> name in the book, "" for none
        self._links = PageLinks()
        self._chapters: list[_Chapter] = []
        self._places: dict[str, str] = {}  # address within one page -> address in the book

    @property
    def images_left_out(self) -> int:
        """The number of images that are too large or of another type."""
        return self._library_images.left_out + sum(1 for name in self._found.values() if name == _LEFT_OUT)

    def add(self, exported: ExportArticle) -> None:
        """Add an article as the next chapter."""
        article = exported.article
        documents = {tag: article.documents[tag] for tag in self._languages if tag in article.documents}
        name = self._links.add(article)
        file = f"chapter-{len(self._chapters) + 1}.xhtml"
        self._places[fragment(name)] = file
        parts = [f"<h1 {_attributes(tag)}>{html_text(each.title)}</h1>" for tag, each in documents.items()]
        sections = []
        for number, group in groupby(interleave(exported, self._languages), lambda placed: placed.section):
            placed = list(group)
            html = self._section(placed, number, tuple(documents.values()))
            heading = _joined(each.block.text for each in placed if _is_heading(each))
            place = fragment(section_id(name, number))
            if heading and place not in self._places:
                self._places[place] = f"{file}#s{number}"
                sections.append((number, heading))
                html = f'<section id="s{number}">\n{html}\n</section>'
            parts.append(html)
        title = _joined(each.title for each in documents.values())
        self._chapters.append(_Chapter(file, title, tuple(sections), "\n".join(parts)))

    def chapters(self) -> list[_Chapter]:
        """Return the chapters, with their links resolved."""
        bodies = self._links.resolve([each.body for each in self._chapters])
        return [
            each._replace(body=_LINK.sub(self._resolved, body))
            for each, body in zip(self._chapters, bodies, strict=True)
        ]

    def _resolved(self, match: re.Match[str]) -> str:
        place = self._places.get(unescape(match[1]), "")
        return f' href="{html_text(place)}"' if place else ""

    def _section(self, placed: Sequence[Placed], number: str, documents: Sequence[Document]) -> str:
        shown = [each._replace(block=self._with_targets(each, documents)) for each in placed]
        by_identity = {id(each.block): each for each in shown}
        return blocks_html_with(
            lambda block: _attributes_of(by_identity[id(block)]),
            [each.block for each in shown],
            link=lambda href: href,
            image=lambda source: source if source in self.images else "",
            level=min(number.count(".") + 2, _LOWEST_LEVEL),
        )

    def _with_targets(self, placed: Placed, documents: Sequence[Document]) -> Block:
        """Return a block whose links and images have their targets in the book."""

        def resolved(span: Span) -> Span:
            if not span.href:
                return span
            found = self._image(span.href, (placed.document, *documents)) if "image" in span.styles else ""
            link = self._target(span.link, placed.document) if span.link else ""
            return span._replace(href=found or self._target(span.href, placed.document), link=link)

        block = placed.block
        rows = tuple(tuple(tuple(map(resolved, cell)) for cell in row) for row in block.rows)
        return block._replace(spans=tuple(map(resolved, block.spans)), rows=rows)

    def _target(self, href: str, document: Document) -> str:
        """Return a link: to the web, or a number that stands for a place in the book."""
        target = self._links.target(href, document)
        return target if target.startswith("#") or _WEB.fullmatch(target) else ""

    def _image(self, href: str, documents: Sequence[Document]) -> str:
        """Return the name of an image in the book; "" for one that is not in it."""
        key = (documents[0].root, documents[0].path, href)
        if key not in self._found:
            image = self._library_images.find(href, documents)
            suffix = _SUFFIXES.get(image.media_type) if image else None
            self._found[key] = "" if not image else _LEFT_OUT
            if image and suffix:
                name = f"images/{sha256(image.data).hexdigest()[:16]}.{suffix}"
                self.images[name] = image
                self._found[key] = name
        return self._found[key] if self._found[key] != _LEFT_OUT else ""


def _is_heading(placed: Placed) -> bool:
    return placed.block.kind == "heading" and not placed.block.containers


def _joined(texts: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(" ".join(sanitize(text).split()) for text in texts))


def _attributes(tag: str) -> str:
    return f'lang="{html_text(tag)}" xml:lang="{html_text(tag)}" dir="{text_direction(tag)}"'


def _attributes_of(placed: Placed) -> str:
    """Return the attributes of a block: its language, and what it is."""
    translation = ' data-translation=""' if placed.follows else ""
    doubtful = f' data-doubtful="" title="{html_text(messages.PAGE_DOUBTFUL)}"' if placed.is_doubtful else ""
    return _attributes(placed.language) + translation + doubtful


def _book(epub: Any, writer: _Writer, request: Request) -> bytes:
    """Return the file of the book."""
    chapters = writer.chapters()
    title = sanitize(request.title) or chapters[0].title
    title = chapters[0].title if len(chapters) == 1 else title
    contents = "\n".join([title, *request.languages, *(each.body for each in chapters)])
    book = epub.EpubBook()
    book.set_identifier(f"urn:uuid:{uuid.uuid5(_NAMESPACE, contents)}")
    book.set_title(title)
    book.set_language(request.languages[0])
    for tag in request.languages[1:]:
        book.add_metadata("DC", "language", tag)
    book.add_metadata("DC", "date", request.date)
    book.add_item(epub.EpubItem("style", "style.css", "text/css", _STYLE.encode()))
    for number, (name, image) in enumerate(sorted(writer.images.items()), 1):
        book.add_item(epub.EpubItem(f"image-{number}", name, image.media_type, image.data))
    book.spine = ["nav"]
    for number, chapter in enumerate(chapters, 1):
        page = _page(chapter, request.languages[0]).encode()
        item = epub.EpubItem(f"chapter-{number}", chapter.file, "application/xhtml+xml", page)
        book.add_item(item)
        book.spine.append(item)
        book.toc.append(_contents(epub, chapter))
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav(title=title))
    written = BytesIO()
    options = {"mtime": datetime.fromisoformat(request.date), "epub3_pages": False, "raise_exceptions": True}
    epub.write_epub(written, book, options)
    return _without_times(written.getvalue())


def _page(chapter: _Chapter, language: str) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="{html_text(language)}" xml:lang="{html_text(language)}">
<head>
<title>{html_text(chapter.title)}</title>
<link href="style.css" rel="stylesheet" type="text/css"/>
</head>
<body>
{chapter.body}
</body>
</html>
"""


def _contents(epub: Any, chapter: _Chapter) -> Any:
    """Return the entry of a chapter in the table of contents, its sections below each other."""
    root = (epub.Section(chapter.title, chapter.file), list[Any]())
    parents = {"": root}
    for number, heading in chapter.sections:
        entry = (epub.Section(heading, f"{chapter.file}#s{number}"), list[Any]())
        parent = number.rpartition(".")[0]
        while parent not in parents:
            parent = parent.rpartition(".")[0]
        parents[parent][1].append(entry)
        parents[number] = entry
    number_of = f"{chapter.file.removesuffix('.xhtml')}-"
    return _as_links(epub, root, number_of)


def _as_links(epub: Any, entry: tuple[Any, list[Any]], name: str) -> Any:
    """Return an entry as a link if nothing is below it; `name` begins its identifier."""
    section, below = entry
    if not below:
        return epub.Link(section.href, section.title, name + section.href.rpartition("#")[2])
    return (section, [_as_links(epub, each, name) for each in below])


def _without_times(data: bytes) -> bytes:
    """Return an archive whose files have no times; its type, stored as it is, comes first, as EPUB asks for."""
    written = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(written, "w") as target:
        for each in source.infolist():
            info = ZipInfo(each.filename)
            info.compress_type = ZIP_STORED if each.filename == "mimetype" else ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, source.read(each))
    return written.getvalue()
