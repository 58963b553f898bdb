"""The words of the library, and which of them say the same in other languages.

How a word is written is counted while sections are indexed. Counts are only ever added to; whether a word still
stands anywhere is known to the full text. Each stem has one vector, that of its most frequent spelling; its nearest
stems in every language are its counterparts, found once, so that a search for a word of the library needs no encoder.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.languages.normalization import fold
from relmgr_cli.languages.tokens import stem
from relmgr_cli.store.codec import pack, unpack
from relmgr_cli.store.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# language, form, spelling, stem -> how often, and how often outside code
Spellings = dict[tuple[str, str, str, str], tuple[int, int]]
Progress = Callable[[int, int], None]

_MOST_WORDS = 40_000  # of a language that get a vector, the most frequent ones
_BATCH = 2000  # words encoded and kept at a time
MIN_COSINE_CROSS = 0.55  # cosine from which a word of another language is kept as a counterpart
MIN_COSINE_SAME = 0.75  # the same within a language, where neighbours are often opposites
_NEIGHBOURS = 12  # of a word that tell how near anything is to it
_ABOVE = 0.1  # how far two words must be nearer than their neighbours are, both taken together
_MOST_COUNTERPARTS = 8  # of one word in one language
_IDEOGRAPHS = "\u3000"  # letters from here on are words
_LOOKS_ALIKE = 4  # letters that two words begin with: the encoder takes such words for more alike than they are
MIN_COSINE_COGNATE = 0.78  # the cosine that these need


class WordTranslation(NamedTuple):
    """A stem that says the same as a word, in some language."""

    stem: str
    spelling: str  # its most frequent one
    likeness: float  # cosine of the two words

    @property
    def weight(self) -> float:
        """What it counts in a search, beside 1 for the word itself."""
        return self.likeness**2


def add_spellings(connection: Any, spellings: Spellings) -> None:
    """Add to the counts, inside the caller's transaction."""
    connection.executemany(
        "INSERT INTO word_forms VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " count = count + excluded.count, prose = prose + excluded.prose",
        [(*key, *counts) for key, counts in spellings.items()],
    )


def library_languages(database: Database) -> tuple[str, ...]:
    """Return the languages that the library has texts in; words are never forgotten, and may be in others too."""
    rows = database.rows(
        "WITH RECURSIVE found(tag) AS (SELECT min(language) FROM documents UNION ALL SELECT"
        " (SELECT min(language) FROM documents WHERE language > tag) FROM found WHERE tag IS NOT NULL)"
        " SELECT tag FROM found WHERE tag IS NOT NULL"
    )
    return tuple(tag for (tag,) in rows)


def stems_of(database: Database, language: str, spelling: str, form: str) -> tuple[str, ...]:
    """Return the stems in one language that a word as typed may stand for; none where no text has them."""
    found = [row for (row,) in database.rows(
        "SELECT DISTINCT stem FROM word_forms WHERE language = ? AND form = ?", (language, form)
    )]  # fmt: skip
    own = stem(spelling, language)
    if own not in found and database.rows(
        "SELECT 1 FROM word_forms WHERE language = ? AND stem = ? LIMIT 1", (language, own)
    ):
        found.append(own)
    return tuple(found)


def is_prose(database: Database, language: str, form: str) -> bool:
    """Tell whether a folded form stands in the running text of a language, and not only in its code."""
    query = "SELECT 1 FROM word_forms WHERE language = ? AND form = ? AND prose > 0 LIMIT 1"
    return bool(database.rows(query, (language, form)))


def spelling_of(database: Database, language: str, stem_: str) -> str:
    """Return how a stem is most often written."""
    rows = database.rows(
        "SELECT spelling FROM word_forms WHERE language = ? AND stem = ? ORDER BY count DESC, spelling LIMIT 1",
        (language, stem_),
    )
    return str(rows[0][0]) if rows else stem_


def forms_with_prefix(database: Database, language: str, prefix: str, limit: int) -> tuple[str, ...]:
    """Return the folded forms that begin with a prefix, the most frequent ones first."""
    rows = database.rows(
        "SELECT form FROM word_forms WHERE language = ? AND form >= ? AND form < ? GROUP BY form"
        " ORDER BY sum(count) DESC, form LIMIT ?",
        (language, prefix, prefix + "\U0010ffff", limit),
    )
    return tuple(form for (form,) in rows)


def forms_with_letter(database: Database, language: str, letter: str, limit: int) -> tuple[str, ...]:
    """Return the folded forms that have a letter in them, the most frequent ones first."""
    rows = database.rows(
        "SELECT form FROM word_forms WHERE language = ? AND instr(form, ?) GROUP BY form"
        " ORDER BY sum(count) DESC, form LIMIT ?",
        (language, letter, limit),
    )
    return tuple(form for (form,) in rows)


def counterparts_of(database: Database, language: str, stem_: str) -> Mapping[str, Sequence[WordTranslation]]:
    """Return the counterparts of a stem by language, the nearest first; empty where they are not known."""
    rows = database.rows(
        "SELECT counterparts FROM word_translations WHERE language = ? AND stem = ?", (language, stem_)
    )
    return _read(rows[0][0]) if rows else {}


def _read(data: bytes) -> dict[str, list[WordTranslation]]:
    return {language: [WordTranslation(*row) for row in found] for language, found in unpack(data).items()}


def words_to_encode(database: Database) -> list[tuple[str, str, str]]:
    """Return language, stem and most frequent spelling of the words without a vector, the most frequent first."""
    rows = database.rows(
        "SELECT s.language, s.stem, s.spelling, max(s.prose) AS most,"
        " row_number() OVER (PARTITION BY s.language ORDER BY sum(s.prose) DESC) AS place FROM word_forms s"
        " LEFT JOIN word_translations c ON c.language = s.language AND c.stem = s.stem"
        " WHERE s.prose > 0 AND c.stem IS NULL GROUP BY s.language, s.stem ORDER BY most DESC"
    )
    return [row[:3] for row in rows if row[4] <= _MOST_WORDS and _has_meaning(row[0], row[2])]


def _has_meaning(language: str, spelling: str) -> bool:
    """Tell whether a word has counterparts worth knowing: no number, no single letter, no function word."""
    from relmgr_cli.languages.names import languages

    known = languages().get(language.partition("-")[0])
    return (
        any(c.isalpha() for c in spelling)
        and (len(spelling) > 1 or spelling >= _IDEOGRAPHS)
        and not (known and spelling in known.words)
    )


def encode_words(database: Database, progress: Progress | None = None) -> int:
    """Give every word of the library a vector and its counterparts; return how many were new.

    First all vectors, then all counterparts, so that a word's neighbours are those of the whole library. Where words
    have the one without the other, a run was stopped: then all begins anew, with the vectors that are kept.
    """
    from relmgr_cli.store.vector_blocks import add_shard, load_shards
    from relmgr_cli.store.vector_cache import vectors_of

    todo = words_to_encode(database)
    if not todo:
        return 0
    new = {key[:2] for key in todo}
    if any(
        (language, stem_) in new
        for shard in load_shards(database, "words")
        for language, stem_, _ in unpack(shard.keys)
    ):
        with database.writing() as connection:
            connection.execute("DELETE FROM vector_blocks WHERE kind = 'words'")
            connection.execute("DELETE FROM word_translations")
        todo = words_to_encode(database)
    vectors = vectors_of(database, [spelling for _, _, spelling in todo], progress)
    parts = [(todo[start : start + _BATCH], vectors[start : start + _BATCH]) for start in range(0, len(todo), _BATCH)]
    with database.writing() as connection:
        for part, found in parts:
            add_shard(connection, "words", pack([list(key) for key in part]), found)
    crowds: dict[tuple[str, str], float] = {}
    for part, found in parts:
        crowds.update(zip([key[:2] for key in part], _crowds(database, found), strict=True))
    for part, found in parts:
        rows = link_new_words(database, part, found, crowds)
        with database.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO word_translations VALUES (?, ?, ?, ?, ?)", rows)
            connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")
    return len(todo)


def link_new_words(
    database: Database,
    part: Sequence[tuple[str, str, str]],
    vectors: "NDArray[np.float32]",
    crowds: dict[tuple[str, str], float],
) -> list[tuple[str, str, str, bytes, float]]:
    """Return the rows of new words with their counterparts among all, and of known words that these are for.

    `crowds` has the neighbourhoods of all new words; those of known ones are added.
    """
    spellings = {(language, stem_): spelling for language, stem_, spelling in part}
    pairs = [
        (part[here], keys[there], round(float(likeness[here, there]), 3))
        for keys, likeness in likenesses(database, vectors)
        for here, there in zip(*above_threshold(likeness, part, keys), strict=True)
    ]
    fresh: dict[tuple[str, str], dict[str, list[WordTranslation]]] = {key: {} for key in spellings}
    known: dict[tuple[str, str], list[tuple[str, WordTranslation]]] = {}
    for (language, stem_, spelling), (other, root, written), cosine in pairs:
        here, there = (language, stem_), (other, root)
        if there not in crowds:
            crowds[there] = _crowd_of(database, there)
        if here == there or not passes_csls(spelling, written, cosine, crowds[here] + crowds[there]):
            continue
        fresh[here].setdefault(other, []).append(WordTranslation(root, written, cosine))
        if there not in fresh:
            known.setdefault(there, []).append((language, WordTranslation(stem_, spelling, cosine)))
    rows = [(*key, spellings[key], pack(_best(found)), crowds[key]) for key, found in fresh.items()]
    for key, added in known.items():
        found = dict(counterparts_of(database, *key))
        for language, counterpart in added:
            found[language] = [*found.get(language, ()), counterpart]
        rows.append((*key, spelling_of(database, *key), pack(_best(found)), crowds[key]))
    return rows


def _crowds(database: Database, vectors: "NDArray[np.float32]") -> list[float]:
    """Return how near the neighbours are of words of the library."""
    crowd = NeighbourhoodDensity(len(vectors))
    for _, likeness in likenesses(database, vectors):
        crowd.update(likeness)
    return crowd.mean(with_self=True)


class NeighbourhoodDensity:
    """How near the neighbours of some words are: the mean cosine of all but the two nearest."""

    def __init__(self, words: int) -> None:
        import numpy as np

        self._nearest = np.zeros((words, _NEIGHBOURS + 1), np.float32)

    def update(self, likeness: "NDArray[np.float32]") -> None:
        """Look at more words of the library: cosines, (words, others)."""
        import numpy as np

        every = np.concatenate([self._nearest, likeness], axis=1)
        self._nearest = np.partition(every, -_NEIGHBOURS - 1, axis=1)[:, -_NEIGHBOURS - 1 :]

    def mean(self, *, with_self: bool) -> list[float]:
        """Return the mean for each word; `with_self` where each is in the library and has met itself."""
        import numpy as np

        nearest = np.sort(self._nearest, axis=1)[:, ::-1]
        others = nearest[:, 1:] if with_self else nearest[:, :-1]
        return [round(mean, 3) for mean in others[:, 2:].mean(axis=1).tolist()]


def _crowd_of(database: Database, key: tuple[str, str]) -> float:
    rows = database.rows("SELECT hubness FROM word_translations WHERE language = ? AND stem = ?", key)
    return float(rows[0][0]) if rows else 0.0


def above_threshold(likeness: Any, ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]) -> Any:
    """Return rows and columns of the pairs that are alike enough, at most a few for a row and language."""
    import numpy as np

    ours_in = np.array([row[0] for row in ours])
    theirs_in = np.array([row[0] for row in theirs])
    bound = np.where(ours_in[:, None] == theirs_in[None, :], MIN_COSINE_SAME, MIN_COSINE_CROSS)
    return np.nonzero(likeness >= bound)


def passes_csls(one: str, other: str, cosine: float, crowds: float) -> bool:
    """Tell whether a cosine says that two words mean the same.

    It does not when they are only spelt alike, or when each is as near to words that have nothing to do with it: CSLS,
    Conneau, Lample et al., 2018; `crowds` are the mean cosines of both with their neighbours.
    """
    if cosine < MIN_COSINE_COGNATE and fold(one)[:_LOOKS_ALIKE] == fold(other)[:_LOOKS_ALIKE]:
        return False
    return 2 * cosine - crowds >= _ABOVE


def _best(found: Mapping[str, Sequence[WordTranslation]]) -> dict[str, list[WordTranslation]]:
    return best_counterparts([found])


def best_counterparts(sources: Sequence[Mapping[str, Sequence[WordTranslation]]]) -> dict[str, list[WordTranslation]]:
    """Return the nearest counterparts of all sources by language, each stem once, the nearest first."""
    best: dict[str, list[WordTranslation]] = {}
    for language in dict.fromkeys(tag for source in sources for tag in source):
        every = sorted((c for source in sources for c in source.get(language, ())), key=lambda c: (-c.likeness, c.stem))
        once = {counterpart.stem: counterpart for counterpart in reversed(every)}
        best[language] = sorted(once.values(), key=lambda c: (-c.likeness, c.stem))[:_MOST_COUNTERPARTS]
    return best


def likenesses(
    database: Database, vectors: "NDArray[np.float32]"
) -> "Iterator[tuple[list[list[str]], NDArray[np.float32]]]":
    """Yield the words of the library in parts, as [language, stem, spelling], with their cosines to the vectors.

    These are (n, words) for n vectors.
    """
    from relmgr_cli.store.vector_blocks import load_shards

    for shard in load_shards(database, "words"):
        yield unpack(shard.keys), shard.likeness(vectors).T


def nearest_words(
    database: Database, spellings: Sequence[str], vectors: "NDArray[np.float32]"
) -> list[dict[str, list[WordTranslation]]]:
    """Return for each new word, vectors (n, 512), the words of the library like it, by language, the nearest first."""
    found: list[dict[str, list[WordTranslation]]] = [{} for _ in vectors]
    pairs = []
    crowd = NeighbourhoodDensity(len(vectors))
    for keys, likeness in likenesses(database, vectors) if len(vectors) else ():
        crowd.update(likeness)
        for row, place in zip(*(likeness >= MIN_COSINE_CROSS).nonzero(), strict=True):
            pairs.append((row, keys[place], round(float(likeness[row, place]), 3)))
    crowds = crowd.mean(with_self=False)
    for row, (language, stem_, spelling), cosine in pairs:
        if passes_csls(spellings[row], spelling, cosine, crowds[row] + _crowd_of(database, (language, stem_))):
            found[row].setdefault(language, []).append(WordTranslation(stem_, spelling, cosine))
    return [_best(counterparts) for counterparts in found]


def has_translations(database: Database, language: str, stem_: str) -> bool:
    """Return whether the translations of a stem have been looked for, whatever was found."""
    return bool(database.rows("SELECT 1 FROM word_translations WHERE language = ? AND stem = ?", (language, stem_)))


def frequent_forms(
    database: Database, languages: Sequence[str], *, shortest: int, longest: int, limit: int
) -> list[tuple[str, str]]:
    """Return folded form and spelling of the most frequent words of these languages, the most frequent first.

    Only forms of `shortest` to `longest` characters; a form that is spelled in several ways occurs several times.
    """
    placeholders = ", ".join("?" * len(languages))
    return database.rows(
        f"SELECT form, spelling FROM word_forms WHERE language IN ({placeholders})"  # noqa: S608 (question marks)
        " AND length(form) BETWEEN ? AND ? ORDER BY count DESC LIMIT ?",
        (*languages, shortest, longest, limit),
    )
