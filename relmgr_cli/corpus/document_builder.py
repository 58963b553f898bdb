"""Builds a document from the text of a file: front matter, numbered sections, language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from relmgr_cli.corpus.document import Document, Section
from relmgr_cli.corpus.outline import SectionNumbers
from relmgr_cli.corpus.text_languages import language_of, languages_of_sections, prose, share_as_named
from relmgr_cli.errors import Problem
from relmgr_cli.file_messages import SEVERAL_LANGUAGES
from relmgr_cli.languages.tags import parse_tag
from relmgr_cli.languages.tokens import count_words
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block, plain
from relmgr_cli.markdown.front_matter import read_front_matter, remove_front_matter
from relmgr_cli.markdown.parser import Heading, Parsed, parse_markdown
from relmgr_cli.markdown.plain_values import plain_value

# The keys by which site generators pair translations: Hugo, Jekyll and its plugins, and similar ones.
_TRANSLATION_KEYS = (
    "translationKey translation_key translationGroup translation_group translation_id translation_of page_id "
    "language_reference ref"
).split()
_CREDITS = {
    "author": "author authors by".split(),
    "date": "date published pubDate publishDate publish_date".split(),
    "translator": "translator translators translated_by translatedBy translation_by".split(),
    "source": "source source_url original original_url originalUrl".split(),
}
_MAX_KEY_LENGTH = 200
_MAX_CREDIT = 300  # characters
_TITLE_ONLY = Section("0", 0, 0, 0, 0)  # has the title, by which a file without other text is found
_FOOTNOTE_NUMBER = re.compile(r"\[(.+?)\]")


def parse_document(text: str, root: str, path: str) -> Document:
    """Return the document of a file's text. Never raises: faults of the text are in `problems`."""
    header = read_front_matter(text, path)
    parsed = parse_markdown(remove_front_matter(text, header), path)
    outline = _Outline(parsed)
    title = outline.title or _one_line(header.values.get("title")) or outline.first_heading
    title = title or _one_line(header.values.get("name")) or _one_line(header.values.get("filename"))
    declared = _declared_language(header.values)
    description = _one_line(header.values.get("description"))
    language = language_of(prose(outline.blocks, title, description), path, declared)
    languages = languages_of_sections(outline.sections, outline.blocks)
    problems = header.problems + parsed.problems
    if languages:
        problems = (*problems, Problem(path, 0, "languages", SEVERAL_LANGUAGES.fill(languages=", ".join(languages))))
    return Document(
        root=root,
        path=path,
        language=language,
        declared=declared,
        title=title or PurePosixPath(path).stem,
        description=description,
        keywords=_keywords(header.values.get("keywords") or header.values.get("tags")),
        words=sum(section.words for section in outline.sections),
        sections=tuple(outline.sections) or ((_TITLE_ONLY,) if title else ()),
        blocks=tuple(outline.blocks),
        problems=problems,
        key=_translation_key(header.values),
        permalinks=_permalinks(header.values),
        shared_keys=_shared_keys(header.values),
        credits=_credits(header.values),
        share=share_as_named(outline.blocks, path, language),
        languages=languages,
    )


class _Outline:
    """Splits the blocks into numbered sections; a footnote goes to the end of the section that first refers to it."""

    def __init__(self, parsed: Parsed) -> None:
        headings = [part for part in parsed.parts if isinstance(part, Heading)]
        title = _title_heading(headings)
        self.title = plain(title.spans) if title else ""
        opens = parsed.parts[:1] == tuple(headings[:1])  # a heading after text is that of a chapter
        self.first_heading = plain(headings[0].spans) if headings and opens else ""
        self.blocks: list[Block] = []
        self.sections: list[Section] = []
        self._footnotes = dict(parsed.footnotes)
        self._numbers = SectionNumbers()
        self._open: tuple[str, int, int, tuple[str, ...]] = ("0", 0, 0, ())
        for part in parsed.parts:
            if part is title:
                continue
            if isinstance(part, Heading):
                self._close()
                self._open = (self._numbers.next(part.level), part.level, len(self.blocks), part.anchors)
                self.blocks.append(Block("heading", part.line, part.spans, info=str(part.level)))
            else:
                self.blocks.append(part)
        self._close(last=True)

    def _close(self, *, last: bool = False) -> None:
        number, level, start, anchors = self._open
        at = start
        while at < len(self.blocks):  # footnotes may refer to footnotes
            for number_ in _footnote_references(self.blocks[at]):
                self.blocks.extend(self._footnotes.pop(number_, ()))
            at += 1
        if last:
            for unreferenced in self._footnotes.values():
                self.blocks.extend(unreferenced)
        if level or len(self.blocks) > start:
            words = sum(count_words(b.text) for b in self.blocks[start:] if b.kind not in VERBATIM_KINDS)
            self.sections.append(Section(number, level, start, len(self.blocks), words, anchors))


def _title_heading(headings: Sequence[Heading]) -> Heading | None:
    """Return the heading that is the title: the only one of level 1, with no other heading before it."""
    if headings and headings[0].level == 1 and all(heading.level > 1 for heading in headings[1:]):
        return headings[0]
    return None


def _footnote_references(block: Block) -> Iterable[str]:
    cells = (span for row in block.rows for cell in row for span in cell)
    for span in (*block.spans, *cells):
        if "footnote" in span.styles:
            yield from _FOOTNOTE_NUMBER.findall(span.text)


def _translation_key(values: Mapping[str, Any]) -> str:
    for name in _TRANSLATION_KEYS:
        if (value := _one_line(values.get(name))) and len(value) <= _MAX_KEY_LENGTH:
            return f"{name} {value}"
    return ""


def _permalinks(values: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("permalink", "slug", "url", "id", "aliases", "redirect_from", "redirects"):
        value = values.get(name)
        items = value if isinstance(value, list) else [value]
        found += [_one_line(item.get("from") if isinstance(item, dict) else item) for item in items]
    return tuple(link for link in found if link)


def _shared_keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what translations often have in common, although their paths differ."""
    found = []
    for name in ("permalink", "id", "slug"):
        value = values.get(name)
        text = _one_line(str(value) if isinstance(value, int) else value).strip("/").casefold()
        if text and len(text) <= _MAX_KEY_LENGTH:
            found.append(f"{name} {text}")
    return tuple(found)


def _credits(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return who wrote a text and when, who has translated it and from where."""
    found = []
    for name, keys in _CREDITS.items():
        texts = (", ".join(filter(None, _names(values.get(key)))) for key in keys)
        if text := next(filter(None, texts), ""):
            found.append((name, text[:_MAX_CREDIT]))
    return tuple(found)


def _names(value: Any) -> list[str]:
    """Return the names in a value: a text, a mapping with a name, or a list of these."""
    if isinstance(value, list):
        return [name for each in value[:20] for name in _names(each)]
    if isinstance(value, Mapping):
        return _names(next((value[key] for key in ("name", "title", "url") if key in value), None))
    return [_one_line(value if isinstance(value, str) else "" if value is None else str(value))]


def _declared_language(values: Mapping[str, Any]) -> str | None:
    for key in ("lang", "language", "locale"):
        if isinstance(name := values.get(key), str) and (tag := parse_tag(name)):
            return tag
    return None


def _one_line(value: Any) -> str:
    return plain_value(" ".join(value.split())) if isinstance(value, str) else ""


def _keywords(value: Any) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
    return tuple(word for item in items if (word := _one_line(item)))
