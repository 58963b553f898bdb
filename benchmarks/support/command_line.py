"""The command line of a benchmark: its help text and the options that several benchmarks have."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

from benchmarks.support import CHECKOUT

_CORPORA = CHECKOUT.parent / "shared" / "corpora"


def parser_for(module: str, docstring: str | None) -> ArgumentParser:
    """Return an argument parser without options; pass `__name__` and `__doc__`."""
    program = f"python -m benchmarks {module.rpartition('.')[2]}"
    return ArgumentParser(program, description=docstring, formatter_class=RawDescriptionHelpFormatter)


def add_corpora(parser: ArgumentParser) -> None:
    """Add `--corpora`; when the folder does not exist, the benchmark exits with a message."""
    text = "folder with the test corpora (default: ../shared/corpora next to the checkout)"
    # argparse converts a default only when it is a string.
    parser.add_argument("--corpora", metavar="PATH", type=_existing_folder, default=str(_CORPORA), help=text)


def _existing_folder(path: str) -> Path:
    if not Path(path).is_dir():
        sys.exit(f"no corpora in {path}; pass their folder with --corpora PATH")
    return Path(path)


def add_source(parser: ArgumentParser) -> None:
    """Add `--source`, which limits a benchmark to one source of the corpora."""
    parser.add_argument("--source", metavar="NAME", help="use one source of the corpora (default: all)")


def add_runs(parser: ArgumentParser, default: int) -> None:
    """Add `--runs`, the number of rounds that the medians are taken over."""
    parser.add_argument(
        "--runs", metavar="N", type=int, default=default, help="number of rounds (default: %(default)s)"
    )


def add_verbose(parser: ArgumentParser) -> None:
    """Add `-v`, which lists the wrong results."""
    parser.add_argument("-v", "--verbose", action="store_true", help="list the wrong results")
