"""Articles to export, made from texts."""

from collections.abc import Mapping
from pathlib import Path

from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.export.units import ExportArticle, Request, article_units

DATE = "2026-01-02T03:04:05Z"


def exported(texts: Mapping[str, str], *, root: str = "/lib", name: str = "guide/a") -> ExportArticle:
    """Return an article; its languages are those of the mapping, the source first."""
    documents = {
        tag: parse_document(text, root, f"{name}.{tag}.md")._replace(language=tag) for tag, text in texts.items()
    }
    sections, units = align(documents)
    article = Article(name, documents, sections, units, None, "layout", next(iter(texts)))
    return ExportArticle(article, tuple(article_units(article, tuple(texts))))


def written(texts: Mapping[str, str], root: Path, name: str = "guide/a") -> ExportArticle:
    """Return an article whose files are in a folder."""
    for tag, text in texts.items():
        path = root / f"{name}.{tag}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return exported(texts, root=str(root), name=name)


def request(*languages: str, title: str = "Library") -> Request:
    """Return the request for an export in some languages."""
    return Request(languages, title, DATE)
