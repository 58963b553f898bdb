"""The line reader: prints one section at a time, and prompts for commands.

For screen readers, braille displays and terminals without cursor movement: output is only appended, never in columns.
It shares the reading positions with the full-screen reader.
"""

from collections.abc import Callable, Iterable, Sequence

from relmgr_cli import messages
from relmgr_cli.config import Arrangement
from relmgr_cli.core.selection import choose_section
from relmgr_cli.corpus.article import ArticleSection
from relmgr_cli.errors import RelmgrError
from relmgr_cli.layout.ansi import to_ansi
from relmgr_cli.layout.arrangement import lay_out
from relmgr_cli.layout.page import section_page
from relmgr_cli.layout.parallel import parallel_page
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.reader.model.session import ReadingSession, anchor_of
from relmgr_cli.reader.model.viewport import Anchor
from relmgr_cli.store.articles import section_headings
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget


class LineReader:
    """The line reader of an article."""

    def __init__(self, session: ReadingSession, screen: OutputTarget, write: Callable[[str], None]) -> None:
        self._session = session
        self._screen = screen
        self._write = write
        self._is_parallel = False
        self._index = 0  # of the current section
        languages = (session.document.language,)
        view = View(languages, Arrangement.SINGLE, screen.columns, screen.max_text_width, plain=True)
        self._rows = ArticleRows(session.article, view)

    @property
    def _sections(self) -> Sequence[ArticleSection]:
        return self._session.article.sections

    def start(self, section: str | None) -> None:
        """Print the title; show a section, by default the one at the last position."""
        session, position = self._session, self._session.position()
        if section is None and position is not None:
            last = self._rows.section(anchor_of(position, self._rows.row_index).row)
            section = last.number if last else None
        title, languages = sanitize_line(session.document.title), ", ".join(session.article.documents)
        self._print(messages.LINE_READER_START.fill(title=title, languages=languages), "")
        self._show(next((index for index, each in enumerate(self._sections) if each.number == section), 0))

    @property
    def prompt(self) -> str:
        """The prompt: the number of the current section."""
        return f"{self._sections[self._index].number}> "

    def handle_command(self, line: str) -> bool:
        """Handle a command; return False to quit."""
        match line.strip():
            case "q":
                return False
            case "":
                self._next()
            case "b":
                self._show(max(0, self._index - 1))
            case "l":
                self._switch_language()
            case "i":
                self._is_parallel = not self._is_parallel and len(self._session.article.documents) > 1
                self._show(self._index)
            case "o":
                self._list(self._sections)
            case "h":
                self._list_highlights()
            case "?":
                self._write(messages.LINE_READER_HELP)
            case command if command.startswith("/"):
                self._find(command[1:].strip())
            case command:
                self._jump(command.removeprefix(":").strip())
        return True

    def _show(self, index: int) -> None:
        self._index = index
        article, section = self._session.article, self._sections[index]
        language = self._session.document.language
        if self._is_parallel:
            layout = lay_out(article, (language, *(tag for tag in article.documents if tag != language)), self._screen)
            self._write(to_ansi(parallel_page(article, layout, self._screen, (section,)), self._screen))
        elif language in section.indexes:
            self._write(to_ansi(section_page(article, (section,), language, self._screen), self._screen))
        else:
            self._print(messages.NOT_IN_LANGUAGE.fill(section=section.number, language=language))
        self._session.save_position(self._rows, Anchor(self._rows.row_of_section(section.number)))

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

    def _list(self, sections: Iterable[ArticleSection]) -> None:
        language = self._session.document.language
        for section in sections:
            headings = section_headings(self._session.article, section)
            heading = headings.get(language) or next(iter(headings.values()), "")
            self._print(f"{section.number} {sanitize_line(heading)}")

    def _list_highlights(self) -> None:
        language = self._session.document.language
        points = [f"- {sanitize_line(self._rows.text(row, language))}" for row in self._rows.highlights(language)]
        self._print(*(points or [messages.NO_KEY_POINTS]))

    def _find(self, query: str) -> None:
        worker = self._session.worker
        matches = worker.run_sync(worker.library.find_in_article, self._session.article, query)
        rows = [self._rows.row_of_block(match.language, match.block) for match in matches]
        found = {section.number: section for row in rows if row and (section := self._rows.section(row))}
        self._list(section for section in self._sections if section.number in found)
        counted = messages.SECTIONS.fill(len(found))
        self._print(messages.SECTIONS_FOUND.fill(sections=counted) if found else messages.NO_MATCHES_IN_ARTICLE)

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
