"""What `relmgr check` finds: in translations that are good, and of faults that are injected into them.

Prints two tables:

- good: the pairs of source and translation with the same outline, in the corpora and in each FOLDER, and how many of
  them have a finding of each code. --sample prints findings, to be judged by hand. Where --only names the paths of
  translations, one a line, other translations do not count.
- faults: one fault in a translation of which nothing else is found. "found" is the share with a new warning or error,
  "line" the share with one at the block that was changed, or at the one before what was taken away; "with remarks"
  counts findings of every severity.

The time is that of a cold and of a warm run, in one process for each core.
"""

import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import BUILD
from benchmarks.support.command_line import add_corpora, add_verbose, parser_for
from relmgr_cli.core.health import CheckedArticle, check_library
from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.corpus.alignment.align import align, outline_of
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text
from relmgr_cli.health.check import check_article
from relmgr_cli.health.check_links import neutral_address
from relmgr_cli.health.comparison import LinkTarget, LinkTargets, spans_of
from relmgr_cli.health.findings import INFO, Finding
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.store.articles import load_article

SEED = "check"
FAULTS = 150  # of each kind
MIN_BLOCKS = 5
PROSE = ("paragraph", "item", "quote")


class Known(NamedTuple):
    """A source and a translation of it in which nothing is found."""

    name: str
    source: Document
    target: Document
    source_text: str
    target_text: str


class Fault(NamedTuple):
    """A text with a fault."""

    text: str
    first: int  # lines at which it may be reported
    last: int


class Flags(NamedTuple):
    """How many pairs were looked at, and which have findings."""

    pairs: int
    by_code: Mapping[tuple[str, str], set[str]]  # code and severity -> pairs
    findings: Sequence[tuple[str, str]]  # code, and where and what


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    add_verbose(parser)
    parser.add_argument("folders", metavar="FOLDER", nargs="*", type=Path, help="checkout of a repository")
    parser.add_argument("--only", metavar="FILE", type=Path, help="paths of the translations that count, one a line")
    parser.add_argument("--sample", metavar="N", type=int, default=0, help="print N findings of each code")
    parser.add_argument("--faults", metavar="N", type=int, default=FAULTS, help="faults of each kind; 0 for none")
    options = parser.parse_args(argv)
    BUILD.mkdir(parents=True, exist_ok=True)
    only = frozenset(options.only.read_text().split("\n")) if options.only else None
    folders = options.folders or sorted((options.corpora / "raw").iterdir())
    known: list[Known] = []
    flags: list[Flags] = []
    for folder in folders:
        found, clean = measure(folder.resolve(), only)
        flags.append(found)
        known += clean
    print_flags(flags, options.sample)
    if options.faults:
        measure_faults(known, options.faults, is_verbose=options.verbose)
    return 0


def measure(folder: Path, only: frozenset[str] | None) -> tuple[Flags, list[Known]]:
    """Check a folder and print the time; return what is found in its good pairs, and those without findings."""
    times = []
    for _ in range(2):
        start = time.perf_counter()
        library = open_library([folder], BUILD, QuietReporter())
        articles = check_library(library)
        times.append(time.perf_counter() - start)
    translations = sum(len(article.documents) - 1 for article in articles)
    print(f"{folder.name[:40]:42}{translations:6} translations{times[0]:8.1f} s{times[1]:8.2f} s again", flush=True)
    by_code: dict[tuple[str, str], set[str]] = defaultdict(set)
    findings = []
    clean = []
    pairs = 0
    for article in articles:
        good = list(_good_languages(library, article, only))
        pairs += len(good)
        flagged = Counter(finding.language for finding in article.findings if finding.severity != INFO)
        for finding in article.findings:
            if finding.language in good:
                path = article.documents[finding.language].path
                by_code[finding.code, finding.severity].add(f"{folder.name}/{path}")
                if finding.severity != INFO:
                    findings.append((finding.code, f"{folder.name}/{path}:{finding.line}: {finding.message}"))
        clean += [_known(library, article, language) for language in good if not flagged[language]]
    return Flags(pairs, by_code, findings), clean


def _good_languages(library: Library, article: CheckedArticle, only: frozenset[str] | None) -> Iterator[str]:
    """Yield the languages whose translation has the outline of the source, or is one of `only`."""
    if len(article.documents) == 1:
        return
    documents = load_article(library.database, article.number).documents
    source = outline_of(documents[article.source])
    for language, document in documents.items():
        is_good = document.path in only if only is not None else outline_of(document) == source
        if language != article.source and is_good:
            yield language


def _known(library: Library, article: CheckedArticle, language: str) -> Known:
    documents = load_article(library.database, article.number).documents
    source, target = documents[article.source], documents[language]
    texts = (read_text(document.root, document.path)[0] for document in (source, target))
    return Known(f"{target.path}", source, target, *texts)


def print_flags(flags: Sequence[Flags], sample: int) -> None:
    """Print the share of pairs with a finding of each code, and some findings."""
    pairs = max(sum(each.pairs for each in flags), 1)
    by_code: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in flags:
        for key, found in each.by_code.items():
            by_code[key] |= found
    flagged = set().union(*(found for (_, severity), found in by_code.items() if severity != INFO))
    print(f"\n{pairs} good pairs; {100 * len(flagged) / pairs:.1f} % have a warning or an error")
    for (code, severity), found in sorted(by_code.items()):
        print(f"{code:22}{severity:9}{len(found):6}{100 * len(found) / pairs:7.1f} %")
    findings = [finding for each in flags for finding in each.findings]
    random.Random(SEED).shuffle(findings)  # noqa: S311 (the same sample in every run)
    for code in dict.fromkeys(code for code, _ in sorted(findings)) if sample else ():
        for place in [place for other, place in findings if other == code][:sample]:
            print(f"{code}  {place}")


# Faults


def measure_faults(known: Sequence[Known], number: int, *, is_verbose: bool) -> None:
    """Inject faults of every kind and print how many are found."""
    print(f"\n{'fault':28}{'number':>7}{'found':>8}{'line':>8}{'with remarks':>14}")
    total: Counter[str] = Counter()
    for name, inject in FAULT_KINDS.items():
        rng = random.Random(f"{SEED} {name}")  # noqa: S311
        counts: Counter[str] = Counter()
        for one in rng.sample(known, len(known)):
            if counts["number"] >= number:
                break
            if one.source.language == "en" and len(one.target.blocks) >= MIN_BLOCKS and (fault := inject(one, rng)):
                result = _judge(one, fault)
                counts.update(result)
                if is_verbose and "line" not in result:
                    print(f"  {name}: {one.name}:{fault.first}-{fault.last} {result}")
        total += counts
        _print_row(name, counts)
    _print_row("all", total)


def _print_row(name: str, counts: Counter[str]) -> None:
    number = max(counts["number"], 1)
    shares = [counts[key] / number for key in ("found", "line", "any")]
    print(f"{name:28}{counts['number']:7}{shares[0]:8.3f}{shares[1]:8.3f}{shares[2]:14.3f}", flush=True)


def _judge(one: Known, fault: Fault) -> list[str]:
    """Return what is true of a fault: number, found, line, any."""
    before = {(finding.code, finding.message) for finding in _check(one, one.target_text)}
    new = [each for each in _check(one, fault.text) if (each.code, each.message) not in before]
    result = ["number"]
    certain = [each for each in new if each.severity != INFO]
    if certain:
        result.append("found")
    if any(fault.first <= each.line <= fault.last for each in certain):
        result.append("line")
    if new:
        result.append("any")
    return result


def _check(one: Known, text: str) -> tuple[Finding, ...]:
    source = one.source
    target = parse_document(text, one.target.root, one.target.path)._replace(language=one.target.language)
    documents = {source.language: source, target.language: target}
    sections, units = align(documents)
    article = Article("article", documents, sections, units, None, "layout", source.language)
    texts = {source.language: one.source_text, target.language: text}
    links = {language: _links(document) for language, document in documents.items()}
    return check_article(article, texts=texts, links=links)


def _links(document: Document) -> LinkTargets:
    """Return the links within a library by their address, as if all of them worked."""
    hrefs = {span.href for block in document.blocks for span in spans_of(block) if span.href}
    inside = [href for href in hrefs if not href.startswith(("#", "[[", "mailto:")) and "://" not in href]
    return {href: LinkTarget(neutral_address(href)) for href in inside if neutral_address(href)}


def _lines_of(one: Known, index: int) -> tuple[int, int]:
    """Return the first and the last line of a block of the translation, 1-based."""
    blocks = one.target.blocks
    lines = one.target_text.split("\n")
    start = blocks[index].line
    end = next((block.line for block in blocks[index + 1 :] if block.line > start), len(lines) + 1) - 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return start, end


def _pick(one: Known, rng: random.Random, accepts: Callable[[Block], bool]) -> int | None:
    """Return the index of a block alone on its lines, not the first one; None if there is none."""
    counts = Counter(block.line for block in one.target.blocks)
    found = [
        index
        for index, block in enumerate(one.target.blocks)
        if index and counts[block.line] == 1 and accepts(block) and block.text.strip()
    ]
    return rng.choice(found) if found else None


def _take_away(kinds: Sequence[str]) -> "Inject":
    """Return what removes a whole block of these kinds."""

    def inject(one: Known, rng: random.Random) -> Fault | None:
        index = _pick(one, rng, lambda block: block.kind in kinds and len(block.text) > len("word"))
        if index is None:
            return None
        start, end = _lines_of(one, index)
        lines = one.target_text.split("\n")
        before = one.target.blocks[index - 1].line
        return Fault("\n".join([*lines[: start - 1], *lines[end:]]), before, start)

    return inject


def _edit(
    pattern: str, replace: Callable[[re.Match[str]], str], kinds: Sequence[str] = PROSE, *, in_markup: bool = False
) -> "Inject":
    """Return what replaces one match of a pattern in the lines of a block; in code and targets if `in_markup`."""
    compiled = re.compile(pattern)

    def inject(one: Known, rng: random.Random) -> Fault | None:
        lines = one.target_text.split("\n")

        def accepts(block: Block) -> bool:
            return block.kind in kinds

        for _ in range(20):
            index = _pick(one, rng, accepts)
            if index is None:
                return None
            start, end = _lines_of(one, index)
            is_code = one.target.blocks[index].kind == "code"
            part = "\n".join(lines[start - 1 + is_code : end - is_code])
            hidden = [] if is_code or in_markup else [match.span() for match in _NOT_TEXT.finditer(part)]
            matches = [
                match
                for match in compiled.finditer(part)
                if not any(first < match.end() and match.start() < last for first, last in hidden)
            ]
            if matches:
                match = rng.choice(matches)
                changed = part[: match.start()] + replace(match) + part[match.end() :]
                text = [*lines[: start - 1 + is_code], *changed.split("\n"), *lines[end - is_code :]]
                return Fault("\n".join(text), one.target.blocks[index - 1].line if not changed.strip() else start, end)
        return None

    return inject


def _change_level(one: Known, rng: random.Random) -> Fault | None:
    if sum(block.kind == "heading" for block in one.target.blocks) < MIN_BLOCKS - 1:
        return None
    return _edit(r"^#{2,4} ", lambda match: f"#{match[0]}", ("heading",))(one, rng)


def _leave_untranslated(one: Known, rng: random.Random) -> Fault | None:
    """Replace a paragraph by that of the source."""
    index = _pick(one, rng, lambda block: block.kind in PROSE and len(block.text.split()) >= MIN_BLOCKS)
    if index is None or outline_of(one.source) != outline_of(one.target):
        return None
    block = one.source.blocks[index]
    if len(re.findall(r"[^\W\d_]{2,}", block.text)) < 2 * MIN_BLOCKS:
        return None
    start, end = _lines_of(one, index)
    swapped = Known(one.name, one.target, one.source, one.target_text, one.source_text)
    first, last = _lines_of(swapped, index)
    lines, source = one.target_text.split("\n"), one.source_text.split("\n")
    text = [*lines[: start - 1], *source[first - 1 : last], *lines[end:]]
    return Fault("\n".join(text), start, start + last - first)


def _drop_row(one: Known, rng: random.Random) -> Fault | None:
    index = _pick(one, rng, lambda block: len(block.rows) > MIN_BLOCKS - 2)
    if index is None:
        return None
    table = one.target.blocks[index]
    row = rng.randrange(1, len(table.rows))
    line = table.line + row + 1
    lines = one.target_text.split("\n")
    return Fault("\n".join([*lines[: line - 1], *lines[line:]]), line - 1 - (row == 1), line)


def _other_digit(match: re.Match[str]) -> str:
    digits = match[0]
    return digits[:-1] + str((int(digits[-1]) + 3) % 10)


def _other_letter(match: re.Match[str]) -> str:
    word = match[0]
    middle = len(word) // 2
    return word[:middle] + ("x" if word[middle] != "x" else "y") + word[middle + 1 :]


Inject = Callable[[Known, random.Random], Fault | None]
_NOT_TEXT = re.compile(
    r"`[^`\n]+`|(?<=\]\()[^()\n]+\)|(?<=\]: )\S+|<[a-z/!][^<>]*>|https?://\S+|\{\{<[^{}]*>\}\}|\{:[^{}]*\}|^[ |:-]+$",
    re.MULTILINE,
)  # in which no number or placeholder is changed
_NUMBER = r"(?<![\w./:#&(`-])\d{2,4}(?![\w./:`-])"
_LINK = r"(?<!!)\[([^\]\[\n]{2,80})\]\((?!#|https?:|mailto:)([^()\s]{3,200})\)"
_OUTSIDE = r"(?<!!)\[([^\]\[\n]{2,80})\]\((https?:[^()\s]{3,200})\)"
_PLACEHOLDER = r"\{\{[<%] ?[\w-]+[^{}\n]*[>%]\}\}|(?<![`\w{])\{\w+\}|</?[A-Z]\w+[^<>\n]*>"
FAULT_KINDS: Mapping[str, Inject] = {
    "block taken away": _take_away(PROSE),
    "heading taken away": _take_away(("heading",)),
    "heading on another level": _change_level,
    "fence taken away": _take_away(("code",)),
    "fence, line taken away": _edit(r"(?m)^[^\n#/]*\w{4}[^\n#/]*\n", lambda _: "", ("code",)),
    "fence, letter changed": _edit(r"(?m)(?<=^)\s*[\w.]{5,}(?=[ (=:.,;)]|$)", _other_letter, ("code",)),
    "link taken away": _edit(_LINK, lambda match: match[1], in_markup=True),
    "link changed": _edit(_LINK, lambda match: f"[{match[1]}](../other/{SEED}.md)", in_markup=True),
    "outside link taken away": _edit(_OUTSIDE, lambda match: match[1], in_markup=True),
    "outside link changed": _edit(_OUTSIDE, lambda match: f"[{match[1]}](https://example.org/{SEED})", in_markup=True),
    "image taken away": _edit(r"!\[[^\]\n]*\]\([^()\n]+\)", lambda _: "", ("paragraph", "item"), in_markup=True),
    "number taken away": _edit(_NUMBER, lambda _: ""),
    "number changed": _edit(_NUMBER, _other_digit),
    "placeholder taken away": _edit(_PLACEHOLDER, lambda _: ""),
    "placeholder changed": _edit(_PLACEHOLDER, lambda match: re.sub(r"\w+", _other_letter, match[0], count=1)),
    "table row taken away": _drop_row,
    "paragraph not translated": _leave_untranslated,
}
