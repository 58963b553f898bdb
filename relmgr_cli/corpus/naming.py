"""Names articles: the id of each, and the order in which they are numbered.

An id is the path of the article's files without the part that names the language and without extension. The title makes
it only where file names say nothing. So an id depends on the files of its article and on those that would have the
same one, on nothing else, and the order on nothing but the ids.
"""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from relmgr_cli.corpus.files import SUFFIXES
from relmgr_cli.languages.normalization import fold

if TYPE_CHECKING:
    from relmgr_cli.corpus.candidate import Candidate
    from relmgr_cli.corpus.pairing import Group

FOLDER_PAGES = ("index", "readme")  # names of the page of a folder, in the form of `name_key`
_MAX_SLUG = 60  # characters
_MAX_KEY = 500  # characters of a name that are compared
_NUMBER = re.compile(r"([0-9]+)")
_UNSAFE = "#"  # begins the section in an address
_WITHOUT_WORD = "article"

NaturalKey = tuple[tuple[tuple[int | str, ...], ...], ...]


def name_articles(groups: Iterable["Group"]) -> list[tuple[str, "Group"]]:
    """Return the articles with their ids, in the order of their numbers.

    Of several with the same path the first by `_rank` gets it as id; the others get the path of their source's file as
    it is, with its language, then with extension, and with the folder of the library it is in.
    """
    wanted: dict[str, list[Group]] = defaultdict(list)
    for each in groups:
        wanted[_first_choice(each)].append(each)
    roots = _root_names(wanted)
    named: dict[str, Group] = {}
    others = []
    for name, same in wanted.items():
        first, *rest = sorted(same, key=lambda each: _rank(each, name, roots)) if len(same) > 1 else same
        named[name] = first
        others += [(name, index, each) for index, each in enumerate(rest)]
    for _, _, each in sorted(others, key=lambda other: other[:2]):
        named[next(name for name in _other_choices(source_of(each), roots) if name not in named)] = each
    return sorted(named.items(), key=lambda item: (natural_key(item[0]), item[0]))


def source_of(group: "Group") -> "Candidate":
    """Return the document of an article that the others are translated from."""
    return next((member for member in group.members if member.language == group.source), group.members[0])


def _first_choice(group: "Group") -> str:
    name = _safe(group.name)
    return name if name and not name.isdecimal() else slug_of_title(source_of(group).title)


def _rank(group: "Group", name: str, roots: Mapping[str, str]) -> tuple[bool, int, str, str]:
    """Return what decides which of several articles gets an id: one whose file has just this path comes first."""
    source = source_of(group)
    has_path = any(_safe(_without_suffix(member.path)) == name for member in group.members)
    return (not has_path, source.path.count("/"), roots[source.root], source.path)


def _other_choices(source: "Candidate", roots: Mapping[str, str]) -> Iterator[str]:
    """Yield ids for an article whose first choice is taken, the last ones numbered."""
    root = roots[source.root]
    for path in (_without_suffix(source.path), source.path):
        yield _safe(path) or _WITHOUT_WORD
        if root:
            yield _safe(f"{root}/{path}")
    number = 2
    while True:
        yield f"{_safe(source.path) or _WITHOUT_WORD}-{number}"
        number += 1


def _root_names(wanted: dict[str, list["Group"]]) -> dict[str, str]:
    """Return the shortest names of the library's folders that tell them apart; "" for the only one."""
    roots = {member.root for same in wanted.values() for each in same for member in each.members}
    if len(roots) < 2:  # noqa: PLR2004
        return dict.fromkeys(roots, "")
    common = os.path.commonpath(roots)
    return {root: os.path.relpath(root, common) if root != common else os.path.basename(root) for root in roots}


def _without_suffix(path: str) -> str:
    stem, suffix = os.path.splitext(path)
    return stem if suffix else path


def without_document_suffix(name: str) -> str:
    """Return the path of a document without its extension; any other name as it is."""
    stem, suffix = os.path.splitext(name)
    return stem if suffix.casefold() in SUFFIXES else name


def _safe(path: str) -> str:
    """Return a path as an id: composed (NFC), with a hyphen for what cannot be shown or has a meaning in an address."""
    text = unicodedata.normalize("NFC", path)
    kept = "".join("-" if character in _UNSAFE or not _is_shown(character) else character for character in text)
    return "/".join(filter(None, (part.strip(" -") for part in kept.split("/"))))


def _is_shown(character: str) -> bool:
    return character.isprintable() or character in "\u200c\u200d"  # joiners of Indic and Persian


def slug_of_title(title: str) -> str:
    """Return a title as an id: folded words with hyphens between them, at most 60 characters.

    Marks that belong to letters (Indic vowel signs) stay.
    """
    letters = (c if unicodedata.category(c)[0] in "LMN" else " " for c in fold(title[: 4 * _MAX_SLUG]))
    slug = "-".join("".join(letters).split())[:_MAX_SLUG].strip("-")
    return f"{_WITHOUT_WORD}-{slug}" if slug.isdecimal() else slug or _WITHOUT_WORD


def natural_key(name: str) -> NaturalKey:
    """Return a sort key for paths: folder by folder, numbers by their value."""
    return tuple(tuple(map(_natural_part, _NUMBER.split(part))) for part in name.casefold().split("/"))


def _natural_part(part: str) -> tuple[int | str, ...]:
    if part[:1].isascii() and part[:1].isdigit():
        digits = part.lstrip("0")
        return (len(digits), digits)
    return (part,)


def name_key(name: str) -> str:
    """Return a name in the form in which names are compared: case, accents, `-`, `_` and space make no difference."""
    folded = fold(name[:_MAX_KEY]).replace("-", " ").replace("_", " ")
    return "/".join(" ".join(part.split()) for part in folded.split("/"))


def shortest_tail(name: str, others: Sequence[str]) -> str:
    """Return the shortest end of an id, from a folder on, that none of the other ids has."""
    parts = name.split("/")
    keys = [f"/{name_key(other)}" for other in others if other != name]
    for start in range(len(parts) - 1, 0, -1):
        tail = "/".join(parts[start:])
        if not tail.isdecimal() and not any(key.endswith(f"/{name_key(tail)}") for key in keys):
            return tail
    return name
