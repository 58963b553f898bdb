"""Decides which documents are translations of each other, and so form an article.

Evidence is used in the order of its reliability: what the owner of the library has configured; translation keys in the
front matter; paths that are equal but for the part that names the language (path_layers.py); what else files in folders
of languages have in common: the page of a folder under another name, a permalink, a number before the name; the
same structure together with what a translator leaves unchanged (structural_pairing.py); and the pairs found by their
vectors (semantic_pairing.py). A document is in one article, and an article has at most one document in each language:
the worse match stays unpaired, with a note why. Only a second copy of an unmarked original, in the folder of that
language among those of the translations, is in no article.
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli import file_messages
from relmgr_cli.corpus.candidate import UNTRANSLATED, Candidate
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE
from relmgr_cli.corpus.member_languages import Sources, with_languages
from relmgr_cli.corpus.path_layers import Place, find_places
from relmgr_cli.corpus.rules import NO_RULES, LibraryRules
from relmgr_cli.corpus.shared_keys import SHARED_KEYS, keys_of, other_keys
from relmgr_cli.corpus.structural_pairing import Load, find_structural_pairs, invariant_tokens, jaccard
from relmgr_cli.corpus.translation_paths import primary_of
from relmgr_cli.corpus.translation_state import copied_from, state_of
from relmgr_cli.languages.names import english_name

_SLUG_BREAK = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W\d_]+")
_DATE = re.compile(r"\d{4}[-_.]\d")
_MIN_EQUAL_KEYS, _MIN_EQUAL_SHARE = 3, 0.9  # of articles with front matter of a kind, for it to tell others apart
_HASH = re.compile(r"(?=.*\d)[0-9a-f]{8,64}", re.IGNORECASE)
_LIKE_SIZE = 2.0  # times the blocks of the other documents
_NOTICE_BLOCKS = 3  # that tools add to what they write
_MIN_ALIKE = 0.2  # of what translators leave unchanged, for documents of the same date


class Group(NamedTuple):
    """The documents of one article."""

    members: tuple[Candidate, ...]  # in the order of their languages
    paired_by: str  # metadata, layout, structure, meaning, or alone
    source: str = ""  # the language that the others are translated from
    name: str = ""  # path without the library folder, the language and the extension; "" if file names say nothing


class SecondCopy(NamedTuple):
    """A document that repeats the unmarked original of an article among its translations: `translations/en/x.md`."""

    document: Candidate
    original: int  # its id


class Grouping(NamedTuple):
    """All articles, and notes why some documents are not in the one they seem to belong to."""

    groups: tuple[Group, ...]  # in the order of their first paths
    notes: Mapping[int, str]  # by id of the document
    copies: tuple[SecondCopy, ...] = ()  # they are in no article


ScoredPairs = Iterable[tuple[int, int, float]]  # ids of two documents paired by their vectors, and the likelihood


def group(
    candidates: Sequence[Candidate], load: Load, pairs: ScoredPairs = (), rules: LibraryRules = NO_RULES
) -> Grouping:
    """Return the articles that the documents make up; `load` returns full documents, for the few that need it."""
    places = find_places(candidates, rules)
    candidates = with_languages(candidates, places)
    groups = _Groups(candidates, dict(zip((candidate.id for candidate in candidates), places, strict=True)))
    groups.set_apart(_ids_of(rules.parted, candidates))
    for paths in rules.joined:
        groups.join_all("metadata", _ids_of(paths, candidates))
    groups.join_equal("metadata", ((candidate.key, candidate) for candidate in candidates if candidate.key))
    groups.join_equal("layout", ((place.key, each) for each, place in zip(candidates, places, strict=True)))
    for keys in other_keys(candidates, places):
        groups.join_unambiguous(keys, load)
    groups.set_states(rules)
    groups.trust_keys()
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


def _is_like_size(left: int, right: int) -> bool:
    return max(left, right, 1) <= _LIKE_SIZE * max(min(left, right), 1)


def _is_second_copy(document: Candidate, original: Candidate) -> bool:
    """Return whether a document repeats an unmarked original, see SecondCopy.

    Its words need not be equal, because tools also rewrite the source language, add a notice, or cut long texts off.
    """
    if not document.is_placed or original.is_placed or document.language != original.language:
        return False
    is_text_other = primary_of(document.detected) not in (primary_of(document.language), UNKNOWN_LANGUAGE)
    is_longer = document.blocks > _LIKE_SIZE * original.blocks + _NOTICE_BLOCKS
    titles = [set(_WORD.findall(each.title.casefold())) for each in (document, original)]
    is_title_other = all(titles) and titles[0].isdisjoint(titles[1])
    return not (is_text_other or is_longer or is_title_other)


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
        self._second_copies: list[SecondCopy] = []
        self._copies: Counter[str] = Counter()  # of documents in each language, in places of other languages
        self._trusted: frozenset[str] = frozenset()  # front matter that is equal in all translations

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
            elif is_source_unplaced and len(same_key) > 1:
                original, *others = sorted(same_key, key=lambda candidate: candidate.is_placed)
                for candidate in others:
                    if _is_like_size(candidate.blocks, original.blocks):
                        self._remove_second_copy(candidate, original)

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
        if not self._remove_second_copy(candidate, other):
            is_translation = candidate.is_placed or not other.is_placed  # not README.md beside en/README.md
            if is_translation:
                self._note_same_language(candidate, other)
            self._outside.add(candidate.id)

    def _remove_second_copy(self, candidate: Candidate, original: Candidate) -> bool:
        """Remove a document that is only a second copy of another; return False for any other one."""
        is_alone = len(self._members.get(candidate.id, ())) == 1 and candidate.id not in self._apart
        if not is_alone or original.id in self._apart or not _is_second_copy(candidate, original):
            return False
        del self._members[candidate.id]
        self._second_copies.append(SecondCopy(candidate._replace(state=UNTRANSLATED), original.id))
        return True

    def _note_same_language(self, candidate: Candidate, other: Candidate) -> None:
        language = english_name(candidate.language)
        self._notes[candidate.id] = file_messages.SAME_LANGUAGE.fill(path=other.path, language=language)

    def join_all(self, method: str, ids: Sequence[int]) -> None:
        """Join documents that belong together, as far as they are in different languages."""
        for id_ in ids[1:]:
            if not self.join(ids[0], id_, method):
                candidate = self._candidates[id_]
                same = (member for member in self._members[ids[0]] if member.language == candidate.language)
                self._note_same_language(candidate, next(same, self._candidates[ids[0]]))

    def join_unambiguous(self, keyed: Iterable[tuple[tuple[str, ...], Candidate]], load: Load) -> None:
        """Join groups with the same key if no two of them have a document in one language, and they fit."""
        by_key: dict[tuple[str, ...], dict[int, list[Candidate]]] = defaultdict(dict)
        for key, candidate in keyed:
            members = self._members.get(candidate.id)
            if members is not None and candidate.id not in self._outside and candidate.id not in self._apart:
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
        if method in ("structure", "meaning") and self._have_other_keys(left, right):
            return False
        if len(left) < len(right):
            left, right = right, left
        method = self._paired_by.get(id(left), self._paired_by.get(id(right), method))
        left.extend(right)
        for candidate in right:
            self._members[candidate.id] = left
        self._paired_by[id(left)] = method
        return True

    def trust_keys(self) -> None:
        """Let documents differ that have other front matter of a kind that nearly all translations have in common."""
        equal: Counter[str] = Counter()
        different: Counter[str] = Counter()
        for members in self._lists():
            for kind in SHARED_KEYS if len(members) > 1 else ():
                values = [found for member in members if (found := keys_of([member], kind))]
                if len(values) > 1:
                    (equal if len(set(values)) == 1 else different)[kind] += 1
        self._trusted = frozenset(
            kind
            for kind in SHARED_KEYS
            if equal[kind] >= max(_MIN_EQUAL_KEYS, _MIN_EQUAL_SHARE * (equal + different)[kind])
        )

    def _have_other_keys(self, left: Sequence[Candidate], right: Sequence[Candidate]) -> bool:
        keys = ((keys_of(left, kind), keys_of(right, kind)) for kind in self._trusted)
        return any(one and other and one.isdisjoint(other) for one, other in keys)

    def _lists(self) -> list[list[Candidate]]:
        """Return the members of each group, in the order of the documents."""
        return list({id(members): members for members in self._members.values()}.values())

    def set_states(self, rules: LibraryRules) -> None:
        """Mark the documents that are not or only partly translated."""
        groups = self._lists()
        originals = {
            member.id: original
            for members in groups
            for member in members
            if member.is_placed and (original := copied_from(member, members))
        }
        self._copies.update(original.language for original in originals.values())
        sources = Sources(groups, rules, self._copies)
        for members in groups:
            tag = sources.of(members)
            source = next((member for member in members if member.language == tag), None) if len(members) > 1 else None
            members[:] = [
                member._replace(state=state_of(member, originals.get(member.id, source), sources.main))
                if member.is_placed
                else member
                for member in members
            ]

    def result(self, rules: LibraryRules) -> Grouping:
        """Return the groups as they are now."""
        sources = Sources(self._lists(), rules, self._copies)
        groups = []
        for members in self._lists():
            ordered = tuple(sorted(members, key=lambda member: (member.language, member.path)))
            method = self._paired_by.get(id(members), "alone")
            source = sources.of(ordered)
            groups.append(Group(ordered, method, source, self._name(ordered, source)))
        notes = {id_: note for id_, note in self._notes.items() if len(self._members.get(id_, ())) == 1}
        return Grouping(tuple(groups), notes, tuple(self._second_copies))

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


def _best_first(same_key: Sequence[Candidate], *, is_source_unplaced: bool) -> list[Candidate]:
    """Sort first the documents of like size as the others, then those where sources usually are, then by path."""

    def order(candidate: Candidate) -> tuple[bool, bool, bool, int, str]:
        others = [other.blocks for other in same_key if other.language != candidate.language]
        is_odd = bool(others) and not any(_is_like_size(candidate.blocks, blocks) for blocks in others)
        is_text_other = primary_of(candidate.detected) not in (primary_of(candidate.language), UNKNOWN_LANGUAGE)
        is_unusual = candidate.is_placed == is_source_unplaced
        return (is_odd, is_text_other, is_unusual, len(candidate.path), candidate.path)

    return sorted(same_key, key=order)
