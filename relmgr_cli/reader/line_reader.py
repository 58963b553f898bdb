"""The line reader: prints one section at a time, and prompts for commands.

For screen readers, braille displays and terminals without cursor movement: output is only appended, never in columns.
It shares the reading positions with the full-screen reader.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from relmgr_cli import messages
from relmgr_cli.config import Arrangement
from relmgr_cli.core.selection import choose_section
from relmgr_cli.corpus.article import ArticleSection
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.links.result import LinkStatus
from relmgr_cli.errors import RelmgrError
from relmgr_cli.layout.ansi import to_ansi
from relmgr_cli.layout.arrangement import lay_out
from relmgr_cli.layout.line import plain_text
from relmgr_cli.layout.page import LinkTitles, section_page
from relmgr_cli.layout.parallel import parallel_page
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.reader.model.session import ReadingSession, anchor_of
from relmgr_cli.reader.model.viewport import Anchor
from relmgr_cli.store.articles import section_headings, text_of_sections
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

if TYPE_CHECKING:
    from relmgr_cli.search.in_article import BlockMatch
    from relmgr_cli.store.links import ResolvedLink

_REACH = 60  # characters shown before and after a match


class LineReader:
    """The line reader of an article."""

    def __init__(
        self,
        session: ReadingSession,
        screen: OutputTarget,
        write: Callable[[str], None],
        requested: Sequence[str] = (),  # languages, which are read together if there are several
    ) -> None:
        self._session = session
        self._screen = screen
        self._write = write
        self._requested = requested if len(requested) > 1 else ()
        self._is_parallel = len(requested) > 1
        self._left: list[tuple[Document, str]] = []  # where a link was followed, with the number of the section
        self._show_opened()

    def _show_opened(self) -> None:
        """Take the article that the session has opened."""
        screen, languages = self._screen, (self._session.document.language,)
        self._titles: dict[str, LinkTitles] = {}  # of linked articles, by the language of the text
        self._index = 0  # of the current section
        view = View(languages, Arrangement.SINGLE, screen.columns, screen.max_text_width, plain=True)
        self._rows = ArticleRows(self._session.article, view)

    @property
    def _sections(self) -> Sequence[ArticleSection]:
        return self._session.article.sections

    def start(self, section: str | None) -> None:
        """Print the title; show a section, by default the one at the last position."""
        session, position = self._session, self._session.position()
        if section is None and position is not None:
            last = self._rows.section(anchor_of(position, self._rows.row_index).row)
            section = last.number if last else None
        title, shown = sanitize_line(session.document.title), self._shown_languages()
        others = ", ".join(tag for tag in session.article.documents if tag not in shown)
        template = messages.PLAIN_LANGUAGES if others else messages.PLAIN_LANGUAGE
        languages = template.fill(language=", ".join(shown), others=others)
        self._print(messages.LINE_READER_START.fill(title=title, languages=languages), "")
        self._show(next((index for index, each in enumerate(self._sections) if each.number == section), 0))

    @property
    def prompt(self) -> str:
        """The prompt: the number of the current section."""
        return f"{self._sections[self._index].number}> "

    def handle_command(self, line: str) -> bool:
        """Handle a command; return False to quit."""
        command = line.strip()
        commands: dict[str, Callable[[], object]] = {
            "": self._next,
            "b": lambda: self._show(max(0, self._index - 1)),
            "l": self._switch_language,
            "i": self._switch_parallel,
            "m": self._toggle_bookmark,
            "o": lambda: self._print(*map(self._heading, self._sections)),
            "h": self._list_highlights,
            "f": self._list_links,
            "r": self._return,
            "?": lambda: self._write(messages.LINE_READER_HELP),
        }
        if command in commands:
            commands[command]()
        elif command.startswith("/"):
            self._find(command[1:].strip())
        elif command.startswith("f") and command[1:].strip().isdecimal():
            self._follow(command[1:].strip())
        elif command != "q":
            self._jump(command.removeprefix(":").strip())
        return command != "q"

    def _switch_parallel(self) -> None:
        self._is_parallel = not self._is_parallel and len(self._session.article.documents) > 1
        self._show(self._index)

    def _show(self, index: int) -> None:
        self._index = index
        article, section = self._session.article, self._sections[index]
        language, languages = self._session.document.language, self._shown_languages()
        if len(languages) > 1:
            titles = {tag: self._link_titles(tag) for tag in languages}
            layout = lay_out(article, languages, self._screen, link_titles=titles)
            self._write(to_ansi(parallel_page(article, layout, self._screen, (section,)), self._screen))
        elif language in section.indexes:
            page = section_page(article, (section,), language, self._screen, self._link_titles(language))
            self._write(to_ansi(page, self._screen))
        else:
            self._print(messages.NOT_IN_LANGUAGE.fill(section=section.number, language=language))
        self._session.save_position(self._rows, Anchor(self._rows.row_of_section(section.number)))

    def _shown_languages(self) -> tuple[str, ...]:
        """Return the languages that a section is shown in, the reader's first."""
        language = self._session.document.language
        available = self._session.article.documents
        wanted = [tag for tag in self._requested or available if tag in available] if self._is_parallel else []
        return tuple(dict.fromkeys((language, *wanted)))

    def _link_titles(self, language: str) -> LinkTitles:
        if language not in self._titles:
            worker = self._session.worker
            self._titles[language] = worker.run_sync(worker.library.link_titles, self._session.article, language)
        return self._titles[language]

    def _toggle_bookmark(self) -> None:
        """Set a bookmark at the first block of the section, or remove it."""
        session = self._session
        row = self._rows.row_of_section(self._sections[self._index].number)
        blocks = {tag: self._rows.block_indices(row, tag) for tag in session.article.documents}
        if not any(blocks.values()):  # a file with front matter only
            self._print(messages.NOTHING_TO_BOOKMARK)
            return
        try:
            is_set = asyncio.run(session.toggle_bookmark(blocks))
        except OSError as error:
            self._print(messages.BOOKMARKS_NOT_SAVED.fill(reason=error.strerror or error))
        else:
            text = self._heading(self._sections[self._index])
            self._print((messages.BOOKMARK_SET if is_set else messages.BOOKMARK_REMOVED).fill(text=text))

    def _print(self, *lines: str) -> None:
        self._write("".join(f"{line}\n" for line in lines))

    def _next(self) -> None:
        if self._index + 1 == len(self._sections):
            self._print(messages.END_OF_ARTICLE)
        else:
            self._show(self._index + 1)

    def _switch_language(self) -> None:
        languages = list(self._session.article.documents)
        index = languages.index(self._session.document.language)
        self._session.language = languages[(index + 1) % len(languages)]
        self._print(self._session.language)
        self._show(self._index)

    def _heading(self, section: ArticleSection) -> str:
        """Return the number and the heading of a section, in another language where this one lacks it."""
        headings = section_headings(self._session.article, section)
        heading = headings.get(self._session.document.language) or next(iter(headings.values()), "")
        return f"{section.number} {sanitize_line(heading) or messages.BEFORE_FIRST_HEADING}"

    def _list_highlights(self) -> None:
        language = self._session.document.language
        points = [f"- {sanitize_line(self._rows.text(row, language))}" for row in self._rows.highlights(language)]
        self._print(*(points or [messages.NO_KEY_POINTS]))

    def _links(self) -> "tuple[ResolvedLink, ...]":
        """Return the links of the section in the reader's language."""
        from relmgr_cli.store.links import article_links

        worker, language = self._session.worker, self._session.document.language
        article = text_of_sections(self._session.article, [self._sections[self._index]], language)
        return worker.run_sync(article_links, worker.library.database, article, language)

    def _list_links(self) -> None:
        from relmgr_cli.layout.links import numbered_links

        lines = [plain_text(line) for line in numbered_links(self._links())]
        self._print(*(lines or [messages.NO_LINKS_IN_SECTION]))

    def _follow(self, number: str) -> None:
        """Show where a link of the section leads; one outside the library is printed."""
        link = next((each for index, each in enumerate(self._links(), 1) if str(index) == number), None)
        if link is None:
            self._print(messages.LINK_NUMBER_UNKNOWN.fill(number=number))
            return
        resolved, href = link.resolved, sanitize_line(link.href)
        if resolved.article is None:
            is_broken = resolved.status == LinkStatus.BROKEN
            self._print((messages.LINK_IS_BROKEN if is_broken else messages.LINK_LEADS_OUTSIDE).fill(href=href))
            return
        self._left.append((self._session.document, self._sections[self._index].number))
        self._open(resolved.article, resolved.language, resolved.section)

    def _return(self) -> None:
        """Show the section where the last link was followed."""
        if not self._left:
            self._print(messages.NO_HISTORY)
            return
        document, section = self._left.pop()
        number = asyncio.run(self._session.article_of(document))
        if number is None:
            self._print(messages.ARTICLE_GONE.fill(path=sanitize_line(document.path)))
        else:
            self._open(number, document.language, section)

    def _open(self, number: int, language: str | None, section: str | None) -> None:
        asyncio.run(self._session.open(number, language))
        asyncio.run(self._session.align_pending())  # it has an outline only then
        self._show_opened()
        self.start(section)

    def _find(self, query: str) -> None:
        worker = self._session.worker
        matches = worker.run_sync(worker.library.find_in_article, self._session.article, query)
        found: dict[str, list[BlockMatch]] = {}
        for match in matches:
            row = self._rows.row_of_block(match.language, match.block)
            if row and (section := self._rows.section(row)):
                found.setdefault(section.number, []).append(match)
        for section in (section for section in self._sections if section.number in found):
            self._print(self._heading(section), *self._matching_lines(found[section.number]))
        counted = messages.SECTIONS.fill(len(found))
        self._print(messages.SECTIONS_FOUND.fill(sections=counted) if found else messages.NO_MATCHES_IN_ARTICLE)

    def _matching_lines(self, matches: "Sequence[BlockMatch]") -> Iterator[str]:
        """Yield the text around the first match in the reader's language; where there is none, in each other one."""
        own = [match for match in matches if match.language == self._session.document.language][:1]
        for language, found in {match.language: match for match in reversed(own or matches)}.items():
            text = self._session.article.documents[language].blocks[found.block].text
            start, end = max(0, found.start - _REACH), min(len(text), found.end + _REACH)
            shown = sanitize_line(" ".join(text[start:end].split()))
            before, after = "..." if start else "", "..." if end < len(text) else ""
            yield f"{sanitize_line(language)}: {before}{shown}{after}"

    def _jump(self, name: str) -> None:
        try:
            section = choose_section(self._session.article, name)
        except RelmgrError as error:
            self._print(sanitize_line(str(error)))
        else:
            self._show(self._sections.index(section))


def run(reader: LineReader, section: str | None, ask: Callable[[str], str] = input) -> None:
    """Read until the user quits or the input ends."""
    reader.start(section)
    while True:
        try:
            line = ask(reader.prompt)
        except EOFError:
            return
        if not reader.handle_command(line):
            return
