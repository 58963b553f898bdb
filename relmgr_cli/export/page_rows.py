"""Writes an article as rows of a web page: one for each translation unit, in it one cell for each language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.corpus.article import TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.export.block_html import blocks_html, html_text
from relmgr_cli.export.page_links import section_id
from relmgr_cli.export.units import ExportArticle
from relmgr_cli.languages.direction import text_direction
from relmgr_cli.languages.names import native_language_name
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block
from relmgr_cli.ui_language import current_language

_ARTICLE_LEVEL = 2  # of the heading that is its title; above it is that of the page
_LOWEST_LEVEL = 6
_LINE = 60  # characters on a line of a cell, about
_HEIGHTS = (5, 10, 20, 40, 80, 160, 320)  # rem, of the classes s1, s2, ... in page.css
_LONG_ROW = 2500  # characters; a longer row may be divided between two printed pages


class Targets(NamedTuple):
    """What the targets in a document become."""

    link: Callable[[str, Document], str]
    image: Callable[[str, Sequence[Document]], str]  # of the first of the documents that has it


class PageArticle(NamedTuple):
    """An article of a page, and what the outline needs of it."""

    name: str  # its id in the page
    title: str
    language: str  # of the title
    sections: tuple[tuple[str, str, str], ...]  # number, heading and its language
    html: str


def write_article(exported: ExportArticle, languages: Sequence[str], name: str, targets: Targets) -> PageArticle:
    """Return an article as HTML; `name` is its id in the page."""
    return _Writer(exported, languages, name, targets).write()


def language_attributes(tag: str) -> str:
    """Return the attributes of an element whose text is in a language."""
    return f'lang="{html_text(tag)}" dir="{text_direction(tag)}"'


class _Writer:
    """Writes one article."""

    def __init__(self, exported: ExportArticle, languages: Sequence[str], name: str, targets: Targets) -> None:
        self._article = exported.article
        self._name = name
        self._targets = targets
        self._all_languages = languages
        self._documents = {tag: self._article.documents[tag] for tag in languages if tag in self._article.documents}
        self._openings = {
            tag: f'class="l{index}{{}}" {language_attributes(tag)}' for index, tag in enumerate(languages)
        }
        self._doubts = {
            (tag, segment.line)
            for unit in exported.units
            for tag, segment in unit.segments.items()
            if tag in unit.doubtful
        }

    def write(self) -> PageArticle:
        first, document = next(iter(self._documents.items()))
        html = f'<article id="{html_text(self._name)}">\n{self._header()}{"".join(self._sections())}</article>\n'
        return PageArticle(self._name, document.title, first, tuple(self._headings()), html)

    def _header(self) -> str:
        """Return the titles, and the languages that the article is not in."""
        cells = "".join(
            f"<div {self._openings[tag].format('')}>"
            f'<p class="language">{html_text(native_language_name(tag))}</p>'
            f"<h{_ARTICLE_LEVEL}>{html_text(document.title)}</h{_ARTICLE_LEVEL}></div>"
            for tag, document in self._documents.items()
        )
        absent = [native_language_name(tag) for tag in self._all_languages if tag not in self._documents]
        note = messages.PAGE_ABSENT.fill(languages=", ".join(absent)) if absent else ""
        after = f'<p class="absent">{html_text(note)}</p>\n' if note else ""
        return f'<header class="row">{cells}</header>\n{after}'

    def _headings(self) -> Iterator[tuple[str, str, str]]:
        for section in self._article.sections:
            found = [(tag, section.indexes[tag]) for tag in self._documents if tag in section.indexes]
            if section.level and found:
                tag, index = found[0]
                document = self._documents[tag]
                yield section.number, document.heading(document.sections[index]), tag

    def _sections(self) -> Iterator[str]:
        numbers = {section.number for section in self._article.sections if section.level}
        for number, units in groupby(self._article.units, lambda unit: unit.section):
            rows = [self._row(unit) for unit in units]
            if not (html := "".join(row for row, _ in rows)):
                continue
            style = f'class="part s{_height(rows)}"'
            if number in numbers:
                numbers.remove(number)
                yield f'<section id="{html_text(section_id(self._name, number))}" {style}>\n{html}</section>\n'
            else:
                yield f"<div {style}>\n{html}</div>\n"

    def _row(self, unit: TranslationUnit) -> tuple[str, int]:
        """Return a row and the characters of its longest cell; "" for a unit without text in these languages."""
        blocks = {tag: self._blocks(tag, unit) for tag in self._documents}
        cells = {tag: self._cell_html(tag, unit) for tag in self._documents if blocks[tag]}
        if not any(cells.values()):
            return "", 0
        length = max(len(block.text) for each in blocks.values() for block in each)
        if _is_same_everywhere(cells, blocks):
            html = f'<div class="both">{next(iter(cells.values()))}</div>'
        else:
            html = "".join(self._cell(tag, unit, cells.get(tag, "")) for tag in self._documents)
        is_tight = not any(block.gap for each in blocks.values() for block in each)
        style = f"row{' tight' if is_tight else ''}{' long' if length > _LONG_ROW else ''}"
        return f'<div class="{style}">{html}</div>\n', length

    def _blocks(self, tag: str, unit: TranslationUnit) -> list[Block]:
        document = self._documents[tag]
        return [document.blocks[index] for index in unit.blocks.get(tag, ())]

    def _cell(self, tag: str, unit: TranslationUnit, html: str) -> str:
        if not html:
            nothing = html_text(messages.PAGE_NO_COUNTERPART)
            return f'<div {self._openings[tag].format(" none")}><p title="{nothing}">–</p></div>'
        line = self._blocks(tag, unit)[0].line
        if (tag, line) not in self._doubts:
            return f"<div {self._openings[tag].format('')}>{html}</div>"
        doubt = html_text(messages.PAGE_DOUBTFUL)
        mark = (
            f'<span class="mark" role="img" lang="{current_language()}" aria-label="{doubt}" title="{doubt}">≈</span>'
        )
        return f"<div {self._openings[tag].format(' doubt')}>{mark}{html}</div>"

    def _cell_html(self, tag: str, unit: TranslationUnit) -> str:
        document = self._documents[tag]
        first = unit.blocks[tag][0]
        before = document.blocks[first - 1].containers if first else ()
        documents = (document, *self._documents.values())
        return blocks_html(
            self._blocks(tag, unit),
            link=lambda href: self._targets.link(href, document),
            image=lambda href: self._targets.image(href, documents),
            level=min(_ARTICLE_LEVEL + 1 + unit.section.count("."), _LOWEST_LEVEL),
            opened=frozenset(container.number for container in before),
        )


def _is_same_everywhere(cells: Mapping[str, str], blocks: Mapping[str, Sequence[Block]]) -> bool:
    """Return True for code, formulas and rules that are the same in all of several languages: shown once."""
    is_verbatim = all(each and all(b.kind in _SHARED_KINDS for b in each) for each in blocks.values())
    return is_verbatim and len(cells) > 1 and len(set(cells.values())) == 1


_SHARED_KINDS = VERBATIM_KINDS | {"rule"}


def _height(rows: Sequence[tuple[str, int]]) -> int:
    """Return the number of the class for the height of a section, before it is drawn."""
    lines = sum(length / _LINE + 1 for html, length in rows if html)
    height = lines * 1.6  # rem
    return next((number for number, least in enumerate(_HEIGHTS, 1) if height <= least * 1.5), len(_HEIGHTS))
