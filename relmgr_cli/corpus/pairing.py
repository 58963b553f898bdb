"""Decides which documents are translations of each other, and so form an article.

Evidence is used in the order of its reliability: what the owner of the library has configured; translation keys in the
front matter; paths that are equal but for the part that names the language (path_layers.py); what else files in folders
of languages have in common: the page of a folder under another name, a permalink, a number before the name; the
same structure together with what a translator leaves unchanged (structural_pairing.py); and the pairs found by their
vectors (semantic_pairing.py). A document is in one article, and an article has at most one document in each language:
the worse match stays unpaired, with a note why.
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.corpus.candidate import UNTRANSLATED, Candidate
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE
from relmgr_cli.corpus.path_layers import Place, find_places
from relmgr_cli.corpus.rules import NO_RULES, LibraryRules
from relmgr_cli.corpus.structural_pairing import Load, find_structural_pairs, invariant_tokens, jaccard
from relmgr_cli.corpus.translation_paths import INDEX_NAMES, primary_of
from relmgr_cli.corpus.translation_state import RELIABLE_WORDS, state_of
from relmgr_cli.languages.names import language_name
from relmgr_cli.languages.normalization import fold
from relmgr_cli.languages.tags import match_language

_SLUG_BREAK = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"(\d{1,9}(?:[-_.]\d{1,9}){0,3})(?:[-_. ]|$)")  # at the beginning of a name
_DATE = re.compile(r"\d{4}[-_.]\d")
_VAGUE_KEY = re.compile(r"slug |id [\d\W_]*$")  # what unrelated documents may have in common
_HASH = re.compile(r"(?=.*\d)[0-9a-f]{8,64}", re.IGNORECASE)
_FEW_WORDS, _MANY_WORDS = 40, 150  # of a text, for its language to count more than a rule
_NEARLY_ALL, _MANY = 0.9, 10  # documents, for a rule to hold for those whose texts do not tell
# Documents as in the language with most, for English to be the source; less where there are many languages, because
# some translations of pages that are gone remain.
_NEARLY_AS_MANY, _MANY_LANGUAGES = (0.9, 0.75), 4
_LIKE_SIZE = 2.0  # times the blocks of the other documents
_MIN_ALIKE = 0.2  # of what translators leave unchanged, for documents of the same date


class Group(NamedTuple):
    """The documents of one article."""

    members: tuple[Candidate, ...]  # in the order of their languages
    paired_by: str  # metadata, layout, structure, meaning, or alone
    source: str = ""  # the language that the others are translated from
    name: str = ""  # path without the library folder, the language and the extension; "" if file names say nothing


class Grouping(NamedTuple):
    """All articles, and notes why some documents are not in the one they seem to belong to."""

    groups: tuple[Group, ...]  # in the order of their first paths
    notes: Mapping[int, str]  # by id of the document


ScoredPairs = Iterable[tuple[int, int, float]]  # ids of two documents paired by their vectors, and the likelihood


def group(
    candidates: Sequence[Candidate], load: Load, pairs: ScoredPairs = (), rules: LibraryRules = NO_RULES
) -> Grouping:
    """Return the articles that the documents make up; `load` returns full documents, for the few that need it."""
    places = find_places(candidates, rules)
    candidates = _with_languages(candidates, places)
    groups = _Groups(candidates, dict(zip((candidate.id for candidate in candidates), places, strict=True)))
    groups.set_apart(_ids_of(rules.parted, candidates))
    for paths in rules.joined:
        groups.join_all("metadata", _ids_of(paths, candidates))
    groups.join_equal("metadata", ((candidate.key, candidate) for candidate in candidates if candidate.key))
    groups.join_equal("layout", ((place.key, each) for each, place in zip(candidates, places, strict=True)))
    for keys in _other_keys(candidates, places):
        groups.join_unambiguous(keys, load)
    groups.set_states(rules)
    for left, right in find_structural_pairs(groups.alone(), load):
        groups.join(left, right, "structure")
    for left, right, _ in sorted(pairs, key=lambda pair: -pair[2]):
        groups.join(left, right, "meaning")
    return groups.result(rules)


def _ids_of(paths: Iterable[str], candidates: Sequence[Candidate]) -> list[int]:
    """Return the documents with these absolute paths, in the order of the paths."""
    if not paths:
        return []
    ids = {os.path.join(candidate.root, candidate.path): candidate.id for candidate in candidates}
    return [ids[path] for path in paths if path in ids]


def _with_languages(candidates: Sequence[Candidate], places: Sequence[Place]) -> list[Candidate]:
    """Return the documents with the language that they have as translations.

    It is the one that the path names. Where a path names none, it is that of the text, unless the text hardly tells.
    """
    named: dict[str, set[str]] = defaultdict(set)
    for place in places:
        if place.language:
            named[place.key].add(place.language)
    unplaced = [(each, place.key) for each, place in zip(candidates, places, strict=True) if not place.language]
    sources = _Usual((candidate.language for candidate, key in unplaced if key in named), named)
    others = _Usual((candidate.language for candidate, _ in unplaced), named)
    found = []
    for candidate, place in zip(candidates, places, strict=True):
        language = place.language
        if not language and place.key in named:
            language = sources.correct(candidate, named[place.key])
        elif not language:
            language = others.correct(candidate, None)
        found.append(candidate._replace(language=language, is_placed=bool(place.language), detected=candidate.language))
    return found


class _Usual:
    """The language of most documents whose paths name none."""

    def __init__(self, languages: Iterable[str], named: Mapping[str, Iterable[str]]) -> None:
        counts = Counter(language for language in languages if language != UNKNOWN_LANGUAGE)
        self._language = min(counts, key=lambda tag: (-counts[tag], tag), default=UNKNOWN_LANGUAGE)
        self._is_rule = counts[self._language] >= _NEARLY_ALL * counts.total() >= _MANY
        self._known = {primary_of(tag) for tags in named.values() for tag in tags}

    def correct(self, candidate: Candidate, taken: Collection[str] | None) -> str:
        """Return the language of a document; `taken` are those of its translations, None for a document without any.

        Beside translations it is the usual one if the text is short or in the language of one of them, or if it is in
        a language that the library does not have. Without translations both must hold: short and a rare language.
        """
        language = candidate.language
        is_odd = self._is_rule and primary_of(language) not in self._known
        if taken is None:
            is_doubtful = is_odd and candidate.words < _FEW_WORDS and language != UNKNOWN_LANGUAGE
            return self._language if is_doubtful else language
        is_short = candidate.words < (_MANY_WORDS if self._is_rule else RELIABLE_WORDS)
        is_doubtful = is_short or is_odd or language in taken or language == UNKNOWN_LANGUAGE
        return self._language if is_doubtful and self._language not in taken else language


def _other_keys(
    candidates: Sequence[Candidate], places: Sequence[Place]
) -> Iterable[list[tuple[tuple[str, ...], Candidate]]]:
    """Yield what documents may have in common besides their path; each list has one kind of key."""
    pairs = list(zip(candidates, places, strict=True))
    yield [((_page_of_folder(place.key),), candidate) for candidate, place in pairs]
    bases = {place.base for place in places if place.base}
    scoped = [(candidate, place, _scope(place, bases)) for candidate, place in pairs]
    yield [
        ((scope, key), candidate)
        for candidate, _, scope in scoped
        for key in candidate.traits.shared_keys
        if scope or not _VAGUE_KEY.match(key)
    ]
    yield [
        ((scope, number), candidate)
        for candidate, place, scope in scoped
        if scope and (number := _numbers_of(place.key.removeprefix(scope)))
    ]


def _scope(place: Place, bases: Collection[str]) -> str:
    """Return the key of the folder with the folders of languages that a document is below; "" for none."""
    root, _, folder = place.base.partition("\0") if place.base else place.key.partition("\0")
    while folder and f"{root}\0{folder}" not in bases:
        folder = folder.rpartition("/")[0]
    base = f"{root}\0{folder}"
    return base if base in bases else ""


def _page_of_folder(key: str) -> str:
    """Return the key of the folder whose page a document is, whatever the file is called."""
    folder, _, name = key.replace("\0", "/").rpartition("/")
    return folder if name in INDEX_NAMES else f"{folder}/{name}"


def _numbers_of(key: str) -> str:
    """Return a key with numbers instead of the names that begin with one; "" if the name of the file has none."""
    parts = key.split("/")
    numbers = [_NUMBER.match(part) for part in parts]
    if not numbers[-1]:
        return ""
    return "/".join(number[1] if number else part for part, number in zip(parts, numbers, strict=True))


def _is_like_size(left: int, right: int) -> bool:
    return max(left, right, 1) <= _LIKE_SIZE * max(min(left, right), 1)


def _fit(left: Candidate, right: Candidate, load: Load, *, is_dated: bool) -> bool:
    """Return whether two documents may be translations of each other; of one date, if their content says so."""
    if not _is_like_size(left.blocks, right.blocks):
        return False
    if not is_dated or left.outline == right.outline:
        return True
    documents = load([left.id, right.id])
    return jaccard(invariant_tokens(documents[left.id]), invariant_tokens(documents[right.id]))[0] >= _MIN_ALIKE


class _Groups:
    """Groups of documents, at first of one each, that are joined; never with two documents in one language."""

    def __init__(self, candidates: Sequence[Candidate], places: Mapping[int, Place]) -> None:
        self._candidates = {candidate.id: candidate for candidate in candidates}
        self._places = places
        self._members = {candidate.id: [candidate] for candidate in candidates}
        self._paired_by: dict[int, str] = {}
        self._notes: dict[int, str] = {}
        self._apart: set[int] = set()
        self._outside: set[int] = set()  # documents of a language that their article has already

    def alone(self) -> list[Candidate]:
        """Return the documents that are not paired."""
        return [members[0] for members in self._members.values() if len(members) == 1]

    def set_apart(self, ids: Iterable[int]) -> None:
        """Let documents never be joined with others."""
        self._apart.update(ids)

    def join_equal(self, method: str, keyed: Iterable[tuple[str, Candidate]]) -> None:
        """Join the documents with the same key."""
        by_key: dict[str, list[Candidate]] = defaultdict(list)
        for key, candidate in keyed:
            by_key[key].append(candidate)
        unplaced = sum(not c.is_placed for same in by_key.values() if len(same) > 1 for c in same)
        is_source_unplaced = 2 * unplaced > sum(len(same) > 1 for same in by_key.values())
        for same_key in by_key.values():
            if len({candidate.language for candidate in same_key}) > 1:
                self._join_best(same_key, method, is_source_unplaced=is_source_unplaced)

    def _join_best(self, same_key: Sequence[Candidate], method: str, *, is_source_unplaced: bool) -> None:
        first: Candidate | None = None
        taken: dict[str, Candidate] = {}
        for candidate in _best_first(same_key, is_source_unplaced=is_source_unplaced):
            if candidate.language in taken:
                self._set_outside(candidate, taken[candidate.language])
            elif candidate.language != UNKNOWN_LANGUAGE or len(same_key) == 2:  # noqa: PLR2004 (a pair)
                taken[candidate.language] = candidate
                if first is None:
                    first = candidate
                elif not self.join(first.id, candidate.id, method):
                    same = (member for member in self._members[first.id] if member.language == candidate.language)
                    self._set_outside(candidate, next(same, first))

    def _set_outside(self, candidate: Candidate, other: Candidate) -> None:
        language = language_name(candidate.language)
        self._notes[candidate.id] = messages.SAME_LANGUAGE.fill(path=other.path, language=language)
        self._outside.add(candidate.id)

    def join_all(self, method: str, ids: Sequence[int]) -> None:
        """Join documents that belong together, as far as they are in different languages."""
        for id_ in ids[1:]:
            self.join(ids[0], id_, method)

    def join_unambiguous(self, keyed: Iterable[tuple[tuple[str, ...], Candidate]], load: Load) -> None:
        """Join groups with the same key if no two of them have a document in one language, and they fit."""
        by_key: dict[tuple[str, ...], dict[int, list[Candidate]]] = defaultdict(dict)
        for key, candidate in keyed:
            if candidate.id not in self._outside and candidate.id not in self._apart:
                members = self._members[candidate.id]
                by_key[key][id(members)] = members
        for key, found in by_key.items():
            languages = Counter(member.language for members in found.values() for member in members)
            if len(found) > 1 and max(languages.values()) == 1 and UNKNOWN_LANGUAGE not in languages:
                first, *others = found.values()
                for members in others:
                    if _fit(first[0], members[0], load, is_dated=bool(_DATE.search(key[-1]))):
                        self.join(first[0].id, members[0].id, "layout")

    def join(self, left_id: int, right_id: int, method: str) -> bool:
        """Join the groups of two documents; return False if both have a document in the same language."""
        left, right = self._members.get(left_id), self._members.get(right_id)
        if left is None or right is None or left is right or {left_id, right_id} & self._apart:
            return True
        if {candidate.language for candidate in left} & {candidate.language for candidate in right}:
            return False
        if len(left) < len(right):
            left, right = right, left
        method = self._paired_by.get(id(left), self._paired_by.get(id(right), method))
        left.extend(right)
        for candidate in right:
            self._members[candidate.id] = left
        self._paired_by[id(left)] = method
        return True

    def _lists(self) -> list[list[Candidate]]:
        """Return the members of each group, in the order of the documents."""
        return list({id(members): members for members in self._members.values()}.values())

    def set_states(self, rules: LibraryRules) -> None:
        """Mark the documents that are not or only partly translated."""
        sources = _Sources(self._lists(), rules)
        for members in self._lists():
            tag = sources.of(members)
            source = next((member for member in members if member.language == tag), None) if len(members) > 1 else None
            members[:] = [
                member._replace(state=state_of(member, source, sources.main)) if member.is_placed else member
                for member in members
            ]

    def result(self, rules: LibraryRules) -> Grouping:
        """Return the groups as they are now."""
        sources = _Sources(self._lists(), rules)
        groups = []
        for members in self._lists():
            ordered = tuple(sorted(members, key=lambda member: (member.language, member.path)))
            method = self._paired_by.get(id(members), "alone")
            source = sources.of(ordered)
            groups.append(Group(ordered, method, source, self._name(ordered, source)))
        notes = {id_: note for id_, note in self._notes.items() if len(self._members[id_]) == 1}
        return Grouping(tuple(groups), notes)

    def _name(self, members: Sequence[Candidate], source: str) -> str:
        """Return the name that the files of an article have in common; "" if they say nothing."""
        first = next(member for member in members if member.language == source)
        if len(members) == 1 and first.id in self._outside:
            return first.path.rpartition(".")[0] or first.path
        names = [self._places[member.id].name for member in members]
        if not any(member.is_placed for member in members) and all(map(_says_nothing, names)):
            return ""
        return self._places[first.id].name


def _says_nothing(name: str) -> bool:
    """Return whether the name of a file is a checksum, or in the library's folder a number."""
    words = [word for word in _SLUG_BREAK.split(name.rpartition("/")[2]) if word]
    return any(_HASH.fullmatch(word) for word in words) or ("/" not in name and all(map(str.isdecimal, words)))


class _Sources:
    """The languages that the articles of a library are translated from.

    It is the configured one, else that of the documents whose paths name no language beside others that do, else the
    language of most documents, among those of the article; on a tie English, else the first by its tag.
    """

    def __init__(self, groups: Iterable[Sequence[Candidate]], rules: LibraryRules) -> None:
        self._rules = rules
        self._unplaced: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        for members in groups:
            self._counts.update(member.language for member in members if member.state != UNTRANSLATED)
            unplaced = [member.language for member in members if not member.is_placed]
            if len(unplaced) == 1 < len(members):
                self._unplaced[unplaced[0]] += 1
        self.main = self._most(self._unplaced or self._counts)

    def of(self, members: Sequence[Candidate]) -> str:
        """Return the source language of an article."""
        languages = [member.language for member in members]
        rule = self._rules.source_of([os.path.join(member.root, member.path) for member in members])
        if rule and (found := match_language([rule.language], languages)):
            return found
        unplaced = [member.language for member in members if not member.is_placed]
        if len(unplaced) == 1 < len(members):
            return unplaced[0]
        if self._unplaced and self.main in languages:
            return self.main
        return self._most({tag: self._counts[tag] for tag in languages})

    @staticmethod
    def _most(counts: Mapping[str, int]) -> str:
        """Return the language with most documents; English if it has nearly as many."""
        most = max(counts.values(), default=0)
        english = min((tag for tag in counts if primary_of(tag) == "en"), default="")
        share = _NEARLY_AS_MANY[len(counts) >= _MANY_LANGUAGES]
        if english and counts[english] >= share * most:
            return english
        return min(counts, key=lambda tag: (-counts[tag], tag), default=UNKNOWN_LANGUAGE)


def _best_first(same_key: Sequence[Candidate], *, is_source_unplaced: bool) -> list[Candidate]:
    """Sort first the documents of like size as the others, then those where sources usually are, then by path."""

    def order(candidate: Candidate) -> tuple[bool, bool, bool, int, str]:
        others = [other.blocks for other in same_key if other.language != candidate.language]
        is_odd = bool(others) and not any(_is_like_size(candidate.blocks, blocks) for blocks in others)
        is_text_other = primary_of(candidate.detected) != primary_of(candidate.language)
        is_unusual = candidate.is_placed == is_source_unplaced
        return (is_odd, is_text_other, is_unusual, len(candidate.path), candidate.path)

    return sorted(same_key, key=order)


def slug_of(title: str, taken: set[str]) -> str:
    """Return the title as an id that is easy to type and not in `taken`, and add it there."""
    slug = _SLUG_BREAK.sub("-", fold(title)).strip("-")[:60].strip("-") or "article"
    name, number = slug, 1
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    taken.add(name)
    return name
