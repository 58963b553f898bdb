"""The word lens: the counterparts of the word under the cursor, marked on the page and named."""

from collections.abc import Callable

from relmgr_cli.reader.model.positions import TextRange
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.widgets.page import Page


async def show_twins(session: ReadingSession, page: Page, word: TextRange, say: Callable[[str], None]) -> None:
    """Report the translation of a word in each other language, and highlight those that are on the page."""
    sheet = page.sheet
    text = sheet.text(word.row, word.language)[word.start : word.end]
    say(f"{word.language} {text}")
    told = []
    for language in sheet.article.documents:
        twin = await session.word_translation(sheet, word, language) if language != word.language else None
        if page.word != word or page.sheet is not sheet:
            return
        if twin is not None:
            told.append(f"{language} {sheet.text(twin.row, language)[twin.start : twin.end]}")
            if language in sheet.layout.languages:
                page.show_twin(twin)
    say(f"{word.language} {text} → {' · '.join(told) or '—'}")
