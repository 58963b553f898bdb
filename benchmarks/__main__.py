"""List the benchmarks, or run one of them."""

import ast
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

USAGE = """usage: python -m benchmarks NAME [OPTIONS]

Run from the checkout. NAME --help describes a benchmark and its options; benchmarks/README.md has the latest results.

benchmarks:"""


@cache
def summaries() -> dict[str, str]:
    """Return the first line of each benchmark's docstring, by name, without importing the benchmarks."""
    paths = sorted(Path(__file__).parent.glob("[!_]*.py"))
    docs = {path.stem: ast.get_docstring(ast.parse(path.read_bytes())) or "" for path in paths}
    return {name: doc.partition("\n")[0] for name, doc in docs.items()}


def main(argv: Sequence[str]) -> int:
    """Run the benchmark that the first argument names, with the other arguments."""
    benchmarks = summaries()
    if not argv or argv[0] in {"-h", "--help"}:
        print(USAGE)
        for name, summary in benchmarks.items():
            print(f"  {name:16}{summary}")
        return 0
    name, *options = argv
    if name not in benchmarks:
        print(f"no benchmark named {name!r}; `python -m benchmarks` lists them", file=sys.stderr)
        return 2
    code: int = import_module(f"benchmarks.{name}").main(options)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
