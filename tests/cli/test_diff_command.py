"""`relmgr diff`: what has changed in the source since it was translated."""

import json
import re
from pathlib import Path

import pytest
from conftest import Relmgr
from support.git import GitRepository
from support.marks import slow
from support.translated_repository import CHANGED, ENGLISH, GERMAN, POLISH, translated_repository

from relmgr_cli.terminal.sanitize import sanitize

SOURCE, TRANSLATION = "docs/en/passwords.md", "docs/pl/passwords.md"
INTERLEAVED = """\
docs/pl/passwords.md

1  Wybierz bibliotekę  2023-11-17

docs/en/passwords.md:7
  Use the library [-passlib-] {+pwdlib+} to hash all of the passwords, because it knows many algorithms.
docs/pl/passwords.md:7
  Do haszowania wszystkich haseł użyj biblioteki passlib, ponieważ zna wiele algorytmów.
"""
SIDE_BY_SIDE = """\
docs/pl/passwords.md

1  Choose a library  2023-11-17          Wybierz bibliotekę

docs/en/passwords.md:7                   docs/pl/passwords.md:7
Use the library [-passlib-] {+pwdlib+}   Do haszowania wszystkich haseł użyj
to hash all of the passwords, because    biblioteki passlib, ponieważ zna wiele
it knows many algorithms.                algorytmów.
"""
PLAIN = """\
docs/pl/passwords.md

section 1: Wybierz bibliotekę (source changed: 2023-11-17)

docs/en/passwords.md:7: source: Use the library (removed: passlib; added: pwdlib) to hash all of the passwords, \
because it knows many algorithms.
docs/pl/passwords.md:7: translation: Do haszowania wszystkich haseł użyj biblioteki passlib, ponieważ zna wiele \
algorytmów.
"""
UP_TO_DATE = POLISH.replace("biblioteki passlib", "biblioteki pwdlib")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    found = translated_repository(tmp_path / "work")
    monkeypatch.chdir(found.folder)
    return found


def styled(text: str) -> str:
    """Return a text without styles and links."""
    return re.sub(r"\x1b\][^\x1b\a]*(?:\x1b\\|\a)|\x1b\[[0-9;]*m", "", text)


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("passwords", "-L", "pl"), INTERLEAVED),
        (("-L", "pl"), INTERLEAVED),
        (("docs/pl/passwords.md",), INTERLEAVED),
        (("passwords#1", "-L", "pl"), INTERLEAVED),
        (("passwords#biblio", "-L", "pl"), INTERLEAVED),
        (("docs/pl/passwords.md#1",), INTERLEAVED),
        (("passwords", "-L", "polish", "--since", "v1"), INTERLEAVED.replace("  2023-11-17", "")),
        (("passwords", "-L", "pl", "--since", "main~1"), INTERLEAVED.replace("  2023-11-17", "")),
        (("passwords", "-L", "pl", "--side-by-side"), SIDE_BY_SIDE),
        (("passwords", "-L", "pl", "--plain"), PLAIN),
        (("passwords", "-L", "pl", "--plain", "--side-by-side"), PLAIN),
    ],
)
def test_the_changed_block_of_the_source_is_above_or_beside_its_translation(
    relmgr: Relmgr, arguments: tuple[str, ...], expected: str
) -> None:
    result = relmgr("diff", *arguments)
    assert (result.code, result.out) == (0, expected)


@pytest.mark.slow
def test_a_section_without_changes_and_a_translation_that_is_up_to_date(
    relmgr: Relmgr, repository: GitRepository
) -> None:
    nothing = "relmgr: Polish: the source has not changed since it was translated\n"
    assert relmgr("diff", "passwords#2", "-L", "pl") == (0, "", nothing)
    assert relmgr("diff", "-L", "pl", "--since", "HEAD") == (0, "", nothing)
    repository.commit({TRANSLATION: UP_TO_DATE})
    assert relmgr("diff", "passwords", "-L", "pl") == (0, "", nothing)
    assert relmgr("diff", "-L", "pl", "--json").out.endswith('"changes": []}\n')
    assert relmgr("diff", "-L", "de").out


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("passwords", "-L", "pl", "--since", "v9"), "no commit 'v9' in the history of the library"),
        (("passwords", "-L", "pl", "--since", "--all"), "no commit '--all' in the history of the library"),
        (("passwords",), "choose a translation with --lang: de, pl"),
        ((), "choose a translation with --lang: de, pl"),
        (("-L", "en"), "English is the source; choose a translation with --lang: de, pl"),
        (("passwords", "-L", "uk"), "no Ukrainian"),
        (("passwords#9", "-L", "pl"), "no section '9'"),
        (("tokens", "-L", "pl"), "no article 'tokens'"),
        (("passwords", "-L", "pl", "--since", ""), "--since"),
    ],
)
def test_what_cannot_be_compared_is_an_error_that_says_what_to_do(
    relmgr: Relmgr, arguments: tuple[str, ...], message: str
) -> None:
    result = relmgr("diff", *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_an_article_without_a_translation_says_so(relmgr: Relmgr, repository: GitRepository) -> None:
    repository.commit({"docs/en/alone.md": "# Alone\n\nThis page has not been translated to any other language.\n"})
    missing = 'relmgr: no Polish text for "docs/alone"; available: none\n'
    assert relmgr("diff", "alone", "-L", "pl") == (2, "", missing)
    for options in ((), ("-L", "en")):
        assert "no article here has both a source and a translation" in relmgr("diff", "alone", *options).err


def test_plain_names_cells_and_says_what_was_removed_and_added(relmgr: Relmgr, repository: GitRepository) -> None:
    table = "| Tea | Minutes |\n| --- | --- |\n| green | 2 |\n| | 4 |\n\n"
    before = ENGLISH.replace("## Check", f"{table}Keep all of the four words.\n\n## Check")
    translation = POLISH.replace("## Zahaszuj", f"{table}Zachowaj wszystkie cztery słowa.\n\n## Zahaszuj")
    repository.commit({SOURCE: before, TRANSLATION: translation})
    after = before.replace("| 2 |", "| 3 |").replace("Keep all of the four words", "Keep the good four words")
    repository.commit({SOURCE: after})
    out = relmgr("diff", "passwords", "-L", "pl", "--plain").out
    lines = [line.partition(": source: ")[2] for line in out.splitlines() if ": source: " in line]
    cells = ["Tea: green", "Minutes: (removed: 2; added: 3)", "Tea: (empty)", "Minutes: 4"]
    assert lines == [*cells, "Keep (removed: all of) the (added: good) four words."]


def test_the_only_translation_needs_no_language(relmgr: Relmgr, repository: GitRepository) -> None:
    repository.commit({"docs/de/passwords.md": None})
    assert relmgr("diff").out == INTERLEAVED


def test_json_has_a_change_for_each_block(relmgr: Relmgr, repository: GitRepository) -> None:
    result = relmgr("diff", "passwords", "-L", "pl", "--json")
    assert json.loads(result.out) == {
        "version": 1,
        "article": "docs/passwords",
        "lang": "pl",
        "changes": [
            {
                "article": "docs/passwords",
                "section": "1",
                "since": repository.git("rev-parse", "HEAD"),
                "source": {
                    "path": SOURCE,
                    "line": 7,
                    "old": "Use the library passlib to hash all of the passwords, because it knows many algorithms.",
                    "new": "Use the library pwdlib to hash all of the passwords, because it knows many algorithms.",
                },
                "target": {
                    "path": TRANSLATION,
                    "line": 7,
                    "text": "Do haszowania wszystkich haseł użyj biblioteki passlib, ponieważ zna wiele algorytmów.",
                },
            }
        ],
    }


def test_json_of_new_and_of_gone_blocks(relmgr: Relmgr, repository: GitRepository) -> None:
    new = ENGLISH.replace("## Check", "Then forget the password.\n\n## Check")
    new = new.replace("It is maintained by volunteers and has been tested by thousands of people for years.\n\n", "")
    repository.commit({SOURCE: new})
    found = json.loads(relmgr("diff", "-L", "pl", "--json").out)
    assert found["article"] is None
    gone, added = found["changes"]
    assert (gone["source"]["line"], gone["source"]["new"], gone["target"]["line"]) == (None, "", 9)
    assert (added["source"]["line"], added["source"]["old"], added["target"]) == (13, "", None)


@pytest.mark.parametrize("columns", [20, 80, *slow(40, 120, 200)])
@pytest.mark.parametrize("color", ["always", "never"])
def test_no_line_is_wider_than_the_terminal(
    relmgr: Relmgr, repository: GitRepository, columns: int, color: str
) -> None:
    code = "```python\nstore(hash(password), user, because='it is needed to check it later on')\n```"
    table = "| name | what it is |\n| --- | --- |\n| hash | the hash of the password |"
    repository.commit({SOURCE: CHANGED.replace("## Check", f"## Store\n\n{code}\n\n{table}\n\n## Check")})
    result = relmgr("diff", "-L", "pl", "--width", columns, "--color", color)
    lines = styled(result.out).splitlines()
    assert max(map(len, lines)) <= columns
    has_columns = "  Wybierz bibliotekę" in styled(result.out).partition("Choose")[2]
    assert has_columns == (columns >= 80)
    assert ("{+" in result.out) == (color == "never")


@pytest.mark.usefixtures("repository")
def test_without_colours_changed_words_have_the_marks_of_git(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    colored = relmgr("diff", "-L", "pl").out
    assert "[-" not in styled(colored)
    assert "library passlib pwdlib to" in styled(colored)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "library [-passlib-] {+pwdlib+} to" in styled(relmgr("diff", "-L", "pl").out)


def test_new_blocks_are_together_and_say_where_they_belong(relmgr: Relmgr, repository: GitRepository) -> None:
    new = "## Store\n\nKeep the hash in a table.\n\n```sql\nCREATE TABLE hashes\n    (hash text);\n```\n\n"
    repository.commit({SOURCE: ENGLISH.replace("## Check", f"{new}## Check")})
    assert (
        relmgr("diff", "-L", "pl").out
        == """\
docs/pl/passwords.md

3  Store  2023-11-18

docs/en/passwords.md:15
  {+Store+}

  {+Keep the hash in a table.+}

  {+CREATE TABLE hashes
      (hash text);+}
docs/pl/passwords.md:13
  (new in the source: add it below this block)
"""
    )


def test_a_new_first_block_and_a_block_that_the_translation_lacks(relmgr: Relmgr, repository: GitRepository) -> None:
    head, _, rest = POLISH.partition("\n\n")
    repository.commit({SOURCE: ENGLISH, TRANSLATION: f"{head}\n\n{rest.partition(chr(10) * 2)[2]}"})
    repository.commit({SOURCE: ENGLISH.replace("so that nobody can read them", "so that they are safe")})
    assert "(no counterpart)" in relmgr("diff", "-L", "pl", "--since", "HEAD~1").out


def test_a_change_that_is_not_committed(relmgr: Relmgr, repository: GitRepository) -> None:
    repository.write({SOURCE: CHANGED.replace("what it returns", "the hash")})
    result = relmgr("diff", "passwords#2", "-L", "pl")
    assert "2  Zahaszuj hasło  not committed" in result.out
    assert "store [-what it returns-] {+the hash+}." in " ".join(result.out.split())


def test_a_source_that_was_renamed(relmgr: Relmgr, repository: GitRepository) -> None:
    for folder, text in (("en", CHANGED), ("pl", POLISH), ("de", GERMAN)):
        repository.move(f"docs/{folder}/passwords.md", f"docs/{folder}/hashing.md", content=text)
    assert relmgr("diff", "-L", "pl").out == INTERLEAVED.replace("passwords.md", "hashing.md")


def test_a_source_that_is_gone(relmgr: Relmgr, repository: GitRepository) -> None:
    repository.commit({SOURCE: None})
    result = relmgr("diff", "docs/pl/passwords.md")
    assert (result.code, result.out) == (0, "")


def test_outside_git_it_says_that_nothing_is_known(relmgr: Relmgr, tmp_path: Path) -> None:
    for language, text in (("en", ENGLISH), ("pl", POLISH)):
        (tmp_path / f"passwords.{language}.md").write_text(text, encoding="utf-8")
    result = relmgr("-C", tmp_path, "diff", "-L", "pl")
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("relmgr: no history: not in a git work tree; ")
    result = relmgr("-C", tmp_path, "diff", "-L", "pl", "--since", "v1")
    assert (result.code, result.out) == (2, "")


def test_it_is_given_again_from_the_cache_until_there_is_another_commit(
    relmgr: Relmgr, repository: GitRepository
) -> None:
    first = relmgr("diff", "-L", "pl")
    assert relmgr("diff", "-L", "pl") == first
    repository.commit({TRANSLATION: UP_TO_DATE})
    assert relmgr("diff", "-L", "pl").out == ""


def test_what_a_hostile_source_holds_does_not_reach_the_terminal(relmgr: Relmgr, repository: GitRepository) -> None:
    hostile = CHANGED.replace("many algorithms", "many \x1b[31malgorithms \u202e\x9b")
    repository.commit({SOURCE: hostile})
    out = styled(relmgr("diff", "-L", "pl", "--color", "always").out)
    assert "algorithms" in out
    assert sanitize(out) == out


def test_an_empty_library_is_an_error(relmgr: Relmgr, tmp_path: Path) -> None:
    for arguments in (["diff"], ["diff", "--json"], ["diff", "guide"]):
        result = relmgr("-C", tmp_path, *arguments)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"relmgr: no documents in {tmp_path}")
