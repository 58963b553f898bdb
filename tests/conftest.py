"""What every test needs: a user of its own, and the program as a function."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from support.files import LONG_AGO
from support.fuzzing import load_profile

import relmgr_cli
from relmgr_cli.cli.main import main
from relmgr_cli.corpus.alignment.align import align, outline_of
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.candidate import Candidate
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.key_points import find_key_points
from relmgr_cli.corpus.naming import name_articles
from relmgr_cli.corpus.pairing import group
from relmgr_cli.store.codec import DOCUMENT_COLUMNS, read_document
from relmgr_cli.store.database import Database

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `run` does, before numpy is imported

SHARED = Path(__file__).parents[2] / "shared"

load_profile()


def pytest_xdist_auto_num_workers() -> int:
    """Start one worker a core: each imports, collects and compiles all tests, which takes several seconds."""
    return os.cpu_count() or 1


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


@pytest.fixture(autouse=True)
def _keep_no_encoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the encoder's model where it is: a copy of 85 MB in the home of every test takes seconds."""
    if "embedding" not in request.path.parts:
        monkeypatch.setattr("relmgr_cli.embedding.encoder.save", lambda *_: None)


@pytest.fixture(autouse=True)
def _color_all_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the time limit of syntax highlighting, so that a busy machine does not change the output."""
    monkeypatch.setattr("relmgr_cli.layout.code._MAX_SECONDS", 1e6)
    monkeypatch.setattr("relmgr_cli.layout.code._budget._left", 1e6)


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
