"""Coverage-guided fuzzing of everything between the bytes of a file and its page: decode, parse, align, render.

A finding is an exception, an unsafe character in the output, a word of the text that is not on the page, or a small
input that takes long. It stops at the first finding.

Needs atheris (https://github.com/google/atheris), which relmgr does not depend on: `pip install atheris`. The first
inputs are the bundled articles, the Markdown of the tests and, when it exists, the hostile corpus next to the checkout.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.support import CHECKOUT
from benchmarks.support.command_line import parser_for

_MAX_INPUT = 1024  # bytes
_MAX_SECONDS = 5.0  # for one input, instrumented
_MAX_SEED_FILE = 20_000  # bytes that are read of a file


def main(argv: Sequence[str]) -> int:
    """Run the fuzzer."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("--minutes", metavar="N", type=float, default=30, help="how long to run (default: 30)")
    default = CHECKOUT / "build" / "fuzz"
    parser.add_argument("--inputs", metavar="PATH", type=Path, default=default, help="where inputs are kept")
    options = parser.parse_args(argv)
    try:
        import atheris
    except ImportError:
        print("atheris is not installed; run `pip install atheris`", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["relmgr_cli", "markdown_it", "mdit_py_plugins", "frontmatter"]):
        sys.path.insert(0, str(CHECKOUT / "tests"))
        from support.roundtrip import check

    def check_in_time(data: bytes) -> None:
        start = time.thread_time()
        check(data)
        if time.thread_time() - start > _MAX_SECONDS:
            raise TimeoutError(f"{len(data)} bytes took {time.thread_time() - start:.1f} s")

    options.inputs.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(first_inputs()):
        (options.inputs / f"seed-{number:04}").write_bytes(data)
    limits = [
        f"-max_len={_MAX_INPUT}",
        f"-max_total_time={options.minutes * 60:.0f}",
        "-timeout=60",
        "-rss_limit_mb=1500",
    ]
    atheris.Setup(["fuzzing", *limits, "-print_final_stats=1", str(options.inputs)], check_in_time)
    atheris.Fuzz()
    return 0


def first_inputs() -> Iterator[bytes]:
    """Yield the inputs that the fuzzer starts from."""
    paths = [*(CHECKOUT / "seeds").glob("*"), *(CHECKOUT / "tests" / "layout" / "cases").glob("*")]
    paths += (CHECKOUT.parent / "shared" / "hostile" / "corpus").glob("*")
    for path in sorted(filter(Path.is_file, paths)):
        data = path.read_bytes()
        for start in range(0, min(len(data), _MAX_SEED_FILE), _MAX_INPUT):
            yield data[start : start + _MAX_INPUT]
    for text in ("[^a]: x\n\n[^a] y", "|a|\n|-|\n|b|", "```python\nx\n```", "+++\na=1\n+++", "t\n: d", "<p id=a>x<br>"):
        yield text.encode()
