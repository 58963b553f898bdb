import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.work import Clock

from relmgr_cli.markdown import parser
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.markdown.parser import Heading, Parsed, parse_markdown

ONE_MIB = 1 << 20


def parse(text: str) -> Parsed:
    return parse_markdown(text, "a.md")


def blocks(text: str) -> list[Block]:
    return [part for part in parse(text).parts if isinstance(part, Block)]


def outline(text: str) -> list[tuple[str, str, str]]:
    """Return kind, containers and text of every part."""
    return [
        (block.kind, " ".join(f"{c.kind}({c.marker})" for c in block.containers), block.text) for block in blocks(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("one\ntwo", [("paragraph", "", "one two")], id="paragraph"),
        pytest.param("one  \ntwo\\\nthree", [("paragraph", "", "one\ntwo\nthree")], id="hard-breaks"),
        pytest.param("漢字\n漢字", [("paragraph", "", "漢字漢字")], id="no-space-between-ideographs"),
        pytest.param("- a\n- b", [("item", "bullet()", "a"), ("item", "bullet()", "b")], id="bullets"),
        pytest.param("3) a\n4) b", [("item", "ordered(3))", "a"), ("item", "ordered(4))", "b")], id="ordered"),
        pytest.param(
            "1. a\n   - b\n2. c",
            [("item", "ordered(1.)", "a"), ("item", "ordered(1.) bullet()", "b"), ("item", "ordered(2.)", "c")],
            id="nested-list",
        ),
        pytest.param("- a\n\n  b", [("item", "bullet()", "a"), ("paragraph", "bullet()", "b")], id="two-paragraphs"),
        pytest.param("- [x] a\n- [ ] b", [("item", "bullet(x)", "a"), ("item", "bullet( )", "b")], id="tasks"),
        pytest.param("- \n- a", [("item", "bullet()", ""), ("item", "bullet()", "a")], id="empty-item"),
        pytest.param("> a\n>\n> b", [("quote", "quote()", "a"), ("quote", "quote()", "b")], id="quote"),
        pytest.param("- > a", [("quote", "bullet() quote()", "a")], id="quote-in-an-item"),
        pytest.param("> [!WARNING]\n> a", [("quote", "alert(warning)", "a")], id="alert"),
        pytest.param(">\n\na", [("paragraph", "", "a")], id="empty-quote"),
        pytest.param("> # a", [("heading", "quote()", "a")], id="heading-in-a-quote"),
        pytest.param("- # a", [("heading", "bullet()", "a")], id="heading-in-an-item"),
        pytest.param(
            "t\n: a\n: b", [("term", "", "t"), ("definition", "definition()", "a"), ("definition", "definition()", "b")]
        ),
        pytest.param("```py x\n a\n```", [("code", "", " a")], id="fence"),
        pytest.param("    a\n\n    b", [("code", "", "a\n\nb")], id="indented-code"),
        pytest.param("***", [("rule", "", "")], id="rule"),
        pytest.param("|a|b|\n|-|-|\n|1|2|", [("table", "", "a\tb\n1\t2")], id="table"),
        pytest.param("<p>a <b>b</b></p>\n<p>c</p>", [("html", "", "a b"), ("html", "", "c")], id="html"),
        pytest.param("<!-- a -->\n\n<script>b()</script>\n\n<style>c</style>", [], id="silent-html"),
        pytest.param("a<!-- x --> b<br>c", [("paragraph", "", "a b\nc")], id="inline-html"),
        pytest.param("", [], id="empty"),
    ],
)
def test_text_becomes_flat_blocks_that_know_their_containers(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        pytest.param("- a\n- b\n- c", [True, False, False], id="tight"),
        pytest.param("- a\n\n- b", [True, True], id="loose"),
        pytest.param("- a\n  - b\n- c", [True, False, False], id="tight-nested"),
        pytest.param("- a\n\np\n\n- b\n- c", [True, True, True, False], id="two-lists"),
    ],
)
def test_only_the_first_item_of_a_tight_list_has_a_gap_before_it(text: str, gaps: list[bool]) -> None:
    assert [block.gap for block in blocks(text)] == gaps


def test_list_items_are_distinguished_by_container_number() -> None:
    first, second, third = blocks("- a\n\n  b\n- c")
    assert first.containers == second.containers != third.containers


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("*a*", Span("a", ("emphasis",))),
        ("**a**", Span("a", ("strong",))),
        ("***a***", Span("a", ("emphasis", "strong"))),
        ("`a*b*`", Span("a*b*", ("code",))),
        ("~~a~~", Span("a", ("deleted",))),
        ("<ins>a</ins>", Span("a", ("inserted",))),
        ("^^a^^", Span("a", ("inserted",))),
        ("[a](/b 'title')", Span("a", (), "/b")),
        ("[**a**](/b)", Span("a", ("strong",), "/b")),
        ("[a]\n\n[a]: /b", Span("a", (), "/b")),
        ("<https://a.pl>", Span("https://a.pl", (), "https://a.pl")),
        ("![a *b*](c.png)", Span("a b", ("image",), "c.png")),
        ("[![a](b.png)](c)", Span("a", ("image",), "b.png", "c")),
        ('<a href="c"><img src="b.png" alt="a"></a>', Span("a", ("image",), "b.png", "c")),
        ('<p><a href="c"><img src="b.png" alt="a"></a></p>', Span("a", ("image",), "b.png", "c")),
        ("[a](/ż ó)", Span("[a](/ż ó)")),
        ("[a](</ż ó>)", Span("a", (), "/%C5%BC%20%C3%B3")),
        ("<b>a</b>", Span("a", ("strong",))),
        ('<a href="/b">a</a>', Span("a", (), "/b")),
        ('<img src="b.png" alt="a">', Span("a", ("image",), "b.png")),
        ("<b>**a**</b>", Span("a", ("strong",))),
    ],
)
def test_an_inline_style_becomes_a_span(text: str, span: Span) -> None:
    (block,) = blocks(text)
    assert block.spans == (span,)


def test_styles_that_cross_html_tags_end_with_the_block() -> None:
    *_, last = blocks("<b>**a</b>** </a> [b</a>](/c)\n\nplain")
    assert last.spans == (Span("plain"),)


@pytest.mark.parametrize(("text", "language"), [("```py x", "py"), ("``` {.python}", "python"), ("```", "")])
def test_code_knows_its_language(text: str, language: str) -> None:
    assert blocks(f"{text}\na\n```")[0].info == language


def test_a_table_has_cells_and_column_alignments() -> None:
    (table,) = blocks("| a | b | c | d |\n|:--|:-:|--:|---|\n| `1` |  | [3](/x) |\n")
    assert table.info == "lcrl"
    assert [len(row) for row in table.rows] == [4, 4]
    assert table.rows[1] == ((Span("1", ("code",)),), (), (Span("3", (), "/x"),), ())


def test_a_heading_knows_its_level_its_text_and_its_line() -> None:
    parts = parse("# *A* b\n\nC\n---\n\n###### d").parts
    assert parts == (
        Heading(1, 1, (Span("A", ("emphasis",)), Span(" b"))),
        Heading(2, 3, (Span("C"),)),
        Heading(6, 6, (Span("d"),)),
    )


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("# a {#b}", ("b",)),
        ("# a {#b .c}", ("b",)),
        ("# a {/* #b */}", ("b",)),
        ("# a {/*b*/}", ("b",)),
        ("# a %{#b}%", ("b",)),
        ("# a\u3000{ #b }", ("b",)),
        ("# a {: #b .c }", ("b",)),
        ('# <a name="b"></a>a', ("b",)),
        ('# <span id="b">a</span>', ("b",)),
        ('<a id="b"></a>\n\n# a', ("b",)),
        ('<div id="b"></div>\n<a name="c"></a>\n\n# a', ("b", "c")),
        ("# a", ()),
        ("# a `{#b}`", ()),
    ],
)
def test_explicit_anchors_belong_to_the_heading_and_not_to_its_text(text: str, anchors: tuple[str, ...]) -> None:
    (heading,) = parse(text).parts
    assert isinstance(heading, Heading)
    assert heading.anchors == anchors
    assert "".join(span.text for span in heading.spans) == ("a {#b}" if "`" in text else "a")


def test_an_anchor_before_other_text_is_not_the_next_heading_s() -> None:
    heading = parse('<a id="b"></a>\n\nParagraph.\n\n# a').parts[-1]
    assert isinstance(heading, Heading)
    assert heading.anchors == ()


def test_footnotes_are_found_by_the_number_that_refers_to_them() -> None:
    parsed = parse("a[^x] b[^y] c[^x]\n\n[^y]: two\n\n[^x]: one\n\n    more")
    assert [span.text for span in parsed.parts[0].spans if "footnote" in span.styles] == ["[1]", "[2]", "[1]"]
    assert {number: [block.text for block in note] for number, note in parsed.footnotes.items()} == {
        "1": ["one", "more"],
        "2": ["two"],
    }
    assert [block.containers[-1].marker for block in parsed.footnotes["1"]] == ["1", "1"]


def test_an_unreferenced_footnote_has_its_label() -> None:
    ((note,),) = parse("a\n\n[^lost]: nobody refers to me").footnotes.values()
    assert (note.kind, note.text, note.containers[-1].marker) == ("footnote", "nobody refers to me", "lost")


def test_a_footnote_written_in_the_line_is_a_footnote() -> None:
    parsed = parse("a^[inline *x*] b[^1]\n\n[^1]: other")
    assert parsed.parts[0].spans[1] == Span("[1]", ("footnote",))
    assert [note[0].text for _, note in sorted(parsed.footnotes.items())] == ["inline x", "other"]


def test_lines_are_counted_from_the_start_of_the_file() -> None:
    text = "---\nt: a\n---\n# h\n\np\n\n- i\n\n  c\n\n> q\n\n```\nx\n```\n\n|a|\n|-|\n\n<p>\nh</p>\n\n***\n\nt\n: d\n"
    parsed = parse_markdown(text, "a.md", skip=3)
    assert [part.line for part in parsed.parts] == [4, 6, 8, 10, 12, 14, 18, 21, 24, 26, 27]


def test_skipped_text_is_not_parsed() -> None:
    assert [
        block.text for block in parse_markdown("- a\n# b\nc", "a.md", skip=2).parts if isinstance(block, Block)
    ] == ["c"]


@pytest.mark.parametrize("text", [">" * 150 + " deep", "\n".join("  " * n + "- x" for n in range(150))])
def test_nesting_beyond_the_limit_is_named(text: str) -> None:
    parsed = parse(f"before\n\n{text}")
    assert [problem.code for problem in parsed.problems] == ["nesting"]
    assert isinstance(parsed.parts[0], Block)
    assert parsed.parts[0].text == "before"


def test_nesting_within_the_limit_is_preserved() -> None:
    parsed = parse(">" * 20 + " deep")
    assert not parsed.problems
    (block,) = parsed.parts
    assert isinstance(block, Block)
    assert (block.text, len(block.containers)) == ("deep", 20)


def test_a_large_text_is_shown_plain_up_to_the_limit_and_says_so() -> None:
    parsed = parse("# a\n\n*word* and some more of them\n" * (ONE_MIB // 30))
    (problem,) = parsed.problems
    assert problem.code == "large"
    assert "plain text" in problem.message
    shown = [part for part in parsed.parts if isinstance(part, Block)]
    assert {block.kind for block in shown} == {"code"}
    assert ONE_MIB * 0.99 < sum(len(block.text) for block in shown) <= ONE_MIB
    assert shown[1].line > shown[0].line


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 50_000, id="brackets"),
        pytest.param("*a " * 30_000, id="stars"),
        pytest.param("![[]()" * 20_000, id="images"),
        pytest.param("`" + "``a" * 20_000, id="backticks"),
        pytest.param("[^a]: b\n" * 20_000, id="footnotes"),
    ],
)
def test_text_made_to_keep_the_parser_busy_is_given_up_in_time_and_still_shown(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(parser, "time", Clock(0.001))
    parsed = parse(text)
    shown = [*parsed.parts, *(block for note in parsed.footnotes.values() for block in note)]
    assert sum(part.text.count(text[:1]) for part in shown if isinstance(part, Block)) > 1000
    assert all(problem.code == "large" for problem in parsed.problems)


PIECES = [
    *(
        ":::",
        "::::",
        ":::note[a]\n",
        "\n:::\n",
        "/// tab | a\n",
        "///",
        '!!! note "a"\n',
        '=== "a"\n',
        "??? a\n",
        "\n$$\n",
    ),
    *(
        "{{< tab a >}}",
        "{{< /tab >}}",
        "{% note %}",
        "{% endnote %}",
        "{% raw %}",
        "{% highlight a %}",
        "{:",
        "{: .a}",
        "}",
    ),
    *(
        "[[a]]",
        "![[",
        "==",
        "%%",
        "$",
        "\\(",
        "\\)",
        "<Tab label='a'>",
        "</Tab>",
        "<A b={",
        "{/*",
        "*/}",
        "{'a'}",
        "^ab",
    ),
    *(
        "<details>",
        "<summary>",
        "</summary>",
        "</details>",
        "<Note>\n",
        "\n</Note>\n",
        "import a from 'b'\n",
        "> [!a] b\n",
    ),
    *(
        "# ",
        "- ",
        "1. ",
        "> ",
        "    ",
        "```",
        "|a|b|\n|-|-|\n|",
        "***",
        "**",
        "*",
        "_",
        "`",
        "~~",
        "[x](",
        ")",
        "](",
        "![",
    ),
    *(
        "[^1]",
        "[^1]: ",
        "^[",
        "]",
        "t\n: d",
        "<b>",
        "</b>",
        "<a href=",
        "<!--",
        "-->",
        "<div id='x'>",
        "</div>",
        "{#a}",
    ),
    *(
        "> [!NOTE]\n",
        "- [x] ",
        "\n",
        "\n\n",
        "  \n",
        "\\",
        "&amp;",
        "\t",
        "\0",
        "word",
        "żółw",
        "漢",
        "\u200b",
        "\udc80",
    ),
]


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
def test_no_text_at_all_makes_the_parser_fail(text: str) -> None:
    text = text.replace("\r", "\n")  # as every file is read
    check_parts(text, parse(text))
    check_parts(text, parse_markdown(text, "a.mdx"))


def check_parts(text: str, parsed: Parsed) -> None:
    """Check what holds for any text: the parser does not fail, and every line is one of the file."""
    assert all(problem.code == "nesting" for problem in parsed.problems), parsed.problems
    last_line = text.count("\n") + 1
    for part in [*parsed.parts, *(block for note in parsed.footnotes.values() for block in note)]:
        assert 1 <= part.line <= last_line
        assert all(isinstance(span, Span) for span in part.spans)


@settings(deadline=None)
@given(st.lists(st.text("abżя ", min_size=1).filter(str.strip), min_size=1))
def test_no_word_of_plain_paragraphs_is_lost(paragraphs: list[str]) -> None:
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    assert [block.text for block in blocks(text)] == text.split("\n\n")
