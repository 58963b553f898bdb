"""Shell completion."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr
from support.search_library import GARDEN, KITCHEN

from relmgr_cli.cli.main import main

Offered = Callable[[str], list[str]]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Offered:
    """Return a function that returns what zsh is offered for a line; the word to complete is its last, maybe empty."""

    def complete(line: str) -> list[str]:
        with monkeypatch.context() as patch:
            patch.setenv("_RELMGR_COMPLETE", "complete_zsh")
            patch.setenv("_TYPER_COMPLETE_ARGS", line)
            capfd.readouterr()
            with pytest.raises(SystemExit):
                main([])
        out, err = capfd.readouterr()
        assert err == ""
        return out.split("\n")

    return complete


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("relmgr show men", '"menedzer-relacji":"Menedżer relacji"'),
        ("relmgr show --section 3.", '"3.1":"Menedżerowie ds. relacji z klientami · Менеджеры по работе с клиентами"'),
        ("relmgr show --lang r", '"ru":"Russian"'),
        ("relmgr sections ", '"menedzer-relacji":"Menedżer relacji"'),
        ("relmgr hi", '"highlights":'),
    ],
)
def test_articles_sections_and_languages_are_completed(offered: Offered, line: str, expected: str) -> None:
    rows = offered(line)
    assert any(expected in row for row in rows), rows


def test_completion_of_a_missing_library_offers_and_prints_nothing(offered: Offered, tmp_path: Path) -> None:
    assert not [row for row in offered(f"relmgr -C {tmp_path}/nowhere show ") if "menedzer" in row]


def test_completion_cannot_be_made_to_act_on_the_terminal(
    offered: Offered, relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text("# x\x1b[31m\n\ntext\n")
    monkeypatch.setenv("RELMGR_LIBRARY", str(tmp_path))
    relmgr("list")
    rows = offered("relmgr show ")
    assert any("x" in row for row in rows)
    assert "\x1b" not in "".join(rows)


def test_articles_are_completed_by_the_shortest_name_and_by_the_whole_path(
    offered: Offered, relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("docs/Getting started", "blog/Getting started", "docs/हिन्दी", "docs/$(reboot)"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.md").write_text(f"# The {name.partition('/')[0]}\n\ntext\n")
    monkeypatch.setenv("RELMGR_LIBRARY", str(tmp_path))
    relmgr("list")

    def names(incomplete: str) -> list[str]:
        return [row.split('"')[1] for row in offered(f"relmgr show {incomplete}") if '":"The ' in row]

    assert names("gett") == []  # of two articles
    assert names("b") == ["blog/Getting-started"]
    assert names("docs/") == ["docs/Getting-started", "docs/हिन्दी"]
    assert names("Docs/gett") == ["Docs/getting-started"]
    assert names("हि") == ["हिन्दी"]
    assert sorted(names("")) == ["blog/Getting-started", "docs/Getting-started", "हिन्दी"]


@pytest.fixture
def searched(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, text in (GARDEN | KITCHEN).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("RELMGR_LIBRARY", str(tmp_path))
    relmgr("list")


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("show kitchen --section ", ["0", "1"]),
        ("show garden -s ", ["0", "1", "2"]),
        ("show garden -L pl --section ", ["0", "1", "2"]),
        ("show garden --section=", ["0", "1", "2"]),
        ("show garden --section na", ["narzędzia"]),
        ("show --section ", []),  # of which article?
        ("show nothing --section ", []),
        ("list --missing ", ["en", "pl", "ru"]),
        ("list --missing en,", ["en,pl", "en,ru"]),
        ("show --lang en,", ["en,pl", "en,ru"]),
        ("show --lang ru,en,p", ["ru,en,pl"]),
        ("-L pl,e", ["pl,en"]),
        ("search x --in kitchen --lang e", ["en"]),
    ],
)
def test_what_was_typed_before_decides_what_is_offered(offered: Offered, line: str, expected: list[str]) -> None:
    rows = offered(f"relmgr {line}")
    assert [row.removeprefix("_arguments '*: :((").split('"')[1] for row in rows if '"' in row] == expected


@pytest.mark.usefixtures("searched")
def test_a_section_can_be_named_as_it_is_completed(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Grabie" in relmgr("show", "garden", "--section", "narzędzia", "-L", "pl").out
    assert relmgr("show", "garden#narzędzia", "-L", "pl").code == 0
    monkeypatch.delenv("RELMGR_LIBRARY")
    slug = "zrozumienie-menedżerów-ds-relacji"
    assert "Zrozumienie" in relmgr("show", "--section", slug, "--bundled").out
    assert relmgr("show", "garden", "--section").code == 2  # nothing is completed


def test_completion_in_bash_offers_bare_words(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_RELMGR_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "relmgr show menedzer --section 3.")
    monkeypatch.setenv("COMP_CWORD", "4")
    with pytest.raises(SystemExit):
        main([])
    assert capfd.readouterr().out.split() == ["3.1", "3.2"]
