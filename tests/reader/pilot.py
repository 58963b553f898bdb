"""A pilot for the reader, and a small library to read."""

import asyncio
import os
import selectors
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.output_cache import OutputCache
from relmgr_cli.cli.read_command import open_reader
from relmgr_cli.config import read_settings
from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.key_points import find_key_points
from relmgr_cli.layout.line import plain_text
from relmgr_cli.reader.app import ReaderApp
from relmgr_cli.reader.screens.article import ArticleScreen
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.reader.widgets.status_bar import StatusBar


class IdleSelector(selectors.DefaultSelector):
    """A selector that tells when the event loop has nothing left to do but to wait for input, a thread or a timer.

    Textual's pilot looks at the processor's clock instead, for 20 ms or more each time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._until_idle: list[asyncio.Future[None]] = []
        self._until_woken: list[asyncio.Future[None]] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; the loop asks with a timeout of 0 as long as it has something to do."""
        if timeout == 0:
            return super().select(0)
        if self._until_idle:
            ready = super().select(0)
            if not ready:
                _resolve(self._until_idle)
            return ready
        ready = super().select(timeout)
        _resolve(self._until_woken)
        return ready

    async def wait_for_idle(self, *_: float) -> None:
        """Wait until there is nothing left to do."""
        await _future_in(self._until_idle)

    async def wait_for_something(self) -> None:
        """Wait until there is nothing left to do, and then until there is."""
        await _future_in(self._until_woken)


async def _future_in(waiting: list[asyncio.Future[None]]) -> None:
    future = asyncio.get_running_loop().create_future()
    waiting.append(future)
    await future


def _resolve(waiting: list[asyncio.Future[None]]) -> None:
    for future in waiting:
        if not future.done():  # cancelled
            future.set_result(None)
    waiting.clear()


class ReaderPilot:
    """Textual's pilot with what the tests of the reader ask for."""

    def __init__(self, pilot: Pilot[None], selector: IdleSelector) -> None:
        self.pilot = pilot
        self._selector = selector
        assert isinstance(pilot.app, ReaderApp)
        self.app: ReaderApp = pilot.app

    @property
    def article_screen(self) -> ArticleScreen:
        """The screen with the article, also while another one covers it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, ArticleScreen))

    @property
    def page(self) -> Page:
        return self.article_screen.page

    @property
    def session(self) -> Any:
        return self.article_screen.session

    async def press(self, *keys: str) -> None:
        """Press keys and wait until everything that they started has finished."""
        await self.pilot.press(*keys)
        await self.settle()

    async def press_at_once(self, *keys: str) -> None:
        """Press keys that arrive in one packet, as over a slow line, and wait as `press` does."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.press(*("space" if character == " " else character for character in text))

    async def settle(self) -> None:
        """Wait until all workers have finished, except those that wait for a screen to be dismissed."""
        while self.app.is_running:
            await self.pilot.pause()
            groups = [worker.group for worker in self.app.workers if not worker.is_finished]
            waiting = len(self.app.screen_stack) - 1
            if self.app.type_ahead.is_idle and set(groups) <= {"type-ahead", "key"} and groups.count("key") <= waiting:
                break
            await self._selector.wait_for_something()
        await self.pilot.pause()

    async def wait_for_layout(self) -> None:
        """Wait until the screen is laid out for the new size of a widget, which a timer does."""
        is_done = asyncio.Event()
        self.app.screen.call_after_refresh(is_done.set)
        await is_done.wait()
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await asyncio.sleep(1 / 60)  # Textual lays out for it by a timer that ends before this one
        await self.settle()

    @property
    def screen_lines(self) -> list[str]:
        """The text on the page, line by line."""
        page = self.page
        return [plain_text(page.rows.lines(row)[line]).rstrip() for row, line in page.positions]

    @property
    def text(self) -> str:
        return "\n".join(self.screen_lines)

    def y_of(self, text: str) -> int:
        """Return the first line of the screen with this text."""
        return next(y for y, line in enumerate(self.screen_lines) if text in line)

    @property
    def status(self) -> str:
        """The text of the status bar."""
        status = self.article_screen.query_one(StatusBar)
        return " ".join(filter(None, (status.render_line(y).text.strip() for y in range(max(1, status.size.height)))))


def read(
    script: Callable[[ReaderPilot], Awaitable[None]],
    library: Path | Sequence[Path] = (),
    article: str | Sequence[str] = (),
    *,
    size: tuple[int, int] = (100, 30),
    lang: str | None = None,
    color: str | None = None,
    at_once: Callable[[ReaderPilot], None] = lambda _: None,
) -> None:
    """Run a script on the reader of a library; `at_once` is called before any worker has run."""
    selector = IdleSelector()

    async def main() -> None:
        folders = [library] if isinstance(library, Path) else library
        settings = read_settings(os.environ, library=folders, lang=lang, color=color)
        names = [article] if isinstance(article, str) else article
        app = open_reader(Invocation(settings, OutputCache([], os.environ), umask=-1, databases=[]), names)
        async with app.run_test(size=size) as pilot:
            reader = ReaderPilot(pilot, selector)
            at_once(reader)
            await reader.settle()
            await script(reader)
        app.session.worker.close()

    with (
        pytest.MonkeyPatch.context() as patch,
        asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner,
    ):
        for module in ("textual.app", "textual.pilot"):
            patch.setattr(f"{module}.wait_for_idle", selector.wait_for_idle)
        runner.run(main())


POLISH = """\
# Rowery w mieście

Krótki opis tego, jak jeździć rowerem po mieście i nie zmoknąć w deszczu.

## Zanim wyjedziesz

Sprawdź hamulce i powietrze w oponach, zanim wyjedziesz z domu na ulicę.

Weź kurtkę, bo pogoda zmienia się szybko. Zobacz też [mapę tras](trasy.pl.md#dluga) i [stronę](https://example.org/a).

## Na ulicy

Jedź prawą stroną i patrz na samochody, które skręcają.

### Skrzyżowania

Na skrzyżowaniu zwolnij, bo kierowcy często nie widzą rowerzystów.

## Najważniejsze

- Sprawdź hamulce.
- Weź kurtkę.
- Zwolnij na skrzyżowaniu.
"""

RUSSIAN = """\
# Велосипеды в городе

Короткое описание того, как ездить на велосипеде по городу и не промокнуть под дождём.

## Перед выездом

Проверьте тормоза и воздух в шинах, прежде чем выехать из дома на улицу.

Возьмите куртку, потому что погода быстро меняется. Смотрите также [карту](trasy.ru.md) и [сайт](https://example.org/a).

## На улице

Держитесь правой стороны и смотрите на машины, которые поворачивают.

### Перекрёстки

На перекрёстке сбавьте скорость, потому что водители часто не видят велосипедистов.

## Главное

- Проверьте тормоза.
- Возьмите куртку.
- Сбавьте скорость на перекрёстке.
"""

ROUTES = """\
# Trasy rowerowe

Lista tras, które warto przejechać rowerem w weekend z całą rodziną.

## Krótka {#krotka}

Dziesięć kilometrów wzdłuż rzeki, bez samochodów i bez podjazdów.

## Długa {#dluga}

Sto kilometrów przez las, z noclegiem w schronisku i z kolacją przy ognisku.
"""


def article_of(texts: Mapping[str, str]) -> Article:
    """Return an aligned article with these texts by language."""
    parsed = {language: parse_document(text, "/library", f"{language}.md") for language, text in texts.items()}
    documents = {language: document._replace(language=language) for language, document in parsed.items()}
    sections, units = align(documents)
    return Article("example", documents, sections, units, find_key_points(documents, sections), "layout")


def library(tmp_path: Path) -> Path:
    """Return a library of two articles, one of them in two languages."""
    folder = tmp_path / "library"
    folder.mkdir()
    for name, text in (("rowery.pl.md", POLISH), ("rowery.ru.md", RUSSIAN), ("trasy.pl.md", ROUTES)):
        write(folder / name, text)
    return folder


def write(path: Path, text: str, age: int = 60) -> Path:
    """Write a file with a modification time `age` seconds ago."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - age,) * 2)
    return path
