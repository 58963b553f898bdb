"""Chooses which findings `relmgr check` reports: by file, language, change, configuration and baseline."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from relmgr_cli import messages
from relmgr_cli.cli.context import Invocation
from relmgr_cli.core.library import Library
from relmgr_cli.errors import Exit, SettingError
from relmgr_cli.project import FILE_NAME, CheckSettings
from relmgr_cli.terminal.stream import warn

if TYPE_CHECKING:
    from relmgr_cli.core.health import CheckedArticle
    from relmgr_cli.core.paths import Files
    from relmgr_cli.layout.findings import LocatedFinding

_MAX_BASELINE_BYTES = 64 << 20


def settings_of(library: Library) -> tuple[CheckSettings, str]:
    """Return the table `check` of the relmgr.toml of a library, and the folder of that file."""
    from relmgr_cli.corpus.library_rules import find_project

    project = find_project(library.roots)
    return (project.check, project.folder) if project is not None else (CheckSettings(), "")


def codes_of_option(text: str | None, option: str) -> frozenset[str]:
    """Return the codes of an option. Raises BadParameter for one that does not exist."""
    codes = [code.strip() for code in (text or "").split(",") if code.strip()]
    if text is not None and not codes:
        raise typer.BadParameter(messages.EMPTY_VALUE.fill(), param_hint=option)
    for code in codes:
        if reason := _unknown_code(code):
            raise typer.BadParameter(reason, param_hint=option)
    return frozenset(codes)


def configured_codes(codes: Sequence[str], key: str, invocation: Invocation) -> frozenset[str]:
    """Return the codes of a key of relmgr.toml; it may be for a later version, which knows more."""
    for code in codes:
        if reason := _unknown_code(code):
            invocation.note(f"{FILE_NAME}: {messages.SETTING_OF_KEY.fill(key=key, reason=reason)}")
    return frozenset(codes)


def _unknown_code(code: str) -> str:
    """Return why a code cannot be used; "" if it can."""
    from relmgr_cli.health.findings import RULES

    if code in RULES:
        return ""
    from difflib import get_close_matches

    if near := get_close_matches(code, RULES, 1):
        return messages.CODE_SUGGESTED.fill(code=code, near=near[0])
    return messages.CODE_UNKNOWN.fill(code=code, choices=", ".join(RULES))


def chosen_files(library: Library, names: Sequence[str], revision: str | None) -> "Files | None":
    """Return the files that are named, or those among them that the branch has changed; None for all.

    What a branch changes in a source concerns its translations, which are in the result too. Raises
    ArticleNotFoundError, ArticleAmbiguousError or ChangesUnknownError.
    """
    from relmgr_cli.core.paths import changed_files, choose_files, with_translations

    chosen = choose_files(library, names) if names else None
    if revision is None:
        return chosen
    changed = with_translations(library, changed_files(library, revision))
    return changed if chosen is None else changed & chosen


def files_of(article: "CheckedArticle") -> "Files":
    """Return the files of an article: library folder and path."""
    return frozenset((document.root, document.path) for document in article.documents.values())


def locate_findings(articles: "Sequence[CheckedArticle]") -> "Iterator[LocatedFinding]":
    """Yield all findings with the files that they are in."""
    from relmgr_cli.layout.findings import LocatedFinding

    for article in articles:
        source = article.documents[article.source]
        for finding in article.findings:
            if finding.language not in article.documents:
                continue
            document = article.documents[finding.language]
            source_path = None if finding.source_line is None else source.path
            yield LocatedFinding(article.id, document.root, document.path, source_path, source.root, finding)


def is_chosen(each: "LocatedFinding", chosen: "Files | None") -> bool:
    """Return whether a finding is in one of the chosen files; None is all."""
    return chosen is None or (each.root, each.path) in chosen


def in_languages(invocation: Invocation, library: Library, found: "list[LocatedFinding]") -> "list[LocatedFinding]":
    """Return the findings in the languages of `--lang`. Raises LanguageAbsentError or LanguageUnknownError."""
    from relmgr_cli.core.selection import choose_library_languages

    chosen = choose_library_languages(library, invocation.settings)
    if not chosen:
        return found
    return [each for each in found if each.finding.language in chosen]


def without_excluded(
    found: "list[LocatedFinding]", library: Library, configured: CheckSettings
) -> "list[LocatedFinding]":
    """Return the findings in files that relmgr.toml does not exclude from checks."""
    if not configured.exclude:
        return found
    from relmgr_cli.core.paths import excluded_by

    is_excluded = excluded_by(library, configured.exclude)
    return [each for each in found if not is_excluded((each.root, each.path))]


# Baselines


def write_baseline_file(found: "Sequence[LocatedFinding]", path: str) -> int:
    """Write the findings as a baseline; return the exit code. Raises SettingError if that fails."""
    from relmgr_cli.filesystem import atomic_write
    from relmgr_cli.health.baseline import baseline_to_text, entry_of

    text = baseline_to_text(entry_of(each.article, each.finding) for each in found)
    try:
        atomic_write(os.path.abspath(path), text.encode("utf-8", "replace"), mode=0o644)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(path, messages.BASELINE_FAILED.fill(reason=reason)) from None
    warn(messages.BASELINE_WRITTEN.fill(len(found), path=path))
    return Exit.SHOWN


def without_baseline(found: "Sequence[LocatedFinding]", path: str) -> "list[LocatedFinding]":
    """Return the findings that are not in a baseline. Raises SettingError."""
    from relmgr_cli.filesystem import read_regular_file
    from relmgr_cli.health.baseline import read_baseline, without_known

    try:
        data = read_regular_file(path, _MAX_BASELINE_BYTES, follows_links=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(path, messages.BASELINE_MISSING.fill(reason=reason)) from None
    entries = read_baseline(data.decode("utf-8", "replace"), path)
    left = Counter(without_known(((each.article, each.finding) for each in found), entries))
    kept = []
    for each in found:
        key = (each.article, each.finding)
        if left[key]:
            left[key] -= 1
            kept.append(each)
    return kept
