"""Commands in messages can be pasted: they select the library in use and work."""

import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from conftest import Relmgr

from relmgr_cli import messages

GARDEN = "# Garden {0}\n\n## Soil {0}\n\nThe {1} of the garden need water in the morning and the evening.\n"


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the folder of a library, with a space in its name."""
    folder = tmp_path / "my docs"
    folder.mkdir()
    for number in range(22):
        subject = "abcdefghijklmnopqrstuvw"[number] * 7
        (folder / f"garden-{number}.md").write_text(GARDEN.format(subject, subject), encoding="utf-8")
    sections = "".join(f"## Part {number}\n\nWords.\n\n" for number in range(12))
    (folder / "parts.md").write_text(f"# Many parts\n\n{sections}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return "my docs"


def commands(text: str) -> list[str]:
    """Return the commands in a message, as far as they go."""
    found = re.findall(r"relmgr -C (?!FOLDER).*?(?= \[| to | for | first| shows | prints | reads |[;)\n]|$)", text)
    return [re.sub(r"\bWORD\b", "water", command) for command in found]


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "zebra"],
        ["show"],
        ["show", "garden"],
        ["show", "parts", "--section", "zebra"],
        ["show", "parts", "--section", "part"],
        ["show", "--hit", "1"],
        ["search", "water"],
        ["read", "parts"],
        [],
    ],
)
def test_commands_in_messages_select_the_library_and_run(
    relmgr: Relmgr, docs: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    result = relmgr("-C", docs, *arguments)
    found = commands(result.err + (result.out if result.code == 0 else ""))
    assert found, result
    for command in found:
        assert command.startswith("relmgr -C 'my docs' ")
        again = relmgr(*shlex.split(command)[1:])
        assert (again.code, bool(again.out)) == (0, True), (command, again.err)


def test_a_hit_that_the_last_search_did_not_find_is_searched_for_again(relmgr: Relmgr, docs: str) -> None:
    relmgr("-C", docs, "search", "water", "--limit", "2")
    result = relmgr("-C", docs, "show", "--hit", "7")
    assert result.err == (
        "relmgr: no hit 7: the last search found 2 sections; run relmgr -C 'my docs' search WORD to search again\n"
    )


def test_a_hint_about_a_file_outside_the_library_names_the_file(relmgr: Relmgr, tmp_path: Path) -> None:
    file = tmp_path / "a note.md"
    file.write_text("# Title\n\n## Section\n\nSome words.\n", encoding="utf-8")
    result = relmgr("show", file, "--section", "9")
    assert result.err == f"relmgr: no section '9'; see relmgr sections '{file}'\n"
    assert relmgr("sections", file).code == 0


def test_without_a_library_option_hints_have_none(relmgr: Relmgr, docs: str) -> None:
    relmgr("-C", docs, "show", "zebra")
    assert relmgr("show", "zebra").err == "relmgr: no article 'zebra'; see relmgr list\n"


def test_counts_are_those_of_the_library(relmgr: Relmgr, docs: str) -> None:
    shown = relmgr("-C", docs, "show")
    assert shown.err.endswith(", ... (8 of 23; relmgr -C 'my docs' list shows all)\n")
    named = relmgr("-C", docs, "show", "garden")
    assert named.err.endswith(", ... (8 of 22; relmgr -C 'my docs' list garden shows all)\n")
    section = relmgr("-C", docs, "show", "parts", "--section", "part")
    assert section.err.endswith(", ... (8 of 12; relmgr -C 'my docs' sections parts shows all)\n")
    assert relmgr("-C", docs).out.endswith("\n10 of 23 articles; relmgr -C 'my docs' list shows all\n")


def test_no_message_names_a_command_without_the_field_for_it() -> None:
    templates = [str(value) for value in vars(messages).values() if isinstance(value, messages.Message)]
    templates += [form for value in vars(messages).values() if isinstance(value, messages.Plural) for form in value]
    assert len(templates) > 40
    assert not [text for text in templates if re.search(r"\brelmgr (-|[a-z]+ *(\{|$|;|to|for|WORD))", text)]


def test_only_a_list_says_that_files_without_translation_could_be_matched(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who reads a page that is in one language need not hear it every time."""
    monkeypatch.setattr("relmgr_cli.core.library.MAX_PASSAGES_TO_PAIR", 0)
    texts = {
        "en": "# {0}\n\nThis is a text about {0} that people who live in the country like to read.\n",
        "pl": "# {0} po polsku\n\nTo jest tekst, który ludzie w kraju lubią czytać wieczorem: {0}.\n",
    }
    for language, names in (("en", "one two three left"), ("pl", "one two three prawo")):
        (tmp_path / language).mkdir()
        for name in names.split():
            (tmp_path / language / f"{name}.md").write_text(texts[language].format(name))
    note = "some files have no translation yet"
    assert note in relmgr("-C", tmp_path, "list").err
    assert relmgr("-C", tmp_path, "show", "left", "-L", "en").err == ""
    assert note not in relmgr("-C", tmp_path, "search", "country", "-L", "en").err
