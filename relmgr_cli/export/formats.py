"""The formats of `relmgr export`."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import NamedTuple

from relmgr_cli.export.units import ExportArticle, ExportFile, Request, Tally


class Format(NamedTuple):
    """A format, written by the function `files` of a module of this package."""

    module: str
    min_languages: int = 1
    is_per_language: bool = False  # a file for each language but the first
    is_parallel: bool = False  # texts and their translations: also titles, but no copies of the source
    has_dates: bool = False  # says when each text was last changed
    has_kept_words: bool = False  # of the words that the user has kept, not of articles
    is_binary: bool = False

    def files(self, articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
        """Yield the files of an export; the articles are read once, in their order."""
        found: Iterator[ExportFile] = import_module(f"relmgr_cli.export.{self.module}").files(articles, request, tally)
        return found


FORMATS = {
    "anki": Format("anki", has_kept_words=True),
    "epub": Format("epub", is_binary=True),
    "html": Format("html"),
    "markdown": Format("markdown_files"),
    "po": Format("po", min_languages=2, is_per_language=True, is_parallel=True),
    "pot": Format("pot", is_parallel=True),
    "tmx": Format("tmx", min_languages=2, is_parallel=True, has_dates=True),
    "tsv": Format("tsv", is_parallel=True),
    "xliff": Format("xliff", min_languages=2, is_per_language=True, is_parallel=True),
}
