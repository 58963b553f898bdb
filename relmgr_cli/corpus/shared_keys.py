"""Finds what documents in folders of languages have in common besides their paths: pages of folders, keys, numbers."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from relmgr_cli.corpus.candidate import Candidate
from relmgr_cli.corpus.path_layers import Place
from relmgr_cli.corpus.translation_paths import INDEX_NAMES

SHARED_KEYS = ("permalink", "id", "slug")  # front matter that translations often have in common
_NUMBER = re.compile(r"(\d{1,9}(?:[-_.]\d{1,9}){0,3})(?:[-_. ]|$)")  # at the beginning of a name
_IN_SERIES = re.compile(r"([^\W\d_]{2,20})[-_. ](\d{1,9})(?:[-_. ]|$)")  # after a word: `day-01`
_MIN_SERIES = 3  # different numbers after a word
_DIGIT = re.compile(r"\d")
_MIN_RENAMED = 3  # equal paths below two folders with different names
_VAGUE_KEY = re.compile(r"slug |id [\d\W_]*$")  # what unrelated documents may have in common


def other_keys(
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
    yield _in_renamed_folders([(candidate, place, scope) for candidate, place, scope in scoped if scope])
    numbers = _Numbers(
        (candidate.language, place.key.removeprefix(scope)) for candidate, place, scope in scoped if scope
    )
    yield [
        ((scope, number), candidate)
        for candidate, place, scope in scoped
        if scope and (number := numbers.of(candidate.language, place.key.removeprefix(scope)))
    ]


def _in_renamed_folders(
    scoped: Sequence[tuple[Candidate, Place, str]],
) -> list[tuple[tuple[str, ...], Candidate]]:
    """Return keys for translations below a folder with another name than that of the originals.

    Docusaurus has the translations of `contents/a.md` in the same place as those of `docs/a.md`. The originals are in
    the folder that has most of the same paths, where none are in one of the same name.
    """
    keys = [(scope, *place.key.removeprefix(scope).lstrip("/").partition("/")[::2]) for _, place, scope in scoped]
    tails: dict[bool, dict[tuple[str, str], set[str]]] = {True: defaultdict(set), False: defaultdict(set)}
    for (scope, folder, tail), (candidate, _, _) in zip(keys, scoped, strict=True):
        if tail:
            tails[candidate.is_placed][scope, folder].add(tail)
    folders: dict[str, list[str]] = defaultdict(list)
    for scope, folder in tails[False]:
        if (scope, folder) not in tails[True] and not _DIGIT.search(folder):  # a version is not another one
            folders[scope].append(folder)
    original: dict[tuple[str, str], str] = {}
    for (scope, folder), translated in tails[True].items():
        if (scope, folder) not in tails[False] and not _DIGIT.search(folder):
            counts = {each: len(translated & tails[False][scope, each]) for each in folders[scope]}
            best = max(counts, key=lambda each: (counts[each], each), default="")
            if best and counts[best] >= max(_MIN_RENAMED, len(translated) / 2):
                original[scope, folder] = best
    found: list[tuple[tuple[str, ...], Candidate]] = []
    for (scope, folder, tail), (candidate, _, _) in zip(keys, scoped, strict=True):
        name = original.get((scope, folder)) if candidate.is_placed else folder
        if name and tail and name in original.values():
            found.append(((scope, name, tail), candidate))
    return found


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


class _Numbers:
    """The numbers in the names of files and folders: at the beginning, or after a word that begins a series.

    `day-01`, `day-02`, `day-03` is a series. A folder with one document is like a file: `02-types/types.md`.
    """

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        series: dict[str, set[str]] = defaultdict(set)
        self._documents: Counter[tuple[str, str]] = Counter()  # by language and folder
        for language, key in named:
            self._documents[language, key.rpartition("/")[0]] += 1
            for part in key.split("/"):
                if match := _IN_SERIES.match(part):
                    series[match[1]].add(match[2])
        self._series = {each for each, numbers in series.items() if len(numbers) >= _MIN_SERIES}

    def of(self, language: str, key: str) -> str:
        """Return a key with numbers instead of the names that have one; "" if no name has one."""
        parts = key.split("/")
        numbers = [self._number(part) for part in parts]
        if not any(numbers):
            return ""
        if len(parts) > 1 and numbers[-2]:
            is_only = self._documents[language, key.rpartition("/")[0]] == 1
            if is_only or numbers[-1] == numbers[-2]:
                del parts[-1], numbers[-1]
        return "/".join(number or part for part, number in zip(parts, numbers, strict=True))

    def _number(self, part: str) -> str:
        if match := _NUMBER.match(part):
            return match[1]
        match = _IN_SERIES.match(part)
        return match[2] if match and match[1] in self._series else ""


def keys_of(members: Iterable[Candidate], kind: str) -> frozenset[str]:
    """Return the front matter of one kind that documents have."""
    return frozenset(key for member in members for key in member.traits.shared_keys if key.startswith(f"{kind} "))
