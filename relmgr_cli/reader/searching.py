"""Searching the library: what is typed, the hits as they come, and a preview of the one that is highlighted."""

from asyncio import sleep
from collections.abc import Awaitable, Callable, Sequence

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets._input import Input
from textual.widgets._option_list import OptionList
from textual.widgets._static import Static
from textual.widgets.option_list import Option

from relmgr_cli.errors import RelmgrError
from relmgr_cli.reader.finding import Hit
from relmgr_cli.reader.picking import Picking
from relmgr_cli.render.clean import clean, clean_line

_PAUSE = 0.15  # seconds without a key before the search begins


class Search(Picking[Hit]):
    """The search screen; gives the hit that was picked."""

    DEFAULT_CSS = """
    Search Static { height: 1fr; padding: 1 1 0 1; }
    """

    def __init__(self, search: Callable[[str], Awaitable[Sequence[Hit]]]) -> None:
        super().__init__("search the library")
        self._search = search
        self._hits: Sequence[Hit] = ()
        self.preview = Static(markup=False)

    def compose(self) -> ComposeResult:
        """Put the preview below the hits."""
        yield from super().compose()
        yield self.preview

    @work(exclusive=True)
    async def on_input_changed(self, event: Input.Changed) -> None:
        """Search when nothing more is typed for a moment."""
        await sleep(_PAUSE)
        try:
            self._hits = await self._search(event.value)
        except RelmgrError as error:
            self.preview.update(Content(clean_line(str(error))))
            return
        self.options.clear_options()
        self.options.add_options(map(_option, self._hits))
        self.options.highlighted = 0 if self._hits else None
        if not self._hits:
            self.preview.update(Content("no section fits" if event.value.strip() else ""))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what the hit says."""
        if event.option_index < len(self._hits):
            self.preview.update(Content(clean(self._hits[event.option_index].text)))

    def pick(self, index: int) -> None:
        """Give the hit at a place of the list."""
        if index < len(self._hits):
            self.dismiss(self._hits[index])


def _option(hit: Hit) -> Option:
    place = (f"{clean_line(hit.title)} › {clean_line(hit.section)} ", "dim")
    return Option(Content.assemble(place, clean_line(hit.heading)))
