"""Pickers: a list that the user filters by typing; for languages, key points, bookmarks and links."""

from asyncio import sleep
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from relmgr_cli import messages
from relmgr_cli.languages.fuzzy import FuzzyPattern, matched_ranges
from relmgr_cli.languages.names import english_name, language_name, native_language_name
from relmgr_cli.languages.normalization import fold
from relmgr_cli.layout.line import Range
from relmgr_cli.reader.model.positions import Link
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.widgets.find_bar import CleanInput
from relmgr_cli.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from relmgr_cli.core.bookmarks import FoundBookmark

T = TypeVar("T")

_PAGE = 40  # options that are listed at once; more follow as the user scrolls
_MATCH_STYLE = "bold underline"  # seen in every theme and without colours
_IN_LABEL, _IN_NOTE, _IN_KEYWORDS = 6, 2, 8  # the cost of a match there, or what is added to it


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
    keywords: str = ""  # not shown, but the filter finds words in them


class _Searched(NamedTuple):
    """The folded texts of a choice."""

    label: str
    text: str
    note: str


class FilterPicker(PickerScreen[T]):
    """A picker for a fixed list of choices; q closes it as long as nothing is typed and no word begins with q.

    The filter is fuzzy; the best matches come first, of equally good ones the shortest.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "close", show=False, priority=True)]

    def __init__(
        self, title: str, choices: Sequence[Choice[T]], highlighted: int = 0, *, placeholder: str = ""
    ) -> None:
        super().__init__(placeholder or messages.PICKER_PLACEHOLDER.fill(title=title))
        self._choices = choices
        self._searched = [_searched(choice) for choice in choices]
        self._keywords: dict[int, str] = {}  # folded when they are needed
        self._text = ""  # of the filter
        self._patterns: Sequence[FuzzyPattern] = ()
        self._found: Sequence[int] = range(len(choices))  # the choices that match, best first
        self.list_found(highlighted)

    def on_mount(self) -> None:
        """List more choices when the user gets to the end of those that are listed."""
        self.watch(self.options, "scroll_y", self._list_more, init=False)
        self.run_worker(self._fold_keywords())

    async def _fold_keywords(self) -> None:
        """Fold all keywords before they are needed, a few at a time so that no key has to wait."""
        for start in range(0, len(self._choices), _PAGE):
            for index in range(start, min(start + _PAGE, len(self._choices))):
                self._folded_keywords(index)
            await sleep(0)

    def _folded_keywords(self, index: int) -> str:
        if (keywords := self._keywords.get(index)) is None:
            keywords = self._keywords[index] = fold(self._choices[index].keywords)
        return keywords

    def on_resize(self, event: Resize) -> None:
        """Fit the options to the screen, and list as many as it has lines."""
        self.fit(event.size.width)
        self.call_after_refresh(self._list_more)

    def fit(self, columns: int) -> None:
        """Fit the options to a screen of this width."""

    def list_found(self, highlighted: int = 0) -> None:
        """List the choices that match, as far as the highlighted one and some more."""
        self.options.clear_options()
        self._list_until(highlighted + _PAGE)
        if not self._found:
            self.options.add_option(Option(messages.NOTHING_MATCHES, disabled=True))
        self.options.highlighted = min(highlighted, len(self._found) - 1) if self._found else None

    def _list_more(self) -> None:
        """List more choices if the next screen would not be full."""
        self._list_until(self.options.scroll_offset.y + 2 * self.options.size.height)

    def _list_until(self, count: int) -> None:
        added = self._found[self.options.option_count : count]
        if added:
            self.options.add_options([self.option(self._choices[index]) for index in added])

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Filter the choices."""
        await self.update_options(event.value)

    async def update_options(self, text: str) -> None:
        """List the choices that match all words of a text."""
        if text != self._text:
            is_narrower = self._patterns and text.startswith(self._text)
            self._filter(text, self._found if is_narrower else range(len(self._choices)))
            self.list_found()

    def _filter(self, text: str, among: Iterable[int]) -> None:
        self._text = text
        self._patterns = [FuzzyPattern(word) for word in fold(text).split()]
        ranked = []
        for index in among:
            total = 0
            for pattern in self._patterns:
                if (cost := self._cost(pattern, index)) is None:
                    break
                total += cost
            else:
                ranked.append((total, len(self._searched[index].text), index))
        self._found = [index for *_, index in sorted(ranked)] if self._patterns else range(len(self._choices))

    def _cost(self, pattern: FuzzyPattern, index: int) -> int | None:
        """Return how well a choice matches a part of the filter, best the least; None if it does not match."""
        if found := _find(pattern, self._searched[index]):
            return found[0]
        return _IN_KEYWORDS if pattern.letters in self._folded_keywords(index) else None

    def pick(self, index: int) -> None:
        """Dismiss the screen with the value of a listed choice."""
        self.dismiss(self._choices[self._found[index]].value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the input have a q that begins a filter."""
        if action == "close":
            return not self._input.value and not self._has_q
        return super().check_action(action, parameters)

    @cached_property
    def _has_q(self) -> bool:
        """Whether a word of a choice begins with q."""
        return any(" q" in f" {each.label} {each.text} {each.keywords}".casefold() for each in self._choices)

    def action_close(self) -> None:
        """Dismiss the screen with None."""
        self.action_leave()

    def option(self, choice: Choice[T]) -> Option:
        """Return how a choice is listed."""
        label = f"{choice.label} " if choice.label else ""
        content = Content.assemble((label, "dim"), choice.text, (f"  {choice.note}" if choice.note else "", "dim"))
        texts, notes = self.matches(choice)
        content = mark(content, texts, len(label))
        return Option(mark(content, notes, len(label) + len(choice.text) + len("  ")))

    def matches(self, choice: Choice[T]) -> tuple[Sequence[Range], Sequence[Range]]:
        """Return the ranges of the text and of the note of a choice that the filter matches."""
        if not self._patterns:
            return (), ()
        searched = _searched(choice)
        found = [(pattern, _find(pattern, searched)) for pattern in self._patterns]
        texts, notes = (
            [pattern for pattern, match in found if match and match[1] == field] for field in ("text", "note")
        )
        return matched_ranges(texts, choice.text), matched_ranges(notes, choice.note)


def _searched(choice: Choice[T]) -> _Searched:
    return _Searched(fold(choice.label.strip()), fold(choice.text), fold(choice.note))


def mark(content: Content, ranges: Iterable[Range], offset: int) -> Content:
    """Return the content with ranges of a text that begins at an offset as what the filter matches."""
    for start, end in ranges:
        content = content.stylize(_MATCH_STYLE, offset + start, offset + end)
    return content


def _find(pattern: FuzzyPattern, searched: _Searched) -> tuple[int, str] | None:
    """Return how well a choice matches a part of the filter, and in which field; None if it does not."""
    letters, (label, text, note) = pattern.letters, searched
    best = None
    if letters in label:
        best = (0 if letters == label else 1 if label.startswith(letters) else _IN_LABEL), "label"
    cost = pattern.cost(text)
    if cost is not None and (not best or cost < best[0]):
        best = cost, "text"
    if (letters in note and best[0] > _IN_NOTE) if best else note:  # scattered letters in a note are the last resort
        cost = pattern.cost(note)
        if cost is not None and (not best or cost + _IN_NOTE < best[0]):
            best = cost + _IN_NOTE, "note"
    return best


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
        choice = self._choices[self._found[self.options.highlighted]]
        if choice.value in self._marked:
            self._marked.remove(choice.value)
        else:
            self._marked.append(choice.value)
        self._input.value = ""
        self._filter("", range(len(self._choices)))
        self.list_found(self._choices.index(choice))

    def pick(self, index: int) -> None:
        """Dismiss the screen with the marked choices; without any, with a listed one."""
        if self._marked:
            self.dismiss(sum(self._marked, ()))
        else:
            super().pick(index)


async def choose_languages(app: App[object], languages: Sequence[str], current: str) -> tuple[str, ...]:
    """Let the user choose languages of an article; return their tags in the order of marking, () if none."""
    choices: list[Choice[tuple[str, ...]]] = [
        Choice(
            (tag,),
            sanitize_line(tag),
            sanitize_line(language_name(tag)),
            keywords=sanitize_line(f"{english_name(tag)} {native_language_name(tag)}"),
        )
        for tag in languages
    ]
    title = messages.LANGUAGES
    placeholder = messages.MARKING_PLACEHOLDER.fill(title=title)
    picker = MarkingPicker(title, choices, languages.index(current), placeholder=placeholder)
    return await app.push_screen_wait(picker) or ()


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
