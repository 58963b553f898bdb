"""Which documents are translations of each other.

Signs are asked in the order of how seldom they lie: keys in the header that site generators pair by; the same
path but for the part that names the language; the same outline together with what a translator leaves alone
(links, code, numbers, keywords), where no other document fits as well; and what was found by meaning before
(`likeness.py`). A document is in one article, and an article has at most one document in each language: the
worse match stays outside and says why.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from relmgr_cli.languages.folding import fold
from relmgr_cli.languages.table import language_name
from relmgr_cli.library.documents import UNKNOWN_LANGUAGE, Document
from relmgr_cli.library.layouts import Mark, marks_in, place_of

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_SLUG_BREAK = re.compile(r"[\W_]+")

# How much of what either document has they must share, and how many different things; less where the outline is long.
_LEAST_SHARED, _FEWEST_SHARED = 0.5, 3
_LEAST_SHARED_LONG, _FEWEST_SHARED_LONG = 0.25, 2
_LONG_OUTLINE = 12  # blocks


class Candidate(NamedTuple):
    """What pairing needs to know of every document."""

    id: int
    root: str
    path: str
    language: str
    title: str
    key: str  # what its header pairs it by; "" for none
    outline: str  # equal for documents with the same outline
    blocks: int
    words: int
    is_placed: bool = False  # it lies where its translations would lie in the same place for other languages
    is_misplaced: bool = False  # it lies where texts in another language are


class Group(NamedTuple):
    """The documents of one article."""

    members: tuple[Candidate, ...]  # in the order of their languages
    paired_by: str  # metadata, layout, structure, meaning, or alone


class Grouping(NamedTuple):
    """All articles, and why some documents are not in the one they seem to belong to."""

    groups: tuple[Group, ...]  # in the order of their first paths
    remarks: Mapping[int, str]  # by id of the document


Load = Callable[[Collection[int]], Mapping[int, Document]]
Kin = Iterable[tuple[int, int, float]]  # ids of two documents found by meaning, with how likely they belong together


def group(candidates: Sequence[Candidate], load: Load, kin: Kin = ()) -> Grouping:
    """Return the articles that the documents make up; `load` gives whole documents, for the few that need a look."""
    places = _places(candidates)
    candidates = [
        candidate._replace(is_placed=bool(marks), is_misplaced=any(not _speaks(candidate, mark) for mark in marks))
        for candidate, (_, marks) in zip(candidates, places, strict=True)
    ]
    groups = _Groups(candidates)
    for candidate in candidates:
        if candidate.key:
            groups.propose("metadata", candidate.key, candidate)
    groups.join_proposed("metadata")
    for candidate, (place, _) in zip(candidates, places, strict=True):
        groups.propose("layout", place, candidate)
    groups.join_proposed("layout")
    _join_by_structure(groups, load)
    for one, other, _ in sorted(kin, key=lambda match: -match[2]):
        groups.join(one, other, "meaning")
    return groups.result()


class _Groups:
    """Documents in groups that grow by joining, never with two in one language."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = {candidate.id: candidate for candidate in candidates}
        self._members = {candidate.id: [candidate] for candidate in candidates}
        self._paired_by: dict[int, str] = {}
        self._proposed: dict[str, dict[str, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
        self._remarks: dict[int, str] = {}

    def alone(self) -> list[Candidate]:
        """Return the documents that are in no group with another."""
        return [members[0] for members in self._members.values() if len(members) == 1]

    def propose(self, how: str, sign: str, candidate: Candidate) -> None:
        """Note that a document bears a sign which its translations bear too."""
        self._proposed[how][sign].append(candidate)

    def join_proposed(self, how: str) -> None:
        """Join the documents that bear the same sign."""
        for bearers in self._proposed[how].values():
            if len({candidate.language for candidate in bearers}) > 1:
                self._join_all(bearers, how)

    def _join_all(self, bearers: Sequence[Candidate], how: str) -> None:
        first: Candidate | None = None
        taken: dict[str, Candidate] = {}
        for candidate in _best_first(bearers):
            if candidate.language in taken:
                self._remark_double(candidate, taken[candidate.language])
            elif candidate.language != UNKNOWN_LANGUAGE or len(bearers) == 2:  # noqa: PLR2004 (a pair)
                taken[candidate.language] = candidate
                if first is None:
                    first = candidate
                elif not self.join(first.id, candidate.id, how):
                    self._remark_double(candidate, self._in_language(first.id, candidate.language) or first)

    def _remark_double(self, candidate: Candidate, other: Candidate) -> None:
        language = language_name(candidate.language)
        self._remarks[candidate.id] = f"an article of its own: its text is in {language}, as that of {other.path} is"

    def _in_language(self, id_: int, language: str) -> Candidate | None:
        return next((member for member in self._members[id_] if member.language == language), None)

    def join(self, one: int, other: int, how: str) -> bool:
        """Make one group of two; return False when both have a document in the same language."""
        ours, theirs = self._members.get(one), self._members.get(other)
        if ours is None or theirs is None or ours is theirs:
            return True
        if {candidate.language for candidate in ours} & {candidate.language for candidate in theirs}:
            return False
        ours.extend(theirs)
        for candidate in theirs:
            self._members[candidate.id] = ours
        self._paired_by[id(ours)] = how
        return True

    def result(self) -> Grouping:
        """Return the groups as they stand."""
        seen: set[int] = set()
        groups = []
        for candidate in self._candidates.values():
            members = self._members[candidate.id]
            if id(members) not in seen:
                seen.add(id(members))
                ordered = tuple(sorted(members, key=lambda member: (member.language, member.path)))
                groups.append(Group(ordered, self._paired_by.get(id(members), "alone")))
        remarks = {id_: remark for id_, remark in self._remarks.items() if len(self._members[id_]) == 1}
        return Grouping(tuple(groups), remarks)


def _best_first(bearers: Sequence[Candidate]) -> list[Candidate]:
    """Put first those that lie where their language does, then those most like the others in size, then short paths."""

    def unlikeness(candidate: Candidate) -> tuple[bool, float, int, str]:
        others = [other.blocks for other in bearers if other.language != candidate.language]
        nearest = min((abs(candidate.blocks - blocks) for blocks in others), default=0)
        return (candidate.is_misplaced, nearest, len(candidate.path), candidate.path)

    return sorted(bearers, key=unlikeness)


def _places(candidates: Sequence[Candidate]) -> list[tuple[str, tuple[Mark, ...]]]:
    """Return for each document its place without the language, equal for its translations, and what was taken out."""
    marks = [_all_marks(candidate) for candidate in candidates]
    votes: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for candidate, found in zip(candidates, marks, strict=True):
        for mark in found:
            votes[_folder_of(candidate, mark), mark.tag][_speaks(candidate, mark)] += 1
    places = []
    for candidate, found in zip(candidates, marks, strict=True):
        believed = tuple(mark for mark in found if _is_believed(candidate, mark, votes))
        place = f"{_root_without_language(candidate)}/{place_of(candidate.path, believed)}"
        places.append((place, believed))
    return places


def _all_marks(candidate: Candidate) -> list[Mark]:
    return list(marks_in(candidate.path))


def _speaks(candidate: Candidate, mark: Mark) -> bool:
    return mark.tag.partition("-")[0] == candidate.language.partition("-")[0]


def _folder_of(candidate: Candidate, mark: Mark) -> str:
    """Return the folder that bears a mark; a mark in a file name is one of its own."""
    parts = candidate.path.split("/")
    return "/".join((candidate.root, *parts[: mark.part + 1]))


def _is_believed(candidate: Candidate, mark: Mark, votes: Mapping[tuple[str, str], Sequence[int]]) -> bool:
    """Tell whether a mark means its language: the text agrees, or most texts in that folder do."""
    if _speaks(candidate, mark):
        return True
    against, agreeing = votes[_folder_of(candidate, mark), mark.tag]
    return agreeing > against or (candidate.language == UNKNOWN_LANGUAGE and mark.is_certain)


def _root_without_language(candidate: Candidate) -> str:
    """Return the library folder's path, its own language mark taken out: `docs-pl` and `docs-en` may be two roots."""
    folder, _, name = candidate.root.rpartition("/")
    marks = tuple(mark for mark in marks_in(f"{name}/x") if mark.part == 0 and _speaks(candidate, mark))
    return f"{folder}/{place_of(f'{name}/x', marks)}"


def _join_by_structure(groups: _Groups, load: Load) -> None:
    by_outline: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in groups.alone():
        by_outline[candidate.outline].append(candidate)
    alike = [found for found in by_outline.values() if len({candidate.language for candidate in found}) > 1]
    documents = load([candidate.id for found in alike for candidate in found])
    for found in alike:
        for _, one, other in _matches(found, documents):
            groups.join(one.id, other.id, "structure")


def _matches(alike: Sequence[Candidate], documents: Mapping[int, Document]) -> list[tuple[float, Candidate, Candidate]]:
    """Return the pairs of documents with one outline that belong together, best evidence first."""
    is_long = alike[0].blocks >= _LONG_OUTLINE
    least, fewest = (_LEAST_SHARED_LONG, _FEWEST_SHARED_LONG) if is_long else (_LEAST_SHARED, _FEWEST_SHARED)
    marks = {candidate.id: marks_of(documents[candidate.id]) for candidate in alike}
    scores: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    found = []
    for one, other in combinations(alike, 2):
        if one.language == other.language:
            continue
        score, shared = _share(marks[one.id], marks[other.id])
        scores[one.id][other.language].append(score)
        scores[other.id][one.language].append(score)
        if score >= least and shared >= fewest:
            found.append((score, one, other))
    best = [match for match in found if _is_clear_best(match, scores)]
    return sorted(best, key=lambda match: -match[0])


def _is_clear_best(
    match: tuple[float, Candidate, Candidate], scores: Mapping[int, Mapping[str, Sequence[float]]]
) -> bool:
    score, one, other = match
    rivals = scores[one.id][other.language], scores[other.id][one.language]
    return all(score == max(row) and row.count(score) == 1 for row in rivals)


def marks_of(document: Document) -> Counter[str]:
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


def _share(one: Counter[str], other: Counter[str]) -> tuple[float, int]:
    """Return which part of all marks both have, and how many different ones, single digits apart."""
    union = (one | other).total()
    both = one & other
    telling = sum(1 for mark in both if not (mark.startswith("number ") and len(mark) == len("number 1")))
    return (both.total() / union if union else 0.0), telling


def slug_of(title: str, taken: set[str]) -> str:
    """Return the title as an id that is easy to type and not taken yet, and take it."""
    slug = _SLUG_BREAK.sub("-", fold(title)).strip("-")[:60].strip("-") or "article"
    name, number = slug, 1
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    taken.add(name)
    return name
