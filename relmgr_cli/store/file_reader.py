"""Reads files into the rows that the database stores; many files in several processes."""

import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Self

from relmgr_cli.corpus.files import FoundFile
from relmgr_cli.errors import FileRefusedError, Problem
from relmgr_cli.store.codec import pack, pack_compressed, pack_summary, pack_targets, pack_traits

if TYPE_CHECKING:
    from relmgr_cli.corpus.document import Document
    from relmgr_cli.processes import ProcessPool

_MIN_PARALLEL_FILES = 200  # fewer are read before other processes have started
_CHUNK = 8  # files that a process is given at once


class FileRow(NamedTuple):
    """What the database stores of a file; None for one that could not be read as text."""

    read_ns: int  # time before it was read
    language: str | None
    summary: bytes | None
    content: bytes | None
    targets: bytes | None
    traits: bytes | None
    problems: bytes


class FileReader:
    """Reads files; use it as a context manager, which ends the processes that were started."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._pool: ProcessPool[Sequence[FoundFile], list[FileRow]] | None = None

    def __enter__(self) -> Self:
        """Return the reader; no process has been started."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._stack.close()

    def prepare(self, files: int) -> None:
        """Start processes if there are many files to read and none have been started."""
        if self._pool is None and files >= _MIN_PARALLEL_FILES:
            from relmgr_cli.corpus.document_builder import parse_document
            from relmgr_cli.processes import ProcessPool, usable_cores

            parse_document("text", "", "")  # imports and builds what the processes share
            self._pool = self._stack.enter_context(ProcessPool(_read_rows, usable_cores()))

    def read(self, files: Sequence[FoundFile]) -> Iterable[FileRow]:
        """Return the rows of the files, in their order; they are read as the rows are taken."""
        if self._pool is None:
            return map(_read_row, files)
        chunks = (files[start : start + _CHUNK] for start in range(0, len(files), _CHUNK))
        return chain.from_iterable(self._pool.map(chunks))


def _read_rows(files: Sequence[FoundFile]) -> list[FileRow]:
    return [_read_row(file) for file in files]


def _read_row(file: FoundFile) -> FileRow:
    from relmgr_cli.corpus.document_builder import parse_document
    from relmgr_cli.corpus.files import read_text

    read_ns = time.time_ns()
    try:
        text, problems = read_text(file.root, file.path)
    except FileRefusedError as refusal:
        problem = Problem(file.path, 0, "unreadable", refusal.reason)
        return FileRow(read_ns, None, None, None, None, None, pack([problem]))
    document = parse_document(text, file.root, file.path)
    return to_row(document, [*problems, *document.problems], read_ns)


def to_row(document: "Document", problems: Sequence[Problem], read_ns: int) -> FileRow:
    """Return the row of a document with all problems of its file."""
    from relmgr_cli.corpus.alignment.align import outline_of

    return FileRow(
        read_ns,
        document.language,
        pack_summary(document, outline_of(document)),
        pack_compressed(document.to_json()),
        pack_targets(document),
        pack_traits(document),
        pack(problems),
    )
