"""Checks template tags, components and code fences that are opened and not closed, which ends a build or loses text."""

import re
from collections import Counter
from collections.abc import Iterator

from relmgr_cli import file_messages
from relmgr_cli.health.check_inline import without_comments
from relmgr_cli.health.comparison import Comparison
from relmgr_cli.health.findings import Finding, finding

_FENCE = re.compile(r"[ \t>]{0,40}(?:[-*+][ \t]{1,4}|\d{1,3}[.)][ \t]{1,4})?(`{3,}|~{3,})([^`\n]{0,300})$")
_TAG = re.compile(
    r"\{\{[<%]\s{0,9}(/?)\s{0,9}([\w-]{1,60})(?:[^{}]{0,500}?)(/?)\s{0,9}[>%]\}\}|<(/?)([A-Z][\w.]{0,60})(?:\s[^<>]{0,1000}?)?(/?)>"
)
_CODE_SPAN = re.compile(r"(`{1,3})(?!`)[^`\n]{1,500}\1(?!`)")


class _Markup:
    """The fences and tags of a text."""

    def __init__(self, text: str) -> None:
        self.open_fence = 0  # line of a code fence that is never closed; 0 for none
        self.tags: Counter[str] = Counter()  # openings less endings, of those that have an end somewhere
        self.lines: dict[str, int] = {}  # of the last opening or ending of each
        self.ended: set[str] = set()
        self._read_tags(self._without_code(text))

    def _without_code(self, text: str) -> str:
        """Return the text with empty lines for its code, and find the fence that is never closed."""
        fence, opened = "", 0
        lines = text.split("\n")
        for number, line in enumerate(lines, 1):
            match = _FENCE.match(line)
            if not match:
                lines[number - 1] = "" if fence else _CODE_SPAN.sub(" ", line)
                continue
            lines[number - 1] = ""
            if not fence:
                fence, opened = match[1], number
            elif match[1].startswith(fence) and not match[2].strip():
                fence = ""
        self.open_fence = opened if fence else 0
        return without_comments("\n".join(lines))

    def _read_tags(self, text: str) -> None:
        line, at = 1, 0
        for match in _TAG.finditer(text):
            closing, name, ends, closing_tag, tag, ends_tag = match.groups()
            line, at = line + text.count("\n", at, match.start()), match.start()
            key = f"<{tag}>" if tag else f"{{{{< {name} >}}}}"
            is_closing = bool(closing or closing_tag)
            if ends or ends_tag:
                continue
            self.tags[key] += -1 if is_closing else 1
            self.lines[key] = line
            if is_closing:
                self.ended.add(key)


def check_markup(comparison: Comparison) -> Iterator[Finding]:
    """Yield what the translation does not close, or ends without a beginning, and the source does not."""
    if not comparison.source_text or not comparison.target_text:
        return
    source, target = _Markup(comparison.source_text), _Markup(comparison.target_text)
    if target.open_fence and not source.open_fence:
        yield _report(comparison, file_messages.CHECK_OPEN_FENCE.fill(), target.open_fence)
        return
    for key, count in target.tags.items():
        if count and key in source.ended and not source.tags[key]:
            template = file_messages.CHECK_UNCLOSED if count > 0 else file_messages.CHECK_UNOPENED
            yield _report(comparison, template.fill(tag=key), target.lines[key])


def _report(comparison: Comparison, message: str, line: int) -> Finding:
    return finding(
        "broken-markup", comparison.language, "0", line=line, source_line=None, message=message, text=message
    )
