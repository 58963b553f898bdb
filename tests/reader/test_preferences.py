"""The reader writes its own keys into the config file and nothing else."""

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.config import READER_THEMES, Arrangement, ReaderSettings
from relmgr_cli.reader.preferences import remember, updated

SETTINGS = st.builds(
    ReaderSettings,
    theme=st.sampled_from(READER_THEMES),
    mode=st.sampled_from(Arrangement),
    measure=st.integers(0, 200),
    centred=st.booleans(),
    outline=st.booleans(),
)
DARK = ReaderSettings(theme="dark", measure=66)


def test_an_empty_file_gets_a_table() -> None:
    assert updated("", DARK) == '[reader]\ntheme = "dark"\nmeasure = 66\n'


def test_what_is_as_it_always_was_is_not_written() -> None:
    assert updated("width = 72\n", ReaderSettings()) == "width = 72\n"


def test_everything_else_stays_as_it_is() -> None:
    source = (
        "# my settings\nwidth = 72   # narrow\n\n[reader]  # for the evening\n"
        "  theme = 'light'   # soft\n# measure = 50\n\n\n[other]\ntheme = \"x\"\n"
    )
    assert updated(source, DARK) == (
        "# my settings\nwidth = 72   # narrow\n\n[reader]  # for the evening\n"
        '  theme = "dark"   # soft\n# measure = 50\nmeasure = 66\n\n\n[other]\ntheme = "x"\n'
    )


def test_a_file_without_a_newline_at_its_end_gets_one() -> None:
    assert updated("width = 72", DARK) == 'width = 72\n\n[reader]\ntheme = "dark"\nmeasure = 66\n'
    assert updated("[reader]", DARK) == '[reader]\ntheme = "dark"\nmeasure = 66\n'
    assert updated("[reader]\noutline = true", DARK) == '[reader]\noutline = true\ntheme = "dark"\nmeasure = 66\n'


@given(SETTINGS, SETTINGS)
def test_what_was_written_is_read_again(first: ReaderSettings, second: ReaderSettings) -> None:
    source = updated(updated('lang = "ru"\n', first), second)
    assert ReaderSettings(**tomllib.loads(source).get("reader", {})) == second
    assert tomllib.loads(source)["lang"] == "ru"
    assert updated(source, second) == source


def test_it_is_written_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "config.toml"
    real.parent.mkdir()
    real.write_text("width = 72\n")
    real.chmod(0o600)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    remember(link, DARK)
    assert link.is_symlink()
    assert "measure = 66" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o600
    assert os.listdir(real.parent) == ["config.toml"]


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    remember(tmp_path / "new" / "config.toml", DARK)
    assert (tmp_path / "new" / "config.toml").read_text().startswith("[reader]")


@pytest.mark.parametrize(
    "source", ['reader = { theme = "dark" }\n', "reader.theme = 'dark'\n", "[ reader ]\ntheme = 'dark'\n"]
)
def test_a_form_that_is_not_ours_to_write_is_left_alone(tmp_path: Path, source: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(source)
    remember(path, ReaderSettings(theme="light"))
    assert path.read_text() == source


def test_where_nothing_can_be_written_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember(tmp_path / "file" / "config.toml", DARK)
    remember(None, DARK)
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe")
    remember(path, DARK)
    assert path.read_bytes() == b"\xff\xfe"
