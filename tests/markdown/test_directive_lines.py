"""Lines of directives, inclusions and shortcodes beside other text, and what they show."""

import pytest
from support.outline import Outline, outline, parts

from relmgr_cli.markdown.parser import Heading


def test_a_callout_may_end_its_line_with_a_backslash() -> None:
    assert outline("> [!NOTE]\\\n> a") == [("quote", "alert(note)", "a")]


def test_the_label_of_an_included_file_is_its_title() -> None:
    assert outline("<<< ./a.yaml#b [c.yml]") == [("title", "", "c.yml"), ("paragraph", "", "./a.yaml#b")]


def test_abbreviations_are_definitions() -> None:
    text = "HTML is old.\n*[HTML]: HyperText *Markup* Language\n*[W3C]: Consortium"
    assert outline(text) == [
        ("paragraph", "", "HTML is old."),
        *[("term", "", "HTML"), ("definition", "definition()", "HyperText Markup Language")],
        *[("term", "", "W3C"), ("definition", "definition()", "Consortium")],
    ]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("::: a.b.C\n    options:\n      x: y\n\nc", [("paragraph", "", "a.b.C"), ("paragraph", "", "c")]),
        ("## ::: a.b\n    handler: python\n\nc", [("h2", "", "a.b"), ("paragraph", "", "c")]),
        ("::: package\n    options:\n      x: y", [("paragraph", "", "package")]),
        ("::: note\nc\n:::", [("quote", "alert(note)", "c")]),
    ],
)
def test_an_object_of_a_program_is_named(text: str, blocks: Outline) -> None:
    assert outline(text) == blocks


def test_a_block_of_html_has_no_title() -> None:
    assert outline("/// html | div.result\na\n///\n\n/// details | b\nc\n///") == [
        ("paragraph", "", "a"),
        *[("title", "alert(details)", "b"), ("quote", "alert(details)", "c")],
    ]


def test_the_words_of_an_admonition_without_quotes_are_its_title() -> None:
    assert outline("!!! note A title of several words\n\n    a") == [
        ("title", "alert(note)", "A title of several words"),
        ("quote", "alert(note)", "a"),
    ]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("::: note\n<div>\na\n</div>\n:::\nb", [("html", "alert(note)", "a"), ("paragraph", "", "b")]),
        ("<div>\n::: note\na\n:::\n</div>", [("quote", "alert(note)", "a")]),
        (
            "::: tabs\n== A\n<p>\na\n</p>\n== B\nb\n:::",
            [
                *[("title", "tab()", "A"), ("html", "tab()", "a")],
                *[("title", "tab()", "B"), ("paragraph", "tab()", "b")],
            ],
        ),
        ('<div>\n--8<-- "a.svg"\nb\n</div>', [("html", "", "b")]),
        ("<script>\n:::\n</script>\na", [("paragraph", "", "a")]),
    ],
)
def test_html_does_not_hide_the_line_of_a_directive(text: str, blocks: Outline) -> None:
    assert outline(text) == blocks


def test_attributes_may_follow_an_icon_and_have_any_letters() -> None:
    assert outline(":rocket:{ .lg } a") == [("paragraph", "", ":rocket: a")]
    (heading,) = parts("# A {#a-–-b}")
    assert isinstance(heading, Heading)
    assert heading.anchors == ("a-–-b",)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ('{{% children description="true" %}}', []),
        ('{{< page-ref page="a/b" >}}', [("paragraph", "", "a/b")]),
        ('{{< figure src="a/b.png" >}}', [("paragraph", "", "b.png")]),
        ("See {{% param BADGE new info %}}.", [("paragraph", "", "See BADGE new info.")]),
        ('<LinkCard href="/a" />', [("paragraph", "", "/a")]),
        ('<Card title="a" href="/a" />', [("paragraph", "", "a")]),
    ],
)
def test_what_a_tag_shows(text: str, blocks: Outline) -> None:
    assert outline(text) == blocks
