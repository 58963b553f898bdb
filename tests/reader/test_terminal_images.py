"""When the reader asks the terminal for a way to draw images."""

import sys
from pathlib import Path

import pytest
from support import terminal

from relmgr_cli.config import read_settings
from relmgr_cli.reader import terminal_images
from relmgr_cli.reader.terminal_images import query_for

ENVIRON = {"TERM": "xterm-kitty"}


def test_images_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_images, "find_spec", lambda _: object())
    assert query_for(read_settings(ENVIRON))
    assert not query_for(read_settings({**ENVIRON, "NO_COLOR": "1"}))
    config = read_settings(ENVIRON).config_file
    assert config
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("images = false\n")
    assert not query_for(read_settings(ENVIRON))


@pytest.mark.slow
def test_without_pillow_the_terminal_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("# A title\n\n![An image](a.png)\n")
    script = "import sys; sys.modules['PIL'] = None\nfrom relmgr_cli.cli.main import run\nrun()"
    monkeypatch.setattr(terminal, "RELMGR", [sys.executable, "-c", script])
    written = terminal.run_in_terminal("--library", str(tmp_path), "read", "1", keys=("q",), TERM="xterm-kitty")
    assert "An image" in written
    assert "\x1b[c" not in written
