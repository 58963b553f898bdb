"""Checks links, images and anchors of a translation."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from urllib.parse import unquote

from relmgr_cli import file_messages
from relmgr_cli.corpus.article import Article
from relmgr_cli.health.check_structure import is_section_heading, shorten
from relmgr_cli.health.comparison import (
    Comparison,
    Difference,
    LinkTarget,
    LinkTargets,
    Tokens,
    differences,
    source_of,
    spans_of,
)
from relmgr_cli.health.findings import INFO, Finding, finding
from relmgr_cli.languages.tags import parse_tag
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_NOWHERE = LinkTarget()
_INSIDE = ">"  # before the key of a link within the library
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}:(?://)?(?:www\.)?", re.IGNORECASE)
_LANGUAGE_PART = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?")
_MAX_NAMED = 3


def check_links(comparison: Comparison) -> Iterator[Finding]:
    """Yield differences of links and images, and links and anchors that do not work."""
    for pairs in comparison.sections.values():
        source, target = (partial(_links, links=links) for links in (comparison.source_links, comparison.target_links))
        for difference in differences(pairs, source, target):
            yield from _report_links(comparison, _without_same_addresses(comparison, difference))
        for pair, missing, _ in differences(pairs, _images, _images):
            if missing:
                names = ", ".join(sorted(missing)[:_MAX_NAMED])
                yield comparison.report("image-differs", pair, file_messages.CHECK_TOKENS_MISSING.fill(tokens=names))
    yield from _check_anchors(comparison)
    yield from _broken_links(comparison)


def _links(block: Block, links: LinkTargets) -> Tokens:
    """Return where the links of a block lead, the same for all languages."""
    found: Tokens = Counter()
    if block.kind in VERBATIM_KINDS:
        return found
    before = ""
    for span in spans_of(block):
        if span.target and span.target != before:
            found[key_of(span.target, links)] += 1
        before = span.target
    found.pop("", None)
    return found


def key_of(href: str, links: Mapping[str, LinkTarget]) -> str:
    """Return where a link leads in a form that is the same for all languages; "" for a place on the same page."""
    if href.startswith("#"):
        return ""
    known = links.get(href, _NOWHERE)
    if known.key:
        return _INSIDE + known.key
    if known.is_broken:
        return ""
    return neutral_address(href)


def neutral_address(href: str) -> str:
    """Return an address without its scheme, fragment and the parts that name a language."""
    address = _SCHEME.sub("", href.partition("#")[0]).rstrip("/").casefold()
    parts = re.split(r"[/?&=]", address)
    labels = parts[0].split(".")
    if _is_language(labels[0]) and len(labels) > 2:  # noqa: PLR2004 (de.wikipedia.org, not pl.org)
        parts[0] = ".".join(labels[1:])
    kept = [part for part in parts if not _is_language(part)]
    return "/".join(kept) or address


def _is_language(part: str) -> bool:
    return bool(_LANGUAGE_PART.fullmatch(part)) and parse_tag(part) is not None


def _without_same_addresses(comparison: Comparison, difference: Difference) -> Difference:
    """Return the difference without links that are written the same, wherever they lead in each language."""
    if not difference.missing or not difference.extra:
        return difference
    written, links = _addresses(difference.pair.source), comparison.source_links
    other_written, other_links = _addresses(difference.pair.target), comparison.target_links
    common = set(map(neutral_address, written)) & set(map(neutral_address, other_written))
    same = {key_of(href, links) for href in written if neutral_address(href) in common}
    same |= {key_of(href, other_links) for href in other_written if neutral_address(href) in common}
    missing, extra = (
        Counter({key: count for key, count in tokens.items() if key not in same})
        for tokens in (difference.missing, difference.extra)
    )
    return difference._replace(missing=missing, extra=extra)


def _addresses(blocks: Sequence[Block]) -> list[str]:
    return [span.target for block in blocks for span in spans_of(block) if span.target]


def _report_links(comparison: Comparison, difference: Difference) -> Iterator[Finding]:
    """Yield one finding for links within the library, and one for those to other sites."""
    for is_inside in (True, False):
        missing, extra = (
            sorted(key.removeprefix(_INSIDE) for key in tokens if key.startswith(_INSIDE) == is_inside)
            for tokens in (difference.missing, difference.extra)
        )
        if missing or (extra and not is_inside):
            shown = {"missing": ", ".join(missing[:_MAX_NAMED]), "extra": ", ".join(extra[:_MAX_NAMED])}
            template = file_messages.CHECK_LINK_REPLACED if missing and extra else file_messages.CHECK_LINK_MISSING
            template = template if missing else file_messages.CHECK_LINK_EXTRA
            severity = "" if is_inside else INFO
            yield comparison.report("link-differs", difference.pair, template.fill(**shown), severity=severity)


def _images(block: Block) -> Tokens:
    """Return the names of the images in a block, without the parts that name a language."""
    found: Tokens = Counter()
    for span in spans_of(block):
        if "image" in span.styles and span.href:
            name = span.href.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2].casefold()
            found[".".join(part for part in re.split(r"[._]", name) if not _is_language(part)) or name] += 1
    return found


def _check_anchors(comparison: Comparison) -> Iterator[Finding]:
    """Yield the sections that lack an explicit anchor of the source, where the translation has such anchors."""
    document = comparison.target
    anchors = {anchor for section in document.sections for anchor in section.anchors}
    anchors |= {anchor for block in document.blocks for anchor in block.anchors}
    own = {section.start: section.anchors for section in comparison.source.sections}
    for pair in comparison.pairs:
        if not pair.is_both:
            continue
        wanted = [anchor for block in pair.source for anchor in block.anchors]
        if is_section_heading(pair.source[0]):
            wanted += own.get(pair.source_start, ())
        if missing := [anchor for anchor in wanted if anchor not in anchors]:
            yield comparison.report(
                "anchor", pair, file_messages.CHECK_ANCHOR.fill(anchor=", ".join(missing[:_MAX_NAMED]))
            )


def _broken_links(comparison: Comparison) -> Iterator[Finding]:
    """Yield the links of a translation that do not work, except those that the source has too."""
    inherited = {href for href, target in comparison.source_links.items() if target.is_broken}
    lacking = {href for href, target in comparison.source_links.items() if target.lacks_anchor}
    for pair in comparison.pairs:
        hrefs = dict.fromkeys(span.target for block in pair.target for span in spans_of(block) if span.target)
        for href in hrefs:
            target = comparison.target_links.get(href, _NOWHERE)
            if target.is_broken and href not in inherited:
                yield comparison.report("link-broken", pair, _broken_message(href, target))
            elif target.lacks_anchor and href not in lacking:
                yield comparison.report("anchor", pair, file_messages.CHECK_NO_ANCHOR.fill(href=_readable(href)))


def check_own_links(article: Article, links: LinkTargets) -> Iterator[Finding]:
    """Yield the broken links of the source."""
    language = source_of(article)
    document = article.documents[language]
    for unit in article.units:
        for block in (document.blocks[index] for index in unit.blocks.get(language, ())):
            for href in dict.fromkeys(span.target for span in spans_of(block) if span.target):
                target = links.get(href, _NOWHERE)
                if target.is_broken:
                    yield finding(
                        "link-broken",
                        language,
                        unit.section,
                        line=block.line,
                        source_line=None,
                        message=_broken_message(href, target),
                        text=block.text,
                    )


def _broken_message(href: str, target: LinkTarget) -> str:
    note = file_messages.LINK_NOTES.get(target.note, "")
    return file_messages.CHECK_LINK_BROKEN.fill(href=_readable(href), note=f" ({note})" if note else "")


def _readable(href: str) -> str:
    """Return an address with its letters outside ASCII as they are read, not percent-encoded."""
    decoded = unquote(href)
    return shorten(href if decoded.isascii() or "\ufffd" in decoded else decoded)
