"""Pages look as the files in `cases/` say: a title, the width, the Markdown, the page."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import PIPE, page
from rich.cells import cell_len
from support.fuzzing import examples

from relmgr_cli.layout.ansi import to_ansi
from relmgr_cli.layout.blocks import render_blocks
from relmgr_cli.layout.inline import TextStyle
from relmgr_cli.layout.line import Fragment
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.markdown.parser import parse_markdown
from relmgr_cli.ui_language import use_ui_language

CASES = sorted(Path(__file__).with_name("cases").glob("*.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_pages_match_the_expected_output(case: Path) -> None:
    head, _, rest = case.read_text(encoding="utf-8").partition("=== input\n")
    text, _, expected = rest.partition("=== expected\n")
    _, width, *flags = head.split("\n")[1].split(" ")
    assert page(text, int(width), **dict.fromkeys(flags, True)) == expected


@pytest.mark.parametrize(
    ("text", "style"), [("> [!warning]\n> a", "warning"), ("> [!danger] T\n> a", "warning"), ("> [!tip]\n> a", "note")]
)
def test_an_urgent_alert_has_another_style(text: str, style: str) -> None:
    blocks = [part for part in parse_markdown(text, "a.md").parts if isinstance(part, Block)]
    first = next(render_blocks(blocks, TextStyle(80, "en")))
    assert [fragment.style for fragment in first] == ["marker", style]


# Markdown as people write it and as nobody would: constructs that open without closing, nest and cross.
FRAGMENTS = st.sampled_from(
    "# |## |- |1. |> |```\n|    |\n|\n\n|**|*|`|~~|[a](b)|![c](d)|[^1]|[^1]: |<b>|</b>|<br>|<!--|-->|<div>|| a | b |\n|"
    "|---|---|\n|: |- [ ] |> [!NOTE]\n|word|żółć|в домe|世界|w i z|\\|&amp;|&#27;|---\n|\t|\u202e|\x1b[31m".split("|")
)


@settings(max_examples=examples(150), deadline=None)
@given(parts=st.lists(FRAGMENTS, max_size=40), width=st.sampled_from([20, 33, 80]))
def test_any_markdown_has_no_line_too_wide_and_no_control_character(parts: list[str], width: int) -> None:
    shown = page("".join(parts), width)
    assert all(cell_len(line) <= width for line in shown.split("\n"))
    assert not any(character in shown for character in "\x1b\x07\u202e\x9b\x00")


@settings(max_examples=examples(60), deadline=None)
@given(
    cells=st.lists(
        st.lists(st.text(st.sampled_from("abcdef żя世"), min_size=1, max_size=30), min_size=3, max_size=3),
        min_size=2,
        max_size=5,
    ),
    width=st.integers(20, 120),
)
def test_every_cell_of_a_table_is_there_at_every_width(cells: list[list[str]], width: int) -> None:
    header, *rows = [f"|{'|'.join(row)}|\n" for row in cells]
    shown = page(header + "|---|---|---|\n" + "".join(rows), width).split("\n\n", 1)[-1]
    letters = "".join(shown.split())
    for row in cells[1:]:
        for cell in row:
            assert all(word in letters for word in cell.split() if len(word) <= 3 and "世" not in word)
    assert sum(map(letters.count, "abcdef")) >= sum(map("".join(map("".join, cells)).count, "abcdef"))


def test_a_link_without_any_other_appearance_is_drawn() -> None:
    screen = PIPE._replace(ansi=True)
    assert "word" in to_ansi([[Fragment("word", "", "https://example.org")]], screen)


def test_the_name_of_an_alert_is_in_the_language_of_the_user() -> None:
    use_ui_language("pl")
    try:
        assert "\n▎ Ostrzeżenie\n▎ Text.\n" in page("> [!warning]\n> Text.\n", 40)
        assert "\nostrzeżenie: Text.\n" in page("> [!warning]\n> Text.\n", 40, plain=True)
    finally:
        use_ui_language("en")
    assert "\n▎ Widget\n▎ Text.\n" in page("> [!widget]\n> Text.\n", 40)


def test_no_block_names_more_than_four_containers() -> None:
    assert page(f"{'> ' * 40}deep\n", 80, plain=True).count("quotation: ") == 4


def test_the_target_of_a_link_with_an_image_is_written_once() -> None:
    assert "\na [b] (c.png) d (e.md)\n" in page("[a ![b](c.png) d](e.md)\n", 60, show_urls=True)
    assert "\n[b] (c.png)\n" in page("[![b](c.png)](c.png)\n", 60, show_urls=True)
    assert "\n[image: b] (link to c.png)\n" in page("[![b](c.png)](c.png)\n", 60, show_urls=True, plain=True)
