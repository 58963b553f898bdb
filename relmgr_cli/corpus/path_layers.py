"""Decides over a whole library which parts of its paths name languages.

A family is a set of parts at one place that differ in the language only: the folders `pl`, `ru` and `pt_BR` below
`content`, or `README.pl.md` and `README_CN.md`. A part of a family is believed where the texts below it are in that
language. Once one part is, the others are believed if the same files are below them, whatever their texts are:
untranslated, in a language that detection does not know, or too short. So the path counts where the text cannot.
Where two parts of a path name a language, the family counts that has more documents with a counterpart in another
language; a tie goes to the inner one. The name of the library's folder counts only beside other folders of the library.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from relmgr_cli.corpus.candidate import Candidate
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE
from relmgr_cli.corpus.path_families import Family, Mark, Part, as_country, read_part, with_distinct_tags
from relmgr_cli.corpus.rules import LibraryRules
from relmgr_cli.corpus.translation_paths import (
    LANGUAGE_FOLDERS,
    comparison_key,
    primary_of,
    without_docusaurus,
)

_MIN_MIRRORED = 0.5  # of the documents below a part, that have a counterpart
_README_FOLDERS = frozenset("doc docs documentation readme readmes".split())  # of translations of `README.md` above
_MAX_COMPARED = 200  # counterparts of a document
_MIN_FILES_OF_CLASS = 2  # confirmed names such as `*.pl.md`, so that others like them are believed


class Place(NamedTuple):
    """Where a document is, apart from its language."""

    key: str  # equal for translations
    name: str  # the same for display, without the library folder
    language: str = ""  # that its path names; "" for none
    layer: tuple[str, ...] = ()  # equal for documents whose languages are named at the same place; () for none
    base: str = ""  # the key of the folder with the folders of languages; "" for none


def find_places(candidates: Sequence[Candidate], rules: LibraryRules) -> list[Place]:
    """Return the place of each document; `candidates` have the languages of their texts."""
    return _Layers(candidates, rules).places()


class _Layers:
    """The families of a library, and which of them name languages."""

    def __init__(self, candidates: Sequence[Candidate], rules: LibraryRules) -> None:
        self._candidates = candidates
        self._rules = rules
        self._parts = _split(candidates)
        self._primaries = [primary_of(candidate.language) for candidate in candidates]
        known = Counter(primary for primary in self._primaries if primary != UNKNOWN_LANGUAGE)
        self._main = min(known, key=lambda tag: (-known[tag], tag != "en", tag), default="")
        self._plain: dict[str, list[int]] = defaultdict(list)
        for number, parts in enumerate(self._parts):
            self._plain[_key(parts)].append(number)
        self._families = self._collect()
        self._source_folders: dict[Family, tuple[str, ...] | None] = {}
        self._accepted: dict[int, tuple[Mark, Family, str]] = {}  # by document
        self._classes: Counter[tuple[str, str]] = Counter()  # (separator, tag) -> files whose texts agree

    def places(self) -> list[Place]:
        """Return the place of each document."""
        found = {family: self._judge(family) for family in self._families}
        self._count_classes(found)
        accepted = {family: self._accept(family, parts) for family, parts in found.items()}
        gains = {family: self._gain(parts) for family, parts in accepted.items()}
        for family in sorted(accepted, key=lambda each: (-gains[each], -each.folder.count("/"), each)):
            self._assign(family, accepted[family])
        return self._resolve()

    def _collect(self) -> Mapping[Family, Mapping[str, Sequence[Mark]]]:
        """Return all families: what may name a language, by place and name."""
        families: dict[Family, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
        first = 0 if len({candidate.root for candidate in self._candidates}) > 1 else 1
        for number, parts in enumerate(self._parts):
            last = len(parts) - 1
            for at in range(first, len(parts)):
                part, folder = parts[at], "/".join(parts[1:at])
                root = parts[0]
                if at == 0:
                    root, part = os.path.split(part)
                for reading in read_part(part, self._rules.codes):
                    family = Family(root, folder, comparison_key(reading.rest), at == last)
                    families[family][reading.name].append(Mark(number, at, reading))
        return families

    def _judge(self, family: Family) -> dict[str, Part]:
        """Return what the documents of a family say about each of its parts."""
        self._source_folders[family] = self._find_source_folder(family)
        members = self._families[family]
        by_key: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for name, marks in members.items():
            for mark in marks:
                by_key[self._key_of(mark, self._source_folders[family])].append((name, mark.document))
        counterparts: dict[str, list[tuple[int, list[int]]]] = defaultdict(list)
        for key, named in by_key.items():
            plain = self._plain.get(key, ())
            for name, document in named:
                others = [each for each in plain[:_MAX_COMPARED] if each != document]
                others += [each for other, each in named[:_MAX_COMPARED] if other != name]
                counterparts[name].append((document, others))
        parts = {name: self._count(name, marks, counterparts[name]) for name, marks in members.items()}
        return {name: as_country(name, part, parts) for name, part in parts.items()}

    def _count(self, name: str, marks: Sequence[Mark], counterparts: Sequence[tuple[int, Sequence[int]]]) -> Part:
        texts = Counter(self._primaries[mark.document] for mark in marks)
        tag = self._rules.codes.get(name) or max(marks[0].reading.tags, key=lambda each: texts[primary_of(each)])
        agreeing, unknown = texts[primary_of(tag)], texts[UNKNOWN_LANGUAGE]
        main = texts[self._main] if self._main != primary_of(tag) else 0
        mirrored = foreign = same = copies = 0
        for document, others in counterparts:
            if others:
                own, outline = self._primaries[document], self._candidates[document].outline
                mirrored += 1
                foreign += any(self._primaries[other] not in (own, UNKNOWN_LANGUAGE) for other in others)
                same += all(self._primaries[other] == own for other in others)
                copies += any(self._candidates[other].outline == outline for other in others)
        return Part(
            marks,
            tag,
            agreeing,
            unknown,
            main,
            others=len(marks) - agreeing - unknown - main,
            mirrored=mirrored / len(counterparts),
            foreign=foreign >= same,
            is_copy=2 * copies >= mirrored > 0,
        )

    def _count_classes(self, found: Mapping[Family, Mapping[str, Part]]) -> None:
        for family, parts in found.items():
            if family.of_files:
                for part in parts.values():
                    if part.is_confirmed and part.mirrored and part.foreign:
                        self._classes[part.reading.separator, part.tag] += len(part.marks)

    def _accept(self, family: Family, parts: Mapping[str, Part]) -> dict[str, Part]:
        """Return the parts that name a language."""
        confirmed = {name: part for name, part in parts.items() if self._is_named_by_text(family, part, parts)}
        accepted = dict(confirmed)
        is_translated = any(primary_of(part.tag) != self._main for part in confirmed.values())
        in_language_folder = not family.of_files and family.folder.rpartition("/")[2].lower() in LANGUAGE_FOLDERS
        for name, part in parts.items():
            if name in accepted:
                continue
            has_class = self._classes[part.reading.separator, part.tag] >= _MIN_FILES_OF_CLASS
            is_mirrored = part.mirrored >= _MIN_MIRRORED
            is_supported = bool(confirmed) and (is_translated or (part.is_copy and part.reading.is_code))
            is_silent = part.unknown > part.main + part.others + part.agreeing
            if family.of_files:
                is_named = self._is_named_in_file(part, is_supported=is_supported, has_class=has_class)
            elif is_supported:
                is_named = is_mirrored or (part.reading.is_code and part.agreeing >= part.main + part.others)
            else:
                is_usual = in_language_folder or is_silent or name in self._confirmed_folders
                is_usual &= 2 * part.others <= len(part.marks)
                is_named = part.reading.is_code and is_mirrored and is_usual
            if is_named or name in self._rules.codes:
                accepted[name] = part
        return with_distinct_tags(accepted)

    def _is_named_by_text(self, family: Family, part: Part, parts: Mapping[str, Part]) -> bool:
        """Return whether the texts below a part are in its language, and nothing speaks against it."""
        if not part.is_confirmed:
            return False
        reading = part.reading
        others = [other for other in parts.values() if other is not part and other.is_confirmed]
        has_foreign = (part.mirrored > 0 and part.foreign) or any(other.tag != part.tag for other in others)
        if part.mirrored and not has_foreign:
            return False  # a page beside one in the same language
        if family.of_files and (reading.position == "prefix" or not reading.is_code):
            return has_foreign or (reading.position == "suffix" and reading.is_certain)
        return True

    @cached_property
    def _confirmed_folders(self) -> frozenset[str]:
        """The names of folders that are confirmed somewhere in the library."""
        return frozenset(
            name
            for family, members in self._families.items()
            if not family.of_files
            for name, marks in members.items()
            if self._agrees(marks)
        )

    def _agrees(self, marks: Sequence[Mark]) -> bool:
        primaries = {primary_of(tag) for tag in marks[0].reading.tags}
        agreeing = sum(self._primaries[mark.document] in primaries for mark in marks)
        return 2 * agreeing > len(marks) > 1

    @staticmethod
    def _is_named_in_file(part: Part, *, is_supported: bool, has_class: bool) -> bool:
        """Return whether the name of a file has a language that its text does not confirm."""
        if part.reading.position == "prefix":
            return False
        if is_supported:
            return True
        if not part.mirrored:
            return False
        return has_class or (part.unknown > 0 and part.reading.is_code and part.reading.is_certain)

    @staticmethod
    def _gain(parts: Mapping[str, Part]) -> float:
        """Return about how many documents have a counterpart in another language."""
        return sum(part.mirrored * len(part.marks) for part in parts.values() if part.foreign or part.is_copy)

    def _assign(self, family: Family, parts: Mapping[str, Part]) -> None:
        """Let a family name the languages of its documents, except where a better one does."""
        for part in parts.values():
            free = [mark for mark in part.marks if mark.document not in self._accepted]
            if 2 * len(free) >= len(part.marks):
                for mark in free:
                    if family.of_files or not self._is_named_otherwise(mark, part):
                        self._accepted[mark.document] = (mark, family, part.tag)

    def _is_named_otherwise(self, mark: Mark, part: Part) -> bool:
        """Return whether a file in a folder of one language is named as being in another, and is: `en/README.pl.md`."""
        own = self._primaries[mark.document]
        if own in (primary_of(part.tag), UNKNOWN_LANGUAGE):
            return False
        name = self._parts[mark.document][-1]
        return any(own == primary_of(tag) for each in read_part(name, self._rules.codes) for tag in each.tags)

    def _find_source_folder(self, family: Family) -> tuple[str, ...] | None:
        """Return the folder below which the untranslated documents of a family are; None for the usual one.

        The usual one is the folder of the family, without `i18n` or the like. Others are tried if nothing is there.
        """
        marks = [mark for marks in self._families[family].values() for mark in marks]
        folders = self._parts[marks[0].document][: marks[0].at]
        is_special = any(part.lower() in LANGUAGE_FOLDERS for part in folders[1:])
        is_special |= family.of_files and family.rest == "readme" and folders[-1].lower() in _README_FOLDERS
        if not folders or not (is_special or "docusaurus-plugin" in "/".join(self._parts[marks[0].document])):
            return None
        usual = _above_languages(folders)
        choices = [usual, folders, *(usual[:length] for length in range(len(usual) - 1, 0, -1))]
        counts = [sum(self._key_of(m, source_folder) in self._plain for m in marks) for source_folder in choices]
        if family.of_files and counts[1]:
            return tuple(folders)
        best = max(range(len(choices)), key=lambda number: (counts[number], -number))
        return tuple(choices[best if counts[0] < _MIN_MIRRORED * len(marks) else 0])

    def _key_of(self, mark: Mark, source_folder: Sequence[str] | None) -> str:
        return _key(_without(self._parts[mark.document], mark, source_folder))

    def _resolve(self) -> list[Place]:
        """Return the places, now that it is known what names the languages."""
        configured = _configured_folders(self._rules)
        places = []
        for number, parts in enumerate(self._parts):
            candidate = self._candidates[number]
            tag = self._rules.folder_language(os.path.join(candidate.root, candidate.path))
            if number in self._accepted:
                mark, family, named = self._accepted[number]
                neutral = _without(parts, mark, self._source_folders[family])
                layer = (family.root, "*") if family.of_files else (family.root, family.folder, family.rest)
                base = "" if family.of_files else _key(neutral[: len(neutral) - len(parts) + mark.at + 1])
                places.append(Place(_key(neutral), _name(neutral), tag or named, layer, base))
            elif tag:
                neutral = _without_configured(parts, configured)
                places.append(Place(_key(neutral), _name(neutral), tag, ("",)))
            else:
                places.append(Place(_key(parts), _name(parts)))
        return self._without_second_marks(places)

    def _without_second_marks(self, places: list[Place]) -> list[Place]:
        """Remove the language from names of files in a folder of that language, where that pairs: `pl/intro-pl.md`."""
        counts = Counter(place.key for place in places)
        changed: dict[int, Place] = {}
        for number, (mark, family, tag) in self._accepted.items():
            parts = self._parts[number]
            if family.of_files or counts[places[number].key] > 1:
                continue
            for reading in read_part(parts[-1], self._rules.codes):
                if reading.rest and primary_of(tag) in map(primary_of, reading.tags):
                    second = [*parts[:-1], reading.rest]
                    neutral = _without(second, mark, self._source_folders[family])
                    changed[number] = places[number]._replace(key=_key(neutral), name=_name(neutral))
        new_counts = counts + Counter(place.key for place in changed.values())
        for number, place in changed.items():
            if new_counts[place.key] > 1:
                places[number] = place
        return places


def _configured_folders(rules: LibraryRules) -> frozenset[str]:
    """Return the configured folders of languages that are next to those of other languages: `content/english`."""
    tags: dict[str, list[str]] = defaultdict(list)
    for folder, tag in rules.folders.items():
        tags[os.path.dirname(folder)].append(tag)
    return frozenset(
        folder for folder in rules.folders if len(found := tags[os.path.dirname(folder)]) == len(set(found)) > 1
    )


def _without_configured(parts: Sequence[str], configured: Collection[str]) -> list[str]:
    """Return the parts of a path without the inmost folder that is configured to be in one language."""
    for at in range(len(parts) - 2, 0, -1):
        if os.path.join(*parts[: at + 1]) in configured:
            return [*parts[:at], *parts[at + 1 :]]
    return list(parts)


def _split(candidates: Iterable[Candidate]) -> list[list[str]]:
    """Return for each document its library folder and the parts of its path, the last without extension."""
    found = []
    for candidate in candidates:
        *folders, name = candidate.path.split("/")
        found.append([candidate.root, *folders, name.rpartition(".")[0] or name])
    return found


def _above_languages(folders: Sequence[str]) -> Sequence[str]:
    """Return the folder below which untranslated documents usually are: that of the languages, but not `i18n`."""
    return folders[:-1] if len(folders) > 1 and folders[-1].lower() in LANGUAGE_FOLDERS else folders


def _without(parts: Sequence[str], mark: Mark, source_folder: Sequence[str] | None) -> list[str]:
    """Return the parts of a path without the one that names the language."""
    at, rest = mark.at, mark.reading.rest
    if at == 0:
        return [os.path.join(os.path.dirname(parts[0]), rest), *parts[1:]]
    folders = parts[:at] if source_folder is None else source_folder
    if source_folder is None and not rest:
        folders = _above_languages(folders)
    return [*folders, *([rest] if rest else []), *parts[at + 1 :]]


def _name(parts: Sequence[str]) -> str:
    return without_docusaurus("/".join(parts[1:]))


def _key(parts: Sequence[str]) -> str:
    return f"{parts[0]}\0{comparison_key(_name(parts))}"
