"""Coverage-guided fuzzing of the way from bytes to a page: decode -> split -> parse -> align -> render.

    pip install atheris; python benchmarks/fuzzing.py [--minutes 30] [--corpus build/fuzz]

A finding is an exception, an unsafe character in the output, a word of the text that is not on the page, or a small
input that takes long. atheris (https://github.com/google/atheris) is no dependency of relmgr; without it nothing is
done. Inputs start from the bundled articles, the Markdown in `tests` and, where it is there, the hostile corpus beside
the checkout.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_LONGEST = 1024  # bytes of an input
_SECONDS = 5.0  # that one may take, instrumented
_SMALL = 20_000  # bytes of a file that is worth starting from


def seeds() -> Iterator[bytes]:
    """Yield what to start from."""
    places = [*(ROOT / "seeds").glob("*"), *(ROOT / "tests" / "render" / "cases").glob("*")]
    places += (ROOT.parent / "shared" / "hostile" / "corpus").glob("*")
    for place in sorted(filter(Path.is_file, places)):
        data = place.read_bytes()
        for start in range(0, min(len(data), _SMALL), _LONGEST):
            yield data[start : start + _LONGEST]
    for text in ("[^a]: x\n\n[^a] y", "|a|\n|-|\n|b|", "```python\nx\n```", "+++\na=1\n+++", "t\n: d", "<p id=a>x<br>"):
        yield text.encode()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--corpus", type=Path, default=ROOT / "build" / "fuzz")
    options = parser.parse_args()
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: pip install atheris")
        return 2
    with atheris.instrument_imports(include=["relmgr_cli", "markdown_it", "mdit_py_plugins", "frontmatter"]):
        sys.path.insert(0, str(ROOT / "tests"))
        from support.roundtrip import check

    def run(data: bytes) -> None:
        start = time.thread_time()
        check(data)
        if time.thread_time() - start > _SECONDS:
            raise TimeoutError(f"{len(data)} bytes took {time.thread_time() - start:.1f} s")

    options.corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds()):
        (options.corpus / f"seed-{number:04}").write_bytes(data)
    limits = [
        f"-max_len={_LONGEST}",
        f"-max_total_time={options.minutes * 60:.0f}",
        "-timeout=60",
        "-rss_limit_mb=1500",
    ]
    atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", str(options.corpus)], run)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
