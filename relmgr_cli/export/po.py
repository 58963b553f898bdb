"""Exports units as gettext catalogs, a file for each language.

The source text is the msgid, article and section are the msgctxt. Equal texts of one section are one entry, with all
their places. Where they have other translations, each of these has an entry: its msgctxt ends with the number of its
unit. There are no plural forms in a text, so the header has no formula for them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from relmgr_cli import __version__, file_messages
from relmgr_cli.export.names import section_name, shown_path, unit_name
from relmgr_cli.export.units import ExportArticle, ExportFile, ExportUnit, Request, Segment, Tally
from relmgr_cli.languages.names import english_name
from relmgr_cli.markdown.blocks import VERBATIM_KINDS
from relmgr_cli.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from polib import POEntry

_FUZZY = "fuzzy"


def files(articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
    """Yield the catalog of each language but the source: `pt_BR.po`."""
    source, *targets = request.languages
    catalogs = {tag: [_header(request, tag)] for tag in targets}
    for article in articles:
        units = _units_with_source(article, source, tally)
        merged: set[int] = set()
        for tag, catalog in catalogs.items():
            catalog.extend(map(_text, _entries(article, units, source, tag, merged)))
        tally.doubtful += sum(not unit.doubtful.isdisjoint(targets) for _, unit in units)
        tally.untranslated += sum(any(tag not in unit.segments for tag in targets) for _, unit in units)
        tally.merged += len(merged)
    for tag, catalog in catalogs.items():
        yield ExportFile(f"{_locale(tag)}.po", "\n".join(catalog))


def template(articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
    """Yield the catalog without translations: `messages.pot`."""
    source = request.languages[0]
    catalog = [_header(request, "")]
    for article in articles:
        units = _units_with_source(article, source, tally)
        merged: set[int] = set()
        catalog += map(_text, _entries(article, units, source, "", merged))
        tally.merged += len(merged)
    yield ExportFile("messages.pot", "\n".join(catalog))


def _units_with_source(article: ExportArticle, source: str, tally: Tally) -> list[tuple[int, ExportUnit]]:
    """Return the units that the source has, with their numbers in the article."""
    units = [(number, unit) for number, unit in enumerate(article.units, 1) if source in unit.segments]
    tally.written += len(units)
    tally.sourceless += len(article.units) - len(units)
    return units


def _entries(
    article: ExportArticle,
    units: Sequence[tuple[int, ExportUnit]],
    source: str,
    target: str,
    merged: set[int],
) -> Iterator["POEntry"]:
    """Yield the entries of an article; the numbers of units merged with an earlier one are added to `merged`."""
    from polib import POEntry

    known: dict[tuple[str, str], dict[str, POEntry]] = {}  # by section and text, then by translation
    for number, unit in units:
        original = unit.segments[source]
        text = _message(original)
        translation = _message(unit.segments[target]) if target in unit.segments else ""
        is_doubtful = bool(translation) and target in unit.doubtful
        same = known.setdefault((unit.section, text), {})
        entry = same.get(translation)
        if not translation and same:
            entry = next(iter(same.values()))
        elif "" in same:  # the only one so far
            entry = same.pop("")
        if entry is None:
            name = unit_name(article, unit, number) if same else section_name(article, unit)
            flags = ["no-wrap"] if unit.kind in VERBATIM_KINDS else []
            entry = POEntry(msgctxt=name, msgid=text, msgstr=translation, comment=unit.kind, flags=flags)
            _mark(entry, is_doubtful=is_doubtful)
        else:
            merged.add(number)
            if translation:
                _mark(entry, is_doubtful=is_doubtful and (not entry.msgstr or _FUZZY in entry.flags))
                entry.msgstr = translation
        same[entry.msgstr] = entry
        entry.occurrences.append((_reference(original), str(original.line)))
    for same in known.values():
        yield from same.values()


def _mark(entry: "POEntry", *, is_doubtful: bool) -> None:
    flags = [flag for flag in entry.flags if flag != _FUZZY]
    entry.flags = [_FUZZY, *flags] if is_doubtful else flags


def _message(segment: Segment) -> str:
    """Return a text as msgfmt accepts it: both languages begin and end with a newline, or none of them."""
    return segment.text.strip("\n")


def _reference(segment: Segment) -> str:
    """Return a path as one word: references are separated by spaces."""
    return "%20".join(shown_path(segment).split())


def _text(entry: "POEntry") -> str:
    # Texts are not wrapped: a long line is harmless, and wrapping takes most of the time.
    text: str = entry.__unicode__(wrapwidth=0)
    return text


def _header(request: Request, target: str) -> str:
    """Return the comment and the first entry of a catalog; of a template for the target ""."""
    from polib import POFile

    title = sanitize_line(request.title)
    catalog = POFile(wrapwidth=0)
    now = f"{request.date[:10]} {request.date[11:16]}+0000"
    catalog.header = (
        file_messages.PO_TITLE.fill(title=title, language=english_name(target))
        if target
        else file_messages.POT_TITLE.fill(title=title)
    )
    catalog.metadata_is_fuzzy = not target
    catalog.metadata = {
        "Project-Id-Version": title,
        "POT-Creation-Date": now,
        "PO-Revision-Date": now if target else "YEAR-MO-DA HO:MI+ZONE",
        "Last-Translator": "Automatically generated" if target else "FULL NAME <EMAIL@ADDRESS>",
        "Language-Team": "none" if target else "LANGUAGE <LL@li.org>",
        "Language": _locale(target),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Generator": f"relmgr {__version__}",
        "X-Source-Language": _locale(request.languages[0]),
    }
    return str(catalog)


def _locale(tag: str) -> str:
    """Return the name of a language as gettext, Weblate and Poedit write it: `pt_BR`, `zh_Hant`."""
    return tag.replace("-", "_")
