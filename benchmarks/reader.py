"""How soon the full-screen reader paints, and how soon it answers a key.

    python benchmarks/reader.py [--runs 11]

Whole processes in a pseudo terminal of 100 by 30 cells, from `exec` to the byte that brings the text to the screen,
against a bare Textual application with one widget that says "hello"; in turn, so that a busy machine is busy for all.
Wall clock and processor time. The library was read before, as it is for a reader who comes back.

A key is answered when its first byte comes back. Measured on a document of 10,000 blocks in two languages, while
nothing else goes on and while the two are being aligned.
"""

import argparse
import fcntl
import os
import pty
import random
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

BARE = """
from textual.app import App, ComposeResult
from textual.widgets import Static
class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("hello")
Bare().run()
"""
RELMGR = [str(Path(sys.executable).with_name("relmgr"))]
BLOCKS = 10_000
COLUMNS, LINES = 100, 30
PATIENCE = 20  # seconds
KEYS = "j k j space b d u G g ] ] [ l l p l p i i + - = o o w l w".split()
# Find a word, go from match to match; search the library for another, leave that.
SEARCHES = [*"/praca", "enter", *"nnN", *"s", *"firma", "ctrl+c", *"jk"]
NAMES = {"space": " ", "enter": "\r", "ctrl+c": "\x03"}
WORDS = {
    "pl": "relacje klient partner firma praca dobry wspólny rynek usługa produkt zespół kurs plan analiza".split(),
    "ru": "связи клиент партнёр фирма труд хороший общий рынок услуга продукт команда курс план анализ".split(),
}


class Process(NamedTuple):
    """A program in a pseudo terminal."""

    pid: int
    screen: int  # the terminal's other end

    @classmethod
    def start(cls, command: Sequence[str], home: str) -> "Process":
        """Start a program in a terminal of its own."""
        pid, screen = pty.fork()
        if pid == 0:
            os.environ.update(HOME=home, TERM="xterm-256color", COLORTERM="truecolor")
            for name in ("NO_COLOR", "PYTHONDONTWRITEBYTECODE"):
                os.environ.pop(name, None)
            os.execvp(command[0], [*command])  # noqa: S606 (there is no shell)
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        return cls(pid, screen)

    def wait_for(self, text: bytes) -> None:
        """Wait until a text is on the screen."""
        seen = b""
        end = time.perf_counter() + PATIENCE
        while text not in seen:
            if not self.is_ready(end - time.perf_counter()):
                sys.exit(f"no {text!r} on the screen, but {seen[-500:]!r}")
            seen += os.read(self.screen, 1 << 16)

    def is_ready(self, seconds: float) -> bool:
        """Tell whether the program writes something within some seconds."""
        return bool(select.select([self.screen], [], [], max(0.0, seconds))[0])

    def drain(self, quiet: float) -> None:
        """Read until nothing more comes for some seconds."""
        while self.is_ready(quiet):
            os.read(self.screen, 1 << 16)

    def answer_to(self, key: str) -> float | None:
        """Return the seconds until a key is answered; None when nothing on the screen has changed."""
        os.write(self.screen, NAMES.get(key, key).encode())
        start = time.perf_counter()
        return time.perf_counter() - start if self.is_ready(1.0) else None

    def stop(self) -> float:
        """End the process; return the processor time it took."""
        os.kill(self.pid, signal.SIGKILL)
        _, _, usage = os.wait4(self.pid, 0)
        os.close(self.screen)
        return usage.ru_utime + usage.ru_stime


def first_paint(command: Sequence[str], text: bytes, home: str) -> tuple[float, float]:
    """Return the wall clock and the processor time until a text is on the screen."""
    start = time.perf_counter()
    process = Process.start(command, home)
    process.wait_for(text)
    return time.perf_counter() - start, process.stop()


def write_document(folder: Path) -> None:
    folder.mkdir()
    for language, words in WORDS.items():
        chance = random.Random(1)  # noqa: S311 (the same words in both languages)
        blocks = [f"# Dokument {language}"]
        for number in range(BLOCKS):
            picked = " ".join(chance.choice(words) for _ in range(chance.randint(3, 9))).capitalize()
            blocks.append(f"{picked} {number}." if number % 20 else f"## {picked}")
        path = folder / f"long.{language}.md"
        path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
        os.utime(path, (time.time() - 60,) * 2)


def compare_first_paint(runs: int, home: str, long: Path) -> None:
    bare = Path(home) / "bare.py"
    bare.write_text(BARE)
    commands = {
        "bare Textual": ([sys.executable, str(bare)], b"hello"),
        "seeds": ([*RELMGR, "read", "--lang", "pl"], b"klientem"),
        "10,000 blocks": ([*RELMGR, "-C", str(long), "read", "--lang", "pl"], b"Dokument"),
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, (command, text) in commands.items():
            times[name].append(first_paint(command, text, home))
    print(f"{'first paint':16}{'wall':>8}{'ratio':>7}{'processor':>11}{'ratio':>7}")
    medians = {
        name: [statistics.median(column) for column in zip(*found, strict=True)] for name, found in times.items()
    }
    for name, (wall, processor) in medians.items():
        base_wall, base_processor = medians["bare Textual"]
        print(f"{name:16}{wall:8.3f}{wall / base_wall:7.2f}{processor:11.3f}{processor / base_processor:7.2f}")


def time_keys(home: str, long: Path, *, is_aligned: bool) -> None:
    command = [*RELMGR, "-C", str(long), "read", "--lang", "pl"]
    process = Process.start(command, home)
    process.wait_for(b"Dokument")
    process.drain(1.5 if is_aligned else 0.05)
    answers: list[tuple[float, str]] = []
    for key in [*KEYS, *SEARCHES]:
        answer = process.answer_to(key)
        process.drain(0.2 if is_aligned else 0.02)
        if answer is not None:
            answers.append((answer, key))
    process.stop()
    slowest = sorted(answers, reverse=True)[:4]
    told = ", ".join(f"{key} {1000 * seconds:.0f}" for seconds, key in slowest)
    median = 1000 * statistics.median(seconds for seconds, _ in answers)
    print(
        f"{'aligned' if is_aligned else 'being aligned':16}{len(answers)} keys: median {median:.0f} ms, slowest {told}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        long = Path(home) / "long"
        write_document(long)
        environ = os.environ | {"HOME": home}
        subprocess.run([*RELMGR, "-C", str(long), "list"], check=True, env=environ, stdout=subprocess.DEVNULL)
        subprocess.run([*RELMGR, "list"], check=True, env=environ, stdout=subprocess.DEVNULL)
        print("keys on 10,000 blocks")
        time_keys(home, long, is_aligned=False)
        subprocess.run([*RELMGR, "-C", str(long), "index"], check=True, env=environ, stdout=subprocess.DEVNULL)
        time_keys(home, long, is_aligned=True)
        compare_first_paint(runs, home, long)


if __name__ == "__main__":
    main()
