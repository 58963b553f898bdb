"""Text from outside is sanitized wherever it is written, so that it cannot control the terminal."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from support import terminal
from support.files import age
from support.hostile_files import CHARACTERS, PAYLOAD, SHOWN, harm_in, make_library
from support.marks import slow

from relmgr_cli.cli.main import load_app, main
from relmgr_cli.cli.output_cache import OutputCache
from relmgr_cli.store.codec import pack, unpack
from relmgr_cli.terminal.stream import page_or_write, warn, write

ARGUMENT = PAYLOAD.replace("\0", "")  # an argument or a variable of the environment holds no NUL
MODES = (["--color", "always"], ["--color", "never"], ["--plain"], ["--json"])
# Each command, with arguments that make it answer.
CASES: dict[str, Sequence[Sequence[str]]] = {
    "list": ([], ["T"], ["--missing", "de"]),
    "show": (
        ["1", "--lang", "pl"],
        ["1", "--lang", "pl,ru"],
        ["1", "--lang", "pl,ru", "--interleaved", "--links"],
        ["1", "--highlights"],
        ["1#1"],
        ["--hit", "1"],
    ),
    "sections": (["1"], ["1", "--lang", "ru,pl"]),
    "links": (["1"],),
    "highlights": (["1"], ["1", "--lang", "pl,ru"]),
    "search": (["--exact", "needle"], ["--exact", "--lines", "krótki"], ["--exact", f'needle "x{ARGUMENT}"']),
    "index": ([], ["--status"]),
    "read": (["1"],),
    "bookmarks": ([],),  # with some: tests/cli/test_bookmarks_command.py
    "words": ([],),  # with some: tests/cli/test_words_command.py
    "status": ([], ["--lang", "pl", "--all"]),
    "diff": (["1", "--lang", "ru"],),
    "check": (["--all", "--fail-on", "never"], ["--all", "--fail-on", "never", "--format", "github"]),
    "terms": ([],),
    "export": (
        ["--to", "tsv"],
        ["--to", "pot"],
        ["--to", "tmx"],
        ["--to", "html"],
        ["1", "--to", "markdown", "--lang", "pl,ru"],
    ),
    "mcp": (),  # tests/mcp_server
}
# Requests that cannot be answered: what was asked for is said again.
MISTAKES: Sequence[Sequence[str]] = (
    [ARGUMENT],
    [f"--{ARGUMENT}"],
    ["show", ARGUMENT],
    ["show", f"/{ARGUMENT}.md"],
    ["show", "1", "--section", ARGUMENT],
    ["show", f"1#{ARGUMENT}"],
    ["show", "1", "--lang", ARGUMENT],
    ["show", "1", "--width", ARGUMENT],
    ["show", "1", "--color", ARGUMENT],
    ["show", "--hit", ARGUMENT],
    ["list", ARGUMENT],
    ["list", "--missing", ARGUMENT],
    ["list", "-C", f"/{ARGUMENT}"],
    ["search", "needle", "--in", ARGUMENT],
    ["search", "--exact", f"-{ARGUMENT}"],
    ["read", ARGUMENT, "--plain"],
)


class Output(NamedTuple):
    """What a call of the program wrote."""

    code: int
    out: bytes
    err: bytes


Run = Callable[..., Output]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Return a function that runs the program with some arguments."""

    def call(*args: object) -> Output:
        capfdbinary.readouterr()
        code = main([os.fsdecode(arg) if isinstance(arg, bytes) else str(arg) for arg in args])
        return Output(code, *capfdbinary.readouterr())

    return call


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the library that was made to do harm; nothing writes into it."""
    return make_library(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which that library is indexed once."""
    return tmp_path_factory.mktemp("home-of-the-hostile")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let somebody type into the reader without a screen."""
    lines = iter(["", "b", "l", "i", "o", "h", f":{ARGUMENT}", f"/{ARGUMENT}", "/needle", "?", ARGUMENT, "q"])

    def ask(prompt: str) -> str:
        print(prompt, end="")  # noqa: T201 (as `input` does)
        return next(lines)

    monkeypatch.setattr("relmgr_cli.reader.line_reader.run.__defaults__", (ask,))


def assert_harmless(output: Output, *, styled: bool = False) -> None:
    assert harm_in(output.out, styled=styled) == []
    assert harm_in(output.err) == []


def test_every_command_has_a_case() -> None:
    assert set(CASES) == set(typer.main.get_command(load_app()).commands)  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize("command", CASES)
@pytest.mark.parametrize("mode", [MODES[2], *slow(*MODES[:2], MODES[3])], ids=" ".join)
def test_no_command_writes_anything_that_could_act(
    run: Run, library: Path, home: Path, monkeypatch: pytest.MonkeyPatch, command: str, mode: list[str]
) -> None:
    monkeypatch.setenv("HOME", str(home))
    parameters = typer.main.get_command(load_app()).commands[command].params  # type: ignore[attr-defined]
    has_mode = any(mode[0] in parameter.opts for parameter in parameters)
    if has_mode and (command != "read" or mode == ["--plain"]):
        run("-C", library, "search", "--exact", "needle")
        for arguments in CASES[command]:
            if mode == ["--json"] and "--format" in arguments:
                continue  # two formats are refused
            output = run("-C", library, command, *mode, *arguments)
            assert output.code == 0, (arguments, mode, output.err)
            assert_harmless(output, styled=mode == ["--color", "always"])
            if mode == ["--json"]:
                json.loads(output.out)
            elif arguments and command in ("show", "sections", "links", "highlights"):
                assert all(shown in output.out.decode() for shown in SHOWN), (arguments, mode)


@pytest.mark.slow
def test_relmgr_alone_does_not_either(run: Run, library: Path, tmp_path: Path) -> None:
    for folder in (library, tmp_path):
        for mode in MODES[:3]:
            assert_harmless(run("-C", folder, *mode), styled=mode == ["--color", "always"])


@pytest.mark.slow
def test_no_mistake_is_said_again_as_it_was(run: Run, library: Path) -> None:
    for arguments in MISTAKES:
        output = run("-C", library, *arguments)
        assert output.code in (1, 2), arguments
        assert output.err.startswith(b"relmgr: "), arguments
        assert output.err.count(b"\n") < 6, arguments  # the library's own problems come first
        assert_harmless(output)


VARIABLES = "RELMGR_LANG RELMGR_LIBRARY RELMGR_PAGER LANG COLUMNS TERM COLORFGBG XDG_CACHE_HOME".split()


@pytest.mark.slow
def test_the_environment_is_from_outside_too(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        folder = [] if name == "RELMGR_LIBRARY" else ["-C", library]
        with monkeypatch.context() as patch:
            patch.setenv(name, f"/dev/null/{ARGUMENT}" if name.startswith("XDG") else ARGUMENT)
            for mode in MODES:
                assert_harmless(run(*folder, "show", "1", *mode), styled=mode == ["--color", "always"])


@pytest.mark.parametrize(
    "line", ['lang = "{}"', 'color = "{}"', 'library = "/{}"', '"{}" = 1', 'reader = {{"{}" = 1}}', "{}", "# {}\nx"]
)
def test_the_config_file_is_too(run: Run, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.chdir(Path.home())  # where no relmgr.toml names a library
    config = Path.home() / ".config/relmgr/config.toml"
    config.parent.mkdir(parents=True)
    escaped = "".join(f"\\U{ord(c):08x}" for c in ARGUMENT) if '"' in line else PAYLOAD
    config.write_text(line.format(escaped), encoding="utf-8")
    output = run("show")
    assert output.code == 2
    assert_harmless(output)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('library = "{}"', 2),
        ('library = "/{}"', 2),
        ('source = "{}"', 2),
        ('languages."../{}" = "en"', 2),
        ('languages.cn = "{}"', 2),
        ('"{}" = 1', 0),
        ('[[pairs]]\n"{}" = "a"', 2),
        ('[[pairs]]\njoin = "{}"', 2),
        ("{}", 2),
    ],
)
def test_relmgr_toml_is_from_outside_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, code: int
) -> None:
    (tmp_path / "a.md").write_text("# A\n\nSome words.\n")
    text = ARGUMENT.replace("\\", "").replace("/", "")
    escaped = "".join(f"\\U{ord(c):08x}" for c in text) if '"' in line else PAYLOAD
    (tmp_path / "relmgr.toml").write_text(line.format(escaped), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for arguments in (["list"], ["list", "--json"], ["index", "--status"]):
        output = run(*arguments)
        assert output.code == code
        assert_harmless(output)


def _databases() -> Iterator[sqlite3.Connection]:
    for path in Path.home().glob(".cache/relmgr/lib-*/index-*.db"):
        with closing(sqlite3.connect(path)) as connection, connection:
            yield connection


def _spoilt(value: Any) -> Any:
    """Return a value of the index with a payload in all its texts."""
    if isinstance(value, list):
        return [_spoilt(item) for item in value]
    return f"{value}{PAYLOAD}\ud800" if isinstance(value, str) and value not in ("pl", "ru") else value


@pytest.mark.slow
def test_what_somebody_wrote_into_the_index_cannot_act(run: Run, library: Path) -> None:
    run("-C", library, "index")
    run("-C", library, "show", "1", "--lang", "pl,ru")
    for connection in _databases():
        for number, about, problems in connection.execute("SELECT id, summary, problems FROM documents").fetchall():
            spoilt = [pack(_spoilt(unpack(data))) if data else data for data in (about, problems)]
            connection.execute("UPDATE documents SET summary = ?, problems = ? WHERE id = ?", (*spoilt, number))
        for number, sections, units in connection.execute("SELECT number, sections, units FROM articles").fetchall():
            rows = [
                [[f"{row[0]}\x1b[3;9;53mx", *row[1:]] for row in unpack(data)] if data else None
                for data in (sections, units)
            ]
            values = [pack(each) if each else None for each in rows]
            connection.execute("UPDATE articles SET sections = ?, units = ? WHERE number = ?", (*values, number))
        connection.execute("UPDATE articles SET id = id || ?, paired_by = paired_by || ?", (PAYLOAD, PAYLOAD))
    for arguments in (["list"], ["show", "1"], ["show", "1", "-L", "pl,ru"], ["sections", "1"], ["links", "1"]):
        for mode in MODES:
            output = run("-C", library, *arguments, *mode)
            assert output.code == 0, output.err
            assert_harmless(output, styled=mode == ["--color", "always"])


def _add_to_cached_output(more: bytes) -> Path:
    """Append data to the cached output and update its checksum."""
    (path,) = Path.home().glob(".cache/relmgr/output/*")
    data = path.read_bytes()[4:] + more
    path.write_bytes(zlib.crc32(data).to_bytes(4, "big") + data)
    return path


def test_foreign_data_in_the_output_cache_cannot_control_the_terminal(run: Run) -> None:
    run("show", "--color", "always")
    first = run("show", "--color", "always")
    _add_to_cached_output(PAYLOAD.replace("\0", "").encode())
    output = run("show", "--color", "always")
    assert output.out != first.out
    assert harm_in(output.out) == []  # not one escape is believed any more


def test_cached_output_that_others_could_have_written_is_ignored(run: Run) -> None:
    first = run("show")
    path = _add_to_cached_output(b"more")
    assert run("show").out == first.out + b"more"
    path.chmod(0o622)
    assert run("show").out == first.out


def test_a_cached_note_is_shown_again_unchanged(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: \x1b[3;9;53mx: y\n---\n# A\n\nText.\n")
    age(tmp_path)
    first = run("-C", tmp_path, "show")
    assert first.err
    assert run("-C", tmp_path, "show") == first
    assert_harmless(first)


def test_a_note_with_a_nul_does_not_shift_the_cached_output() -> None:
    cache = OutputCache(["x"], os.environ)
    cache.add_note("a\0b")
    cache.put("text", [], pager="", state=("", ""))
    cached = OutputCache(["x"], os.environ).get()
    assert cached is not None
    assert (cached.notes, cached.text) == (("a b",), "text")


@pytest.mark.slow
def test_state_files_cannot_act(run: Run, library: Path) -> None:
    run("-C", library, "search", "--exact", "needle")
    run("-C", library, "show", "1")
    files = [path for path in Path.home().glob(".local/state/relmgr/*/*") if path.is_file()]
    assert len(files) == 2
    for path in files:
        for content in (PAYLOAD, json.dumps({"hits": [[PAYLOAD] * 3], "groups": [], "exact": True})):
            path.write_text(content, encoding="utf-8")
            for arguments in (["show"], ["show", "--hit", "1"], ["sections"]):
                assert_harmless(run("-C", library, *arguments))


def test_json_gives_every_text_and_path_as_it_is(run: Run, tmp_path: Path) -> None:
    text = "".join(c for c in CHARACTERS if not c.isspace() and c != "\0").replace("\ufeff", "")
    name = os.fsdecode(b"\xff\x9b") + text[:40] + "\u202e\U000e0041.md"
    (tmp_path / name).write_text(f"# T\n\nx{text}x\n", encoding="utf-8")
    output = run("-C", tmp_path, "show", "1", "--json")
    (language,) = json.loads(output.out)["langs"]
    assert json.loads(output.out)["rows"][-1][language][0]["text"] == f"x{text}x"
    listed = json.loads(run("-C", tmp_path, "list", "--json").out)
    (document,) = listed["articles"][0]["documents"]
    assert document["path"] == name
    assert Path(document["root"], document["path"]).is_file()


COMPLETIONS = ("relmgr show ", "relmgr show 1 --section ", "relmgr --lang ", "relmgr search --in ", "relmgr ")


Complete = Callable[[str, str], Output]


@pytest.fixture
def complete(library: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Complete:
    """Return a function that gives what a shell is offered for a command line in the library."""
    main(["-C", str(library), "index"])
    monkeypatch.setenv("RELMGR_LIBRARY", str(library))
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")

    def offer(shell: str, line: str) -> Output:
        monkeypatch.setenv("_RELMGR_COMPLETE", f"complete_{shell}")
        for name in ("_TYPER_COMPLETE_ARGS", "COMP_WORDS"):
            monkeypatch.setenv(name, line)
        monkeypatch.setenv("COMP_CWORD", str(line.count(" ")))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([])
        return Output(int(stop.value.code or 0), *capfdbinary.readouterr())

    return offer


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", *slow("zsh", "fish", "powershell")])
def test_completion_cannot_act(complete: Complete, shell: str) -> None:
    for line in COMPLETIONS:
        offered = complete(shell, line)
        assert offered.code == 0
        assert offered.err == b""
        assert_harmless(offered)
        assert not any(trap in offered.out for trap in (b"`", b"$(", b"[red]"))


@pytest.mark.slow
def test_completion_offers_nothing_that_is_more_than_a_word(complete: Complete) -> None:
    for connection in _databases():
        for number, name in enumerate(("$(touch pwned)", "--pager", "*", "a b", "x\u3164"), 1):
            connection.execute("UPDATE articles SET id = ? WHERE number = ?", (name, number))
    for shell in ("bash", "zsh", "fish"):
        offered = complete(shell, "relmgr show ").out.decode()
        assert "z1" in offered
        assert not any(trap in offered for trap in ("touch", "--pager", "*\n", '"*"', "a b", "x\u3164"))


@pytest.mark.slow
def test_a_shell_that_is_none_is_said_again_in_clean_words(library: Path) -> None:
    written = terminal.run_in_terminal(_RELMGR_COMPLETE=f"complete_{ARGUMENT}", RELMGR_LIBRARY=str(library))
    assert "␛" in written
    assert harm_in(written.replace("\r\n", "\n").encode()) == []


BASH = """\
eval "$(_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION=1 relmgr --show-completion bash)"
COMP_WORDS=(relmgr show "") COMP_CWORD=2
_relmgr_completion relmgr
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_runs_nothing_of_what_it_is_offered(run: Run, library: Path, tmp_path: Path) -> None:
    run("-C", library, "index")
    (tmp_path / "relmgr").write_text(f'#!/bin/sh\nexec {sys.executable} -m relmgr_cli "$@"\n')
    (tmp_path / "relmgr").chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "RELMGR_LIBRARY": str(library)}
    command = ["bash", "--norc", "-c", BASH]
    result = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, check=False)
    assert b"\nbroken\n" in result.stdout
    assert harm_in(result.stdout) == []
    assert os.listdir(tmp_path) == ["relmgr"]


def test_no_way_out_is_without_the_gate(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    own = "\x1b[1;36mA\x1b[0m \x1b]8;id=1-2;https://example.org/\x1b\\B\x1b]8;;\x1b\\\n"
    for way in (write, warn, lambda text: page_or_write(text, "", {})):
        way(PAYLOAD)
        way(own + PAYLOAD)
        out, err = capfdbinary.readouterr()
        assert out or err
        assert harm_in(out) == harm_in(err) == []
    for target in ("javascript:x", "https://example.org/ż", "file:etc", "\x07https://example.org"):
        page_or_write(own.replace("https://example.org/", target), "", {})
        assert harm_in(capfdbinary.readouterr().out) == []
    for wrong in (
        "\x1b[31",
        "\x1b[31\x1b[0m",
        "\x1b]8;;https://example.org/",
        "\x1b]8;;\x1b[0m",
        "\x1b]8;;x:y",
        "\x1b]8;",
        "\x1b[3\u0661m",
    ):
        page_or_write(own + wrong, "", {})
        assert harm_in(capfdbinary.readouterr().out) == []
    page_or_write(own, "", {})
    assert capfdbinary.readouterr().out == own.encode()


def test_the_traceback_of_a_bug_is_sanitized() -> None:
    script = (
        "import relmgr_cli.cli.main as cli, os, sys\n"
        "def fail(argv, umask): raise ValueError(os.environ['TEXT'])\n"
        "cli.main = fail\n"
        "cli.run()"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "TEXT": ARGUMENT}, capture_output=True, check=False
    )
    assert result.returncode == 2
    assert result.stderr.startswith(b"Traceback")
    assert b"ValueError: " in result.stderr
    assert harm_in(result.stderr) == []


BARS = (
    "import relmgr_cli.terminal.progress as progress; progress._DELAY = 0.0\nfrom relmgr_cli.cli.main import run; run()"
)


@pytest.mark.slow
def test_progress_bars_show_nothing_from_outside(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "RELMGR", [sys.executable, "-c", BARS])
    shown = terminal.run_in_terminal("-C", str(library), "index")
    assert "files" in shown
    assert "articles" in shown
    assert harm_in(shown.encode(), screen=True) == []


@pytest.mark.slow
def test_what_goes_through_a_pager_cannot_act(run: Run, library: Path) -> None:
    run("-C", library, "index")
    for pager in ("cat", f"none{ARGUMENT}"):
        shown = terminal.run_in_terminal("-C", str(library), "show", "1", RELMGR_PAGER=pager)
        assert all(each in shown for each in SHOWN)
        assert ("cannot start the pager" in shown) is (pager != "cat")
        assert harm_in(shown.replace("\r\n", "\n").encode(), styled=True) == []


@pytest.mark.slow
def test_the_reader_draws_nothing_that_could_act(library: Path) -> None:
    keys = ("G", "o", "p", "s", "needle", "\x1b", "q")
    shown = terminal.run_in_terminal("-C", str(library), "read", "1", keys=keys)
    assert all(each in shown for each in SHOWN)
    assert "Traceback" not in shown
    assert harm_in(shown.encode(), screen=True) == []
