"""Several languages at once: `--lang pl,ru`."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Relmgr

POLISH, RUSSIAN = "Rodzaje doradców biznesowych", "Типы менеджеров по связям"


def test_two_languages_stand_side_by_side_with_the_number_once_in_the_margin(relmgr: Relmgr) -> None:
    lines = relmgr("show", "-L", "pl,ru").out.splitlines()
    assert f"3    {POLISH}           {RUSSIAN}" in lines
    assert lines[0].split() == "Menedżer relacji pl Менеджер по связям с ru".split()
    assert max(map(len, lines)) <= 80


def test_the_first_language_named_comes_first(relmgr: Relmgr) -> None:
    assert f"3    {RUSSIAN}              {POLISH}" in relmgr("show", "-L", "russian,polski").out.splitlines()


def test_on_a_narrow_screen_the_languages_are_interleaved(relmgr: Relmgr) -> None:
    out = relmgr("show", "-L", "pl,ru", "--width", "60").out
    assert f"\npl  3  {POLISH}\nru     {RUSSIAN}\n\npl  W mniejszych firmach" in out


def test_interleaved_and_side_by_side_are_obeyed_and_the_last_one_wins(relmgr: Relmgr) -> None:
    interleaved = relmgr("show", "-L", "pl,ru", "--interleaved")
    assert f"\npl  3  {POLISH}\nru     {RUSSIAN}\n" in interleaved.out
    assert relmgr("show", "-L", "pl,ru", "--side-by-side", "--interleaved") == interleaved
    beside = relmgr("show", "-L", "pl,ru", "--side-by-side", "--width", "60").out.splitlines()
    assert any(line.startswith("1  Kim jest doradca") and "Что такое менеджер" in line for line in beside)
    assert relmgr("show", "-L", "pl,ru", "--side-by-side") == relmgr("show", "-L", "pl,ru")


def test_columns_that_do_not_fit_are_interleaved_with_a_note(relmgr: Relmgr) -> None:
    narrow = ("show", "-L", "pl,ru", "--width", "24")
    assert relmgr(*narrow).err == ""
    assert relmgr(*narrow, "--side-by-side") == (
        0,
        relmgr(*narrow).out,
        "relmgr: too narrow for 2 languages side by side; interleaved\n",
    )


def test_one_language_alone_is_its_page_and_a_hint(relmgr: Relmgr) -> None:
    for option in ("--side-by-side", "--interleaved"):
        result = relmgr("show", "-L", "ru", option)
        assert result.out == relmgr("show", "-L", "ru").out
        assert result.err == "relmgr: only one language to show; choose several with --lang pl,ru\n"


def test_a_section_is_shown_side_by_side_too(relmgr: Relmgr) -> None:
    lines = relmgr("show", "-s", "klientami", "-L", "pl,ru").out.splitlines()
    assert lines[0] == "3.1  Menedżerowie ds. relacji z klientami   Менеджеры по работе с клиентами"
    assert not any(line.startswith("3.2") for line in lines)


@pytest.mark.parametrize("command", [("highlights",), ("show", "--highlights")])
def test_highlights_stand_side_by_side_too(relmgr: Relmgr, command: tuple[str, ...]) -> None:
    title, blank, first, *rest = relmgr(*command, "-L", "pl,ru").out.splitlines()
    assert title.split() == "Menedżer relacji pl Менеджер по связям с ru".split()
    assert blank == ""
    assert first.split() == "• Za pośrednictwem bezpośrednich • С помощью прямых и косвенных".split()
    assert sum("•" in line for line in rest) == 2


def test_highlights_can_be_interleaved(relmgr: Relmgr) -> None:
    out = relmgr("show", "--highlights", "-L", "pl,ru", "--interleaved").out
    assert out.startswith("pl  Menedżer relacji\nru  Менеджер по связям с\n\npl  • Za pośrednictwem")


def test_highlights_as_json_have_the_rows_of_all_languages_named(relmgr: Relmgr) -> None:
    one = json.loads(relmgr("highlights", "-L", "pl", "--json").out)
    both = json.loads(relmgr("highlights", "-L", "pl,ru", "--json").out)
    assert {key: both[key] for key in one} == one
    assert both["langs"] == ["pl", "ru"]
    assert [row["pl"][0]["text"] for row in both["rows"]] == one["highlights"]
    assert all(row["ru"][0]["text"] for row in both["rows"])


def test_plain_names_the_language_of_every_line(relmgr: Relmgr) -> None:
    lines = relmgr("show", "-L", "pl,ru", "--plain", "--side-by-side").out.splitlines()
    assert {line[:4] for line in lines} == {"pl: ", "ru: ", ""}
    assert f"pl: heading 2: 3 {POLISH}" in lines
    assert f"ru: heading 2: 3 {RUSSIAN}" in lines


def test_the_outline_has_two_languages_in_columns(relmgr: Relmgr, tmp_path: Path) -> None:
    for language, words in {"en": "Only the text", "pl": "Tylko ten tekst", "ru": "Только этот текст"}.items():
        (tmp_path / f"a.{language}.md").write_text(
            f"---\nlang: {language}\n---\n# {words}\n\n## {words} 1\n\n{words}.\n"
        )
    two = relmgr("-C", tmp_path, "sections", "-L", "ru,pl", "--width", "100").out.splitlines()
    assert two[0].split()[-5:] == ["ru", "·", "pl", "·", "en"]
    assert [line for line in two if "Только этот текст 1  Tylko ten tekst 1" in line]
    three = relmgr("-C", tmp_path, "sections", "-L", "ru,pl,en", "--width", "120").out.splitlines()
    assert three[2].split() == "1 Только этот текст 1 Tylko ten tekst 1 Only the text 1".split()
    plain = relmgr("-C", tmp_path, "sections", "-L", "ru,pl,en", "--plain").out
    assert {"1 pl: Tylko ten tekst 1", "1 en: Only the text 1"} < set(plain.splitlines())


def modules_after(*arguments: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after running a command."""
    script = (
        "import sys, relmgr_cli.cli.main as cli; cli.main(sys.argv[1:]);print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, check=True, text=True)
    return set(result.stderr.split())


@pytest.mark.slow
def test_with_one_language_nothing_of_this_is_loaded_and_with_two_nothing_heavy(relmgr: Relmgr) -> None:
    relmgr("list")
    assert not [name for name in modules_after("show", "-L", "ru") if "parallel" in name]
    loaded = modules_after("show", "-L", "pl,ru", "--color", "always")
    assert "relmgr_cli.layout.parallel" in loaded
    assert loaded.isdisjoint({"yaml", "markdown_it", "numpy", "textual", "pygments", "rich.console"})


@pytest.mark.slow
def test_a_long_page_goes_through_the_pager(tmp_path: Path) -> None:
    """The pager is a program that counts its lines, the terminal one of 24 lines."""
    script = "import sys; from relmgr_cli.cli.main import main; sys.exit(main(['show', '-L', 'pl,ru']))"
    main, terminal = pty.openpty()
    counted = tmp_path / "lines"
    pager = f"{sys.executable} -c \"import sys; open('{counted}', 'w').write(str(len(sys.stdin.readlines())))\""
    environ = {**os.environ, "RELMGR_PAGER": pager, "COLUMNS": "80", "LINES": "24"}
    subprocess.run([sys.executable, "-c", script], stdout=terminal, env=environ, check=True)
    os.close(main)
    os.close(terminal)
    assert int(counted.read_text()) > 100


def test_a_title_that_only_one_language_gives_to_an_alert_is_not_missing_in_the_other(
    relmgr: Relmgr, tmp_path: Path
) -> None:
    text = "# {0}\n\n/// tip{1}\n\n{2}\n\n///\n"
    english = text.format("Editors", "", "Use the official extension for the editor.")
    spanish = text.format("Editores", " | Consejo", "Usa la extensión oficial para el editor.")
    (tmp_path / "a.en.md").write_text(english)
    (tmp_path / "a.es.md").write_text(spanish)
    shown = relmgr("-C", tmp_path, "show", "a", "--lang", "es,en", "--width", "80").out
    assert "Consejo" in shown
    assert "Tip" in shown
    assert "—" not in shown
