"""Checks the translations of an article against its source.

Everything that is found is returned: which of it is shown is decided by whoever asks. The texts of the files are only
needed for what blocks do not keep: placeholders, front matter and the comments by which findings are ignored.
"""

from collections.abc import Iterator, Mapping

from relmgr_cli import file_messages
from relmgr_cli.corpus.article import Article
from relmgr_cli.health.check_code import check_code
from relmgr_cli.health.check_front_matter import check_front_matter, invalid_front_matter, wrong_language
from relmgr_cli.health.check_inline import check_inline
from relmgr_cli.health.check_language import check_language, check_metadata_language
from relmgr_cli.health.check_links import check_links, check_own_links
from relmgr_cli.health.check_markup import check_markup
from relmgr_cli.health.check_numbers import check_numbers
from relmgr_cli.health.check_structure import check_structure
from relmgr_cli.health.comparison import Comparison, LinkTargets, source_of
from relmgr_cli.health.findings import Finding, finding
from relmgr_cli.health.glossary import Glossary, glossary_findings
from relmgr_cli.health.ignoring import read_ignore_comments

CHECKS_VERSION = 24
_CHECKS = (
    check_structure,
    check_code,
    check_inline,
    check_numbers,
    check_links,
    check_language,
    check_metadata_language,
    check_front_matter,
    check_markup,
)


def check_article(
    article: Article,
    *,
    texts: Mapping[str, str] | None = None,
    links: Mapping[str, LinkTargets] | None = None,
    glossary: Glossary | None = None,
) -> tuple[Finding, ...]:
    """Return what is wrong with the translations of an article, by language and line.

    `texts` are those of the files by language, with Unix line ends; `links` are where the links of each document lead.
    """
    source = source_of(article)
    found = [
        *invalid_front_matter(article.documents[source], source),
        *check_own_links(article, (links or {}).get(source, {})),
    ]
    for language in article.documents:
        found += wrong_language(article, language, (texts or {}).get(language, ""))
        if language != source:
            comparison = Comparison(article, language, texts=texts, links=links)
            found += _findings_of(comparison)
    if glossary and glossary.entries:
        found += _terms(article, glossary)
    return tuple(_not_ignored(article, found, texts or {}))


def _terms(article: Article, glossary: Glossary) -> Iterator[Finding]:
    """Yield the terms that are translated in another way than the glossary has."""
    numbers = {(tag, index): each.number for each in article.sections for tag, index in each.indexes.items()}
    sections = {tag: document.sections_by_block() for tag, document in article.documents.items()}
    for each in glossary_findings(article, glossary):
        block = article.documents[each.language].blocks[each.block]
        yield finding(
            "term",
            each.language,
            numbers.get((each.language, sections[each.language][each.block]), "0"),
            line=block.line,
            source_line=article.documents[source_of(article)].blocks[each.source_block].line,
            message=file_messages.CHECK_TERM.fill(term=each.term, expected=each.expected[0]),
            text=block.text,
        )


def _findings_of(comparison: Comparison) -> Iterator[Finding]:
    """Yield the findings of one translation by line."""
    yield from sorted((each for check in _CHECKS for each in check(comparison)), key=lambda each: each.order)


def _not_ignored(article: Article, findings: list[Finding], texts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the findings that no comment in the translation or in the source ignores."""
    source = source_of(article)
    ignored = {
        language: read_ignore_comments(text, article.documents[language])
        for language, text in texts.items()
        if language in article.documents
    }
    for each in findings:
        own, of_source = ignored.get(each.language), ignored.get(source)
        if own and own.ignores(each.code, each.line):
            continue
        if of_source and each.source_line is not None and of_source.ignores(each.code, each.source_line):
            continue
        yield each
