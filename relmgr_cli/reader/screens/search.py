"""The search in the library: a picker of hits, with a preview of the highlighted one."""

from asyncio import sleep
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.style import Style
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from relmgr_cli import messages
from relmgr_cli.errors import RelmgrError
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.screens.picker import PickerScreen
from relmgr_cli.reader.strips import StripRenderer
from relmgr_cli.terminal.sanitize import sanitize_line

if TYPE_CHECKING:  # the thread of the first search imports them
    from relmgr_cli.search.results import Hit
    from relmgr_cli.search.snippets import Match

_DEBOUNCE_SECONDS = 0.15  # without a key before the search starts
_PATIENCE_SECONDS = 0.5  # before a search that takes long is announced


class SearchScreen(PickerScreen["Hit"]):
    """The search screen; dismissed with the picked hit, or None."""

    DEFAULT_CSS = "SearchScreen Static { height: 1fr; padding: 1 1 0 1; }"

    def __init__(self, session: ReadingSession, renderer: StripRenderer) -> None:
        super().__init__(messages.SEARCH_PLACEHOLDER)
        self._session = session
        self._renderer = renderer
        self._hits: Sequence[Hit] = ()
        self.query_text = ""  # of the listed hits
        self.preview = Static(markup=False)

    def compose(self) -> ComposeResult:
        """Put the preview below the hits."""
        yield from super().compose()
        yield self.preview

    @work(exclusive=True)
    async def on_input_changed(self, event: Input.Changed) -> None:
        """Search when the user has stopped typing."""
        await sleep(_DEBOUNCE_SECONDS)
        await self.update_options(event.value)

    async def update_options(self, text: str) -> None:
        """List the hits of a query."""
        if text == self.query_text:
            return
        hits: Sequence[Hit] = ()
        message = ""
        announcement = self.set_timer(_PATIENCE_SECONDS, lambda: self.preview.update(Content(messages.SEARCHING)))
        try:
            hits = await self._session.hits(text)
            if text.strip() and not hits:
                message = await self._session.not_found(messages.NO_MATCHING_SECTIONS)
        except RelmgrError as error:
            message = sanitize_line(str(error))
        finally:
            announcement.stop()
        self._hits = hits
        self.query_text = text
        self.options.clear_options()
        self.options.add_options(map(_option, self._hits))
        self.options.highlighted = 0 if self._hits else None
        if not self._hits:
            self.preview.update(Content(message))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the snippets of the highlighted hit, of many languages as many as `relmgr search` does."""
        from relmgr_cli.layout.hits import MAX_LANGUAGES, shown_matches  # the search has imported the rest already

        if event.option_index < len(self._hits):
            matches = shown_matches(self._hits[event.option_index], MAX_LANGUAGES)
            self.preview.update(Content("\n\n").join(map(self._snippet, matches)))

    def _snippet(self, match: "Match") -> Content:
        from relmgr_cli.layout.hits import marked

        runs = marked(match.snippet, match.spans)
        style = Style.from_rich_style(self._renderer.style("match"))
        text = Content.assemble(*((run.text, style) if run.style else run.text for run in runs))
        return Content.assemble((f"{sanitize_line(match.language)}  ", "dim"), text)

    def pick(self, index: int) -> None:
        """Dismiss the screen with a hit."""
        if index < len(self._hits):
            self.dismiss(self._hits[index])


def _option(hit: "Hit") -> Option:
    first = hit.matches[0]
    title = hit.article.documents[first.language].title
    address = (
        f"{sanitize_line(title)} › {sanitize_line(hit.section.number)} " if first.heading else sanitize_line(title)
    )
    return Option(Content.assemble((address, "dim"), sanitize_line(first.heading)))
