"""Spans -> lines: running text set to a width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rich.style import Style
from rich.text import Text

from relmgr_cli.markdown.blocks import Span
from relmgr_cli.render.clean import clean, clean_line
from relmgr_cli.render.wrap import break_lines

_SCHEMES = ("http", "https", "mailto")
_LONGEST_TARGET = 2083


@dataclass(frozen=True, slots=True)
class Setting:
    """How a document is set."""

    width: int  # cells
    language: str
    targets: bool = False  # write the targets of links out
    hyperlinks: bool = True
    color: bool = True
    plain: bool = False  # ASCII marks, no columns


def flow(spans: Sequence[Span], setting: Setting, width: int, style: str = "") -> list[Text]:
    """Return the spans as lines of at most `width` cells; no line for no text."""
    text = styled(spans, setting, style)
    return cut_lines(text, break_lines(text.plain, width, setting.language))


def cut_lines(text: Text, ranges: Sequence[tuple[int, int]]) -> list[Text]:
    """Return the stretches of `text` that the ranges name."""
    if len(ranges) == 1 and ranges[0] == (0, len(text)):
        return [text]
    offsets = [offset for stretch in ranges for offset in stretch]
    pieces = text.divide(offsets)
    lines = [pieces[1 + 2 * index] for index in range(len(ranges))]
    for line in lines:
        line.rstrip()
    return lines


def styled(spans: Iterable[Span], setting: Setting, style: str = "") -> Text:
    """Return the spans as one text, cleaned, with the style of each mark."""
    text = Text(style=style)
    for span in spans:
        start = len(text)
        text.append(clean(_shown(span, setting)).replace("\t", "    "))
        for mark in span.marks:
            text.stylize(f"relmgr.{mark}", start)
        if span.href and "image" not in span.marks:
            text.stylize("relmgr.link", start)
            if setting.hyperlinks and (target := safe_target(span.href)):
                text.stylize(Style(link=target), start)
        if setting.targets and span.href:
            text.append(f" ({clean_line(span.href)})", "relmgr.dim")
    return text


def _shown(span: Span, setting: Setting) -> str:
    if "image" in span.marks:
        alternative = span.text or span.href.rpartition("/")[2]
        return f"[{alternative}]"
    if "code" in span.marks and setting.plain:
        return f"`{span.text}`"
    return span.text


def safe_target(href: str) -> str | None:
    """Return the target if a terminal may be told to open it: the web and mail, spelt in printable ASCII."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    allowed = parts.scheme in _SCHEMES and bool(parts.netloc or parts.scheme == "mailto")
    printable = href.isascii() and href.isprintable() and " " not in href and len(href) <= _LONGEST_TARGET
    return href if allowed and printable and "@" not in parts.netloc else None
