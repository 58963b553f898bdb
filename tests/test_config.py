"""The table `reader` of the config file."""

import os
from pathlib import Path

import pytest

from relmgr_cli.config import Arrangement, ReaderSettings, read_settings
from relmgr_cli.errors import SettingError


def config(content: str) -> None:
    path = Path.home() / ".config/relmgr/config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def test_without_a_table_everything_has_its_default() -> None:
    assert read_settings(os.environ).reader == ReaderSettings(
        "terminal", Arrangement.SINGLE, 0, centred=True, outline=True
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
