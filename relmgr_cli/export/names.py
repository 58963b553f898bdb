"""Names of units and places, as all formats write them: on one line, without control characters."""

from collections.abc import Iterable

from relmgr_cli.export.units import ExportArticle, ExportUnit, Segment
from relmgr_cli.terminal.sanitize import sanitize_line


def section_name(article: ExportArticle, unit: ExportUnit) -> str:
    """Return the name of the section of a unit: `article#2.1`."""
    return sanitize_line(f"{article.article.id}#{unit.section}")


def unit_name(article: ExportArticle, unit: ExportUnit, number: int) -> str:
    """Return the name of a unit, which is the `number`-th of its article: `article#2.1:17`."""
    return f"{section_name(article, unit)}:{number}"


def place(segment: Segment) -> str:
    """Return where a text is: `docs/en/intro.md:12`."""
    return f"{shown_path(segment)}:{segment.line}"


def shown_path(segment: Segment) -> str:
    """Return the path of the file that a text is from."""
    return sanitize_line(segment.path)


def certain_segments(unit: ExportUnit, languages: Iterable[str]) -> dict[str, Segment]:
    """Return the texts of a unit whose alignment is in no doubt, in the order of these languages."""
    return {tag: unit.segments[tag] for tag in languages if tag in unit.segments and tag not in unit.doubtful}
