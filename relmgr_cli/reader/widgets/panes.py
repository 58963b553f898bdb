"""Which panes are on the screen: the page, the outline beside it, or the outline in its place."""

from relmgr_cli.config import Arrangement
from relmgr_cli.reader.widgets.outline import Outline
from relmgr_cli.reader.widgets.page import Page

_ROOM_FOR_OUTLINE = 92  # cells; a narrower screen has it only when asked for
_ROOM_BESIDE = 60  # cells; below this the outline takes the whole screen


class Panes:
    """The page and the outline."""

    def __init__(self, page: Page, outline: Outline) -> None:
        self._page = page
        self._outline = outline
        self._wanted: bool | None = None  # None where the width decides

    def fit(self, width: int, *, prefers_outline: bool) -> None:
        """Show the outline where it is wanted, or preferred and there is room; as wide as the page can spare."""
        wanted = self._wanted
        is_shown = prefers_outline and width >= _ROOM_FOR_OUTLINE if wanted is None else wanted
        is_whole = is_shown and width < _ROOM_BESIDE
        view = self._page.sheet.view
        spare = width - view.measure if view.mode is Arrangement.SINGLE else 0
        self._outline.fit(width, None if is_whole else spare)
        self._outline.set_class(is_shown, "-shown")
        self._page.display = not is_whole
        if is_whole:
            self._outline.focus()
        elif not is_shown and self._outline.has_focus:
            self._page.focus()

    def toggle(self, width: int) -> bool | None:
        """Want the outline, or not any more; return which if that is to be remembered, None where it hardly fits."""
        self._wanted = not self._outline.has_class("-shown")
        return self._wanted if width >= _ROOM_FOR_OUTLINE else None

    def leave_outline(self) -> None:
        """Show the page again where the outline took its place."""
        if not self._page.display:
            self._wanted = False
