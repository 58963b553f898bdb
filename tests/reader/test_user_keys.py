"""The table [keys] of the config file."""

from pathlib import Path

import pytest
from pilot import ReaderPilot, library, read
from textual.keys import _character_to_key
from textual.widgets import Input, Static

from relmgr_cli import messages
from relmgr_cli.errors import SettingError
from relmgr_cli.reader.keymap import GROUPS, KEYS
from relmgr_cli.reader.screens.picker import FilterPicker
from relmgr_cli.reader.user_keys import UserKeys, help_lines, parse_key, read_user_keys, shown_key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


def config(content: str) -> None:
    path = Path.home() / ".config/relmgr/config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[keys]\n{content}", encoding="utf-8")


@pytest.mark.slow
def test_an_action_has_the_keys_of_the_user_and_no_others(folder: Path) -> None:
    config('next_language = "f2"\nchoose_heading = [">", "ctrl+l"]\nnext_theme = []\n')

    async def script(reader: ReaderPilot) -> None:
        await reader.press("l", "t")
        assert reader.session.language == "pl"
        assert "Rowery w mieście" in reader.status  # no message about a theme
        await reader.press("f2")
        assert reader.session.language == "ru"
        for key in ("greater_than_sign", "ctrl+l"):
            await reader.press(key)
            assert isinstance(reader.app.screen, FilterPicker)
            await reader.press("escape")
        await reader.press("colon")
        assert reader.page.has_focus

    read(script, folder, "rowery", lang="pl")


def test_keys_can_be_swapped(folder: Path) -> None:
    config('line_down = ["k", "f2"]\nline_up = "j"\n')

    async def script(reader: ReaderPilot) -> None:
        lines = reader.screen_lines
        await reader.press("k", "f2")
        assert reader.screen_lines[0] == lines[2]
        await reader.press("j", "j")
        assert reader.screen_lines == lines

    read(script, folder, "rowery", size=(60, 10))


@pytest.mark.slow
def test_the_outline_and_the_help_have_them_too(folder: Path) -> None:
    config('line_down = "z"\nquit = "Q"\nhelp = "f1"\n')

    async def script(reader: ReaderPilot) -> None:
        await reader.press("tab", "z", "enter")
        assert "› 2 " in reader.status
        await reader.press("question_mark")
        assert reader.page.has_focus
        await reader.press("f1", "Q")
        assert reader.page.has_focus
        await reader.press("q")
        assert reader.app.is_running
        await reader.press("Q")
        assert not reader.app.is_running

    read(script, folder, "rowery")


@pytest.mark.slow
def test_an_input_takes_every_key_as_it_is(folder: Path) -> None:
    config('next_language = "z"\nquit = "f10"\n')

    async def script(reader: ReaderPilot) -> None:
        await reader.press_at_once("slash", "z", "q", "l")
        assert reader.article_screen.query_one(Input).value == "zql"

    read(script, folder, "rowery")


@pytest.mark.slow
def test_the_help_shows_the_keys_of_the_user(folder: Path) -> None:
    config('next_language = ["f2", "ctrl+l"]\nprevious_match = []\nhalf_page_up = "<"\nquit = "Q"\n')

    async def script(reader: ReaderPilot) -> None:
        await reader.press("question_mark")
        lines = str(reader.app.screen.query_one("#keys", Static).content).splitlines()
        shown = {" ".join(line.split()) for line in lines}
        assert "F2 Ctrl+L next language, same position" in shown
        assert "n next, previous match" in shown
        assert str(reader.app.screen.query_one("#foot", Static).content) == "space b: scroll   Q: close"
        assert "d < Ctrl+D half a screen down, up" in shown

    read(script, folder, "rowery")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('next_langage = "f2"', "unknown setting 'keys.next_langage'; did you mean 'keys.next_language'?"),
        ('xyz = "f2"', "unknown setting 'keys.xyz'; use one of line_down, line_up"),
        ('next_language = "f99"', "keys.next_language: unknown key 'f99'; write a character, or a name"),
        ('next_language = ""', "keys.next_language: unknown key ''"),
        ('next_language = "5"', "keys.next_language: '5' cannot be bound"),
        ('quit = "ctrl+["', "keys.quit: 'ctrl+[' cannot be bound"),
        ('next_language = "j"', "keys: 'j' is bound to both line_down and next_language; give one of them another key"),
        ('find = "f2"\nhelp = ["?", "F2"]', "keys: 'F2' is bound to both find and help"),
        ("next_language = 3", "keys.next_language must be a key or a list of keys"),
        ("next_language = ['x', 3]", "keys.next_language must be a key or a list of keys"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_line(folder: Path, content: str, words: str) -> None:
    config(content)

    async def script(_: ReaderPilot) -> None:
        """It does not start."""

    with pytest.raises(SettingError) as raised:
        read(script, folder, "rowery")
    assert f"config.toml: {words}" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_key_moved_away_is_free_for_another_action() -> None:
    keys = read_user_keys({"line_down": ["z"], "next_language": ["j"]}, "config.toml")
    assert keys.translation.items() >= {"j": "l", "z": "j", "l": ""}.items()


def test_a_further_key_of_an_action_is_free_for_another() -> None:
    keys = read_user_keys({"bookmark": ["f"]}, "config.toml")
    assert keys.translation["f"] == "m"
    assert [*keys.of(next(key for key in KEYS if key.name == "page_down"))] == ["space", "ctrl+f", "pagedown"]


def test_every_action_has_a_name_of_its_own_and_keys_of_its_own() -> None:
    names = [key.name for key in KEYS if key.name]
    assert len(set(names)) == len(names)
    assert all(key.name and key.keys for key in KEYS if key.action and key.action != "leave")
    assert read_user_keys({name: [] for name in names}, "config.toml").translation
    assert read_user_keys({names[0]: ["f12"]}, "config.toml").keys  # no conflict between the others


def test_what_the_help_writes_can_be_written_in_the_config_file() -> None:
    for key in ",".join(each.keys for each in KEYS if each.keys).split(","):
        assert parse_key(shown_key(key)) == key
    for character in map(chr, range(33, 127)):
        assert parse_key(character) == _character_to_key(character)
        assert shown_key(parse_key(character)) == character


def test_without_a_table_the_help_has_the_default_keys() -> None:
    lines = dict(line for keys in GROUPS.values() for line in help_lines(keys, UserKeys()))
    assert lines["space b Ctrl+F Ctrl+B"] == "a screen down, up"
    assert lines["q ZZ"] == "quit"


def test_the_name_of_the_space_bar_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "KEY_SPACE", "spacja")
    assert shown_key("ctrl+space") == "Ctrl+spacja"
    assert parse_key("Spacja") == parse_key("space") == "space"


@pytest.mark.slow
def test_messages_name_the_keys_of_the_user(folder: Path) -> None:
    config('find = "f2"\nbookmark = "f3"\ncolumns = []\nline_down = "z"\n')

    async def script(reader: ReaderPilot) -> None:
        await reader.press("n")
        assert reader.status == "no search yet; F2: search"
        await reader.press("apostrophe")
        assert reader.status == "no bookmarks in this library; F3: set one"
        await reader.press("x")
        assert reader.status == "no columns on the screen"
        await reader.press("question_mark")
        assert "5z " in str(reader.app.screen.query_one("#keys", Static).content)

    read(script, folder, "rowery")
