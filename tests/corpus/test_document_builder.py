import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.config import bundled_seeds
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE, Document, blocks_from_json, sections_from_json
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text, scan

SEEDS = bundled_seeds()


def parse(text: str) -> Document:
    return parse_document(text, "/library", "notes/a.md")


def numbers(text: str) -> list[str]:
    """Return number and heading of every section."""
    document = parse(text)
    return [f"{section.number} {document.heading(section)}".strip() for section in document.sections]


def section_texts(text: str) -> dict[str, list[str]]:
    document = parse(text)
    return {s.number: [block.text for block in document.blocks[s.start : s.end]] for s in document.sections}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# T\n## A\n## B\n### C\n### D\n## E", ["1 A", "2 B", "2.1 C", "2.2 D", "3 E"], id="title"),
        pytest.param("# A\n## B\n# C\n## D", ["1 A", "1.1 B", "2 C", "2.1 D"], id="two-of-level-one"),
        pytest.param("## A\n# B\n## C", ["1 A", "2 B", "2.1 C"], id="title-comes-late"),
        pytest.param("# T\n## A\n#### B\n#### C\n### D\n## E", ["1 A", "1.1 B", "1.2 C", "1.3 D", "2 E"], id="skipped"),
        pytest.param("### A\n## B\n### C", ["1 A", "2 B", "2.1 C"], id="starts-deep"),
        pytest.param("# T\n### A\n###### B\n### C", ["1 A", "1.1 B", "2 C"], id="starts-deep-below-a-title"),
        pytest.param("intro\n\n# T\ntext\n\n## A", ["0", "1 A"], id="text-before-the-title"),
        pytest.param("# T\nintro\n## A\n", ["0", "1 A"], id="text-below-the-title"),
        pytest.param("text only", ["0"], id="no-heading"),
        pytest.param("# T", ["0"], id="title-only"),
        pytest.param("---\ntitle: T\n---\n", ["0"], id="title-in-front-matter"),
        pytest.param("", [], id="empty"),
        pytest.param("# T\n> ## quoted\n\n## A", ["0", "1 A"], id="quoted-heading"),
        pytest.param("# T\n" + "## A\n" * 12, [f"{n} A" for n in range(1, 13)], id="more-than-nine"),
    ],
)
def test_sections_are_numbered_by_their_depth(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


def test_the_bundled_articles_have_the_same_numbers_in_both_languages() -> None:
    documents = [parse_document(read_text(f.root, f.path)[0], f.root, f.path) for f in scan(SEEDS, []) if f]
    assert {document.language for document in documents} == {"pl", "ru"}
    for document in documents:
        assert [section.number for section in document.sections] == ["1", "2", "3", "3.1", "3.2", "4"]
        assert document.keywords == ("Careers", "Career Advice")
        assert document.declared is None
        assert not document.problems
    assert {document.title for document in documents} == {"Menedżer relacji", "Менеджер по связям с"}


def test_sections_hold_the_blocks_from_their_heading_to_the_next() -> None:
    assert section_texts("intro\n\n# T\n\n## A\n\na\n\n- b\n\n### C\n\n## D\n\nd") == {
        "0": ["intro"],
        "1": ["A", "a", "b"],
        "1.1": ["C"],
        "2": ["D", "d"],
    }


def test_a_footnote_is_at_the_end_of_the_first_section_that_refers_to_it() -> None:
    text = "# T\n\nintro[^c]\n\n## A\n\na[^b]\n\n## B\n\nb[^b] [^a]\n\n[^a]: note a\n\n[^b]: note b\n\n[^c]: note c\n"
    assert section_texts(text) == {
        "0": ["intro[1]", "note c"],
        "1": ["A", "a[2]", "note b"],
        "2": ["B", "b[2] [3]", "note a"],
    }


def test_a_footnote_of_a_table_cell_or_a_heading_is_in_its_section() -> None:
    text = "## A[^h]\n\n|a|\n|-|\n|b[^t]|\n\n## B\n\nb\n\n[^t]: table\n\n[^h]: heading\n"
    assert section_texts(text)["1"][-2:] == ["heading", "table"]


def test_an_unreferenced_footnote_is_at_the_end() -> None:
    assert section_texts("## A\n\na\n\n[^x]: lost\n\n## B\n\nb") == {"1": ["A", "a"], "2": ["B", "b", "lost"]}
    assert section_texts("[^x]: all there is") == {"0": ["all there is"]}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: In the header\n---\n# In the text\n## A", "In the text"),
        ("---\ntitle: In the\n  header\n---\n## A", "In the header"),
        ("---\ntitle: [a, b]\n---\n## *First* heading\n## A", "First heading"),
        ("# A\n# B", "A"),
        ("no title at all", "a"),
        ("", "a"),
    ],
)
def test_the_title_is_the_best_there_is(text: str, title: str) -> None:
    assert parse(text).title == title


@pytest.mark.parametrize(
    ("header", "keywords"),
    [
        ("keywords: Careers, Career Advice", ("Careers", "Career Advice")),
        ("keywords:\n  - Careers\n  - Career  Advice", ("Careers", "Career Advice")),
        ("keywords: [a, [b], '', c]", ("a", "c")),
        ("tags: a", ("a",)),
        ("keywords: a\ntags: b", ("a",)),
        ("keywords: {a: b}", ()),
        ("keywords:", ()),
        ("title: x", ()),
    ],
)
def test_keywords_are_read_as_text_or_as_a_list(header: str, keywords: tuple[str, ...]) -> None:
    assert parse(f"---\n{header}\n---\ntext").keywords == keywords


POLISH = "Menedżerowie pracują nad poprawą relacji z firmami, które są ich partnerami."


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        pytest.param(POLISH, None, "pl", id="nothing-declared"),
        pytest.param(f"---\nlang: en-US\n---\n{POLISH}", "en", "pl", id="text-outvotes-the-header"),
        pytest.param("---\nlanguage: pt_br\n---\n1234", "pt-BR", "pt-BR", id="nothing-to-detect"),
        pytest.param("---\nlang: no\n---\n1234", "no", "no", id="norwegian"),
        pytest.param("---\nlang: [pl, ru]\nlocale: ru\n---\n1234", "ru", "ru", id="list"),
        pytest.param("1234", None, UNKNOWN_LANGUAGE, id="unknown"),
        pytest.param(
            f"{POLISH}\n\n```\nthe of and to in a is that for it you with on this are\n```\n`the of and to in a is`",
            None,
            "pl",
            id="code-is-not-prose",
        ),
    ],
)
def test_the_language_is_that_of_the_text_before_that_of_the_header(
    text: str, declared: str | None, language: str
) -> None:
    document = parse(text)
    assert (document.declared, document.language) == (declared, language)


def test_words_are_counted_without_code_and_footnotes_included() -> None:
    document = parse("# Not counted\n\n## One\n\ntwo three[^1]\n\n```\nnot counted\n```\n\n[^1]: five\n\n## Six\n")
    assert [section.words for section in document.sections] == [5, 1]
    assert document.words == 6


def test_lines_are_those_of_the_file() -> None:
    document = parse("---\ntitle: a\n---\n\n# T\n\n## A\n\ntext\n")
    assert [block.line for block in document.blocks] == [7, 9]


def test_problems_of_front_matter_and_text_are_both_reported() -> None:
    document = parse(f"---\ntitle: a: b\n---\n{'>' * 120} deep\n")
    assert [(p.path, p.code) for p in document.problems] == [
        ("notes/a.md", "front-matter"),
        ("notes/a.md", "nesting"),
    ]
    assert document.title == "a: b"


def test_a_document_comes_back_from_json_as_it_was() -> None:
    document = parse("# T\n\n## A {#a}\n\n- [x] *b*\n\n|c|\n|-|\n|[d](/e)|\n")
    sections, blocks = document.to_json()
    assert sections_from_json(sections) == document.sections
    assert blocks_from_json(blocks) == document.blocks
    assert document.sections[0].anchors == ("a",)


PIECES = [
    "# ",
    "## ",
    "### ",
    "\n",
    "\n\n",
    "- ",
    "> ",
    "[^1]",
    "\n\n[^1]: ",
    "^[x]",
    "---\n",
    "title: a\n",
    "|a|\n|-|\n",
    "word",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
def test_the_sections_of_any_text_hold_every_block_exactly_once(text: str) -> None:
    document = parse(text)
    places = [index for section in document.sections for index in range(section.start, section.end)]
    assert places == list(range(len(document.blocks)))
    found = [section.number for section in document.sections]
    assert len(set(found)) == len(found)


def test_the_front_matter_is_shown_without_marks() -> None:
    lines = ["title: Use `a_b` &amp; c", "author: '[A B](https://x)'", "description: 'A **d** &mdash; AT&T, 2 ** 3'"]
    document = parse("\n".join(["---", *lines, "---", "text"]))
    assert document.title == "Use a_b & c"
    assert document.description == "A d — AT&T, 2 ** 3"
    assert document.credits == (("author", "A B"),)
