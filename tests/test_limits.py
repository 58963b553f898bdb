"""What keeps a file made to do harm from taking for ever: each limit, and that what it leaves out is said.

Work is counted, and the clocks that limit it are wound by the tests; benchmarks/patterns.py measures what is done in C.
"""

import re
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from conftest import Relmgr
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token
from pygments.lexer import Lexer
from support.health import article_of
from support.marks import slow
from support.work import Clock, growth

from relmgr_cli.core.selection import choose_section
from relmgr_cli.corpus import encoding, key_points
from relmgr_cli.corpus.alignment import gale_church, scoring
from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.errors import SectionNotFoundError
from relmgr_cli.health import check_numbers, check_structure
from relmgr_cli.health.check import check_article
from relmgr_cli.health.diff import changed_words
from relmgr_cli.languages import normalization
from relmgr_cli.layout import code, linebreak
from relmgr_cli.layout.hits import concordance
from relmgr_cli.layout.inline import TextStyle
from relmgr_cli.layout.line import plain_text
from relmgr_cli.markdown import parser
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.markdown.front_matter import read_front_matter
from relmgr_cli.markdown.inline import read_inline
from relmgr_cli.markdown.parser import Parsed, parse_markdown
from relmgr_cli.search.concordance import Occurrence
from relmgr_cli.search.query import parse_query
from relmgr_cli.store import article_builder
from relmgr_cli.terminal.target import OutputTarget


def parse(text: str) -> Parsed:
    return parse_markdown(text, "a.md")


def document(text: str, path: str = "a.md") -> Document:
    return parse_document(text, "/", path)


def shown(parsed: Parsed) -> str:
    return "\n".join(part.text for part in parsed.parts if isinstance(part, Block) and part.kind == "code")


# The parser.


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("[" * 50_000, "parsing took over 1.2 s", id="brackets"),
        pytest.param("\n\n".join(["<div " + "<a " * 15] * 200), "parsing took over 1.1 s", id="html, after the parser"),
        pytest.param("a\n\n" * 30_000, "too many blocks and inline elements", id="paragraphs"),
        pytest.param("|a|b|\n|-|-|\n" + "|c|d|\n" * 15_000, "too many blocks and inline elements", id="cells"),
    ],
)
def test_what_takes_too_long_is_shown_whole_as_plain_text_and_named(
    monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    if "took over" in reason:
        monkeypatch.setattr(parser, "time", Clock(0.01))
    parsed = parse(text)
    assert [str(problem) for problem in parsed.problems] == [f"a.md: large file: {reason}: shown as plain text"]
    assert re.sub(r"\s", "", shown(parsed)) == re.sub(r"\s", "", text)


def test_a_long_file_may_take_as_long_as_its_length_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    text = ("word " * 20_000 + "\n\n") * 5
    monkeypatch.setattr(parser, "time", Clock(0.1))
    assert parse(text).problems == ()
    monkeypatch.setattr(parser, "_SECONDS_A_CHARACTER", 0.0)
    assert [problem.code for problem in parse(text).problems] == ["large"]


def test_the_time_that_counts_is_that_of_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    late = iter([0.0])
    monkeypatch.setattr(parser, "time", time)
    monkeypatch.setattr(time, "monotonic", lambda: next(late, 1000.0))  # a machine that does other things
    assert parse("*word*").problems == ()
    busy = iter([0.0])
    late = iter([0.0])
    monkeypatch.setattr(time, "thread_time", lambda: next(busy, 1000.0))
    assert [problem.code for problem in parse("*word*").problems] == ["large"]


@pytest.mark.parametrize("text", ["a b\n" * 200_000, "word " * 300_000], ids=["lines", "characters"])
def test_what_is_left_out_of_a_large_file_is_said(text: str) -> None:
    parsed = parse(text)
    ((_, _, problem, message, _),) = parsed.problems
    first, of = (int(number.replace(",", "")) for number in re.findall(r"[\d,]+\d", message))
    assert problem == "large"
    assert of == len(text)
    assert 0 < first < of
    assert "".join(shown(parsed).split()) == "".join(text[:first].split())


def test_no_word_is_cut_where_plain_text_is_taken_apart() -> None:
    text = "".join(f"word{number}{' ' if number % 7 else chr(10)}" for number in range(150_000))
    words = [word for part in parse(text).parts if isinstance(part, Block) for word in part.text.split()]
    assert len(words) > 100_000
    assert words[:-1] == text.split()[: len(words) - 1]


def test_images_nested_deeper_than_python_calls_functions_are_read() -> None:
    (block,) = parse("![" * 300 + "a" + "](b)" * 300).parts
    assert Span("a", ("image",), "b") in block.spans  # and what is around it as it stands


def test_text_in_thousands_of_marks_is_read_in_one_pass() -> None:
    def nested(size: int) -> Callable[[], object]:
        tokens = [Token("em_open", "em", 1), Token("text", "", 0, content="a")] * size
        return lambda: read_inline(tokens)

    assert growth(nested, 500) < 2.2


def test_lines_of_a_paragraph_are_joined_in_one_pass() -> None:
    def lines(size: int) -> Callable[[], object]:
        tokens = [Token("text", "", 0, content="a" * 20), Token("softbreak", "br", 0)] * size
        return lambda: read_inline(tokens)

    assert growth(lines, 500) < 2.2


@pytest.mark.parametrize(
    "unit",
    [
        *(":::a\n", ":::a\n:::\n", "/// a\n", '=== "a"\n    b\n', "> [!a]\n\n", "{{< a >}}\n", "{{< tab a >}}\n"),
        *(
            "{% comment %}\n",
            "{% highlight a %}\n",
            "{% raw %}",
            "{{< a ",
            "{a ",
            "{/* ",
            "{: .a",
            "<A b={",
            "<A>",
            "<Tab>\n",
        ),
        *("</Tab>\n\n", "<details>\n\n", "<summary>", "$$a\n", "$a", "\\(a", "==a", "%%a", "%% a\n", "--8<--\n"),
        *("import {\n", "export const a = {\n\n", "**词（a）", "[a](b{{", "a ^b1\n\n"),
    ],
)
def test_dialects_without_an_end_are_read_in_one_pass(unit: str) -> None:
    def repeated(size: int) -> Callable[[], object]:
        text = unit * size
        return lambda: parse_markdown(text, "a.mdx")

    assert growth(repeated, 100) < 2.6


def test_the_parts_of_a_toml_key_are_counted_before_they_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tomllib.loads", None)
    header = read_front_matter("+++\n" + "a." * 5000 + "a = 1\n+++\ntext", "a.md")
    assert [problem.message for problem in header.problems] == ["invalid front matter: nested too deeply"]


# Colours.


class _Endless(Lexer):
    def get_tokens(self, text: str, *_: object) -> Iterator[tuple[object, str]]:  # type: ignore[override]
        while True:
            yield "Token.Keyword", text[:1]


@pytest.fixture
def budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give colours as much time as a new process has."""
    monkeypatch.setattr(code, "_MAX_SECONDS", 0.4)
    monkeypatch.setattr(code, "_budget", code.HighlightBudget())


SETTING = TextStyle(width=80, language="en")


@pytest.mark.usefixtures("budget")
def test_colours_are_given_up_between_two_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "_lexer", lambda _: _Endless())
    monkeypatch.setattr(code, "_MAX_SECONDS", 0.01)
    runs = code.code_lines("x" * 4000, "python", SETTING, 5000)
    assert plain_text(runs[0])[:4000] == "x" * 4000


@pytest.mark.usefixtures("budget")
def test_what_is_left_when_colours_are_given_up_is_plain_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(time.monotonic() + 1000)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    (line,) = code.code_lines("return 'a' # b", "python", SETTING, 80)
    assert [(run.text, run.style) for run in line] == [("return", "code.keyword"), (" 'a' # b", "")]


@pytest.mark.usefixtures("budget")
@pytest.mark.parametrize("language", sorted(code.LEXERS))
@pytest.mark.parametrize(
    "source", ["$ a\nb\n$", "\ufeffa\t\x0cb", *slow("mix ecto.migrate", "one\ntwo", ">>> a\nb", "#")]
)
def test_colours_leave_the_text_as_it_is(language: str, source: str) -> None:
    lines = code.code_lines(source, language, SETTING, 80)
    shown = code.code_lines(source, "", SETTING, 80)
    assert [plain_text(line) for line in lines] == [plain_text(line) for line in shown]


@pytest.mark.usefixtures("budget")
def test_what_one_block_takes_the_others_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(0, 0.2)
    monkeypatch.setattr(time, "thread_time", lambda: float(next(clock)))
    lines = [code.code_lines("return 1", "python", SETTING, 80)[0] for _ in range(9)]
    assert {line[0].style for line in lines} == {"code.keyword", ""}


@pytest.mark.usefixtures("budget")
def test_the_code_of_a_page_shares_one_time_and_gets_more_as_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    budget = code.HighlightBudget()
    monkeypatch.setattr(code, "_budget", budget)
    budget.charge(0.6)
    (line,) = code.code_lines("return 1", "python", SETTING, 80)
    assert [run.style for run in line] == [""]
    now = 102.0
    (line,) = code.code_lines("return 1", "python", SETTING, 80)
    assert line[0].style == "code.keyword"


# Layout.


@given(st.text(st.sampled_from("abcdefg. "), max_size=120), st.integers(1, 30))
def test_narrow_text_is_cut_where_any_other_is(line: str, width: int) -> None:
    pieces = linebreak.cut_line(line, width)
    words = linebreak.break_lines(line.replace(" ", ""), width)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linebreak, "_NARROW", re.compile("(?!)"))
        assert linebreak.cut_line(line, width) == pieces
        assert linebreak.break_lines(line.replace(" ", ""), width) == words


def test_a_concordance_looks_at_no_more_of_a_text_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from relmgr_cli.layout import hits as module

    looked_at: list[int] = []

    def looked(text: str) -> str:
        looked_at.append(len(text))
        return text

    monkeypatch.setattr(module, "sanitize_line", looked)
    text = "word " * 4000
    screen = OutputTarget(80, 80, False, False, "dark", "", show_urls=False, plain=False)
    list(concordance([Occurrence("t", "/", "a.md", "1", "en", text, 10_000, 10_004, None)], screen))
    assert max(looked_at) < 1000


# Alignment.


@pytest.mark.slow
def test_a_long_text_is_searched_in_a_narrower_corridor() -> None:
    for rows, columns in ((20_000, 20_000), (20_000, 5), (3000, 2000)):
        band = gale_church.find_band(rows, columns, [{} for _ in range(rows)])
        assert sum(high - low for low, high in band) < 2 * gale_church.MAX_BAND
        assert band[0][0] == 0
        assert band[-1][1] == columns
        assert all(low <= high for low, high in band)


def test_however_narrow_the_corridor_every_block_has_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gale_church, "MAX_BAND", 100)
    one = document("".join(f"# {'a' * (n % 9)}x\n\nword {n % 13}\n\n" for n in range(150)))
    other = document("".join(f"word {n % 11}\n\n- item\n\n" for n in range(100)))
    _, found = align({"pl": one, "ru": other})
    for language, text in (("pl", one), ("ru", other)):
        assert [n for unit in found for n in unit.blocks.get(language, ())] == list(range(len(text.blocks)))


@pytest.mark.slow
def test_kinds_are_compared_only_where_blocks_are(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    kind = vars(scoring.AlignmentScorer)["_score_classes"]

    def counted(*args: object) -> float:
        nonlocal compared
        compared += 1
        return float(kind(*args))

    monkeypatch.setattr(scoring.AlignmentScorer, "_score_classes", counted)
    monkeypatch.setattr(gale_church, "MAX_BAND", 1000)

    def nested(signs: str) -> str:
        texts = (f"{number:b}".replace("0", signs[0] + " ").replace("1", signs[1] + " ") for number in range(256))
        return "".join(f"{text}a\n\n***\n\n" for text in texts)

    align({"pl": document(nested(">-")), "ru": document("a\n\n" + nested(">-"))})
    assert 0 < compared < 20_000  # all with all would be 60,000 and more


def test_a_long_article_waits_for_index_to_be_aligned_by_meaning(
    monkeypatch: pytest.MonkeyPatch, relmgr: Relmgr, tmp_path: Path
) -> None:
    monkeypatch.setattr(article_builder, "_MAX_BLOCKS_INTERACTIVE", 3)
    asked: list[object] = []

    def tasks(*given: object) -> dict[int, object]:
        asked.append(given)
        return {}

    monkeypatch.setattr(article_builder, "_tasks_with_vectors", tasks)
    (tmp_path / "a.pl.md").write_text("To jest po polsku, ale nie wszystko tutaj.\n\nNie ma i nie było.\n\n# Więc\n")
    (tmp_path / "a.ru.md").write_text("Это по-русски, но не всё здесь.\n\nЕго нет и не было.\n\n- Но\n\n# Итак\n")
    result = relmgr("-C", tmp_path, "show", "--lang", "pl,ru")
    assert (result.code, asked) == (0, [])
    assert "long article, aligned by structure" in result.err
    assert "Итак" in result.out
    relmgr("-C", tmp_path, "index")
    assert asked
    assert "long article" not in relmgr("-C", tmp_path, "show", "--lang", "pl,ru").err


def test_key_points_are_found_in_one_look_at_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    beginnings = vars(key_points)["_beginnings"]

    def counted(blocks: tuple[Block, ...]) -> object:
        nonlocal seen
        seen += len(blocks)
        return beginnings(blocks)

    monkeypatch.setattr(key_points, "_beginnings", counted)
    text = document(
        "".join(f"## h{n}\n\n- One of the sentences here is this one.\n- And so is that one.\n" for n in range(300))
    )
    sections, _ = align({"en": text})
    key_points.find_key_points({"en": text}, sections)
    assert seen < 5 * len(text.blocks)


# What is typed, and bytes.


def test_a_question_has_an_end_and_says_so(relmgr: Relmgr, tmp_path: Path) -> None:
    assert sum(len(group) for group in parse_query("a1 OR " * 5).groups) == 1
    for text in (
        " ".join(f"w{n}" for n in range(5000)),
        " OR ".join(f"w{n}" for n in range(5000)),
        '"' + "a b " * 9000,
    ):
        query = parse_query(text)
        assert query.is_cut
        assert sum(len(item.words) for group in query.groups for item in group) <= 100
    assert parse_query("- " * 10_000 + "end")[1:4] == ((), (), True)
    assert not parse_query("one two").is_cut
    (tmp_path / "a.md").write_text("# a\n\nword\n")
    assert "only its first words" in relmgr("-C", tmp_path, "search", *["word"] * 3000).err


def test_near_misses_are_looked_for_among_so_many_names(monkeypatch: pytest.MonkeyPatch) -> None:
    import difflib

    compared: list[tuple[int, int]] = []

    def matches(word: str, names: Iterator[str], *_: float) -> list[str]:
        compared.append((len(word), len(list(names))))
        return []

    monkeypatch.setattr(difflib, "get_close_matches", matches)
    assert normalization.nearest("a" * 10**6, {str(n): n for n in range(20_000)}) is None
    assert compared == [(100, 5000)]


@pytest.mark.slow
def test_the_address_of_a_section_may_be_of_any_length() -> None:
    text = document("".join(f"# heading {n}\n\n" for n in range(3000)))
    sections, found = align({"en": text})
    article = Article("a", {"en": text}, sections, found, None, "alone")

    def look(size: int) -> Callable[[], None]:
        def find() -> None:
            with pytest.raises(SectionNotFoundError):
                choose_section(article, "haeding " * size)

        return find

    assert growth(look, 50) < 1.1  # no more of it is compared than so many letters


def test_encodings_of_old_are_told_from_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def readability(text: str) -> int:
        looked_at.append(len(text))
        return 0

    monkeypatch.setattr(encoding, "_readability", readability)
    data = b"plain text first. " * 100_000 + "съешь ещё этих мягких булок ".encode("cp1251") * 10_000
    encoding.decode(data, "a.md")
    assert max(looked_at) <= 1 << 16


def test_the_sample_is_where_the_letters_are() -> None:
    data = b"plain text first. " * 100_000 + "съешь ещё этих мягких булок ".encode("cp1251") * 10_000
    text, notice = encoding.decode(data, "a.md")
    assert (notice, text[-28:]) == ("not UTF-8: read as cp1251", "съешь ещё этих мягких булок ")


# Checks of translations.


def fence(number: int, name: str) -> str:
    return f"```\n{name}{number} = {number * number}\n```\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "before", "between"),
    [
        pytest.param(lambda number, name: f"{number}{'7' * len(name)}", "", " ", id="numbers"),
        pytest.param(lambda number, name: f"`{name}{number}`", "", " ", id="inline code", marks=pytest.mark.slow),
        pytest.param(lambda number, name: f"[x]({name}{number})", "", " ", id="links", marks=pytest.mark.slow),
        pytest.param(lambda number, name: f"{{{name}{number}}}", "", " ", id="placeholders"),
        pytest.param(lambda number, name: f"| {name}{number} | x |", "| a | b |\n|-|-|\n", "\n", id="rows"),
        pytest.param(
            lambda number, name: f"    {name}{number} = {number * number}",
            "a\n\n",
            "\n",
            id="lines of code",
            marks=pytest.mark.slow,
        ),
        pytest.param(fence, "", "\n", id="code blocks"),
        pytest.param(
            lambda number, name: f"## {name} {number} {{#{name}{number}}}",
            "",
            "\n\n",
            id="anchors",
            marks=pytest.mark.slow,
        ),
        pytest.param(lambda number, name: f"- {name if number % 2 else 'c'} {number}", "", "\n", id="list items"),
        pytest.param(lambda _, name: f"<{name.title()}>", "", "\n\n", id="open tags", marks=pytest.mark.slow),
        pytest.param(
            lambda number, name: f"{name} {number}\n\n<!-- relmgr: ignore anchor -->", "", "\n\n", id="ignore comments"
        ),
    ],
)
def test_a_check_takes_work_in_proportion_to_the_texts(
    monkeypatch: pytest.MonkeyPatch, unit: Callable[[int, str], str], before: str, between: str
) -> None:
    monkeypatch.setattr(check_structure, "_MAX_ROWS", 20)  # up to these each is compared with each
    monkeypatch.setattr(check_numbers, "_MAX_COMPARED", 20)

    def check(size: int) -> Callable[[], object]:
        shorter = range(0, size, 2) if unit(1, "b").startswith("- ") else range(size - 1)
        texts = {
            "en": before + between.join(unit(number, "a") for number in range(size)),
            "pl": before + between.join(unit(number, "bb") for number in shorter),
        }
        article = article_of(texts)
        return lambda: check_article(article, texts=texts)

    assert growth(check, 100) < 2.3


def test_the_words_of_a_long_block_are_not_compared_one_by_one() -> None:
    def compare(size: int) -> Callable[[], object]:
        old, new = (" ".join(f"{name}{number}" for number in range(size)) for name in "ab")
        return lambda: changed_words(old, new)

    assert growth(compare, 4000) < 2.3


@pytest.mark.slow
def test_hostile_files_take_nothing_from_the_others(relmgr: Relmgr, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"good{number}.md").write_text(f"# Good {number}\n\nneedle{number} in a text\n")
    for name, text in {
        "brackets": "[" * 5_000,
        "headings": "# h\n\n" * 30_000,
        "lines": "\n" * 300_000,
        "keys": "+++\n" + "a." * 20_000 + "a = 1\n+++\n",
        "deep": "---\nt: " + "[" * 20_000 + "\n---\n",
        "empty": "",
    }.items():
        (tmp_path / f"{name}.md").write_text(text)
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 100)
    result = relmgr("-C", tmp_path, "index")
    assert result.code == 0
    assert result.err.count("large file") == 2
    assert "needle7" in relmgr("-C", tmp_path, "search", "--exact", "needle7").out
