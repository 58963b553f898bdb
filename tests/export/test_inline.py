import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.markdown_again import blocks_of, content

from relmgr_cli.export.inline import block_text, inline_markdown
from relmgr_cli.markdown.blocks import Block, Span


@pytest.mark.parametrize(
    "text",
    [
        "snake_case, 2 * 3, C#, a|b, f(x)[0], 50 %, $5 and $6, ~5, a == b, < 3, AT&T, x > y",
        "https://example.org/a_b_c?d=e&f=g",
        "*a* **b** ***c*** ~~d~~ ==e== `f` $x^2$",
        "**a *b* c** and *d **e***",
        "``a`b`` `` ` `` `*c*`",
        "[a](b.md) [a **b**](c.md#d) **[e](f)** [`g`](h) <https://example.org>",
        "[a](статья.md) [b](<a b.md>) [c](a(b).md)",
        "![a](b.png) ![a [b]](c.png) [[a]](b) [a\\]](b)",
        "a [![b](c.png) d](e) [![f [g]](h.png)](i)",
        "a\\\nb\\\n**c**",
        "a[^1] b[^2][^3]",
        "[[Page#Part|text]]",
        "C:\\Users\\me *",
        "1986\\. A year",
        "\\# no heading",
        "\\- no item",
        "\\> no quote",
        "\\[a]: /b",
        "\\[x] no task",
        "\\[!note]",
        "\\: no definition",
        "\\<div> \\&amp; \\*a\\* \\[a]\\(b) \\`a\\`",
        "日本語**「強調」**です",
    ],
)
def test_what_a_file_says_is_written_as_it_stands_there(text: str) -> None:
    notes = "".join(f"\n\n[^{number}]: x" for number in (1, 2, 3))
    block = blocks_of(text + notes)[0]
    written = block_text(block)
    assert written == text.replace("<a b.md>", "a%20b.md")
    assert content(blocks_of(written + notes)[:1]) == content([block])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("__a__ _b_", "**a** *b*"),
        ("a  \nb", "a\\\nb"),
        ("a\nb", "a b"),
        ("[a][b]\n\n[b]: /c 'd'", "[a](/c)"),
        ("a <b>b</b> <kbd>c</kbd><br>d", "a **b** `c`\\\nd"),
        ("<b>a<i>b</b>c</i>", "<strong>a<em>b</strong>c</em>"),
        ('a <a href="b c">d</a>', 'a <a href="b c">d</a>'),
        ("&lt;b&gt; &amp;lt; &#42;a*", "\\<b> \\&lt; \\*a\\*"),
        ("{{ page.title }}", "`page.title`"),
        ("# C#", "C#"),
        ("# A #\\#", "A #\\#"),
        ("# a<br>b", "a<br>b"),
    ],
)
def test_other_ways_to_write_it_become_the_common_one(text: str, written: str) -> None:
    assert block_text(blocks_of(text)[0]) == written


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (Block("code", 1, (Span("a\n```\nb"),), info="md"), "````md\na\n```\nb\n````"),
        (Block("code", 1, (Span("a"),), info="a`b"), "~~~a`b\na\n~~~"),
        (Block("math", 1, (Span("x^2"),)), "$$\nx^2\n$$"),
        (Block("math", 1, (Span("x\n\ny"),)), "```math\nx\n\ny\n```"),
        (Block("rule", 1), ""),
        (
            Block("table", 1, rows=(((Span("a|b"),), (Span("c", ("code",)),)), ((), (Span("\\|"),))), info="cr"),
            "| a\\|b | `c` |\n| :-: | --: |\n|  | \\\\\\| |",
        ),
    ],
)
def test_code_formulas_and_tables(block: Block, written: str) -> None:
    assert block_text(block) == written


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "JAVA\tSCRIPT:x", "&#106;avascript:x", "data:text/html,x", "vbscript:x"]
)
def test_a_target_that_could_do_something_is_left_out(target: str) -> None:
    assert inline_markdown([Span("a", ("strong",), target), Span(" b")]) == "**a** b"
    assert inline_markdown([Span("a", ("image",), target)]) == "a"
    assert inline_markdown([Span("a", ("image",), "b.png", target)]) == "![a](b.png)"
    assert inline_markdown([Span("a", ("image",), target, "b")]) == "[a](b)"


def test_markup_of_html_is_text() -> None:
    written = inline_markdown([Span("<script>alert(1)</script> <img src=x onerror=y>")])
    assert written == "\\<script>alert(1)\\</script> \\<img src=x onerror=y>"


@given(st.text(alphabet="ab1 \\`*_[]()<>!&;#~=$%{}|^:/+-.\"'\n@?xé日", max_size=30))
def test_any_text_of_a_paragraph_is_read_back(text: str) -> None:
    for block in blocks_of(text):
        if block.kind in ("paragraph", "item", "quote") and block.spans:
            again = blocks_of(block_text(block._replace(anchors=())))
            assert [(each.kind, each.spans) for each in again] == [("paragraph", block.spans)]


_STYLES = st.lists(
    st.sampled_from(["strong", "emphasis", "deleted", "inserted", "mark", "code"]), max_size=3, unique=True
)


@given(st.lists(st.tuples(st.text(alphabet="ab *_`<&[", min_size=1, max_size=4), _STYLES), min_size=1, max_size=5))
def test_any_styles_are_read_back(pieces: list[tuple[str, list[str]]]) -> None:
    spans = [Span("x"), *(Span(text, tuple(styles)) for text, styles in pieces), Span("x")]
    expected = content([Block("paragraph", 1, tuple(spans))])
    assert content(blocks_of(inline_markdown([Span(*each) for each in expected[0][1]]))) == expected


@pytest.mark.slow
def test_a_long_text_is_written_in_a_short_time() -> None:
    text = "*a [b `c <d> " * 5_000
    assert inline_markdown([Span(text.strip())]).startswith("\\*a \\[b \\`c")
