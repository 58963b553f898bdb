"""What every test needs: a user of its own, and the program as a function."""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache, wraps
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from filelock import FileLock
from support.files import LONG_AGO
from support.fuzzing import load_profile
from support.work import Clock

import relmgr_cli
from relmgr_cli.cli.main import main
from relmgr_cli.corpus.alignment.align import align, outline_of
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.candidate import Candidate
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.key_points import find_key_points
from relmgr_cli.corpus.naming import name_articles
from relmgr_cli.corpus.pairing import group
from relmgr_cli.embedding import encoder
from relmgr_cli.store.codec import DOCUMENT_COLUMNS, read_document
from relmgr_cli.store.database import Database

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `run` does, before numpy is imported

SHARED = Path(__file__).parents[2] / "shared"

load_profile()


def pytest_xdist_auto_num_workers() -> int:
    """Start one worker more than cores: now and then they wait for programs that they test."""
    return (os.cpu_count() or 1) + 1


def pytest_collection(session: pytest.Session) -> None:
    """Import the test modules in another order in each worker, so that each of them is compiled by one of them only.

    Else all workers, which start together, compile all of them: a tenth of the time of a first run.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ or session.config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    modules = sorted(Path(__file__).parent.rglob("test_*.py"))
    first = len(modules) * int(os.environ["PYTEST_XDIST_WORKER"][2:]) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for module in modules[first:] + modules[:first]:
        sys.path.insert(0, str(module.parent))
        with suppress(Exception, pytest.skip.Exception):  # raised again when pytest imports it, and reported
            import_module(module.stem)


def pytest_collection_finish() -> None:
    """Keep what has been collected out of garbage collection, which would go through it again and again."""
    gc.collect()
    gc.freeze()


class Result(NamedTuple):
    """What a call of the program gave."""

    code: int
    out: str
    err: str


Relmgr = Callable[..., Result]


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return paths for new home directories: `mktemp` lists all that are there, each time."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _isolate_environment(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test a new home directory, and remove every variable that relmgr reads from its environment."""
    home = next(_homes)
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("RELMGR_", "XDG_", "LC_")) or name in _CLEARED:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")


# The vectors of all texts are remembered, because most tests search the same few articles.

_encode_batch = encoder._encode_batch  # noqa: SLF001 (below what other tests replace)
_vectors: dict[str, Any] = {}
_model_folder: list[Path] = []  # none until the session has one


@wraps(_encode_batch)  # so that it can be sent to other processes
def _encode_new_texts(_: Path | None, texts: Sequence[str]) -> Any:
    import numpy as np

    if new := [text for text in dict.fromkeys(texts) if text not in _vectors]:
        _vectors.update(zip(new, _encode_batch(_shared_model(*_model_folder), new), strict=True))
    return np.stack([_vectors[text] for text in texts])


@cache
def _shared_model(folder: Path | None = None) -> Path | None:
    """Load the encoder's model; in a folder, the first worker caches it for the others, which load it in no time."""
    if folder is not None:
        with FileLock(folder / "lock"):
            encoder._model(folder)  # noqa: SLF001
    return folder


@pytest.fixture(autouse=True, scope="session")
def _share_the_model(tmp_path_factory: pytest.TempPathFactory) -> None:
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "model"
    folder.mkdir(exist_ok=True)
    _model_folder.append(folder)


encoder._encode_batch = _encode_new_texts  # type: ignore[assignment]  # noqa: SLF001
_has_token = encoder.has_token
encoder.has_token = lambda word, folder=None: _has_token(word, _shared_model(*_model_folder))  # noqa: ARG005


@pytest.fixture
def forgetful_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encode every text each time, as the program does."""
    monkeypatch.setattr(encoder, "_encode_batch", _encode_batch)


@pytest.fixture(autouse=True, scope="session")
def _build_commands_once() -> Iterator[None]:
    """Let Typer build the commands once, and not for each call of the program in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        yield


@pytest.fixture(autouse=True, scope="session")
def _color_all_code() -> Iterator[None]:
    """Remove the time limit of syntax highlighting, so that a busy machine does not change the output."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("relmgr_cli.layout.code._MAX_SECONDS", 1e9)
        patch.setattr("relmgr_cli.layout.code._budget._left", 1e9)
        yield


@pytest.fixture(autouse=True, scope="session")
def _parse_without_time_limit() -> Iterator[None]:
    """Let the clock of the parser stand still, so that a busy machine or coverage does not change blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("relmgr_cli.markdown.parser.time", Clock(0.0))
        yield


@pytest.fixture(autouse=True, scope="session")
def _age_the_package() -> None:
    """Make the package look old: output is cached only if the package has not changed recently.

    Its folder changes when Python writes the first compiled module into it.
    """
    with suppress(OSError):  # owned by another user; then it is not new either
        os.utime(os.path.dirname(relmgr_cli.__file__), (LONG_AGO, LONG_AGO))


# With PYTHONDONTWRITEBYTECODE every program that a test starts would compile the whole package again.
_CLEARED = (
    *("LANG", "LANGUAGE", "PAGER", "NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLORFGBG"),
    "PYTHONDONTWRITEBYTECODE",
)


@pytest.fixture
def relmgr(capfd: pytest.CaptureFixture[str]) -> Relmgr:
    """Return a function that runs the program with some arguments."""

    def run(*args: object) -> Result:
        capfd.readouterr()
        code = main([str(arg) for arg in args])
        out, err = capfd.readouterr()
        return Result(code, out, err)

    return run


@pytest.fixture(scope="session")
def _seeds_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a cache folder with an index of the seeds; who needs it first makes it."""
    return tmp_path_factory.mktemp("seeds") / "cache"


@pytest.fixture
def indexed_seeds(_seeds_cache: Path, relmgr: Relmgr) -> None:
    """Put an index of the seeds into the test's home, so that it is not made again for each test."""
    cache_folder = Path.home() / ".cache"
    if _seeds_cache.exists():
        shutil.copytree(_seeds_cache, cache_folder)
        return
    assert relmgr("list").code == 0
    shutil.rmtree(cache_folder / "relmgr/output", ignore_errors=True)
    shutil.copytree(cache_folder, _seeds_cache)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a file into a library in `tmp_path`."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def shared(*parts: str) -> Path:
    """Return a path in the folder of corpora next to the checkout; skip the test if it does not exist."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {'/'.join(parts)} of the corpora, which are not part of relmgr")
    return path


def candidates_of(documents: Sequence[Document]) -> list[Candidate]:
    """Return the documents as pairing sees them."""
    return [
        Candidate(
            id=number,
            root=document.root,
            path=document.path,
            language=document.language,
            title=document.title,
            key=document.key,
            outline=repr(outline_of(document)),
            blocks=len(document.blocks),
            words=document.words,
        )
        for number, document in enumerate(documents)
    ]


def articles_of(documents: Sequence[Document]) -> tuple[Article, ...]:
    """Return the articles that the documents make up, without the encoder's help."""
    grouping = group(candidates_of(documents), lambda ids: {id_: documents[id_] for id_ in ids})
    articles = []
    for name, found in name_articles(grouping.groups):
        members = {member.language: documents[member.id] for member in found.members}
        sections, units = align(members)
        highlights = find_key_points(members, sections)
        articles.append(Article(name, members, sections, units, highlights, found.paired_by))
    return tuple(articles)


def documents_in(database: Database) -> list[Document]:
    """Return all documents of a database in the order of their paths."""
    query = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE content IS NOT NULL ORDER BY root, path"  # noqa: S608
    return [read_document(row) for row in database.rows(query)]
