"""Writes words in context as a table."""

import csv
from collections.abc import Iterable
from io import StringIO

from relmgr_cli.export.tsv import safe_cell
from relmgr_cli.store.kept_words import WordInContext
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line


def word_table(words: Iterable[WordInContext]) -> str:
    """Return a table with a line for each word, its columns those of `WordInContext`."""
    output = StringIO()
    writer = csv.writer(output, dialect="excel-tab", lineterminator="\n")
    writer.writerow(WordInContext._fields)
    for word in words:
        cells = word._replace(article=sanitize_line(word.article), path=sanitize_line(word.path))
        writer.writerow(safe_cell(sanitize(str(cell))) for cell in cells)
    return output.getvalue()
