"""One run of the program: its settings, its output cache and its output."""

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli import messages
from relmgr_cli.cli.output_cache import OutputCache
from relmgr_cli.config import ChosenBy, Settings, bundled_seeds
from relmgr_cli.core.library import Library, open_library
from relmgr_cli.errors import Exit, LibraryMissingError
from relmgr_cli.store.reading_state import last_read_path, write_last_read
from relmgr_cli.terminal.progress import ProgressBar, ProgressLines
from relmgr_cli.terminal.stream import page_or_write, warn, write_records

if TYPE_CHECKING:
    from relmgr_cli.store.database import Database, Progress
    from relmgr_cli.terminal.target import OutputTarget


class Invocation(NamedTuple):
    """One run of the program. As a `core.library.Reporter` it writes to standard error."""

    settings: Settings
    cache: OutputCache
    umask: int  # for programs that relmgr starts
    databases: "list[Database]"  # opened so far; closed when the command ends
    is_for_program: bool = False  # that may take notes for a part of the output

    def progress(self, task: str) -> "AbstractContextManager[Progress | None]":
        """Show the progress of a task once it takes long enough to be noticed."""
        settings = self.settings
        return ProgressLines(task) if settings.plain or settings.is_dumb_terminal else ProgressBar(task)

    def note(self, message: str) -> None:
        """Write a note about the output to standard error, and cache it with the output, unless a program reads it."""
        if self.is_for_program:
            return
        self.cache.add_note(message)
        warn(message)

    def note_settings(self, library: Library) -> None:
        """Write notes about what has no effect in relmgr.toml."""
        for problem in library.report.problems:
            if problem.code == "setting":
                self.note(str(problem))

    def warn(self, message: str) -> None:
        """Write a message to standard error that is not about the output."""
        warn(message)

    def on_articles_changed(self) -> None:
        """Clear the output cache: articles may have other numbers now, although no file has changed."""
        self.cache.clear()

    def on_incomplete_index(self) -> None:
        """Do not cache this output: another process may be completing the index."""
        self.cache.disable()

    def on_files_consulted(self, paths: Sequence[str]) -> None:
        """Cache this output only as long as these files do not change."""
        self.cache.add_dependencies(paths)

    def open_library(self, article: str | None = None, *, is_limited: bool = True) -> Library:
        """Open the library; when `article` is the path of a file elsewhere, that file is the library.

        Raises LibraryMissingError or FileRefusedError.
        """
        settings = self.settings
        try:
            return open_library(
                settings.roots,
                settings.cache_folder,
                self,
                article=article,
                is_limited=is_limited,
                on_open=self.databases.append,
                fallback=bundled_seeds() if settings.choice.is_local else None,
            )
        except LibraryMissingError as error:
            if settings.choice.by is ChosenBy.LIBRARY_OPTION:
                raise
            raise LibraryMissingError(error.folder, error.reason, settings.choice.reason) from None

    def roots(self) -> tuple[Path, ...]:
        """Return the folders of the library that `open_library` would open."""
        from relmgr_cli.store.sync import holds_markdown

        settings = self.settings
        if settings.choice.is_local and not holds_markdown(settings.roots):
            return (bundled_seeds(),)
        return settings.roots

    def note_library(self, library: Library) -> None:
        """Write which library this is, if neither an option nor a setting of the user names it."""
        choice = self.settings.choice
        folders = ", ".join(os.path.abspath(folder) for folder in choice.folders)
        if choice.by is ChosenBy.PROJECT:
            self.note(messages.LIBRARY.fill(folders=folders, reason=choice.reason))
        elif choice.is_local and library.roots == self.settings.roots:
            self.note(messages.LIBRARY_LOCAL.fill(folders=folders, reason=choice.reason))
        elif choice.is_local:
            self.note(messages.LIBRARY_BUNDLED.fill(folders=folders))
        elif choice.by is ChosenBy.DEFAULT:
            self.note(messages.LIBRARY_DEFAULT.fill())

    def last_read_file(self, library: Library) -> str:
        """Return the path of the file that names the article of this library read last."""
        return last_read_path(self.settings.state_folder, library.key)

    def screen(self) -> "OutputTarget":
        """Return the properties of standard output that a layout needs."""
        from relmgr_cli.terminal.target import output_target

        return output_target(self.settings, sys.stdout)

    def finish(  # noqa: PLR0913
        self,
        library: Library,
        text: str,
        article: str = "",
        *,
        is_implicit: bool = False,
        state: tuple[str, str] = ("", ""),
        dependencies: Sequence[str] = (),
    ) -> int:
        """Write the output of a command and cache it; return the exit code.

        `article` is the id of the article shown, `is_implicit` is True if it was chosen as the one last read. `state`
        is a state file to write and its content; `dependencies` are more files that the output depends on.
        """
        settings = self.settings
        pager = "" if settings.as_json else settings.pager
        last_read = self.last_read_file(library)
        folders = map(os.path.abspath, settings.choice.folders)
        chosen_by = (*settings.choice.looked_at, str(settings.config_file or ""))
        paths = [*library.report.watched, *folders, *dependencies, *chosen_by]
        write_last_read(*state)
        if not library.database.notice:
            self.cache.put(
                text,
                [*paths, last_read] if is_implicit else paths,
                pager=pager,
                state=(last_read, article) if article else state,
            )
        page_or_write(text, pager, settings.environ)
        return Exit.SHOWN

    def finish_records(self, text: str) -> int:
        """Write records with the exact names of files, which are not cached; return the exit code."""
        write_records(text)
        return Exit.SHOWN
