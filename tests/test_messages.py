from pathlib import Path

import pytest

from relmgr_cli.messages import shown_path


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("library", "docs/a.md"),
        ("library/docs", "a.md"),
        ("library/docs/pl", "../a.md"),
        ("library/blog/2024", "../../docs/a.md"),
        (".", "library/docs/a.md"),
        ("other", "../library/docs/a.md"),
    ],
)
def test_a_path_is_shown_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, current: str, expected: str
) -> None:
    folder = tmp_path / current
    folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(folder)
    assert shown_path(str(tmp_path / "library"), "docs/a.md") == expected


def test_a_path_is_absolute_where_that_is_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_path("/", "a.md") == "/a.md"
    assert shown_path("/usr/share", "a.md") == "/usr/share/a.md"
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert shown_path("/usr", "a.md") == "/usr/a.md"
    monkeypatch.chdir(tmp_path)


def test_a_file_above_the_library_is_shown_without_detours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_path(str(tmp_path / "docs/pl"), "../../relmgr.toml") == "relmgr.toml"
