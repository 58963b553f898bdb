from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from support.fuzzing import examples
from support.sample_texts import PROSE

from relmgr_cli.embedding.encoder import encode
from relmgr_cli.store.database import Database, in_memory
from relmgr_cli.store.vector_blocks import add_vector_block, load_vector_blocks

Vectors = NDArray[np.float32]


@pytest.fixture
def database() -> Iterator[Database]:
    opened = in_memory()
    yield opened
    opened.close()


def unit_vectors(count: int, seed: int = 1) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, 512)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def add(database: Database, vectors: Vectors, keys: bytes = b"names", kind: str = "words") -> None:
    with database.writing() as connection:
        add_vector_block(connection, kind, keys, vectors)


@pytest.mark.slow
def test_the_cosines_of_texts_move_by_less_than_a_thousandth(database: Database) -> None:
    texts = [text for subject in PROSE.values() for language in subject.values() for text in language]
    vectors = np.vstack(list(encode(texts)))
    add(database, vectors)
    (block,) = load_vector_blocks(database, "words")
    assert block.cosines(vectors[:20]).shape == (len(texts), 20)
    assert np.abs(block.cosines(vectors) - vectors @ vectors.T).max() < 1e-3


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(-1000, 1000), min_size=512, max_size=512).filter(any))
def test_the_nearest_of_vectors_that_differ_stays_the_nearest(numbers: list[int]) -> None:
    vector = np.array(numbers, np.float32) / np.float32(np.linalg.norm(numbers))
    database = in_memory()
    add(database, np.stack([vector, -vector]))
    (block,) = load_vector_blocks(database, "words")
    assert np.abs(block.cosines(vector[None])[:, 0] - [1, -1]).max() < 0.01
    database.close()


def test_blocks_come_back_by_kind_in_the_order_in_which_they_were_added(database: Database) -> None:
    for keys, kind in ((b"one", "words"), (b"two", "passages"), (b"three", "words"), (b"", "empty")):
        add(database, unit_vectors(len(keys)), keys, kind)
    assert [(block.keys, len(block.quantized)) for block in load_vector_blocks(database, "words")] == [
        (b"one", 3),
        (b"three", 5),
    ]
    assert [len(block.quantized) for block in load_vector_blocks(database, "empty")] == [0]
    assert list(load_vector_blocks(database, "nothing")) == []


def test_a_zero_vector_is_similar_to_nothing(database: Database) -> None:
    add(database, np.zeros((1, 512), np.float32))
    (block,) = load_vector_blocks(database, "words")
    assert block.cosines(unit_vectors(3)).tolist() == [[0, 0, 0]]
