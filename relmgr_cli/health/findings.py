"""Defines what `relmgr check` finds: its codes, how severe each is, and a finding."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

ERROR: Final = "error"  # it breaks a build or loses text
WARNING: Final = "warning"
INFO: Final = "info"
SEVERITIES = (ERROR, WARNING, INFO)  # the worst first


class Rule(NamedTuple):
    """A code: what it is called and how severe it is unless a finding says otherwise."""

    severity: str
    summary: str  # what is wrong, in a few words


# The order is that of the documentation.
RULES: dict[str, Rule] = {
    "missing-section": Rule(WARNING, "a section of the source is not in the translation"),
    "extra-section": Rule(WARNING, "a section of the translation is not in the source"),
    "missing-block": Rule(WARNING, "a paragraph, table or code block of the source is not in the translation"),
    "extra-block": Rule(INFO, "a block of the translation is not in the source"),
    "list-length": Rule(WARNING, "an item of a list is not in the translation"),
    "table-shape": Rule(WARNING, "a table has other rows or columns than in the source"),
    "heading-level": Rule(WARNING, "a heading is on another level than in the source"),
    "untranslated": Rule(WARNING, "text is still in the language of the source"),
    "code-differs": Rule(WARNING, "code differs from the source in more than comments and texts"),
    "inline-code": Rule(WARNING, "code within a text differs from the source"),
    "placeholder": Rule(WARNING, "a placeholder, template tag or component differs from the source"),
    "broken-markup": Rule(ERROR, "a template tag, component or code fence is not closed"),
    "number-differs": Rule(WARNING, "a number differs from the source"),
    "link-differs": Rule(WARNING, "a link leads elsewhere than in the source; info for links to other sites"),
    "link-broken": Rule(ERROR, "a link leads to no document of the library"),
    "image-differs": Rule(WARNING, "an image of the source is not in the translation"),
    "anchor": Rule(WARNING, "an anchor is missing, so that links to a section do not work"),
    "front-matter": Rule(WARNING, "a field of the front matter is missing, or names another language"),
    "invalid-front-matter": Rule(ERROR, "the front matter cannot be parsed"),
    "term": Rule(WARNING, "a term is translated in another way than the glossary has"),
    "stale": Rule(WARNING, "the source has changed since the text was translated"),
    "metadata": Rule(WARNING, "the metadata about the source contradicts the history"),
}


class Finding(NamedTuple):
    """A fault of one document of an article."""

    code: str
    severity: str
    language: str  # of the document it is in
    section: str  # the number of the section in the article
    line: int  # 1-based, in the file of the document
    source_line: int | None  # the same place in the source; None without one
    message: str
    fingerprint: str = ""  # of the block that it is about, see `fingerprint_of`

    @property
    def order(self) -> tuple[int, int, str, str]:
        """How findings of one file are sorted."""
        return self.line, self.source_line or 0, self.code, self.message


def finding(  # noqa: PLR0913 (one parameter for each field)
    code: str,
    language: str,
    section: str,
    *,
    line: int,
    source_line: int | None,
    message: str,
    text: str = "",
    severity: str = "",
) -> Finding:
    """Return a finding with the severity of its code; `text` is that of the block that it is about."""
    severity = severity or RULES[code].severity
    return Finding(code, severity, language, section, line, source_line, message, fingerprint_of(text))


def fingerprint_of(text: str) -> str:
    """Return a checksum of a text that white space and the case of letters do not change."""
    from zlib import crc32

    return f"{crc32(' '.join(text.split()).casefold().encode('utf-8', 'surrogatepass')):08x}"


def findings_to_json(findings: Sequence[Finding]) -> list[Any]:
    """Return findings as JSON lists."""
    return [list(each) for each in findings]


def findings_from_json(data: Sequence[Any]) -> tuple[Finding, ...]:
    """Return the findings that `findings_to_json` converted."""
    return tuple(Finding(*row) for row in data)
