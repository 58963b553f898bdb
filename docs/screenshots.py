"""Draws the screenshots of README.md from what relmgr prints.

    python docs/screenshots.py

Each picture is the output of one command on a terminal of its size, drawn by Rich.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI, TerminalTheme
from rich.text import Text

FOLDER = Path(__file__).parent
PAPER = TerminalTheme(
    (255, 255, 255),
    (40, 40, 40),
    [
        (40, 40, 40), (190, 40, 40), (40, 130, 60), (160, 110, 0),
        (30, 80, 170), (150, 50, 140), (0, 120, 130), (90, 90, 90),
    ],
)  # fmt: skip

PICTURES = {
    "show-pl": ("relmgr show --lang pl", 80, "dark"),
    "show-ru": ("relmgr show --lang ru", 80, "light"),
    "sections": ("relmgr sections --lang pl", 112, "dark"),
}
LINES = 31


def picture(command: str, columns: int, background: str) -> str:
    """Return the SVG of a command's output."""
    environ = {
        **os.environ,
        "COLUMNS": str(columns),
        "FORCE_COLOR": "1",
        "COLORFGBG": "0;15" if background == "light" else "15;0",
    }
    arguments = [sys.executable, "-m", "relmgr_cli", *command.split()[1:], "--no-links"]
    output = subprocess.run(arguments, env=environ, capture_output=True, text=True, check=True).stdout
    console = Console(record=True, width=columns, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    for line in output.split("\n")[:LINES]:
        console.print(Text.from_ansi(line), soft_wrap=True)
    svg = console.export_svg(title=command, theme=PAPER if background == "light" else DIMMED_MONOKAI)
    return re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)  # a picture that loads nothing from elsewhere


def main() -> None:
    """Draw all pictures."""
    for name, (command, columns, background) in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(picture(command, columns, background), encoding="utf-8")


if __name__ == "__main__":
    main()
