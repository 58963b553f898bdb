"""Finds what documents in folders of languages have in common besides their paths: pages of folders, keys, numbers."""

import re
from collections.abc import Collection, Iterable, Sequence

from relmgr_cli.corpus.candidate import Candidate
from relmgr_cli.corpus.path_layers import Place
from relmgr_cli.corpus.translation_paths import INDEX_NAMES

SHARED_KEYS = ("permalink", "id", "slug")  # front matter that translations often have in common
_NUMBER = re.compile(r"(\d{1,9}(?:[-_.]\d{1,9}){0,3})(?:[-_. ]|$)")  # at the beginning of a name
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


def keys_of(members: Iterable[Candidate], kind: str) -> frozenset[str]:
    """Return the front matter of one kind that documents have."""
    return frozenset(key for member in members for key in member.traits.shared_keys if key.startswith(f"{kind} "))
