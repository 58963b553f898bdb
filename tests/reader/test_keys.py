"""Every key of the reader does what the help says."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from pilot import POLISH, Hand, library, read, write
from textual.app import App
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Input, OptionList, Static

from relmgr_cli.reader.keymap import KEYS
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.reader.screens.article import ArticleScreen
from relmgr_cli.reader.screens.filter_picker import FilterPicker
from relmgr_cli.reader.screens.help import Help
from relmgr_cli.reader.screens.search import SearchScreen
from relmgr_cli.reader.widgets.page import Page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


LONG = "# Długi tekst\n\n" + "\n\n".join(
    f"## Rozdział {number}\n\nTo jest akapit {number}, który ma kilka słów i jedno zdanie.\n\nDrugi akapit {number}."
    for number in range(1, 41)
)


@pytest.fixture
def long(tmp_path: Path) -> Path:
    path = tmp_path / "long"
    path.mkdir()
    write(path / "a.md", LONG)
    return path


# Moving.


def test_j_and_k_and_the_arrows_move_by_a_line(long: Path) -> None:
    async def script(hand: Hand) -> None:
        lines = hand.screen_lines
        await hand.press("j")
        assert hand.screen_lines[:-1] == lines[1:]
        await hand.press("down")
        assert hand.screen_lines[:-2] == lines[2:]
        await hand.press("k", "up")
        assert hand.screen_lines == lines
        await hand.press("k")
        assert hand.screen_lines == lines  # that is the beginning

    read(script, long)


def test_space_and_b_move_by_a_screen_and_leave_two_lines(long: Path) -> None:
    async def script(hand: Hand) -> None:
        lines = hand.screen_lines
        await hand.press("space")
        assert hand.screen_lines[:2] == lines[-2:]
        await hand.press("b")
        assert hand.screen_lines == lines
        await hand.press("pagedown", "pageup")
        assert hand.screen_lines == lines

    read(script, long)


def test_d_and_u_move_by_half_a_screen(long: Path) -> None:
    async def script(hand: Hand) -> None:
        lines = hand.screen_lines
        await hand.press("d")
        half = len(lines) // 2
        assert hand.screen_lines[: len(lines) - half] == lines[half:]
        await hand.press("u")
        assert hand.screen_lines == lines

    read(script, long)


def test_g_and_shift_g_go_to_the_start_and_the_end(long: Path) -> None:
    async def script(hand: Hand) -> None:
        lines = hand.screen_lines
        await hand.press("G")
        assert hand.screen_lines[-1] == "Drugi akapit 40."
        assert len(hand.screen_lines) == len(lines)
        assert "100 %" in hand.status
        assert "0 min" in hand.status
        await hand.press("j")
        assert hand.screen_lines[-1] == "Drugi akapit 40."
        await hand.press("g")
        assert hand.screen_lines == lines
        assert " 0 %" in hand.status
        await hand.press("end", "home")
        assert hand.screen_lines == lines

    read(script, long)


def test_the_brackets_go_from_heading_to_heading(long: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("]")
        assert hand.screen_lines[0] == "1  Rozdział 1"
        await hand.press("]")
        assert hand.screen_lines[0] == "2  Rozdział 2"
        assert "› 2 " in hand.status
        await hand.press("j", "j", "[")
        assert hand.screen_lines[0] == "2  Rozdział 2"
        await hand.press("[", "[", "[")
        assert hand.screen_lines[0].startswith("Długi tekst")
        await hand.press("G", "]")
        assert hand.screen_lines[0] == "40  Rozdział 40"  # even where the end leaves the bottom

    read(script, long, size=(80, 12))


def test_the_wheel_moves_the_page(long: Path) -> None:
    async def script(hand: Hand) -> None:
        lines = hand.screen_lines
        await hand.pilot._post_mouse_events([_wheel(down=True)], widget=hand.page)  # noqa: SLF001 (there is no public way)
        await hand.settle()
        assert hand.screen_lines[:-3] == lines[3:]
        await hand.pilot._post_mouse_events([_wheel(down=False)], widget=hand.page)  # noqa: SLF001
        await hand.settle()
        assert hand.screen_lines == lines

    read(script, long)


def _wheel(*, down: bool) -> Any:
    from textual.events import MouseScrollDown, MouseScrollUp

    return MouseScrollDown if down else MouseScrollUp


# The outline and jumping.


def test_o_hides_and_shows_the_outline_and_keeps_that_in_the_config_file(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        assert hand.reading.outline.display
        await hand.press("o")
        assert not hand.reading.outline.display
        config = Path.home() / ".config/relmgr/config.toml"
        assert "outline = false" in config.read_text()
        await hand.press("o")
        assert hand.reading.outline.display
        assert "outline = true" in config.read_text()

    read(script, folder, "rowery")


def test_tab_goes_to_the_outline_where_enter_chooses_a_section(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("tab")
        assert hand.reading.outline.has_focus
        await hand.press("j", "j", "k", "enter")
        assert hand.page.has_focus
        assert hand.screen_lines[0].startswith("2  Na ulicy")
        await hand.press("tab", "G", "enter")
        assert hand.screen_lines[0].startswith("3  Najważniejsze")
        await hand.press("tab", "g", "enter", "tab", "tab")
        assert hand.screen_lines[0].startswith("1  Zanim")
        assert hand.page.has_focus

    read(script, folder, "rowery")


def test_a_click_in_the_outline_chooses_a_section(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.pilot.click(hand.reading.outline, offset=(5, 2))
        await hand.settle()
        assert hand.screen_lines[0].startswith("2.1  Skrzyżowania")
        assert "› 2.1" in hand.status

    read(script, folder, "rowery")


def test_on_a_narrow_screen_the_outline_comes_when_asked_for_and_goes_when_chosen_from(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        assert not hand.reading.outline.display
        await hand.press("o")
        assert hand.reading.outline.display
        assert not hand.page.display
        await hand.press("j", "enter")
        assert not hand.reading.outline.display
        assert hand.screen_lines[0].startswith("2  Na ulicy")

    read(script, folder, "rowery", size=(40, 20))


def test_colon_jumps_to_a_heading_by_a_part_of_it_in_any_language(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("colon")
        await hand.type("skrzyz")
        await hand.press("enter")
        assert hand.screen_lines[0].startswith("2.1  Skrzyżowania")
        await hand.press("colon")
        await hand.type("главное")
        await hand.press("enter")
        assert hand.screen_lines[0].startswith("3  Najważniejsze")
        await hand.press("colon", "escape")
        assert hand.screen_lines[0].startswith("3  Najważniejsze")

    read(script, folder, "rowery")


def test_in_the_list_of_headings_the_arrows_move_and_begin_where_one_is(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("]", "colon", "down", "enter")
        assert hand.screen_lines[0].startswith("2  Na ulicy")
        await hand.press("colon", "up", "enter")
        assert hand.screen_lines[0].startswith("1  Zanim")

    read(script, folder, "rowery")


# Languages and modes.


def test_l_switches_the_language_and_the_block_stays_where_it_is(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("j", "j", "j", "j", "j", "j", "j")
        row = hand.page.viewport.current
        line = hand.page.viewport.line_of(row)
        await hand.press("l")
        assert "[ru]" in hand.status
        assert hand.page.viewport.current == row
        assert hand.page.viewport.line_of(row) == line
        assert hand.screen_lines[line or 0] == "Проверьте тормоза и воздух в шинах, прежде чем выехать из дома на"
        await hand.press("l")
        assert "[pl]" in hand.status
        assert hand.screen_lines[line or 0].startswith("Sprawdź hamulce i powietrze")

    read(script, folder, "rowery", size=(100, 12))


def test_l_lays_the_page_out_once_and_draws_each_line_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    look, render_line = ArticleRows.set_view, Page.render_line

    def counted_look(sheet: ArticleRows, view: View) -> None:
        calls.append("layout")
        look(sheet, view)

    def counted_render_line(page: Page, y: int) -> Strip:
        calls.append("line")
        return render_line(page, y)

    async def script(hand: Hand) -> None:
        monkeypatch.setattr(ArticleRows, "look", counted_look)
        monkeypatch.setattr(Page, "render_line", counted_render_line)
        await hand.press("l")
        assert "[ru]" in hand.status
        assert calls.count("layout") == 1
        assert calls.count("line") == hand.page.size.height

    read(script, folder, "rowery", size=(80, 30), lang="pl")


def test_shift_l_chooses_a_language(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("L")
        assert isinstance(hand.app.screen, FilterPicker)
        await hand.type("russ")
        await hand.press("enter")
        assert "[ru]" in hand.status
        await hand.press("L", "escape")
        assert "[ru]" in hand.status

    read(script, folder, "rowery")


def test_an_article_in_one_language_says_so(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        for key in ("l", "p", "i"):
            await hand.press(key)
            assert hand.status == "only in pl"

    read(script, folder, "trasy")


def test_p_sets_two_languages_side_by_side_and_counterparts_on_the_same_line(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("]", "p")
        assert "Zanim wyjedziesz" in hand.screen_lines[0]
        assert "Перед выездом" in hand.screen_lines[0]
        assert 'mode = "columns"' in (Path.home() / ".config/relmgr/config.toml").read_text()
        await hand.press("space")
        assert any("Na skrzyżowaniu" in line and "На перекрёстке" in line for line in hand.screen_lines)
        await hand.press("p")
        assert "Перед выездом" not in hand.text

    read(script, folder, "rowery", size=(100, 20))


def test_i_sets_them_one_below_the_other(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("]", "i")
        assert hand.screen_lines[0] == "pl  1  Zanim wyjedziesz"
        assert hand.screen_lines[1].split() == ["ru", "Перед", "выездом"]
        await hand.press("p")
        assert "Перед выездом" in hand.screen_lines[0]
        await hand.press("i", "i")
        assert hand.screen_lines[0] == "1  Zanim wyjedziesz"

    read(script, folder, "rowery")


def test_where_there_is_no_room_for_columns_it_says_so_and_interleaves(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("p")
        assert hand.status == "no room for columns"
        assert hand.screen_lines[0].startswith("pl  ")

    read(script, folder, "rowery", size=(24, 20))


ENGLISH = """\
# Bicycles in town

A short text about how to ride a bicycle in town and not get wet in the rain.

## Before you leave

Check the brakes and the air in the tyres before you leave home for the street.

Take a jacket, because the weather changes fast. See also the [map](trasy.pl.md#dluga) and [this](https://example.org/a).

## In the street

Keep to the right and look at the cars that turn.

### Crossings

Slow down at a crossing, because drivers often do not see cyclists.

## Highlights

- Check the brakes.
- Take a jacket.
- Slow down at a crossing.
"""


def test_a_language_that_a_wider_screen_has_room_for_comes_with_its_matches(folder: Path) -> None:
    write(folder / "rowery.en.md", ENGLISH)

    async def script(hand: Hand) -> None:
        await hand.press("p", "o", "slash")
        await hand.type("brakes")
        await hand.press("enter")
        assert ",".join(hand.page.sheet.layout.languages) == "en,pl"
        assert "тормоза" not in marked(hand, "match")
        await hand.pilot.resize_terminal(140, 20)
        await hand.settle()
        assert ",".join(hand.page.sheet.layout.languages) == "en,pl,ru"
        assert "тормоза" in marked(hand, "match")
        await hand.pilot.resize_terminal(90, 20)
        await hand.settle()
        assert ",".join(hand.page.sheet.layout.languages) == "en,pl"

    read(script, folder, "rowery", size=(90, 20), lang="en")


def test_two_languages_asked_for_begin_side_by_side(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        assert hand.page.sheet.layout.languages == ("ru", "pl")

    read(script, folder, "rowery", lang="ru,pl")


# Searching.


def test_slash_finds_while_one_types_and_n_goes_on(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("slash")
        await hand.type("hamulce")
        assert hand.status == "/hamulce   1 of 2"
        await hand.press("enter")
        assert hand.page.has_focus
        assert marked(hand, "match.current") == ["hamulce"]
        await hand.press("n")
        assert hand.status == "/hamulce   2 of 2"
        await hand.press("n")
        assert hand.status == "/hamulce   1 of 2"
        await hand.press("N")
        assert hand.status == "/hamulce   2 of 2"
        await hand.press("escape", "n")
        assert marked(hand, "match") == []
        assert hand.status == "no search yet; / searches"

    read(script, folder, "rowery")


def marked(hand: Hand, style: str) -> list[str]:
    """The texts on the screen that have a mark."""
    page = hand.page
    found = []
    for row, line in page.positions:
        text = "".join(run.text for run in page.sheet.lines(row)[line])
        found += [
            text[start:end] for start, end, name in page.decorations.on_line(page.sheet, row, line) if name == style
        ]
    return found


def test_accents_and_case_do_not_matter_to_a_search(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("slash")
        await hand.type("KURTKE")
        await hand.press("enter")
        assert marked(hand, "match.current") == ["kurtkę"]

    read(script, folder, "rowery")


def test_a_search_that_is_given_up_leads_back_to_where_it_began(long: Path) -> None:
    async def script(hand: Hand) -> None:
        before = hand.screen_lines
        await hand.press("slash")
        await hand.type("30")
        assert "Drugi akapit 30." in hand.text
        await hand.press("escape")
        assert hand.screen_lines == before
        assert hand.page.has_focus

    read(script, long)


def test_what_is_not_there_is_said_not_to_be(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("slash")
        await hand.type("xyzzy")
        assert hand.status == "nothing found: xyzzy"

    read(script, folder, "rowery")


def test_what_is_only_in_the_other_language_is_found_there(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("slash")
        await hand.type("шинах")
        await hand.press("enter")
        assert "(only in ru)" in hand.status
        await hand.press("l")
        assert marked(hand, "match.current") == ["шинах"]
        await hand.press("p")
        assert marked(hand, "match.current") == ["шинах"]

    read(script, folder, "rowery")


def test_s_searches_the_library_and_opens_a_hit(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("s")
        search = hand.app.screen
        assert isinstance(search, SearchScreen)
        await hand.type("długa")
        assert "Trasy rowerowe › 2 Długa" in str(search.options.get_option_at_index(0).prompt)
        assert "Długa" in str(search.preview.content)
        await hand.press("enter")
        assert marked(hand, "match.current") == ["Długa"]
        await hand.press("escape", "j")
        assert hand.status.startswith("Trasy rowerowe")
        await hand.press("backspace")
        assert hand.status.startswith("Rowery w mieście")
        await hand.press("s")
        await hand.type("xyzzy")
        await hand.press("down", "enter", "escape")
        assert hand.page.has_focus

    read(script, folder, "rowery")


def test_a_hit_shows_both_languages_with_what_was_found_and_opens_at_its_block(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("s")
        search = hand.app.screen
        assert isinstance(search, SearchScreen)
        await hand.type("kierowcy")
        preview = search.preview.content
        assert isinstance(preview, Content)
        assert {preview.plain[span.start : span.end] for span in preview.spans if span.style != "dim"} == {
            "kierowcy",
            "водители",
        }
        await hand.press("enter")
        block = hand.page.sheet.text(hand.page.viewport.current, "pl")
        assert block.startswith("Na skrzyżowaniu zwolnij")
        assert marked(hand, "match.current") == ["kierowcy"]
        assert hand.status == "/kierowcy   1 of 1"

    read(script, folder, "trasy", size=(60, 10))


def test_where_words_have_not_been_learnt_what_is_not_found_is_not_denied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relmgr_cli.core.library.MAX_PASSAGES_INTERACTIVE", -1)

    async def script(hand: Hand) -> None:
        await hand.press("slash")
        await hand.type("hamulcami")
        assert hand.status.startswith("/hamulcami   1 of")
        await hand.press(*["backspace"] * 9)
        await hand.type("brakes")
        assert hand.status == ("nothing found: brakes (keyword search only; run relmgr index for semantic search)")
        await hand.press("escape", "s")
        await hand.type("xyzzy")
        search = hand.app.screen
        assert isinstance(search, SearchScreen)
        assert str(search.preview.content).startswith("no section fits (keyword search only; run relmgr index")

    read(script, folder, "rowery")


def test_a_hit_that_says_it_in_other_words_is_opened_without_a_word(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("s")
        await hand.type("how to stay dry when it rains")
        await hand.press("enter")
        assert isinstance(hand.app.screen, ArticleScreen)
        assert "nothing found" not in hand.status

    read(script, folder, "trasy")


# Other articles, links, the way back.


def test_a_lists_the_articles_with_languages_and_what_was_read(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("a")
        chooser = hand.app.screen
        assert isinstance(chooser, FilterPicker)
        options = chooser.query_one(OptionList)
        texts = [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]
        assert texts == ["1 Rowery w mieście  pl · ru   read today", "2 Trasy rowerowe  pl   lacks ru"]
        await hand.type("трасы")
        assert options.option_count == 0
        await hand.press("enter", *["backspace"] * 5)
        await hand.type("trasy")
        await hand.press("enter")
        assert hand.status.startswith("Trasy rowerowe")
        await hand.press("backspace")
        assert hand.status.startswith("Rowery")

    read(script, folder, "rowery")


def test_an_article_that_was_not_chosen_was_not_read(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        chooser = hand.app.screen
        assert isinstance(chooser, FilterPicker)
        options = chooser.query_one(OptionList)
        texts = [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]
        assert len(texts) == 2
        assert not any("read" in text for text in texts)

    read(script, folder)


def test_the_list_of_articles_opens_once(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        reading = hand.app.screen
        assert isinstance(reading, ArticleScreen)
        reading.action_articles()
        reading.action_articles()
        await hand.settle()
        assert isinstance(hand.app.screen, FilterPicker)
        await hand.press("escape")
        shown: object = hand.app.screen
        assert shown is reading

    read(script, folder, "rowery")


def test_without_an_article_one_of_several_is_chosen_first(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        assert isinstance(hand.app.screen, FilterPicker)
        await hand.press("down", "enter")
        assert hand.status.startswith("Trasy rowerowe")

    read(script, folder)


def test_enter_follows_a_link_to_a_section_and_backspace_leads_back(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("]", "j")
        before = hand.screen_lines
        await hand.press("enter")
        assert isinstance(hand.app.screen, FilterPicker)
        await hand.press("enter")
        assert hand.status.startswith("Trasy rowerowe › 2")
        assert hand.screen_lines[0].startswith("2  Długa")
        await hand.press("backspace")
        assert hand.screen_lines == before
        await hand.press("backspace")
        assert hand.status == "nowhere to go back to"

    read(script, folder, "rowery")


def test_an_outside_link_is_copied_not_opened(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("enter")
        await hand.type("example")
        await hand.press("enter")
        assert hand.status == "outside, copied: https://example.org/a"
        assert hand.app.clipboard == "https://example.org/a"

    read(script, folder, "rowery")


def test_a_click_on_a_link_follows_it(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        y = hand.y_of("mapę tras")
        x = hand.page.left + hand.screen_lines[y].index("mapę tras")
        await hand.pilot.click(hand.page, offset=(x + 3, y))
        await hand.settle()
        assert hand.status.startswith("Trasy rowerowe › 2")

    read(script, folder, "rowery")


def test_enter_where_there_is_no_link_says_so(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("enter")
        assert hand.status == "no link on the screen"

    read(script, folder, "trasy")


def test_h_lists_the_key_points_and_leads_to_one(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("h")
        assert isinstance(hand.app.screen, FilterPicker)
        await hand.press("down", "enter")
        assert hand.screen_lines[0] == "• Weź kurtkę."

    read(script, folder, "rowery")


def test_an_article_without_key_points_says_so(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("h")
        assert hand.status == "no list of key points"

    read(script, folder, "trasy")


# The block at hand.


def test_y_copies_the_block(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("]", "j", "j", "y")
        assert hand.app.clipboard == "Sprawdź hamulce i powietrze w oponach, zanim wyjedziesz z domu na ulicę."
        assert hand.status.startswith("copied: Sprawdź")
        await hand.press("p", "y")
        assert hand.app.clipboard.splitlines()[2].startswith("Проверьте тормоза")

    read(script, folder, "rowery", size=(80, 12))


def test_e_opens_the_editor_at_the_line_and_the_page_follows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "rowery.pl.md"
    log = folder.parent / "log"
    editor = folder.parent / "vi"
    editor.write_text(
        f"#!{sys.executable}\nimport sys, pathlib\n"
        f"pathlib.Path({str(log)!r}).write_text(repr(sys.argv[1:]))\n"
        f"path = pathlib.Path(sys.argv[2]); text = path.read_text()\n"
        "path.write_text(text.replace('# Rowery w mieście', '# Rowery w mieście\\n\\nDopisany akapit.', 1)"
        ".replace('Sprawdź hamulce i', 'Obejrzyj hamulce i'))\n"
    )
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.setattr(App, "suspend", lambda _: nullcontext())

    async def script(hand: Hand) -> None:
        await hand.press("]", "j", "j")
        assert hand.screen_lines[0].startswith("Sprawdź hamulce")
        await hand.press("e")
        line = POLISH.splitlines().index("Sprawdź hamulce i powietrze w oponach, zanim wyjedziesz z domu na ulicę.") + 1
        assert log.read_text() == repr([f"+{line}", str(path)])
        assert hand.screen_lines[0].startswith("Obejrzyj hamulce")  # the same block at the same line
        await hand.press("g")
        assert "Dopisany akapit." in hand.text

    read(script, folder, "rowery", size=(80, 12))


def test_an_editor_that_is_not_there_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/nowhere/at/all --wait")
    monkeypatch.setattr(App, "suspend", lambda _: nullcontext())

    async def script(hand: Hand) -> None:
        await hand.press("e")
        assert hand.status == "cannot start /nowhere/at/all: No such file or directory; set VISUAL or EDITOR"

    read(script, folder, "rowery")


def test_w_and_the_arrows_go_from_word_to_word(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("]", "j", "j", "w")
        assert marked(hand, "cursor") == ["Sprawdź"]
        assert hand.status.startswith("pl Sprawdź → ")
        await hand.press("right", "right")
        assert marked(hand, "cursor") == ["i"]
        await hand.press("left")
        assert marked(hand, "cursor") == ["hamulce"]
        await hand.press("up")
        assert marked(hand, "cursor") == ["wyjedziesz"]  # of the heading
        await hand.press("down")
        assert marked(hand, "cursor") == ["hamulce"]
        await hand.press("down")
        assert marked(hand, "cursor") == ["kurtkę"]
        await hand.press("w")
        assert marked(hand, "cursor") == []

    read(script, folder, "rowery", size=(80, 12))


def test_the_word_cursor_goes_with_the_mouse(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("w")
        y = hand.y_of("Jedź prawą stroną")
        await hand.pilot.hover(hand.page, offset=(hand.page.left + 6, y))
        await hand.settle()
        assert marked(hand, "cursor") == ["prawą"]

    read(script, folder, "rowery")


def test_the_counterpart_is_marked_and_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def counterpart(_: object, text: str, word: tuple[int, int], others: str, *__: object) -> tuple[int, int] | None:
        assert text[word[0] : word[1]] == "Sprawdź"
        at = others.index("воздух")  # which the search would never answer
        return at, at + len("воздух")

    monkeypatch.setattr("relmgr_cli.search.word_alignment.find_counterpart", counterpart)

    async def script(hand: Hand) -> None:
        await hand.press("]", "j", "j", "p", "w")
        assert hand.status == "pl Sprawdź → ru воздух"
        assert marked(hand, "twin") == ["воздух"]

    read(script, folder, "rowery", size=(80, 12))


# Comfort.


def test_t_goes_through_the_themes_and_keeps_the_last(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        seen = []
        for _ in range(4):
            await hand.press("t")
            seen.append((hand.status, hand.app.theme))
        assert seen == [
            ("theme: dark", "relmgr-dark"),
            ("theme: light", "relmgr-light"),
            ("theme: contrast", "relmgr-contrast"),
            ("theme: terminal", "ansi-dark"),
        ]
        await hand.press("t")
        assert 'theme = "dark"' in (Path.home() / ".config/relmgr/config.toml").read_text()

    read(script, folder, "rowery")

    async def again(hand: Hand) -> None:
        assert hand.app.theme == "relmgr-dark"

    read(again, folder, "rowery")


def test_plus_and_minus_change_the_measure_and_equals_the_centring(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        left, width = hand.page.left, hand.page.sheet.width
        await hand.press("minus", "minus")
        assert hand.page.sheet.width == width - 8
        assert hand.page.left == left + 4
        await hand.press("equals_sign")
        assert hand.page.left == 1
        await hand.press("plus")
        assert hand.page.sheet.width == width - 4
        config = (Path.home() / ".config/relmgr/config.toml").read_text()
        assert f"measure = {width - 4}" in config
        assert "centred = false" in config

    read(script, folder, "rowery", size=(90, 24))


def test_question_mark_lists_all_keys(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("question_mark")
        assert isinstance(hand.app.screen, Help)
        text = str(hand.app.screen.query_one(Static).content)
        assert all(key.meaning in text for key in KEYS)
        await hand.press("j", "space", "b", "k", "escape")
        assert hand.page.has_focus

    read(script, folder, "rowery")


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_q_quits(folder: Path, key: str) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("a", "ctrl+c")
        assert hand.page.has_focus  # it leaves a list, not the reader
        await hand.press(key)
        assert not hand.app.is_running

    read(script, folder, "rowery")


def test_ctrl_z_leads_to_the_shell(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = []
    monkeypatch.setattr(App, "action_suspend_process", lambda _: stopped.append(True))

    async def script(hand: Hand) -> None:
        await hand.press("ctrl+z")
        assert stopped == [True]

    read(script, folder, "rowery")


def test_every_key_of_the_help_is_in_a_test() -> None:
    source = Path(__file__).read_text()
    for key in KEYS:
        for name in key.keys.split(",") if key.keys else ():
            assert f'"{name}"' in source, name


def test_an_input_takes_the_keys_for_itself(folder: Path) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("slash")
        await hand.type("q?/w")
        assert hand.reading.query_one(Input).value == "q?/w"

    read(script, folder, "rowery")
