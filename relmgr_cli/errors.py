"""What can go wrong, and what relmgr says about it.

A fault in a user's file is a `Problem`: a value that is collected and shown. A fault in a request is a
`RelmgrError`: one class per fault, the message built here. Anything else is a bug and keeps its traceback.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Exit:
    """The exit codes, a contract with scripts."""

    SHOWN = 0
    NOTHING_FOUND = 1
    ERROR = 2
    INTERRUPTED = 130  # by Ctrl-C; any other signal that ends it adds its number to 128 as well


_LONGEST_PATH = 300  # characters in a message: a path that is too long to be opened is too long to be read


class Problem(NamedTuple):
    """A fault in one file of the library."""

    path: str  # relative to its library folder, with "/"
    line: int  # 1-based line in the file; 0 when the fault is not on a line
    code: str  # "front-matter", "encoding", "unreadable", ...
    message: str

    def __str__(self) -> str:
        """Return "path, line 3: message"."""
        path = self.path
        if len(path) > _LONGEST_PATH:
            path = f"{path[: _LONGEST_PATH // 2]}...{path[-_LONGEST_PATH // 2 :]}"
        place = f"{path}, line {self.line}" if self.line else path
        return f"{place}: {self.message}"


class RelmgrError(Exception):
    """A request that cannot be answered; the message says what, where and what to do."""

    exit_code = Exit.ERROR


class LibraryMissingError(RelmgrError):
    """A library folder does not exist or cannot be read."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(f"cannot read library {folder}: {reason}")


class LibraryEmptyError(RelmgrError):
    """There is not one readable document in the library."""

    def __init__(self, folders: Sequence[str], suffixes: Sequence[str]) -> None:
        super().__init__(f"no documents in {', '.join(folders)} (looked for {' '.join(suffixes)})")


class FileRefusedError(RelmgrError):
    """A file holds no text that could be shown: binary, too large, not a file, not to be opened."""

    exit_code = Exit.NOTHING_FOUND

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"cannot show {path}: {reason}")
        self.reason = reason


class ArticleNotFoundError(RelmgrError):
    """No article answers to this name."""

    def __init__(self, name: str, near: str | None) -> None:
        hint = f"; did you mean {near}?" if near else "; see relmgr list"
        super().__init__(f"no article '{name}'{hint}")


class ArticleAmbiguousError(RelmgrError):
    """Several articles answer to this name, or none was named and there are several."""

    def __init__(self, name: str | None, candidates: Sequence[str]) -> None:
        what = f"'{name}' names several articles:" if name else "which article?"
        super().__init__(f"{what} {_some(candidates)}")


class SectionNotFoundError(RelmgrError):
    """No section of the article answers to this name."""

    def __init__(self, name: str, near: str | None) -> None:
        hint = f"; did you mean {near}?" if near else "; see relmgr sections"
        super().__init__(f"no section '{name}'{hint}")


class SectionAmbiguousError(RelmgrError):
    """Several sections of the article answer to this name."""

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        super().__init__(f"'{name}' names several sections: {_some(candidates)}")


class LanguageUnknownError(RelmgrError):
    """A language was asked for by a name that no language has."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no language '{name}'; use a code such as pl, or a name such as polish or polski")


class TranslationMissingError(RelmgrError):
    """The article does not exist in the language that was asked for."""

    def __init__(self, language: str, title: str, available: Sequence[str]) -> None:
        super().__init__(f'no {language} text for "{title}"; it exists in {", ".join(available)}')


class LanguageAbsentError(RelmgrError):
    """No text of the library is in the language that was asked for."""

    def __init__(self, language: str, available: Sequence[str]) -> None:
        super().__init__(f"no {language} text in this library; it has {', '.join(available) or 'none'}")


class HitMissingError(RelmgrError):
    """A hit was asked for that the last search did not bring, or that is no longer there."""

    def __init__(self, rank: int, hits: int) -> None:
        if not hits:
            super().__init__("no search to show a hit of; try relmgr search WORD")
        else:
            super().__init__(f"no hit {rank}: the last search in this library brought {hits}; try relmgr search WORD")


class HitGoneError(RelmgrError):
    """What the last search found has changed since."""

    def __init__(self, rank: int) -> None:
        super().__init__(f"hit {rank} is no longer there: the library has changed; search again")


class SettingError(RelmgrError):
    """A value in the environment or in the config file cannot be used."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")


class OutputError(RelmgrError):
    """The answer could not be written."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"cannot write output: {reason}")


_MOST_CANDIDATES = 8


def _some(candidates: Sequence[str]) -> str:
    shown = ", ".join(candidates[:_MOST_CANDIDATES])
    left = len(candidates) - _MOST_CANDIDATES
    return f"{shown} and {left} more" if left > 0 else shown
