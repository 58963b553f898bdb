"""Which documents are translations of each other.

File names are not asked. Two documents in different languages are one article when they have the same
outline (headings, kinds of blocks, nesting) and share what a translator leaves alone: link targets,
keywords, code, numbers. Among several candidates the best evidence wins, and a tie means none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from relmgr_cli.languages.folding import fold
from relmgr_cli.library.alignment import align, outline_of
from relmgr_cli.library.articles import Article
from relmgr_cli.library.documents import Document
from relmgr_cli.library.highlights import find_highlights

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_SLUG_BREAK = re.compile(r"[\W_]+")

# How much of what either document has they must share; less where the outline is long and nobody else's.
_LEAST_SHARED = 0.5
_LEAST_SHARED_LONG = 0.25
_LONG_OUTLINE = 12


def gather(documents: Sequence[Document]) -> tuple[Article, ...]:
    """Return the articles that the documents make up, in the order of their first documents."""
    articles: list[Article] = []
    taken: set[str] = set()
    for group in _groups(documents):
        by_language = {document.language: document for document in sorted(group, key=lambda d: d.language)}
        sections, beads = align(by_language)
        slug = _unused(slug_of(next(iter(by_language.values())).title), taken)
        highlights = find_highlights(by_language, sections)
        paired_by = "structure" if len(group) > 1 else "alone"
        articles.append(Article(slug, by_language, sections, beads, highlights, paired_by))
    return tuple(articles)


def slug_of(title: str) -> str:
    """Return the title as an id that is easy to type: lower case, accents folded, words joined by "-"."""
    return _SLUG_BREAK.sub("-", fold(title)).strip("-")[:60].strip("-") or "article"


def _unused(slug: str, taken: set[str]) -> str:
    name, number = slug, 1
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    taken.add(name)
    return name


def _groups(documents: Sequence[Document]) -> list[list[Document]]:
    by_outline: dict[tuple[tuple[str, ...], ...], list[Document]] = defaultdict(list)
    for document in documents:
        by_outline[outline_of(document)].append(document)
    group_of = {id(document): [document] for document in documents}
    for outline, alike in by_outline.items():
        if outline:
            for _, one, other in _matches(alike, long=len(outline) >= _LONG_OUTLINE):
                _merge(group_of, group_of[id(one)], group_of[id(other)])
    seen: set[int] = set()
    groups = []
    for document in documents:
        group = group_of[id(document)]
        if id(group) not in seen:
            seen.add(id(group))
            groups.append(group)
    return groups


def _merge(group_of: dict[int, list[Document]], one: list[Document], other: list[Document]) -> None:
    """Make one group of two, unless both have a document in the same language."""
    if one is other or {d.language for d in one} & {d.language for d in other}:
        return
    one.extend(other)
    group_of.update({id(document): one for document in other})


def _matches(alike: Sequence[Document], *, long: bool) -> list[tuple[float, Document, Document]]:
    """Return the pairs of documents with one outline that belong together, best evidence first."""
    marks = {id(document): _shared_marks(document) for document in alike}
    least = _LEAST_SHARED_LONG if long else _LEAST_SHARED
    scores: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    found = []
    for one, other in combinations(alike, 2):
        if one.language == other.language:
            continue
        score = _share(marks[id(one)], marks[id(other)])
        if long and len(alike) == 2 and not marks[id(one)] and not marks[id(other)]:  # noqa: PLR2004 (a pair)
            score = least  # nothing to compare, but an outline that is long and nobody else's
        scores[id(one)][other.language].append(score)
        scores[id(other)][one.language].append(score)
        if score >= least:
            found.append((score, one, other))
    best = [match for match in found if _is_clear_best(match, scores)]
    return sorted(best, key=lambda match: -match[0])


def _is_clear_best(
    match: tuple[float, Document, Document], scores: Mapping[int, Mapping[str, Sequence[float]]]
) -> bool:
    score, one, other = match
    rivals = scores[id(one)][other.language], scores[id(other)][one.language]
    return all(score == max(row) and row.count(score) == 1 for row in rivals)


def _shared_marks(document: Document) -> Counter[str]:
    """Return what a translator leaves alone, with how often it occurs."""
    marks: Counter[str] = Counter(f"keyword {word.casefold()}" for word in document.keywords)
    for block in document.blocks:
        spans = [*block.spans, *(span for row in block.rows for cell in row for span in cell)]
        marks.update(f"link {span.href}" for span in spans if span.href)
        marks.update(f"code {span.text}" for span in spans if "code" in span.marks)
        if block.kind == "code":
            marks.update(f"code {line.strip()}" for line in block.text.split("\n") if line.strip())
        else:
            marks.update(f"number {number}" for number in _NUMBER.findall(block.text))
    return marks


def _share(one: Counter[str], other: Counter[str]) -> float:
    union = (one | other).total()
    return (one & other).total() / union if union else 0.0
