from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pytest
from conftest import shared
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.export.block_html import block_html, blocks_html
from relmgr_cli.markdown.blocks import Block, Container, Span
from relmgr_cli.markdown.parser import parse_markdown

ALLOWED = frozenset(
    "p h1 h2 h3 h4 h5 h6 a img strong em code del ins mark sup span br pre table thead tbody tr th td ul ol li dl dt "
    "dd blockquote aside div hr".split()
)
ATTRIBUTES = frozenset("href src alt class dir translate start value".split())


def blocks_of(text: str) -> list[Block]:
    parsed = parse_markdown(text, "a.md")
    blocks = [
        part if isinstance(part, Block) else Block("heading", part.line, part.spans, info=str(part.level))
        for part in parsed.parts
    ]
    return blocks + [block for note in parsed.footnotes.values() for block in note]


def html_of(text: str, *, images: bool = False) -> str:
    return blocks_html(blocks_of(text), link=lambda href: href, image=lambda source: source if images else "")


def checked(html: str) -> ET.Element:
    """Return the elements; nothing else than what is made here may be among them."""
    root = ET.fromstring(f"<div>{html}</div>")  # noqa: S314 (made by the test)
    for element in root.iter():
        assert element.tag in ALLOWED
        assert set(element.attrib) <= ATTRIBUTES
    return root


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A *b*", "<h1>A <em>b</em></h1>"),
        ("a **b *c*** d", "<p>a <strong>b <em>c</em></strong> d</p>"),
        ('`<b>` & "', "<p><code>&lt;b&gt;</code> &amp; &quot;</p>"),
        ("[a `b`](c.md)", '<p><a href="c.md">a <code>b</code></a></p>'),
        ("**[a](b)** ~~c~~ ==d==", '<p><strong><a href="b">a</a></strong> <del>c</del> <mark>d</mark></p>'),
        ("a\\\nb", "<p>a<br/>b</p>"),
        ("![a](b.png)", '<p><a class="image" href="b.png">a</a></p>'),
        ("[![a](b.png)](c)", '<p><a href="c"><span class="image">a</span></a></p>'),
        ("$x^2$", '<p><code class="math">x^2</code></p>'),
        ("- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- [x] a\n- [ ] b", '<ul><li class="task">☑ a</li><li class="task">☐ b</li></ul>'),
        ("> a\n>\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"),
        ("> [!NOTE]\n> a", '<aside class="alert alert-note"><p class="title">Note</p><p>a</p></aside>'),
        ("> [!tip] B\n> a", '<aside class="alert alert-tip"><p class="title">B</p><p>a</p></aside>'),
        ('=== "B"\n\n    a', '<div class="tab"><p class="title">B</p><p>a</p></div>'),
        ("A\n: b\n: c", "<dl><dt>A</dt><dd><p>b</p></dd><dd><p>c</p></dd></dl>"),
        (
            "a[^1]\n\n[^1]: b",
            '<p>a<sup class="footnote">[1]</sup></p><aside class="footnote"><p class="label">[1]</p><p>b</p></aside>',
        ),
        (
            "```py x\na < b\n```",
            '<pre dir="ltr" translate="no"><code class="language-py">a &lt; b</code></pre>',
        ),
        ("$$\nx < 1\n$$", '<pre class="math" dir="ltr" translate="no"><code>x &lt; 1</code></pre>'),
        (
            "| a | b |\n|:-:|--:|\n| c | d |",
            (
                '<table><thead><tr><th class="center">a</th><th class="right">b</th></tr></thead>'
                '<tbody><tr><td class="center">c</td><td class="right">d</td></tr></tbody></table>'
            ),
        ),
        ("---", "<hr/>"),
        ("<div onclick='x'>a <b>c</b></div>", "<p>a <strong>c</strong></p>"),
    ],
)
def test_each_kind_of_block_has_its_element(text: str, html: str) -> None:
    assert html_of(text) == html
    checked(html)


def test_a_heading_gets_the_level_of_the_page() -> None:
    heading = Block("heading", 1, (Span("a"),), info="2")
    assert block_html(heading, link=str, image=str, level=4) == "<h4>a</h4>"


def test_an_image_is_where_the_caller_says() -> None:
    block = Block("paragraph", 1, (Span('"a"', ("image",), "b.png"),))
    html = block_html(block, link=str, image=lambda _: "images/1.png")
    assert html == '<p><img src="images/1.png" alt="&quot;a&quot;"/></p>'


def test_a_definition_without_its_term_is_in_no_list() -> None:
    alone = Block("definition", 1, (Span("a"),), (Container(1, "definition"),))
    assert blocks_html([alone], link=str, image=str) == '<div class="definition"><p>a</p></div>'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        '<a href="javascript:alert(1)">a</a>',
        '<a href="&#106;avascript:alert(1)">a</a>',
        "[a](data:text/html,x) [b][c]\n\n[c]: vbscript:x",
        '![a](javascript:alert(1)) <img alt="b" src="javascript:alert(1)">',
        '<https://a"onclick=alert(1)>',
        '```"><script>\nx\n```',
        '> [!"><script>]\n> a',
        '[a](<b" onclick="alert(1)>)',
        "&lt;script&gt; &#0; &#27; \x01 \ufffe \u202e",
        "<svg><script>a</script></svg>\n\n<style>x</style>",
    ],
)
def test_nothing_of_a_hostile_document_becomes_markup(text: str) -> None:
    root = checked(html_of(text, images=True))
    for element in root.iter():
        for value in element.attrib.values():
            assert not value.strip().lower().startswith(("javascript:", "data:", "vbscript:"))


@pytest.mark.slow
def test_deep_nesting_and_huge_tables_are_written() -> None:
    deep = [Block("paragraph", 1, (Span("a"),), tuple(Container(n, "quote") for n in range(500)))]
    checked(blocks_html(deep, link=str, image=str))
    row = tuple((Span(str(number)),) for number in range(50))
    checked(blocks_html([Block("table", 1, rows=(row,) * 1000, info="l" * 50)], link=str, image=str))


def _containers() -> st.SearchStrategy[Sequence[Container]]:
    kinds = st.sampled_from("quote alert tab bullet ordered definition footnote".split())
    return st.lists(st.builds(Container, st.integers(1, 3), kinds, st.text(max_size=3)), max_size=4)


def _spans() -> st.SearchStrategy[Sequence[Span]]:
    styles = st.lists(
        st.sampled_from("strong emphasis code deleted inserted mark math image footnote".split()), max_size=3
    )
    return st.lists(st.builds(Span, st.text(max_size=5), styles.map(tuple), st.text(max_size=5)), max_size=4)


@pytest.mark.slow
@given(
    st.lists(
        st.builds(
            Block,
            st.sampled_from("heading title paragraph item term definition code math table html rule new".split()),
            st.just(1),
            spans=_spans().map(tuple),
            containers=_containers().map(tuple),
            rows=st.lists(st.lists(_spans().map(tuple), max_size=3).map(tuple), max_size=2).map(tuple),
            info=st.text(max_size=3),
        ),
        max_size=5,
    )
)
def test_any_blocks_give_well_formed_markup(blocks: list[Block]) -> None:
    checked(blocks_html(blocks, link=lambda href: href, image=lambda source: source))


def test_the_specification_gives_well_formed_markup() -> None:
    import json

    for example in json.loads(shared("commonmark", "spec.json").read_text(encoding="utf-8")):
        checked(html_of(example["markdown"], images=True))
