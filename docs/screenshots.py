"""Draws the screenshots of README.md from what relmgr shows.

    python docs/screenshots.py

Each picture is the output of one command on a terminal of its size, drawn by Rich; that of the full-screen reader is
drawn by Textual after some keys. The commands see a home folder of their own, so nobody's settings are in a picture.
"""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI, TerminalTheme
from rich.text import Text
from translated_library import build

from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.output_cache import OutputCache
from relmgr_cli.cli.read_command import open_reader
from relmgr_cli.config import read_settings

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
    "side-by-side": ("relmgr show --section 3.1 --lang pl,ru", 120, "light"),
    "search": ("relmgr search conflict price --limit 2", 88, "dark"),
}
TRANSLATED_PICTURES = {  # of the library in translated_library.py
    "status": ("relmgr status --lang pl,de,ja", 96, "dark"),
    "diff": ("relmgr diff tutorial/security --lang pl", 120, "light"),
}
LIKE_A_TERMINAL = {"search", "status", "diff"}  # commands whose output is wider in a pipe, or has no columns there
LINES = 31

READER = ("reader", "relmgr read --lang pl", (120, 32), "dark")
# To section 2, both languages, and with the word lens to its eighth word.
KEYS = ("]", "]", "p", "w", "down", *7 * ("right",))


def picture(command: str, columns: int, background: str, folder: Path = FOLDER.parent) -> str:
    """Return the SVG of a command's output, called in a folder."""
    environ = {
        **os.environ,
        "COLUMNS": str(columns),
        "FORCE_COLOR": "1",
        "COLORFGBG": "0;15" if background == "light" else "15;0",
    }
    arguments = [sys.executable, "-m", "relmgr_cli", "--no-links", *command.split()[1:]]
    arguments += ["--width", str(columns)] if LIKE_A_TERMINAL & {*arguments} else []
    output = subprocess.run(arguments, env=environ, capture_output=True, text=True, check=True, cwd=folder).stdout
    console = Console(record=True, width=columns, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    lines = output.rstrip("\n").split("\n")
    if len(lines) > LINES:
        del lines[LINES:]
        del lines[len(lines) - 1 - lines[::-1].index("") :]  # ends with a paragraph
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=True)
    return without_fonts(console.export_svg(title=command, theme=PAPER if background == "light" else DIMMED_MONOKAI))


async def reader_picture(title: str, size: tuple[int, int], theme: str) -> str:
    """Return the SVG of the full-screen reader after some keys."""
    settings = read_settings(os.environ, lang="pl")
    settings = settings._replace(reader=settings.reader._replace(theme=theme))
    reader = open_reader(Invocation(settings, OutputCache([], settings.environ), umask=-1, databases=[]), None)
    async with reader.run_test(size=size) as pilot:
        for key in KEYS:
            await pilot.press(key)
            await pilot.pause()
            while any(worker.group != "type-ahead" and not worker.is_finished for worker in reader.workers):
                await pilot.pause(0.05)
        svg = reader.export_screenshot(title=title)
    reader.session.worker.close()
    return without_fonts(re.sub(r"terminal-\d+", "reader", svg))


def leave_home(home: str) -> None:
    """Forget what is the user's own, in the environment and in the home folder."""
    for name in list(os.environ):
        if name.startswith(("RELMGR_", "XDG_", "LC_", "LANG", "NO_COLOR")):
            del os.environ[name]
    os.environ["HOME"] = home


def without_fonts(svg: str) -> str:
    """Return a picture that loads nothing from elsewhere."""
    return re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)


def main() -> None:
    """Draw all pictures."""
    with TemporaryDirectory() as home:
        leave_home(home)
        for name, (command, columns, background) in PICTURES.items():
            (FOLDER / f"{name}.svg").write_text(picture(command, columns, background), encoding="utf-8")
        library = Path(home) / "fastapp"
        library.mkdir()
        build(library)
        for name, (command, columns, background) in TRANSLATED_PICTURES.items():
            (FOLDER / f"{name}.svg").write_text(picture(command, columns, background, library), encoding="utf-8")
        name, command, size, theme = READER
        svg = asyncio.run(reader_picture(command, size, theme))
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
