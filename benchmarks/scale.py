"""How the index does on 10,000 files: built from nothing, unchanged, one file changed; and how fast texts are encoded.

    python benchmarks/scale.py [CORPORA] [--files 10000]

The files are those of the corpora's `raw/`, copied over and over with some words changed, in their own layouts.
Everything but the encoder is measured as whole processes of the installed program.
"""

import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "corpora"
RELMGR = [sys.executable, "-m", "relmgr_cli"]


def make_library(corpora: Path, folder: Path, files: int) -> int:
    """Copy the corpora into `folder` until there are enough files, with other words in each copy."""
    originals = sorted(path for path in (corpora / "raw").rglob("*.md") if path.is_file())
    made = turn = 0
    while made < files:
        for path in originals[: files - made]:
            target = folder / f"copy{turn}" / path.relative_to(corpora / "raw")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(with_other_words(path.read_text("utf-8"), turn), "utf-8")
            made += 1
        turn += 1
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 60,) * 2)
    return made


def with_other_words(text: str, turn: int) -> str:
    """Return the text with one long word in ten changed, the same ones for a turn."""
    chance = random.Random(turn)  # noqa: S311 (the same in every run)
    words = sorted(set(re.findall(r"\b[^\W\d_]{7,}\b", text)))
    changed = {word: word[::-1] for word in words if turn and chance.random() < 0.1}  # noqa: PLR2004 (one in ten)
    return re.sub(r"\b[^\W\d_]{7,}\b", lambda match: changed.get(match[0], match[0]), text)


def seconds(*arguments: str, **environ: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        [*RELMGR, *arguments],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | environ,
    )
    return time.perf_counter() - start


def best(*arguments: str, **environ: str) -> float:
    return min(seconds(*arguments, **environ) for _ in range(5))


def encoding(corpora: Path) -> None:
    """Print how many passages a second the encoder takes on all cores."""
    from relmgr_cli.library.document_builder import parse_document
    from relmgr_cli.library.files import read_text
    from relmgr_cli.library.semantic_pairing import passages_of
    from relmgr_cli.meaning.encoder import encode

    paths = sorted((corpora / "raw").rglob("*.md"))[:900]
    documents = [parse_document(read_text(str(path.parent), path.name)[0], "", path.name) for path in paths]
    texts = list(dict.fromkeys(text for document in documents for text in passages_of(document)))
    texts.sort(key=len)
    list(encode(texts[:10]))
    start = time.perf_counter()
    for _ in encode(texts):
        pass
    taken = time.perf_counter() - start
    print(f"encoding {len(texts)} passages: {len(texts) / taken:.0f} a second")


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    corpora = Path(arguments[0]) if arguments and not arguments[0].isdigit() else DEFAULT
    files = int(sys.argv[sys.argv.index("--files") + 1]) if "--files" in sys.argv else 10_000
    if not corpora.is_dir():
        sys.exit(f"no corpora in {corpora}")
    work = Path(tempfile.mkdtemp(prefix="relmgr-scale-"))
    home = {"HOME": str(work / "home"), "XDG_CACHE_HOME": str(work / "cache")}
    library = work / "library"
    print(f"{make_library(corpora, library, files)} files")
    print(f"built from nothing, paired by layout: {seconds('-C', str(library), 'list', **home):.1f} s")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"memory at most: {peak:.0f} MiB")
    small = best("list", "--width", "90", **home)
    # A pipe to a command that was never given before: the kept answers do not help.
    large = min(seconds("-C", str(library), "show", "1", "--width", str(40 + turn), **home) for turn in range(5))
    little = min(seconds("show", "1", "--width", str(40 + turn), **home) for turn in range(5))
    print(f"show, unchanged library: {large:.2f} s, with 2 files {little:.2f} s, difference {large - little:.2f} s")
    print(f"list of 2 files: {small:.2f} s")
    victim = next(library.rglob("*.md"))
    victim.write_text(victim.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    print(f"one file changed: {seconds('-C', str(library), 'show', '1', **home):.2f} s")
    encoding(corpora)
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
