"""Finds in which languages the text of a document is: all of it, parts of it, or each of its sections."""

import re
import zlib
from collections.abc import Collection, Iterable, Sequence

from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE, Section
from relmgr_cli.corpus.translation_paths import find_markers, primary_of
from relmgr_cli.languages.detection import detect_among
from relmgr_cli.languages.path_tags import parse_path_tag
from relmgr_cli.languages.variants import variant_of
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES, Block

_URL_OR_TAG = re.compile(r"https?://\S+|\{[{%][^{}]{0,300}\}|<[^<>]{1,300}>")
_WRITTEN_DIFFERENTLY = {"zh": "Hans", "sr": "Cyrl"}  # languages in two scripts -> that of the tag without a script
_MAX_BLOCKS = 60  # of a document, each of which is detected
_MAX_SECTIONS = 20
_MAX_FINGERPRINTS = 400  # blocks of a document
_MIN_FINGERPRINTED = 45  # bytes of a block; shorter ones are often the same in all languages


def prose(blocks: Iterable[Block], *texts: str) -> str:
    """Return the text from which a language is detected: no code, URLs or template tags; `texts` come first."""
    found = [*texts]
    for block in blocks:
        if block.kind not in VERBATIM_KINDS:
            cells = (block.spans, *(cell for row in block.rows for cell in row))
            found += [
                "".join(
                    " " if span.styles and VERBATIM_STYLES.intersection(span.styles) else span.text for span in spans
                )
                for spans in cells
            ]
    return _URL_OR_TAG.sub(" ", "\n".join(found))


def language_of(text: str, path: str, declared: str | None) -> str:
    """Return the language of a text as a tag, "und" if it cannot be told.

    Where two languages fit it about equally, its path and then its front matter decide; the front matter also where the
    text says nothing.
    """
    hints = [marker.tag for marker in find_markers(path) if marker.is_certain][::-1]
    named = [declared] if declared else []
    found = detect_among(text, [*hints, *(primary_of(tag) for tag in named)])
    if found in _WRITTEN_DIFFERENTLY and (variety := variant_of(text, found)) != _WRITTEN_DIFFERENTLY[found]:
        return f"{found}-{variety}" if variety else found
    return found or next(iter(named), UNKNOWN_LANGUAGE)


def share_as_named(blocks: Sequence[Block], path: str, language: str) -> float:
    """Return the share of the prose that may be in a language that the path names; 1 if all of it is, or none is named.

    Only a document in another language is looked at block by block.
    """
    tags = list(dict.fromkeys(primary_of(marker.tag) for marker in find_markers(path)))
    if not tags or primary_of(language) in tags or language == UNKNOWN_LANGUAGE:
        return 1.0
    total = named = 0
    for block in [block for block in blocks if block.kind not in VERBATIM_KINDS][:_MAX_BLOCKS]:
        text = prose([block])
        found = detect_among(text, tags)
        if found:
            total += len(text)
            named += len(text) if primary_of(found) in tags else 0
    return round(named / total, 3) if total else 0.0


def fingerprints_of(blocks: Iterable[Block]) -> tuple[int, ...]:
    """Return checksums of the longer blocks of prose, by which an untranslated copy is recognized.

    Links, code and addresses are left out: they are the same in all languages. Where no block is long, it is that of
    all of them together.
    """
    found: dict[int, None] = {}
    short: list[bytes] = []
    for block in blocks:
        if block.kind not in (*VERBATIM_KINDS, "html", "table"):
            plain = "".join(
                " " if span.href or (span.styles and VERBATIM_STYLES.intersection(span.styles)) else span.text
                for span in block.spans
            )
            words = _URL_OR_TAG.sub(" ", plain).split()
            data = " ".join(words).encode("utf-8", "surrogatepass")
            if len(data) >= _MIN_FINGERPRINTED:
                found[zlib.crc32(data)] = None
                if len(found) == _MAX_FINGERPRINTS:
                    break
            elif not found and len(short) < _MAX_BLOCKS:
                short.append(data)
    together = b"\n".join(short)
    return tuple(found) or ((zlib.crc32(together),) if len(together) >= _MIN_FINGERPRINTED else ())


def languages_of_sections(sections: Sequence[Section], blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the languages of a document that has the same text in several: `## zh-CN`, `## en-US`; () for others.

    The headings of one level name languages, and the texts below two of them are in these.
    """
    levels = {section.level for section in sections if section.level}
    for level in sorted(levels)[:2]:
        starts = [number for number, section in enumerate(sections) if section.level == level]
        named = [(number, tag) for number in starts if (tag := _heading_tag(blocks[sections[number].start].text))]
        if len({primary_of(tag) for _, tag in named}) > 1:
            found = [tag for number, tag in named[:_MAX_SECTIONS] if _is_in(tag, sections, number, blocks)]
            if len({primary_of(tag) for tag in found}) > 1:
                return tuple(dict.fromkeys(found))
    return ()


def _heading_tag(heading: str) -> str | None:
    return parse_path_tag(heading.strip())


def _is_in(tag: str, sections: Sequence[Section], number: int, blocks: Sequence[Block]) -> bool:
    """Return whether the text of a section and of those below it is in a language."""
    level, start = sections[number].level, sections[number].start + 1
    ends = (section.start for section in sections[number + 1 :] if section.level <= level)
    text = prose(blocks[start : next(ends, len(blocks))])
    found: Collection[str] = [detect_among(text, [tag]) or UNKNOWN_LANGUAGE]
    return primary_of(tag) in map(primary_of, found)
