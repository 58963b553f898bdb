"""Findings of a translation, from two texts."""

from collections.abc import Mapping

from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.health.check import check_article
from relmgr_cli.health.comparison import LinkTarget
from relmgr_cli.health.findings import Finding


def article_of(texts: Mapping[str, str]) -> Article:
    """Return the article of texts by language, the source first."""
    documents = {
        language: parse_document(text, "/lib", f"{language}/x.md")._replace(language=language)
        for language, text in texts.items()
    }
    sections, units = align(documents)
    return Article("x", documents, sections, units, None, "layout", next(iter(texts)))


def check(source: str, target: str, links: Mapping[str, Mapping[str, str]] | None = None) -> tuple[Finding, ...]:
    """Return the findings of a Polish translation of an English source.

    `links` are the articles to which the links of each language lead.
    """
    texts = {"en": source, "pl": target}
    known = {
        language: {href: LinkTarget(key) for href, key in targets.items()}
        for language, targets in (links or {}).items()
    }
    return check_article(article_of(texts), texts=texts, links=known)


def codes(source: str, target: str, links: Mapping[str, Mapping[str, str]] | None = None) -> list[str]:
    """Return the codes of the findings."""
    return [finding.code for finding in check(source, target, links)]
