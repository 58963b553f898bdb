"""An article of files that are named one by one, in a library or not, or of standard input.

They are shown together because the user says so: paths and contents are not compared. Each is in the language of its
text; where that does not tell two apart, `--lang` names them in order, else what their front matter or paths say.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple

from relmgr_cli import file_messages, messages
from relmgr_cli.core.library import Library, QuietReporter, Reporter
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE, Document
from relmgr_cli.errors import FileRefusedError, NamedFileMissingError, NamedFileTwiceError, Problem
from relmgr_cli.languages.tags import parse_languages
from relmgr_cli.store.database import Database
from relmgr_cli.store.sync import SyncReport

STANDARD_INPUT = "-"
_DEVICES = ("/dev/stdin", "/dev/fd/")  # the second is what a shell makes of `<(command)`


class NamedFiles(NamedTuple):
    """The files of a request, as an article."""

    library: Library
    languages: tuple[str, ...]  # in the order of the files


def is_stream(name: str) -> bool:
    """Return True for what can be read only once."""
    return name == STANDARD_INPUT or name.startswith(_DEVICES)


def open_named_files(  # noqa: PLR0913
    database: Database,
    names: Sequence[str],
    folders: Sequence[Path],
    asked_language: str,
    reporter: Reporter,
    *,
    stdin: BinaryIO | None,
) -> NamedFiles:
    """Read files, and `-` from `stdin`, as the only article of an empty database.

    A path is relative to the current folder, else to one of `folders`. Raises NamedFileMissingError,
    NamedFileTwiceError, FileRefusedError or LanguageUnknownError.
    """
    paths = [_find(name, folders) for name in names]
    for number, path in enumerate(paths):
        if path in paths[:number]:
            raise NamedFileTwiceError(names[number])
    root = _common_folder([path for path in paths if not is_stream(path)])
    files, asked = [*zip(names, paths, strict=True)], parse_languages(asked_language)
    documents = _store(database, files, root, asked=asked, reporter=reporter, stdin=stdin)
    watched = tuple(dict.fromkeys([*map(os.path.abspath, names), *paths]))
    report = SyncReport(len(documents), 0, (), watched)
    again = partial(_store, files=files, root=root, asked=asked, reporter=QuietReporter(), stdin=None)
    library = Library(database, (Path(root),), report, reporter, frozenset(paths), reread=again)
    return NamedFiles(library, tuple(document.language for document in documents))


def _store(  # noqa: PLR0913
    database: Database,
    files: Sequence[tuple[str, str]],
    root: str,
    *,
    asked: Sequence[str],
    reporter: Reporter,
    stdin: BinaryIO | None,
) -> list[Document]:
    """Read files, each with its name and path, and write them as the only article; return its documents.

    Raises FileRefusedError, also if a stream is read again.
    """
    from relmgr_cli.store.named_files import store_article

    documents = [_read(*each, root, stdin) for each in files]
    documents = _in_different_languages(documents, asked, reporter)
    store_article(database, PurePath(documents[0].path).stem, documents)
    return documents


def _find(name: str, folders: Sequence[Path]) -> str:
    """Return the real path of a file; a stream as it is named."""
    if is_stream(name):
        return name
    for path in (name, *(os.path.join(folder, name) for folder in folders)):
        if "\0" not in path and os.path.lexists(path):
            if os.path.isdir(path):
                raise FileRefusedError(name, messages.IS_FOLDER.fill(folder=messages.quote(path)), is_document=False)
            if not os.path.exists(path):
                raise FileRefusedError(name, file_messages.BROKEN_SYMLINK)
            return os.path.realpath(path)
    raise NamedFileMissingError(name)


def _common_folder(paths: Sequence[str]) -> str:
    """Return the folder that all files are in: the rest of a path may say in which language a file is."""
    return os.path.commonpath([os.path.dirname(path) for path in paths]) if paths else os.sep


def _read(name: str, path: str, root: str, stdin: BinaryIO | None) -> Document:
    """Return the document of a file. Raises FileRefusedError."""
    from relmgr_cli.corpus.document_builder import parse_document
    from relmgr_cli.corpus.files import SUFFIXES, read_text

    is_document = is_stream(path) or name.casefold().endswith(SUFFIXES)
    if is_stream(path):
        root, below = ("", messages.STANDARD_INPUT) if path == STANDARD_INPUT else os.path.split(path)
    else:
        below = os.path.relpath(path, root).replace(os.sep, "/")
    try:
        text, problems = _read_stream(path, stdin) if is_stream(path) else read_text(root, below)
    except FileRefusedError as error:
        shown = below if path == STANDARD_INPUT else name
        raise FileRefusedError(shown, error.reason, is_document=is_document) from None
    document = parse_document(text, root, below)
    return document._replace(problems=(*problems, *document.problems))


def _read_stream(path: str, stdin: BinaryIO | None) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of standard input or of a device, which is not empty. Raises FileRefusedError."""
    from relmgr_cli.corpus.files import read_stream

    try:
        with nullcontext(stdin) if path == STANDARD_INPUT else open(path, "rb") as file:
            text, problems = read_stream(file, messages.STANDARD_INPUT) if file else ("", ())
    except OSError as error:
        raise FileRefusedError(path, error.strerror or file_messages.UNREADABLE) from None
    if not text.strip():
        raise FileRefusedError(path, file_messages.NO_TEXT)
    return text, problems


def _in_different_languages(documents: Sequence[Document], asked: Sequence[str], reporter: Reporter) -> list[Document]:
    """Return the documents, each in a language of its own; a note says which are not in that of their text."""
    from relmgr_cli.languages.names import language_name

    detected = [document.language for document in documents]
    is_clear = len(set(detected)) == len(detected) and UNKNOWN_LANGUAGE not in detected
    if not is_clear and len(asked) == len(documents):
        return [document._replace(language=tag) for document, tag in zip(documents, asked, strict=True)]
    taken: set[str] = set()
    result = []
    for number, document in enumerate(documents, 1):
        tag = next(tag for tag in _possible_languages(document, number) if tag not in taken)
        if tag != document.language:
            language = language_name(document.language)
            path = messages.shown_path(document.root, document.path)
            reporter.note(messages.NAMED_LIKE_ANOTHER.fill(path=path, language=language, tag=tag))
        taken.add(tag)
        result.append(document._replace(language=tag))
    return result


def _possible_languages(document: Document, number: int) -> Iterator[str]:
    """Yield what the language of a document may be called, best first; the last is never that of another."""
    from relmgr_cli.corpus.translation_paths import find_markers

    yield document.language
    if document.declared:
        yield document.declared
    yield from [marker.tag for marker in find_markers(document.path) if marker.is_certain][::-1]
    yield f"{document.language}-x-{number}"  # for private use, RFC 5646
