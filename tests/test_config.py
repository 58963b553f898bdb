"""The table `reader` of the config file."""

import os
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.config import READER_THEMES, Arrangement, ReaderSettings, read_settings, save_reader_settings
from relmgr_cli.errors import SettingError


def config(content: str) -> None:
    path = Path.home() / ".config/relmgr/config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def test_without_a_table_everything_has_its_default() -> None:
    assert read_settings(os.environ).reader == ReaderSettings(
        "terminal", Arrangement.SINGLE, 0, centred=True, outline=True, numbers=False
    )


def test_what_is_set_is_set_and_the_rest_has_its_default() -> None:
    config('width = 70\n[reader]\ntheme = "light"\nmeasure = 60\noutline = false\n')
    settings = read_settings(os.environ)
    assert settings.reader == ReaderSettings(theme="light", measure=60, outline=False)
    assert settings.width == 70


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[reader]\ntheme = "blue"\n', "reader.theme must be one of terminal, dark, light, contrast"),
        ('[reader]\nmode = "x"\n', "reader.mode must be one of single, columns, interleaved"),
        ("[reader]\nmode = []\n", "reader.mode must be one of single, columns, interleaved"),
        ("[reader]\ncolour = 1\n", "unknown setting 'reader.colour'; use one of theme, mode"),
        ('library = ["/\\u0000"]\n', "library must be a path or a list of paths"),
        ('library = "/\\u0000"\n', "library must be a path or a list of paths"),
        ('[reader]\nmeasure = "wide"\n', "reader.measure must be an integer"),
        ("[reader]\nmeasure = true\n", "reader.measure must be an integer"),
        ("[reader]\noutline = 1\n", "reader.outline must be true or false"),
        ("reader = 3\n", "reader must be a table"),
    ],
)
def test_what_cannot_be_used_is_named(content: str, words: str) -> None:
    config(content)
    with pytest.raises(SettingError, match=words.replace(".", r"\.").replace("[", r"\[")):
        read_settings(os.environ)


# Saving.

COMMENTED = """\
# my settings
width = 72   # narrow

[reader]  # for the evening
  theme = 'light'   # soft
# measure = 50


[other]
theme = "x"
"""
DARK = ReaderSettings(theme="dark", measure=66)
SETTINGS = st.builds(
    ReaderSettings,
    theme=st.sampled_from(READER_THEMES),
    mode=st.sampled_from(Arrangement),
    measure=st.integers(0, 200),
    centred=st.booleans(),
    outline=st.booleans(),
    numbers=st.booleans(),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[reader]\ntheme = "dark"\nmeasure = 66\n'),
        ("width = 72\n", 'width = 72\n\n[reader]\ntheme = "dark"\nmeasure = 66\n'),
        ("[reader]", '[reader]\ntheme = "dark"\nmeasure = 66\n'),
        ("[reader]\noutline = true", '[reader]\noutline = true\ntheme = "dark"\nmeasure = 66\n'),
        (
            COMMENTED,
            COMMENTED.replace("'light'", '"dark"').replace("50\n", "50\nmeasure = 66\n"),
        ),
        ("reader.theme = 'light' # x\n", 'reader.theme = "dark" # x\nreader.measure = 66\n'),
        ("reader = { theme = 'light' }\n", 'reader = { theme = "dark", measure = 66}\n'),
    ],
)
def test_settings_are_saved_and_everything_else_stays(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(before)
    save_reader_settings(path, DARK)
    assert path.read_text() == after


def test_defaults_are_not_added(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    save_reader_settings(path, ReaderSettings())
    assert not path.exists()


@pytest.mark.slow
@given(SETTINGS, SETTINGS)
def test_saved_settings_are_read_again(first: ReaderSettings, second: ReaderSettings) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text('lang = "ru"\n')
        save_reader_settings(path, first)
        save_reader_settings(path, second)
        saved = tomllib.loads(path.read_text())
    assert ReaderSettings(**saved.get("reader", {})) == second
    assert saved["lang"] == "ru"


def test_a_link_to_the_config_file_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "config.toml"
    real.parent.mkdir()
    real.write_text("width = 72\n")
    real.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    save_reader_settings(link, DARK)
    assert link.is_symlink()
    assert "measure = 66" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640
    assert os.listdir(real.parent) == ["config.toml"]


def test_a_missing_folder_is_created(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    save_reader_settings(path, DARK)
    assert path.read_text().startswith("[reader]")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"\xff\xfe", b"width = = 3\n"])
def test_a_file_that_cannot_be_parsed_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    save_reader_settings(path, DARK)
    assert path.read_bytes() == content


def test_settings_that_cannot_be_saved_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    save_reader_settings(tmp_path / "file" / "config.toml", DARK)
    save_reader_settings(None, DARK)
