"""The command `check`: what is wrong with the translations of the library."""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from relmgr_cli import messages
from relmgr_cli.cli.check_selection import (
    chosen_files,
    codes_of_option,
    configured_codes,
    files_of,
    in_languages,
    is_chosen,
    locate_findings,
    settings_of,
    without_baseline,
    without_excluded,
    write_baseline_file,
)
from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command, refuse_blank, refuse_blanks
from relmgr_cli.core.library import Library
from relmgr_cli.errors import Exit
from relmgr_cli.store.name_lookup import count_documents
from relmgr_cli.terminal.stream import page_or_write, warn, write

if TYPE_CHECKING:
    from relmgr_cli.core.health import CheckedArticle
    from relmgr_cli.health.findings import Finding
    from relmgr_cli.layout.findings import LocatedFinding

_MAX_SHOWN = 40  # findings on a terminal


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


class FailOn(StrEnum):
    """Which findings make the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


class _Request(NamedTuple):
    """What to report: the options, and where they say nothing, the table `check` of relmgr.toml."""

    select: frozenset[str]  # codes; empty for all
    ignore: frozenset[str]
    fail_on: FailOn
    is_everything: bool  # remarks too, and all findings on a terminal

    def includes(self, finding: "Finding") -> bool:
        """Return whether a finding is asked for."""
        return finding.code not in self.ignore and (not self.select or finding.code in self.select)

    def fails(self, finding: "Finding") -> bool:
        """Return whether a finding makes the exit code 1."""
        if self.fail_on is FailOn.NEVER:
            return False
        return finding.severity == "error" or (self.fail_on is FailOn.WARNING and finding.severity == "warning")


@command(
    ("relmgr check", "all translations"),
    ("relmgr check --lang pl --select anchor", "one language, one code"),
    ("relmgr check --format sarif", "for code scanning"),
    ("relmgr check --write-baseline known.json", "accept what is there"),
    without="links pager",
)
def check(  # noqa: PLR0913
    invocation: Invocation,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Files, folders or articles.",
            show_default=False,
            autocompletion=complete_article,
            callback=refuse_blanks,
        ),
    ] = None,
    *,
    format_: Annotated[
        Format, typer.Option("--format", help="How to write findings.", case_sensitive=False)
    ] = Format.TEXT,
    select: Annotated[
        str | None, typer.Option(metavar="CODES", help="Only these findings, separated by commas.")
    ] = None,
    ignore: Annotated[str | None, typer.Option(metavar="CODES", help="Not these findings.")] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option("--fail-on", help="Findings for exit code 1; by default error.", show_default=False)
    ] = None,
    changed: Annotated[
        str | None,
        typer.Option(
            metavar="REV",
            help="Only files that the branch has changed since REV, and translations of these.",
            callback=refuse_blank,
        ),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Without the findings in a baseline.", callback=refuse_blank)
    ] = None,
    write_baseline: Annotated[
        str | None,
        typer.Option(
            "--write-baseline", metavar="FILE", help="Write the findings as a baseline.", callback=refuse_blank
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All findings, also remarks.")] = False,
) -> int:
    """Report what is wrong with translations.

    A comment <!-- relmgr: ignore CODE --> in a file is about the next block, ignore-file about the whole file.
    """
    if invocation.settings.as_json and format_ not in (Format.TEXT, Format.JSON):
        raise typer.BadParameter(messages.OPTIONS_EXCLUSIVE.fill(one="--json", other=f"--format {format_}"))
    paths = paths or []
    library = invocation.open_library(paths[0] if len(paths) == 1 else None)
    if not count_documents(library.database, in_articles=True):
        raise library.empty_error()
    invocation.note_settings(library)
    configured, folder = settings_of(library)
    request = _Request(
        codes_of_option(select, "--select") or configured_codes(configured.select, "check.select", invocation),
        codes_of_option(ignore, "--ignore") | configured_codes(configured.ignore, "check.ignore", invocation),
        fail_on or FailOn(configured.fail_on or FailOn.ERROR),
        everything,
    )
    chosen = chosen_files(library, paths, changed)
    articles = _articles(invocation, library, request)
    output = Format.JSON if invocation.settings.as_json else format_
    if output is Format.TEXT:
        invocation.note_library(library)
    found = [each for each in locate_findings(articles) if request.includes(each.finding)]
    found = [each for each in found if is_chosen(each, chosen)]
    found = in_languages(invocation, library, found)
    found = without_excluded(found, library, configured)
    if write_baseline is not None:
        return write_baseline_file(found, write_baseline)
    if baseline is None and configured.baseline:
        baseline = os.path.join(folder, configured.baseline)
    if baseline is not None:
        found = without_baseline(found, baseline)
    found.sort(key=lambda each: (each.root, each.path, each.finding.order))
    asked = tuple(each for each in articles if chosen is None or not chosen.isdisjoint(files_of(each)))
    return _report(invocation, _Answer(found, asked, request, output))


def _articles(invocation: Invocation, library: Library, request: "_Request") -> "tuple[CheckedArticle, ...]":
    from relmgr_cli.core.health import HISTORY_CODES, check_library, history_findings
    from relmgr_cli.core.translation_status import library_status, unavailable_history

    wanted = (request.select or HISTORY_CODES) - request.ignore
    if wanted.isdisjoint(HISTORY_CODES):
        return check_library(library)
    status = library_status(library)
    reason = unavailable_history(status.history)
    if status.history.is_shallow or (reason and request.select & HISTORY_CODES):
        invocation.note(reason)
    return check_library(library, history_findings(library.database, status))


class _Answer(NamedTuple):
    """What was found, and how to write it."""

    found: "list[LocatedFinding]"  # by path and line
    articles: "tuple[CheckedArticle, ...]"  # those that were asked for
    request: _Request
    output: Format


def _report(invocation: Invocation, answer: _Answer) -> int:
    """Write the findings; return the exit code."""
    from relmgr_cli.health.findings import INFO

    found, request = answer.found, answer.request
    shown = [each for each in found if request.is_everything or request.select or each.finding.severity != INFO]
    if answer.output is Format.JSON:
        from relmgr_cli.layout.findings import findings_payload
        from relmgr_cli.layout.json_output import dump

        write(dump(findings_payload(found, len(answer.articles))))
    elif answer.output is Format.TEXT:
        page_or_write(_draw(invocation, shown, request), "", invocation.settings.environ)
        _summarize(answer, shown)
    else:
        write(_for_ci(shown, answer))
    return Exit.NOTHING_FOUND if any(request.fails(each.finding) for each in found) else Exit.SHOWN


def _draw(invocation: Invocation, shown: "Sequence[LocatedFinding]", request: _Request) -> str:
    """Return the findings as text; on a terminal only some of many, the worst first, and how many there are of each."""
    from relmgr_cli.health.findings import SEVERITIES
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.findings import count_lines, finding_lines

    screen = invocation.screen()
    is_cut = sys.stdout.isatty() and not screen.plain and not request.is_everything and len(shown) > _MAX_SHOWN
    if not is_cut:
        return to_ansi(finding_lines(shown, linked=screen.ansi, in_words=screen.plain), screen)
    worst = sorted(shown, key=lambda each: SEVERITIES.index(each.finding.severity))[:_MAX_SHOWN]
    return to_ansi([*finding_lines(worst, linked=screen.ansi), [], *count_lines(shown, screen.columns)], screen)


def _summarize(answer: _Answer, shown: "Sequence[LocatedFinding]") -> None:
    """Write to standard error how many findings there are in how many articles."""
    from relmgr_cli.health.findings import ERROR, INFO, WARNING

    counts = Counter(each.finding.severity for each in shown)
    parts = [
        words.fill(counts[severity])
        for severity, words in ((ERROR, messages.ERRORS), (WARNING, messages.WARNINGS), (INFO, messages.NOTICES))
        if counts[severity]
    ]
    articles = messages.ARTICLES.fill(len(answer.articles))
    text = messages.CHECK_CLEAN.fill(articles=articles)
    if shown:
        faulty = len({each.article for each in shown})
        text = messages.CHECK_SUMMARY.fill(counts=", ".join(parts), count=faulty, articles=articles)
    if hidden := len(answer.found) - len(shown):
        text += messages.CHECK_HIDDEN.fill(notices=messages.NOTICES.fill(hidden))
    warn(text)
    if sys.stdout.isatty() and len(shown) > _MAX_SHOWN and not answer.request.is_everything:
        warn(messages.CHECK_FIRST.fill(count=_MAX_SHOWN, total=len(shown)))


def _for_ci(shown: "Sequence[LocatedFinding]", answer: _Answer) -> str:
    """Return the findings in the format of a CI system, with paths from the top of the repository."""
    from relmgr_cli.layout.findings import Checked, github_annotations, junit_report, sarif_log
    from relmgr_cli.surroundings import work_tree_of

    top = work_tree_of(os.getcwd()) or os.getcwd()
    locate = partial(_path_below, os.path.realpath(top))
    if answer.output is Format.GITHUB:
        from relmgr_cli.health.findings import SEVERITIES

        worst = sorted(shown, key=lambda each: SEVERITIES.index(each.finding.severity))
        return github_annotations(worst, locate)
    if answer.output is Format.SARIF:
        return sarif_log(shown, locate)
    checked = [
        Checked(article.id, language)
        for article in answer.articles
        for language in article.documents
        if language != article.source
    ]
    return junit_report(shown, checked, locate, answer.request.fails)


def _path_below(top: str, root: str, path: str) -> str:
    """Return the path of a file from the top of the repository, with "/"; absolute for a file elsewhere."""
    full = os.path.realpath(os.path.join(root, path))
    below = os.path.relpath(full, top).replace(os.sep, "/")
    return full if below.startswith("../") else below
