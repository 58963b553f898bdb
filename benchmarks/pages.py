"""Raw markup and lost text on pages of real documentation.

Pages are drawn at random from folders of Markdown, those of one repository each, in equal parts as far as they have
enough; with `--kinds` from folders that hold repositories of one kind. A page has raw markup if a mark of any dialect
is left in its text outside code, as the layout shows it. Text is lost if the letters of a line or cell of the
source, outside what is not text, are in no block in this order. Both are approximations: what they find is to be read.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import NamedTuple

from benchmarks.support.command_line import add_verbose, parser_for
from relmgr_cli.layout.symbols import formula, with_emoji
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.markdown.front_matter import read_front_matter
from relmgr_cli.markdown.parser import Heading, Parsed, parse_markdown
from relmgr_cli.markdown.plain_values import plain_value

_SUFFIXES = (".md", ".mdx", ".markdown")
_MAX_BYTES = 1_000_000

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
    "<Tag x=": re.compile(r"<[A-Za-z][\w.-]*\s+[\w:@.-]+=\S"),
    ":name[": re.compile(r"(?<![\w:/`]):[A-Za-z][\w-]*\[[^\]]*\](?![(\[])"),
    "{role}": re.compile(r"\{[a-z][\w:-]*\}(?=\0)"),
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
    "](": re.compile(r"\]\((?![^()]*\s[^()]*\))|\]\(\S+\s+[\"'(]"),
    "][": re.compile(r"\[[^\[\]]+\]\[[^\[\]]*\]|\[\^[\w-]+\]|\^\["),
    ":emoji:": re.compile(r"(?<![\w:/.]):(?:[a-z][a-z0-9_+-]+|[vx]):(?![\w:/])"),
    "$": re.compile(r"\$\$|(?<![\w$])\$[^\s$][^$\n]*\\[a-z]+[^$\n]*\$|\\[(\[][^\n]*\\[a-z]"),
    "&;": re.compile(r"&(?:#x?[0-9a-f]+|[a-z]+);", re.IGNORECASE),
    "<!--": re.compile(r"<!--"),
    "{.": re.compile(r"\{\s?[.#][\w-]+[^{}]*\}|\{[\w-]+=[^{}]*\}"),
    "#": re.compile(r"(?m)^\s*#{1,6} \S| #{1,6}$"),
    "|": re.compile(r"(?m)^\s*\|.*\|\s*$|\|\s?:?-{3,}"),
    "++": re.compile(r"(?<![\w+])\+\+[a-z0-9-]+(?:\+[a-z0-9-]+)*\+\+(?![\w+])|\^\^\S[^^]*\^\^"),
    "<%": re.compile(r"<%|%>"),
    "{@": re.compile(r"\{@\w"),
    "[//]": re.compile(r"\[//\]:"),
    "```": re.compile(r"```|~~~"),
    "~~": re.compile(r"(?<!~)~~\S[^~]*~~"),
    "*[": re.compile(r"(?m)^\s*\*\[[^\]]+\]:"),
    "[x]": re.compile(r"(?m)^\[[ xX]\] "),
    "---": re.compile(r"(?m)^(?:---|\+\+\+|===+)$"),
}

# What is not text, in the order in which it is taken away.
_NOT_TEXT = (
    re.compile(r"(?m)^[\s>\d.)*+-]*(?:```|~~~).*$|^[\s>*+-]*\[[xX]\]|^\s*(?:<<<|--8<--|\{\*|/{3,} html).*$"),
    re.compile(r"(?m)^[ \t]*@tab(?::active)?[ \t]"),
    re.compile(r"(?m)^[ \t]*(?:#+ )?:::[ \t]+[\w.:]+[ \t]*\n(?:[ \t]{4,}\S.*\n?)+"),
    re.compile(r"<!--.*?-->|%%.*?%%|\{/\*.*?\*/\}|\{%-? comment.*?endcomment -?%\}", re.DOTALL),
    re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE),
    re.compile(r"(?m)^(?:import|export) [^\n]*(?:\n(?!\n|[#<]).*)*"),
    re.compile(r"(?s)\{\{[<%]-?\s*comment.*?/\s*comment\s*[>%]\}\}"),
    re.compile(r"(?s)\{\{[<%].*?[>%]\}\}|<[A-Z]\w*\n.*?\n\s*/>|<\?.*?\?>"),
    re.compile(r"\{\{.*?\}\}|\{%.*?%\}"),
    re.compile(r"</?[A-Za-z](?:\{(?:[^{}]|\{[^{}]*\})*\}|\"[^\"]*\"|'[^']*'|[^<>{}\"'])*>"),
    re.compile(
        r"(?m)^[ \t>\d.)*+-]*(?::{3,}|/{3,}|!!!|\?\?\?\+?)[ \t]*(?:\{[^{}]*\}|[\w-]+)?(?:[ \t]+(?:inline|end)\b)*"
    ),
    re.compile(r"\{[^{}\n]*\}|(?<![\w:`]):[A-Za-z][\w-]*\["),
    re.compile(r"(?m)^[\s>]*\[[^\]]+\]:\s?.*$"),
    re.compile(
        r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)|\]\[[^\]]*\]|\[\^[^\]]*\]|\^\["
    ),
    re.compile(r"!?\[\[[^\[\]]*\]\]|\[![^\]\n]*\]|(?m:\^[\w-]+$)|&#?\w+;"),
    re.compile(r"https?://\S+"),
)
# Texts in tags, outside code, that a site shows.
_CODE = re.compile(r"(?ms)^[ \t>]*(```+|~~~+).*?^[ \t>]*\1|`[^`\n]+`|<!--.*?-->|%%.*?%%|\{/\*.*?\*/\}")
_IN_TAGS = re.compile(
    r"""<(?:(?:[A-Z][\w.]*|[a-z]+-[\w-]*)\s(?:[^<>"']|"[^"]*"|'[^']*')*?"""
    r"""\b(?:title|label|alt|caption|description|summary|header)|img\s(?:[^<>"']|"[^"]*"|'[^']*')*?\balt)="""
    r"""(?:"([^"{}]{3,300})"|'([^'{}]{3,300})')"""
)
_NO_LETTERS = re.compile(r"[\W\d_]+")
_MIN_LETTERS = 3


class Page(NamedTuple):
    """What is wrong with one page."""

    path: Path
    raw: dict[str, str]  # mark -> the text around its first occurrence
    lost: list[str]  # parts of lines


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="the Markdown of one repository")
    parser.add_argument("--kinds", action="store_true", help="each FOLDER has a folder for each repository of one kind")
    parser.add_argument("--number", type=int, default=500, help="number of pages (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample (default: %(default)s)")
    add_verbose(parser)
    options = parser.parse_args(argv)
    marks: Counter[str] = Counter()
    total = raw = lost = 0
    print("| folder | pages | with raw markup | with lost text |\n| --- | ---: | ---: | ---: |")
    for folder, paths in _samples(options.folders, options.number, options.seed, with_kinds=options.kinds):
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
                    print(f"    {page.path}: lost: {' / '.join(part[:80] for part in page.lost[:5])}")
    print(f"| all | {total} | {raw} ({raw / max(total, 1):.1%}) | {lost} ({lost / max(total, 1):.1%}) |")
    print("\nraw marks, by pages: " + (", ".join(f"{mark} {count}" for mark, count in marks.most_common()) or "none"))
    return 0


def _samples(folders: Sequence[Path], number: int, seed: int, *, with_kinds: bool) -> Iterator[tuple[Path, list[Path]]]:
    """Yield each folder with its share of the pages; that of a kind is drawn from its repositories in equal parts."""
    if not with_kinds:
        yield from _sample(folders, number, seed)
        return
    for index, folder in enumerate(folders):
        share = number * (index + 1) // len(folders) - number * index // len(folders)
        repositories = sorted(path for path in folder.iterdir() if path.is_dir())
        yield folder, [page for _, pages in _sample(repositories, share, seed) for page in pages]


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
    formula.cache_clear()  # it stops after some thousands in one process
    description = header.values.get("description")
    for shown in (*_texts_outside_code(parsed), plain_value(description if isinstance(description, str) else "")):
        for mark, pattern in _MARKERS.items():
            if (found := pattern.search(shown)) and not _is_escaped(found[0], text):
                raw.setdefault(mark, repr(shown[max(0, found.start() - 30) : found.end() + 50]))
    body = "\n".join(text.split("\n")[header.lines :])
    return Page(path, raw, _lost_text(body, parsed))


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
            yield "".join(_shown(span) for span in spans)


def _shown(span: Span) -> str:
    """Return the text of a span as a page shows it, without code and without what has become a formula."""
    if "math" in span.styles:
        return "\0" if formula(span.text) != span.text or "\\" not in span.text else f"${span.text}$"
    return "\0" if "code" in span.styles else "".join(text for text, _ in with_emoji(span.text))


def _lost_text(body: str, parsed: Parsed) -> list[str]:
    """Return the parts of lines, between what is not text, whose letters are not in the blocks in this order."""
    source = body
    for pattern in _NOT_TEXT:
        body = pattern.sub("\0", body)
    shown = "".join("".join(span.text for span in spans) for spans in _spans(parsed))
    shown += "".join(part.info for part in _parts(parsed) if isinstance(part, Block))
    letters = _letters(shown)
    parts = (part for part in re.split(r"[\0\n|]", body) if len(_letters(part)) >= _MIN_LETTERS)
    in_tags = (_letters(unescape(double or single)) for double, single in _IN_TAGS.findall(_CODE.sub("", source)))
    return [part.strip() for part in parts if _letters(part) not in letters] + [
        f"in a tag: {text}" for text in in_tags if text not in letters
    ]


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).casefold()
