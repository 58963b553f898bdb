"""Time and memory of `relmgr show` on adversarial files.

The inputs are CommonMark's pathological cases, and others for front matter, tables, code, HTML, footnotes, encodings,
languages and line breaking; some also as two files that are translations of each other. Each has the size of a small
file (100 kB), of the largest file that is parsed (1 MiB) and of the largest file that is read (8 MiB).

The exit code is 1 if a page takes more than 2 s of processor time (in two languages: 6 s) or 500 MB, or if the program
fails.
"""

import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import CHECKOUT
from benchmarks.support.command_line import parser_for
from benchmarks.support.processes import RELMGR, environment

_SIZES = {"100 kB": 100_000, "1 MiB": 1 << 20, "8 MiB": 8 << 20}
_MAX_SECONDS, _MAX_MEGABYTES = 2.0, 500
_MAX_SECONDS_FOR_TWO = 6.0  # two such files are read and aligned; loading the encoder alone takes one second
_TIMEOUT = 60  # seconds

Make = Callable[[int], str | bytes]


def _filled(unit: str, before: str = "", after: str = "") -> Make:
    """Repeat `unit` up to a size in bytes."""
    room, step = len((before + after).encode()), len(unit.encode())
    return lambda size: before + unit * ((size - room) // step) + after


def _mirrored(opening: str, middle: str, closing: str) -> Make:
    """Repeat `opening`, and `closing` as many times, up to a size in bytes."""
    step = len((opening + closing).encode())
    return lambda size: opening * ((size - len(middle)) // step) + middle + closing * ((size - len(middle)) // step)


def _counted(line: str, after: str = "") -> Make:
    """Repeat a numbered line, then `after` as many times, up to a size in bytes."""

    def make(size: int) -> str:
        count = size // (len((line + after).format(10**6).encode()))
        return "".join(map(line.format, range(count))) + "".join(map(after.format, range(count)))

    return make


def _front_matter(fence: str, make: Make) -> Make:
    return lambda size: f"{fence}\n{make(size - 20)!s}\n{fence}\nbody\n"


def _rising(piece: str, unit: str) -> Make:
    """Repeat `piece`, each time followed by more repetitions of `unit`, up to a size in bytes."""

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
    # CommonMark's pathological cases.
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
    # Dialects.
    "directives": _filled(":::a\n"),
    "directives, closed": _filled(":::a\n:::\n"),
    "admonitions": _filled('!!! a "b"\n    c\n'),
    "tabs of Python-Markdown": _filled('=== "a"\n    b\n'),
    "callouts": _filled("> [!a] b\n> c\n\n"),
    "shortcodes": _filled("{{< a >}}\n"),
    "shortcode tags without end": _filled("{{< a "),
    "comments of Liquid without end": _filled("{% comment %}\n"),
    "attributes": _filled("{: .a}"),
    "formulas": _filled("$a$ "),
    "formulas without end": _filled("$$a\n"),
    "marked": _filled("==a== "),
    "comments of Obsidian without end": _filled("%% a\n"),
    "wiki links": _filled("[[a]] "),
    "MDX, imports": _filled("import a from 'b'\n"),
    "MDX, exports without end": _filled("export const a = {\n\n"),
    "MDX, tags": _filled("<A>\n", "import a from 'b'\n\n"),
    "MDX, tags without end": _filled("<A b={", "import a from 'b'\n\n"),
    "MDX, expressions without end": _filled("{a ", "import a from 'b'\n\n"),
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
    # Front matter.
    "front matter, keys": _front_matter("---", _counted("k{0}: v\n")),
    "front matter, small keys": lambda _: _front_matter("---", _counted("k{0}: v\n"))(15_000),
    "front matter, one long value": lambda size: f"---\ntitle: {'a ' * min(size // 2, 30_000)}\n---\nbody\n",
    "front matter, keywords": lambda size: f"---\nkeywords: {'a, ' * min(size // 3, 20_000)}\n---\nbody\n",
    "front matter, tags": lambda _: _front_matter("---", _filled("- a\n", "tags:\n"))(7_000),
    "front matter, deep": lambda size: _front_matter("---", _mirrored("t: [", "", "]"))(min(size, 60_000)),
    "front matter, dashes": lambda size: _front_matter("---", _filled("- ", after="a"))(min(size, 60_000)),
    "front matter, aliases": lambda size: _front_matter("---", _filled("*a, ", "a: &a [b]\nc: [", "]"))(
        min(size, 60_000)
    ),
    "front matter, anchors in anchors": lambda _: (
        "---\na0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{f'*a{i - 1}, ' * 9}]\n" for i in range(1, 30)) + "---\nbody\n"
    ),
    "front matter, merged keys": lambda _: "---\na: &a {b: c}\n" + f"<<: [{'*a, ' * 5000}]\n" * 3 + "---\nbody\n",
    "front matter, quotes": lambda size: _front_matter("---", _filled('"', "a: "))(min(size, 60_000)),
    "front matter, one key without end": lambda size: _front_matter("---", _filled("a ", "? "))(min(size, 60_000)),
    "front matter, TOML": lambda size: _front_matter("+++", _counted("k{0} = 1\n"))(min(size, 60_000)),
    "front matter, TOML, deep": lambda size: _front_matter("+++", _filled("a.", after="a = 1"))(min(size, 60_000)),
    "front matter, TOML, tables": lambda size: _front_matter("+++", _counted("[a.b{0}]\n"))(min(size, 60_000)),
    "front matter, TOML, lists": lambda size: _front_matter("+++", _mirrored("[", "", "]"))(min(size, 60_000)),
    "front matter, JSON, deep": lambda size: f'{{\n"a": {_mirrored("[", "", "]")(min(size, 60_000))!s}\n}}\nbody\n',
    "front matter, braces": lambda size: "{\n" + "}\n" * (min(size, 60_000) // 2),
    "front matter, comment": lambda size: f"<!--{'-' * size}",
    # Bytes.
    "not UTF-8": lambda size: b"\xff\xfa a" * (size // 4),
    "cp1251": lambda size: ("съешь ещё этих мягких булок ".encode("cp1251") * size)[:size],
    "cp1250": lambda size: ("zażółć gęślą jaźń ".encode("cp1250") * size)[:size],
    "UTF-16 without byte order mark": lambda size: ("word " * size)[: size // 2].encode("utf-16-le"),
    "noise": lambda size: bytes((i * i * 7919 + i // 251) % 255 + 1 for i in range(size)),
}

# These are also shown as two files that are translations of each other; the second has one block more.
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


def main(argv: Sequence[str]) -> int:
    """Run the check."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("--only", metavar="TEXT", default="", help="run the inputs with this text in their names")
    parser.add_argument("--failed", action="store_true", help="print only the inputs that exceed a limit")
    options = parser.parse_args(argv)
    print("| input | processor s | s | MB | exit | message |\n| --- | ---: | ---: | ---: | ---: | --- |")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="relmgr-pathological-") as folder:
        home = Path(folder, "home")
        home.mkdir()
        for name, max_seconds, arguments in write_inputs(Path(folder), options.only):
            usage = measure(arguments, home)
            if usage.is_excessive(max_seconds):
                usage = min(usage, measure(arguments, home))  # the machine may have been busy
            is_excessive = usage.is_excessive(max_seconds)
            failed += is_excessive
            if is_excessive or not options.failed:
                seconds = f"{usage.processor_seconds:.2f}{' **' * is_excessive} | {usage.wall_seconds:.2f}"
                rest = f"{usage.megabytes} | {usage.exit_code} | {usage.message[:80]}"
                print(f"| {name} | {seconds} | {rest} |", flush=True)
    print(f"\n{failed} inputs exceed a limit")
    return int(failed > 0)


class Usage(NamedTuple):
    """Resources that one run of the program used."""

    processor_seconds: float
    wall_seconds: float
    megabytes: int  # peak memory
    exit_code: int
    message: str  # the first line on standard error

    def is_excessive(self, max_seconds: float) -> bool:
        """Return True if the run took too long or too much memory, or failed."""
        is_large = self.megabytes > _MAX_MEGABYTES
        return self.processor_seconds > max_seconds or is_large or self.exit_code not in (0, 1)


def measure(arguments: Sequence[str], home: Path) -> Usage:
    """Run the program once, with an empty cache."""
    shutil.rmtree(home / ".cache", ignore_errors=True)
    variables = environment(home) | {"COLUMNS": "80"}
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [*RELMGR, *arguments], stdout=subprocess.DEVNULL, stderr=errors, env=variables, cwd=CHECKOUT
        )
        code, usage = _wait(process, start + _TIMEOUT)
        wall = time.perf_counter() - start
        errors.seek(0)
        message = errors.read().decode(errors="replace").partition("\n")[0]
    seconds = usage.ru_utime + usage.ru_stime
    return Usage(seconds, wall, usage.ru_maxrss >> 10, code, message.rpartition(".md: ")[2])


def _wait(process: "subprocess.Popen[bytes]", deadline: float) -> "tuple[int, resource.struct_rusage]":
    """Return the exit code and the resources used; kill the process at the deadline."""
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


def write_input(name: str, size: int, *paths: Path) -> None:
    """Write an input into one file, or into two files that are translations of each other."""
    content = INPUTS[name](size)
    data = content if isinstance(content, bytes) else content.encode()
    beginnings = ("To jest po polsku, ale nie wszystko. " * 1500, "Это по-русски, но не всё. " * 1500 + "\n\nИ ещё.")
    for path, beginning in zip(paths, beginnings if len(paths) > 1 else [""], strict=True):
        path.write_bytes(f"{beginning}\n\n".encode() + data if beginning else data)


def _write_in_subprocess(name: str, size: int, *paths: Path) -> int:
    """Write an input and return its size; the memory for it must not count as that of the program under test."""
    process = get_context("spawn").Process(target=write_input, args=(name, size, *paths))
    process.start()
    process.join()
    return paths[0].stat().st_size


def write_inputs(folder: Path, wanted: str) -> Iterator[tuple[str, float, list[str]]]:
    """Write each input in turn; yield its name, the seconds that it may take, and the program's arguments."""
    one, pair = folder / "big.md", (folder / "big.pl.md", folder / "big.ru.md")
    for name in filter(lambda name: wanted in name, INPUTS):
        before = 0
        for label, size in _SIZES.items():
            written = _write_in_subprocess(name, size, one)
            if written != before:  # some inputs have an upper limit
                yield f"{name}, {label}", _MAX_SECONDS, ["show", "--color=always", str(one)]
            before = written
    for name in filter(lambda name: wanted in name, PAIRS):
        for label, size in _SIZES.items():
            _write_in_subprocess(name, size // 8, *pair)
            yield (
                f"{name}, two of {label} / 8",
                _MAX_SECONDS_FOR_TWO,
                ["show", "--color=always", "--lang=pl,ru", str(pair[0])],
            )
