"""Exports units as a translation memory, TMX 1.4b.

A memory offers its texts as proven translations. So it has no text whose alignment is in doubt, and no unit that only
one language has.
"""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from relmgr_cli import __version__
from relmgr_cli.export.names import certain_segments, place, section_name, unit_name
from relmgr_cli.export.units import ExportArticle, ExportFile, ExportUnit, Request, Segment, Tally

_START = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
_END = "  </body>\n</tmx>\n"


def files(articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
    """Yield the memory of all languages."""
    parts = [_START, _header(request)]
    for article in articles:
        for number, unit in enumerate(article.units, 1):
            segments = certain_segments(unit, request.languages)
            is_doubtful = len(segments) < len(unit.segments)
            tally.left_out += is_doubtful
            tally.untranslated += not is_doubtful and len(segments) < len(request.languages)
            if len(segments) > 1:
                tally.written += 1
                parts.append(_unit(article, unit, number, segments, request.languages[0]))
    yield ExportFile("memory.tmx", "".join([*parts, _END]))


def _header(request: Request) -> str:
    attributes = {
        "creationtool": "relmgr",
        "creationtoolversion": __version__,
        "segtype": "sentence" if request.by_sentence else "paragraph",
        "o-tmf": "relmgr",
        "adminlang": "en",
        "srclang": request.languages[0],
        "datatype": "plaintext",
        "creationdate": _date(request.date),
    }
    return f"  <header{_attributes(attributes)}/>\n  <body>\n"


def _unit(article: ExportArticle, unit: ExportUnit, number: int, segments: Mapping[str, Segment], source: str) -> str:
    attributes = {"tuid": unit_name(article, unit, number)}
    if source not in segments:
        attributes["srclang"] = next(iter(segments))
    properties = _property("x-section", section_name(article, unit)) + _property("x-kind", unit.kind)
    variants = "".join(_variant(tag, segment) for tag, segment in segments.items())
    return f"    <tu{_attributes(attributes)}>{properties}\n{variants}    </tu>\n"


def _variant(language: str, segment: Segment) -> str:
    attributes = {"xml:lang": language}
    if segment.changed:
        attributes["changedate"] = _date(segment.changed)
    text = f"{_property('x-source', place(segment))}<seg>{escape(segment.text)}</seg>"
    return f"      <tuv{_attributes(attributes)}>{text}</tuv>\n"


def _property(name: str, value: str) -> str:
    return f"<prop type={quoteattr(name)}>{escape(value)}</prop>"


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


def _date(date: str) -> str:
    """Return an ISO date as TMX writes it: 20260131T093000Z."""
    return date.replace("-", "").replace(":", "")
