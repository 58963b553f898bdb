"""The reader without a screen: one section at a time, and a line to type on.

For screen readers, braille lines and terminals that can do nothing but print: every answer is new text below the
last one, nothing moves, nothing is drawn in columns. It keeps the same places as the full-screen reader.
"""

from collections.abc import Callable, Iterable, Sequence

from relmgr_cli.config import Arrangement
from relmgr_cli.core.selection import choose_section
from relmgr_cli.corpus.article import ArticleSection
from relmgr_cli.errors import RelmgrError
from relmgr_cli.layout.ansi import to_ansi
from relmgr_cli.layout.arrangement import lay_out
from relmgr_cli.layout.line import Line
from relmgr_cli.layout.page import section_page
from relmgr_cli.layout.parallel import parallel_page
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.reader.model.session import ReadingSession, anchor_of
from relmgr_cli.reader.model.viewport import Anchor
from relmgr_cli.store.articles import section_headings
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.stream import pluralize
from relmgr_cli.terminal.target import OutputTarget

_HELP = """\
Enter  next section
b      the section before
l      next language
i      one language, all languages
o      outline
h      key points
/TEXT  sections with this text
:TEXT  the section with this number or heading
?      this help
q      quit
"""


class LineReader:
    """An article, read section by section."""

    def __init__(self, session: ReadingSession, screen: OutputTarget, write: Callable[[str], None]) -> None:
        self._session = session
        self._screen = screen
        self._write = write
        self._is_parallel = False
        self._at = 0  # the section
        language = session.document.language
        self._sheet = ArticleRows(
            session.article, View((language,), Arrangement.SINGLE, screen.columns, screen.max_text_width, plain=True)
        )

    @property
    def _sections(self) -> Sequence[ArticleSection]:
        return self._session.article.sections

    def begin(self, section: str | None) -> None:
        """Say what is being read, and begin at a section or where the reader was."""
        session = self._session
        place = session.position()
        if section is None and place is not None:
            kept = self._sheet.section(anchor_of(place, self._sheet.row_index).row)
            section = kept.number if kept else None
        self._at = next((at for at, each in enumerate(self._sections) if each.number == section), 0)
        languages = ", ".join(session.article.documents)
        self._write(f"{sanitize_line(session.document.title)} ({languages}); Enter reads on, ? helps\n\n")
        self._show()

    @property
    def prompt(self) -> str:
        """What stands before the line to type on: the number of the section."""
        return f"{self._sections[self._at].number}> "

    def handle_command(self, line: str) -> bool:
        """Do what a line says; return False when that is to quit."""
        word, rest = line.strip()[:1], line.strip()[1:].strip()
        action = {
            "": self._next,
            "b": self._back,
            "l": self._switch,
            "i": self._toggle,
            "o": self._outline,
            "h": self._highlights,
            "?": self._help,
        }.get(line.strip())
        if line.strip() == "q":
            return False
        if action:
            action()
        elif word == "/":
            self._find(rest)
        else:
            self._jump(rest if word == ":" else line)
        return True

    def _show(self) -> None:
        article, section = self._session.article, self._sections[self._at]
        language = self._session.document.language
        if self._is_parallel:
            layout = lay_out(article, (language, *(tag for tag in article.documents if tag != language)), self._screen)
            self._print(parallel_page(article, layout, self._screen, (section,)))
        elif language in section.indexes:
            self._print(section_page(article, (section,), language, self._screen))
        else:
            self._write(f"{section.number} is not in {language}\n")
        self._session.save_position(self._sheet, Anchor(self._sheet.row_of_section(section.number)))

    def _print(self, lines: Iterable[Line]) -> None:
        self._write(to_ansi(lines, self._screen))

    def _next(self) -> None:
        if self._at + 1 == len(self._sections):
            self._write("that was the end\n")
        else:
            self._at += 1
            self._show()

    def _back(self) -> None:
        self._at = max(0, self._at - 1)
        self._show()

    def _switch(self) -> None:
        languages = list(self._session.article.documents)
        here = languages.index(self._session.document.language)
        self._session.language = languages[(here + 1) % len(languages)]
        self._write(f"{self._session.language}\n")
        self._show()

    def _toggle(self) -> None:
        self._is_parallel = not self._is_parallel and len(self._session.article.documents) > 1
        self._show()

    def _outline(self) -> None:
        self._list(self._sections)

    def _list(self, sections: Iterable[ArticleSection]) -> None:
        language = self._session.document.language
        for section in sections:
            headings = section_headings(self._session.article, section)
            heading = headings.get(language) or next(iter(headings.values()), "")
            self._write(f"{section.number} {sanitize_line(heading)}\n")

    def _highlights(self) -> None:
        rows = self._sheet.highlights(self._session.document.language)
        for row in rows:
            self._write(f"- {sanitize_line(self._sheet.text(row, self._session.document.language))}\n")
        if not rows:
            self._write("no list of key points\n")

    def _help(self) -> None:
        self._write(_HELP)

    def _find(self, query: str) -> None:
        worker = self._session.worker
        matches = worker.run_sync(worker.library.find_in_article, self._session.article, query)
        rows = [self._sheet.row_of_block(match.language, match.block) for match in matches]
        found = {section.number: section for row in rows if row and (section := self._sheet.section(row))}
        order = [section for section in self._sections if section.number in found]
        self._list(order)
        self._write(f"{pluralize(len(order), 'section')}; :NUMBER reads one\n" if order else "nothing found\n")

    def _jump(self, name: str) -> None:
        try:
            section = choose_section(self._session.article, name)
        except RelmgrError as error:
            self._write(f"{sanitize_line(str(error))}\n")
            return
        self._at = self._sections.index(section)
        self._show()


def run(reader: LineReader, section: str | None, ask: Callable[[str], str] = input) -> None:
    """Read until the user quits or the input ends."""
    reader.begin(section)
    while True:
        try:
            line = ask(reader.prompt)
        except EOFError:
            return
        if not reader.handle_command(line):
            return
