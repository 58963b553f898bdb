"""Where the reader is, in words for the status line."""

from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.viewport import Viewport
from relmgr_cli.reader.widgets.status_bar import Standing
from relmgr_cli.terminal.sanitize import sanitize_line

_WORDS_A_MINUTE = 200


def standing_at(sheet: ArticleRows, viewport: Viewport, languages: tuple[str, ...]) -> Standing:
    """Return article, section, languages, progress and minutes left."""
    shown = sheet.layout.languages
    section = sheet.section(viewport.current)
    before, total = sheet.words_before(viewport.current)
    if viewport.is_at_end:
        before = total
    return Standing(
        title=sanitize_line(sheet.article.documents[shown[0]].title),
        section=section.number if section and section.level else "",
        languages=tuple(map(sanitize_line, languages)),
        shown=tuple(map(sanitize_line, shown)),
        percent=int(100 * before / total) if total else 100,
        minutes=-(-int(total - before) // _WORDS_A_MINUTE),
    )
