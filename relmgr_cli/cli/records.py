"""Records for programs: the paths of files, and articles in the user's own format.

After a NUL a path is written with its exact bytes, so that `xargs -0` can open the file; everything else is sanitized.
"""

import os
from collections.abc import Collection, Iterator, Sequence
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

import typer

from relmgr_cli import messages
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line

if TYPE_CHECKING:
    from relmgr_cli.store.articles import ArticleSummary, DocumentSummary

ARTICLE_FIELDS = ("number", "id", "languages", "source", "sections", "paired_by")
DOCUMENT_FIELDS = ("lang", "title", "words", "state", "path", "root")
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\0": "\0"}


def exact_path(root: str, path: str) -> str:
    """Return the path of a file from the current folder, which no program takes for an option."""
    shown = messages.shown_path(root, path)
    return os.path.join(os.curdir, shown) if shown.startswith("-") else shown


def path_record(root: str, path: str) -> str:
    """Return the exact path of a file and a NUL."""
    return f"{exact_path(root, path)}\0"


class Template(NamedTuple):
    """What is written of each article or document."""

    parts: Sequence[tuple[str, str]]  # a text and the name of the field after it; "" for none
    end: str  # of a record

    @property
    def is_exact(self) -> bool:
        """Whether paths are written with their exact bytes."""
        return self.end == "\0" or any("\0" in text for text, _ in self.parts)

    @property
    def is_for_documents(self) -> bool:
        """Whether each document has a record, not each article."""
        return any(name in DOCUMENT_FIELDS for _, name in self.parts)


def parse_template(template: str, *, null: bool) -> Template:
    r"""Return a template such as `{id}\t{path}`; with `null` its records end with a NUL. Raises BadParameter.

    Names of fields are only looked up: there are no attributes, indexes, conversions or widths.
    """
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        raise typer.BadParameter(messages.TEMPLATE_BRACES.fill()) from None
    parts = []
    for text, name, spec, conversion in pieces:
        shown = f"{name}{'!' if conversion else ''}{conversion or ''}{':' if spec else ''}{spec or ''}"
        if name is not None and shown not in (*ARTICLE_FIELDS, *DOCUMENT_FIELDS):
            choices = ", ".join((*ARTICLE_FIELDS, *DOCUMENT_FIELDS))
            raise typer.BadParameter(messages.FIELD_UNKNOWN.fill(name=shown, choices=choices))
        parts.append((_unescape(text), name or ""))
    last, name = parts[-1] if parts else ("", "")
    has_end = not name and last.endswith(("\0", "\n"))
    return Template(parts, "\0" if null else "" if has_end else "\n")


def _unescape(text: str) -> str:
    pieces = sanitize(text).split("\\\\")  # a backslash is written as two
    for written, character in _ESCAPES.items():
        pieces = [piece.replace(written, character) for piece in pieces]
    return "\\".join(pieces)


def format_articles(
    articles: "Sequence[ArticleSummary]", template: Template, languages: Collection[str]
) -> Iterator[str]:
    """Yield the record of each article, or of each of its documents in these languages; without any, of all."""
    for article in articles:
        if template.is_for_documents:
            for document in article.documents:
                if not languages or document.language in languages:
                    yield _record(template, article, document)
        else:
            yield _record(template, article, None)


def _record(template: Template, article: "ArticleSummary", document: "DocumentSummary | None") -> str:
    values = {
        "number": str(article.number),
        "id": article.id,
        "languages": ",".join(article.languages),
        "source": article.source,
        "sections": str(article.sections),
        "paired_by": article.paired_by,
    }
    if document:
        values |= {
            "lang": document.language,
            "title": document.title,
            "words": str(document.words),
            "state": document.state,
            "path": exact_path(document.root, document.path),
            "root": document.root,
        }
    exact = ("path", "root") if template.is_exact else ()
    shown = {name: value if name in exact else sanitize_line(value) for name, value in values.items()}
    return "".join(text + shown.get(name, "") for text, name in template.parts) + template.end
