"""Writes the files of an export: to standard output, to a file or into a folder."""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from relmgr_cli import messages
from relmgr_cli.errors import ExportError
from relmgr_cli.export.units import ExportFile
from relmgr_cli.terminal.stream import write, write_data


def check_output(output: str | None, count: int, *, is_binary: bool, force: bool) -> None:
    """Refuse an output that cannot take an export of at least `count` files. Raises ExportError."""
    if output is None:
        if count > 1:
            raise ExportError(messages.EXPORT_NEEDS_FOLDER.fill(count=count))
        if is_binary and sys.stdout is not None and sys.stdout.isatty():
            raise ExportError(messages.EXPORT_BINARY.fill())
    elif not (_is_folder(output, count) or force or _is_stream(output)) and os.path.lexists(output):
        raise ExportError(messages.EXPORT_EXISTS.fill(path=output))


def write_files(
    files: Sequence[ExportFile], output: str | None, *, is_binary: bool, force: bool, umask: int
) -> list[str]:
    """Write an export; return the paths written.

    The output is a folder if it exists as one, or ends in a slash, or several files need one. `umask` is the user's, -1
    for the current one. Raises ExportError.
    """
    check_output(output, len(files), is_binary=is_binary, force=force)
    if output is None:
        if isinstance(files[0].content, str) and sys.stdout is not None and sys.stdout.isatty():
            write(files[0].content)
        else:
            write_data(_encoded(files[0]))
        return []
    is_folder = _is_folder(output, len(files))
    paths = [_path_in(output, file.name) if is_folder else output for file in files]
    for path in paths if is_folder and not force else ():
        if os.path.lexists(path):
            raise ExportError(messages.EXPORT_EXISTS.fill(path=path))
    with _user_umask(umask):
        for path, file in zip(paths, files, strict=True):
            _write_file(path, _encoded(file), folder=output if is_folder else "")
    return paths


def _is_folder(output: str, count: int) -> bool:
    return count > 1 or output.endswith(os.sep) or os.path.isdir(output)


def _is_stream(path: str) -> bool:
    """Return True for a pipe or a device, which is written to and not replaced."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _path_in(folder: str, name: str) -> str:
    """Return the path of a file in a folder. Raises ExportError for a name that leads out of it."""
    parts = name.split("/")
    is_inside = all(part not in ("", os.curdir, os.pardir) and not {*part} & {"\0", os.sep, "\\"} for part in parts)
    if not is_inside or os.path.splitdrive(name)[0]:
        raise ExportError(messages.EXPORT_OUTSIDE.fill(path=name))
    return os.path.join(folder, *parts)


def _write_file(path: str, content: bytes, *, folder: str) -> None:
    """Write one file; in a folder none whose path leads out of it through a symbolic link. Raises ExportError."""
    from relmgr_cli.filesystem import atomic_write

    full_path = os.path.abspath(path)
    parent = os.path.dirname(full_path)
    try:
        if folder:
            top = os.path.realpath(folder)
            if os.path.commonpath([top, os.path.realpath(parent)]) != top:
                raise ExportError(messages.EXPORT_OUTSIDE.fill(path=path))
        elif _is_stream(full_path):
            with open(full_path, "wb") as file:
                file.write(content)
            return
        os.makedirs(parent, exist_ok=True)
        atomic_write(full_path, content, mode=0o666)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError(messages.EXPORT_FAILED.fill(path=path, reason=reason)) from None


def _encoded(file: ExportFile) -> bytes:
    return file.content if isinstance(file.content, bytes) else file.content.encode("utf-8", "replace")


@contextmanager
def _user_umask(umask: int) -> Iterator[None]:
    """Give what is created the permissions that the user wants: relmgr's own files are private."""
    if umask < 0:
        yield
        return
    own = os.umask(umask)
    try:
        yield
    finally:
        os.umask(own)
