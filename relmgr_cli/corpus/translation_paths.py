"""Removes the language from a path: which parts name one, and what translations of a file have in common.

Repositories keep translations in folders (`content/pl/`, `pages.pl/`, `i18n/pl/...`, `translations/polish/`), in
sibling checkouts (`pl.reactjs.org/`, `docs.pl-pl/`) or in file names (`README.pl.md`, `README-pl.md`,
`index_pl-PL.md`). Whatever the tool, two files are translations of each other when their paths are equal without
the part that names the language. A name alone proves nothing: `docker-rm.md` is not Romansh, and `os/` is not Ossetian.
So callers accept a marker only where the text agrees with it.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.corpus.files import FoundFile, scan
from relmgr_cli.errors import LibraryMissingError
from relmgr_cli.languages.names import languages
from relmgr_cli.languages.normalization import fold
from relmgr_cli.languages.tags import parse_tag

INDEX_NAMES = ("index", "_index", "readme")  # names of a file that is the page of its folder, best first
LANGUAGE_FOLDERS = frozenset(
    "lang langs language languages i18n _i18n l10n locale locales translation translations".split()
)
_MAX_LEVELS = 20  # folders above a file

_BARE_CODE = r"[A-Za-z]{2,3}"
_CODE = rf"{_BARE_CODE}(?:[-_][A-Za-z]{{4}})?(?:[-_](?:[A-Za-z]{{2}}|[0-9]{{3}}))?"
_WHOLE = re.compile(_CODE)
_SUFFIXES = (re.compile(rf"(.+?)([._-])({_CODE})"), re.compile(rf"(.+)([._-])({_BARE_CODE})"))
_PREFIX = re.compile(rf"({_CODE})([._])(.+)")
_DOCUSAURUS = re.compile(
    r"docusaurus-plugin-content-(docs|blog|pages)(?:-([^/]+))?(?:/current(?=/|$)|/(version-[^/]+))?"
)


class LanguageMarker(NamedTuple):
    """A part of a path that may name a language."""

    tag: str
    part: int  # index of the part of the path it is in; the last part is the file name
    rest: str  # what remains of that part without it; "" if it was all of it
    is_certain: bool  # the whole part, or with a dot or a region: rarely by chance


class _Reading(NamedTuple):
    """One way to read a part of a path as naming a language."""

    tag: str
    position: str  # whole, suffix, prefix
    rest: str
    is_certain: bool


@lru_cache(20_000)
def _readings(part: str) -> tuple[_Reading, ...]:
    """Return the ways to read a part of a path, the likeliest first; what the tag says is not checked."""
    return tuple(_read(part))


def _read(part: str) -> Iterator[_Reading]:
    if tag := (_WHOLE.fullmatch(part) and parse_tag(part)) or _language_names().get(fold(part)):
        yield _Reading(tag, "whole", "", is_certain=True)
    for pattern in _SUFFIXES:
        if (match := pattern.fullmatch(part)) and (tag := parse_tag(match[3])):
            yield _Reading(tag, "suffix", match[1], match[2] == "." or "-" in match[3] or "_" in match[3])
    if (match := _PREFIX.fullmatch(part)) and (tag := parse_tag(match[1])):
        yield _Reading(tag, "prefix", match[3], match[2] == ".")


@cache
def _language_names() -> dict[str, str]:
    names = {"chinese-traditional": "zh-TW"}
    for language in languages().values():
        names.update({fold(language.name): language.tag, fold(language.native_name): language.tag})
    return names


def _primary(tag: str) -> str:
    return tag.partition("-")[0]


def find_markers(path: str) -> Iterator[LanguageMarker]:
    """Yield what may name a language in a path, folders first, the file name last."""
    *folders, name = path.split("/")
    for index, part in enumerate((*folders, name.rpartition(".")[0] or name)):
        positions: set[str] = set()
        for reading in _readings(part):
            by_chance = index == len(folders) and reading.position == "prefix"  # a file name such as `no.5.md`
            if by_chance or _primary(reading.tag) not in languages() or reading.position in positions:
                continue
            yield LanguageMarker(reading.tag, index, reading.rest, reading.is_certain)
            if reading.position == "whole":
                break
            positions.add(reading.position)


def language_neutral_path(path: str, markers: Iterable[LanguageMarker] = ()) -> str:
    """Return a path without its language markers, in the form in which the paths of translations are equal.

    Lower case, spaces as hyphens, no extension; an index file has the path of its folder.
    """
    parts = path.split("/")
    parts[-1] = parts[-1].rpartition(".")[0] or parts[-1]
    parts = [part.lower().replace(" ", "-") for part in _remove_markers(parts, markers)]
    if parts and parts[-1] in INDEX_NAMES:
        parts.pop()
    return without_docusaurus("/".join(parts))


def _remove_markers(parts: Sequence[str], markers: Iterable[LanguageMarker]) -> list[str]:
    """Return the parts of a path without markers, nor the folders that only hold languages (`i18n/`)."""
    remaining = list(parts)
    for marker in markers:
        remaining[marker.part] = marker.rest
        if not marker.rest and marker.part and remaining[marker.part - 1].lower() in LANGUAGE_FOLDERS:
            remaining[marker.part - 1] = ""
    return [part for part in remaining if part]


def without_docusaurus(path: str) -> str:
    """Return the path that Docusaurus translates: `docusaurus-plugin-content-docs/current/x` is `docs/x`."""
    return _DOCUSAURUS.sub(_docusaurus_folder, path, count=1) if "docusaurus-plugin" in path else path


def _docusaurus_folder(match: re.Match[str]) -> str:
    kind, instance, version = match.groups()
    folder = "src/pages" if kind == "pages" else kind
    if not version:
        return instance or folder
    return f"{instance}_versioned_{folder}/{version}" if instance else f"versioned_{folder}/{version}"


def comparison_key(path: str) -> str:
    """Return a path in the form in which paths are compared: case, composition and spaces make no difference."""
    return unicodedata.normalize("NFC", path).casefold().replace("\\", "/").replace(" ", "-").rstrip("/")


class TranslationFiles(NamedTuple):
    """A file and its translations."""

    root: Path
    paths: frozenset[str]  # below it
    dependencies: tuple[str, ...] = ()  # the folders and files that decided which these are


def find_translations(file: Path) -> TranslationFiles:
    """Return a file together with its translations, judged by their paths."""
    dependencies = [os.path.join(folder, ".git") for folder in [*file.parents][:_MAX_LEVELS]]
    root = _search_root(file)
    alone = TranslationFiles(file, frozenset([file.name]), tuple(dependencies))
    if root is None:
        return alone
    path = os.path.relpath(file, root)
    try:
        others = [found.path for found in scan(root, dependencies) if isinstance(found, FoundFile)]
    except LibraryMissingError:
        return alone
    neutral = _certain_neutral_path(path)
    together = frozenset(other for other in others if _certain_neutral_path(other) == neutral)
    if path not in together:
        return alone._replace(dependencies=tuple(dependencies))
    return TranslationFiles(root, together, tuple(dependencies))


def _certain_neutral_path(path: str) -> str:
    return language_neutral_path(path, [marker for marker in find_markers(path) if marker.is_certain])


def _search_root(file: Path) -> Path | None:
    """Return the folder to search for the translations of a file; None to search nowhere.

    The checkout of the file, else the parent of its language folder, else its folder.
    """
    folders = [*file.parents][:_MAX_LEVELS]
    checkout = next((folder for folder in folders if os.path.lexists(folder / ".git")), None)
    if checkout and str(checkout) != os.path.expanduser("~"):
        return _if_deep_enough(checkout)
    marked = [m.part for m in find_markers(file.as_posix().lstrip("/")) if m.part < len(file.parents) - 1]
    is_marked = marked and os.name == "posix"
    return _if_deep_enough(Path("/", *file.parts[1 : 1 + marked[-1]]) if is_marked else file.parent)


def _if_deep_enough(folder: Path) -> Path | None:
    """Return the folder unless it is a whole disk, all home folders, or the like."""
    return folder if len(folder.parts) > 2 else None  # noqa: PLR2004 ("/" and one more)
