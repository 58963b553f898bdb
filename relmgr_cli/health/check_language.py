"""Checks whether a translation is in its own language: blocks, headings and front matter."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from relmgr_cli import file_messages
from relmgr_cli.corpus.translation_paths import primary_of
from relmgr_cli.corpus.translation_state import are_neighbours
from relmgr_cli.health.check_structure import shorten
from relmgr_cli.health.comparison import Comparison, Pair, prose_of
from relmgr_cli.health.findings import INFO, Finding, finding
from relmgr_cli.languages.detection import detect_among, script_of
from relmgr_cli.languages.names import languages
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_MIN_WORDS = 4  # of a text that is the same in both languages
_MIN_WORDS_DETECTED = 10  # of one that is not the same
_MIN_FUNCTION_WORDS = 2  # such as "the", in a paragraph
_QUOTES = tuple("\"'“”„«‘`")
_TITLE_OF_ISSUE = re.compile(r"(?:#\d{1,9}|[A-Z][A-Z\d]{1,9}-\d{1,9}|\d{4,9})\b\s{0,3}[-–—:]")  # 6294277 - java crashes
_SHORT_WORD = 4  # characters; such words are not capitalized in titles
_WHOLE = 0.8  # of the text: the document is not translated
_MIN_BLOCKS = 3
_ADDRESS = re.compile(r"https?://\S{1,2000}|\{[{%][^{}]{0,300}\}|<[^<>]{1,300}>")
_WORD = re.compile(r"[^\W\d_][\w'’-]{0,60}")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def check_language(comparison: Comparison) -> Iterator[Finding]:
    """Yield the blocks that are still in the language of the source; one finding for a file that is not translated."""
    if primary_of(comparison.language) == primary_of(comparison.source_language):
        return
    found = [pair for pair in comparison.pairs if pair.is_both and _is_untranslated(comparison, pair)]
    texts = [pair for pair in comparison.pairs if pair.is_both and _is_text(pair)]
    whole = sum(len(pair.target[0].text) for pair in texts)
    if len(found) >= _MIN_BLOCKS and sum(len(pair.target[0].text) for pair in found) >= _WHOLE * whole:
        yield comparison.report("untranslated", found[0], file_messages.CHECK_UNTRANSLATED_FILE.fill(count=len(found)))
        return
    for pair in found:
        text = shorten(pair.target[0].text)
        block = pair.target[0]
        severity = INFO if is_title_case(block.text) or _may_be_quoted(block) or _is_quotation(comparison, pair) else ""
        yield comparison.report(
            "untranslated", pair, file_messages.CHECK_UNTRANSLATED.fill(text=text), severity=severity
        )


def is_title_case(text: str) -> bool:
    """Return whether a text may be a name or a title: two words have a capital letter, and so have all longer ones."""
    words = _WORD.findall(text)
    if text.rstrip().endswith((".", "?", "!", ":")):
        return False
    capitalized = [word for word in words if word != word.lower()]
    return len(capitalized) > 1 and all(word != word.lower() for word in words if len(word) > _SHORT_WORD)


def _may_be_quoted(block: Block) -> bool:
    """Return whether a block may be what a program or a person says, which is quoted as it is."""
    return block.kind == "html" or block.text[:1] in _QUOTES or bool(_TITLE_OF_ISSUE.match(block.text))


def _is_quotation(comparison: Comparison, pair: Pair) -> bool:
    """Return whether a block is set as a quotation that the text before it, which is translated, announces."""
    at = pair.target_start
    before = comparison.target.blocks[at - 1] if at else None
    containers = pair.target[0].containers
    is_quote = bool(containers) and containers[-1].kind == "quote"
    return (
        is_quote
        and before is not None
        and before.containers != containers
        and before.text.rstrip().endswith((":", "："))
    )


def check_metadata_language(comparison: Comparison) -> Iterator[Finding]:
    """Yield the title and the description if they are still in the language of the source."""
    if primary_of(comparison.language) == primary_of(comparison.source_language):
        return
    source, target = comparison.source, comparison.target
    for name, text, other in (
        ("title", source.title, target.title),
        ("description", source.description, target.description),
    ):
        if text and _is_same_text(text, other) and _function_words(other, comparison.source_language):
            message = file_messages.CHECK_UNTRANSLATED_FIELD.fill(name=name, text=shorten(other))
            source_line = _line_of(name, comparison.source_text, text)
            yield finding(
                "untranslated",
                comparison.language,
                "0",
                line=_line_of(name, comparison.target_text, text),
                source_line=source_line,
                message=message,
                text=other,
                severity=INFO if name == "title" and is_title_case(other) else "",
            )


def _line_of(name: str, text: str, value: str) -> int:
    """Return the line of a field of the front matter, or of a heading with this text; 1 if it is not found."""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip().strip("#").strip()
        if stripped.startswith((f"{name}:", f"{name} =", f'"{name}"')) or (value and stripped.startswith(value[:40])):
            return number
    return 1


def _is_text(pair: Pair) -> bool:
    return pair.target[0].kind not in (*VERBATIM_KINDS, "rule")


def _is_untranslated(comparison: Comparison, pair: Pair) -> bool:
    if not _is_text(pair) or len(pair.source) != len(pair.target):
        return False
    text, other = (_prose(blocks) for blocks in (pair.source, pair.target))
    if not other:
        return False
    if _is_same_text(text, other):
        own = _prose(pair.target, with_links=False)  # the title of what is linked to stays as it is
        return _reads_as(own, comparison.source_language, is_heading=pair.target[0].kind in ("heading", "title"))
    return _is_detected(_prose(pair.target, with_links=False), comparison)


def _prose(blocks: tuple[Block, ...], *, with_links: bool = True) -> str:
    texts = (prose_of(block, with_links=with_links) for block in blocks)
    return " ".join(_ADDRESS.sub(" ", " ".join(texts)).split())


def _is_same_text(text: str, other: str) -> bool:
    return _plain(text) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _reads_as(text: str, language: str, *, is_heading: bool) -> bool:
    """Return whether a text that both have is one in the source's language, and not one of names."""
    words = _WORD.findall(text)
    if _UNSPACED.search(text) and primary_of(language) in ("zh", "ja", "th", "lo", "km", "my"):
        return len(_UNSPACED.findall(text)) >= _MIN_WORDS
    known = _function_words(text, language)
    if is_heading:
        return known >= 1 and len(words) > 1
    return len(words) >= _MIN_WORDS and known >= _MIN_FUNCTION_WORDS


def _is_detected(text: str, comparison: Comparison) -> bool:
    """Return whether a text that differs from the source is in its language: an older version of it."""
    source, own = primary_of(comparison.source_language), primary_of(comparison.language)
    words = _WORD.findall(text)
    if len(words) < _MIN_WORDS_DETECTED or are_neighbours(source, own):
        return False
    if _function_words(text, comparison.source_language) < len(words) / 6:
        return False
    return detect_among(text, [own]) == source


@lru_cache(4096)
def _function_words(text: str, language: str) -> int:
    """Return how many words of a text are function words of a language; in its script, if it has none."""
    row = languages().get(primary_of(language))
    if row is None:
        return 0
    words = [word.casefold() for word in _WORD.findall(text)]
    if any(script != "Latin" for script in row.letters):
        return sum(script_of(word[0]) in row.letters for word in words)
    return sum(word in row.words and len(word) > 1 for word in words)
