"""Exports units as a table: one a line, a column for each language."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from relmgr_cli.export.names import certain_segments, shown_path, unit_name
from relmgr_cli.export.units import ExportArticle, ExportFile, Request, Tally

# A spreadsheet takes a cell that begins with one of these for a formula; some also take the full-width forms.
_FORMULA = tuple("=+-@\t\n＝＋－＠")
_OTHER_NAME = {"id": "id-ID"}  # of the column of a language whose tag is the name of another column


def files(articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
    """Yield the table: id, the text in each language, then path and line of the first text there is.

    A text whose alignment is in doubt is left out; so is a unit of which nothing but the source would remain.
    """
    output = StringIO()
    writer = csv.writer(output, dialect="excel-tab", lineterminator="\n")
    writer.writerow(["id", *[_OTHER_NAME.get(tag, tag) for tag in request.languages], "path", "line"])
    for article in articles:
        for number, unit in enumerate(article.units, 1):
            segments = certain_segments(unit, request.languages)
            is_doubtful = len(segments) < len(unit.segments)
            tally.left_out += is_doubtful
            if is_doubtful and len(segments) < 2:  # noqa: PLR2004 (a text and its translation)
                continue
            tally.written += 1
            tally.untranslated += not is_doubtful and len(segments) < len(request.languages)
            first = next(iter(segments.values()))
            texts = [segments[tag].text if tag in segments else "" for tag in request.languages]
            cells = [unit_name(article, unit, number), *texts, shown_path(first), str(first.line)]
            writer.writerow(map(safe_cell, cells))
    yield ExportFile("units.tsv", output.getvalue())


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
