"""Several languages at once: as the files in `cases/parallel/` say, and right whatever is in the documents."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from columns import cut_cells, faults_in
from conftest import articles_of, shared
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import article_of, parallel, screen
from rich.cells import cell_len
from support.fuzzing import examples
from support.marks import slow

from relmgr_cli.config import Arrangement, bundled_seeds
from relmgr_cli.corpus.article import Article, TranslationUnit
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.layout.arrangement import lay_out
from relmgr_cli.layout.page import NO_LINK_TITLES, article_page
from relmgr_cli.layout.parallel import head_lines, highlight_rows, lay_out_row, parallel_page, rows_of
from relmgr_cli.store.articles import list_articles, load_article
from relmgr_cli.store.database import in_memory
from relmgr_cli.store.sync import sync

CASES = sorted((Path(__file__).parent / "cases" / "parallel").glob("*.txt"))
ARRANGEMENTS = (None, Arrangement.COLUMNS, Arrangement.INTERLEAVED)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_parallel_pages_match_the_expected_output(case: Path) -> None:
    head, *parts = case.read_text(encoding="utf-8").split("=== ")
    _, width, *flags = head.split("\n")[1].split(" ")
    texts = dict(part.split("\n", 1) for part in parts)
    expected = texts.pop("expected")
    arrangements = {"side-by-side": Arrangement.COLUMNS, "interleaved": Arrangement.INTERLEAVED}
    arrangement = next((arrangements[flag] for flag in flags if flag in arrangements), None)
    assert (
        parallel(article_of(texts), tuple(texts), int(width), arrangement=arrangement, plain="plain" in flags)
        == expected
    )


class Piece(NamedTuple):
    """A block of generated documents: what it looks like in Markdown, and in which languages it is."""

    pattern: str
    texts: tuple[str, ...]  # for each language what fills the pattern
    languages: frozenset[str]


LANGUAGES = ("pl", "en", "zh")
PATTERNS = (
    "{0} {1}",
    "## {0}",
    "### {0}",
    "#### {0} {1}",
    "- {0}\n- {1}\n  - {0}\n    1. {1}\n- {2}",
    "- {0}\n\n  {1}\n\n- {2}",
    "3. {0}\n\n   ```sh\n   {1}\n   ```\n4. {2}",
    "- [ ] {0}\n- [x] {1}",
    "> {0}\n>\n> - {1}\n> - {2}\n>\n> > {0}\n>\n> {1}",
    "> [!WARNING]\n> {0}",
    "```python\n{0}\n\n\t{1}\n```",
    "```\nthe same in all of them, and longer than most columns are wide\n```",
    "| {0} | b |\n|---|--:|\n| {1} | {2} |\n| c | {0} |",
    "---",
    "{0}\n: {1}",
    "<b>{0}</b><br>{1}",
    "{0}[^1]\n\n[^1]: {1}",
)
WORDS = (
    *"a w i word żółć długopisami 世界 你好，世界。 שלום مرحبا e\u0301 **strong** [link](x.md) 12 —".split(),
    "`co de`",
    "\u202e\x1b[31m",
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
PIECES = st.builds(
    Piece,
    pattern=st.sampled_from(PATTERNS),
    texts=st.tuples(*[TEXTS] * (3 * len(LANGUAGES))),
    languages=st.frozensets(st.sampled_from(LANGUAGES), min_size=1) | st.just(frozenset(LANGUAGES)),
)


def article_with(pieces: Sequence[Piece]) -> Article:
    """Return an article in three languages, each with the pieces that it has."""
    return article_of(
        {
            language: "\n\n".join(
                piece.pattern.format(*piece.texts[3 * index : 3 * index + 3])
                for piece in pieces
                if language in piece.languages
            )
            for index, language in enumerate(LANGUAGES)
        }
    )


@pytest.mark.slow
@settings(max_examples=examples(120), deadline=None)
@given(
    pieces=st.lists(PIECES, max_size=12),
    languages=st.permutations(LANGUAGES),
    count=st.integers(2, 3),
    width=st.integers(20, 200),
    arrangement=st.sampled_from(ARRANGEMENTS),
)
def test_any_documents_have_no_text_lost_shifted_or_too_wide(
    pieces: list[Piece], languages: list[str], count: int, width: int, arrangement: Arrangement | None
) -> None:
    assert faults_in(article_with(pieces), languages[:count], screen(width), arrangement) == []


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(pieces=st.lists(PIECES, max_size=12), width=st.integers(20, 200), plain=st.booleans())
def test_the_rows_of_one_language_are_its_page(pieces: list[Piece], width: int, plain: bool) -> None:
    assert_same_as_alone(article_with(pieces), width, plain=plain)


def assert_same_as_alone(article: Article, width: int, **changes: bool) -> None:
    target = screen(width, **changes)
    for language in article.documents:
        layout = lay_out(article, (language,), target)
        assert layout.arrangement == Arrangement.SINGLE
        assert [*parallel_page(article, layout, target)] == [*article_page(article, language, target)]


def seeds() -> Article:
    (article,) = articles_of(
        [parse_document(path.read_text(encoding="utf-8"), "", path.name) for path in bundled_seeds().glob("*.txt")]
    )
    return article


@pytest.mark.slow
@pytest.mark.parametrize("width", [20, 80, *slow(40, 200)])
def test_the_seeds_are_right_at_every_width(width: int) -> None:
    for languages in (("pl", "ru"), ("ru", "pl")):
        for arrangement in ARRANGEMENTS:
            assert faults_in(seeds(), languages, screen(width), arrangement) == []
    assert_same_as_alone(seeds(), width)


CORPORA = ("twelve_factor", "elixirschool", "kubernetes", "reactjs", "djangogirls")
SAMPLE = 4  # articles of each; benchmarks/parallel.py takes them all


@pytest.mark.parametrize("corpus", slow(*CORPORA))
def test_pages_of_the_corpora_are_right(corpus: str) -> None:
    with closing(in_memory()) as database:
        sync(database, [shared("corpora", "raw", corpus)])
        several = [summary for summary in list_articles(database) if len(summary.documents) > 1]
        sample = Random(7).sample(several, min(SAMPLE, len(several)))  # noqa: S311 (a fixed choice, no secret)
        articles = [load_article(database, summary.number) for summary in sample]
    for article in articles:
        first, *others = article.documents
        for other in others:
            for width in (80, 120, 200):
                assert faults_in(article, (other, first), screen(width)) == []
        assert faults_in(article, (first, *others)[:3], screen(160)) == []
        assert_same_as_alone(article, 80)


def test_the_columns_are_as_wide_as_the_screen_lets_them_and_no_wider_than_a_page() -> None:
    widths = {}
    for columns in (63, 64, 80, 120, 200, 400):
        layout = lay_out(seeds(), ("pl", "ru"), screen(columns))
        widths[columns] = (layout.arrangement, {setting.width for setting in layout.settings.values()})
    assert widths == {
        63: (Arrangement.INTERLEAVED, {59}),
        64: (Arrangement.COLUMNS, {28}),
        80: (Arrangement.COLUMNS, {36}),
        120: (Arrangement.COLUMNS, {56}),
        200: (Arrangement.COLUMNS, {88}),
        400: (Arrangement.COLUMNS, {88}),
    }


def test_a_url_does_not_leave_its_column() -> None:
    layout = lay_out(seeds(), ("pl", "ru"), screen(80, unwrapped=True))
    assert layout.arrangement is Arrangement.COLUMNS
    assert not any(setting.keeps_urls for setting in layout.settings.values())


def test_columns_that_were_asked_for_have_a_limit_too() -> None:
    shapes = [
        lay_out(seeds(), ("pl", "ru"), screen(columns), arrangement=Arrangement.COLUMNS).arrangement
        for columns in (26, 27)
    ]
    assert shapes == [Arrangement.INTERLEAVED, Arrangement.COLUMNS]
    assert (
        lay_out(seeds(), ("pl", "ru"), screen(200), arrangement=Arrangement.INTERLEAVED).arrangement
        == Arrangement.INTERLEAVED
    )


def test_languages_are_in_the_order_of_the_request() -> None:
    line = parallel(seeds(), ("ru", "pl"), 100).split("\n")[0]
    assert line.index("Менеджер") < line.index("Menedżer")


def test_the_number_of_a_section_is_shown_once() -> None:
    for width in (40, 66, 80):
        assert parallel(seeds(), ("pl", "ru"), width).count("3.1 ") == 1


def test_no_line_ends_in_spaces() -> None:
    target = screen(80)
    for arrangement in (Arrangement.COLUMNS, Arrangement.INTERLEAVED):
        layout = lay_out(seeds(), ("pl", "ru"), target, arrangement=arrangement)
        for line in parallel_page(seeds(), layout, target):
            assert not line or line[-1].text == line[-1].text.rstrip() != ""


def test_a_section_that_all_languages_shown_lack_names_itself_in_another() -> None:
    texts = {"en": "## One 1\n\nText 1.\n\n## Two 2\n\nText 2.\n", "pl": "## Jeden 1\n\nTekst 1.\n"}
    article = article_of({**texts, "ru": "## Один 1\n\nТекст 1.\n"})
    assert "\n2  — Two 2 (en)\n" in parallel(article, ("pl", "ru"), 80)
    assert "\n    2  — Two 2 (en)\n" in parallel(article, ("pl", "ru"), 40)
    in_words = parallel(article, ("pl", "ru"), 80, plain=True)
    assert "\npl, ru: heading 2: 2 Two 2 (no translation; heading in en)\n" in in_words


def test_selected_sections_are_shown_without_the_title() -> None:
    article, target = seeds(), screen(80)
    chosen = [section for section in article.sections if section.number.startswith("3")]
    layout = lay_out(article, ("pl", "ru"), target)
    lines = ["".join(run.text for run in line) for line in parallel_page(article, layout, target, chosen)]
    assert lines[0].split() == "3 Rodzaje doradców biznesowych Типы менеджеров по связям".split()
    assert [line.split()[0] for line in lines if line[:1].strip()] == ["3", "3.1", "3.2"]


def test_any_row_can_be_laid_out_without_the_rows_above_it() -> None:
    article, target = seeds(), screen(80)
    for languages in (("pl", "ru"), ("ru",)):
        layout = lay_out(article, languages, target)
        rows = rows_of(article, languages)
        lines = [*head_lines(article, layout, target), []]
        for before, row in zip((None, *rows), rows, strict=False):
            lines += lay_out_row(article, row, layout, before).lines
        assert lines == [*parallel_page(article, layout, target)]


def test_a_block_is_found_in_the_rows_of_other_languages() -> None:
    article = article_of({"en": "One 1.\n\nTwo 2.\n\nThree 3.\n", "pl": "Jeden 1.\n\nTrzy 3.\n"})
    both, polish = rows_of(article, ("en", "pl")), rows_of(article, ("pl",))
    assert [row.blocks["en"] for row in both] == [(0,), (1,), (2,)]
    assert [row.blocks.get("pl", ()) for row in both] == [(0,), (), (1,)]
    assert [row.blocks["en"] for row in polish] == [(0,), (2,)]


def test_highlights_are_only_the_rows_of_the_list() -> None:
    rows = highlight_rows(seeds(), ("pl", "ru"))
    assert [row.section.number for row in rows] == ["4"] * 3
    assert not any(row.is_heading for row in rows)
    texts = {"en": "## In brief\n\nTwo points:\n\n- 1\n- 2\n", "pl": "## W skrócie\n\nDwie rzeczy:\n\n- 1\n- 2\n"}
    article = article_of(texts)._replace(highlights="1")
    assert [row.blocks["pl"] for row in highlight_rows(article, ("pl", "en"))] == [(2,), (3,)]


def aligned(texts: dict[str, str], *units: tuple[Sequence[int], Sequence[int]]) -> list[str]:
    """Return the page, 60 cells wide, of two texts that are aligned in this way, without its head."""
    article = article_of(texts)
    one, other = texts
    found = tuple(TranslationUnit("0", {one: tuple(ones), other: tuple(others)}) for ones, others in units)
    page = parallel(article._replace(units=found), (one, other), 60, arrangement=Arrangement.COLUMNS)
    return page.rstrip("\n").split("\n")[3:]


def test_blocks_that_a_translation_merges_are_in_one_row_with_it() -> None:
    texts = {"en": "One.\n\nTwo.\n\n- a\n- b\n", "pl": "Jeden i dwa.\n\n- a, b\n"}
    assert aligned(texts, ([0, 1], [0]), ([2, 3], [1])) == [
        "One.                           Jeden i dwa.",
        "",
        "Two.",
        "",
        "• a                            • a, b",
        "• b",
    ]


def test_a_list_that_is_loose_in_one_language_is_loose_in_all() -> None:
    texts = {"en": "- a\n- b\n", "pl": "- a\n\n- b\n"}
    assert aligned(texts, ([0], [0]), ([1], [1])) == [f"• {'a':29}• a", "", f"• {'b':29}• b"]


def test_a_block_of_one_language_is_separated_from_a_list_of_the_other() -> None:
    texts = {"en": "- a\n- b\n", "pl": "Akapit.\n"}
    lines = aligned(texts, ([0], []), ([], [0]), ([1], []))
    assert [line[:1] for line in lines] == ["•", "", "—", "", "•"]


def test_the_same_code_in_different_containers_is_shown_twice() -> None:
    texts = {"en": "1. One\n\n   ```\n   ls\n   ```\n", "pl": "Jeden\n\n```\nls\n```\n"}
    assert aligned(texts, ([0], [0]), ([1], [1]))[2:] == ["     ls                          ls"]


def test_the_same_formula_is_shown_once() -> None:
    texts = {"en": "One\n\n$$\nx\n$$\n", "pl": "Jeden\n\n$$\nx\n$$\n"}
    assert aligned(texts, ([0], [0]), ([1], [1]))[2:] == ["  x"]


def test_a_block_without_text_is_not_missing() -> None:
    article = article_of({"en": "One 1.\n", "pl": "Jeden 1.\n"})
    polish = article.documents["pl"]
    empty = polish._replace(blocks=(polish.blocks[0]._replace(spans=()),))
    article = article._replace(documents={**article.documents, "pl": empty})
    assert parallel(article, ("en", "pl"), 80).split("\n")[3:] == ["One 1.", ""]
    assert parallel(article, ("en", "pl"), 40).split("\n")[5:] == ["en  One 1.", ""]


def test_a_missing_description_is_shown_as_a_dash() -> None:
    article = article_of({"en": "---\ndescription: About bread.\n---\nOne.\n", "pl": "Jeden.\n"})
    lines = parallel(article, ("en", "pl"), 80).split("\n")
    assert lines[1] == "About bread.                             —"


def test_two_languages_that_run_to_the_left_keep_their_columns() -> None:
    article = article_of({"he": "שלום עולם\n", "ar": "مرحبا بالعالم\n", "en": "Hello world\n"})
    line = parallel(article, ("he", "ar", "en"), 120).split("\n")[-2]
    assert line.count("\u200e") == 1  # a mark between the two, none before what runs to the right
    starts = [cut_cells(line, start, start + 38).strip() for start in (0, 41, 82)]
    assert starts == ["שלום עולם", "مرحبا بالعالم", "Hello world"]
    assert cell_len(line[: line.index("H")]) == 82


def test_a_long_name_of_a_language_leaves_room_for_the_text() -> None:
    article = article_of({"en-x-abcdefgh-abcdefgh": "One word.\n", "pl": "Jedno słowo.\n"})
    page = parallel(article, tuple(article.documents), 20)
    assert page.endswith("\n\nen-x-a  One word.\npl      Jedno słowo.\n")


def test_a_long_number_is_before_its_heading() -> None:
    text = "\n\n".join(["# H"] * 10 + ["## H", "### H", "#### H", "##### H"] + ["###### H"] * 10)
    lines = parallel(article_of({"en": text, "pl": text.replace("H", "N")}), ("en", "pl"), 80).split("\n")
    assert f"{'10.1.1.1.1.9':14}{'H':34}N" in lines
    assert f"{'':14}{'10.1.1.1.1.10  H':34}N" in lines


def test_an_alert_begins_in_the_same_row_if_only_one_language_gives_it_a_title() -> None:
    english = "> [!NOTE] Mind the wind\n> It changes.\n>\n> Look up.\n\nThe end.\n"
    polish = "> [!NOTE]\n> Zmienia się szybko i bez ostrzeżenia, a do portu daleko.\n>\n> Patrz.\n\nKoniec.\n"
    article = article_of({"en": english, "pl": polish})
    expected = [
        ("▎ Mind the wind", "▎ Note"),
        ("▎", "▎"),
        ("▎ It changes.", "▎ Zmienia się szybko i bez"),
        ("▎", "▎ ostrzeżenia, a do portu daleko."),
        ("▎", "▎"),
        ("▎ Look up.", "▎ Patrz."),
        ("", ""),
        ("The end.", "Koniec."),
    ]
    for languages in (("en", "pl"), ("pl", "en")):
        page = parallel(article, languages, 73, arrangement=Arrangement.COLUMNS).rstrip("\n").split("\n")[-8:]
        columns = [(cut_cells(line, 0, 35).rstrip(), cut_cells(line, 38, 73).rstrip()) for line in page]
        assert [pair[:: 1 if languages[0] == "en" else -1] for pair in columns] == expected
    assert not faults_in(article, ("pl", "en"), screen(73))


def test_links_have_the_titles_of_their_language() -> None:
    article = article_of({"en": "See [this](a.md).\n", "pl": "Zobacz [to](a.md).\n"})
    leads = {"en": {"a.md": "An article"}, "pl": {"a.md": "Artykuł"}}
    layout = lay_out(article, ("en", "pl"), screen(100, show_urls=True), link_titles=leads)
    assert layout.settings["pl"].link_titles == leads["pl"]
    assert lay_out(article, ("en", "pl"), screen(100)).settings["pl"].link_titles == NO_LINK_TITLES
    (line,) = lay_out_row(article, rows_of(article, ("en", "pl"))[0], layout).lines
    text = "".join(run.text for run in line)
    assert "See this (→ An article)." in text
    assert "Zobacz to (→ Artykuł)." in text
