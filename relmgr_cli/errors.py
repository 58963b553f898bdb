"""Errors and problems that relmgr reports, and its exit codes.

A fault in a user's file is a `Problem`: a value that is collected and shown. A fault in a request is a
`RelmgrError`, one class per fault. Anything else is a bug and ends with a traceback.
"""

from collections.abc import Sequence
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.ui_language import localized


class Exit:
    """The exit codes, a contract with scripts."""

    SHOWN = 0
    NOTHING_FOUND = 1
    ERROR = 2
    INTERRUPTED = 130  # by Ctrl-C; 128 and the number of the signal, as for any other signal


_MAX_PATH = 300  # characters of a path in a message
_MAX_PATTERN = 80  # of a regular expression
MAX_CANDIDATES = 8  # in a message


class Problem(NamedTuple):
    """A fault in one file of the library."""

    path: str  # relative to its library folder, with "/"
    line: int  # 1-based line in the file; 0 when the fault is not on a line
    code: str  # "front-matter", "encoding", "unreadable", ...
    message: str
    root: str = ""  # the library folder; "" where it is not known

    def __str__(self) -> str:
        """Return "path, line 3: message", with the path from the current folder."""
        path = messages.shown_path(self.root, self.path) if self.root else self.path
        if len(path) > _MAX_PATH:
            path = f"{path[: _MAX_PATH // 2]}...{path[-_MAX_PATH // 2 :]}"
        template = messages.PROBLEM_ON_LINE if self.line else messages.PROBLEM
        return template.fill(path=path, line=self.line, message=localized(self.message))


class RelmgrError(Exception):
    """A request that cannot be answered; the message says what, where and what to do."""

    exit_code = Exit.ERROR


class LibraryMissingError(RelmgrError):
    """A library folder does not exist or cannot be read."""

    def __init__(self, folder: str, reason: str, source: str = "") -> None:
        """`source` is the file or variable that names the folder, if no option does."""
        template = messages.LIBRARY_UNREADABLE_FROM if source else messages.LIBRARY_UNREADABLE
        super().__init__(template.fill(folder=folder, reason=reason, source=source))
        self.folder = folder
        self.reason = reason


class LibraryEmptyError(RelmgrError):
    """The library has no readable document."""

    def __init__(self, folders: Sequence[str], suffixes: Sequence[str], excluded_by: str = "") -> None:
        """`excluded_by` is the relmgr.toml that excludes its documents."""
        template = messages.LIBRARY_EXCLUDED if excluded_by else messages.LIBRARY_EMPTY
        fields = {"folders": ", ".join(folders), "suffixes": " ".join(suffixes), "source": excluded_by}
        super().__init__(template.fill(**fields))


class ExportError(RelmgrError):
    """An export cannot be written."""


class RevisionError(RelmgrError):
    """A git revision does not exist."""

    def __init__(self, revision: str) -> None:
        super().__init__(messages.REVISION_MISSING.fill(revision=revision))


class ChangesUnknownError(RelmgrError):
    """Git cannot say what has changed."""

    def __init__(self, revision: str, reason: str) -> None:
        super().__init__(messages.CHANGED_FAILED.fill(revision=revision, reason=reason))


class FileRefusedError(RelmgrError):
    """A file has no text to show: it is binary, too large, not a regular file or unreadable.

    That is a fault of the file if its name is that of a document, and else of the request.
    """

    def __init__(self, path: str, reason: str, *, is_document: bool = True) -> None:
        super().__init__(messages.FILE_REFUSED.fill(path=path, reason=localized(reason)))
        self.exit_code = Exit.NOTHING_FOUND if is_document else Exit.ERROR
        self.reason = reason


class ArticleNotFoundError(RelmgrError):
    """No article matches the name; `near` is a similar one."""

    def __init__(self, name: str, near: str | None) -> None:
        template = messages.ARTICLE_SUGGESTED if near else messages.ARTICLE_NOT_FOUND
        super().__init__(template.fill(name=name, near=near))


class FileMissingError(ArticleNotFoundError):
    """There is no file with the path that was given; `near` is an article with a similar name."""

    def __init__(self, name: str, near: str | None) -> None:
        template = messages.FILE_SUGGESTED if near else messages.FILE_MISSING
        RelmgrError.__init__(self, template.fill(name=name, near=near))


class ArticleAmbiguousError(RelmgrError):
    """Several articles match the name, or there are several and none was named.

    There are `total` candidates, if they are more than the ones given.
    """

    def __init__(self, name: str | None, candidates: Sequence[str], total: int = 0) -> None:
        template = messages.ARTICLE_AMBIGUOUS if name else messages.ARTICLE_UNNAMED
        command = messages.LIST_ARTICLES_WITH if name else messages.LIST_ARTICLES
        shown = _shorten(candidates, total, command.fill(text=messages.quote(name or "")))
        super().__init__(template.fill(name=name, candidates=shown))


class NamedFileMissingError(RelmgrError):
    """One of several names is not that of a file."""

    def __init__(self, name: str) -> None:
        super().__init__(messages.NAMED_FILE_MISSING.fill(name=name))


class NamedFileTwiceError(RelmgrError):
    """A file was named twice."""

    def __init__(self, name: str) -> None:
        super().__init__(messages.NAMED_FILE_TWICE.fill(name=name))


class SectionNotFoundError(RelmgrError):
    """No section of the article matches the name; `near` is a similar one."""

    def __init__(self, name: str, near: str | None, article: str) -> None:
        template = messages.SECTION_SUGGESTED if near else messages.SECTION_NOT_FOUND
        super().__init__(template.fill(name=name, near=near, article=messages.quote(article)))


class SectionAmbiguousError(RelmgrError):
    """Several sections of the article match the name."""

    def __init__(self, name: str, candidates: Sequence[str], article: str) -> None:
        shown = _shorten(candidates, 0, messages.LIST_SECTIONS.fill(article=messages.quote(article)))
        super().__init__(messages.SECTION_AMBIGUOUS.fill(name=name, candidates=shown))


class LanguageUnknownError(RelmgrError):
    """No language has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(messages.LANGUAGE_UNKNOWN.fill(name=name))


class TranslationMissingError(RelmgrError):
    """The article does not exist in the requested language."""

    def __init__(self, language: str, title: str, available: Sequence[str]) -> None:
        languages = ", ".join(available) or messages.NO_LANGUAGES
        fields = {"language": language, "title": title, "languages": languages}
        super().__init__(messages.TRANSLATION_MISSING.fill(**fields))


class LanguageAbsentError(RelmgrError):
    """No text of the library is in the requested language."""

    def __init__(self, language: str, available: Sequence[str]) -> None:
        languages = ", ".join(available) or messages.NO_LANGUAGES
        super().__init__(messages.LANGUAGE_ABSENT.fill(language=language, languages=languages))


class HitMissingError(RelmgrError):
    """The last search did not find a hit with this number."""

    def __init__(self, rank: int, hits: int) -> None:
        template = messages.HIT_MISSING if hits else messages.NO_LAST_SEARCH
        super().__init__(template.fill(rank=rank, sections=messages.SECTIONS.fill(hits)))


class HitGoneError(RelmgrError):
    """The library has changed since the last search, and the hit no longer exists."""

    def __init__(self, rank: int) -> None:
        super().__init__(messages.HIT_GONE.fill(rank=rank))


class PatternInvalidError(RelmgrError):
    """A regular expression has a syntax error."""

    def __init__(self, pattern: str, reason: str) -> None:
        super().__init__(messages.PATTERN_INVALID.fill(pattern=_cut(pattern), reason=reason))
        self.reason = reason


class PatternSlowError(RelmgrError):
    """A regular expression takes too much time or memory."""

    def __init__(self, pattern: str) -> None:
        super().__init__(messages.PATTERN_SLOW.fill(pattern=_cut(pattern)))


class SettingError(RelmgrError):
    """A value in the config file cannot be used."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(messages.SETTING.fill(source=source, reason=reason))


class SavedListError(RelmgrError):
    """A bookmark or a kept word does not exist, or the list of them cannot be saved."""


class OutputError(RelmgrError):
    """The output could not be written."""

    def __init__(self, reason: str) -> None:
        super().__init__(messages.OUTPUT_FAILED.fill(reason=reason))


def _cut(pattern: str) -> str:
    return pattern if len(pattern) <= _MAX_PATTERN else f"{pattern[:_MAX_PATTERN]}…"


def _shorten(candidates: Sequence[str], total: int, command: str) -> str:
    """Return the first candidates; where some are left out, how many there are and the command that shows all."""
    shown = ", ".join(candidates[:MAX_CANDIDATES])
    total = max(total, len(candidates))
    if total <= MAX_CANDIDATES:
        return shown
    return messages.CANDIDATES_CUT.fill(shown=shown, count=MAX_CANDIDATES, total=total, command=command)
