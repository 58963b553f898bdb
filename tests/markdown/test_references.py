"""Links whose definitions are not in the file, or are not what CommonMark takes for some."""

import pytest
from support.outline import outline, spans

from relmgr_cli.markdown.blocks import Span


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a [b][package.Class.method] c", "a b c", id="mkdocstrings"),
        pytest.param("a [`Class`][] c", "a Class c", id="mkdocstrings, code"),
        pytest.param("the[ `b` folder][config.folder]", "the b folder", id="after a letter"),
        pytest.param("[type hints][type hint]", "type hints", id="the label says no more than the text"),
        pytest.param("[Quick start][]", "Quick start", id="the text is the label"),
        pytest.param("[a][#features]", "a", id="an anchor"),
        pytest.param("[b][c.def] and [some words][datetime]", "b and some words", id="the page has others"),
        pytest.param('[some words][datetime]\n\n--8<-- "references.md"', "some words", id="in an included file"),
    ],
)
def test_a_reference_that_the_site_resolves_is_its_text(text: str, shown: str) -> None:
    assert outline(text) == [("paragraph", "", shown)]


@pytest.mark.parametrize(
    "text",
    [
        "[RESULT][VOTE]: Release",
        "[A-Z][a-z]",
        "grid[row][some.column]",
        "int[5][]",
        "[some words][datetime]",
        "[a, b][]",
    ],
)
def test_brackets_that_may_be_text_are_text(text: str) -> None:
    assert outline(text) == [("paragraph", "", text)]


def test_an_image_without_a_definition_is_its_text() -> None:
    assert spans("![a b][icon]") == (Span("a b", ("image",)),)
    assert spans("[![a][icon-image] b][c-url]") == (Span("a", ("image",)), Span(" b"))


def test_a_link_may_be_before_a_footnote() -> None:
    text = "[a.json][^1]\n\n[^1]: note\n\n[a.json]: /a.json"
    assert spans(text) == (Span("a.json", (), "/a.json"), Span("[1]", ("footnote",)))


def test_a_definition_may_have_a_template_tag() -> None:
    text = '[a][] [b]\n\n[a]: {{< relref "c d" >}}\n[x]: https://x/{{< param "v" >}}.zip\n[b]: /b'
    assert spans(text) == (Span("a", (), '{{< relref "c d" >}}'), Span(" "), Span("b", (), "/b"))


def test_only_a_single_target_is_a_definition() -> None:
    assert outline("[Note]: see {{ page }} for more") == [("paragraph", "", "[Note]: see page for more")]


def test_a_note_of_a_day_is_a_link() -> None:
    assert spans("[[2021-08-07]]") == (Span("2021-08-07", (), "[[2021-08-07]]"),)
    assert spans("[[1, 2]]") == (Span("[[1, 2]]"),)


def test_an_image_without_a_text_is_named_by_its_file() -> None:
    assert spans("![](a/b%20c.svg?x=1)") == (Span("b c.svg", ("image",), "a/b%20c.svg?x=1"),)
    (image,) = spans('![]({{ "/a/b.png" | relUrl }})')
    assert (image.text, image.styles) == ("b.png", ("image",))


def test_html_may_lack_the_space_between_attributes() -> None:
    assert spans('a <img alt="b"src="c.png"/>') == (Span("a "), Span("b", ("image",), "c.png"))
