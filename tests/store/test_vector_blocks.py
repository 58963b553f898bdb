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
from relmgr_cli.store.vector_blocks import (
    add_vector_block,
    count_vectors,
    hamming_distances,
    keep_vectors,
    load_vector_blocks,
    load_vectors,
)

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
def test_the_cosines_of_texts_move_by_less_than_two_thousandths(database: Database) -> None:
    texts = [text for subject in PROSE.values() for language in subject.values() for text in language]
    vectors = np.vstack(list(encode(texts)))
    add(database, vectors)
    (block,) = load_vector_blocks(database, "words")
    assert block.cosines(vectors[:20]).shape == (len(texts), 20)
    assert np.abs(block.cosines(vectors) - vectors @ vectors.T).max() < 2e-3


@pytest.mark.slow
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


def keys_of(database: Database) -> list[int]:
    return [key for block in load_vector_blocks(database, "words") for key in block.keys]


def test_vectors_are_numbered_in_the_order_in_which_they_were_added(database: Database) -> None:
    vectors = unit_vectors(7)
    add(database, vectors[:3], b"abc")
    add(database, unit_vectors(2, seed=2), b"xy", "passages")
    add(database, vectors[3:], b"defg")
    assert [block.first for block in load_vector_blocks(database, "words")] == [0, 3]
    assert count_vectors(database, "words") == 7
    wanted = np.array([6, 0, 3, 0, 9], np.int64)
    loaded = load_vectors(database, "words", wanted)
    assert np.allclose(loaded[:4], vectors[wanted[:4]], atol=1e-3)
    assert not loaded[4].any()
    assert load_vectors(database, "words", np.array([], np.int64)).shape == (0, 512)


def test_binary_codes_of_a_vector_and_its_opposite_differ_in_every_bit(database: Database) -> None:
    vectors = unit_vectors(2)
    add(database, vectors[:1])
    add(database, -vectors)
    assert hamming_distances(database, "words", vectors[0])[:2].tolist() == [0, 512]


def test_vectors_that_are_kept_are_numbered_again(database: Database) -> None:
    vectors = unit_vectors(7)
    add(database, vectors[:3], b"abc")
    add(database, vectors[3:5], b"de")
    add(database, vectors[5:], b"fg")
    kept = np.array([1, 5, 6], np.int64)
    with database.writing():
        keep_vectors(database, "words", kept)
    assert bytes(keys_of(database)) == b"bfg"
    assert [(block.first, len(block.quantized)) for block in load_vector_blocks(database, "words")] == [(0, 1), (1, 2)]
    assert np.allclose(load_vectors(database, "words", np.arange(3)), vectors[kept], atol=1e-3)
    assert np.array_equal(hamming_distances(database, "words", vectors[5])[1:2], [0])
