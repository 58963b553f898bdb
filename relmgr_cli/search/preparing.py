"""Builds the embeddings that semantic search needs, for what has changed in the library."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from relmgr_cli.index.catalogue import Catalogue, UnwritableError, one_at_a_time
from relmgr_cli.index.passages import encode_passages, passages_to_encode, set_all_encoded
from relmgr_cli.index.vocabulary import encode_words, words_to_encode

_PATIENCE = 10  # seconds to wait for another process that encodes

Progress = Callable[[int, int], None]


def texts_to_encode(catalogue: Catalogue, most: int | None = None) -> int:
    """Return about how many words and passages have no vectors yet; counting stops above `most`."""
    if catalogue.get("encoded_state") == catalogue.get("state"):
        return 0
    passages = passages_to_encode(catalogue, most)
    if most is not None and passages > most:
        return passages
    return passages + len(words_to_encode(catalogue))


@contextmanager
def _silently(what: str) -> Iterator[None]:
    del what
    yield


def encode_library(
    catalogue: Catalogue,
    bar: Callable[[str], AbstractContextManager[Progress | None]] = _silently,
    *,
    patience: float = _PATIENCE,
) -> bool:
    """Encode the words and passages of the full-text index that have no vectors; `bar` shows the progress.

    Only one process does this at a time. Returns False if another one still does after `patience` seconds.
    """
    with ExitStack() as stack:
        try:
            if catalogue.folder:
                stack.enter_context(one_at_a_time(catalogue.folder / "encoding", patience))
        except BlockingIOError:
            return False
        except OSError as error:
            raise UnwritableError(error.strerror) from error
        if catalogue.get("encoded_state") == catalogue.get("state"):
            return True
        with bar("learning words") as progress:
            encode_words(catalogue, progress)
        with bar("learning what texts say") as progress:
            encode_passages(catalogue, progress)
        set_all_encoded(catalogue)
    return True
