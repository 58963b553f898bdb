"""Raw markup and lost words on pages of real documentation.

Pages are drawn at random from folders of Markdown, those of one repository each, in equal parts as far as they have
enough. A page has raw markup if a mark of any dialect is left in its text outside code. A word is lost if it is in the
source, outside what is not text, and in no block.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support.command_line import add_verbose, parser_for
from relmgr_cli.markdown.blocks import VERBATIM_STYLES, Block, Span
from relmgr_cli.markdown.front_matter import read_front_matter
from relmgr_cli.markdown.parser import Heading, Parsed, parse_markdown

_SUFFIXES = (".md", ".mdx", ".markdown")
_MAX_BYTES = 200_000

_MARKERS = {
    ":::": re.compile(r"(?m)^\s*:::"),
    "///": re.compile(r"(?m)^\s*/// "),
    "{{": re.compile(r"\{\{"),
    "{%": re.compile(r"\{%"),
    "{:": re.compile(r"\{:[^{}\s,]"),
    "{#": re.compile(r"\{#[\w-]+\}"),
    "{/*": re.compile(r"\{/\*|\*/\}"),
    "import": re.compile(r"(?m)^\s*import\s.{1,200}\sfrom\s+['\"]|^\s*export\s+(?:default|const|function)\b"),
    "<Tag": re.compile(r"</?[A-Za-z][\w.-]*(?:\s[^<>]{0,500})?/?>"),
    "[[": re.compile(r"\[\[[^\[\]\s]"),
    "!!!": re.compile(r"(?m)^\s*(?:!!!|\?\?\?\+?) \w"),
    '=== "': re.compile(r'(?m)^\s*===[!+]? "'),
    "%%": re.compile(r"(?<![\w%])%%(?!\w)|%%\w[^%]*%%"),
    "==": re.compile(r"(?<![\w=!<>])==[^\s=][^=]*[^\s=]==(?!=)"),
    "[!note]": re.compile(r"\[!\w+\]"),
    "**": re.compile(r"\*\*\S|\S\*\*"),
    "[toc]": re.compile(r"(?i)\[toc\]|\{:toc\}|8<--"),
    "{*": re.compile(r"\{\*\s\S"),
    "<<<": re.compile(r"(?m)^\s*<<<\s?[@.\w]"),
    "@tab": re.compile(r"(?m)^\s*@(?:tab(?::active)?\s|include\(|\[code)"),
    "^id": re.compile(r"\s\^[a-z0-9]{6}$"),
}

# What is not text, in the order in which it is taken away.
_NOT_TEXT = (
    re.compile(r"<!--.*?-->|%%.*?%%|\{/\*.*?\*/\}|\{%-? comment.*?endcomment -?%\}", re.DOTALL),
    re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE),
    re.compile(r"(?m)^(?:import|export) [^\n]*(?:\n(?!\n|[#<]).*)*"),
    re.compile(r"\{\{.*?\}\}|\{%.*?%\}"),
    re.compile(r"</?[A-Za-z](?:\{(?:[^{}]|\{[^{}]*\})*\}|\"[^\"]*\"|'[^']*'|[^<>{}\"'])*>"),
    re.compile(r"(?m)^\s*(?::{3,}|/{3,}|!!!|\?\?\?\+?)\s*[\w{}. -]*"),
    re.compile(r"(?m)^\s{0,3}\[[^\]]+\]:\s.*$"),
    re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)|\]\[[^\]]*\]|\[\^[^\]]*\]"),
    re.compile(r"\{[^{}\n]*\}"),
    re.compile(r"(?m)^\s*(?:```|~~~).*$"),
    re.compile(r"!?\[\[[^\[\]]*\]\]|\[![^\]\n]*\]|(?m:^\s*--8<--.*$)|(?m:\s\^[\w-]+$)|&#?\w+;"),
    re.compile(r"https?://\S+"),
)
_WORD = re.compile(r"[^\W\d_]{3,}")


class Page(NamedTuple):
    """What is wrong with one page."""

    path: Path
    raw: dict[str, str]  # mark -> the text around its first occurrence
    lost: list[str]  # words


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="the Markdown of one repository")
    parser.add_argument("--number", type=int, default=500, help="number of pages (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample (default: %(default)s)")
    add_verbose(parser)
    options = parser.parse_args(argv)
    marks: Counter[str] = Counter()
    total = raw = lost = 0
    print("| folder | pages | with raw markup | with lost words |\n| --- | ---: | ---: | ---: |")
    for folder, paths in _sample(options.folders, options.number, options.seed):
        pages = [_check(path) for path in paths]
        total, raw, lost = (
            total + len(pages),
            raw + sum(bool(p.raw) for p in pages),
            lost + sum(bool(p.lost) for p in pages),
        )
        marks.update(mark for page in pages for mark in page.raw)
        print(
            f"| {folder.name} | {len(pages)} | {sum(bool(p.raw) for p in pages)} | {sum(bool(p.lost) for p in pages)} |"
        )
        if options.verbose:
            for page in pages:
                for mark, text in page.raw.items():
                    print(f"    {page.path}: {mark}: {text}")
                if page.lost:
                    print(f"    {page.path}: lost: {' '.join(page.lost[:12])}")
    print(f"| all | {total} | {raw} ({raw / max(total, 1):.1%}) | {lost} ({lost / max(total, 1):.1%}) |")
    print("\nraw marks, by pages: " + (", ".join(f"{mark} {count}" for mark, count in marks.most_common()) or "none"))
    return 0


def _sample(folders: Sequence[Path], number: int, seed: int) -> Iterator[tuple[Path, list[Path]]]:
    """Yield each folder with its share of the pages."""
    found = {
        folder: sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file())
        for folder in folders
    }
    left = number
    by_size = sorted(found.items(), key=lambda item: len(item[1]))
    for index, (folder, paths) in enumerate(by_size):
        share = min(len(paths), -(-left // (len(by_size) - index)))
        left -= share
        yield folder, sorted(random.Random(f"{seed} {folder.name}").sample(paths, share))  # noqa: S311


def _check(path: Path) -> Page:
    text = path.read_bytes()[:_MAX_BYTES].decode(errors="replace").replace("\r\n", "\n")
    header = read_front_matter(text, path.name)
    parsed = parse_markdown(text, path.name, skip=header.lines)
    raw: dict[str, str] = {}
    for shown in _texts_outside_code(parsed):
        for mark, pattern in _MARKERS.items():
            if (found := pattern.search(shown)) and not _is_escaped(found[0], text):
                raw.setdefault(mark, repr(shown[max(0, found.start() - 30) : found.end() + 50]))
    body = "\n".join(text.split("\n")[header.lines :])
    return Page(path, raw, _lost_words(body, parsed))


def _is_escaped(shown: str, source: str) -> bool:
    """Return True if a mark is in the source as text: escaped, or with an entity."""
    return "<" in shown and (f"\\{shown[:2]}" in source or "&lt;" in source)


def _parts(parsed: Parsed) -> Iterator[Heading | Block]:
    yield from parsed.parts
    for note in parsed.footnotes.values():
        yield from note


def _spans(parsed: Parsed) -> Iterator[Sequence[Span]]:
    for part in _parts(parsed):
        yield part.spans
        if isinstance(part, Block):
            yield from (cell for row in part.rows for cell in row)


def _texts_outside_code(parsed: Parsed) -> Iterator[str]:
    for part in _parts(parsed):
        if isinstance(part, Block) and part.kind in ("code", "math"):
            continue
        groups = [part.spans, *(cell for row in part.rows for cell in row)] if isinstance(part, Block) else [part.spans]
        for spans in groups:
            yield "".join("\0" if VERBATIM_STYLES.intersection(span.styles) else span.text for span in spans)


def _lost_words(body: str, parsed: Parsed) -> list[str]:
    for pattern in _NOT_TEXT:
        body = pattern.sub(" ", body)
    shown = " ".join(f"{span.text} {span.href}" for spans in _spans(parsed) for span in spans)
    shown += " ".join(f" {part.info}" for part in _parts(parsed) if isinstance(part, Block))
    letters = re.sub(r"[\W\d_]", "", shown).casefold()
    return [word for word in dict.fromkeys(_WORD.findall(body)) if word.casefold() not in letters]
