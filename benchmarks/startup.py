"""How long a command takes from the prompt to the end, against named rivals, in turn, in one run.

    python benchmarks/startup.py [--runs 21]

relmgr is installed into a virtual environment of its own, and rich-cli into another (it pins an old Rich), both
below `build/benchmarks`. Every round starts every program once; what is printed are medians of whole processes and
their ratios. The machine may be busy: quote the ratios.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "benchmarks"
SEED = next((ROOT / "seeds").glob("001*.txt"))

BARE_TYPER = """
import sqlite3, typer
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def show(lang: str = "pl"):
    {imports}
    sqlite3.connect(":memory:").execute("SELECT 1")
    print(lang)
app()
"""


def environment(name: str, *packages: str) -> Path:
    """Return the folder of programs of a virtual environment with these packages, made when it is not there."""
    folder = WORK / name
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", *packages], check=True)
    return folder / "bin"


def script(name: str, source: str) -> str:
    path = WORK / name
    path.write_text(source)
    return str(path)


def commands() -> dict[str, Callable[[int], list[str]]]:
    """Return by name what makes the command for a round."""
    ours = environment("relmgr", str(ROOT))
    rivals = environment("rivals", "rich-cli")
    python = str(ours / "python")
    typer = script("typer_sqlite.py", BARE_TYPER.format(imports="pass"))
    floor = script("floor.py", BARE_TYPER.format(imports="import rich.console"))
    show = [str(ours / "relmgr"), "show", "--lang", "ru"]
    markdown = WORK / "seed.md"
    markdown.write_bytes(SEED.read_bytes())
    return {
        "rich-cli": lambda _: [str(rivals / "rich"), str(markdown)],
        "python": lambda _: [python, "-c", "pass"],
        "typer + sqlite": lambda _: [python, typer],
        "floor": lambda _: [python, floor],
        # No reader asks for the same width twice here, so no page has been shown before.
        "relmgr, new page": lambda turn: [*show, "--width", str(60 + turn)],
        "relmgr, new page, colours": lambda turn: [*show, "--width", str(60 + turn), "--color", "always"],
        "relmgr, shown before": lambda _: show,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the time commands take.")
    parser.add_argument("--runs", type=int, default=21)
    runs = parser.parse_args().runs
    WORK.mkdir(parents=True, exist_ok=True)
    programs = commands()
    home = WORK / f"home-{os.getpid()}"
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    times: dict[str, list[float]] = {name: [] for name in programs}
    time.sleep(2.5)  # answers are kept only when the files have been still for a while
    for turn in range(-2, runs):
        for name, command in programs.items():
            start = time.perf_counter()
            subprocess.run(command(turn + 2), check=True, stdout=subprocess.DEVNULL, env=environ)
            if turn >= 0:
                times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"Python {sys.version.split()[0]}, {runs} rounds; medians of whole processes\n")
    print(f"{'':28}{'ms':>7}{'/ rich-cli':>12}{'/ floor':>10}")
    for name, median in medians.items():
        print(f"{name:28}{median * 1000:7.1f}{median / medians['rich-cli']:12.2f}{median / medians['floor']:10.2f}")


if __name__ == "__main__":
    main()
