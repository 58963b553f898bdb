"""Choosing one of many: a list that grows shorter while one types. Headings, languages, articles, links, key points."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from textual.content import Content
from textual.widgets import Input
from textual.widgets.option_list import Option

from relmgr_cli.languages.normalization import fold
from relmgr_cli.reader.screens.picker import PickerScreen

T = TypeVar("T")

_MOST_SHOWN = 300


class Choice(NamedTuple, Generic[T]):
    """Something to choose; its texts must be clean."""

    value: T
    label: str  # before the text, dim
    text: str
    note: str = ""  # behind it, dim
    also: str = ""  # what it is found by besides


class FilterPicker(PickerScreen[T]):
    """A list of choices and a line to type a part of one."""

    def __init__(self, prompt: str, choices: Sequence[Choice[T]], chosen: int = 0) -> None:
        super().__init__(f"{prompt}: type a part of it")
        self._choices = choices
        self._text = ""  # that the offered choices have
        self._offered: Sequence[Choice[T]] = ()
        self._offer(choices, chosen)

    def _offer(self, choices: Sequence[Choice[T]], highlighted: int = 0) -> None:
        self._offered = choices[:_MOST_SHOWN]
        self.options.clear_options()
        self.options.add_options(map(_option, self._offered))
        self.options.highlighted = min(highlighted, len(self._offered) - 1) if self._offered else None

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Follow what is typed."""
        await self.update_options(event.value)

    async def update_options(self, text: str) -> None:
        """Offer what has all the words of a text."""
        if text != self._text:
            self._text = text
            words = fold(text).split()
            self._offer([choice for choice in self._choices if _fits(choice, words)])

    def pick(self, index: int) -> None:
        """Give the choice at a place of the list."""
        self.dismiss(self._offered[index].value)


def _option(choice: Choice[T]) -> Option:
    label = [(f"{choice.label} ", "dim")] if choice.label else []
    note = [(f"  {choice.note}", "dim")] if choice.note else []
    return Option(Content.assemble(*label, choice.text, *note))


def _fits(choice: Choice[T], words: Sequence[str]) -> bool:
    text = fold(f"{choice.label} {choice.text} {choice.also}")
    return all(word in text for word in words)
