"""Spans -> lines: running text set to a width."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli.markdown.blocks import Span
from relmgr_cli.render.clean import clean, clean_line
from relmgr_cli.render.lines import Line, Run, cut, plain_text
from relmgr_cli.render.wrap import break_lines

_SCHEMES = ("http:", "https:", "mailto:")
_LONGEST_TARGET = 2083


class Setting(NamedTuple):
    """How a document is set."""

    width: int  # cells
    language: str
    targets: bool = False  # write the targets of links out
    color: bool = True
    plain: bool = False  # ASCII marks, no columns
    leads: Mapping[str, str] = MappingProxyType({})  # link target -> the article it leads to; "" for nowhere


def flow(spans: Sequence[Span], setting: Setting, width: int, style: str = "") -> list[Line]:
    """Return the spans as lines of at most `width` cells; no line for no text."""
    return wrap(styled(spans, setting, style), setting, width)


def wrap(runs: Sequence[Run], setting: Setting, width: int) -> list[Line]:
    """Return the runs as lines of at most `width` cells; no line for no text."""
    return cut(runs, break_lines(plain_text(runs), width, setting.language))


def styled(spans: Iterable[Span], setting: Setting, style: str = "") -> list[Run]:
    """Return the spans as runs, cleaned, with the style of each mark."""
    runs = []
    for span in spans:
        link = _link_style(span.href, setting) if span.href and "image" not in span.marks else ""
        styles = " ".join(filter(None, (style, *span.marks, link)))
        target = safe_target(span.href) if span.href else None
        runs.append(Run(clean(_shown(span, setting)).replace("\t", "    "), styles, target or ""))
        if setting.targets and span.href and span.href.removeprefix("mailto:") != span.text:
            lead = setting.leads.get(span.href)
            runs.append(Run(f" ({f'→ {clean_line(lead)}' if lead else clean_line(span.href)})", f"{style} dim".strip()))
    return runs


def _link_style(href: str, setting: Setting) -> str:
    """Return how a link looks: one that leads to an article stands out, one that leads nowhere does not."""
    if href not in setting.leads:
        return "link"
    return "link article" if setting.leads[href] else "deadlink"


def _shown(span: Span, setting: Setting) -> str:
    if "image" in span.marks:
        return f"[{span.text}]"
    if "code" in span.marks and setting.plain:
        return f"`{span.text}`"
    return span.text


def safe_target(href: str) -> str | None:
    """Return the target if a terminal may be told to open it: the web and mail, spelt in printable ASCII."""
    if not href.lower().startswith(_SCHEMES) or len(href) > _LONGEST_TARGET:
        return None
    if not (href.isascii() and href.isprintable()) or " " in href:
        return None
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    is_place = bool(parts.netloc) and "@" not in parts.netloc  # a user name before the host is there to deceive
    return href if is_place or parts.scheme == "mailto" else None
