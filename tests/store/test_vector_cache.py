from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from support.sample_texts import PROSE

from relmgr_cli.embedding import encoder
from relmgr_cli.store import vector_cache
from relmgr_cli.store.database import Database, in_memory
from relmgr_cli.store.vector_blocks import count_vectors
from relmgr_cli.store.vector_cache import vectors_of

Encode = Callable[[Sequence[str]], Iterator[NDArray[np.float32]]]
REAL: Encode = encoder.encode


class FakeEncoder:
    """Encodes two texts at a time and counts them; may fail after some batches."""

    def __init__(self) -> None:
        self.encoded: list[str] = []
        self.batches_left = 1_000_000

    def __call__(self, texts: Sequence[str], _folder: object = None) -> Iterator[NDArray[np.float32]]:
        for start in range(0, len(texts), 2):
            if not self.batches_left:
                raise KeyboardInterrupt
            self.batches_left -= 1
            batch = texts[start : start + 2]
            self.encoded += batch
            yield np.stack([vector_of(text) for text in batch])


def vector_of(text: str) -> NDArray[np.float32]:
    seed = sum(ord(letter) << (7 * place % 40) for place, letter in enumerate(text))
    vector = np.random.default_rng(seed).standard_normal(encoder.DIMENSIONS).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEncoder:
    made = FakeEncoder()
    monkeypatch.setattr(encoder, "encode", made)
    return made


@pytest.fixture
def database() -> Iterator[Database]:
    opened = in_memory()
    yield opened
    opened.close()


def count_cached(database: Database) -> int:
    return count_vectors(database, "texts")


def test_every_text_gets_its_own_vector_in_the_order_of_the_texts(database: Database, fake: FakeEncoder) -> None:
    texts = ["a much longer text", "b", "a text", "b", "", "ż", "я \udcff"]
    vectors = vectors_of(database, texts)
    assert vectors.shape == (7, encoder.DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, [vector_of(text) for text in texts], atol=1e-3)
    assert sorted(fake.encoded, key=len) == fake.encoded


def test_nothing_is_encoded_twice(database: Database, fake: FakeEncoder) -> None:
    first = vectors_of(database, ["one", "two", "one"])
    assert sorted(fake.encoded) == ["one", "two"]
    again = vectors_of(database, ["two", "three", "one", "three"])
    assert sorted(fake.encoded) == ["one", "three", "two"]
    assert np.array_equal(again[[2, 0]], first[:2])
    assert len(fake.encoded) == count_cached(database)


def test_no_texts_ask_nobody(database: Database, fake: FakeEncoder) -> None:
    assert vectors_of(database, []).shape == (0, encoder.DIMENSIONS)
    assert fake.encoded == []


def test_texts_that_differ_by_a_space_are_two(database: Database, fake: FakeEncoder) -> None:
    vectors_of(database, ["one", "one "])
    assert len(fake.encoded) == count_cached(database) == 2


def test_an_interrupted_run_goes_on_where_it_stopped(
    database: Database, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_cache, "_BLOCK", 4)
    texts = [f"text {number}" for number in range(10, 17)]
    fake.batches_left = 3
    with pytest.raises(KeyboardInterrupt):
        vectors_of(database, texts)
    assert count_cached(database) == 4
    fake.batches_left = 1_000_000
    vectors = vectors_of(database, texts)
    assert sorted({*fake.encoded}) == texts
    assert len(fake.encoded) == len(texts) + 2
    assert np.allclose(vectors, [vector_of(text) for text in texts], atol=1e-3)


def test_texts_of_several_blocks_are_found_again(
    database: Database, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_cache, "_BLOCK", 100)
    texts = [f"text {number}" for number in range(2001)]
    vectors = vectors_of(database, texts)
    assert np.array_equal(vectors_of(database, texts[::-1]), vectors[::-1])
    assert len(fake.encoded) == count_cached(database) == 2001


def test_progress_counts_the_new_texts_only(database: Database, fake: FakeEncoder) -> None:
    reports: list[tuple[int, int]] = []
    vectors_of(database, ["one", "two"])
    vectors_of(database, ["one", "two", "three", "four", "five"], lambda done, total: reports.append((done, total)))
    assert reports == [(2, 3), (3, 3)]
    assert len(fake.encoded) == 5


def test_stored_vectors_have_less_precision_and_the_same_meaning(database: Database) -> None:
    texts = [text for subject in PROSE.values() for language in subject.values() for text in language]
    exact = dict(zip(texts, np.vstack(list(REAL(texts))), strict=True))
    vectors = vectors_of(database, texts)
    ((size,),) = database.rows("SELECT length(vectors) / rows FROM vector_blocks")
    assert size == encoder.DIMENSIONS + 4
    assert np.allclose(vectors, list(exact.values()), atol=1e-3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert np.array_equal(vectors_of(database, texts), vectors)
