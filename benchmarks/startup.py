"""Start-up time of `relmgr show`, compared with rich-cli and with an empty Typer program.

relmgr and rich-cli are installed into virtual environments of their own in build/benchmarks (rich-cli needs an old
Rich). Each round starts every program once; the results are medians of whole processes. On a busy machine the ratios
are more reliable than the milliseconds.

"floor" is a script that imports Typer, rich.console and SQLite and runs an empty command.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.support import BUILD, CHECKOUT
from benchmarks.support.command_line import add_runs, parser_for
from benchmarks.support.processes import (
    SECONDS_UNTIL_CACHED,
    Command,
    environment,
    install,
    install_relmgr,
    print_medians,
    time_in_turn,
)

TYPER_PROGRAM = """
import sqlite3, typer
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def show(lang: str = "pl"):
    {imports}
    sqlite3.connect(":memory:").execute("SELECT 1")
    print(lang)
app()
"""


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_runs(parser, 21)
    runs = parser.parse_args(argv).runs
    BUILD.mkdir(parents=True, exist_ok=True)
    programs = commands()
    time.sleep(SECONDS_UNTIL_CACHED)
    times = time_in_turn(programs, runs, environment(BUILD / f"home-{os.getpid()}"), warm_up=2)
    print(f"Python {sys.version.split()[0]}, {runs} rounds\n")
    print_medians(times, "rich-cli", "floor")
    return 0


def commands() -> dict[str, Command]:
    """Return the programs to compare, by name."""
    programs = install_relmgr()
    python = str(programs / "python")
    rich = str(install("rivals", "rich-cli") / "rich")
    typer = write_script("typer_sqlite.py", TYPER_PROGRAM.format(imports="pass"))
    floor = write_script("floor.py", TYPER_PROGRAM.format(imports="import rich.console"))
    show = [str(programs / "relmgr"), "show", "--lang", "ru"]
    markdown = BUILD / "seed.md"
    markdown.write_bytes(next((CHECKOUT / "seeds").glob("001*.txt")).read_bytes())
    return {
        "rich-cli": lambda _: [rich, str(markdown)],
        "python": lambda _: [python, "-c", "pass"],
        "typer + sqlite": lambda _: [python, typer],
        "floor": lambda _: [python, floor],
        # A width that no earlier round asked for: the output cache does not have the page.
        "relmgr, not cached": lambda turn: [*show, "--width", str(60 + turn)],
        "relmgr, not cached, colours": lambda turn: [*show, "--width", str(60 + turn), "--color", "always"],
        "relmgr, cached": lambda _: show,
    }


def write_script(name: str, source: str) -> str:
    path: Path = BUILD / name
    path.write_text(source)
    return str(path)
