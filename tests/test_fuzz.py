"""Anything may come in: the same inputs in every run, so that what fails here fails everywhere.

benchmarks/fuzzing.py goes the same ways for longer, led by coverage.
"""

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.fuzzing import examples
from support.roundtrip import assert_safe, check, lost_words, page_of, read

from relmgr_cli.core.selection import choose_section
from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.article import Article
from relmgr_cli.errors import SectionAmbiguousError, SectionNotFoundError
from relmgr_cli.markdown.front_matter import read_front_matter
from relmgr_cli.search.query import parse_query

often = settings(derandomize=True, deadline=None, max_examples=examples(150))
seldom = settings(derandomize=True, deadline=None, max_examples=examples(80))

# Constructs that open without closing, nest and cross; a header's; bytes that are no text.
BLOCKS = (
    "\n|\n\n|---\n|+++\n|title: a\n|lang: ru\n|tags: [a, b]\n|- x\n|# |## |===|- |1. |12) |> |> [!NOTE]\n|- [x] |```|"
    "```py\n|    |"
    "  \n|<div>|</div>|<p id=a>|t\n: d|[^1]: |]: u"
)
INLINES = (
    "**|*|_|`|~~|[a](b)|![c](d)|![|](e)|[|]|(|)|<|>|[^1]|^[|<b>|</b>|<br>|<!--|-->|{#a}|\\|&amp;|&#27;|&#8238;|word|żółć|"
    "слово|в|и|世界|שלום|e\u0301|👨\u200d👩\u200d👧|\t|\0|\x1b[31m|\u202e|\u200b|\u115f|{{< ref a >}}|[[a]]|http://a|1.10|$"
)
TABLES = ["| a | b |\n|---|---|\n| c | d |\n", "|", "|-|"]
PIECES = st.sampled_from([*BLOCKS.split("|"), *INLINES.split("|"), *TABLES])
ANYHOW = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)
# And as people write it: lines that begin as some block does.
STARTS = st.sampled_from(
    ["", "", "# ", "## ", "- ", "  - ", "1. ", "> ", "    ", "[^1]: ", ": ", "|", "```\n", "<p>", "***\n"]
)
WORDS_AND_MARKS = st.lists(st.sampled_from(["word", "żółć", "слово", "*", "`", "[a](b)", "|", "1"]), max_size=5)


def _text(lines: list[tuple[str, list[str]]], end: str) -> str:
    """Return the lines, each with a word that no other has."""
    return end.join(f"{start}only{number}here {' '.join(rest)}" for number, (start, rest) in enumerate(lines))


BLOCKWISE = st.builds(_text, st.lists(st.tuples(STARTS, WORDS_AND_MARKS), max_size=15), st.sampled_from(["\n\n", "\n"]))
MARKDOWN = BLOCKWISE | ANYHOW
BROKEN = st.sampled_from([b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\x80", b"\xc4", b"\r\n", b"\r", b"\xed\xb0\x80"])
DATA = st.lists(MARKDOWN.map(lambda text: text.encode("utf-8", "surrogatepass")) | BROKEN | st.binary(max_size=9)).map(
    b"".join
)


@pytest.mark.slow
@often
@given(DATA)
@example(b"![" * 300 + b"a" + b"](b)" * 300)  # nested deeper than Python calls functions
@example(b"+++\n" + b"a." * 3000 + b"a = 1\n+++\n")
def test_any_bytes_become_a_page_or_are_refused_and_no_word_is_lost(data: bytes) -> None:
    check(data)


@pytest.mark.slow
@often
@given(st.sampled_from(["---\n{}\n---\n", "+++\n{}\n+++\n", "%{{\n{}\n---\n", "{{\n{}\n}}\n", "{}"]), MARKDOWN)
def test_any_header_leaves_the_rest_as_it_is(form: str, inner: str) -> None:
    text = form.format(inner) + "the rest"
    header = read_front_matter(text, "a.md")
    assert "the rest" in "\n".join(text.split("\n")[header.lines :])
    stack = list(header.values.values())
    while stack:
        value = stack.pop()
        assert isinstance(value, str | list | dict)
        stack += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []


WORDS = [
    "OR",
    "-",
    '"',
    "*",
    "'",
    "„",
    "”",
    "a",
    "manager's",
    "słowo",
    "слово",
    "世界",
    "-a",
    "a*",
    '"a b"',
    " ",
    "\0",
    "\udcff",
]


@pytest.mark.slow
@often
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=4)).map("".join))
def test_any_text_is_a_query(text: str) -> None:
    query = parse_query(text)
    for item in (*(item for group in query.groups for item in group), *query.excluded):
        assert item.words
        assert item.kind in ("word", "phrase", "prefix")
    assert all(query.groups)


@seldom
@given(
    MARKDOWN,
    st.text(max_size=12) | st.sampled_from(["1", "1.", "1.1", "a", "", " ", "0", "word", "#a", "-1", "1" * 5000]),
)
def test_any_address_of_a_section_names_one_or_says_why_not(text: str, address: str) -> None:
    document = read("# word\n\n" + text, "a.md")
    sections, units = align({"pl": document})
    article = Article("a", {"pl": document}, sections, units, None, "alone")
    with suppress(SectionNotFoundError, SectionAmbiguousError):
        assert choose_section(article, address) in sections


@seldom
@given(st.lists(MARKDOWN, min_size=2, max_size=3))
def test_any_documents_can_be_laid_out_together(texts: list[str]) -> None:
    documents = {f"x{number}": read(text, "a.md") for number, text in enumerate(texts)}
    page_of(documents, *documents)


CELLS = st.lists(st.text(st.sampled_from("abc żя"), max_size=25), min_size=1, max_size=6)


@seldom
@given(st.integers(1, 6), st.lists(CELLS, max_size=5), st.integers(10, 200))
def test_every_word_of_a_table_is_on_the_page_at_every_width(columns: int, rows: list[list[str]], width: int) -> None:
    text = f"|{'h|' * columns}\n|{'-|' * columns}\n" + "".join(f"|{'|'.join(row)}|\n" for row in rows)
    document = read(text, "a.md")
    page = page_of({"pl": document}, "pl", columns=width)
    cells = [cell for row in rows for cell in row[:columns]]
    shown = "".join(filter(str.isalnum, page))
    assert [word for cell in cells for word in cell.split() if len(word) <= 5 and word not in shown] == []


def test_what_is_not_on_the_page_is_noticed() -> None:
    assert lost_words("# one\n\n*two* `three`\n\n|four|\n|-|\n|five|\n", "one two") == ["three", "four", "five"]


@pytest.mark.parametrize("character", ["\x1b", "\x9b", "\u202e", "\u2028", "\udc80"])
def test_what_is_not_safe_on_a_page_is_noticed(character: str) -> None:
    with pytest.raises(AssertionError):
        assert_safe(f"a{character}b")
