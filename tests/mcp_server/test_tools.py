"""What the tools answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.files import age
from support.hostile_files import CHARACTERS, PAYLOAD, make_library
from support.maintained import make_maintained
from support.marks import slow
from support.mcp_session import Tools, tools_of
from support.search_library import GARDEN, KITCHEN

from relmgr_cli.errors import RelmgrError
from relmgr_cli.mcp.answer import MAX_CHARACTERS
from relmgr_cli.mcp.tools import TOOLS, describe


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library of three languages."""
    folder = tmp_path_factory.mktemp("house")
    for name, text in {**GARDEN, **KITCHEN}.items():
        (folder / name).write_text(text, encoding="utf-8")
    age(folder)
    return folder


@pytest.fixture
def tools(library: Path) -> Iterator[Tools]:
    with tools_of(library) as found:
        yield found


def error_of(tools: Tools, tool: str, **arguments: object) -> str:
    with pytest.raises(RelmgrError) as error:
        tools(tool, **arguments)
    return describe(error.value)


def test_a_hit_has_an_address_a_path_with_a_line_and_its_best_sentence(tools: Tools) -> None:
    found = tools("search", query="roses garden", limit=2).splitlines()
    assert found[:2] == ["2 sections", "1. garden#0 (not all words)"]
    assert found[found.index("2. garden#1 (not all words)") + 1 :] == [
        "en garden.en.md:9 > Water",
        "> Water the roses every morning.",
    ]


def test_a_short_section_that_is_the_only_hit_is_shown_whole(tools: Tools) -> None:
    shown = tools("search", query="roses").splitlines()
    assert shown == [
        "1 section",
        "1. garden#1",
        "en garden.en.md:9",
        "9 > ## Water",
        "11 > Water the roses every morning. A hose is long enough.",
        "13 > The conflict between roses and weeds never ends.",
    ]
    assert shown[3:] == tools("section", article="garden#1").splitlines()[2:-1]


def test_a_long_section_that_is_the_only_hit_is_shown_by_its_best_sentence(tmp_path: Path) -> None:
    long = "\n\n".join(f"This is paragraph {number} of the page." for number in range(60))
    (tmp_path / "page.md").write_text(f"# Page\n\n## Long\n\nA zebra is here.\n\n{long}\n\n### Below\n\nA gnu.\n")
    with tools_of(tmp_path) as tools:
        assert tools("search", query="zebra").splitlines()[1:] == [
            "1. page#1",
            "en page.md:3 > Long",
            "> A zebra is here.",
        ]
        assert tools("search", query="gnu").splitlines()[3:] == ["127 > ### Below", "129 > A gnu."]


def test_what_is_found_in_the_front_matter_is_shown(tools: Tools) -> None:
    assert tools("search", query="hedgehog").splitlines()[1:] == ["1. garden#0", "en garden.en.md:7", "> hedgehog"]


def test_a_hit_is_shown_in_the_language_of_the_word_or_in_those_that_are_named(tools: Tools) -> None:
    assert "\npl garden.pl.md:5\n5 > ## Woda\n7 > Podlewaj róże" in tools("search", query="róże")
    polish = tools("search", query="roses", languages=["pl"])
    assert polish.startswith("roses: pl różami\n1 section\n1. garden#1\npl garden.pl.md:5\n5 > ## Woda\n7 >")
    shown = tools("search", query="róże", languages=["ru", "polish"], limit=1)
    assert re.findall(r"^(\w+) garden", shown, re.MULTILINE) == ["ru", "pl"]
    assert "pl garden.pl.md:5 > Woda\n> Podlewaj róże każdego ranka." in shown


def test_a_search_can_be_limited_to_an_article_and_says_what_it_leaves_out(tools: Tools) -> None:
    everything = tools("search", query="the", limit=9)
    assert {*re.findall(r"^\d+\. (\w+)#", everything, re.MULTILINE)} == {"garden", "kitchen"}
    found = tools("search", query="the", article="garden", limit=1)
    assert re.search(r"^\d sections; the first 1 \(limit\)$", found, re.MULTILINE)
    assert "kitchen" not in found


def test_hits_that_are_much_worse_than_the_first_are_left_out_unless_a_limit_asks_for_them(tools: Tools) -> None:
    found = tools("search", query="water the roses every morning")
    assert re.findall(r"^\d+\. (\S+)", found, re.MULTILINE) == ["garden#1"]
    assert re.match(r"\d sections; the first 1 \(limit\)\n", found)
    assert len(re.findall(r"^\d+\. ", tools("search", query="water the roses", limit=5), re.MULTILINE)) > 1


def test_a_search_that_finds_nothing_says_so_and_suggests_a_word(tools: Tools) -> None:
    assert tools("search", query="gardem") == "nothing found for 'gardem'; did you mean 'garden' for 'gardem'?"
    assert tools("search", query="-dog").startswith("nothing to search for")


def test_an_outline_has_number_line_words_and_heading_in_each_language(tools: Tools) -> None:
    assert tools("outline", article="garden", languages=["pl", "en"]).splitlines()[:8] == [
        "garden > Ogród",
        "pl garden.pl.md",
        "en garden.en.md",
        "also in ru",
        "0 pl:3 7 words (before the first heading)",
        "en:7 10 words (before the first heading)",
        "1 pl:5 18 words > Woda",
        "en:9 19 words > Water",
    ]


def test_an_outline_can_begin_at_a_section(tools: Tools) -> None:
    assert re.findall(r"^(\d) en:", tools("outline", article="garden#2"), re.MULTILINE) == ["2"]


def test_a_section_has_its_text_with_lines_and_says_which_languages_have_it(tools: Tools) -> None:
    assert tools("section", article="garden", section="tools").splitlines() == [
        "garden#2",
        "en garden.en.md:15",
        "15 > ## Tools",
        "17 > The spade stands in the shed. The rake and the long hose are there too.",
        "19 > - rusty nails",
        "20 > - new gloves",
        "also in pl ru",
    ]


def test_a_section_in_two_languages_is_aligned_block_by_block(tools: Tools) -> None:
    shown = tools("section", article="garden#2", languages=["en", "pl"]).splitlines()
    assert shown[:7] == [
        "garden#2",
        "en garden.en.md:15",
        "pl garden.pl.md:11",
        "en 15 > ## Tools",
        "pl 11 > ## Narzędzia",
        "en 17 > The spade stands in the shed. The rake and the long hose are there too.",
        "pl 13 > Łopata stoi w szopie. Grabie i długi wąż też tam są.",
    ]
    assert shown[-1] == "also in ru"


def test_what_a_translation_lacks_is_said_to_be_missing(tmp_path: Path) -> None:
    english = "# Page\n\n## One\n\nThis is the first section of the page.\n\n## Two\n\nThis is the second one.\n"
    (tmp_path / "page.en.md").write_text(english)
    (tmp_path / "page.pl.md").write_text("# Strona\n\n## Jeden\n\nTo jest pierwsza część tej strony.\n")
    with tools_of(tmp_path) as tools:
        assert "\npl: missing" in tools("outline", article="page", languages=["en", "pl"])
        shown = tools("section", article="page#2", languages=["en", "pl"])
        assert "pl page.pl.md: missing\n7 " not in shown
        assert "\npl page.pl.md: missing\nen 7 > ## Two\npl missing\n" in shown
        assert tools("section", article="page.pl.md#2").splitlines()[1] == "en page.en.md:7"


def test_a_path_names_an_article_and_its_language(tools: Tools, library: Path) -> None:
    for name in ("garden.pl.md", str(library / "garden.pl.md")):
        assert tools("section", article=f"{name}#2").splitlines()[1] == "pl garden.pl.md:11"


def test_subsections_are_named_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# A\n\ntext\n\n# B\n\nmore\n\n## C\n\nhidden\n\n## D\n\nhidden\n")
    with tools_of(tmp_path) as tools:
        shown = tools("section", article="page", section="b").splitlines()
    assert shown[2:] == ["5 > # B", "7 > more", "2 subsections: 2.1 to 2.2"]


def test_articles_are_listed_and_filtered(tools: Tools) -> None:
    listed = ["1 garden (en pl ru) garden.en.md > The garden", "2 kitchen (en pl) kitchen.en.md > The kitchen"]
    assert tools("articles").splitlines() == ["2 articles", *listed]
    assert tools("articles", filter="KITCHEN").splitlines() == ["1 of 2 articles", listed[1]]
    assert tools("articles", missing="russian").splitlines() == ["1 of 2 articles", listed[1]]
    assert tools("articles", languages=["ru", "pl"]).splitlines() == ["1 of 2 articles", listed[0]]
    assert tools("articles", filter="cellar") == "no matching articles"


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("outline", {"article": "cellar"}, "no article 'cellar'; see the tool articles"),
        ("outline", {"article": "gardem"}, "no article 'gardem'; did you mean 1 garden"),
        ("section", {"article": "garden", "section": "9"}, "no section '9'; see the tool outline"),
        ("section", {"article": "garden"}, "section needs the argument section"),
        ("section", {"article": "garden#1", "languages": ["de"]}, 'no German text for "The garden"'),
        ("search", {"query": "a", "languages": ["klingonese"]}, "no language 'klingonese'"),
        ("search", {"query": "a", "article": "cellar"}, "no article 'cellar'"),
        ("articles", {"page": 2}, "no page 2: the answer has 1 page"),
        ("diff", {}, "choose one translation with languages: pl, ru"),
        ("diff", {"languages": ["en"]}, "no en text for"),
        ("status", {"paths": ["cellar"]}, "no article 'cellar'; see the tool articles"),
    ],
)
def test_what_cannot_be_answered_is_an_error_that_says_what_to_do(
    tools: Tools, tool: str, arguments: dict[str, object], message: str
) -> None:
    assert message in error_of(tools, tool, **arguments)


@pytest.mark.parametrize("tool", ["section", "search", *slow("outline", "diff", "status")])
@pytest.mark.parametrize("place", ["secret.md", "./secret.md", "{folder}/secret.md", "../{name}/secret.md", "{folder}"])
def test_what_is_outside_the_library_is_as_what_does_not_exist(
    tools: Tools, tool: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "secret"
    folder.mkdir()
    monkeypatch.chdir(folder)
    name = place.format(folder=folder, name=folder.name)

    def answer() -> str:
        arguments: dict[str, object] = {"paths": [name]} if tool == "status" else {"article": name}
        if needed := {"search": "query", "section": "section"}.get(tool):
            arguments[needed] = "1"
        return error_of(tools, tool, **arguments)

    absent = answer()
    (folder / "secret.md").write_text("# Secret\n\nThis is the text of the secret file.\n")
    assert answer() == absent
    assert absent.startswith(("no article", "no file"))


def test_reading_leaves_no_trace_of_the_user(tools: Tools) -> None:
    tools("section", article="the-garden#1")
    assert not (Path.home() / ".local").exists()


@pytest.mark.slow
def test_status_and_diff_say_what_to_translate_and_where(tmp_path: Path) -> None:
    make_maintained(tmp_path)
    with tools_of(tmp_path) as tools:
        counts = "0 up to date, 1 stale, 1 missing, 0 untranslated"
        assert tools("status") == f"pl: 55 % of the words up to date; of 2 articles {counts}"
        assert tools("status", languages=["pl"]).splitlines()[1:] == [
            "pl docs/pl/guide.md (docs/en/guide.md) stale: 2:9",
            "pl missing: docs/en/prices.md (16 words)",
        ]
        assert tools("status", paths=["docs/pl"]).splitlines()[1:] == [
            "pl docs/pl/guide.md (docs/en/guide.md) stale: 2:9"
        ]
        shown = tools("diff", article="guide")
        assert shown.splitlines() == [
            "docs/guide#2 2023-11-16",
            "en docs/en/guide.md:11",
            "> Call every month. {+A letter is better than a call.+}",
            "pl docs/pl/guide.md:11",
            "> Dzwoń co miesiąc.",
        ]
        assert tools("diff") == shown
        assert tools("diff", article="docs/pl/guide.md#later") == shown
        assert tools("diff", since="v1.0").splitlines()[1:] == shown.splitlines()[1:]
        assert tools("diff", article="guide#1") == "pl: the source has not changed since it was translated"
        assert "no commit 'nonesuch'" in error_of(tools, "diff", article="guide", since="nonesuch")
        assert "\npl docs/pl/guide.md:9 stale\n" in tools("section", article="guide#2", languages=["en", "pl"])
        assert "\npl:9 4 words stale > Później" in tools("outline", article="guide", languages=["en", "pl"])


def test_a_block_that_is_new_in_the_source_has_a_place_in_the_translation(tmp_path: Path) -> None:
    repository = make_maintained(tmp_path)
    text = (tmp_path / "docs/en/guide.md").read_text()
    repository.commit({"docs/en/guide.md": f"{text}\nWrite a letter to those who do not answer.\n"})
    with tools_of(tmp_path) as tools:
        assert tools("diff", article="guide#2").splitlines()[-3:] == [
            "en docs/en/guide.md:13",
            "> {+Write a letter to those who do not answer.+}",
            "pl docs/pl/guide.md:11 (new in the source: add it below this block)",
        ]


def test_without_a_history_status_says_so(tools: Tools) -> None:
    assert tools("status").splitlines()[-1].startswith("note: no history: ")


def test_code_tables_and_links_keep_their_form(tmp_path: Path) -> None:
    text = "See [the guide](guide.md).\n\n```python\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n"
    (tmp_path / "page.md").write_text(f"# Page\n\n## Form\n\n{text}")
    with tools_of(tmp_path) as tools:
        assert tools("section", article="page", section="form").splitlines()[2:] == [
            "3 > ## Form",
            "5 > See the guide (guide.md).",
            "7 > ```python",
            "> x = 1",
            "> ```",
            "11 > a | b",
            "> 1 | 2",
            "15 > > quoted",
        ]


def test_paths_of_several_folders_are_absolute_and_can_be_pasted(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.md").write_text(f"# Page {name}\n\nThis is the page {name} of the library.\n")
    with tools_of(tmp_path / "one", tmp_path / "two") as tools:
        path = str(tmp_path / "two/page.md")
        assert f"(en) {path} > Page two" in tools("articles")
        assert tools("outline", article=path).splitlines()[1] == f"en {path}"


@pytest.mark.slow
def test_no_answer_of_a_hostile_library_has_unsafe_characters_or_too_many(tmp_path: Path) -> None:
    with tools_of(make_library(tmp_path)) as tools:
        texts = [
            tools("articles"),
            tools("search", query="needle", languages=["pl", "ru"]),
            tools("search", query=f'needle "x{PAYLOAD}"'),
            tools("outline", article="1", languages=["pl", "ru"]),
            tools("section", article="1#1", languages=["pl", "ru"]),
            tools("section", article="1#1"),
            tools("status", languages=["ru"]),
            tools("diff", article="1", languages=["ru"]),
        ]
    for text in texts:
        assert text
        assert len(text) <= MAX_CHARACTERS
        assert not set(text) & set(CHARACTERS)
        text.encode()


@pytest.mark.slow
@pytest.mark.parametrize("argument", [PAYLOAD, "\ud800", "\0", "x" * 100_000, "-", '"', "**", "#", "🦔", "../.."])
def test_hostile_arguments_are_answered_or_refused(tools: Tools, argument: str) -> None:
    valid = {"query": "dog", "article": "garden#1"}
    for tool, kind in TOOLS.items():
        for name in (*kind.required, *kind.optional):
            if name in ("limit", "page"):
                continue
            arguments = {each: valid[each] for each in kind.required} | {name: argument}
            try:
                text = tools(tool, **arguments)
            except RelmgrError as error:
                text = describe(error)
            assert text


def test_every_description_states_the_size_of_an_answer() -> None:
    for tool in TOOLS.values():
        assert f"At most {MAX_CHARACTERS:,} characters" in tool.description


@pytest.mark.slow
def test_a_long_section_comes_in_pages_that_are_complete(tmp_path: Path) -> None:
    sentences = [f"Sentence number {number} of the long section says something else." for number in range(600)]
    (tmp_path / "page.md").write_text("# Page\n\n## Long\n\n" + "\n\n".join(sentences) + "\n")
    with tools_of(tmp_path) as tools:
        pages = [tools("section", article="page", section="long", page=page) for page in range(1, 7)]
        assert "no page 7: the answer has 6 pages" in error_of(tools, "section", article="page#1", page=7)
    assert all(len(page) <= MAX_CHARACTERS for page in pages)
    assert all(page.startswith("page#1\nen page.md:3\n") for page in pages)
    assert [line for page in pages for line in re.findall(r"> (Sentence.*)", page)] == sentences
