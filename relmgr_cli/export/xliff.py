"""Exports units as XLIFF 2.1, a file for each language.

The texts are Markdown: marks and links are part of them, white space counts. A unit without a translation has no
target; one whose alignment is in doubt is in the state `initial`, as one that has to be translated, and says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from relmgr_cli.export.names import place, shown_path, unit_name
from relmgr_cli.export.units import ExportArticle, ExportFile, ExportUnit, Request, Tally

_END = "</xliff>\n"


def files(articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
    """Yield the file of each language but the source: `pt-BR.xlf`."""
    source, *targets = request.languages
    parts = {tag: [_start(source, tag)] for tag in targets}
    for number, article in enumerate(articles, 1):
        units = [(at, unit) for at, unit in enumerate(article.units, 1) if source in unit.segments]
        tally.written += len(units)
        tally.sourceless += len(article.units) - len(units)
        tally.doubtful += sum(not unit.doubtful.isdisjoint(targets) for _, unit in units)
        tally.untranslated += sum(any(tag not in unit.segments for tag in targets) for _, unit in units)
        for tag in targets if units else ():
            original = shown_path(units[0][1].segments[source])
            body = "".join(_unit(article, unit, at, source, tag) for at, unit in units)
            attributes = _attributes({"id": f"f{number}", "original": original, "xml:space": "preserve"})
            parts[tag].append(f"<file{attributes}>\n{body}</file>\n")
    for tag in targets:
        yield ExportFile(f"{tag}.xlf", "".join([*parts[tag], _END]))


def _start(source: str, target: str) -> str:
    attributes = {
        "xmlns": "urn:oasis:names:tc:xliff:document:2.0",
        "version": "2.1",
        "srcLang": source,
        "trgLang": target,
    }
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff{_attributes(attributes)}>\n'


def _unit(article: ExportArticle, unit: ExportUnit, number: int, source: str, target: str) -> str:
    original = unit.segments[source]
    translation = unit.segments.get(target)
    notes = _note("kind", unit.kind) + _note("source", place(original))
    state = {}
    body = f"<source>{escape(original.text)}</source>"
    if translation:
        notes += _note("target", place(translation))
        body += f"<target>{escape(translation.text)}</target>"
        is_doubtful = target in unit.doubtful
        state = {"state": "initial", "subState": "relmgr:doubtful"} if is_doubtful else {"state": "translated"}
    attributes = _attributes({"id": f"u{number}", "name": unit_name(article, unit, number)})
    return (
        f"  <unit{attributes}>\n    <notes>{notes}</notes>\n"
        f"    <segment{_attributes(state)}>{body}</segment>\n  </unit>\n"
    )


def _note(category: str, text: str) -> str:
    return f"<note category={quoteattr(category)}>{escape(text)}</note>"


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
