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
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.corpus.files import FoundFile, scan
from relmgr_cli.errors import LibraryMissingError
from relmgr_cli.languages.names import languages
from relmgr_cli.languages.path_tags import COUNTRY_LANGUAGES, parse_path_tag

INDEX_NAMES = ("index", "_index", "readme")  # names of a file that is the page of its folder, best first
LANGUAGE_FOLDERS = frozenset(
    "lang langs language languages i18n _i18n l10n locale locales translation translations".split()
)
_MAX_LEVELS = 20  # folders above a file

_SEPARATOR = re.compile("[._-]")
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_].+|[A-Z]{2}|Cyrl|Hans|Hant|Latn)?")
_REPEATED = re.compile(r"([a-z]{2})[-_]\1", re.IGNORECASE)  # `ko-KO`: not the region, but what is meant is clear
_MAX_SPLITS = 5  # separators of a part that are tried
_LONGEST_BARE_CODE = 3
_DOCUSAURUS = re.compile(
    r"docusaurus-plugin-content-(docs|blog|pages)(?:-([^/]+))?(?:/current(?=/|$)|/(version-[^/]+))?"
)


class LanguageMarker(NamedTuple):
    """A part of a path that may name a language."""

    tag: str
    part: int  # index of the part of the path it is in; the last part is the file name
    rest: str  # what remains of that part without it; "" if it was all of it
    is_certain: bool  # the whole part, or with a dot or a region: rarely by chance


class Reading(NamedTuple):
    """One way to read a part of a path as naming a language."""

    tags: tuple[str, ...]  # what it may stand for, the likeliest first: a code or name of a language, then a country
    name: str  # the language as it is written there, lower case
    position: str  # whole, suffix, prefix
    separator: str  # between name and rest; "" if the whole part is the name
    rest: str
    is_code: bool  # the first tag is written as a code of a language, not as a name or a country
    is_certain: bool  # the whole part, or with a dot or a region: rarely by chance


@lru_cache(20_000)
def readings(part: str) -> tuple[Reading, ...]:
    """Return the ways to read a part of a path, one for each position; what they say is for the caller to verify."""
    whole = _reading(part, "whole", "", "")
    if whole:
        return (whole,)
    splits = [match.start() for match in _SEPARATOR.finditer(part)]
    ends = (_reading(part[at + 1 :], "suffix", part[at], part[:at]) for at in splits[-_MAX_SPLITS:] if at)
    starts = (_reading(part[:at], "prefix", part[at], part[at + 1 :]) for at in splits[_MAX_SPLITS - 1 :: -1])
    suffix = next((reading for reading in ends if reading), None)
    prefix = next((reading for reading in starts if reading and reading.rest), None)
    return tuple(reading for reading in (suffix, prefix) if reading)


def _reading(name: str, position: str, separator: str, rest: str) -> Reading | None:
    """Return what a name in a path may say, None if it cannot be that of a language."""
    repeated = _REPEATED.fullmatch(name)
    tag = parse_path_tag(repeated[1] if repeated else name)
    country = COUNTRY_LANGUAGES.get(name.lower())
    if tag is None and country is None:
        return None
    is_code = tag is not None and bool(_CODE.fullmatch(name))
    has_region = is_code and len(name) > _LONGEST_BARE_CODE
    return Reading(
        tuple(dict.fromkeys(found for found in (tag, country) if found)),
        name.lower(),
        position,
        separator,
        rest,
        is_code,
        is_certain=tag is not None and (position == "whole" or separator == "." or has_region),
    )


def primary_of(tag: str) -> str:
    """Return the primary subtag of a tag: "pt" for pt-BR."""
    return tag.partition("-")[0]


def find_markers(path: str) -> Iterator[LanguageMarker]:
    """Yield what may name a language in a path, folders first, the file name last."""
    *folders, name = path.split("/")
    for index, part in enumerate((*folders, name.rpartition(".")[0] or name)):
        for reading in readings(part):
            by_chance = index == len(folders) and reading.position == "prefix"  # a file name such as `no.5.md`
            if not by_chance:
                for tag in reading.tags:
                    is_certain = reading.is_certain and tag == reading.tags[0] and primary_of(tag) in languages()
                    yield LanguageMarker(tag, index, reading.rest, is_certain)


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
    neutral = _neutral_paths(path)
    together = frozenset(other for other in others if not neutral.isdisjoint(_neutral_paths(other)))
    if path not in together:
        return alone._replace(dependencies=tuple(dependencies))
    return TranslationFiles(root, together, tuple(dependencies))


def _neutral_paths(path: str) -> frozenset[str]:
    """Return a path without the languages it surely names, and without those that it may name."""
    markers = list(find_markers(path))
    certain = [marker for marker in markers if marker.is_certain]
    in_name = [marker for marker in markers if marker.is_certain or marker.part == path.count("/")]
    return frozenset([language_neutral_path(path, certain), language_neutral_path(path, in_name)])


def _search_root(file: Path) -> Path | None:
    """Return the folder to search for the translations of a file; None to search nowhere.

    The checkout of the file, else the parent of its language folder, else its folder; never the home folder.
    """
    folders = [*file.parents][:_MAX_LEVELS]
    checkout = next((folder for folder in folders if os.path.lexists(folder / ".git")), None)
    if checkout and not _is_too_wide(checkout):
        return checkout
    path = file.as_posix().lstrip("/")
    marked = [m.part for m in find_markers(path) if m.is_certain and m.part < len(file.parents) - 1]
    if marked and os.name == "posix":
        above = Path("/", *file.parts[1 : 1 + marked[-1]])
        if not _is_too_wide(above):
            return above
    return None if _is_too_wide(file.parent) else file.parent


def _is_too_wide(folder: Path) -> bool:
    """Return whether a folder is a whole disk, a home folder or above one."""
    home = os.path.realpath(os.path.expanduser("~"))
    real = os.path.join(os.path.realpath(folder), "")
    return len(folder.parts) <= 2 or os.path.join(home, "").startswith(real)  # noqa: PLR2004 ("/" and one more)
