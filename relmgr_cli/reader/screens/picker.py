"""Pickers: a list that the user filters by typing; for languages, headings, key points, articles and links."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from relmgr_cli import messages
from relmgr_cli.corpus.article import Article
from relmgr_cli.languages.names import language_name
from relmgr_cli.languages.normalization import fold
from relmgr_cli.languages.tags import match_language
from relmgr_cli.layout.lists import language_list
from relmgr_cli.reader.model.positions import Link
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.widgets.find_bar import CleanInput
from relmgr_cli.reader.widgets.outline import outline_entries
from relmgr_cli.store.articles import ArticleSummary, section_headings
from relmgr_cli.store.reading_state import ReadingPositions
from relmgr_cli.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from relmgr_cli.core.bookmarks import FoundBookmark

T = TypeVar("T")

_MAX_OPTIONS = 300
_MAX_MISSING = 4  # languages; a longer list is not shown
_MAX_LANGUAGES = 24  # cells; of more only the number is shown
_SECONDS_PER_DAY = 86_400


class ReverseOptionList(OptionList):
    """An option list with the highlighted option in reverse video: visible in every theme and without colours."""

    def get_visual_style(self, *component_classes: str, partial: bool = False) -> Style:
        """Return the style of a component; Textual ignores `text-style: reverse` in the style sheet."""
        style = super().get_visual_style(*component_classes, partial=partial)
        is_highlighted = "option-list--option-highlighted" in component_classes
        return style + Style(reverse=True) if is_highlighted else style


class PickerScreen(Screen[T | None]):
    """An input above a list; dismissed with the picked value, or None."""

    DEFAULT_CSS = """
    PickerScreen Input, PickerScreen Input:focus {
        border: none; height: 1; padding: 0 1; margin: 0 0 1 0; background: $surface;
    }
    PickerScreen OptionList, PickerScreen OptionList:focus {
        border: none; height: 1fr; padding: 0 1; background: $background; scrollbar-size-vertical: 1;
    }
    PickerScreen OptionList > .option-list--option-highlighted,
    PickerScreen OptionList:focus > .option-list--option-highlighted {
        color: $foreground; background: $background;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter", "accept", show=False, priority=True),
        Binding("down", "list('cursor_down')", show=False, priority=True),
        Binding("up", "list('cursor_up')", show=False, priority=True),
        Binding("pagedown", "list('page_down')", show=False, priority=True),
        Binding("pageup", "list('page_up')", show=False, priority=True),
    ]

    INPUT: ClassVar[type[CleanInput]] = CleanInput

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self._input = self.INPUT(placeholder=placeholder)
        self._input.cursor_blink = False
        self.options = ReverseOptionList(markup=False)

    def compose(self) -> ComposeResult:
        """Put the input above the list."""
        yield self._input
        yield self.options

    def pick(self, index: int) -> None:
        """Dismiss the screen with the value of an option."""
        raise NotImplementedError

    async def update_options(self, text: str) -> None:
        """List the options for a text; do nothing if they are listed already."""
        raise NotImplementedError

    async def action_accept(self) -> None:
        """Pick the highlighted option of those for the current text."""
        await self.update_options(self._input.value)
        if self.is_active and self.options.highlighted is not None:
            self.pick(self.options.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pick an option that was clicked."""
        self.pick(event.option_index)

    async def action_list(self, action: str) -> None:
        """Move in the list for the current text."""
        await self.update_options(self._input.value)
        getattr(self.options, f"action_{action}")()

    def action_leave(self) -> None:
        """Dismiss the screen with None."""
        self.dismiss(None)


class Choice(NamedTuple, Generic[T]):
    """An option of a picker; its texts are sanitized."""

    value: T
    label: str  # before the text, dim
    text: str
    note: str = ""  # after the text, dim
    keywords: str = ""  # not shown, but the filter matches them


class FilterPicker(PickerScreen[T]):
    """A picker for a fixed list of choices; q closes it as long as nothing is typed and no word begins with q."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "close", show=False, priority=True)]

    def __init__(
        self, title: str, choices: Sequence[Choice[T]], highlighted: int = 0, *, placeholder: str = ""
    ) -> None:
        super().__init__(placeholder or messages.PICKER_PLACEHOLDER.fill(title=title))
        self._choices = choices
        self._text = ""  # of the filter
        self._listed: Sequence[Choice[T]] = ()
        self._list(choices, highlighted)

    def _list(self, choices: Sequence[Choice[T]], highlighted: int = 0) -> None:
        self._listed = choices[:_MAX_OPTIONS]
        self.options.clear_options()
        self.options.add_options(map(self.option, self._listed))
        self.options.highlighted = min(highlighted, len(self._listed) - 1) if self._listed else None

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Filter the choices."""
        await self.update_options(event.value)

    async def update_options(self, text: str) -> None:
        """List the choices with all words of a text."""
        if text != self._text:
            self._text = text
            words = fold(text).split()
            self._list([choice for choice in self._choices if _has_all(choice, words)])

    def pick(self, index: int) -> None:
        """Dismiss the screen with the value of a listed choice."""
        self.dismiss(self._listed[index].value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the input have a q that begins a filter."""
        if action == "close":
            return not self._input.value and not any(" q" in f" {_searched(choice)}" for choice in self._choices)
        return super().check_action(action, parameters)

    def action_close(self) -> None:
        """Dismiss the screen with None."""
        self.action_leave()

    def option(self, choice: Choice[T]) -> Option:
        """Return how a choice is listed."""
        label = [(f"{choice.label} ", "dim")] if choice.label else []
        note = [(f"  {choice.note}", "dim")] if choice.note else []
        return Option(Content.assemble(*label, choice.text, *note))


class _WordInput(CleanInput):
    """An input that leaves Space to the screen."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return True if the input takes a key, so that the bindings of the screen do not."""
        return key != "space" and super().check_consume_key(key, character)


class MarkingPicker(FilterPicker[tuple[str, ...]]):
    """A picker in which Space marks several choices; dismissed with the values of those, in the order of marking."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "mark", show=False, priority=True)]
    INPUT = _WordInput

    def __init__(
        self, title: str, choices: Sequence[Choice[tuple[str, ...]]], highlighted: int = 0, *, placeholder: str = ""
    ) -> None:
        self._marked: list[tuple[str, ...]] = []
        super().__init__(title, choices, highlighted, placeholder=placeholder)

    def option(self, choice: Choice[tuple[str, ...]]) -> Option:
        """Return a choice after its number among the marked ones."""
        number = str(self._marked.index(choice.value) + 1) if choice.value in self._marked else ""
        return super().option(choice._replace(label=f"{number:>2} {choice.label}"))

    async def action_mark(self) -> None:
        """Mark the highlighted choice or remove its mark, and list all choices again."""
        await self.update_options(self._input.value)
        if self.options.highlighted is None:
            return
        choice = self._listed[self.options.highlighted]
        if choice.value in self._marked:
            self._marked.remove(choice.value)
        else:
            self._marked.append(choice.value)
        self._input.value = self._text = ""
        self._list(self._choices, self._choices.index(choice))

    def pick(self, index: int) -> None:
        """Dismiss the screen with the marked choices; without any, with a listed one."""
        if self._marked:
            self.dismiss(sum(self._marked, ()))
        else:
            super().pick(index)


def _has_all(choice: Choice[T], words: Sequence[str]) -> bool:
    text = _searched(choice)
    return all(word in text for word in words)


def _searched(choice: Choice[T]) -> str:
    return fold(f"{choice.label} {choice.text} {choice.keywords}")


async def choose_languages(app: App[object], languages: Sequence[str], current: str) -> tuple[str, ...]:
    """Let the user choose languages of an article; return their tags in the order of marking, () if none."""
    choices: list[Choice[tuple[str, ...]]] = [
        Choice((tag,), sanitize_line(tag), sanitize_line(language_name(tag))) for tag in languages
    ]
    title = messages.LANGUAGES
    placeholder = messages.MARKING_PLACEHOLDER.fill(title=title)
    picker = MarkingPicker(title, choices, languages.index(current), placeholder=placeholder)
    return await app.push_screen_wait(picker) or ()


async def choose_heading(app: App[object], article: Article, language: str, current: str) -> str | None:
    """Let the user choose a section by its heading in any language; return its number."""
    entries = outline_entries(article, language)
    sections = {section.number: section for section in article.sections}
    choices = [
        Choice(
            entry.number,
            f"{'  ' * entry.number.count('.')}{entry.number}",
            entry.heading,
            entry.state.strip(),
            keywords=" ".join(section_headings(article, sections[entry.number]).values()),
        )
        for entry in entries
    ]
    index = next((index for index, entry in enumerate(entries) if entry.number == current), 0)
    return await app.push_screen_wait(FilterPicker(messages.HEADINGS, choices, index))


async def choose_highlight(app: App[object], rows: ArticleRows, numbers: Sequence[int], language: str) -> int | None:
    """Let the user choose a key point; return its row."""
    choices = [Choice(row, "•", sanitize_line(" ".join(rows.text(row, language).split()))) for row in numbers]
    return await app.push_screen_wait(FilterPicker(messages.HIGHLIGHTS, choices))


async def choose_link(app: App[object], links: Sequence[tuple[Link, str]]) -> tuple[Link, str] | None:
    """Let the user choose one of several links; return the link and its language."""
    if len(links) == 1:
        return links[0]
    choices = [
        Choice((link, language), sanitize_line(language), sanitize_line(link.text), sanitize_line(link.href), link.href)
        for link, language in links
    ]
    return await app.push_screen_wait(FilterPicker(messages.LINKS, choices))


async def choose_bookmark(app: App[object], bookmarks: "Sequence[FoundBookmark]") -> "FoundBookmark | None":
    """Let the user choose a bookmark."""
    from relmgr_cli.layout.bookmarks import first_words

    digits = len(str(len(bookmarks)))
    choices = [
        Choice(
            each,
            f"{each.number:>{digits}}",
            first_words(each),
            sanitize_line(f"{each.title}   {each.section}" if each.article_number else messages.BOOKMARK_GONE),
            keywords=sanitize_line(f"{each.text} {each.title} {each.article}"),
        )
        for each in bookmarks
    ]
    return await app.push_screen_wait(FilterPicker(messages.BOOKMARKS, choices))


async def choose_article(app: App[object], session: ReadingSession) -> int | None:
    """Let the user choose an article of the library; return its number."""
    articles = await session.worker.run(session.worker.articles)
    choices = article_choices(articles, session.language, session.positions())
    index = next((index for index, choice in enumerate(choices) if choice.value == session.opened.number), 0)
    return await app.push_screen_wait(FilterPicker(messages.ARTICLES_TITLE, choices, index))


def article_choices(
    articles: Sequence[ArticleSummary], language: str, positions: ReadingPositions, now: Callable[[], float] = time.time
) -> list[Choice[int]]:
    """Return the articles with their titles in a language if they have it, their languages and when they were read.

    An article whose title is that of another one has its id too.
    """
    all_languages = sorted({each for article in articles for each in article.languages})
    digits = len(str(articles[-1].number)) if articles else 1
    titles = [article.title(match_language((language,), article.languages)) for article in articles]
    count = Counter(titles)
    choices = []
    for article, title in zip(articles, titles, strict=True):
        missing = [each for each in all_languages if each not in article.languages]
        position = positions.articles.get(article.id)
        notes = [
            article.id if count[title] > 1 else "",
            language_list(article, _MAX_LANGUAGES),
            messages.MISSING_LANGUAGES.fill(tags=" ".join(missing)) if 0 < len(missing) <= _MAX_MISSING else "",
            _last_read(int(now()) - position.read) if position else "",
        ]
        names = " ".join((article.id, *(document.title for document in article.documents)))
        note = sanitize_line("   ".join(filter(None, notes)))
        choices.append(Choice(article.number, f"{article.number:>{digits}}", sanitize_line(title), note, names))
    return choices


def _last_read(seconds: int) -> str:
    days = seconds // _SECONDS_PER_DAY
    return messages.READ_TODAY if days < 1 else messages.READ_DAYS_AGO.fill(days)
