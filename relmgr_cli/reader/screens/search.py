"""Searching the library: what is typed, the hits as they come, and a preview of the one that is highlighted."""

from asyncio import sleep
from collections.abc import Sequence

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.style import Style
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from relmgr_cli.errors import RelmgrError
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.screens.picker import PickerScreen
from relmgr_cli.reader.strips import StripRenderer
from relmgr_cli.search.results import Hit
from relmgr_cli.search.snippets import Match
from relmgr_cli.terminal.sanitize import sanitize_line

_PAUSE = 0.15  # seconds without a key before the search begins


class SearchScreen(PickerScreen[Hit]):
    """The search screen; gives the hit that was picked."""

    DEFAULT_CSS = """
    SearchScreen Static { height: 1fr; padding: 1 1 0 1; }
    """

    def __init__(self, session: ReadingSession, brush: StripRenderer) -> None:
        super().__init__("search the library")
        self._session = session
        self._brush = brush
        self._hits: Sequence[Hit] = ()
        self.question = ""  # that the hits answer
        self.preview = Static(markup=False)

    def compose(self) -> ComposeResult:
        """Put the preview below the hits."""
        yield from super().compose()
        yield self.preview

    @work(exclusive=True)
    async def on_input_changed(self, event: Input.Changed) -> None:
        """Search when nothing more is typed for a moment."""
        await sleep(_PAUSE)
        await self.update_options(event.value)

    async def update_options(self, text: str) -> None:
        """List the hits of a query."""
        if text == self.question:
            return
        hits: Sequence[Hit] = ()
        message = ""
        try:
            hits = await self._session.hits(text)
            if text.strip() and not hits:
                message = await self._session.not_found("no section fits")
        except RelmgrError as error:
            message = sanitize_line(str(error))
        self._hits = hits
        self.question = text
        self.options.clear_options()
        self.options.add_options(map(_option, self._hits))
        self.options.highlighted = 0 if self._hits else None
        if not self._hits:
            self.preview.update(Content(message))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what the hit says."""
        if event.option_index < len(self._hits):
            matches = self._hits[event.option_index].matches
            self.preview.update(Content("\n\n").join(map(self._drawn, matches)))

    def _drawn(self, match: Match) -> Content:
        from relmgr_cli.layout.hits import marked  # the search has loaded what it needs

        runs = marked(match.snippet, match.spans)
        found = Style.from_rich_style(self._brush.style("match"))
        text = Content.assemble(*((run.text, found) if run.style else run.text for run in runs))
        return Content.assemble((f"{sanitize_line(match.language)}  ", "dim"), text)

    def pick(self, index: int) -> None:
        """Give the hit at a place of the list."""
        if index < len(self._hits):
            self.dismiss(self._hits[index])


def _option(hit: Hit) -> Option:
    first = hit.matches[0]
    title = hit.article.documents[first.language].title
    address = (f"{sanitize_line(title)} › {sanitize_line(hit.section.number)} ", "dim")
    return Option(Content.assemble(address, sanitize_line(first.heading)))
