"""Text of a file -> document: its header, its outline with numbered sections, its language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from relmgr_cli.languages.detection import detect_among
from relmgr_cli.languages.tags import parse_tag
from relmgr_cli.library.documents import UNKNOWN_LANGUAGE, Document, Section
from relmgr_cli.library.layouts import marks_in
from relmgr_cli.library.words import count_words
from relmgr_cli.markdown.blocks import Block, Span, plain
from relmgr_cli.markdown.header import read_header
from relmgr_cli.markdown.parsing import Heading, Parsed, parse_markdown

_ADDRESS = re.compile(r"https?://\S+|\{[{%][^{}]{0,300}\}|<[^<>]{1,300}>")
# What site generators pair by: Hugo, Jekyll and its plugins, and their imitators.
_PAIR_KEYS = (
    "translationKey",
    "translation_key",
    "translationGroup",
    "translation_group",
    "translation_id",
    "translation_of",
    "page_id",
    "language_reference",
    "ref",
)
_LONGEST_KEY = 200
_FOOTNOTE_NUMBER = re.compile(r"\[(.+?)\]")


def parse_document(text: str, root: str, path: str) -> Document:
    """Return the document that the text of a file holds. Never raises: what is wrong with it is in `problems`."""
    header = read_header(text, path)
    parsed = parse_markdown(text, path, skip=header.lines)
    outline = _Outline(parsed)
    title = outline.title or _one_line(header.values.get("title")) or outline.first_heading
    title = title or _one_line(header.values.get("name")) or _one_line(header.values.get("filename"))
    declared = _declared_language(header.values)
    description = _one_line(header.values.get("description"))
    return Document(
        root=root,
        path=path,
        language=_language(_prose(outline.blocks, title, description), path, declared),
        declared=declared,
        title=title or PurePosixPath(path).stem,
        description=description,
        keywords=_keywords(header.values.get("keywords") or header.values.get("tags")),
        words=sum(section.words for section in outline.sections),
        sections=tuple(outline.sections),
        blocks=tuple(outline.blocks),
        problems=header.problems + parsed.problems,
        key=_pair_key(header.values),
        permalinks=_permalinks(header.values),
    )


class _Outline:
    """Numbers the sections and puts every footnote at the end of the section that refers to it first."""

    def __init__(self, parsed: Parsed) -> None:
        headings = [part for part in parsed.parts if isinstance(part, Heading)]
        title = _title_heading(headings)
        self.title = plain(title.spans) if title else ""
        opens = parsed.parts[:1] == tuple(headings[:1])  # a later one is a chapter's
        self.first_heading = plain(headings[0].spans) if headings and opens else ""
        self.blocks: list[Block] = []
        self.sections: list[Section] = []
        self._footnotes = dict(parsed.footnotes)
        self._numbers: list[int] = []
        self._levels: list[int] = []
        self._open: tuple[str, int, int, tuple[str, ...]] = ("0", 0, 0, ())
        for part in parsed.parts:
            if part is title:
                continue
            if isinstance(part, Heading):
                self._close()
                self._open = (self._next_number(part.level), part.level, len(self.blocks), part.anchors)
                self.blocks.append(Block("heading", part.line, part.spans, info=str(part.level)))
            else:
                self.blocks.append(part)
        self._close(last=True)

    def _next_number(self, level: int) -> str:
        """Count by depth: a level that the author left out does not show in the number."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        depth = len(self._levels)
        self._numbers = [*self._numbers[:depth], *[0] * (depth - len(self._numbers))]
        self._numbers[-1] += 1
        return ".".join(map(str, self._numbers))

    def _close(self, *, last: bool = False) -> None:
        number, level, start, anchors = self._open
        at = start
        while at < len(self.blocks):  # footnotes may refer to footnotes
            for mark in _footnote_references(self.blocks[at]):
                self.blocks.extend(self._footnotes.pop(mark, ()))
            at += 1
        if last:  # the ones that nothing refers to
            for left in self._footnotes.values():
                self.blocks.extend(left)
        if level or len(self.blocks) > start:
            words = sum(count_words(b.text) for b in self.blocks[start:] if b.kind != "code")
            self.sections.append(Section(number, level, start, len(self.blocks), words, anchors))


def _title_heading(headings: Sequence[Heading]) -> Heading | None:
    """Return the heading that is the title: the only one of level 1, and no other before it."""
    if headings and headings[0].level == 1 and all(heading.level > 1 for heading in headings[1:]):
        return headings[0]
    return None


def _footnote_references(block: Block) -> Iterable[str]:
    cells = (span for row in block.rows for cell in row for span in cell)
    for span in (*block.spans, *cells):
        if "footnote" in span.marks:
            yield from _FOOTNOTE_NUMBER.findall(span.text)


def _language(prose: str, path: str, declared: str | None) -> str:
    """Weigh what the text, the path and the header say; none of them is right everywhere.

    The text decides. Where two languages fit it about as well, or where it is none, path and header do; the path
    also tells which standard of a language it is (`pt-BR`).
    """
    hints = [mark.tag for mark in marks_in(path) if mark.is_certain][::-1]
    said = [declared] if declared else []
    found = detect_among(prose, [*hints, *(tag.partition("-")[0] for tag in said)])
    return found or next(iter([*hints, *said]), UNKNOWN_LANGUAGE)


def _pair_key(values: Mapping[str, Any]) -> str:
    for name in _PAIR_KEYS:
        if (value := _one_line(values.get(name))) and len(value) <= _LONGEST_KEY:
            return f"{name} {value}"
    return ""


def _permalinks(values: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("permalink", "slug", "url", "aliases", "redirect_from"):
        value = values.get(name)
        found += [_one_line(item) for item in (value if isinstance(value, list) else [value])]
    return tuple(link for link in found if link)


def _declared_language(values: Mapping[str, Any]) -> str | None:
    for key in ("lang", "language", "locale"):
        if isinstance(name := values.get(key), str) and (tag := parse_tag(name)):
            return tag
    return None


def _one_line(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _keywords(value: Any) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
    return tuple(word for item in items if (word := _one_line(item)))


def prose_of(document: Document) -> str:
    """Return the text of a document to tell its language from: no code, no addresses, no template tags."""
    return _prose(document.blocks, document.title, document.description)


def _prose(blocks: Iterable[Block], title: str, description: str) -> str:
    texts = [title, description]
    for block in blocks:
        if block.kind != "code":
            cells = [cell for row in block.rows for cell in row]
            texts += [_without_code(spans) for spans in (block.spans, *cells)]
    return _ADDRESS.sub(" ", "\n".join(texts))


def _without_code(spans: Iterable[Span]) -> str:
    return "".join(" " if "code" in span.marks else span.text for span in spans)
