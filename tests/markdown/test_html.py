import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.markdown.blocks import Span, plain
from relmgr_cli.markdown.html import HtmlTable, text_of_html


def paragraphs_of(source: str) -> list[str]:
    return [plain(part) for part in text_of_html(source)[0] if not isinstance(part, HtmlTable | str)]


def tables_of(source: str) -> list[list[list[str]]]:
    parts = text_of_html(source)[0]
    return [[list(map(plain, row)) for row in part.rows] for part in parts if isinstance(part, HtmlTable)]


@pytest.mark.parametrize(
    ("source", "paragraphs"),
    [
        ("<p>a\n  b</p>", ["a b"]),
        ("<ul><li>a<li>b</ul>", ["a", "b"]),
        ("<table><tr><td>a</td><td>b</td></tr></table>", ["a", "b"]),
        ("<details><summary>a</summary>b</details>", ["a", "b"]),
        ("a<br>b", ["a\nb"]),
        ("<p>a &lt;b&gt; &#322;&oacute;</p>", ["a <b> łó"]),
        ("<script>a()</script>b<style>c{}</style>", ["b"]),
        ("<!-- a -->b", ["b"]),
        ("<p>a</b></i></p>", ["a"]),
        ("<p> </p>", []),
        ("a < b", ["a < b"]),
    ],
)
def test_paragraphs_of_html_become_paragraphs(source: str, paragraphs: list[str]) -> None:
    assert paragraphs_of(source) == paragraphs


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><tbody><tr><td>a</td><td></td></tr><tr><td>c</td></tr></tbody></table>", [["a", ""], ["c", ""]]),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr><tr><td>d</td><td>e</td></tr></table>",
         [["a\nb", "c"], ["d", "e"]]),
    ],
)  # fmt: skip
def test_tables_of_html_become_tables(source: str, rows: list[list[str]]) -> None:
    assert tables_of(f"<p>before</p>{source}<p>after</p>") == [rows]
    assert paragraphs_of(f"<p>before</p>{source}<p>after</p>") == ["before", "after"]


@pytest.mark.parametrize(
    "source",
    [
        "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr>",
        "<table><tr><td>a</td></tr><tr><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr></table>",
        "<tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
    ],
)
def test_what_only_arranges_a_page_or_has_no_end_is_no_table(source: str) -> None:
    assert (tables_of(source), paragraphs_of(source)) == ([], ["a", "b", "c", "d"])


def test_a_table_in_a_table_is_text_of_its_cell() -> None:
    inner = "<table><tr><td>c</td><td>d</td></tr><tr><td>e</td><td>f</td></tr></table>"
    source = f"<table><tr><td>a</td><td>b</td></tr><tr><td>{inner}</td><td>g</td></tr></table>"
    assert tables_of(source) == [[["a", "b"], ["c\nd\ne\nf", "g"]]]


def test_links_images_and_styles_of_html_become_spans() -> None:
    source = '<p>a <a href="/b"><em>c</em></a> <img src="d.png" alt="e"> <kbd>f</kbd></p>'
    (spans,) = text_of_html(source)[0]
    assert not isinstance(spans, HtmlTable | str)
    assert [span for span in spans if span.text.strip()] == [
        Span("a "),
        Span("c", ("emphasis",), "/b"),
        Span("e", ("image",), "d.png"),
        Span("f", ("code",)),
    ]


def test_anchors_of_html_are_found() -> None:
    assert text_of_html('<div id="a"><a name="b"></a><p name="c">d</p></div>')[1] == ["a", "b"]


def test_template_tags_in_html_are_no_text() -> None:
    assert paragraphs_of("<p>{{ a }} {% if b %}c{{< d >}}</p><A b={c}>e</A>") == ["a c", "e"]


def test_large_html_keeps_its_text_and_loses_its_tags() -> None:
    (text,) = paragraphs_of("<p>a &amp; <b>b</b></p><!-- c --><script>d</script>\n" * 2000)
    assert text.split() == ["a", "&", "b"] * 2000


@pytest.mark.slow
@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                ">",
                "</",
                "<p",
                "<b>",
                "&",
                "&#x",
                "<!--",
                "<![CDATA[",
                "]]>",
                "<?",
                '"',
                "<table>",
                "<tr>",
                "<td>",
                "</table>",
            ]
        )
        | st.text()
    )
)
def test_no_text_at_all_makes_the_html_reader_fail(pieces: list[str]) -> None:
    source = "".join(pieces)
    assert all(text.strip() == text != "" for text in paragraphs_of(source))
    assert all(len({len(row) for row in rows}) == 1 for rows in tables_of(source))
