"""Exports units as a table: one a line, a column for each language."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from relmgr_cli.export.units import ExportArticle, ExportFile, Request, Tally

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = tuple("=+-@\t\r")


def files(articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
    """Yield the table: id, then the text in each language, then path and line of the first text there is."""
    output = StringIO()
    writer = csv.writer(output, dialect="excel-tab", lineterminator="\n")
    writer.writerow(["id", *request.languages, "path", "line"])
    for article in articles:
        for number, unit in enumerate(article.units, 1):
            if unit.doubtful:
                tally.left_out += 1
                continue
            texts = [unit.segments[tag].text if tag in unit.segments else "" for tag in request.languages]
            tally.written += 1
            tally.untranslated += len(unit.segments) < len(request.languages)
            first = next(iter(unit.segments.values()))
            name = f"{article.article.id}#{unit.section}:{number}"
            writer.writerow(map(safe_cell, [name, *texts, first.path, str(first.line)]))
    yield ExportFile("units.tsv", output.getvalue())


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
