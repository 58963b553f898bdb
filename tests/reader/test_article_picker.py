"""The list of articles in the reader."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.app import App
from textual.content import Content
from textual.widgets import OptionList

from relmgr_cli.reader.screens.article_picker import ArticlePicker
from relmgr_cli.store.articles import ArticleSummary, DocumentSummary
from relmgr_cli.store.reading_state import ReadingPosition

Script = Callable[[ArticlePicker], Awaitable[None]]


def article(number: int, path: str, **titles: str) -> ArticleSummary:
    """Return an article with titles by language."""
    documents = tuple(
        DocumentSummary(language, None, "/library", f"{language}/{path}.md", title, 1, 1, "translated")
        for language, title in titles.items()
    )
    return ArticleSummary(number, path, documents, 1, "layout", next(iter(titles)))


ARTICLES = (
    article(1, "start", en="Getting Started", pl="Pierwsze kroki"),
    article(2, "settings/window", en="Settings of the Window", pl="Ustawienia okna"),
    article(3, "settings/colour", en="Colours"),
    article(4, "other/colour", en="Colours"),
)


def run(
    script: Script, articles: tuple[ArticleSummary, ...] = ARTICLES, *, columns: int = 80, current: int = 1
) -> None:
    """Run a script on the picker."""

    async def main() -> None:
        app = App[int | None]()
        async with app.run_test(size=(columns, 20)) as pilot:
            read = {"start": ReadingPosition("en", "1", 0, 0, read=1)}
            picker = ArticlePicker(articles, ("pl",), read, current, columns, now=lambda: 90_000)
            await app.push_screen(picker)
            await pilot.pause()
            await script(picker)

    asyncio.run(main())


def shown(picker: ArticlePicker) -> list[str]:
    options = picker.query_one(OptionList)
    return [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]


def marked(picker: ArticlePicker) -> list[str]:
    """Return the parts of the first option that are marked."""
    content = picker.query_one(OptionList).get_option_at_index(0).prompt
    assert isinstance(content, Content)
    return [content.plain[span.start : span.end] for span in content.spans if span.style == "bold underline"]


def test_a_row_is_one_line_in_columns_with_what_was_read_before_the_path() -> None:
    async def script(picker: ArticlePicker) -> None:
        assert shown(picker) == [
            "1  Pierwsze kroki   pl en  read yesterday  /library/pl/start.md",
            "2  Ustawienia okna  pl en  /library/pl/settings/window.md",
            "3  Colours             en  /library/en/settings/colour.md",
            "4  Colours             en  /library/en/other/colour.md",
        ]

    run(script)


def test_on_a_narrow_screen_a_path_replaces_a_title_that_several_articles_have() -> None:
    async def script(picker: ArticlePicker) -> None:
        assert shown(picker)[0].split() == ["1", "Pierwsze", "kroki", "pl", "en"]
        assert shown(picker)[2].split() == ["3", "…/en/settings/colour.md", "en"]
        await picker.update_options("oth")
        assert marked(picker) == ["oth"]

    run(script, columns=36)


def test_another_width_lays_the_rows_out_again() -> None:
    async def script(picker: ArticlePicker) -> None:
        picker.fit(36)
        assert not any("/start" in row for row in shown(picker))
        picker.fit(80)
        assert "/start" in shown(picker)[0]

    run(script)


@pytest.mark.parametrize(
    ("text", "first", "parts", "count"),
    [
        ("uok", 2, ["U", "ok"], 1),
        ("pierwsze", 1, ["Pierwsze"], 1),
        ("PiKro", 1, ["Pi", "kro"], 1),
        ("colour", 3, ["Colour"], 2),
        ("colour other", 4, ["Colour", "other"], 1),
        ("settings", 3, ["settings"], 2),
        ("4", 4, [], 1),
        ("getting", 1, [], 1),
    ],
)
def test_the_filter_finds_letters_in_order_in_title_and_path_and_marks_them(
    text: str, first: int, parts: list[str], count: int
) -> None:
    async def script(picker: ArticlePicker) -> None:
        for length in range(1, len(text) + 1):
            await picker.update_options(text[:length])
        rows = shown(picker)
        assert len(rows) == count
        assert rows[0].startswith(f"{first} ")
        assert marked(picker) == parts

    run(script)


def test_what_is_typed_letter_by_letter_finds_what_the_whole_text_finds() -> None:
    async def script(picker: ArticlePicker) -> None:
        for text in ("colour", "se w", "p"):
            for length in range(1, len(text) + 1):
                await picker.update_options(text[:length])
            slowly = shown(picker)
            await picker.update_options("")
            assert len(shown(picker)) == len(ARTICLES)
            await picker.update_options(text)
            assert shown(picker) == slowly

    run(script)


MANY = tuple(article(number, f"docs/{number}", en=f"Article {number}") for number in range(1, 301))


def test_the_current_article_is_highlighted_and_more_articles_are_listed_as_the_user_goes_down() -> None:
    async def script(picker: ArticlePicker) -> None:
        options = picker.query_one(OptionList)
        assert options.highlighted == 149
        assert 150 < options.option_count < 300
        async with asyncio.timeout(60):
            while options.highlighted != 299:
                await picker.action_list("page_down")
                await asyncio.sleep(0)
        assert options.option_count == 300
        await picker.update_options("299")
        assert [row.split()[:3] for row in shown(picker)] == [["299", "Article", "299"]]

    run(script, MANY, current=150)
