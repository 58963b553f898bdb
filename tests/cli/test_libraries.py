"""The commands about a whole library, and links between articles."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr, Result
from support.files import age
from support.sample_texts import LANGUAGES, PROSE, text_of

Write = Callable[[str, str], Path]

TITLES = {subject: {language: PROSE[subject][language][0] for language in LANGUAGES} for subject in PROSE}
LINKS = {
    "en": "See [the dentist](../pl/teeth.md), [chess](chess.md), [the web](https://example.org/), [a draft](gone.md)"
    " and [the end](#end).\n\n## End\n\nThat is all.",
    "pl": "Zobacz [szachy](chess.md) i [wersję angielską](../en/bread.md#end).\n\n## Koniec\n\nTo jest wszystko.",
    "ru": "Смотрите также [шахматы](chess.md).\n\n## Конец\n\nЭто всё.",
}
LACKING = {("chess", "ru"), ("teeth", "en"), ("teeth", "ru")}


@pytest.fixture
def library(tmp_path: Path, write: Write) -> Path:
    """Return a library of four articles: bread links to all kinds of places, chess and teeth lack languages."""
    for subject in PROSE:
        for language in LANGUAGES:
            if (subject, language) not in LACKING:
                more = LINKS[language] if subject == "bread" else ""
                write(f"lib/{language}/{subject}.md", text_of(subject, language, more=more))
    age(tmp_path / "lib")
    return tmp_path / "lib"


def json_output(result: Result) -> dict[str, Any]:
    assert result.code == 0
    parsed: dict[str, Any] = json.loads(result.out)
    assert parsed.pop("version") == 1
    return parsed


def listed(result: Result) -> list[str]:
    """Return the titles of a plain list, in order, each with its languages."""
    assert (result.code, result.err) == (0, "")
    return [line.partition(" ")[2].rpartition(" ")[0] for line in result.out.splitlines()]


def files_in(relmgr: Relmgr, *arguments: object) -> set[frozenset[str]]:
    """Return which files are listed, in sets of those that are one article."""
    articles = json_output(relmgr(*arguments, "list", "--json"))["articles"]
    return {frozenset(document["path"] for document in article["documents"]) for article in articles}


def test_list_shows_every_article_with_its_languages(relmgr: Relmgr, library: Path) -> None:
    assert listed(relmgr("-C", library, "list", "--plain")) == [
        f"{TITLES['bread']['pl']} (pl, en, ru; layout)",
        f"{TITLES['chess']['pl']} (pl, en; layout)",
        f"{TITLES['lighthouse']['pl']} (pl, en, ru; layout)",
        f"{TITLES['teeth']['pl']} (pl; alone)",
    ]


@pytest.mark.parametrize(
    ("arguments", "subjects"),
    [
        ([], ["bread", "chess", "lighthouse", "teeth"]),
        (["BREAD"], ["bread"]),
        (["хлеб"], ["bread"]),
        (["wieza"], ["lighthouse"]),
        (["of"], ["chess", "lighthouse"]),
        (["--lang", "ru"], ["bread", "lighthouse"]),
        (["--lang", "polski"], ["bread", "chess", "lighthouse", "teeth"]),
        (["--lang", "en,ru"], ["bread", "lighthouse"]),
        (["--missing", "ru"], ["chess", "teeth"]),
        (["--missing", "Russian"], ["chess", "teeth"]),
        (["--missing", "en,ru"], ["teeth"]),
        (["--missing", "de"], ["bread", "chess", "lighthouse", "teeth"]),
        (["--missing", "ru", "--lang", "en"], ["chess"]),
        (["dent", "--missing", "ru"], ["teeth"]),
    ],
)
def test_list_can_be_narrowed(relmgr: Relmgr, library: Path, arguments: list[str], subjects: list[str]) -> None:
    articles = json_output(relmgr("-C", library, "list", "--json", *arguments))["articles"]
    assert [article["titles"]["pl"] for article in articles] == [TITLES[subject]["pl"] for subject in subjects]
    assert relmgr("-C", library, "list", *arguments).out.count("\n") == len(subjects)


def test_numbers_are_the_same_in_a_narrowed_list(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # else a path may be shown relative to the checkout
    out = relmgr("-C", library, "list", "--plain", "--missing", "ru").out
    assert out.splitlines() == [
        f"2 {TITLES['chess']['pl']} (pl, en; layout) {library}/pl/chess.md",
        f"4 {TITLES['teeth']['pl']} (pl; alone) {library}/pl/teeth.md",
    ]
    assert relmgr("-C", library, "show", "4").out.startswith(TITLES["teeth"]["pl"])


def test_list_gives_titles_in_the_language_that_is_asked_for(relmgr: Relmgr, library: Path) -> None:
    assert listed(relmgr("-C", library, "list", "--plain", "--lang", "ru")) == [
        f"{TITLES['bread']['ru']} (pl, en, ru; layout)",
        f"{TITLES['lighthouse']['ru']} (pl, en, ru; layout)",
    ]


@pytest.mark.parametrize("arguments", [["zebra"], ["--missing", "pl"], ["bread", "--missing", "en"]])
def test_a_list_that_nothing_fits_gives_exit_code_1(relmgr: Relmgr, library: Path, arguments: list[str]) -> None:
    assert relmgr("-C", library, "list", *arguments) == (1, "", "relmgr: no matching articles\n")
    result = relmgr("-C", library, "list", "--json", *arguments)
    assert (result.code, json.loads(result.out)["articles"]) == (1, [])


@pytest.mark.parametrize("command", [["list"], ["search", "chleb"], ["show", "bread"]])
@pytest.mark.parametrize(
    ("language", "error"),
    [("de", "no German text "), ("pl,de", "no German text "), ("xx", "no language 'xx'"), ("", "invalid value for")],
)
def test_a_language_that_no_text_has_is_refused_alike(
    relmgr: Relmgr, library: Path, command: list[str], language: str, error: str
) -> None:
    result = relmgr("-C", library, *command, "--lang", language)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert result.err.startswith(f"relmgr: {error}")


def test_a_language_that_does_not_exist_is_a_wrong_request(relmgr: Relmgr, library: Path) -> None:
    for option in ("--lang", "--missing"):
        result = relmgr("-C", library, "list", option, "klingon")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("relmgr: no language 'klingon'")


def test_index_status_changes_nothing(relmgr: Relmgr, library: Path) -> None:
    def status() -> dict[str, Any]:
        return json_output(relmgr("-C", library, "index", "--status", "--json"))

    before = status()
    assert list(before) == [
        *("library", "chosen_by", "source", "source_chosen_by"),
        *("index", "bytes", "articles", "documents", "changed", "removed", "pairing_by_meaning"),
        *("passages_learnt", "passages_to_learn", "lexicon"),
    ]
    assert (before["articles"], before["documents"], before["changed"], before["removed"]) == (0, 0, 9, 0)
    relmgr("-C", library, "list")
    after = status()
    assert (after["articles"], after["documents"], after["changed"], after["removed"]) == (4, 9, 0, 0)
    assert Path(after["index"]).stat().st_size <= after["bytes"]
    assert (after["passages_learnt"], after["lexicon"]) == (0, "due")
    assert after["passages_to_learn"] > 0
    assert after["pairing_by_meaning"] == "done"
    (library / "pl/teeth.md").unlink()
    (library / "en/new.md").write_text(text_of("teeth", "en"))
    assert (status()["changed"], status()["removed"], status()["documents"]) == (1, 1, 9)
    assert status() == status()


@pytest.mark.slow
def test_the_index_says_before_it_starts_how_long_it_takes(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relmgr_cli.core.learning.seconds_to_learn", lambda _: 150)
    first, *_ = relmgr("-C", library, "index").err.splitlines()
    assert re.fullmatch(r"relmgr: \d+ passages to learn, which takes about 2 min; it can be .* continued", first)
    monkeypatch.setattr("relmgr_cli.core.learning.seconds_to_learn", lambda _: 5)
    assert "to learn" not in relmgr("-C", library, "index", "--rebuild").err


@pytest.mark.slow
def test_the_status_of_the_index_is_a_fact_a_line(relmgr: Relmgr, library: Path) -> None:
    relmgr("-C", library, "index")
    result = relmgr("-C", library, "index", "--status")
    assert (result.code, result.err) == (0, "")
    *choice, index, size = result.out.splitlines()[:-8]
    rest = result.out.splitlines()[-8:]
    assert choice[:2] == [f"library: {library}", "chosen by: --library"]
    assert choice[3] == "source chosen by: the paths and the languages of most documents"
    assert index.startswith(f"index: {Path.home()}/.cache/relmgr/lib-")
    assert size.removeprefix("bytes: ").isdigit()
    assert rest[:5] == ["articles: 4", "documents: 9", "changed: 0", "removed: 0", "pairing by meaning: done"]
    assert int(rest[5].removeprefix("passages learnt: ")) > 0
    assert rest[6:] == ["passages to learn: 0", "lexicon: done"]


def test_the_status_says_where_each_source_language_is(
    relmgr: Relmgr, tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source, topics in (("en", ("chess", "teeth")), ("ru", ("bread",))):
        write(f"{source}-site/relmgr.toml", f"source = '{source}'\n")
        for topic in topics:
            for language in ("en", "ru"):
                write(f"{source}-site/docs/{language}/{topic}.md", text_of(topic, language))
    monkeypatch.chdir(tmp_path)
    folders = ("-C", "en-site", "-C", "ru-site")
    relmgr(*folders, "list")
    facts = relmgr(*folders, "index", "--status").out.splitlines()
    assert facts[2] == "source: en (2 articles in en-site/docs/en), ru (1 article in ru-site/docs/ru)"
    assert facts[3].startswith("source chosen by: ")
    assert json_output(relmgr(*folders, "index", "--status", "--json"))["source"] == ["en", "ru"]


def test_a_part_of_the_list_comes_with_the_problems_of_its_own_files(
    relmgr: Relmgr, tmp_path: Path, write: Write
) -> None:
    for name in ("alpha", "beta"):
        write(f"{name}.md", f'---\ntitle: "a" b\n---\n\nThe text of {name} is here.\n')
    write("relmgr.toml", "sorce = 'en'\n")

    def notes(*arguments: str) -> list[str]:
        return [line.split(":")[1].rpartition("/")[2] for line in relmgr("-C", tmp_path, *arguments).err.splitlines()]

    assert notes("list") == ["relmgr.toml", "alpha.md, line 2", "beta.md, line 2"]
    assert notes("list", "beta") == ["relmgr.toml", "beta.md, line 2"]


def test_many_languages_below_a_title_are_broken_into_lines(relmgr: Relmgr, tmp_path: Path, write: Write) -> None:
    tags = "en ar bg cs da de el es fi fr hu it ja ko nl pl pt ro ru sv tr uk vi zh".split()
    for tag in tags:
        write(f"page.{tag}.md", f"---\nlang: {tag}\n---\n# Page {tag}\n")
    for command in ("show", "sections"):
        title, *lines = relmgr("-C", tmp_path, command, "--lang", "en", "--width", "40").out.splitlines()[:4]
        assert title == "Page en"
        assert " ".join(lines) == " · ".join(tags)
        assert all(len(line) <= 40 and line == line.strip() for line in lines)


def test_semantic_pairing_is_pending_until_it_is_needed(relmgr: Relmgr, tmp_path: Path, write: Write) -> None:
    write("1.md", text_of("chess", "pl"))
    write("2.md", text_of("chess", "ru"))
    write("3.md", text_of("bread", "ru"))
    relmgr("-C", tmp_path)
    assert "pairing by meaning: pending\n" in relmgr("-C", tmp_path, "index", "--status").out
    relmgr("-C", tmp_path, "index")
    assert "pairing by meaning: done\n" in relmgr("-C", tmp_path, "index", "--status").out


@pytest.mark.slow
def test_index_reads_changed_files_and_rebuild_reads_all(relmgr: Relmgr, library: Path) -> None:
    summary = "4 articles, 9 documents; {}\n"
    assert relmgr("-C", library, "index") == (0, summary.format("9 read, 0 removed"), "")
    assert relmgr("-C", library, "index") == (0, summary.format("0 read, 0 removed"), "")
    assert relmgr("-C", library, "index", "--rebuild") == (0, summary.format("9 read, 0 removed"), "")
    assert json_output(relmgr("-C", library, "index", "--rebuild", "--json")) == {
        "articles": 4,
        "documents": 9,
        "read": 9,
        "removed": 0,
    }


def test_a_rebuild_is_not_dropped_beside_status(relmgr: Relmgr, library: Path) -> None:
    relmgr("-C", library, "index")
    result = relmgr("-C", library, "index", "--rebuild", "--status")
    assert (result.code, result.out) == (2, "")
    assert "--status cannot be combined with --rebuild" in result.err
    assert relmgr("-C", library, "index").out.endswith("0 read, 0 removed\n")


def test_files_that_a_repository_ignores_are_not_articles(relmgr: Relmgr, tmp_path: Path, write: Write) -> None:
    kept = ("guide/a.md", "guide/build/b.md", "drafts/keep.md")
    left_out = (
        "secret.md",
        "drafts/a.md",
        "guide/tmp/a.md",
        ".github/a.md",
        ".hidden.md",
        "node_modules/package/README.md",
        "guide/node_modules/README.md",
        "vendor/a.md",
        "_site/a.md",
        *(f"{name}/a.md" for name in ("build", "dist", "out", "target", "public")),
    )
    for name in (*kept, *left_out):
        write(name, text_of("bread", "en"))
    write(".gitignore", "/secret.md\ndrafts/*\n!drafts/keep.md\n")
    write("guide/.gitignore", "tmp/\n")
    assert files_in(relmgr, "-C", tmp_path) == {frozenset([name]) for name in kept}
    write(".gitignore", "")
    assert frozenset(["secret.md"]) in files_in(relmgr, "-C", tmp_path)


def test_several_folders_are_one_library(relmgr: Relmgr, tmp_path: Path, write: Write) -> None:
    for language in LANGUAGES:
        write(f"docs-{language}/guide/start.md", text_of("chess", language))
    write("docs-pl/only.md", text_of("bread", "pl"))
    folders = [argument for language in LANGUAGES for argument in ("-C", tmp_path / f"docs-{language}")]
    articles = json_output(relmgr(*folders, "list", "--json"))["articles"]
    assert [article["languages"] for article in articles] == [["pl", "en", "ru"], ["pl"]]
    roots = [Path(document["root"]).name for document in articles[0]["documents"]]
    assert roots == ["docs-pl", "docs-en", "docs-ru"]
    assert relmgr(*folders, "show", "1", "-L", "ru").out.startswith(TITLES["chess"]["ru"])


def test_a_folder_given_with_one_inside_it_is_read_once(relmgr: Relmgr, library: Path) -> None:
    articles = json_output(relmgr("-C", library, "-C", library / "pl", "list", "--json"))["articles"]
    assert [article["languages"] for article in articles] == [
        ["pl", "en", "ru"],
        ["pl", "en"],
        ["pl", "en", "ru"],
        ["pl"],
    ]


def test_links_lists_the_target_of_each_link(relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library.parent)
    expected = [
        f"lib/en/bread.md:9: only Polish: the dentist -> 4 {TITLES['teeth']['pl']}",
        f"lib/en/bread.md:9: article: chess -> 2 {TITLES['chess']['en']}",
        "lib/en/bread.md:9: external: the web -> https://example.org/",
        "lib/en/bread.md:9: broken: a draft -> gone.md (no such file)",
        f"lib/en/bread.md:9: section: the end -> 1 {TITLES['bread']['en']}, section 1",
    ]
    result = relmgr("-C", library, "links", "bread", "-L", "en")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == expected
    assert relmgr("-C", library, "links", "1", "-L", "en", "--plain", "--width", "20").out.splitlines() == expected


def test_links_as_json_have_all_there_is_to_know(relmgr: Relmgr, library: Path) -> None:
    found = json_output(relmgr("-C", library, "links", "1", "-L", "pl", "--json"))
    assert (found["article"], found["lang"]) == ("bread", "pl")
    assert found["links"] == [
        {
            "article": "bread",
            "lang": "pl",
            "root": str(library),
            "path": "pl/bread.md",
            "line": 9,
            "text": "szachy",
            "href": "chess.md",
            "leads": "here",
            "kind": "here",
            "target": "chess",
            "target_lang": "pl",
            "section": None,
            "note": "",
            "title": TITLES["chess"]["pl"],
        },
        {
            "article": "bread",
            "lang": "pl",
            "root": str(library),
            "path": "pl/bread.md",
            "line": 9,
            "text": "wersję angielską",
            "href": "../en/bread.md#end",
            "leads": "here",
            "kind": "here",
            "target": "bread",
            "target_lang": "en",
            "section": "1",
            "note": "translation-link",
            "title": TITLES["bread"]["en"],
        },
    ]


def test_broken_and_external_links_have_neither_target_nor_title(relmgr: Relmgr, library: Path) -> None:
    _, _, outside, nowhere, _ = json_output(relmgr("-C", library, "links", "1", "-L", "en", "--json"))["links"]
    for link, kind in ((outside, "outside"), (nowhere, "nowhere")):
        assert (link["kind"], link["target"], link["target_lang"], link["title"]) == (kind, None, None, "")


def test_a_link_to_an_untranslated_article_leads_to_another_language(relmgr: Relmgr, library: Path) -> None:
    (link,) = json_output(relmgr("-C", library, "links", "1", "-L", "ru", "--json"))["links"]
    assert (link["kind"], link["target_lang"]) == ("other language only", "en")
    assert link["title"] == TITLES["chess"]["en"]


def test_an_article_without_links_gives_exit_code_1(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "links", "2", "-L", "en")
    assert result == (1, "", f'relmgr: "{TITLES["chess"]["en"]}" has no links\n')
    as_json = relmgr("-C", library, "links", "2", "-L", "en", "--json")
    assert (as_json.code, json.loads(as_json.out)["links"]) == (1, [])


def test_in_a_pipe_a_link_names_the_article_it_leads_to(relmgr: Relmgr, library: Path) -> None:
    out = " ".join(relmgr("-C", library, "show", "1", "-L", "en", "--width", "80").out.split())
    assert f"the dentist (→ {TITLES['teeth']['pl']})" in out
    assert f"chess (→ {TITLES['chess']['en']})" in out
    assert "the web (https://example.org/)" in out
    assert "a draft (gone.md)" in out
    assert "→" not in relmgr("-C", library, "show", "1", "-L", "en", "--no-links").out


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_file_is_shown_in_its_own_language_and_knows_its_translations(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch, language: str, is_inside: bool
) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    folder = ["-C", library] if is_inside else []
    path = library / language / "bread.md"
    result = relmgr(*folder, "show", path, "--width", "80")
    assert (result.code, result.err) == (0, "")
    first, *_ = result.out.splitlines()
    assert first.startswith(TITLES["bread"][language])
    assert first.endswith("pl · en · ru" if is_inside else "en · pl · ru")
    assert relmgr(*folder, "show", path, "-L", "pl").out.startswith(TITLES["bread"]["pl"])


def test_a_file_of_a_checkout_finds_its_translations_far_away(
    relmgr: Relmgr, tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    write("docs/guide/a.md", text_of("chess", "en"))
    write("i18n/ru/docusaurus-plugin-content-docs/current/guide/a.md", text_of("chess", "ru"))
    monkeypatch.chdir(tmp_path / "docs")
    assert set(json_output(relmgr("show", "guide/a.md", "-L", "en,ru", "--json"))["metadata"]) == {"en", "ru"}


def test_files_with_meaningless_names_are_paired_by_content(relmgr: Relmgr, tmp_path: Path, write: Write) -> None:
    places = [(subject, language) for subject in PROSE for language in LANGUAGES]
    # Every fifth of twelve: neither the subjects nor the languages lie together.
    names = {places[number * 5 % 12]: f"{number:03}.txt" for number in range(12)}
    for (subject, language), name in names.items():
        write(name, text_of(subject, language))
    articles = json_output(relmgr("-C", tmp_path, "list", "--json"))["articles"]
    assert {article["paired_by"] for article in articles} == {"meaning"}
    found = {frozenset((d["lang"], d["path"]) for d in article["documents"]) for article in articles}
    assert found == {frozenset((language, names[subject, language]) for language in LANGUAGES) for subject in PROSE}
    assert relmgr("-C", tmp_path, "show", "chess", "-L", "ru").out.startswith(TITLES["chess"]["ru"])


def test_showing_one_file_of_a_heap_finds_its_translations(relmgr: Relmgr, tmp_path: Path, write: Write) -> None:
    for number, (subject, language) in enumerate((s, k) for k in ("pl", "ru") for s in PROSE):
        write(f"{number}.txt", text_of(subject, language))
    result = relmgr("-C", tmp_path, "show", tmp_path / "0.txt", "--width", "80")
    assert result.out.splitlines()[0].endswith("pl · ru")


def test_an_index_that_cannot_be_saved_is_an_error(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/x")
    result = relmgr("index")
    assert result.code == 2
    assert "the index is in memory only" in result.err


def test_a_file_without_text_is_refused_with_a_reason(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # else a path may be shown relative to the checkout
    (tmp_path / "text.md").write_text("# A title\n\nSome text.\n")
    (tmp_path / "binary.md").write_bytes(b"\x00\x01\x02" * 100)
    result = relmgr("-C", tmp_path, "show", tmp_path / "binary.md")
    assert result == (1, "", f"relmgr: cannot show {tmp_path}/binary.md: binary, not text\n")


def test_a_file_that_is_no_document_is_a_wrong_request(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # else a path may be shown relative to the checkout
    program = tmp_path / "program"
    program.write_bytes(b"\x00\x01\x02" * 100)
    for arguments in (["show", program], ["-C", program, "list"], ["-C", program, "show"]):
        assert relmgr(*arguments) == (2, "", f"relmgr: cannot show {program}: binary, not text\n")
    (tmp_path / "text.md").write_text("# A title\n\nSome text.\n")
    assert relmgr("-C", tmp_path, "show", program) == (2, "", f"relmgr: cannot show {program}: binary, not text\n")


def test_a_folder_given_twice_is_read_once(
    relmgr: Relmgr, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a link, by another spelling, and as a part of another one: that belongs to the folder given first."""
    monkeypatch.chdir(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(library)
    expected = files_in(relmgr, "-C", library)
    for again in ("lib/", "./lib", "link", "lib/../link/"):
        assert files_in(relmgr, "-C", "lib", "-C", again) == expected
        assert json_output(relmgr("-C", "lib", "-C", again, "list", "--json"))["roots"] == [str(library)]
    assert files_in(relmgr, "-C", "lib", "-C", "link/pl") == expected
    inner_first = json_output(relmgr("-C", "link/pl", "-C", "lib", "list", "--json"))
    files = [Path(d["root"], d["path"]).resolve() for a in inner_first["articles"] for d in a["documents"]]
    assert sorted(files) == sorted(library.rglob("*.md"))
    assert files_in(relmgr, "-C", "lib", "-C", "link/pl/bread.md") == expected


def test_a_folder_given_twice_in_the_environment_is_read_once(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = files_in(relmgr, "-C", library)
    monkeypatch.setenv("RELMGR_LIBRARY", f"{library}::{library}/:")
    assert files_in(relmgr) == expected


def test_a_file_named_through_the_link_that_is_the_library_is_in_it(
    relmgr: Relmgr, library: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(library)
    expected = json_output(relmgr("-C", library, "show", "bread", "-L", "pl", "--json"))
    assert json_output(relmgr("-C", link, "show", link / "pl/bread.md", "--json")) == expected
    assert json_output(relmgr("-C", link, "links", link / "pl/bread.md", "--json"))["links"][0]["kind"] == "here"


@pytest.mark.parametrize("option", [("-C", ""), ("--library", ""), ("--library=",), ("-C", "seeds", "-C", "")])
@pytest.mark.parametrize("is_before", [True, False])
def test_a_folder_without_a_name_is_a_mistake(relmgr: Relmgr, option: tuple[str, ...], is_before: bool) -> None:
    result = relmgr(*option, "list") if is_before else relmgr("list", *option)
    assert (result.code, result.out) == (2, "")
    assert "an empty path; use . for the current folder" in result.err
    assert result.err.count("\n") == 1
