"""Exports articles as Markdown: in one language the files as they are, in several each block with its translations.

In one text of several languages headings are `Source / Translation`, the items of a list have both texts, and tables
and blocks of code are written once if they are equal.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence

from relmgr_cli import file_messages, messages
from relmgr_cli.corpus.document import Document
from relmgr_cli.errors import ExportError
from relmgr_cli.export.block_markdown import blocks_markdown
from relmgr_cli.export.inline import inline_markdown
from relmgr_cli.export.interleaving import Placed, interleave
from relmgr_cli.export.units import ExportArticle, ExportFile, Request, Tally
from relmgr_cli.filesystem import read_regular_file
from relmgr_cli.languages.direction import text_direction
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.terminal.sanitize import sanitize

_MAX_BYTES = 8 << 20  # of a file, as when it is read
_ON_ONE_LINE = ("heading", "title", "term")
_MERGED = frozenset("item paragraph quote definition footnote".split())


def files(articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
    """Yield a file for each article: the file itself for one language."""
    taken: set[str] = set()
    for article in articles:
        tally.written += len(article.units)
        tally.untranslated += sum(len(unit.segments) < len(request.languages) for unit in article.units)
        if len(request.languages) == 1:
            document = article.article.documents[request.languages[0]]
            yield ExportFile(_free_name(document.path, taken), _original(document))
        else:
            tally.doubtful += sum(bool(unit.doubtful) for unit in article.units)
            name = _free_name(f"{article.article.id}.md", taken)
            yield ExportFile(name, _bilingual(article, request.languages))


def _original(document: Document) -> bytes:
    """Return the bytes of a document's file. Raises ExportError."""
    try:
        data = read_regular_file(os.path.join(document.root, document.path), _MAX_BYTES)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or file_messages.UNREADABLE
        raise ExportError(messages.EXPORT_UNREADABLE.fill(path=document.path, reason=reason)) from None
    return data


def _free_name(name: str, taken: set[str]) -> str:
    """Return a path for a file below the folder of an export, different from those of the others."""
    parts = [part for part in name.replace("\\", "/").split("/") if part.strip(". ")]
    stem, suffix = os.path.splitext("/".join(parts) or "article.md")
    found, count = f"{stem}{suffix}", 1
    while found.casefold() in taken:
        count += 1
        found = f"{stem}-{count}{suffix}"
    taken.add(found.casefold())
    return found


def _bilingual(exported: ExportArticle, languages: Sequence[str]) -> str:
    """Return an article in several languages as one text."""
    article = exported.article
    documents = {tag: article.documents[tag] for tag in languages if tag in article.documents}
    title = " / ".join(dict.fromkeys(sanitize(each.title) for each in documents.values()))
    header = [f"title: {json.dumps(title, ensure_ascii=False)}", f"lang: [{', '.join(documents)}]"]
    is_mixed = len({text_direction(tag) for tag in documents}) > 1
    blocks = list(_merged(interleave(exported, languages), is_mixed=is_mixed))
    has_title = bool(blocks) and blocks[0].kind == "heading" and blocks[0].text == title
    heading = [] if has_title else [f"# {inline_markdown([Span(title)], is_line=True)}", ""]
    lines = ["---", *header, "---", "", *heading, blocks_markdown([_sanitized(block) for block in blocks])]
    return "\n".join(lines).rstrip("\n") + "\n"


def _merged(placed: Iterable[Placed], *, is_mixed: bool) -> Iterator[Block]:
    """Yield the blocks of a text, those joined that are one in it.

    Languages of both directions are in paragraphs of their own, since each paragraph has one direction.
    """
    last: Block | None = None
    last_source: Block | None = None
    for each in placed:
        block = each.block._replace(gap=True) if is_mixed else each.block
        separator = _separator(each, is_mixed=is_mixed)
        if last and each.follows is last_source and last_source and separator and last.kind == last_source.kind:
            anchors = tuple(dict.fromkeys((*last.anchors, *block.anchors)))
            last = last._replace(spans=(*last.spans, Span(separator), *block.spans), anchors=anchors)
            continue
        if last:
            yield last
        if each.is_doubtful:
            yield Block("comment", block.line, (Span(f"{each.language}: doubtful"),), block.containers)
        last = block
        last_source = each.block if each.follows is None else last_source
    if last:
        yield last


def _separator(placed: Placed, *, is_mixed: bool) -> str:
    """Return what is between a block and its translation in one block; "" if they are two."""
    block, source = placed.block, placed.follows
    if not source or placed.is_doubtful or not block.spans or not source.spans:
        return ""
    if block.kind == source.kind and block.kind in _ON_ONE_LINE:
        return " / "
    if block.kind not in _MERGED or source.kind not in _MERGED or is_mixed:
        return ""
    return "\n" if source.kind == "item" or not source.gap else ""


def _sanitized(block: Block) -> Block:
    rows = tuple(tuple(tuple(map(_clean, cell)) for cell in row) for row in block.rows)
    return block._replace(spans=tuple(map(_clean, block.spans)), rows=rows)


def _clean(span: Span) -> Span:
    return span._replace(text=sanitize(span.text))
