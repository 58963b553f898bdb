"""The rows of an article and their lines."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pilot import POLISH, RUSSIAN, article_of
from row_cases import TEXTS, VIEWS, rows_of
from support.fuzzing import examples

from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.article import Article
from relmgr_cli.layout.line import plain_text, slice_fragments
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.reader.model.viewport import Viewport


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(80))
@given(TEXTS, TEXTS, VIEWS)
def test_no_line_is_wider_than_the_page_and_a_row_begins_with_text(polish: str, russian: str, view: View) -> None:
    rows = rows_of(polish, russian, view)
    for row in range(len(rows)):
        shape = rows.size(row)
        assert shape.height == len(rows.lines(row))
        assert shape.leading_blank < shape.height or shape == (0, 0)
        assert not "".join(map(plain_text, rows.lines(row)[: shape.leading_blank])).strip(" ▎>")
        for line in rows.lines(row):
            assert len(slice_fragments(line, [(0, 10_000)])) == 1
    assert rows.width <= max(view.width, 24)


def test_rows_are_the_same_in_every_view() -> None:
    article = article_of({"pl": POLISH, "ru": RUSSIAN})
    views = [
        View(("pl",), Arrangement.SINGLE, 80, 70),
        View(("ru",), Arrangement.SINGLE, 40, 70),
        View(("pl", "ru"), Arrangement.COLUMNS, 120, 70),
    ]
    assert len({len(ArticleRows(article, view)) for view in views}) == 1


def test_a_missing_row_has_no_lines_and_a_missing_section_is_reported() -> None:
    polish = POLISH.replace(
        "### Skrzyżowania\n\nNa skrzyżowaniu zwolnij, bo kierowcy często nie widzą rowerzystów.\n\n", ""
    )
    rows = rows_of(polish, RUSSIAN, View(("pl",), Arrangement.SINGLE, 80, 70))
    row = rows.row_of_section("2.1")
    assert plain_text(rows.lines(row)[1]) == "2.1  — Перекрёстки (ru)"
    assert rows.lines(row + 1) == []


def test_words_before_grow_from_nothing_to_all() -> None:
    rows = rows_of(POLISH, RUSSIAN, View(("pl",), Arrangement.SINGLE, 80, 70))
    counts = [rows.words_before(row)[0] for row in range(len(rows))]
    total = rows.words_before(0)[1]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] < total


ARTICLE: Article = article_of({"pl": POLISH * 3, "ru": RUSSIAN * 3})


class Reading(RuleBasedStateMachine):
    """Any sequence of switch, resize, scroll and toggle ends on the block it should, with real pages."""

    @initialize()
    def begin(self) -> None:
        self.rows = ArticleRows(ARTICLE, View(("pl",), Arrangement.SINGLE, 80, 70))
        self.viewport = Viewport(len(self.rows), self.rows.size, 20)
        self.expected = self.viewport.anchor  # moved by what moves, and by nothing else

    @rule(language=st.sampled_from(["pl", "ru"]), mode=st.sampled_from(Arrangement))
    def look(self, language: str, mode: Arrangement) -> None:
        other = "ru" if language == "pl" else "pl"
        languages = (language,) if mode is Arrangement.SINGLE else (language, other)
        self.rows.set_view(self.rows.view._replace(languages=languages, mode=mode))

    @rule(width=st.integers(20, 200), height=st.integers(3, 60))
    def resize(self, width: int, height: int) -> None:
        self.rows.set_view(self.rows.view._replace(width=width))
        self.viewport.resize(height)

    @rule(measure=st.integers(24, 160))
    def measure(self, measure: int) -> None:
        self.rows.set_view(self.rows.view._replace(measure=measure))

    @rule(lines=st.integers(-60, 60))
    def scroll(self, lines: int) -> None:
        self.viewport.scroll(lines)
        self.expected = self.viewport.anchor

    @rule(data=st.data())
    def jump(self, data: Any) -> None:
        section = data.draw(st.sampled_from(ARTICLE.sections))
        row = self.rows.row_of_section(section.number)
        self.viewport.go_to(row)
        self.expected = self.viewport.anchor
        assert self.viewport.current == row
        assert self.viewport.line_of(row) == 0

    @invariant()
    def the_same_block_is_at_the_same_line(self) -> None:
        if not hasattr(self, "expected"):
            return
        assert self.viewport.anchor == self.expected
        row, fraction, at = self.expected
        height, lead = self.rows.size(row)
        above = sum(self.rows.size(other).height for other in range(row)) + lead
        if height and fraction == 0 and at < self.viewport.height and above >= at:
            assert self.viewport.line_of(row) == at


TestReading = Reading.TestCase
TestReading.settings = settings(max_examples=examples(60), stateful_step_count=25, deadline=None)


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
    rows = ArticleRows(article, View(tuple(article.documents), Arrangement.COLUMNS, width, 76, requested=asked))
    assert rows.layout.languages == shown
    has_room = width >= 31 * len(shown)
    assert rows.layout.arrangement is (Arrangement.COLUMNS if has_room else Arrangement.INTERLEAVED)
    rows.set_view(rows.view._replace(width=200))
    assert len(rows.layout.languages) == 4


def test_columns_are_given_up_where_two_would_have_less_than_twelve_cells() -> None:
    article = article_of({"pl": POLISH, "ru": RUSSIAN, "en": POLISH})
    rows = ArticleRows(article, View(("pl", "ru", "en"), Arrangement.COLUMNS, 24, 76))
    assert rows.layout.arrangement is Arrangement.INTERLEAVED
    assert rows.layout.languages == ("pl", "ru")
