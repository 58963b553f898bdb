"""Time until the full-screen reader shows text, and until it responds to a key.

First paint: whole processes in a pseudo-terminal of 100 by 30 cells, from `exec` to the byte that brings the text to
the screen, compared with a Textual application of one widget. Each round starts every program once. The library has
been indexed before, as it is for a user who comes back.

Keys: the time from a key to the first byte that the reader writes, on a document of 10,000 blocks in two languages,
while its blocks are being aligned and afterwards.
"""

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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support.command_line import add_runs, parser_for
from benchmarks.support.corpora import make_old
from benchmarks.support.processes import environment, install_relmgr

BARE = """
from textual.app import App, ComposeResult
from textual.widgets import Static
class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("hello")
Bare().run()
"""
BLOCKS = 10_000
COLUMNS, LINES = 100, 30
TIMEOUT = 20  # seconds
KEYS = "j k j space b d u G g ] ] [ l l p l p i i + - = o o w l w".split()
# Find a word in the article, go through its matches; search the library for another word, cancel.
SEARCH_KEYS = [*"/praca", "enter", *"nnN", *"s", *"firma", "escape", *"jk"]
KEY_BYTES = {"space": " ", "enter": "\r", "escape": "\x1b"}
WORDS = {
    "pl": "relacje klient partner firma praca dobry wspólny rynek usługa produkt zespół kurs plan analiza".split(),
    "ru": "связи клиент партнёр фирма труд хороший общий рынок услуга продукт команда курс план анализ".split(),
}


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_runs(parser, 11)
    runs = parser.parse_args(argv).runs
    programs = install_relmgr()
    with tempfile.TemporaryDirectory(prefix="relmgr-reader-") as home:
        library = Path(home) / "long"
        write_document(library)
        variables = environment(Path(home)) | {"COLORTERM": "truecolor"}
        relmgr = str(programs / "relmgr")
        in_library = [relmgr, "-C", str(library)]
        run_quietly([*in_library, "list"], variables)
        run_quietly([relmgr, "list"], variables)
        print("keys on 10,000 blocks")
        time_keys(in_library, variables, is_aligned=False)
        run_quietly([*in_library, "index"], variables)
        time_keys(in_library, variables, is_aligned=True)
        bare = Path(home) / "bare.py"
        bare.write_text(BARE)
        compare_first_paint(
            {
                "bare Textual": ([str(programs / "python"), str(bare)], b"hello"),
                "seeds": ([relmgr, "read", "--lang", "pl"], b"klientem"),
                "10,000 blocks": ([*in_library, "read", "--lang", "pl"], b"Dokument"),
            },
            runs,
            variables,
        )
    return 0


def run_quietly(command: Sequence[str], variables: Mapping[str, str]) -> None:
    subprocess.run(command, check=True, env=variables, stdout=subprocess.DEVNULL)


def write_document(folder: Path) -> None:
    """Write a document of 10,000 blocks and its translation."""
    folder.mkdir()
    for language, words in WORDS.items():
        rng = random.Random(1)  # noqa: S311 (the same choices in both languages)
        blocks = [f"# Dokument {language}"]
        for number in range(BLOCKS):
            text = " ".join(rng.choice(words) for _ in range(rng.randint(3, 9))).capitalize()
            blocks.append(f"{text} {number}." if number % 20 else f"## {text}")
        path = folder / f"long.{language}.md"
        path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
        make_old(path)


class Terminal(NamedTuple):
    """A program that runs in a pseudo-terminal."""

    pid: int
    master: int  # file descriptor

    @classmethod
    def start(cls, command: Sequence[str], variables: Mapping[str, str]) -> "Terminal":
        """Start a program."""
        pid, master = pty.fork()
        if pid == 0:
            os.execvpe(command[0], [*command], {**variables})  # noqa: S606 (there is no shell)
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        return cls(pid, master)

    def wait_for(self, text: bytes) -> None:
        """Wait until the program has written a text."""
        output = b""
        deadline = time.perf_counter() + TIMEOUT
        while text not in output:
            if not self.has_output(deadline - time.perf_counter()):
                sys.exit(f"{text!r} did not appear on the screen; the output ends with {output[-500:]!r}")
            output += self.read()

    def has_output(self, seconds: float) -> bool:
        """Wait for output; return False if there is none within some seconds."""
        return bool(select.select([self.master], [], [], max(0.0, seconds))[0])

    def drain(self, quiet_seconds: float) -> None:
        """Read until there has been no output for some seconds."""
        while self.has_output(quiet_seconds):
            self.read()

    def read(self) -> bytes:
        """Return the output that is there."""
        try:
            return os.read(self.master, 1 << 16)
        except OSError:  # how Linux reports that the other side is closed
            sys.exit("the program ended before it was to be killed")

    def response_time(self, key: str) -> float | None:
        """Return the seconds from a key to the first output; None if nothing on the screen changes."""
        os.write(self.master, KEY_BYTES.get(key, key).encode())
        start = time.perf_counter()
        return time.perf_counter() - start if self.has_output(1.0) else None

    def kill(self) -> float:
        """Kill the program; return the processor time that it used."""
        os.kill(self.pid, signal.SIGKILL)
        _, _, usage = os.wait4(self.pid, 0)
        os.close(self.master)
        return usage.ru_utime + usage.ru_stime


def time_keys(relmgr: Sequence[str], variables: Mapping[str, str], *, is_aligned: bool) -> None:
    """Print how long keys take. Pauses between keys are short while the document is being aligned."""
    terminal = Terminal.start([*relmgr, "read", "--lang", "pl"], variables)
    terminal.wait_for(b"Dokument")
    terminal.drain(1.5 if is_aligned else 0.05)
    times: list[tuple[float, str]] = []
    for key in [*KEYS, *SEARCH_KEYS]:
        seconds = terminal.response_time(key)
        # Textual waits 0.1 s whether more of an escape sequence follows, and would take the next key for that.
        terminal.drain(0.2 if is_aligned or key == "escape" else 0.02)
        if seconds is not None and key != "escape":
            times.append((seconds, key))
    terminal.kill()
    slowest = ", ".join(f"{key} {1000 * seconds:.0f}" for seconds, key in sorted(times, reverse=True)[:4])
    median = 1000 * statistics.median(seconds for seconds, _ in times)
    name = "aligned" if is_aligned else "being aligned"
    print(f"{name:16}{len(times)} keys: median {median:.0f} ms, slowest {slowest}", flush=True)


def compare_first_paint(
    programs: Mapping[str, tuple[Sequence[str], bytes]], runs: int, variables: Mapping[str, str]
) -> None:
    """Print for each program the wall and processor time until a text is on the screen, against the first program."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for _ in range(runs):
        for name, (command, text) in programs.items():
            times[name].append(first_paint(command, text, variables))
    print(f"{'first paint':16}{'wall, s':>9}{'ratio':>7}{'processor, s':>14}{'ratio':>7}")
    medians = {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in times.items()}
    base_wall, base_processor = next(iter(medians.values()))
    for name, (wall, processor) in medians.items():
        print(f"{name:16}{wall:9.3f}{wall / base_wall:7.2f}{processor:14.3f}{processor / base_processor:7.2f}")


def first_paint(command: Sequence[str], text: bytes, variables: Mapping[str, str]) -> tuple[float, float]:
    """Return the wall and processor time until a text is on the screen."""
    start = time.perf_counter()
    terminal = Terminal.start(command, variables)
    terminal.wait_for(text)
    return time.perf_counter() - start, terminal.kill()
