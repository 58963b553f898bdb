"""`relmgr links` of a whole library, and what its check calls broken."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age
from support.sample_texts import text_of

Write = Callable[[str, str], Path]

ENGLISH = (
    "See [chess](chess.md), [a draft](gone.md), [it](gone#x), [top](#nothing) and [the web](https://example.org/)."
)
POLISH = "Zobacz [szachy](chess.md) i [szkic](../pl/brak.md)."


@pytest.fixture
def library(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library with three broken links; the current folder is its parent."""
    write("lib/en/bread.md", text_of("bread", "en", more=ENGLISH))
    write("lib/pl/bread.md", text_of("bread", "pl", more=POLISH))
    write("lib/en/chess.md", text_of("chess", "en", more="The [clock](chess.md)."))
    write("lib/pl/chess.md", text_of("chess", "pl"))
    age(tmp_path / "lib")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lib"


BROKEN_EN = [
    "lib/en/bread.md:9: a draft -> gone.md (no such file)",
    "lib/en/bread.md:9: it -> gone#x (no such page)",
]
BROKEN_PL = ["lib/pl/bread.md:9: szkic -> ../pl/brak.md (no such file)"]


def test_check_lists_only_broken_links_and_exits_with_1(relmgr: Relmgr, library: Path) -> None:
    for _ in range(2):
        result = relmgr("-C", library, "links", "--check")
        assert result.code == 1
        assert result.out.splitlines() == [*BROKEN_EN, *BROKEN_PL]
        assert result.err == "relmgr: checked 8 links in 4 documents: 3 broken\n"


def test_check_of_a_library_without_broken_links_says_how_many_there_are(relmgr: Relmgr, library: Path) -> None:
    for _ in range(2):
        result = relmgr("-C", library, "links", "--check", "chess")
        assert result == (0, "", "relmgr: checked 1 link in 2 documents: none is broken\n")


def test_a_broken_link_is_reported_until_its_target_exists(relmgr: Relmgr, library: Path, write: Write) -> None:
    assert relmgr("-C", library, "links", "--check", "--lang", "pl").code == 1
    (library / "pl/brak.md").mkdir()
    assert relmgr("-C", library, "links", "--check", "--lang", "pl").code == 0
    (library / "pl/brak.md").rmdir()
    assert relmgr("-C", library, "links", "--check", "--lang", "pl").code == 1
    write("lib/pl/brak.md", "# Brak\n\nJuż jest.\n")
    assert relmgr("-C", library, "links", "--check", "--lang", "pl").code == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--lang", "pl"), BROKEN_PL),
        (("--lang", "en,polish"), [*BROKEN_EN, *BROKEN_PL]),
        (("bread",), [*BROKEN_EN, *BROKEN_PL]),
        (("lib/pl",), BROKEN_PL),
        (("lib/pl", "chess"), BROKEN_PL),
        (("lib/en/bread.md",), BROKEN_EN),
        (("lib/en/bread.md", "lib/pl/"), [*BROKEN_EN, *BROKEN_PL]),
        (("--anchors", "lib/en"), [*BROKEN_EN, "lib/en/bread.md:9: top -> #nothing (no such section)"]),
    ],
)
def test_check_is_restricted_to_what_is_named(
    relmgr: Relmgr, library: Path, arguments: tuple[str, ...], expected: list[str]
) -> None:
    result = relmgr("-C", library, "links", "--check", *arguments)
    assert (result.code, result.out.splitlines()) == (1, expected)


def test_all_lists_every_link_with_its_location(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "links", "--all", "--lang", "pl")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "lib/pl/bread.md:9: article: szachy -> 2 Pierwsze posunięcia partii szachów",
        "lib/pl/bread.md:9: broken: szkic -> ../pl/brak.md (no such file)",
    ]
    assert len(relmgr("-C", library, "links", "--all").out.splitlines()) == 8
    assert len(relmgr("-C", library, "links", "lib/en").out.splitlines()) == 6
    assert len(relmgr("-C", library, "links", "bread", "chess").out.splitlines()) == 8


def test_a_library_without_links_exits_with_1(relmgr: Relmgr, library: Path) -> None:
    assert relmgr("-C", library, "links", "--all", "lib/pl/chess.md") == (1, "", "relmgr: no links\n")
    found = json.loads(relmgr("-C", library, "links", "--all", "lib/pl/chess.md", "--json").out)
    assert found == {"version": 1, "links": []}


def test_as_json_each_link_says_where_it_is_and_leads(relmgr: Relmgr, library: Path) -> None:
    found = json.loads(relmgr("-C", library, "links", "--all", "--json").out)["links"]
    keys = ("article", "lang", "path", "line", "text", "href", "leads", "target")
    assert [tuple(link[key] for key in keys) for link in found if link["lang"] == "pl"] == [
        (found[0]["article"], "pl", "pl/bread.md", 9, "szachy", "chess.md", "here", found[0]["target"]),
        (found[0]["article"], "pl", "pl/bread.md", 9, "szkic", "../pl/brak.md", "nowhere", None),
    ]
    assert {link["leads"] for link in found} == {"here", "nowhere", "outside"}
    result = relmgr("-C", library, "links", "--check", "--json")
    assert result.code == 1
    assert [link["href"] for link in json.loads(result.out)["links"]] == ["gone.md", "gone#x", "../pl/brak.md"]


def test_faults_of_a_request_are_usage_errors(relmgr: Relmgr, library: Path, tmp_path: Path) -> None:
    assert relmgr("-C", library, "links", "--check", "bread#1").code == 2
    assert relmgr("-C", library, "links", "--check", "nonesuch").code == 2
    assert relmgr("-C", library, "links", "--check", "--lang", "de").code == 2
    (tmp_path / "other").mkdir()
    assert relmgr("-C", library, "links", "--check", "other").code == 2
    assert relmgr("-C", "other", "links", "--check").code == 2


@pytest.mark.usefixtures("library")
def test_a_file_elsewhere_is_checked_alone(relmgr: Relmgr) -> None:
    result = relmgr("links", "--check", "lib/pl/bread.md")
    assert (result.code, result.out.splitlines()) == (1, BROKEN_PL)


@pytest.mark.parametrize("command", [("links", "en/note"), ("show", "en/note", "--color", "always")])
def test_a_cached_answer_depends_on_the_files_outside_of_the_library_that_were_looked_up(
    relmgr: Relmgr, tmp_path: Path, write: Write, command: tuple[str, ...]
) -> None:
    write("lib/en/note.md", text_of("bread", "en", more="See [the licence](../../docs/licence.md)."))
    write("lib/en/chess.md", text_of("chess", "en"))
    write("docs/other.txt", "x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").touch()
    age(tmp_path)
    arguments = ("-C", tmp_path / "lib", command[0], str(tmp_path / f"lib/{command[1]}.md"), *command[2:])
    broken = relmgr(*arguments)
    assert relmgr(*arguments) == broken
    write("docs/licence.md", "x")
    found = relmgr(*arguments)
    assert found.code == 0
    assert found.out != broken.out
