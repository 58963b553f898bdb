"""Answers as JSON. The keys are a stable interface: keys may be added, but none is renamed."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relmgr_cli.corpus.article import Article, ArticleSection, TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.errors import Problem
from relmgr_cli.store.articles import ArticleSummary, section_headings
from relmgr_cli.terminal.sanitize import sanitize

if TYPE_CHECKING:
    from relmgr_cli.search.results import Hit, Results

_VERSION = 1


def dump(answer: Mapping[str, Any]) -> str:
    """Return one JSON object on one line; characters that are unsafe on a terminal are escaped."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    is_unicode = encoding.lower().startswith("utf")
    text = json.dumps({"version": _VERSION, **answer}, ensure_ascii=not is_unicode)
    if sanitize(text) != text:
        text = "".join(c if sanitize(c) == c else json.dumps(c)[1:-1] for c in text)
    return text + "\n"


def list_payload(
    roots: Sequence[str], articles: Sequence[ArticleSummary], problems: Sequence[Problem]
) -> dict[str, Any]:
    """Return the answer of `list`."""
    return {
        "roots": list(roots),
        "articles": [
            {
                "number": article.number,
                "id": article.id,
                "languages": list(article.languages),
                "titles": {document.language: document.title for document in article.documents},
                "documents": [
                    {
                        "lang": document.language,
                        "declared": document.declared,
                        "root": document.root,
                        "path": document.path,
                        "words": document.words,
                        "state": document.state,
                    }
                    for document in article.documents
                ],
                "sections": article.sections,
                "paired_by": article.paired_by,
                "source": article.source,
                "copies": [{"lang": copy.language, "root": copy.root, "path": copy.path} for copy in article.copies],
            }
            for article in articles
        ],
        "problems": [{"path": p.path, "line": p.line, "code": p.code, "message": p.message} for p in problems],
    }


def sections_payload(article: Article, language: str) -> dict[str, Any]:
    """Return the answer of `sections`."""
    return {
        "article": article.id,
        "lang": language,
        "sections": [
            {
                "number": section.number,
                "level": section.level,
                "headings": dict(section_headings(article, section)),
                "lines": {key: article.documents[key].line_of(index) for key, index in section.indexes.items()},
                "words": {key: article.documents[key].sections[at].words for key, at in section.indexes.items()},
            }
            for section in article.sections
        ],
    }


def show_payload(article: Article, languages: Sequence[str], sections: Sequence[ArticleSection]) -> dict[str, Any]:
    """Return the answer of `show`: a row for each translation unit of these sections."""
    numbers = {section.number for section in sections}
    return {
        "article": article.id,
        "langs": list(languages),
        "metadata": {language: _metadata(article.documents[language]) for language in languages},
        "rows": [
            row
            for unit in article.units
            if unit.section in numbers and any(unit.blocks.get(language) for language in languages)
            for row in _rows(article, unit, languages)
        ],
    }


def _rows(article: Article, unit: TranslationUnit, languages: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield a unit as one row, or as one row for each block if there is a single language."""
    if len(languages) == 1:
        (language,) = languages
        document = article.documents[language]
        for index in unit.blocks[language]:
            kind = document.blocks[index].kind
            yield {"section": unit.section, "kind": kind, language: _texts(document, [index])}
        return
    kind = next(article.documents[key].blocks[indexes[0]].kind for key, indexes in unit.blocks.items() if indexes)
    texts = {key: _texts(article.documents[key], unit.blocks.get(key, ())) for key in languages}
    yield {"section": unit.section, "kind": kind, **texts}


def _texts(document: Document, indexes: Sequence[int]) -> list[dict[str, Any]]:
    return [{"text": document.blocks[index].text, "line": document.blocks[index].line} for index in indexes]


def _metadata(document: Document) -> dict[str, Any]:
    known = {"title": document.title, "description": document.description, "keywords": list(document.keywords)}
    known |= document.credits
    return {key: value for key, value in known.items() if value}


def search_payload(results: "Results") -> dict[str, Any]:
    """Return the answer of `search`."""
    answer = results.answer
    return {
        "query": answer.query.text,
        "terms": [
            {
                "term": term.item.text,
                "counterparts": {
                    tag: [{"word": c.spelling, "weight": round(c.weight, 3)} for c in term.translations.get(tag, ())]
                    for tag in answer.languages
                },
            }
            for group in answer.groups
            for term in group
        ],
        "total": results.total,
        "hits": [_hit(hit) for hit in results.hits],
    }


def _hit(hit: "Hit") -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": hit.score,
        "complete": hit.is_complete,
        "article": hit.article.id,
        "section": hit.section.number,
        "matches": [
            {
                "lang": match.language,
                "root": os.path.abspath(match.root),
                "path": match.path,
                "line": match.line,
                "heading": match.heading,
                "snippet": match.snippet,
                "spans": [list(span) for span in match.spans],
                "why": match.match_type,
            }
            for match in hit.matches
            if match.match_type
        ],
    }


def highlights_payload(article: Article, language: str, points: Sequence[str]) -> dict[str, Any]:
    """Return the answer of `highlights`."""
    return {"article": article.id, "lang": language, "section": article.highlights, "highlights": list(points)}
