"""From the bytes of a file to its page, and what must hold on it: for the tests and for benchmarks/fuzzing.py."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.encoding import decode
from relmgr_cli.corpus.key_points import find_key_points
from relmgr_cli.errors import FileRefusedError
from relmgr_cli.layout.ansi import to_ansi
from relmgr_cli.layout.arrangement import lay_out
from relmgr_cli.layout.page import article_page
from relmgr_cli.layout.parallel import parallel_page
from relmgr_cli.markdown.front_matter import read_front_matter
from relmgr_cli.terminal.sanitize import sanitize
from relmgr_cli.terminal.target import OutputTarget

_WORD = re.compile(r"[^\W_]+")
_ANCHOR = re.compile(r"\{[^{}]*\}$")
_LONGEST = 16  # letters of a word that a narrow column may cut
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c\u00ad")


def screen(columns: int = 80, *, plain: bool = False) -> OutputTarget:
    """Return a screen without escapes."""
    return OutputTarget(columns, columns, ansi=False, color=False, theme="dark", background="",
                  show_urls=True, plain=plain)  # fmt: skip


def lost_words(text: str, page: str) -> list[str]:
    """Return the words of a file that are not on its page; markdown-it tells what is text in it."""
    body = text.split("\n", read_front_matter(text, "a.md").lines)
    env: dict[str, Any] = {}
    tokens = _oracle().parse(body[-1] if len(body) > read_front_matter(text, "a.md").lines else "", env)
    shown = "".join(_WORD.findall(page))
    wanted = [word for token in _texts(tokens) for word in _WORD.findall(sanitize(token))]
    return [word for word in dict.fromkeys(wanted) if word not in shown and len(word) <= _LONGEST]


@cache
def _oracle() -> MarkdownIt:
    options = {"maxNesting": 100, "alerts": True, "tasklists": True}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    return parser.use(footnote_plugin).use(deflist_plugin).disable("footnote_tail")


def _texts(tokens: Sequence[Token]) -> Iterator[str]:
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.children:
            texts = list(_texts(token.children))
            if before and before.type == "heading_open" and texts:
                texts[-1] = _ANCHOR.sub("", texts[-1].rstrip())
            yield from texts
        elif token.type in ("text", "code_inline", "fence", "code_block", "text_special"):
            yield token.content


def check(data: bytes) -> None:
    """Read bytes as a file, alone and beside a translation, and check the pages. Raises AssertionError."""
    try:
        text, _ = decode(data, "a.pl.md")
    except FileRefusedError:
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    half = text.find("\n\n", len(text) // 2) + 1
    document = read(text, "a.pl.md")
    other = read(text[half:], "a.ru.md")._replace(language="und" if document.language != "und" else "ru")
    alone = page_of({document.language: document}, document.language)
    if not document.problems:
        assert lost_words(text, alone) == []
    page_of({document.language: document, other.language: other}, document.language, other.language)


def read(text: str, path: str) -> Document:
    """Return a document, its header checked."""
    header = read_front_matter(text, path)
    assert 0 <= header.lines <= text.count("\n") + 1
    return parse_document(text, "/", path)


def page_of(documents: dict[str, Document], *languages: str, columns: int = 80) -> str:
    """Return the page of an article, its alignment checked."""
    documents = {language: document._replace(language=language) for language, document in documents.items()}
    sections, units = align(documents)
    for language, document in documents.items():
        placed = [block for unit in units for block in unit.blocks.get(language, ())]
        assert placed == list(range(len(document.blocks))), language
    article = Article("a", documents, sections, units, find_key_points(documents, sections), "path")
    on = screen(columns)
    if len(languages) == 1:
        page = to_ansi(article_page(article, languages[0], on), on)
    else:
        page = to_ansi(parallel_page(article, lay_out(article, languages, on), on), on)
    assert_safe(page)
    return page


def assert_safe(page: str) -> None:
    """Check that nothing in a page can act on a terminal."""
    for character in set(page) - {"\n"} - _JOINERS:
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), hex(ord(character))
