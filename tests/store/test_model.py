"""Whatever happens to a library and its readers, `list` and `search` agree with the files."""

import os
import random
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from support.fuzzing import examples

from relmgr_cli.search.results import search
from relmgr_cli.search.retrieval import Scope
from relmgr_cli.store.articles import list_articles
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.fulltext import open_fulltext
from relmgr_cli.store.sync import sync

NAMES = st.sampled_from(["a.md", "b.md", "sub/c.md", "sub/d.md", "e.txt", "f.bin"])
WORDS = ("apple", "brick", "candle", "drum", "engine")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)


class KilledError(Exception):
    """Simulates the end of a process."""


class LibraryModel(RuleBasedStateMachine):
    """A library that changes, and processes that read it and may be killed between two transactions."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="relmgr-model-"))
        self.root = self.folder / "library"
        (self.root / "sub").mkdir(parents=True)
        self.database = self.open()

    def open(self) -> Database:
        return open_database(self.folder / "cache", [self.root])

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    @rule(name=NAMES, words=TEXTS)
    def write(self, name: str, words: list[str]) -> None:
        path = self.root / name
        if not path.is_dir():
            path.write_text(f"# Title {name}\n\n{' '.join(words)} stand here.\n", encoding="utf-8")

    @rule(name=NAMES)
    def damage(self, name: str) -> None:
        if (self.root / name).is_file():
            (self.root / name).write_bytes(b"\0\1\2" * 50)

    @rule(name=NAMES, words=TEXTS)
    def write_unseen(self, name: str, words: list[str]) -> None:
        """Write a file of the same size and restore its time."""
        path = self.root / name
        if path.is_file():
            before = path.stat()
            text = path.read_bytes()
            new = text.replace(b"apple", words[0][:5].ljust(5, "x").encode())
            path.write_bytes(new)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    @rule(name=NAMES, other=NAMES)
    def rename(self, name: str, other: str) -> None:
        if (self.root / name).is_file():
            (self.root / name).replace(self.root / other)

    @rule()
    def move_folder(self) -> None:
        here, there = self.root / "sub", self.root / "other"
        source, target = (here, there) if here.exists() and not there.exists() else (there, here)
        if source.exists() and not target.exists():
            source.rename(target)
        (self.root / "sub").mkdir(exist_ok=True)

    @rule(age=st.sampled_from([0, 60]))
    def age(self, age: int) -> None:
        """Make the files older: files that have just changed are read again."""
        for path in self.root.rglob("*"):
            os.utime(path, (path.stat().st_mtime - age,) * 2)

    @rule(transactions=st.integers(0, 6))
    def be_killed(self, transactions: int) -> None:
        """Start reading, and end after so many transactions."""
        left = transactions
        write = Database.writing

        def writing(own: Database) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise KilledError
            return write(own)

        Database.writing = writing  # type: ignore[method-assign, assignment]
        try:
            sync(self.database, [self.root])
            open_fulltext(self.database)
        except KilledError:
            pass
        finally:
            Database.writing = write  # type: ignore[method-assign]
        self.database.close()
        self.database = self.open()

    @rule(seed=st.integers(0, 1000))
    def rot(self, seed: int) -> None:
        """Flip a bit in one of the index's files."""
        chance = random.Random(seed)  # noqa: S311
        self.database.close()
        files = [path for path in (self.folder / "cache").rglob("*") if path.is_file() and path.stat().st_size]
        path = chance.choice(sorted(files))
        data = bytearray(path.read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        self.database = self.open()

    @invariant()
    def what_is_found_is_there(self) -> None:
        if not hasattr(self, "database"):
            return
        sync(self.database, [self.root])
        texts = {
            path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8")
            for path in self.root.rglob("*")
            if path.suffix in (".md", ".txt") and path.is_file() and b"\0" not in path.read_bytes()
        }
        listed = [document.path for article in list_articles(self.database) for document in article.documents]
        assert sorted(listed) == sorted(texts)
        text = open_fulltext(self.database)
        for word in WORDS:
            results = search(self.database, text, word, Scope(exact=True, limit=100))
            found = {match.path for hit in results.hits for match in hit.matches if match.match_type}
            assert found == {name for name, content in texts.items() if word in content.split()}, word


LibraryModel.TestCase.settings = settings(
    max_examples=examples(20), stateful_step_count=12, deadline=None, derandomize=True, database=None
)
TestLibrary = LibraryModel.TestCase
