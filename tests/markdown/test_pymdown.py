"""Keys, insertions, super- and subscripts, and other marks within a line that only some sites have."""

import pytest
from support.outline import outline, spans

from relmgr_cli.markdown.blocks import Span


@pytest.mark.parametrize(
    ("keys", "shown"), [("++ctrl+alt+del++", "ctrl+alt+del"), ('++cmd+"Я"++', "cmd+Я"), ("++c++", "c")]
)
def test_keys_are_code(keys: str, shown: str) -> None:
    assert spans(f"Press {keys}.") == (Span("Press "), Span(shown, ("code",)), Span("."))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("^^a *b*^^", "a b"),
        ("the n^th^ of 10^6^", "the nth of 10⁶"),
        ("a^[1](#b)^ c", "a1 c"),
        ("H~2~O", "H₂O"),
        ("a {@link b.c} d", "a b.c d"),
        ("a <%= b.c() %> d", "a b.c() d"),
        ("a\n[//]: # (b)", "a"),
        ('a\n[comment]: <> "b"\nc', "a"),
    ],
)
def test_marks_are_not_shown(text: str, shown: str) -> None:
    assert outline(text)[0] == ("paragraph", "", shown)


@pytest.mark.parametrize("text", ["C++ and g++", "i++j++", "~5~10 minutes", "x^_^y", "a^b", "[//]: see # (b)"])
def test_what_only_looks_like_these_is_text(text: str) -> None:
    assert outline(text) == [("paragraph", "", text)]
