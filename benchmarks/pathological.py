"""How long `relmgr show` takes on files made to do harm, and how much memory.

The classes are those of CommonMark's own list of pathological inputs and some for every layer behind the parser:
headers, tables, code, HTML, footnotes, encodings, languages, line breaks, and two such files as translations of each
other. Each is made as large as a file that is still parsed and as large as a file that is read at all. Exits with 1
when a page takes more than 2 s (of two languages, 6 s) or 500 MB, or is no page.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

_SIZES = {"100 kB": 100_000, "1 MiB": 1 << 20, "8 MiB": 8 << 20}
_MOST_SECONDS, _MOST_MEGABYTES = 2.0, 500
_MOST_SECONDS_FOR_TWO = 6.0  # two such files are read and aligned, and the encoder alone takes one second to load
_GIVE_UP = 60  # seconds

Make = Callable[[int], str | bytes]


def _filled(unit: str, before: str = "", after: str = "") -> Make:
    """Return what repeats `unit` until a size in bytes is reached."""
    room, step = len((before + after).encode()), len(unit.encode())
    return lambda size: before + unit * ((size - room) // step) + after


def _mirrored(opening: str, middle: str, closing: str) -> Make:
    step = len((opening + closing).encode())
    return lambda size: opening * ((size - len(middle)) // step) + middle + closing * ((size - len(middle)) // step)


def _counted(line: str, after: str = "") -> Make:
    """Return lines with their numbers in them until a size is reached; `after` stands at the end as often."""

    def make(size: int) -> str:
        count = size // (len((line + after).format(10**6).encode()))
        return "".join(map(line.format, range(count))) + "".join(map(after.format, range(count)))

    return make


def _header(form: str, make: Make) -> Make:
    return lambda size: f"{form}\n{make(size - 20)!s}\n{form}\nbody\n"


def _rising(piece: str, unit: str) -> Make:
    """Return pieces with ever longer runs of `unit` until a size is reached."""

    def make(size: int) -> str:
        count = int((2 * size) ** 0.5) - len(piece)
        return "".join(piece + unit * i for i in range(max(count, 1)))[:size]

    return make


def _nested_list(size: int) -> str:
    return "".join("  " * i + "* a\n" for i in range(int(size**0.5) - 2))


def _wide_table(size: int) -> str:
    count = size // 6
    return f"|{'a|' * count}\n|{'-|' * count}\n|{'b|' * count}"


def _filled_up_table(size: int) -> str:
    count = size // 8
    return f"|{'a|' * count}\n|{'-|' * count}\n" + "|b|\n" * count


INPUTS: dict[str, Make] = {
    # CommonMark's classes.
    "strong and emphasis nested": _mirrored("*a **a ", "b", " a** a*"),
    "emphasis closed": _filled("a_ "),
    "emphasis opened": _filled("_a "),
    "emphasis mismatched": _filled("*a_ "),
    "emphasis by threes": _filled("c* ", "a**b"),
    "links closed": _filled("a]"),
    "links opened": _filled("[a"),
    "links and emphasis": _filled("[ a_"),
    "links without end": _filled("[a](b"),
    "link targets without end": _filled("[a](<b"),
    "brackets nested": _mirrored("[", "a", "]"),
    "quotes nested": _filled("> ", after="a"),
    "lists nested": _nested_list,
    "lists nested in one line": _filled("- ", after="a"),
    "backticks": _rising("e", "`"),
    "references": _counted("[{0}]: u\n", "[{0}] "),
    "one reference, many times": _filled("[a] ", f"[a]: {'u' * 5000}\n\n"),
    # Blocks.
    "headings": _filled("# h\n\n"),
    "headings underlined": _filled("h\n=\n"),
    "headings of every level": _filled("# h\n## h\n### h\n#### h\n##### h\n###### h\n"),
    "headings with anchors": _counted("# h {{#a{0}}}\n"),
    "heading anchors without end": _filled("{#a", "# "),
    "paragraphs": _filled("a\n\n"),
    "rules": _filled("---\n"),
    "list items": _filled("- a\n"),
    "list items, numbered": _filled("1. a\n"),
    "list items, empty": _filled("-\n"),
    "tasks": _filled("- [x] a\n"),
    "lists apart": _filled("- a\n\n+ b\n\n"),
    "quotes": _filled("> a\n\n"),
    "quotes 19 deep, lazy lines": _filled("b\n", f"{'> ' * 19}a\n"),
    "quotes 90 deep, lazy lines": _filled("b\n", f"{'> ' * 90}a\n"),
    "alerts": _filled("> [!NOTE]\n> a\n\n"),
    "definitions": _filled("a\n: b\n\n"),
    "footnotes": _counted("[^{0}]: a\n\n", "[^{0}] "),
    "footnotes, never referred to": _counted("[^{0}]: a\n\n"),
    "footnotes within the line": _filled("^[a]"),
    "footnotes nested": _mirrored("^[a", "b", "]"),
    "footnotes that name each other": _counted("[^{0}]: [^1{0}]\n\n"),
    "code, indented": _filled("    a\n"),
    "code, indented, apart": _filled("    a\n\nb\n\n"),
    "fences": _filled("```\na\n```\n"),
    "fences, python": _filled("```python\ndef f(x): return 'a' # b\n```\n"),
    "one fence": _filled("x = 1\n", "```\n", "```"),
    "one fence, python": _filled("x = 1  # c\n", "```python\n", "```"),
    "table, tall": _filled("|c|d|\n", "|a|b|\n|-|-|\n"),
    "table, wide": _wide_table,
    "table, filled up": _filled_up_table,
    "tables": _filled("|a|\n|-|\n|b|\n\n"),
    "table of emphasis": _filled("|**a**|[b](c)|\n", "|a|b|\n|-|-|\n"),
    # Text.
    "hard breaks": _filled("a  \n"),
    "escapes": _filled("\\*"),
    "links": _filled("[a](b) "),
    "links to the web": _filled("[a](https://example.org/) "),
    "links, written out": _filled("<https://a.b> "),
    "links with anchors": _counted("[a](#{0}) "),
    "images": _filled("![a](b) "),
    "images nested": _mirrored("![", "a", "](b)"),
    "images without text": _filled("![[]()"),
    "wiki links without end": _filled("[["),
    "shortcodes without end": _filled("[a]({{"),
    "strong": _filled("**a** "),
    "deleted": _filled("~~a~~ "),
    "stars": _filled("*"),
    "code in the line": _filled("`a` "),
    "entities": _filled("&amp;"),
    "ampersands": _filled("&"),
    "numbers": _filled("1.1"),
    "options": _filled(" --a-b"),
    "one line": _filled("word "),
    "one word": _filled("a"),
    "hyphenated": _filled("a-"),
    "one-letter words": _filled("a ", "lang: pl\n\n"),
    "dashes": _filled("— "),
    "newlines": _filled("\n"),
    "carriage returns": _filled("a\r"),
    "spaces": _filled(" ", after="a"),
    "tabs": _filled("\t", after="a"),
    "tabs between": _filled("a\t"),
    "combining": _filled("\u0301", "a"),
    "joined emoji": _filled("\U0001f468\u200d"),
    "flags": _filled("\U0001f1f5\U0001f1f1"),
    "ideographs": _filled("汉"),
    "ideographs and signs": _filled("汉。"),
    "right to left": _filled("\u05d0\u05d1 "),
    "overrides": _filled("\u202e"),
    "Cyrillic": _filled("слово и дело "),
    "letters of all scripts": _filled("".join(map(chr, range(0x100, 0x2000)))),
    # HTML.
    "tags": _filled("<b>a</b>"),
    "tags, never closed": _filled("<b>"),
    "tags, attributes": _filled(' a="b"', "<b", ">"),
    "tags without end": _filled("<a "),
    "tags without end, attributes": _filled("<a b='"),
    "HTML blocks": _filled("<p>a</p>\n\n"),
    "HTML blocks, nested": _filled("<div>\n"),
    "HTML blocks without end": _filled(f"<div {'<a ' * 1500}\n\n"),
    "HTML blocks, declarations": _filled(f"<div>{'<!' * 2400}\n\n"),
    "HTML blocks, attributes": _filled(f"<div>\n<b {'a=' * 2400}\n\n"),
    "comments without end": _filled("<!--", "</"),
    "comments": _filled("<!-- a -->\n"),
    "CDATA": _filled("<![CDATA["),
    "instructions": _filled("<?"),
    "scripts": _filled("<script>a</script>\n"),
    # Headers.
    "header, keys": _header("---", _counted("k{0}: v\n")),
    "header, small keys": lambda _: _header("---", _counted("k{0}: v\n"))(15_000),
    "header, one long value": lambda size: f"---\ntitle: {'a ' * min(size // 2, 30_000)}\n---\nbody\n",
    "header, keywords": lambda size: f"---\nkeywords: {'a, ' * min(size // 3, 20_000)}\n---\nbody\n",
    "header, tags": lambda _: _header("---", _filled("- a\n", "tags:\n"))(7_000),
    "header, deep": lambda size: _header("---", _mirrored("t: [", "", "]"))(min(size, 60_000)),
    "header, dashes": lambda size: _header("---", _filled("- ", after="a"))(min(size, 60_000)),
    "header, aliases": lambda size: _header("---", _filled("*a, ", "a: &a [b]\nc: [", "]"))(min(size, 60_000)),
    "header, anchors in anchors": lambda _: (
        "---\na0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{f'*a{i - 1}, ' * 9}]\n" for i in range(1, 30)) + "---\nbody\n"
    ),
    "header, merged keys": lambda _: "---\na: &a {b: c}\n" + f"<<: [{'*a, ' * 5000}]\n" * 3 + "---\nbody\n",
    "header, quotes": lambda size: _header("---", _filled('"', "a: "))(min(size, 60_000)),
    "header, one key without end": lambda size: _header("---", _filled("a ", "? "))(min(size, 60_000)),
    "header, TOML": lambda size: _header("+++", _counted("k{0} = 1\n"))(min(size, 60_000)),
    "header, TOML, deep": lambda size: _header("+++", _filled("a.", after="a = 1"))(min(size, 60_000)),
    "header, TOML, tables": lambda size: _header("+++", _counted("[a.b{0}]\n"))(min(size, 60_000)),
    "header, TOML, lists": lambda size: _header("+++", _mirrored("[", "", "]"))(min(size, 60_000)),
    "header, JSON, deep": lambda size: f'{{\n"a": {_mirrored("[", "", "]")(min(size, 60_000))!s}\n}}\nbody\n',
    "header, braces": lambda size: "{\n" + "}\n" * (min(size, 60_000) // 2),
    "header, comment": lambda size: f"<!--{'-' * size}",
    # Bytes.
    "not UTF-8": lambda size: b"\xff\xfa a" * (size // 4),
    "cp1251": lambda size: ("съешь ещё этих мягких булок ".encode("cp1251") * size)[:size],
    "cp1250": lambda size: ("zażółć gęślą jaźń ".encode("cp1250") * size)[:size],
    "UTF-16 without its mark": lambda size: ("word " * size)[: size // 2].encode("utf-16-le"),
    "noise": lambda size: bytes((i * i * 7919 + i // 251) % 255 + 1 for i in range(size)),
}

# Two files of these are shown as translations of each other; the second of some has one block more.
PAIRS = (
    "headings",
    "headings of every level",
    "paragraphs",
    "list items",
    "rules",
    "fences",
    "tables",
    "table, tall",
    "quotes",
    "one line",
    "numbers",
    "options",
    "links with anchors",
    "HTML blocks",
    "footnotes",
    "definitions",
)


class Figures(NamedTuple):
    """What one run of the program took."""

    seconds: float  # of the processor: what it takes where nothing else runs
    wall: float  # seconds
    megabytes: int
    code: int
    notice: str  # the first line on standard error

    def is_bad(self, seconds: float) -> bool:
        """Tell whether it took too long or too much, or ended in a way it must not."""
        return self.seconds > seconds or self.megabytes > _MOST_MEGABYTES or self.code not in (0, 1)


def measure(arguments: list[str], home: str) -> Figures:
    """Run the program once, with nothing kept from before."""
    shutil.rmtree(Path(home, ".cache"), ignore_errors=True)
    environ = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", "COLUMNS": "80"}
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "relmgr_cli", *arguments], stdout=subprocess.DEVNULL, stderr=errors, env=environ
        )
        code, usage = _wait(process, start + _GIVE_UP)
        wall = time.perf_counter() - start
        errors.seek(0)
        said = errors.read().decode(errors="replace").partition("\n")[0]
    seconds = usage.ru_utime + usage.ru_stime
    return Figures(seconds, wall, usage.ru_maxrss >> 10, code, said.rpartition(".md: ")[2])


def _wait(process: "subprocess.Popen[bytes]", deadline: float) -> "tuple[int, resource.struct_rusage]":
    """Return the exit code and what was used; a process that goes on for too long is ended."""
    while True:
        found, status, usage = os.wait4(process.pid, os.WNOHANG)
        if found:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage
        if time.perf_counter() > deadline:
            process.kill()
            _, status, usage = os.wait4(process.pid, 0)
            return os.waitstatus_to_exitcode(status), usage
        time.sleep(0.005)


def write(name: str, size: int, *paths: Path) -> None:
    """Write an input, into two files as translations of each other.

    Called in a process of its own: the memory of the one that starts the program counts as the program's.
    """
    made = INPUTS[name](size)
    data = made if isinstance(made, bytes) else made.encode()
    beginnings = ("To jest po polsku, ale nie wszystko. " * 1500, "Это по-русски, но не всё. " * 1500 + "\n\nИ ещё.")
    for path, beginning in zip(paths, beginnings if len(paths) > 1 else [""], strict=True):
        path.write_bytes(f"{beginning}\n\n".encode() + data if beginning else data)


def _write(name: str, size: int, *paths: Path) -> int:
    process = get_context("spawn").Process(target=write, args=(name, size, *paths))
    process.start()
    process.join()
    return paths[0].stat().st_size


def runs(folder: Path, wanted: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what is run: a name and the arguments, the files written."""
    one, pair = folder / "big.md", (folder / "big.pl.md", folder / "big.ru.md")
    for name in filter(lambda name: wanted in name, INPUTS):
        before = 0
        for label, size in _SIZES.items():
            written = _write(name, size, one)
            if written != before:  # some do not grow
                yield f"{name}, {label}", ["show", "--color=always", str(one)]
            before = written
    for name in filter(lambda name: wanted in name, PAIRS):
        for label, size in _SIZES.items():
            _write(name, size // 8, *pair)
            yield f"{name}, two of {label} / 8", ["show", "--color=always", "--lang=pl,ru", str(pair[0])]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="inputs with this in their name")
    parser.add_argument("--bad", action="store_true", help="print nothing but what is too slow or too large")
    options = parser.parse_args()
    print("| input | processor s | s | MB | exit | what it says |\n| --- | ---: | ---: | ---: | ---: | --- |")
    bad = 0
    with tempfile.TemporaryDirectory(prefix="relmgr-pathological-") as folder:
        home = Path(folder, "home")
        home.mkdir()
        for name, arguments in runs(Path(folder), options.only):
            most = _MOST_SECONDS_FOR_TWO if "--lang=pl,ru" in arguments else _MOST_SECONDS
            found = measure(arguments, str(home))
            if found.is_bad(most):
                found = min(found, measure(arguments, str(home)))  # the machine may have been busy
            is_bad = found.is_bad(most)
            bad += is_bad
            if is_bad or not options.bad:
                figures = f"{found.seconds:.2f}{' **' * is_bad} | {found.wall:.2f} | {found.megabytes} | {found.code}"
                print(f"| {name} | {figures} | {found.notice[:80]} |", flush=True)
    print(f"\n{bad} of them too slow or too large")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
