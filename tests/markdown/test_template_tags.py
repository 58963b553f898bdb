import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.outline import outline
from support.work import count_steps

from relmgr_cli.markdown.parser import parse_markdown
from relmgr_cli.markdown.tags import end_of_braces, literal_in, scan_tag


@pytest.mark.parametrize(
    ("source", "tag"),
    [
        ("<b>", ("b", False, False, {})),
        ("</B>", ("B", True, False, {})),
        ("<br/>", ("br", False, True, {})),
        ("<a HREF='x' name=y>", ("a", False, False, {"href": "x", "name": "y"})),
        ('<img\n alt="a &amp; b">', ("img", False, False, {"alt": "a & b"})),
        ("<Tabs.Item open>", ("Tabs.Item", False, False, {"open": ""})),
        ("<A b={1 > 2} c={'x'} {...d} />", ("A", False, True, {"c": "x"})),
        ('<A b={{c: "}"}} d="e">', ("A", False, False, {"d": "e"})),
        ("<A b={<p>Don't</p>} c={`t`}>", ("A", False, False, {"c": "t"})),
        ("<A @click='x' :b=\"y\" #c>", ("A", False, False, {"@click": "x", ":b": "y", "#c": ""})),
        ("<A b={[{label: \"c\", value: 1}, {title: 'd'}]}>", ("A", False, False, {"labels": "c, d"})),
        ("<>", ("", False, False, {})),
    ],
)
def test_a_tag_is_taken_apart(source: str, tag: tuple[str, bool, bool, dict[str, str]]) -> None:
    found = scan_tag(source + "rest", 0)
    assert found is not None
    assert tuple(found)[:4] == tag
    assert found.end == len(source)


@pytest.mark.parametrize(
    "source", ["<!-- b -->", "<?php b ?>", "b", "<b", "<b c='", "<b {c", "< b>", "<https://a.pl>", "<a <b>", "<1>"]
)
def test_anything_else_is_no_tag(source: str) -> None:
    assert scan_tag(source, 0) is None


@pytest.mark.parametrize(
    ("source", "end"),
    [("{a}b", 3), ("{a{b}c}", 7), ('{"}"}', 5), ("{/* } */}", 9), ("{it's}", 6), ("{it's\n} '", 7), ("{a", 0)],
)
def test_braces_are_matched(source: str, end: int) -> None:
    assert end_of_braces(source, 0) == end


def test_braces_are_matched_up_to_a_depth() -> None:
    assert [end_of_braces("{" * depth + "}" * depth, 0) for depth in (20, 21)] == [40, 0]


def test_tags_with_open_braces_take_linear_time() -> None:
    def steps(tags: int) -> int:
        return count_steps(lambda: parse_markdown("<div>\n" + "<A {" * tags + "}", "a.md"))

    assert steps(400) < 5 * steps(100)


def test_only_a_string_is_the_text_of_an_expression() -> None:
    assert [literal_in(source) for source in ("{'a b'}", '{ "" }', "{`a`}", "{a}", "{'a' + b}", "{`${a}`}")] == [
        *("a b", "", "a"),
        *(None, None, None),
    ]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["<", ">", "</", "<p", "{", "}", "`", "'", '"', "=", "/*", "a", " ", "\n"])).map("".join)
)
def test_no_text_at_all_makes_the_scanner_fail(text: str) -> None:
    if tag := scan_tag(text, 0):
        assert text[tag.end - 1] == ">"
    assert 0 <= end_of_braces(text, 0) <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        '{{< tabs "A" "B" >}}\n{{% codetab %}}a{{% /codetab %}}\n{{% codetab %}}b{{% /codetab %}}\n{{< /tabs >}}',
        '{{< tabs items="A,B" >}}\n{{< tab >}}a{{< /tab >}}\n{{< tab >}}b{{< /tab >}}\n{{< /tabs >}}',
    ],
)
def test_tabs_without_a_title_have_the_labels_of_their_group(text: str) -> None:
    blocks = [("title", "A"), ("paragraph", "a"), ("title", "B"), ("paragraph", "b")]
    assert [(kind, shown) for kind, _, shown in outline(text)] == blocks


def test_the_words_of_a_shortcode_are_text() -> None:
    assert outline('- {{< term "SEO" >}}\n- {{< term "静的" >}}\n\n{{< by "Some one" >}}\n\n{{< youtube a1 >}}') == [
        ("item", "bullet()", "SEO"),
        ("item", "bullet()", "静的"),
        ("paragraph", "", "Some one"),
    ]
