"""Formulas and emoji shortcodes are shown with the characters they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.layout import symbols
from relmgr_cli.layout.inline import TextStyle, to_fragments
from relmgr_cli.layout.line import plain_text
from relmgr_cli.layout.symbols import formula, with_emoji
from relmgr_cli.markdown.blocks import Span


def shown(text: str, *styles: str) -> str:
    return plain_text(to_fragments([Span(text, styles)], TextStyle(80, "en")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A :rocket: and :+1:.", "A 🚀 and 👍."),
        (":smile::tada:", "😄🎉"),
        (":x: a:x:b", "❌ a:x:b"),
        (":thinking: :us: :octocat:", "🤔 🇺🇸 🐙"),
        ("at 12:30:45 in a:smile:b", "at 12:30:45 in a:smile:b"),
        ("std::vector::iterator, :nothing_of_this_name:", "std::vector::iterator, :nothing_of_this_name:"),
        (":material-check-bold: yes", "[check bold] yes"),
        (":octicons-file-code-16:", "[file code]"),
        ("blog/:material-dots:/", "blog/[dots]/"),
    ],
)
def test_a_shortcode_is_shown_as_its_emoji(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_code_keeps_its_shortcodes() -> None:
    assert shown(":rocket:", "code") == ":rocket:"


@given(st.lists(st.sampled_from([":", ":rocket:", "a", " ", "\u202e", ":smile:"])).map("".join))
def test_the_text_around_emoji_keeps_its_offsets(text: str) -> None:
    assert all(text[at : at + len(piece)] == piece for piece, at in with_emoji(text) if at >= 0)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"x^2 + \alpha", "x² + α"),
        (r"\frac{a}{b} = \sum_{i=1}^n x_i", "a/b = ∑ᵢ₌₁ⁿ xᵢ"),
        (r"a_{ij}^{(k)} \in \mathbb{R}^n", "aᵢⱼ⁽ᵏ⁾ ∈ℝⁿ"),
        (r"O(n \log n)", "O(n logn)"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b\nc = d"),
        (r"x^Q_{!}", "x^Q_!"),
        (r"\left\{ a \right.", "{ a"),
        (r"\begin{align}" + r"\alpha &= \beta + \gamma \\ " * 40 + r"\end{align}", "\n".join(["α = β+ γ"] * 40)),
        ("n", "n"),
    ],
)
def test_a_formula_is_shown_in_unicode(source: str, expected: str) -> None:
    assert formula(source) == expected
    assert shown(source, "math") == expected.replace("\n", "; ")


@pytest.mark.parametrize("source", ["{" * 900, "x" * 5000, r"\frac{" * 100, "}", r"\begin{a}", "$", "\\"])
def test_what_is_no_formula_is_shown_in_some_way(source: str) -> None:
    assert formula(source)


def test_the_formulas_of_a_run_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbols, "_MAX_FORMULAS", -1)
    assert formula(r"\beta^{7}") == r"\beta^{7}"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("#!python print()", "print()"),
        ("#!py3 False", "False"),
        ("#!/bin/sh -x", "#!/bin/sh -x"),
        ("#!python", "#!python"),
        ("#!nix-shell -i x", "#!nix-shell -i x"),
    ],
)
def test_the_language_of_code_in_a_line_is_not_shown(code: str, expected: str) -> None:
    assert shown(code, "code") == expected
    fragments = to_fragments([Span(code, ("code",))], TextStyle(80, "en"))
    assert all(code[part.source :].startswith(part.text) for part in fragments)
