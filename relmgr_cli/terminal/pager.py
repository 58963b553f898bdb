"""Running the user's pager, with an environment in which it shows UTF-8 text."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# As git does: without options, less would neither colour nor leave. Its own prompt is ":", which says nothing; it shows
# only ASCII in prompts, so this one is not translated.
_LESS_OPTIONS = "-FIRX -Psq quits, h shows help$"
_NOT_RUN = (126, 127)  # exit codes of shells and env(1) for a program that they could not run
# "" is the user's own locale. C.UTF-8 is the C locale with UTF-8 (glibc 2.35, musl, FreeBSD); macOS has the last one.
_UTF8_LOCALES = ("", "C.UTF-8", "C.utf8", "en_US.UTF-8")


def run_pager(text: str, pager: str, environ: Mapping[str, str]) -> bool:
    """Show a text with the command line `pager`; return False when it cannot be started.

    Ctrl-C is left to the pager. A signal that stops relmgr stops the pager too, which has to restore the terminal.
    """
    import shlex
    import signal
    import subprocess

    encoding = sys.stdout.encoding
    try:
        process = subprocess.Popen(  # noqa: S603 (arguments, never a shell)
            shlex.split(pager),
            stdin=subprocess.PIPE,
            env=pager_environ(environ, encoding),
            encoding=encoding,
            errors="backslashreplace",
        )
    except (OSError, ValueError, IndexError):
        return False
    stopped_by = 0

    def stop(number: int, _: object) -> None:
        nonlocal stopped_by
        stopped_by = number
        process.terminate()

    handlers: dict[int, Any] = {signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: stop}
    if hasattr(signal, "SIGHUP"):
        handlers[signal.SIGHUP] = stop
    before = [(number, signal.signal(number, handler)) for number, handler in handlers.items()]
    try:
        process.communicate(text)
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    if stopped_by:
        raise SystemExit(128 + stopped_by)
    if process.returncode == -signal.SIGINT:
        raise KeyboardInterrupt
    return process.returncode not in _NOT_RUN


def pager_environ(environ: Mapping[str, str], encoding: str) -> dict[str, str]:
    """Return the environment for a pager that reads text in `encoding`.

    Where the locale is C, POSIX or not installed, Python writes UTF-8 all the same (PEP 538 and 540), but pagers follow
    the locale. The variables name the encoding that relmgr has chosen; where the locale names another character set
    that is installed, relmgr writes that one, and nothing is added. `bat` and `moor` always read UTF-8.
    """
    result = {"LESS": _LESS_OPTIONS, **environ}
    if not _is_utf8(encoding):
        return result
    # less(1), "National character sets": LESSCHARSET decides; without it LESSCHARDEF, then the locale.
    if not environ.get("LESSCHARDEF") and not environ.get("LESSCHARSET"):
        result["LESSCHARSET"] = "utf-8"
    # more(1) of util-linux and most(1) have no variable of their own and ask setlocale(3), which refuses every
    # category when one of them is not installed. LC_ALL overrides the others (POSIX, "Environment Variables", 8.2).
    if name := _find_utf8_locale():
        result["LC_ALL"] = name
    return result


def _find_utf8_locale() -> str:
    """Return a UTF-8 locale that is installed; "" where the environment already names one, or there is none."""
    import locale

    if not hasattr(locale, "nl_langinfo"):  # Windows
        return ""
    saved = locale.setlocale(locale.LC_ALL)
    try:
        for name in _UTF8_LOCALES:
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            if _is_utf8(locale.nl_langinfo(locale.CODESET)):
                return name
    finally:
        locale.setlocale(locale.LC_ALL, saved)
    return ""


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"
