"""Files that are named one by one are read as one article, whatever library there is."""

import io
from pathlib import Path

import pytest
from conftest import Relmgr
from pilot import ReaderPilot, read

ENGLISH = "# The garden\n\nA garden needs water.\n\n## Water\n\nWater the plants every morning.\n"
GERMAN = "# Der Garten\n\nEin Garten braucht Wasser.\n\n## Wasser\n\nGieße die Pflanzen jeden Morgen.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, in which one is, with files whose names say nothing."""
    for name, text in (("one.md", ENGLISH), ("two.md", GERMAN)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_files_are_in_columns_in_their_order_and_no_position_is_saved() -> None:
    async def script(reader: ReaderPilot) -> None:
        line = reader.screen_lines[reader.y_of("Garten braucht")]
        assert line.index("Ein Garten") < line.index("A garden")
        await reader.press("j", "q")

    read(script, article=("two.md", "one.md"))
    state = Path.home() / ".local/state/relmgr"
    assert not [path for path in state.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("folder")
def test_a_section_and_a_language_of_files_are_chosen(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(reader: ReaderPilot) -> None:
        assert "Gieße" in reader.text
        assert "morning" not in reader.text

    read(script, article=("one.md", "two.md#1"), lang="de")
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    out = relmgr("read", "--plain", "one.md", "two.md#1").out
    assert "\nen: heading 2: 1 Water\nde: heading 2: 1 Wasser\n" in out


def test_a_changed_file_is_read_again_and_stays_paired(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        (folder / "two.md").write_text(GERMAN.replace("jeden Morgen", "am Abend"), encoding="utf-8")
        await reader.article_screen._reload()  # noqa: SLF001
        await reader.settle()
        assert "every morning" in reader.screen_lines[reader.y_of("am Abend")]
        (folder / "two.md").unlink()
        await reader.article_screen._reload()  # noqa: SLF001
        await reader.settle()
        assert "every morning" in reader.screen_lines[reader.y_of("am Abend")]

    read(script, article=("one.md", "two.md"))


def test_keys_and_a_text_cannot_both_come_from_standard_input(relmgr: Relmgr) -> None:
    refused = relmgr("read", "--plain", "-", "b.md")
    assert (refused.code, refused.out) == (2, "")
    assert "relmgr show - b.md shows a text from it" in refused.err
