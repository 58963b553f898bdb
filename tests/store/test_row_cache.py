from pathlib import Path

from support.search_library import GARDEN, library_in

from relmgr_cli.store.articles import articles_by_document, load_article
from relmgr_cli.store.row_cache import RowCache


class Maker:
    """Counts how often it makes a value."""

    def __init__(self) -> None:
        self.made: list[bytes] = []

    def __call__(self, data: bytes, *_: object) -> list[bytes]:
        self.made.append(data)
        return [data]


def test_a_value_is_made_once_of_the_same_row() -> None:
    cache, make = RowCache(100), Maker()
    assert cache.get(make, b"one") is cache.get(make, b"one")
    cache.get(make, b"one", 2)
    cache.get(make, b"two")
    assert make.made == [b"one", b"one", b"two"]


def test_another_function_makes_another_value_of_the_same_row() -> None:
    cache = RowCache(100)
    assert cache.get(bytes.upper, b"one") == b"ONE"
    assert cache.get(bytes.title, b"one") == b"One"


def test_the_values_used_last_are_kept() -> None:
    cache, make = RowCache(10), Maker()
    for data in (b"aaaa", b"bbbb", b"aaaa", b"cccc", b"aaaa", b"bbbb"):
        cache.get(make, data)
    assert make.made == [b"aaaa", b"bbbb", b"cccc", b"bbbb"]


def test_a_value_that_is_larger_than_the_cache_is_not_kept() -> None:
    cache, make = RowCache(10), Maker()
    for data in (b"b", b"a" * 11, b"a" * 11, b"b"):
        cache.get(make, data)
    assert [len(data) for data in make.made] == [1, 11, 11]


def test_an_article_is_read_again_only_where_it_has_changed(tmp_path: Path) -> None:
    with library_in(tmp_path, GARDEN) as library:
        library.open()
        library.database.row_cache = RowCache(1 << 20)
        first, again = (load_article(library.database, 1) for _ in range(2))
        assert again == first
        assert all(again.documents[tag] is document for tag, document in first.documents.items())
        library.write("garden.pl.md", GARDEN["garden.pl.md"] + "\nOne more paragraph.\n")
        library.open()
        updated = load_article(library.database, 1)
        assert updated.documents["pl"].blocks[-1].text == "One more paragraph."
        assert updated.documents["en"] is first.documents["en"]
        library.database.row_cache = None
        assert load_article(library.database, 1) == updated


def test_a_new_article_is_seen_beside_those_that_are_kept(tmp_path: Path) -> None:
    with library_in(tmp_path, GARDEN) as library:
        library.open()
        library.database.row_cache = RowCache(1 << 20)
        known = articles_by_document(library.database)
        assert articles_by_document(library.database) is known
        library.write("shed.md", "# The shed\n\nThe spade is in the shed.\n")
        library.open()
        found = articles_by_document(library.database)
        assert len(found) == len(known) + 1
        assert {*found.values()} == {1, 2}
