"""What the place of a file says: the language it is in, and which files lie in the same place for other languages.

Repositories keep translations in folders (`content/pl/`, `pages.pl/`, `i18n/pl/...`, `translations/polish/`), in
sibling checkouts (`pl.reactjs.org/`, `docs.pl-pl/`) or in names (`README.pl.md`, `README-pl.md`, `index_pl-PL.md`).
Whatever the tool, two files are translations of each other when their paths are equal once the part that names the
language is taken out. None of these marks is trusted alone: `docker-rm.md` is not Romansh, and `os/` not Ossetian.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from relmgr_cli.languages.table import languages
from relmgr_cli.languages.tags import parse_tag

_TAG = r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|[0-9]{3}))?"
_WHOLE = re.compile(_TAG)
_LAST = re.compile(rf"(.+?)([._-])({_TAG})")
_FIRST = re.compile(rf"({_TAG})([._])(.+)")
_CARRIERS = frozenset("lang langs language languages i18n _i18n l10n locale locales translation translations".split())
_INDEX_NAMES = frozenset(["index", "_index", "readme"])
_DOCUSAURUS = re.compile(r"docusaurus-plugin-content-(docs|blog|pages)(?:-([^/]+))?/(?:current/|(version-[^/]+)/)?")


class Mark(NamedTuple):
    """A part of a path that may name a language."""

    tag: str
    part: int  # which part of the path it stands in, from 0; the last is the file name
    rest: str  # what remains of that part without it; "" when it was nothing else
    is_certain: bool  # a whole folder, or set off by a dot or with a region: seldom by chance


def marks_in(path: str) -> Iterator[Mark]:
    """Yield what may name a language in a path, the folders first, the file name last."""
    *folders, name = path.split("/")
    for part, folder in enumerate(folders):
        yield from _marks_in_folder(folder, part)
    stem = name.rpartition(".")[0] or name
    if tag := _known(stem):
        yield Mark(tag, len(folders), "", is_certain=True)
    elif match := _LAST.fullmatch(stem):
        before, separator, written = match.groups()
        if tag := _known(written):
            certain = separator == "." or "-" in written or "_" in written
            yield Mark(tag, len(folders), before, is_certain=certain)


def _marks_in_folder(folder: str, part: int) -> Iterator[Mark]:
    if tag := _known(folder):
        yield Mark(tag, part, "", is_certain=True)
        return
    if (match := _LAST.fullmatch(folder)) and (tag := _known(match[3])):
        yield Mark(tag, part, match[1], is_certain=match[2] == "." or "-" in match[3] or "_" in match[3])
    if (match := _FIRST.fullmatch(folder)) and (tag := _known(match[1])):
        yield Mark(tag, part, match[3], is_certain=match[2] == ".")


def _known(written: str) -> str | None:
    """Return the tag for a code or a name of a language, None for anything else."""
    if _WHOLE.fullmatch(written):
        tag = parse_tag(written)
        return tag if tag and tag.partition("-")[0] in languages() else None
    return _names().get(written.lower())


def _names() -> dict[str, str]:
    if not _NAMES:
        for language in languages().values():
            _NAMES.update({language.name.lower(): language.tag, language.native_name.lower(): language.tag})
        _NAMES.update({"espanol": "es", "francais": "fr", "portugues": "pt", "chinese-traditional": "zh-TW"})
    return _NAMES


_NAMES: dict[str, str] = {}


def place_of(path: str, marks: tuple[Mark, ...] = ()) -> str:
    """Return the path without its language marks, in the form in which translations compare equal.

    Lower case, spaces as hyphens, no extension; an index file stands for its folder, a folder that only carries
    languages (`i18n/`, `translations/`) falls away with the mark in it.
    """
    parts: list[str | None] = list(path.split("/"))
    name = str(parts[-1])
    parts[-1] = name.rpartition(".")[0] or name
    for mark in marks:
        parts[mark.part] = mark.rest or None
        if not mark.rest and mark.part and str(parts[mark.part - 1]).lower() in _CARRIERS:
            parts[mark.part - 1] = None
    kept = [part.lower().replace(" ", "-") for part in parts if part]
    if kept and kept[-1] in _INDEX_NAMES:
        kept.pop()
    return _without_docusaurus("/".join(kept))


def _without_docusaurus(place: str) -> str:
    """Return the place that Docusaurus translates: `i18n/../docusaurus-plugin-content-docs/current/x` is `docs/x`."""
    match = _DOCUSAURUS.search(place)
    if not match:
        return place
    before, kind, instance, version = place[: match.start()], *match.groups()
    folder = {"docs": "docs", "blog": "blog", "pages": "src/pages"}[kind]
    if version:
        folder = f"versioned_{folder}"
    if instance:
        folder = f"{instance}_{folder}" if version else instance
    rest = [before.rstrip("/"), folder, version or "", place[match.end() :]]
    return "/".join(part for part in rest if part)
