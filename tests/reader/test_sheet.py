"""The rows of an article, and where on the page each character of its text is."""

from typing import Any

import pytest
from hand import POLISH, RUSSIAN, article_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from support.fuzzing import examples

from relmgr_cli.library.article import Article
from relmgr_cli.reader.glyphs import glyphs_of, links_of, offset_at, places_of, words_of
from relmgr_cli.reader.lens import first_word, next_word, word_below, words_with_glyphs
from relmgr_cli.reader.sheet import Sheet, View
from relmgr_cli.reader.viewport import Viewport
from relmgr_cli.render.clean import clean
from relmgr_cli.render.lines import cut, plain_text

WORDS = "Zażółć gęślą jaźń hamulce a i w 12 x-ray don't 漢字かな żółw Ünïcödé e\u0301t\u00a0al עברית".split(" ")
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)
BLOCKS = st.one_of(
    SENTENCES,
    SENTENCES.map(lambda text: f"## {text}"),
    SENTENCES.map(lambda text: f"- {text}\n- {text[::-1]}"),
    SENTENCES.map(lambda text: f"> {text}\n>\n> - {text}"),
    SENTENCES.map(lambda text: f"1. **{text}** [{text[:9]}](other.md) `{text[:5]}`"),
    SENTENCES.map(lambda text: f"```python\n{text}\n\tdef x():\n\n{text}\n```"),
    SENTENCES.map(lambda text: f"\\x1b&#27;[31m{text}\u202e\u200b{text}"),
    st.lists(SENTENCES, min_size=2, max_size=2).map(lambda cells: f"| a | b |\n|---|---|\n| {cells[0]} | {cells[1]} |"),
)
TEXTS = st.lists(BLOCKS, min_size=1, max_size=8).map("\n\n".join)
VIEWS = st.builds(
    View,
    languages=st.sampled_from([("pl",), ("ru",), ("pl", "ru"), ("ru", "pl")]),
    mode=st.sampled_from(["single", "columns", "interleaved"]),
    width=st.integers(20, 200),
    measure=st.integers(24, 160),
    plain=st.just(value=False),
)


def sheet_of(polish: str, russian: str, view: View) -> Sheet:
    if len(view.languages) > 1 and view.mode == "single":
        view = view._replace(languages=view.languages[:1])
    return Sheet(article_of({"pl": polish, "ru": russian}), view)


@settings(deadline=None, max_examples=examples(150))
@given(TEXTS, TEXTS, VIEWS)
def test_every_character_is_found_where_it_is_shown(polish: str, russian: str, view: View) -> None:
    sheet = sheet_of(polish, russian, view)
    for row in range(1, len(sheet)):
        lines = [plain_text(line) for line in sheet.lines(row)]
        for language in sheet.layout.languages:
            text = sheet.text(row, language)
            is_table = any(block.kind == "table" for block in sheet.blocks(row, language))
            for character, glyph in zip(text, glyphs_of(sheet, row, language), strict=True):
                if glyph is not None:
                    assert lines[glyph.line][glyph.at] == character or character.isspace()
                elif lines and not is_table:
                    assert character.isspace() or clean(character) != character


@settings(deadline=None, max_examples=examples(80))
@given(TEXTS, TEXTS, VIEWS)
def test_no_line_is_wider_than_the_page_and_a_row_begins_with_text(polish: str, russian: str, view: View) -> None:
    sheet = sheet_of(polish, russian, view)
    for row in range(len(sheet)):
        shape = sheet.shape(row)
        assert shape.height == len(sheet.lines(row))
        assert shape.lead < shape.height or shape == (0, 0)
        for line in sheet.lines(row):
            assert len(cut(line, [(0, 10_000)])) == 1
    assert sheet.width <= max(view.width, 24)


@settings(deadline=None, max_examples=examples(60))
@given(TEXTS, TEXTS, VIEWS)
def test_what_stands_under_the_mouse_is_what_stands_there(polish: str, russian: str, view: View) -> None:
    sheet = sheet_of(polish, russian, view)
    for row in range(1, len(sheet)):
        for language in sheet.layout.languages:
            for word, glyph in list(words_with_glyphs(sheet, row, language))[:5]:
                from relmgr_cli.reader.glyphs import cell_of

                cell = cell_of(sheet.lines(row)[glyph.line], glyph.at)
                found = offset_at(sheet, row, glyph.line, cell)
                # In a row of code that all languages share, any of them may answer.
                assert found is not None
                assert sheet.text(row, found[0])[found[1]] == sheet.text(row, language)[word.start]


@settings(deadline=None, max_examples=examples(60))
@given(TEXTS, TEXTS, VIEWS, st.lists(st.sampled_from(["right", "left", "down", "up"]), max_size=30))
def test_the_word_cursor_is_always_on_a_word_and_comes_back(
    polish: str, russian: str, view: View, moves: list[str]
) -> None:
    sheet = sheet_of(polish, russian, view)
    language = sheet.layout.languages[0]
    word = first_word(sheet, 1, language)
    if word is None:
        return
    for move in moves:
        step = 1 if move in {"right", "down"} else -1
        if move in {"right", "left"}:
            other = next_word(sheet, word, step)
            assert other == word or next_word(sheet, other, -step) == word
        else:
            other = word_below(sheet, word, step)
        assert other in words_of(sheet, other.row, language)
        word = other


def test_the_word_cursor_visits_every_word_once() -> None:
    sheet = sheet_of(POLISH, RUSSIAN, View(("pl",), "single", 80, 70))
    word = first_word(sheet, 1, "pl")
    visited = [word]
    while word is not None and (following := next_word(sheet, word, 1)) != word:
        word = following
        visited.append(word)
    assert visited == [word for row in range(1, len(sheet)) for word in words_of(sheet, row, "pl")]


def test_links_are_found_with_their_places() -> None:
    table = "| [x](c.md) | y |\n|--|--|\n| [z](d.md) | w |\n"
    text = f"# T\n\nSee [one **bold** link](a.md) and ![image](b.png) and\n\n{table}"
    sheet = Sheet(article_of({"en": text}), View(("en",), "single", 60, 60))
    found = [
        (link.text, link.href, sheet.text(row, "en")[link.start : link.end])
        for row in (1, 2)
        for link in links_of(sheet, row, "en")
    ]
    assert found == [
        ("one bold link", "a.md", "one bold link"),
        ("x", "c.md", "x"),
        ("z", "d.md", "z"),
    ]


def test_a_stretch_over_a_line_s_end_is_marked_on_both_lines() -> None:
    sheet = Sheet(article_of({"en": "# T\n\nalpha beta gamma delta epsilon"}), View(("en",), "single", 24, 24))
    glyphs = glyphs_of(sheet, 1, "en")
    text = sheet.text(1, "en")
    start = text.index("delta")
    pieces = places_of(glyphs, start, len(text))
    lines = [plain_text(line) for line in sheet.lines(1)]
    assert [lines[line][first:last] for line, first, last in pieces] == ["delta", "epsilon"]


def test_rows_are_the_same_in_every_view() -> None:
    article = article_of({"pl": POLISH, "ru": RUSSIAN})
    views = [View(("pl",), "single", 80, 70), View(("ru",), "single", 40, 70), View(("pl", "ru"), "columns", 120, 70)]
    assert len({len(Sheet(article, view)) for view in views}) == 1


def test_a_row_that_a_language_lacks_has_no_lines_and_a_section_says_so() -> None:
    polish = POLISH.replace(
        "### Skrzyżowania\n\nNa skrzyżowaniu zwolnij, bo kierowcy często nie widzą rowerzystów.\n\n", ""
    )
    sheet = sheet_of(polish, RUSSIAN, View(("pl",), "single", 80, 70))
    row = sheet.row_of_section("2.1")
    assert plain_text(sheet.lines(row)[1]) == "2.1  — Перекрёстки (ru)"
    assert sheet.lines(row + 1) == []


def test_words_before_grow_from_nothing_to_all() -> None:
    sheet = sheet_of(POLISH, RUSSIAN, View(("pl",), "single", 80, 70))
    counts = [sheet.words_before(row)[0] for row in range(len(sheet))]
    total = sheet.words_before(0)[1]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] < total


ARTICLE: Article = article_of({"pl": POLISH * 3, "ru": RUSSIAN * 3})


class Reading(RuleBasedStateMachine):
    """Any sequence of switch, resize, scroll and toggle ends on the block it should, with real pages."""

    @initialize()
    def begin(self) -> None:
        self.sheet = Sheet(ARTICLE, View(("pl",), "single", 80, 70))
        self.viewport = Viewport(len(self.sheet), self.sheet.shape, 20)
        self.expected = self.viewport.anchor  # moved by what moves, and by nothing else

    @rule(language=st.sampled_from(["pl", "ru"]), mode=st.sampled_from(["single", "columns", "interleaved"]))
    def look(self, language: str, mode: str) -> None:
        other = "ru" if language == "pl" else "pl"
        languages = (language,) if mode == "single" else (language, other)
        self.sheet.look(self.sheet.view._replace(languages=languages, mode=mode))

    @rule(width=st.integers(20, 200), height=st.integers(3, 60))
    def resize(self, width: int, height: int) -> None:
        self.sheet.look(self.sheet.view._replace(width=width))
        self.viewport.resize(height)

    @rule(measure=st.integers(24, 160))
    def measure(self, measure: int) -> None:
        self.sheet.look(self.sheet.view._replace(measure=measure))

    @rule(lines=st.integers(-60, 60))
    def scroll(self, lines: int) -> None:
        self.viewport.scroll(lines)
        self.expected = self.viewport.anchor

    @rule(data=st.data())
    def jump(self, data: Any) -> None:
        section = data.draw(st.sampled_from(ARTICLE.sections))
        row = self.sheet.row_of_section(section.number)
        self.viewport.to(row)
        self.expected = self.viewport.anchor
        assert self.viewport.current == row
        assert self.viewport.line_of(row) == 0

    @invariant()
    def the_same_block_is_at_the_same_line(self) -> None:
        if not hasattr(self, "expected"):
            return
        assert self.viewport.anchor == self.expected
        row, fraction, at = self.expected
        height, lead = self.sheet.shape(row)
        above = sum(self.sheet.shape(other).height for other in range(row)) + lead
        if height and fraction == 0 and at < self.viewport.height and above >= at:
            assert self.viewport.line_of(row) == at


TestReading = Reading.TestCase
TestReading.settings = settings(max_examples=examples(60), stateful_step_count=25, deadline=None)


@pytest.mark.parametrize("mode", ["columns", "interleaved"])
def test_in_two_languages_each_has_its_own_characters(mode: str) -> None:
    sheet = sheet_of(POLISH, RUSSIAN, View(("pl", "ru"), mode, 100, 70))
    for row in range(1, len(sheet)):
        polish = {glyph for glyph in glyphs_of(sheet, row, "pl") if glyph}
        russian = {glyph for glyph in glyphs_of(sheet, row, "ru") if glyph}
        assert polish
        assert russian
        assert polish.isdisjoint(russian)


@pytest.mark.parametrize("mode", ["single", "columns", "interleaved"])
def test_numbers_and_bullets_in_the_margin_are_no_text(mode: str) -> None:
    text = "# T\n\n## 1 thing\n\n1. 1 item\n"
    languages = ("en",) if mode == "single" else ("en", "pl")
    sheet = Sheet(article_of({"en": text, "pl": text}), View(languages, mode, 80, 70))
    for row, shown in ((1, "1 thing"), (2, "1 item")):
        first = glyphs_of(sheet, row, "en")[0]
        assert first is not None
        assert plain_text(sheet.lines(row)[first.line])[first.at :].startswith(shown)


@pytest.mark.parametrize(
    ("width", "asked", "shown"),
    [
        (200, 0, ("pl", "ru", "en", "uk")),
        (100, 0, ("pl", "ru", "en")),
        (80, 0, ("pl", "ru")),
        (40, 0, ("pl", "ru")),
        (80, 3, ("pl", "ru", "en")),
        (80, 4, ("pl", "ru", "en", "uk")),
    ],
)
def test_columns_show_as_many_languages_as_fit_but_all_that_were_asked_for(
    width: int, asked: int, shown: tuple[str, ...]
) -> None:
    article = article_of({"pl": POLISH, "ru": RUSSIAN, "en": POLISH, "uk": RUSSIAN})
    sheet = Sheet(article, View(tuple(article.documents), "columns", width, 76, asked=asked))
    assert sheet.layout.languages == shown
    has_room = width >= 31 * len(shown)
    assert sheet.layout.shape == ("side by side" if has_room else "interleaved")
    sheet.look(sheet.view._replace(width=200))
    assert len(sheet.layout.languages) == 4


def test_columns_are_given_up_where_two_would_have_less_than_twelve_cells() -> None:
    article = article_of({"pl": POLISH, "ru": RUSSIAN, "en": POLISH})
    sheet = Sheet(article, View(("pl", "ru", "en"), "columns", 24, 76))
    assert sheet.layout.shape == "interleaved"
    assert sheet.layout.languages == ("pl", "ru")
