"""Adds title and description of each article to its units: they are translated too, but are no blocks."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.files import read_text
from relmgr_cli.errors import FileRefusedError
from relmgr_cli.export.units import ExportArticle, ExportUnit, Segment
from relmgr_cli.terminal.sanitize import sanitize

_MAX_LINES = 200  # of a file, in which title and description are looked for
_SECTION = "0"


def with_metadata(articles: Iterable[ExportArticle], languages: Sequence[str]) -> Iterator[ExportArticle]:
    """Yield the articles with their titles and descriptions as first units."""
    for article in articles:
        yield article._replace(units=(*_metadata_units(article, languages), *article.units))


def _metadata_units(article: ExportArticle, languages: Sequence[str]) -> Iterator[ExportUnit]:
    documents = [article.article.documents[tag] for tag in languages if tag in article.article.documents]
    heads = {document.language: _head(document) for document in documents}
    for kind, texts in (
        ("title", {document.language: _title(document) for document in documents}),
        ("description", {document.language: document.description for document in documents}),
    ):
        segments = {
            document.language: Segment(text, document.path, _line_of(text, heads[document.language]))
            for document in documents
            if (text := sanitize(texts[document.language]).strip())
        }
        if segments:
            yield ExportUnit(_SECTION, kind, segments)


def _title(document: Document) -> str:
    """Return the title; "" if it is the name of the file, or of a heading that is a unit of its own."""
    heading = next((block.text for block in document.blocks if block.kind == "heading"), "")
    return "" if document.title in (PurePosixPath(document.path).stem, heading) else document.title


def _head(document: Document) -> Sequence[str]:
    """Return the first lines of a file; none if it cannot be read any more."""
    try:
        return read_text(document.root, document.path)[0].split("\n", _MAX_LINES)[:_MAX_LINES]
    except FileRefusedError:
        return ()


def _line_of(text: str, lines: Sequence[str]) -> int:
    """Return the number of the first line that has the text; 1 if none has."""
    return next((number for number, line in enumerate(lines, 1) if text in line), 1)
