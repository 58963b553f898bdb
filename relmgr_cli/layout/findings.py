"""Findings about translations: as text, as JSON, and in the formats of CI systems."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from relmgr_cli import __version__, file_messages, messages
from relmgr_cli.health.findings import ERROR, INFO, RULES, WARNING, Finding
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Fragment, Line, hang, line_of, width_of
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.ui_language import localized, translate

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SARIF_LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}
_CODE_WIDTH = max(map(len, RULES)) + 2  # cells
_MIN_SUMMARY = 20  # cells
_GITHUB_COMMANDS = {ERROR: "error", WARNING: "warning", INFO: "notice"}
_STYLES = {ERROR: "warning", WARNING: "note", INFO: "dim"}
_NOT_IN_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], "\ufffd")


class LocatedFinding(NamedTuple):
    """A finding and where it is."""

    article: str  # its id
    root: str  # the library folder of the file
    path: str  # below it
    source_path: str | None  # of the source, below its library folder; None without a place in the source
    source_root: str
    finding: Finding


class Checked(NamedTuple):
    """A translation that was checked, for reports that list those without findings too."""

    article: str
    language: str


def finding_lines(
    findings: Sequence[LocatedFinding], *, linked: bool = False, in_words: bool = False
) -> Iterator[Line]:
    """Yield a line for each finding, however long: where it is, its code, the message, the place in the source.

    `in_words` adds its severity, which otherwise only its colour tells.
    """
    for each in findings:
        finding = each.finding
        path = sanitize_line(messages.shown_path(each.root, each.path))
        href = f"file://{quote(os.fsencode(os.path.join(each.root, each.path)))}" if linked else ""
        line: Line = [Fragment(messages.FINDING_AT.fill(path=path, line=finding.line).rstrip(" :"), "", href)]
        severity = f"{messages.SEVERITIES[finding.severity]}: " if in_words else ""
        code = (finding.code, _STYLES[finding.severity])
        message = sanitize_line(localized(finding.message))
        line += line_of(": ", severity, code, ": " if in_words else " ", message)
        if each.source_path is not None:
            source = sanitize_line(messages.shown_path(each.source_root, each.source_path))
            line += line_of((messages.SOURCE_AT.fill(path=source, line=finding.source_line), "dim"))
        yield line


def count_lines(findings: Sequence[LocatedFinding], columns: int) -> Iterator[Line]:
    """Yield how many findings each code has, those of errors first, then the most frequent ones."""
    counts = Counter((each.finding.severity, each.finding.code) for each in findings)
    order = list(_STYLES)
    for (severity, code), count in sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1])):
        number = messages.CHECK_COUNT.fill(count=count)
        label = line_of((number, "number"), (f"{code:<{_CODE_WIDTH}}", _STYLES[severity]))
        summary = wrap(line_of((translate(RULES[code].summary), "dim")), max(columns - width_of(label), _MIN_SUMMARY))
        yield from hang(label, summary)


def findings_payload(findings: Sequence[LocatedFinding], articles: int) -> dict[str, Any]:
    """Return the answer of `check`."""
    severities = Counter(each.finding.severity for each in findings)
    return {
        "summary": {
            "articles": articles,
            "errors": severities[ERROR],
            "warnings": severities[WARNING],
            "infos": severities[INFO],
        },
        "findings": [
            {
                "code": each.finding.code,
                "severity": each.finding.severity,
                "article": each.article,
                "section": each.finding.section,
                "lang": each.finding.language,
                "root": each.root,
                "path": each.path,
                "line": each.finding.line,
                "source_path": each.source_path,
                "source_line": each.finding.source_line,
                "message": each.finding.message,
                "fingerprint": each.finding.fingerprint,
            }
            for each in findings
        ],
    }


def github_annotations(findings: Sequence[LocatedFinding], locate: Callable[[str, str], str]) -> str:
    """Return workflow commands of GitHub Actions; `locate` returns the path in the repository of a root and a path.

    GitHub shows the first ten of each severity.
    """
    lines = []
    for each in findings:
        finding = each.finding
        properties = {
            "file": locate(each.root, each.path),
            "line": str(finding.line),
            "title": finding.code,
        }
        named = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
        lines.append(f"::{_GITHUB_COMMANDS[finding.severity]} {named}::{_escape_data(_message(each, locate))}\n")
    return "".join(lines)


def _message(each: LocatedFinding, locate: Callable[[str, str], str]) -> str:
    """Return the message of a finding, with the place in the source."""
    if each.source_path is None:
        return each.finding.message
    source = locate(each.source_root, each.source_path)
    return each.finding.message + messages.SOURCE_AT.fill(path=source, line=each.finding.source_line)


def _escape_data(text: str) -> str:
    return sanitize_line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


def sarif_log(findings: Sequence[LocatedFinding], locate: Callable[[str, str], str]) -> str:
    """Return a SARIF 2.1.0 log, with paths relative to the top of the repository."""
    codes = list(dict.fromkeys(each.finding.code for each in findings))
    rules = [
        {
            "id": code,
            "shortDescription": {"text": RULES[code].summary},
            "defaultConfiguration": {"level": _SARIF_LEVELS[RULES[code].severity]},
        }
        for code in codes
    ]
    results = [_sarif_result(each, codes.index(each.finding.code), locate) for each in findings]
    driver = {"name": "relmgr", "semanticVersion": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _sarif_result(each: LocatedFinding, rule: int, locate: Callable[[str, str], str]) -> dict[str, Any]:
    finding = each.finding
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_sarif_location(locate(each.root, each.path), finding.line)],
        "partialFingerprints": {
            "relmgr/v1": f"{each.article}:{finding.language}:{finding.code}:{finding.section}:{finding.fingerprint}"
        },
    }
    if each.source_path is not None and finding.source_line is not None:
        source = _sarif_location(locate(each.source_root, each.source_path), finding.source_line)
        result["relatedLocations"] = [{"id": 1, "message": {"text": file_messages.IN_THE_SOURCE}, **source}]
    return result


def _sarif_location(path: str, line: int) -> dict[str, Any]:
    artifact = {"uri": quote(os.fsencode(path)), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line}}}


def junit_report(
    findings: Sequence[LocatedFinding],
    checked: Sequence[Checked],
    locate: Callable[[str, str], str],
    is_failure: Callable[[Finding], bool],
) -> str:
    """Return a JUnit report: a test case for each translation, which fails if one of its findings does."""
    by_case: dict[Checked, list[LocatedFinding]] = {case: [] for case in checked}
    for each in findings:
        by_case.setdefault(Checked(each.article, each.finding.language), []).append(each)
    cases = []
    failed = 0
    for case, found in by_case.items():
        failures = [each for each in found if is_failure(each.finding)]
        others = [each for each in found if not is_failure(each.finding)]
        failed += bool(failures)
        body = ""
        if failures:
            first = failures[0].finding
            attributes = f"message={_attribute(first.message)} type={_attribute(first.code)}"
            body += f"      <failure {attributes}>{_xml(_case_text(failures, locate))}</failure>\n"
        if others:
            body += f"      <system-out>{_xml(_case_text(others, locate))}</system-out>\n"
        opening = f"    <testcase name={_attribute(case.language)} classname={_attribute(case.article)}"
        cases.append(f"{opening}>\n{body}    </testcase>\n" if body else f"{opening}/>\n")
    counts = f'tests="{len(by_case)}" failures="{failed}" errors="0"'
    suite = f'  <testsuite name="relmgr check" {counts}>\n{"".join(cases)}  </testsuite>\n'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {counts}>\n{suite}</testsuites>\n'


def _case_text(findings: Sequence[LocatedFinding], locate: Callable[[str, str], str]) -> str:
    """Return the findings of a test case, one a line."""
    return "\n".join(
        f"{locate(each.root, each.path)}:{each.finding.line}: {each.finding.code} {_message(each, locate)}"
        for each in findings
    )


def _xml(text: str) -> str:
    return escape(text.translate(_NOT_IN_XML))


def _attribute(text: str) -> str:
    return quoteattr(text.translate(_NOT_IN_XML))
