"""What screens have in common where one types a line and picks from the list below it."""

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.style import Style
from textual.widgets import OptionList

from relmgr_cli.reader.widgets.clean_input import CleanInput

T = TypeVar("T")


class ReverseOptionList(OptionList):
    """An option list whose highlighted row is in reverse video: visible in every theme, also without colours."""

    def get_visual_style(self, *component_classes: str, partial: bool = False) -> Style:
        """Return the style of a component; Textual would drop a `text-style: reverse` of the style sheet."""
        style = super().get_visual_style(*component_classes, partial=partial)
        is_highlighted = "option-list--option-highlighted" in component_classes
        return style + Style(reverse=True) if is_highlighted else style


class PickerScreen(Screen[T | None]):
    """A line to type in, a list; gives what was picked, or None."""

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

    def __init__(self, prompt: str) -> None:
        super().__init__()
        self._line = CleanInput(placeholder=f"{prompt}; Enter opens, Esc leaves")
        self._line.cursor_blink = False
        self.options = ReverseOptionList(markup=False)

    def compose(self) -> ComposeResult:
        """Put the line above the list."""
        yield self._line
        yield self.options

    def pick(self, index: int) -> None:
        """Give what stands at a place of the list."""
        raise NotImplementedError

    async def update_options(self, text: str) -> None:
        """List what answers a text; do nothing where that is listed already."""
        raise NotImplementedError

    async def action_accept(self) -> None:
        """Pick what is highlighted of what answers the line."""
        await self.update_options(self._line.value)
        if self.is_active and self.options.highlighted is not None:
            self.pick(self.options.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pick what was clicked."""
        self.pick(event.option_index)

    async def action_list(self, action: str) -> None:
        """Move in the list of what answers the line."""
        await self.update_options(self._line.value)
        getattr(self.options, f"action_{action}")()

    def action_leave(self) -> None:
        """Pick nothing."""
        self.dismiss(None)
