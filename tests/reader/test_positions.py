"""Text positions: where on the page each character of a row's text is, and what is under a cell."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest
from conftest import shared
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pilot import POLISH, RUSSIAN, ReaderPilot, article_of, library, read
from rich.cells import split_graphemes
from row_cases import TEXTS, VIEWS, rows_of
from support.fuzzing import examples
from support.hostile_files import CHARACTERS, PAYLOAD

from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.article import Article
from relmgr_cli.layout.line import Line, plain_text, width_of
from relmgr_cli.reader.model.decorations import Decorations
from relmgr_cli.reader.model.positions import (
    ShownText,
    TextRange,
    cell_of,
    first_word,
    hit_test,
    links_of,
    next_word,
    position_of,
    ranges_on_screen,
    screen_positions,
    shown_text,
    word_below,
    words_of,
)
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.store.articles import list_articles, load_article
from relmgr_cli.store.database import in_memory
from relmgr_cli.store.sync import sync
from relmgr_cli.terminal.sanitize import sanitize


def faults_in(rows: ArticleRows, *, every: int = 1) -> Iterator[str]:
    """Yield what is wrong with the positions of a page; of the characters `every` so many are clicked."""
    for row in range(1, len(rows)):
        lines = [plain_text(line) for line in rows.lines(row)]
        for shown in shown_text(rows, row):
            source = rows.text(row, shown.language)[shown.source : shown.source + shown.length]
            drawn = lines[shown.line][shown.character : shown.character + shown.length]
            if drawn != sanitize(source):
                yield f"row {row} {shown.language}: {drawn!r} is drawn for {source!r}"
        for language in rows.layout.languages:
            yield from _faults_in_row(rows, row, language, every)


def _faults_in_row(rows: ArticleRows, row: int, language: str, every: int) -> Iterator[str]:
    text, positions = rows.text(row, language), screen_positions(rows, row, language)
    is_stacked = any(block.kind == "table" for block in rows.blocks(row, language))  # which drops unused headers
    graphemes = [set(_visible_graphemes(line)) for line in rows.lines(row)]
    for offset, (character, position) in enumerate(zip(text, positions, strict=True)):
        if position is None:
            if len(sanitize(character)) == 1 and not character.isspace() and not is_stacked:
                yield f"row {row} {language}: {character!r} at {offset} is not shown"
            continue
        if offset % every or position.character not in graphemes[position.line]:
            continue
        if position != position_of(rows, TextRange(row, language, offset, offset + 1)):
            yield f"row {row} {language}: two positions of {offset}"
        cell = cell_of(rows.lines(row)[position.line], position.character)
        found = hit_test(rows, row, position.line, cell)
        if found is None or found[1] != offset or rows.text(row, found[0])[offset] != character:
            yield f"row {row} {language}: a click on {character!r} at {offset} gives {found}"


def _visible_graphemes(line: Line) -> Iterator[int]:
    """Yield the first characters of the graphemes that take a cell."""
    character = 0
    for fragment in line:
        yield from (character + start for start, _, size in split_graphemes(fragment.text)[0] if size)
        character += len(fragment.text)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(150))
@given(TEXTS, TEXTS, VIEWS)
@example(PAYLOAD, f"```\n{PAYLOAD}\n```", View(("pl", "ru"), Arrangement.COLUMNS, 60, 60))
@example("".join(f"a{one}" for one in CHARACTERS), "| a\tb |\n|--|\n| \tc |", View(("pl",), Arrangement.SINGLE, 20, 24))
def test_every_character_is_where_its_offset_says(polish: str, russian: str, view: View) -> None:
    assert list(faults_in(rows_of(polish, russian, view))) == []


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(100))
@given(
    st.text(st.sampled_from("a \tż世\x80\u202e\u00ad\u200d👩e\u0301\u0600א\u00a0\n"), min_size=1, max_size=120),
    st.sampled_from(["```\n{}\n```", "    {}", "{}", "> - {}", "| x | {} |\n|--|--|\n| {} | y |", "`{}` ![{}](b.png)"]),
    st.sampled_from(["```sh\n{}\n```", "{}"]),
    VIEWS,
)
def test_every_character_is_where_its_offset_says_among_unusual_ones(
    text: str, frame: str, other: str, view: View
) -> None:
    assert list(faults_in(rows_of(frame.format(text, text), other.format(text), view))) == []


def articles_in(folder: Path, most: int) -> list[Article]:
    with closing(in_memory()) as database:
        sync(database, [folder])
        several = [each for each in list_articles(database) if len(each.documents) > 1] or list_articles(database)
        return [load_article(database, each.number) for each in several[:: max(1, len(several) // most)][:most]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "width"),
    [
        ("seeds", 20),
        pytest.param("seeds", 67, marks=pytest.mark.slow),
        pytest.param("seeds", 120, marks=pytest.mark.slow),
        pytest.param("learnxinyminutes", 67, marks=pytest.mark.slow),
        pytest.param("djangogirls", 20, marks=pytest.mark.slow),
        pytest.param("rpi_projects", 120, marks=pytest.mark.slow),
        ("hostile", 40),
    ],
)
def test_every_character_of_real_articles_is_where_its_offset_says(source: str, width: int) -> None:
    if source == "seeds":
        folder = Path(__file__).parents[2] / "seeds"
    else:
        folder = shared("hostile", "corpus") if source == "hostile" else shared("corpora", "raw", source)
    for article in articles_in(folder, 1):
        pairs = list(combinations(article.documents, 2))[:1]
        views = [View((next(iter(article.documents)),), Arrangement.SINGLE, width, 76)]
        views += [View(pair, mode, width, 76) for pair in pairs for mode in list(Arrangement)[1:]]
        for view in views:
            assert list(faults_in(ArticleRows(article, view), every=29)) == [], (article.id, view)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(100))
@given(TEXTS, TEXTS, VIEWS, st.lists(st.sampled_from(["right", "left", "down", "up"]), max_size=30))
def test_the_word_cursor_is_always_on_a_word_and_comes_back(
    polish: str, russian: str, view: View, moves: list[str]
) -> None:
    rows = rows_of(polish, russian, view)
    language = rows.layout.languages[0]
    word = first_word(rows, 1, language)
    if word is None:
        return
    for move in moves:
        step = 1 if move in {"right", "down"} else -1
        if move in {"right", "left"}:
            other = next_word(rows, word, step)
            assert other == word or next_word(rows, other, -step) == word
        else:
            other = word_below(rows, word, step)
        assert other in words_of(rows, other.row, language)
        word = other


def test_the_word_cursor_visits_every_word_once() -> None:
    rows = rows_of(POLISH, RUSSIAN, View(("pl",), Arrangement.SINGLE, 80, 70))
    word = first_word(rows, 1, "pl")
    visited = [word]
    while word is not None and (following := next_word(rows, word, 1)) != word:
        word = following
        visited.append(word)
    assert visited == [word for row in range(1, len(rows)) for word in words_of(rows, row, "pl")]


def test_links_are_found_with_their_offsets() -> None:
    table = "| [x](c.md) | y |\n|--|--|\n| [z](d.md) | w |\n"
    text = f"# T\n\nSee [one **bold** link](a.md) and ![image](b.png) and [![i](e.png)](f.md)\n\n{table}"
    rows = ArticleRows(article_of({"en": text}), View(("en",), Arrangement.SINGLE, 60, 60))
    found = [
        (link.text, link.href, rows.text(row, "en")[link.start : link.end])
        for row in (1, 2)
        for link in links_of(rows, row, "en")
    ]
    assert found == [
        ("one bold link", "a.md", "one bold link"),
        ("i", "f.md", "i"),
        ("x", "c.md", "x"),
        ("z", "d.md", "z"),
    ]


def test_a_range_over_the_end_of_a_line_is_highlighted_on_both_lines() -> None:
    rows = ArticleRows(
        article_of({"en": "# T\n\nalpha beta gamma delta epsilon"}), View(("en",), Arrangement.SINGLE, 24, 24)
    )
    text = rows.text(1, "en")
    wanted = TextRange(1, "en", text.index("delta"), len(text))
    ranges = ranges_on_screen(shown_text(rows, 1), wanted)
    lines = [plain_text(line) for line in rows.lines(1)]
    assert [lines[line][first:last] for line, first, last in ranges] == ["delta", "epsilon"]


@pytest.mark.parametrize("mode", [Arrangement.COLUMNS, Arrangement.INTERLEAVED])
def test_in_two_languages_each_has_its_own_characters(mode: Arrangement) -> None:
    rows = rows_of(POLISH, RUSSIAN, View(("pl", "ru"), mode, 100, 70))
    for row in range(1, len(rows)):
        polish = {position for position in screen_positions(rows, row, "pl") if position}
        russian = {position for position in screen_positions(rows, row, "ru") if position}
        assert polish
        assert russian
        assert polish.isdisjoint(russian)


@pytest.mark.parametrize("mode", Arrangement)
def test_numbers_and_bullets_in_the_margin_are_no_text(mode: Arrangement) -> None:
    text = "# T\n\n## 1 thing\n\n1. 1 item\n"
    languages = ("en",) if mode is Arrangement.SINGLE else ("en", "pl")
    rows = ArticleRows(article_of({"en": text, "pl": text}), View(languages, mode, 80, 70))
    for row, shown in ((1, "1 thing"), (2, "1 item")):
        first = screen_positions(rows, row, "en")[0]
        assert first is not None
        assert plain_text(rows.lines(row)[first.line])[first.character :].startswith(shown)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_code_in_a_list_in_one_language_only_is_shown_and_clicked_in_each_column(language: str) -> None:
    article = article_of({"en": "# T\n\n- ```\n  make install\n  ```\n", "pl": "# T\n\n```\nmake install\n```\n"})
    rows = ArticleRows(article, View(("en", "pl"), Arrangement.COLUMNS, 80, 38))
    row = next(row for row in range(1, len(rows)) if rows.text(row, language))
    (line,) = [number for number, line in enumerate(rows.lines(row)) if "make" in plain_text(line)]
    shown = plain_text(rows.lines(row)[line])
    character = shown.index("make") if language == "en" else shown.rindex("make")
    assert hit_test(rows, row, line, character) == (language, 0)
    assert position_of(rows, TextRange(row, language, 0, 4)) == (line, character)


@pytest.mark.parametrize("mode", [Arrangement.COLUMNS, Arrangement.INTERLEAVED])
def test_code_that_is_the_same_in_all_languages_is_highlighted_in_each(mode: Arrangement) -> None:
    code = "# T\n\n```\nmake install\n```\n"
    rows = ArticleRows(article_of({"en": code, "pl": code}), View(("en", "pl"), mode, 80, 38))
    (line,) = rows.lines(1)[1:]
    for language in ("en", "pl"):
        decorations = Decorations({1: [TextRange(1, language, 5, 12)]})
        ((start, end, style),) = decorations.on_line(rows, 1, 1)
        assert (plain_text(line)[start:end], style) == ("install", "match")


def test_a_click_outside_the_text_hits_nothing() -> None:
    rows = ArticleRows(article_of({"en": "# T\n\n- 世界 word"}), View(("en",), Arrangement.SINGLE, 40, 40))
    (line,) = rows.lines(1)[1:]
    assert [hit_test(rows, 1, 1, cell) for cell in (-1, 0, 2, 3, 4)] == [None, None, ("en", 0), ("en", 0), ("en", 1)]
    assert hit_test(rows, 1, 1, width_of(line)) is None
    assert hit_test(rows, 0, 0, 0) is None
    assert hit_test(rows, 1, 0, 0) is None


def test_only_lines_with_decorations_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(POLISH, RUSSIAN, View(("pl", "ru"), Arrangement.COLUMNS, 100, 70))
    looked_at: list[tuple[int, int]] = []
    original: Callable[..., object] = shown_text

    def counted(rows: ArticleRows, row: int, lines: list[int]) -> object:
        looked_at.extend((row, line) for line in lines)
        return original(rows, row, lines)

    monkeypatch.setattr("relmgr_cli.reader.model.decorations.shown_text", counted)
    matches = [TextRange(3, "pl", start, start + 1) for start in range(20)]
    decorations = Decorations({3: matches}, matches[0])
    for row in range(len(rows)):
        for line in range(len(rows.lines(row))):
            decorations.on_line(rows, row, line)
    assert looked_at == [(3, line) for line in range(len(rows.lines(3)))]


@pytest.mark.slow
def test_going_to_the_next_match_does_not_check_every_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[int] = []

    def counted(rows: ArticleRows, row: int, lines: Sequence[int] | None = None) -> Iterator[ShownText]:
        laid_out.extend([row] * len(rows.lines(row) if lines is None else lines))
        return shown_text(rows, row, lines)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        await reader.type("na")
        await reader.press("enter")
        matched = set(reader.page.decorations.matches)
        assert len(matched) > 1
        monkeypatch.setattr("relmgr_cli.reader.model.positions.shown_text", counted)
        monkeypatch.setattr("relmgr_cli.reader.model.decorations.shown_text", counted)
        for y in range(reader.page.size.height):
            reader.page.render_line(y)
        a_screen = len(laid_out)
        assert 0 < a_screen <= sum(position.row in matched for position in reader.page.positions)
        laid_out.clear()
        reader.page.reveal(reader.page.decorations.matches[max(matched)][-1])
        assert set(laid_out) == {max(matched)}
        assert len(laid_out) <= len(reader.page.rows.lines(max(matched)))

    read(script, library(tmp_path), "rowery")
