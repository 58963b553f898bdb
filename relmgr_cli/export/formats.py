"""The formats of `relmgr export`."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import NamedTuple

from relmgr_cli.export.units import ExportArticle, ExportFile, Request, Tally


class Format(NamedTuple):
    """A format, written by the function `files` of a module of this package."""

    module: str
    min_languages: int = 1
    is_binary: bool = False
    package: str = ""  # that pip installs, if it is none of the dependencies
    extra: str = ""  # of relmgr, with that package

    def files(self, articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
        """Yield the files of an export; the articles are read once, in their order."""
        found: Iterator[ExportFile] = import_module(f"relmgr_cli.export.{self.module}").files(articles, request, tally)
        return found


FORMATS = {
    "tsv": Format("tsv"),
    "html": Format("html"),
    "markdown": Format("markdown_files"),
    "epub": Format("epub", is_binary=True, package="EbookLib", extra="epub"),
}
