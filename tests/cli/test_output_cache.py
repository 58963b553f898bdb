"""The output cache: everything that changes the bytes of an output is in its key or among its dependencies."""

import ast
import importlib
import json
import os
import re
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from conftest import Relmgr
from support.terminal import Terminal

import relmgr_cli
from relmgr_cli.cli.output_cache import ENVIRONMENT, OutputCache

PACKAGE = Path(relmgr_cli.__file__).parent
RELMGR = [sys.executable, "-m", "relmgr_cli"]
SAMPLE = "# Zażółć 🙂\n\nto jest tekst po polsku, który się zmienia i jest długi\n"

# Variables that are read and change no output that is cached.
IRRELEVANT = {
    "OPENBLAS_NUM_THREADS": "how many threads numpy takes",
    "VISUAL": "the reader's editor; the reader's screen is not cached",
    "EDITOR": "the same",
    "TERM_PROGRAM": "what the reader asks the terminal; its screen is not cached",
    "TMUX": "the same",
    "LESS": "read by the pager, whenever it runs",
    "LESSCHARDEF": "the same",
    "LESSCHARSET": "the same",
}
_NAME = re.compile(r"_?[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a library of two articles that was written some time ago."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "one.md").write_text(SAMPLE, "utf-8")
    (folder / "other.md").write_text("# Other\n\n- a list is here, and it is in English\n")
    _age(folder, *folder.iterdir())
    return folder


def _age(*paths: Path) -> None:
    """Make files look as if they had been written some time ago: what was made from new ones is not cached."""
    for path in paths:
        os.utime(path, (1_000_000_000,) * 2)


def _environment_reads(path: Path) -> Iterator[str]:
    """Yield what looks like the name of a variable in every function, or top level, that mentions the environment."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    top = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for scope in (*functions, *top):
        nodes = list(ast.walk(scope))
        names = {node.id if isinstance(node, ast.Name) else getattr(node, "attr", "") for node in nodes}
        if names & {"environ", "_environ", "getenv"}:
            constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
            yield from (text for text in constants if isinstance(text, str) and _NAME.fullmatch(text) and len(text) > 3)


@pytest.mark.slow
def test_every_variable_that_relmgr_reads_is_in_the_key() -> None:
    read = {name for path in PACKAGE.rglob("*.py") for name in _environment_reads(path)}
    assert {"RELMGR_LANG", "COLUMNS", "LC_MESSAGES", "VISUAL"} <= read  # they are found
    assert read - {*ENVIRONMENT, *IRRELEVANT, "POSIX", "SIGHUP", "SIGTERM"} == set()


@pytest.mark.parametrize("name", ["rich.cells", "rich._unicode_data", "rich.style", "rich.color"])
def test_every_variable_that_rich_reads_to_measure_and_style_text_is_in_the_key(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except ImportError:
        pytest.skip("not in this version")
    assert set(_environment_reads(Path(str(module.__file__)))) <= {*ENVIRONMENT}


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_another_value_of_a_variable_is_another_output(name: str) -> None:
    def cache(value: Mapping[str, str]) -> OutputCache:
        return OutputCache(["list"], {"HOME": str(Path.home()), "XDG_CACHE_HOME": "", **value})

    cache({}).put("text", [], pager="", state=("", ""))
    assert cache({}).get() is not None
    assert cache({name: "/x"}).get() is None


def _run(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [*RELMGR, *arguments], capture_output=True, check=True, env={**os.environ, **environ}, timeout=60
    )


@pytest.mark.slow
def test_an_output_in_one_encoding_is_not_given_in_another(relmgr: Relmgr, library: Path) -> None:
    command = ("-C", str(library), "list", "--json")
    relmgr(*command)  # so that no process has to load the encoder
    _run(*command, PYTHONIOENCODING="utf-8")
    for encoding in ("ascii", "latin-1", "utf-16"):
        answer = json.loads(_run(*command, PYTHONIOENCODING=encoding).stdout.decode(encoding))
        assert "Zażółć 🙂" in [title for article in answer["articles"] for title in article["titles"].values()]


@pytest.mark.slow
def test_an_encoding_of_file_names_is_part_of_the_key(library: Path) -> None:
    """The same bytes of a path are other text where file names are not UTF-8."""
    (library / "żółw.md").write_text("# Turtle\n\nit is a text of some words in English\n")
    _age(library / "żółw.md", library)
    command = ("-C", str(library), "list", "--json")
    environ = {"PYTHONIOENCODING": "utf-8", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    first = _run(*command, **environ, PYTHONUTF8="1").stdout
    second = _run(*command, **environ, PYTHONUTF8="0").stdout
    assert first != second
    assert _run(*command, **environ, PYTHONUTF8="1").stdout == first


@pytest.mark.slow
def test_a_terminal_is_not_a_pipe_whatever_its_size(library: Path) -> None:
    _run("-C", str(library), "list")
    terminal = Terminal([*RELMGR, "-C", str(library), "list", "--no-pager"], (0, 0), {})
    _run("-C", str(library), "list", "--no-pager")
    assert b"\x1b[" in terminal.end().written


@pytest.mark.slow
def test_completion_is_never_given_an_output(library: Path) -> None:
    """The shell's request is in the environment: the command line looks like that of `relmgr` alone."""
    environ = {"RELMGR_LIBRARY": str(library)}
    assert b"read an article" in _run(**environ).stdout
    request = {"_RELMGR_COMPLETE": "complete_bash", "COMP_WORDS": "relmgr sho", "COMP_CWORD": "1"}
    assert _run(**environ, **request).stdout.split() == [b"show"]


def _appear_config(_: Path) -> None:
    config = Path.home() / ".config/relmgr/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('color = "always"\n')


def _appear_file(_: Path) -> None:
    Path("one.md").write_text("# Another\n\nit is another text, and it is in English\n")


def _appear_ignore_file(library: Path) -> None:
    (library / ".gitignore").write_text("other.md\n")


@pytest.mark.parametrize(
    ("arguments", "appear"),
    [
        (["list"], _appear_config),
        (["show", "one.md"], _appear_file),
        (["list"], _appear_ignore_file),
    ],
)
def test_missing_files_are_dependencies_too(
    relmgr: Relmgr,
    library: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    appear: Callable[[Path], None],
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    first = relmgr("-C", library, *arguments)
    assert first.code == 0
    assert relmgr("-C", library, *arguments) == first
    appear(library)
    assert relmgr("-C", library, *arguments) != first


def test_a_library_that_appears_later_is_read(relmgr: Relmgr, tmp_path: Path, library: Path) -> None:
    later = tmp_path / "later"
    assert relmgr("-C", library, "-C", later, "list").code == 2
    library.rename(later)
    library.mkdir()
    assert relmgr("-C", library, "-C", later, "list").code == 0


def _cached(*dependencies: Path) -> OutputCache:
    cache = OutputCache(["list"], os.environ)
    cache.put("text", map(str, dependencies), pager="", state=("", ""))
    return OutputCache(["list"], os.environ)


def test_the_folder_and_the_command_are_in_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _cached().get() is not None
    assert OutputCache(["list", "--json"], os.environ).get() is None
    monkeypatch.chdir(tmp_path)
    assert OutputCache(["list"], os.environ).get() is None


def test_another_version_or_python_has_its_own_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _cached().get() is not None
    with monkeypatch.context() as patch:
        patch.setattr("relmgr_cli.cli.output_cache.__version__", "0")
        assert OutputCache(["list"], os.environ).get() is None
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version", "4.0")
        assert OutputCache(["list"], os.environ).get() is None


def test_an_edited_module_or_an_updated_dependency_makes_outputs_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("relmgr_cli.extra")
    module.__file__ = str(tmp_path / "extra.py")
    packages = tmp_path / "site-packages"
    packages.mkdir()
    (tmp_path / "extra.py").touch()
    _age(tmp_path / "extra.py", packages)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages)])
    assert _cached().get() is not None
    (tmp_path / "extra.py").write_text("# edited")
    assert OutputCache(["list"], os.environ).get() is None
    _age(tmp_path / "extra.py")
    assert _cached().get() is not None
    (packages / "rich-99.dist-info").mkdir()
    assert OutputCache(["list"], os.environ).get() is None


def test_an_output_is_not_cached_if_a_dependency_changes_meanwhile(tmp_path: Path) -> None:
    """However long it takes to make, and whatever time of change the file claims (rsync -t)."""
    path = tmp_path / "a.md"
    path.touch()
    _age(path)
    cache = OutputCache(["list"], os.environ)
    cache.started_ns -= 3600 * 10**9
    path.write_text("changed")
    os.utime(path, ns=(0, cache.started_ns + 10**9))
    cache.put("text", [str(path)], pager="", state=("", ""))
    assert OutputCache(["list"], os.environ).get() is None
    _age(path)
    cache.put("text", [str(path)], pager="", state=("", ""))
    assert OutputCache(["list"], os.environ).get() is None


def test_all_outputs_are_cleared_also_if_another_process_removes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = OutputCache(["list"], os.environ)
    cache.put("text", [], pager="", state=("", ""))
    assert cache.get() is not None
    listdir = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: ["gone", *listdir(path)])
    cache.clear()
    assert cache.get() is None


def test_an_output_that_will_get_better_without_a_file_is_not_cached() -> None:
    cache = OutputCache(["list"], os.environ)
    cache.disable()
    cache.put("text", [], pager="", state=("", ""))
    assert OutputCache(["list"], os.environ).get() is None


def test_a_search_by_keywords_alone_is_not_cached(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may be encoding the library: when it is done, no file of the library has changed."""
    with monkeypatch.context() as patch:
        patch.setattr("relmgr_cli.core.library.MAX_PASSAGES_INTERACTIVE", -1)
        assert "is searched by words only" in relmgr("-C", library, "search", "tekst").err
    assert "is searched by words only" not in relmgr("-C", library, "search", "tekst").err


def test_a_file_that_search_was_pointed_to_through_a_link_is_watched(relmgr: Relmgr, library: Path) -> None:
    for name in ("one", "other"):
        (library / f"{name}.md").write_text(f"# Title of {name}\n\nit is the same word in both texts of the library\n")
    link = library.parent / "link"
    link.symlink_to(library / "one.md")
    _age(library, *library.iterdir())
    command = ("-C", library, "search", "word", "--exact", "--in", str(link))
    first = relmgr(*command)
    assert first.code == 0
    assert relmgr(*command) == first
    link.unlink()
    link.symlink_to(library / "other.md")
    assert relmgr(*command).out != first.out


def test_a_link_to_a_folder_that_is_given_twice_is_watched(relmgr: Relmgr, library: Path, tmp_path: Path) -> None:
    link, another = tmp_path / "link", tmp_path / "another"
    link.symlink_to(library)
    another.mkdir()
    (another / "third.md").write_text("# Third\n\n> it is a quote\n")
    _age(another, *another.iterdir())
    command = ("-C", library, "-C", link, "list")
    first = relmgr(*command)
    assert relmgr(*command) == first
    link.unlink()
    link.symlink_to(another)
    assert "Third" in relmgr(*command).out
