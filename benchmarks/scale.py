"""Indexing time and memory of a library of 10,000 files, and the encoder's speed.

The files are those of the corpora, copied with some words changed, in their own folder layouts. All but the encoder is
measured as whole processes.
"""

import resource
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.support.command_line import add_corpora, parser_for
from benchmarks.support.corpora import write_large_library
from benchmarks.support.processes import RELMGR, environment, run_seconds

_ENCODED_FILES = 900
_REPEATS = 5


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    parser.add_argument("--files", metavar="N", type=int, default=10_000, help="size of the library (default: 10000)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="relmgr-scale-") as folder:
        library = Path(folder, "library")
        print(f"{write_large_library(options.corpora, library, options.files)} files", flush=True)
        time_indexing(library, environment(Path(folder, "home")))
    time_encoder(options.corpora)
    return 0


def time_indexing(library: Path, variables: Mapping[str, str]) -> None:
    """Print how long the first command, an unchanged library and one changed file take."""
    relmgr = [*RELMGR, "-C", str(library)]
    print(f"first run, paired by folder layout: {run_seconds([*relmgr, 'list'], variables):.1f} s", flush=True)
    print(
        f"first search, full text only: {run_seconds([*relmgr, 'search', 'conflict'], variables):.1f} s more",
        flush=True,
    )
    print(f"peak memory of a process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")
    for command in (["list"], ["search", "conflict"]):
        seconds = min(
            run_seconds([*relmgr, *command, "--width", str(90 + turn)], variables) for turn in range(_REPEATS)
        )
        print(f"{command[0]}, unchanged: {seconds:.2f} s", flush=True)
    two_files = min(run_seconds([*RELMGR, "list", "--width", "90"], variables) for _ in range(_REPEATS))
    large, small = (
        # A width that no earlier run asked for: the output cache does not have the page.
        min(run_seconds([*program, "show", "1", "--width", str(40 + turn)], variables) for turn in range(_REPEATS))
        for program in (relmgr, [*RELMGR])
    )
    print(f"show, unchanged: {large:.2f} s; library of 2 files: {small:.2f} s; difference: {large - small:.2f} s")
    print(f"list, library of 2 files: {two_files:.2f} s")
    changed = next(library.rglob("*.md"))
    changed.write_text(changed.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    print(f"one file changed: {run_seconds([*relmgr, 'show', '1'], variables):.2f} s", flush=True)


def time_encoder(corpora: Path) -> None:
    """Print how many passages the encoder takes a second on all cores."""
    from relmgr_cli.corpus.document_builder import parse_document
    from relmgr_cli.corpus.files import read_text
    from relmgr_cli.corpus.semantic_pairing import passages_of
    from relmgr_cli.embedding.encoder import encode

    paths = sorted((corpora / "raw").rglob("*.md"))[:_ENCODED_FILES]
    documents = [parse_document(read_text(str(path.parent), path.name)[0], "", path.name) for path in paths]
    texts = sorted(
        {text for document in documents for text in passages_of(document)}, key=lambda text: (len(text), text)
    )
    list(encode(texts[:10]))  # loads the model
    start = time.perf_counter()
    for _ in encode(texts):
        pass
    seconds = time.perf_counter() - start
    print(f"encoder: {len(texts)} passages, {len(texts) / seconds:.0f} a second")
