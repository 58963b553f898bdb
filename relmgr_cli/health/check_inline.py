"""Checks what is inside of texts and must not be translated: inline code, placeholders, tags and components."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from relmgr_cli import file_messages
from relmgr_cli.health.comparison import Comparison, Pair, Tokens, differences, spans_of
from relmgr_cli.health.findings import INFO, Finding
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_MAX_COMPARED = 200  # characters of code that are compared one by one
_MAX_CODES = 100  # of a unit that only one of the two has
_MAX_SLIP = 2  # characters
_LONG = 8  # characters of code; in shorter code one letter is enough for another word
_MAX_NAMED = 4  # tokens in a message
_MAX_TOKEN = 60  # characters of a token in a message
_SPACE = re.compile(r"\s+")
_FILLED_IN = re.compile(
    r"(\{\{|\[|\$\{)(?![-\[/!])[^\W\d][^{}<>\[\]\n]{0,80}(\}\}|\]|\})"
    r"|<(?:[a-z]{1,40}[-_ ][^<>\n]{0,80}|[^\W\d_a-zA-Z][^<>\n]{0,80})>"
)
_BLANK = re.compile(r"\{\{[^{}]{0,80}\}\}|<[^<>]{0,80}>")  # in code as `_normal_code` returns it
_BLANKS = ("<>", "<{{}}>")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[-T_\d:.,+Z]{0,30}")
_EDGES = "\"'“”«»„‘’「」.,;:…"
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_SHORTCODE = re.compile(r"\{\{[<%]\s{0,9}(/?)\s{0,9}([\w./-]{1,100})")
_LIQUID = re.compile(r"(?<!\{)\{%-?\s{0,9}(\w{1,60})")
_EXPRESSION = re.compile(r"\$?\{\{-?\s{0,9}([^\s{}<%/][^{}\n]{0,200}?)\s{0,9}-?\}\}")
_NAMED = re.compile(r"(?<![\w{}\\])([$%#]?)\{([A-Za-z_][\w.-]{0,60}|\d{1,2})\}(?![\w}])")
_PRINTF = re.compile(r"(?<![\w%])%(?:\(\w{1,60}\))?(?:\d\$)?[sdifxq@](?![\w%])")
_COMPONENT = re.compile(r"<(/?)([A-Z][\w.]{0,60}|[a-z]{1,30}(?:-[a-z0-9]{1,30}){1,4})(?=[\s/>])")
_CODE_SPAN = re.compile(r"(`{1,3})(?!`)[^`\n]{1,500}\1(?!`)")
_COMMENTS = (("<!--", "-->"), ("{{/*", "*/}}"), ("{{</*", "*/>}}"), ("{{%/*", "*/%}}"), ("{/*", "*/}"))


def check_inline(comparison: Comparison) -> Iterator[Finding]:
    """Yield differences of inline code, and of placeholders if the texts of the files are known."""
    for pairs in comparison.sections.values():
        yield from _check_code(comparison, pairs)
    if comparison.source_text and comparison.target_text:
        yield from _check_placeholders(comparison)


# Inline code


def _codes(block: Block) -> Tokens:
    """Return the code in a text."""
    found: Tokens = Counter()
    if block.kind not in VERBATIM_KINDS:
        for span in spans_of(block):
            if "code" in span.styles and (text := _normal_code(span.text)):
                found[text] += 1
    return found


def _normal_code(text: str) -> str:
    """Return code without white space, and without what a reader has to fill in: `<name>`, `{{name}}`."""
    return _SPACE.sub("", _FILLED_IN.sub(r"<\1\2>", text)).strip(_EDGES)


def _as_written(blocks: Sequence[Block], codes: Sequence[str]) -> list[str]:
    """Return codes as they are in the text of the blocks, on one line."""
    written = {
        _normal_code(span.text): " ".join(span.text.split())
        for block in blocks
        for span in spans_of(block)
        if "code" in span.styles
    }
    return [written.get(code, code) for code in codes]


def _check_code(comparison: Comparison, pairs: Sequence[Pair]) -> Iterator[Finding]:
    whole = _flat(block for pair in pairs for block in pair.target)
    whole_source = _flat(block for pair in pairs for block in pair.source if pair.target)
    for pair, missing, extra in differences(pairs, _codes, _codes):
        own = _flat(pair.target)
        own_source = _flat(pair.source)
        lost = [
            code
            for code in islice(missing, _MAX_CODES)
            if code.casefold() not in own
            and whole.count(code.casefold()) < whole_source.count(code.casefold())
            and not _may_be_text(code)
        ]
        other = [code for code in islice(extra, _MAX_CODES) if code.casefold() not in own_source]
        translated = [code for code in other if _FOREIGN.search(code)]
        lost = lost[len(translated) :]
        if lost:
            other = [code for code in other if code not in translated]
            severity = "" if _is_mistake(lost, other) else INFO
            message = _message(_as_written(pair.source, lost), _as_written(pair.target, other))
            yield comparison.report("inline-code", pair, message, severity=severity)


def _is_mistake(missing: Sequence[str], extra: Sequence[str]) -> bool:
    """Return whether code was changed by mistake; a name that an example makes up is translated on purpose."""
    pairs = list(zip(missing, extra, strict=False))
    return bool(pairs) and all(
        is_slip(*pair) and not _is_short_word(pair[0]) and not _is_example(*pair) for pair in pairs
    )


def _is_example(code: str, other: str) -> bool:
    """Return whether two codes differ only in what a reader fills in, or are both a time."""
    if any(blank in other for blank in _BLANKS) and _BLANK.sub("<>", code) == _BLANK.sub("<>", other):
        return True
    return bool(_TIMESTAMP.fullmatch(code) and _TIMESTAMP.fullmatch(other))


def _is_short_word(code: str) -> bool:
    return code.isalpha() and len(code) < _LONG


def is_slip(code: str, other: str) -> bool:
    """Return whether two codes differ by a letter or two, by something added or taken away, or only in signs."""
    if max(len(code), len(other)) > _MAX_COMPARED:
        return False
    from difflib import SequenceMatcher

    edits = [edit for edit in SequenceMatcher(None, code, other, autojunk=False).get_opcodes() if edit[0] != "equal"]
    sizes = [max(last - first, other_last - other_first) for _, first, last, other_first, other_last in edits]
    if sum(sizes) <= (_MAX_SLIP if len(code) >= _LONG else 1):
        return True
    if len(edits) == 1 and edits[0][0] != "replace" and sizes[0] < len(code):
        return True
    return not any(c.isalpha() for _, start, end, first, last in edits for c in code[start:end] + other[first:last])


def _flat(blocks: Iterator[Block] | Sequence[Block]) -> str:
    """Return the text of blocks without white space, in lower case."""
    text = "\n".join(block.text for block in blocks)
    return _SPACE.sub("", _FILLED_IN.sub(r"<\1\2>", text)).casefold()


def _may_be_text(code: str) -> bool:
    """Return whether code may be translated, because it is in no programming language."""
    return bool(_FOREIGN.search(code)) or not any(character.isalnum() for character in code)


def _message(missing: Sequence[str], extra: Sequence[str]) -> str:
    if missing and extra:
        return file_messages.CHECK_TOKENS_REPLACED.fill(missing=_named(missing), extra=_named(extra))
    template = file_messages.CHECK_TOKENS_MISSING if missing else file_messages.CHECK_TOKENS_EXTRA
    return template.fill(tokens=_named(missing or extra))


def _named(tokens: Sequence[str]) -> str:
    """Return the first tokens of a list for a message."""
    shown = [token if len(token) <= _MAX_TOKEN else f"{token[: _MAX_TOKEN - 1]}…" for token in tokens[:_MAX_NAMED]]
    return ", ".join([*shown, *(["…"] if len(tokens) > _MAX_NAMED else [])])


# Placeholders, tags and components


class _Raw:
    """The lines of a file, by block."""

    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        self._lines = text.split("\n")
        self._blocks = blocks
        self._starts = sorted({block.line for block in blocks})

    def text_of(self, block: Block) -> str:
        """Return the lines of a block, up to the next one."""
        from bisect import bisect_right

        at = bisect_right(self._starts, block.line)
        end = self._starts[at] - 1 if at < len(self._starts) else len(self._lines)
        return "\n".join(self._lines[block.line - 1 : end])

    def tokens_of(self, block: Block) -> Tokens:
        """Return the placeholders in the lines of a block; none for one that begins on the line of another."""
        if block.kind in VERBATIM_KINDS:
            return self._behind_code(block)
        return placeholders_of(self.text_of(block))

    def _behind_code(self, block: Block) -> Tokens:
        """Return the placeholders in the lines behind a code block."""
        lines = self.text_of(block).split("\n")
        return placeholders_of("\n".join(lines[block.text.count("\n") + 2 :]))


def placeholders_of(text: str) -> Tokens:
    """Return the placeholders, template tags and components of a text, outside its code."""
    found: Tokens = Counter()
    if not any(mark in text for mark in "{%<"):
        return found
    text = _CODE_SPAN.sub(" ", without_comments(text))
    for closing, name in _SHORTCODE.findall(text):
        found[f"{{{{< {closing}{name} >}}}}"] += 1
    for name in _LIQUID.findall(text):
        found[f"{{% {name} %}}"] += 1
    for inner in _EXPRESSION.findall(text):
        if not _FOREIGN.search(inner):
            found[f"{{{{ {inner} }}}}"] += 1
    for mark, name in _NAMED.findall(text):
        found[f"{mark}{{{name}}}"] += 1
    found.update(_PRINTF.findall(text))
    for closing, name in _COMPONENT.findall(text):
        found[f"<{closing}{name}>"] += 1
    return found


def without_comments(text: str) -> str:
    """Return a text without comments, and without template tags that are written to be shown."""
    for mark, end in _COMMENTS:
        if mark in text:
            first, *rest = text.split(mark)
            text = first + "".join(part.partition(end)[2] if end in part else mark + part for part in rest)
    return text


def _check_placeholders(comparison: Comparison) -> Iterator[Finding]:
    source = _Raw(comparison.source_text, comparison.source.blocks)
    target = _Raw(comparison.target_text, comparison.target.blocks)
    found = [
        difference
        for pairs in comparison.sections.values()
        for difference in differences(_first_on_line(pairs), source.tokens_of, target.tokens_of, is_counted=True)
    ]
    opening = {token for difference in found for token in difference.missing}
    for difference in found:
        missing = sorted(token for token in difference.missing if _opening_of(token) not in opening)
        extra = sorted(difference.extra)
        if missing or (extra and not difference.missing):
            severity = "" if missing else INFO
            yield comparison.report("placeholder", difference.pair, _message(missing, extra), severity=severity)


def _opening_of(token: str) -> str:
    """Return the tag that a closing one ends; "" for any other token. Both are missing as one."""
    for mark in ("</", "{{< /"):
        if token.startswith(mark):
            return mark.removesuffix("/") + token[len(mark) :]
    return ""


def _first_on_line(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """Return the pairs with each line once: several blocks may begin on one line."""
    seen: set[tuple[str, int]] = set()
    found = []
    for pair in pairs:
        kept: dict[str, list[Block]] = {"source": [], "target": []}
        for side, blocks in (("source", pair.source), ("target", pair.target)):
            for block in blocks:
                if (side, block.line) not in seen:
                    seen.add((side, block.line))
                    kept[side].append(block)
        found.append(pair._replace(source=tuple(kept["source"]), target=tuple(kept["target"])))
    return found
