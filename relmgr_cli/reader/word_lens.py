"""The word lens: shows the translations of the word under the word cursor, and keeps it with both sentences."""

from collections.abc import AsyncIterator, Callable

from relmgr_cli import messages
from relmgr_cli.reader.model.positions import TextRange
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.model.word_lens import Translation, text_of, word_in_context
from relmgr_cli.reader.widgets.page import Page

_MAX_LINES = 4  # of the status bar


class WordLens:
    """The word lens of a page."""

    def __init__(self, session: ReadingSession, page: Page, show_message: Callable[..., None]) -> None:
        self._session = session
        self._page = page
        self._show_message = show_message

    async def translate(self, word: TextRange) -> None:
        """Show the translations of a word, else of its sentence, and highlight what is on the page."""
        page, rows = self._page, self._page.rows
        text = f"{word.language} {text_of(rows, word)}"
        self._show_message(text)
        translations = []
        async for found in self._translations(word):
            translations.append(f"{found.language} {text_of(rows, found.word)}")
            self._highlight(found.word)
        if page.word != word or page.rows is not rows:
            return
        if not translations and (sentence := await self._sentence(word)):
            translations.append(f"{sentence.language} {text_of(rows, sentence.sentence)}")
            self._highlight(sentence.sentence)
        if page.word == word and page.rows is rows:
            self._show_message(f"{text} → {' · '.join(translations) or '—'}", max_lines=_MAX_LINES, hint="follow_link")

    def _highlight(self, found: TextRange | None) -> None:
        if found and found.language in self._page.rows.layout.languages:
            self._page.show_translation(found)

    async def _translations(self, word: TextRange) -> AsyncIterator[Translation]:
        """Yield the languages in which the translation of a word is known, as long as the word cursor is on it."""
        page, rows = self._page, self._page.rows
        for language in rows.article.documents:
            if language != word.language:
                found = await self._session.word_translation(rows, word, language)
                if page.word != word or page.rows is not rows:
                    return
                if found is not None:
                    yield Translation(language, found, None)

    async def _sentence(self, word: TextRange) -> Translation | None:
        """Return the first language in which the sentence of a word is known; those on the page come first."""
        page, rows = self._page, self._page.rows
        for language in dict.fromkeys((*rows.layout.languages, *rows.article.documents)):
            if language != word.language:
                found = await self._session.sentence_translation(rows, word, language)
                if page.word != word or page.rows is not rows:
                    return None
                if found is not None:
                    return Translation(language, None, found)
        return None

    async def keep(self, word: TextRange) -> None:
        """Keep a word with its sentence and their translations; a language on the page is preferred."""
        rows = self._page.rows
        known = [found async for found in self._translations(word)]
        shown = [found for found in known if found.language in rows.layout.languages]
        best = next(iter(shown or known), None)
        if best:
            best = best._replace(sentence=await self._session.sentence_translation(rows, word, best.language))
        else:
            best = await self._sentence(word)
        if self._page.word != word or self._page.rows is not rows:
            return
        text = text_of(rows, word)
        try:
            is_new = await self._session.keep_word(word_in_context(rows, word, best))
        except OSError as error:
            self._show_message(messages.WORD_NOT_KEPT.fill(word=text, reason=error.strerror or error))
        else:
            self._show_message((messages.WORD_KEPT if is_new else messages.WORD_ALREADY_KEPT).fill(word=text))
