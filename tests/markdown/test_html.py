import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.markdown.blocks import Span, plain
from relmgr_cli.markdown.html import text_of_html


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
    assert [plain(spans) for spans in text_of_html(source)[0]] == paragraphs


def test_links_images_and_styles_of_html_become_spans() -> None:
    source = '<p>a <a href="/b"><em>c</em></a> <img src="d.png" alt="e"> <kbd>f</kbd></p>'
    ((*spans,),) = text_of_html(source)[0]
    assert [span for span in spans if span.text.strip()] == [
        Span("a "),
        Span("c", ("emphasis",), "/b"),
        Span("e", ("image",), "d.png"),
        Span("f", ("code",)),
    ]


def test_anchors_of_html_are_found() -> None:
    assert text_of_html('<div id="a"><a name="b"></a><p name="c">d</p></div>')[1] == ["a", "b"]


def test_template_tags_in_html_are_no_text() -> None:
    paragraphs, _ = text_of_html("<p>{{ a }} {% if b %}c{{< d >}}</p><A b={c}>e</A>")
    assert [plain(spans) for spans in paragraphs] == ["a c", "e"]


def test_large_html_keeps_its_text_and_loses_its_tags() -> None:
    ((spans,), _) = text_of_html("<p>a &amp; <b>b</b></p><!-- c --><script>d</script>\n" * 2000)
    assert plain(spans).split() == ["a", "&", "b"] * 2000


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["<", ">", "</", "<p", "<b>", "&", "&#x", "<!--", "<![CDATA[", "]]>", "<?", '"']) | st.text()
    )
)
def test_no_text_at_all_makes_the_html_reader_fail(pieces: list[str]) -> None:
    paragraphs, _ = text_of_html("".join(pieces))
    assert all(plain(spans).strip() == plain(spans) != "" for spans in paragraphs)
