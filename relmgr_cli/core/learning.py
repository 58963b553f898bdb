"""Learning from a library: its lexicon, and the vectors of its words and passages.

One process at a time learns from a library. What it has finished stays when it is interrupted.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.filesystem import file_lock
from relmgr_cli.store.database import Database, IndexWriteError, Progress
from relmgr_cli.store.name_lookup import count_documents

LOCK_TIMEOUT = 10  # seconds, for another process that learns
_PASSAGES_PER_SECOND = 250  # and core
_LEXICON_COST = 10  # passages that take as long to embed as a document takes to be learnt from

ShowProgress = Callable[[str], AbstractContextManager[Progress | None]]


class LearningState(NamedTuple):
    """How much of a library is learnt."""

    passages: int  # with a vector
    missing: int  # passages without one, about
    lexicon_is_due: bool  # its articles have changed since the lexicon was learnt, or it never was

    @property
    def percent(self) -> int:
        """The share of the passages that have vectors, rounded down."""
        return 100 * self.passages // max(1, self.passages + self.missing)


def seconds_to_learn(database: Database) -> int:
    """Return about how many seconds it takes to learn what is not learnt yet, on an average machine."""
    from relmgr_cli.processes import usable_cores

    state = learning_state(database)
    documents = count_documents(database) if state.lexicon_is_due else 0
    return round((state.missing + _LEXICON_COST * documents) / _PASSAGES_PER_SECOND / usable_cores())


def learning_state(database: Database) -> LearningState:
    """Return how much of a library is learnt."""
    from relmgr_cli.store.lexicon import lexicon_is_due
    from relmgr_cli.store.passages import count_passages, passages_to_encode

    return LearningState(count_passages(database), passages_to_encode(database), lexicon_is_due(database, always=True))


def count_unlearnt(database: Database, limit: int | None = None) -> int:
    """Return about how many words and passages are to be learnt; counting stops soon after `limit`.

    A document that the lexicon is to be learnt from counts as some passages.
    """
    from relmgr_cli.store.lexicon import lexicon_is_due
    from relmgr_cli.store.passages import has_embeddings, passages_to_encode
    from relmgr_cli.store.word_translations import words_to_encode

    if has_embeddings(database) and not lexicon_is_due(database):
        return 0
    missing = passages_to_encode(database, limit)
    if lexicon_is_due(database):
        missing += _LEXICON_COST * count_documents(database)
    return missing if limit is not None and missing > limit else missing + len(words_to_encode(database))


@contextmanager
def _learning(database: Database, timeout: float) -> Iterator[bool]:
    """Wait until no other process learns from this library; give False if one still does after `timeout` seconds.

    Raises IndexWriteError.
    """
    with ExitStack() as stack:
        try:
            if database.folder:
                stack.enter_context(file_lock(database.folder / "encoding", timeout))
        except BlockingIOError:
            yield False
            return
        except OSError as error:
            raise IndexWriteError(error.strerror) from error
        yield True


def learn_all(database: Database, show_progress: ShowProgress, *, timeout: float = LOCK_TIMEOUT) -> bool:
    """Align what is not aligned, learn the lexicon, embed all words and passages that have no vectors.

    With an infinite `timeout`, what depends on the order in which files have changed is computed again, so that the
    result is that of a new index. Returns False if another process is learning from this library and does not end in
    time. Raises IndexWriteError.
    """
    from relmgr_cli.store.lexicon import learn_lexicon, lexicon_is_due
    from relmgr_cli.store.passages import encode_passages, has_embeddings, is_exact, set_all_encoded
    from relmgr_cli.store.word_translations import encode_words

    with _learning(database, timeout) as is_free:
        if not is_free:
            return False
        exact = math.isinf(timeout)
        if lexicon_is_due(database, always=exact):
            with show_progress(messages.LEARNING_WORDS) as progress:
                learn_lexicon(database, progress)
        elif has_embeddings(database) and (is_exact(database) or not exact):
            return True
        with show_progress(messages.EMBEDDING_WORDS) as progress:
            encode_words(database, progress, again=exact)
        with show_progress(messages.EMBEDDING_PASSAGES) as progress:
            encode_passages(database, progress)
        set_all_encoded(database, exact=exact)
    return True


def learn_words(database: Database, show_progress: ShowProgress) -> bool:
    """Align what is not aligned and learn the lexicon, without the encoder.

    Returns False if another process is learning from this library and does not end in time. Raises IndexWriteError.
    """
    from relmgr_cli.store.lexicon import learn_lexicon, lexicon_is_due

    with _learning(database, LOCK_TIMEOUT) as is_free:
        if is_free and lexicon_is_due(database, always=True):
            with show_progress(messages.LEARNING_WORDS) as progress:
                learn_lexicon(database, progress)
    return is_free


def learn_passages(database: Database, show_progress: ShowProgress, limit: int) -> None:
    """Embed about `limit` passages that have no vectors, unless another process is learning from this library."""
    from relmgr_cli.store.passages import encode_passages

    with _learning(database, 0) as is_free:
        if is_free:
            with show_progress(messages.EMBEDDING_PASSAGES) as progress:
                encode_passages(database, progress, limit)
