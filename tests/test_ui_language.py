"""The language that relmgr speaks, and the catalogues."""

import gettext
import os
import string
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from catalogues import all_messages
from conftest import Relmgr
from rich.cells import cell_len
from support.sample_texts import text_of

from relmgr_cli import file_messages, messages
from relmgr_cli.cli.main import _COMMANDS
from relmgr_cli.errors import LanguageUnknownError
from relmgr_cli.languages.tags import parse_languages
from relmgr_cli.messages import Plural
from relmgr_cli.reader.keymap import KEYS
from relmgr_cli.ui_language import FOLDER, localized, translate, ui_language, use_ui_language

LANGUAGES = sorted(os.listdir(FOLDER))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_ui_language("en")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "pl_PL.UTF-8"}, "pl"),
        ({"LANG": "pl_PL.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "pl_PL.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "pl_PL.UTF-8", "LC_MESSAGES": "ru_RU"}, "ru"),
        ({"LANG": "xx_XX.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "xx:ru:pl"}, "ru"),
        ({"LANG": "pl_PL.UTF-8", "LANGUAGE": "en_GB:pl"}, "en"),
        ({"LANG": "C", "LANGUAGE": "pl"}, "en"),
        ({"LANG": "C", "RELMGR_UI_LANG": "pl"}, "pl"),
        ({"LANG": "pl_PL.UTF-8", "RELMGR_UI_LANG": "en"}, "en"),
        ({"RELMGR_UI_LANG": "../../pl"}, "en"),
    ],
)
def test_the_locale_decides_unless_a_variable_names_a_language(environ: dict[str, str], language: str) -> None:
    assert ui_language(environ) == language


def test_errors_and_help_are_in_the_language(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    english = relmgr("show", "nothing")
    monkeypatch.setenv("RELMGR_UI_LANG", "pl")
    assert relmgr("show", "nothing").err != english.err
    assert "Opcje" in relmgr("show", "--help").out
    assert "nie ma opcji: --nothing" in relmgr("show", "--nothing").err
    monkeypatch.setenv("RELMGR_UI_LANG", "en")
    assert relmgr("show", "nothing") == english


def test_json_is_the_same_in_every_language(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lib, cache = tmp_path / "lib", tmp_path / "english"
    for path in ("en/b.md", "pl/b.md", "translations/en/b.md"):  # two in one language: a note, which the index keeps
        (lib / path).parent.mkdir(parents=True, exist_ok=True)
        (lib / path).write_text(f"# {path}\n\n" + text_of("bread", "pl" if "pl" in path else "en"))
    (lib / "a.md").write_text("---\ntitle: [\n---\nA text with a [link](missing.md).\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    commands = [("list", "--json"), ("index", "--status", "--json"), ("check", "--json", "--all")]
    english = [relmgr("-C", lib, *command).out for command in commands]
    assert "both are in English" in english[0]
    monkeypatch.setenv("RELMGR_UI_LANG", "ru")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # an index of its own
    russian = [relmgr("-C", lib, *command).out for command in commands]
    assert [text.replace(str(tmp_path / "cache"), str(cache)) for text in russian] == english


def test_what_the_index_has_in_english_is_translated_when_it_is_shown() -> None:
    text = file_messages.CHECK_MISSING_BLOCK.fill(kind=file_messages.CHECK_KINDS["paragraph"], text="It's 'so'")
    several = file_messages.CHECK_LIST_SHORTER.fill(3, text="x")
    assert localized(text) == text
    use_ui_language("pl")
    assert localized(text) == "po tym bloku brakuje akapitu: 'It's 'so''"
    assert localized(several) == "brakuje 3 elementów listy, począwszy od: 'x'"
    assert localized("a text of no template") == "a text of no template"
    use_ui_language("en")
    assert localized(text) == text


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_list_says_on_a_narrow_screen_how_to_close_it(language: str) -> None:
    use_ui_language(language)
    shown = messages.MARKING_PLACEHOLDER.fill(title=messages.LANGUAGES)[:38]
    assert messages.PICKER_PLACEHOLDER.fill(title=messages.LANGUAGES)[:38] in shown


@pytest.mark.parametrize(("language", "name"), [("pl", "Rosyjski"), ("ru", "русский"), ("ru", "немецкий")])
def test_a_language_is_asked_for_by_its_name_in_the_language_of_the_messages(language: str, name: str) -> None:
    use_ui_language(language)
    assert parse_languages(name) == ("de" if name == "немецкий" else "ru",)
    with pytest.raises(LanguageUnknownError):
        parse_languages("xyzzy")


def test_typer_speaks_english_again() -> None:
    before = gettext.dgettext
    use_ui_language("pl")
    assert gettext.gettext("Options") == "Opcje"
    use_ui_language("en")
    assert (gettext.dgettext, translate("Options")) == (before, "Options")


# The catalogues.


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(os.path.join(FOLDER, language, "LC_MESSAGES", "relmgr.po"))


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_message_and_no_other(language: str) -> None:
    wanted = {each.one if isinstance(each, Plural) else each for each in all_messages()}
    entries = [entry for entry in catalogue(language) if not entry.obsolete]
    assert {entry.msgid for entry in entries} == wanted, "run python docs/catalogues.py"
    missing = [entry.msgid for entry in entries if entry.fuzzy or not all(forms(entry))]
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_fields_of_its_message(language: str) -> None:
    for entry in catalogue(language):
        wanted = fields(entry.msgid) | (fields(entry.msgid_plural) if entry.msgid_plural else set())
        for form in forms(entry):
            allowed = [wanted, wanted - {"count"}, fields(entry.msgid)] if entry.msgid_plural else [wanted]
            assert fields(form) in allowed, entry.msgid
            assert (form[:1].isspace(), form[-1:].isspace()) == (entry.msgid[:1].isspace(), entry.msgid[-1:].isspace())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    path = os.path.join(FOLDER, language, "LC_MESSAGES", "relmgr.mo")
    assert Path(path).read_bytes() == catalogue(language).to_binary()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_help_is_wider_than_a_terminal(
    relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("RELMGR_UI_LANG", language)
    monkeypatch.setenv("COLUMNS", "80")
    commands = [name for names in _COMMANDS.values() for name in names]
    pages = [relmgr(*([name] if name else []), "--help").out for name in ("", *commands)]
    wide = [line for page in pages for line in page.splitlines() if cell_len(line) > 80 and "relmgr" not in line]
    assert not wide


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_key_does_fits_in_one_line(language: str) -> None:
    use_ui_language(language)
    assert [key.name for key in KEYS if cell_len(translate(key.meaning)) > 60] == []
