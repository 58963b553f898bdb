"""Text directives, roles, fields and attributes within a line: what they show is text, their marks are not."""

import pytest
from support.outline import outline, spans

from relmgr_cli.markdown.blocks import Span
from relmgr_cli.markdown.plain_values import plain_value


def shown(text: str, path: str = "a.md") -> str:
    return "".join(span.text for span in spans(text, path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a :badge[**b**]{.c} d", "a b d"),
        ("a [b]{.c} and [d]{#e}", "a b and d"),
        ("{ref}`a` and {doc}`b <c/d>`", "a and b"),
        ("state:: #draft\n**up**:: [[a]]\n[due:: 1] (x:: y)", "state: #draft up: a [due: 1] (x: y)"),
        ("use :foo[bar], a:b[c], std::vector, a :: b", "use :foo[bar], a:b[c], std::vector, a :: b"),
    ],
)
def test_what_gives_a_text_a_role_is_not_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_text_directive_without_attributes_is_one_where_the_page_has_others() -> None:
    assert outline(":::tip\n:kbd[b]\n:::")[0] == ("quote", "alert(tip)", "b")


def test_the_target_of_a_text_directive_is_that_of_a_link() -> None:
    assert spans(':a[b]{.c href="/d"}') == (Span("b", (), "/d"),)


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r".topic\(\[name\]\) and \(e.g. foo/bar baz\)", []),
        (r"\(x^2\), \(n/2\) and \(\alpha + \text{long}\)", ["x^2", "n/2", r"\alpha + \text{long}"]),
        (r"M87$^\ast$ costs A$5 or B$6, core$-$shell", [r"^\ast"]),
    ],
)
def test_a_formula_is_told_from_escaped_brackets_and_prices(text: str, formulas: list[str]) -> None:
    assert [span.text for span in spans(text) if "math" in span.styles] == formulas
    assert "$-$" not in shown(text)


def test_an_underscore_closes_before_chinese_punctuation() -> None:
    assert spans("_很不幸_。变_量_名")[0] == Span("很不幸", ("emphasis",))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A [[b]] or [[c|d]]", "A b or d"),
        ("use `a_b`, *c* and _d_", "use a_b, c and d"),
        ("<b>a</b><br>b &lt;b&gt;", "a b <b>"),
        ("snake_case, __init__, 2*3*4, List<string>", "snake_case, __init__, 2*3*4, List<string>"),
    ],
)
def test_front_matter_is_shown_without_marks(value: str, expected: str) -> None:
    assert plain_value(value) == expected
