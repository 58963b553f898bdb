import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from support.sample_texts import LANGUAGES, PROSE

from relmgr_cli.embedding import encoder
from relmgr_cli.embedding.encoder import DIMENSIONS, encode

pytestmark = pytest.mark.usefixtures("forgetful_encoder")

SENTENCES = [sentence for subject in PROSE.values() for language in LANGUAGES for sentence in subject[language]]


def vectors_of(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.vstack(list(encode(texts)))


@pytest.mark.slow
def test_every_text_becomes_a_vector_of_unit_length() -> None:
    vectors = vectors_of([*SENTENCES, "", " ", "?!", "🙂", "x", "long " * 500])
    assert vectors.shape == (len(SENTENCES) + 6, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


@pytest.mark.slow
def test_only_the_beginning_of_a_text_that_has_no_end_is_read() -> None:
    beginning = "Kot śpi na kanapie. " * 125
    one, other = vectors_of([beginning, beginning + "The weather is fine and the ship has left. " * 100])
    assert np.allclose(one, other, atol=1e-5)


def test_no_texts_give_no_batches() -> None:
    assert list(encode([])) == []


@pytest.mark.parametrize("word", ["useful", "goes", "fournisseur", "порядок", "Vertrauen"])
def test_the_encoder_knows_the_words_of_its_languages(word: str) -> None:
    assert encoder.has_token(word)


@pytest.mark.parametrize("word", ["qwertz", "gardem", "kutya", "nước", "διαχείριση", "", "a" * 5000])
def test_the_encoder_does_not_know_other_words(word: str) -> None:
    assert not encoder.has_token(word)


@pytest.mark.slow
def test_the_same_text_has_the_same_vector_in_any_batch() -> None:
    one, other = vectors_of(["Kot śpi na kanapie."]), vectors_of([*SENTENCES, "Kot śpi na kanapie."])
    assert np.allclose(one[0], other[-1], atol=1e-5)


@pytest.mark.slow
def test_the_order_is_kept_over_several_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = SENTENCES[:17]
    whole = vectors_of(texts)
    monkeypatch.setattr(encoder, "_BATCH", 7)
    batches = list(encode(texts))
    assert [len(batch) for batch in batches] == [7, 7, 3]
    assert np.allclose(np.vstack(batches), whole, atol=1e-5)


@pytest.mark.slow
def test_several_processes_give_what_one_gives_in_the_same_order() -> None:
    script = """
import numpy as np
from support.sample_texts import PROSE
from relmgr_cli.embedding import encoder
texts = [text for subject in PROSE.values() for texts in subject.values() for text in texts][:17]
encoder._BATCH = 4
one = np.vstack(list(encoder.encode(texts)))
encoder._MIN_PARALLEL_TEXTS = 1
several = np.vstack(list(encoder.encode(texts)))
assert np.allclose(one, several, atol=1e-5)
"""
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONPATH": ":".join(sys.path)})


@pytest.mark.slow
def test_the_model_is_loaded_when_processes_fork() -> None:
    model = encoder._model(None)  # noqa: SLF001
    assert vars(model)["_backend"]


@pytest.mark.slow
def test_a_translation_is_nearer_than_any_other_text() -> None:
    vectors = {
        language: vectors_of([text for subject in PROSE.values() for text in subject[language]])
        for language in LANGUAGES
    }
    for one, other in (("pl", "ru"), ("pl", "en"), ("ru", "en")):
        cosines = vectors[one] @ vectors[other].T
        assert list(cosines.argmax(axis=1)) == list(range(len(cosines)))


@pytest.mark.slow
def test_bytes_that_are_not_utf8_are_ignored() -> None:
    damaged, lone = vectors_of(["It is a \udcff damaged \udce9 text.", "\ud83d"])
    assert np.isfinite(damaged).all()
    assert np.isfinite(lone).all()
    assert damaged @ vectors_of(["It is a damaged text."])[0] > 0.7
