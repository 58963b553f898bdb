"""A small library of three languages that is searched."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from relmgr_cli.search.results import Results, search
from relmgr_cli.search.retrieval import Scope
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.fulltext import FullText, open_fulltext
from relmgr_cli.store.passages import encode_passages
from relmgr_cli.store.sync import sync
from relmgr_cli.store.word_translations import encode_words

GARDEN = {
    "garden.en.md": """\
---
title: The garden
keywords: [hedgehog]
---
# The garden

A dog lives in the garden. The fence is old.

## Water

Water the roses every morning. A hose is long enough.

The conflict between roses and weeds never ends.

## Tools

The spade stands in the shed. The rake and the long hose are there too.

- rusty nails
- new gloves
""",
    "garden.pl.md": """\
# Ogród

W ogrodzie mieszka pies. Płot jest stary.

## Woda

Podlewaj róże każdego ranka. Wąż jest dość długi.

Konflikt między różami a chwastami nigdy się nie kończy.

## Narzędzia

Łopata stoi w szopie. Grabie i długi wąż też tam są.

- zardzewiałe gwoździe
- nowe rękawice
""",
    "garden.ru.md": """\
# Сад

В саду живёт собака. Забор старый.

## Вода

Поливайте розы каждое утро. Шланг достаточно длинный.

Конфликт между розами и сорняками никогда не кончается.

## Инструменты

Лопата стоит в сарае. Грабли и длинный шланг тоже там.

- ржавые гвозди
- новые перчатки
""",
}
KITCHEN = {
    "kitchen.en.md": """\
# The kitchen

The dog sleeps in the kitchen. Its water is fresh.

## Knives

A conflict of sharp knives: default_value is the name of a setting.

```
conflict = default_value
```
""",
    "kitchen.pl.md": """\
# Kuchnia

Pies śpi w kuchni. Jego woda jest świeża.

## Noże

To jest rozdział o ostrych nożach, które leżą w szufladzie.

```
conflict = default_value
```
""",
}


class Library(NamedTuple):
    """A library that can be searched."""

    database: Database
    root: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file into it."""
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        return path

    def open(self) -> FullText:
        """Read what has changed and return the full text."""
        sync(self.database, [self.root])
        return open_fulltext(self.database)

    def encode(self) -> None:
        """Give words and passages their vectors."""
        self.open()
        encode_words(self.database)
        encode_passages(self.database)

    def search(
        self, question: str, *, preferred: tuple[str, ...] = (), max_languages: int | None = None, **scope: Any
    ) -> Results:
        """Return what answers a question."""
        return search(self.database, self.open(), question, Scope(**scope), preferred, max_languages=max_languages)

    def section_ids(self, question: str, **scope: Any) -> list[str]:
        """Return the places of the hits, in their order: "garden 1"."""
        return [f"{hit.article.id} {hit.section.number}" for hit in self.search(question, **scope).hits]


@contextmanager
def library_in(folder: Path, *articles: dict[str, str]) -> Iterator[Library]:
    """Make a library below a folder, with its database beside it."""
    root = folder / "library"
    root.mkdir()
    database = open_database(folder / "cache", [root])
    library = Library(database, root)
    for article in articles:
        for name, text in article.items():
            library.write(name, text)
    try:
        yield library
    finally:
        database.close()
