"""Checks the front matter of a translation."""

from collections.abc import Iterator, Mapping
from typing import Any

from relmgr_cli import file_messages
from relmgr_cli.corpus.document import Document
from relmgr_cli.health.comparison import Comparison
from relmgr_cli.health.findings import INFO, Finding, finding
from relmgr_cli.markdown.front_matter import read_front_matter

_SHOWN = ("title", "description")  # what readers see
_MAX_NAMED = 6


def invalid_front_matter(document: Document, language: str) -> Iterator[Finding]:
    """Yield the faults of front matter that cannot be read; a source may have them too."""
    for problem in document.problems:
        if problem.code == "front-matter":
            yield finding(
                "invalid-front-matter",
                language,
                "0",
                line=max(problem.line, 1),
                source_line=None,
                message=problem.message,
                text=problem.message,
            )


def check_front_matter(comparison: Comparison) -> Iterator[Finding]:
    """Yield what is wrong with the front matter; nothing if the texts of the files are not known."""
    target = comparison.target
    yield from invalid_front_matter(target, comparison.language)
    if not comparison.source_text or not comparison.target_text:
        return
    source_matter = read_front_matter(comparison.source_text, comparison.source.path)
    matter = read_front_matter(comparison.target_text, target.path)
    if matter.problems or source_matter.problems:
        return
    missing = [name for name, value in source_matter.values.items() if value and not matter.values.get(name)]
    shown = [name for name in missing if name in _SHOWN and not _is_elsewhere(name, comparison, matter.values)]
    others = [name for name in missing if name not in _SHOWN]
    for names, severity in ((shown, ""), (others, INFO)):
        if names:
            message = file_messages.CHECK_FIELDS.fill(names=", ".join(names[:_MAX_NAMED]))
            yield _report(comparison, "front-matter", message, severity=severity)


def _is_elsewhere(name: str, comparison: Comparison, values: Mapping[str, Any]) -> bool:
    """Return whether a translation has its title as a heading."""
    is_heading = f"# {comparison.target.title}" in comparison.target_text
    return name == "title" and (is_heading or bool(values.get("linkTitle")))


def _report(comparison: Comparison, code: str, message: str, *, line: int = 1, severity: str = "") -> Finding:
    return finding(
        code, comparison.language, "0", line=line, source_line=1, message=message, text=message, severity=severity
    )
