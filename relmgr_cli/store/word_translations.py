"""The words of the library that mean the same in other languages, and in the same one, by their vectors.

What the library's own translations teach is in lexicon.py; vectors add the words that these are too few for. Each stem
has one vector, that of its most frequent spelling. Its nearest stems in every language are its translations;
they are computed once, so that a search for a word of the library needs no encoder. A high cosine is not enough: CSLS
(Conneau, Lample et al., 2018) rejects words that are as near to many unrelated ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.languages.normalization import fold
from relmgr_cli.store.codec import pack, unpack
from relmgr_cli.store.database import Database, Progress
from relmgr_cli.store.lexicon import is_in_lexicon, lexicon_source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Key = tuple[str, str]  # language and stem

_MAX_WORDS = 12_000  # that get a vector, the most frequent ones
_MAX_LINKED = 5000  # words; of more only those are compared with all others that the lexicon does not have
_BATCH = 1000  # words of one vector block
MIN_COSINE_CROSS = 0.55  # of a translation in another language
MIN_COSINE_SAME = 0.75  # of one in the same language, where neighbours are often opposites
_NEIGHBOURS = 12  # of a word, whose mean cosine is its hubness
_MIN_CSLS = 0.1
_MAX_TRANSLATIONS = 8  # of one word in one language
_IDEOGRAPHS = "\u3000"  # from here on a single character can be a word
_COGNATE_PREFIX = 4  # equal first letters of two words that the encoder takes for more similar than they are
MIN_COSINE_COGNATE = 0.78  # of a translation with such a prefix


class WordTranslation(NamedTuple):
    """A stem that means the same as a word, in some language."""

    stem: str
    spelling: str  # the most frequent one
    cosine: float  # of the two words; of a word in the lexicon, the square root of its weight

    @property
    def weight(self) -> float:
        """Its weight in a search, where the word itself has 1."""
        return self.cosine**2


def translations_of(database: Database, language: str, stem_: str) -> Mapping[str, Sequence[WordTranslation]]:
    """Return the translations of a stem by language, the nearest first; empty where none are stored."""
    query = "SELECT translations FROM word_translations WHERE language = ? AND stem = ?"
    stored = database.value(query, (language, stem_))
    by_language = unpack(stored) if stored is not None else {}
    return {tag: [WordTranslation(*row) for row in found] for tag, found in by_language.items()}


def has_translations(database: Database, language: str, stem_: str) -> bool:
    """Return True if the translations of a stem have been computed, even if there are none."""
    return bool(database.rows("SELECT 1 FROM word_translations WHERE language = ? AND stem = ?", (language, stem_)))


def words_to_encode(database: Database) -> list[tuple[str, str, str]]:
    """Return language, stem and most frequent spelling of the words that need a vector, not more than a limit.

    Those are words of the languages that the encoder knows: first those of the language through which the lexicon
    connects others, and those that the lexicon does not have, the most frequent first.
    """
    from relmgr_cli.embedding.encoder import knows_language

    stored = int(database.value("SELECT count(*) FROM word_translations"))
    if stored >= _MAX_WORDS:
        return []
    through = lexicon_source(database)
    rows = database.rows(
        "SELECT s.language, s.stem, s.spelling, max(s.prose) AS most FROM word_forms s"
        " LEFT JOIN word_translations c ON c.language = s.language AND c.stem = s.stem"
        " LEFT JOIN lexicon l ON l.language = s.language AND l.stem = s.stem"
        " WHERE s.prose > 0 AND c.stem IS NULL GROUP BY s.language, s.stem"
        " ORDER BY s.language != ? AND l.stem IS NOT NULL, most DESC",
        (through,),
    )
    found = [row[:3] for row in rows if knows_language(row[0]) and _is_content_word(row[0], row[2])]
    return found[: _MAX_WORDS - stored]


def _is_content_word(language: str, spelling: str) -> bool:
    """Return True for a word that can have translations: not a number, single letter or function word."""
    from relmgr_cli.languages.names import languages

    known = languages().get(language.partition("-")[0])
    return (
        any(c.isalpha() for c in spelling)
        and (len(spelling) > 1 or spelling >= _IDEOGRAPHS)
        and not (known and spelling in known.words)
    )


def encode_words(database: Database, progress: Progress | None = None) -> int:
    """Compute vector and translations of every word that lacks them; return how many words that were.

    All vectors are stored before the first translations, so that these are found in the whole library. Words with a
    vector but no translations are left of an interrupted run: all are then computed again.
    """
    from relmgr_cli.store.passages import load_passages
    from relmgr_cli.store.vector_blocks import add_vector_block, count_vectors, load_vector_blocks
    from relmgr_cli.store.vector_cache import encode_texts
    from relmgr_cli.store.word_headings import link_headings

    todo = words_to_encode(database)
    if not todo:
        return 0
    new = {key[:2] for key in todo}
    stored = ((tag, stem_) for block in load_vector_blocks(database, "words") for tag, stem_, _ in unpack(block.keys))
    if not new.isdisjoint(stored):
        with database.writing() as connection:
            connection.execute("DELETE FROM vector_blocks WHERE kind = 'words'")
            connection.execute("DELETE FROM word_translations")
        todo = words_to_encode(database)
    vectors = encode_texts(database, [spelling for _, _, spelling in todo], progress)
    parts = [(todo[start : start + _BATCH], vectors[start : start + _BATCH]) for start in range(0, len(todo), _BATCH)]
    with database.writing() as connection:
        for part, found in parts:
            add_vector_block(connection, "words", pack([list(key) for key in part]), found)
    hubness: dict[Key, float] = {}
    for part, found in parts:
        density = NeighbourhoodDensity(len(found))
        for _, cosines in _cosines(database, found, _MAX_LINKED):
            density.update(cosines)
        hubness.update(zip([key[:2] for key in part], density.mean(with_self=True), strict=True))
    rows = [(*key, pack({}), hubness[key[:2]]) for key in todo]
    is_small = count_vectors(database, "words") <= _MAX_LINKED
    linked = [row for row, key in enumerate(todo) if is_small or not is_in_lexicon(database, *key[:2])][:_MAX_LINKED]
    links = link_new_words(database, [todo[row] for row in linked], vectors[linked], hubness)
    with database.writing() as connection:
        ordered = sorted({row[:2]: row for row in [*rows, *links]}.values())
        connection.executemany("INSERT OR REPLACE INTO word_translations VALUES (?, ?, ?, ?, ?)", ordered)
        link_headings(database, load_passages(database), count_vectors(database, "words") - len(todo))
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")
    return len(todo)


def link_new_words(
    database: Database, part: Sequence[tuple[str, str, str]], vectors: "NDArray[np.float32]", hubness: dict[Key, float]
) -> list[tuple[str, str, str, bytes, float]]:
    """Return the rows of new words with their translations, and of known words that get the new ones as translations.

    `hubness` has all new words.
    """
    stored = {key[:2]: key[2] for key in database.rows("SELECT language, stem, hubness FROM word_translations")}
    hubness = stored | hubness
    spellings = {(language, stem_): spelling for language, stem_, spelling in part}
    pairs = (
        (part[start + row], keys[column], round(float(cosines[row, column]), 3))
        for start in range(0, len(part), _BATCH)
        for keys, cosines in _cosines(database, vectors[start : start + _BATCH])
        for row, column in zip(*_likely_pairs(cosines, part[start : start + _BATCH], keys, hubness), strict=True)
    )
    new: dict[Key, dict[str, list[WordTranslation]]] = {key: {} for key in spellings}
    known: dict[Key, list[tuple[str, WordTranslation]]] = {}
    for (language, stem_, spelling), (other_language, other_stem, other_spelling), cosine in pairs:
        word, other = (language, stem_), (other_language, other_stem)
        if word == other or _is_cognate(spelling, other_spelling, cosine):
            continue
        new[word].setdefault(other_language, []).append(WordTranslation(other_stem, other_spelling, cosine))
        if other not in new:
            spellings[other] = other_spelling
            known.setdefault(other, []).append((language, WordTranslation(stem_, spelling, cosine)))
    rows = [(*key, spellings[key], pack(best_translations([found])), hubness[key]) for key, found in new.items()]
    for key, added in known.items():
        merged = dict(translations_of(database, *key)) if key in stored else {}
        for language, translation in added:
            merged[language] = [*merged.get(language, ()), translation]
        rows.append((*key, spellings[key], pack(best_translations([merged])), hubness[key]))
    return rows


class NeighbourhoodDensity:
    """How near the neighbours of some words are: the mean cosine of all but the two nearest."""

    def __init__(self, words: int) -> None:
        import numpy as np

        self._nearest = np.zeros((words, _NEIGHBOURS + 1), np.float32)

    def update(self, cosines: "NDArray[np.float32]") -> None:
        """Add more words of the library: their cosines, (words, others)."""
        import numpy as np

        every = np.concatenate([self._nearest, cosines], axis=1)
        self._nearest = np.partition(every, -_NEIGHBOURS - 1, axis=1)[:, -_NEIGHBOURS - 1 :]

    def mean(self, *, with_self: bool) -> list[float]:
        """Return the mean for each word; `with_self` if each word was among the others."""
        import numpy as np

        nearest = np.sort(self._nearest, axis=1)[:, ::-1]
        others = nearest[:, 1:] if with_self else nearest[:, :-1]
        return [round(mean, 3) for mean in others[:, 2:].mean(axis=1).tolist()]


def _hubness_of(database: Database, key: Key) -> float:
    return float(database.value("SELECT hubness FROM word_translations WHERE language = ? AND stem = ?", key, 0.0))


def _likely_pairs(
    cosines: Any, rows: Sequence[Sequence[str]], columns: Sequence[Sequence[str]], hubness: Mapping[Key, float]
) -> Any:
    """Return row and column indexes of the cosines that are high enough, also for words that are near to many.

    Each word begins with its language and stem.
    """
    import numpy as np

    numbers: dict[str, int] = {}
    row_languages, column_languages = (
        np.array([numbers.setdefault(word[0], len(numbers)) for word in words]) for words in (rows, columns)
    )
    found, others = np.nonzero(cosines >= min(MIN_COSINE_CROSS, MIN_COSINE_SAME))
    is_same = row_languages[found] == column_languages[others]
    near, near_others = (np.array([hubness.get((w[0], w[1]), 0.0) for w in words]) for words in (rows, columns))
    high = cosines[found, others]
    kept = high >= np.where(is_same, MIN_COSINE_SAME, MIN_COSINE_CROSS)
    kept &= 2 * high - near[found] - near_others[others] >= _MIN_CSLS
    return found[kept], others[kept]


def passes_csls(word: str, other: str, cosine: float, hubness: float) -> bool:
    """Return True if a cosine means that two words are translations, not merely spelled alike or near to all words.

    `hubness` is the sum of both words' mean cosines with their neighbours.
    """
    return 2 * cosine - hubness >= _MIN_CSLS and not _is_cognate(word, other, cosine)


def _is_cognate(word: str, other: str, cosine: float) -> bool:
    """Return True for words that may be near each other only because they are spelled alike."""
    return cosine < MIN_COSINE_COGNATE and fold(word)[:_COGNATE_PREFIX] == fold(other)[:_COGNATE_PREFIX]


def best_translations(sources: Sequence[Mapping[str, Sequence[WordTranslation]]]) -> dict[str, list[WordTranslation]]:
    """Return the nearest translations of all sources by language, each stem once, the nearest first."""
    best: dict[str, list[WordTranslation]] = {}
    for language in dict.fromkeys(tag for source in sources for tag in source):
        every = sorted((c for source in sources for c in source.get(language, ())), key=lambda c: (-c.cosine, c.stem))
        once = {translation.stem: translation for translation in reversed(every)}
        best[language] = sorted(once.values(), key=lambda c: (-c.cosine, c.stem))[:_MAX_TRANSLATIONS]
    return best


def _cosines(
    database: Database, vectors: "NDArray[np.float32]", most: int | None = None
) -> "Iterator[tuple[list[list[str]], NDArray[np.float32]]]":
    """Yield the words of the library in parts, as [language, stem, spelling], with their cosines, (n, words).

    With `most` only about as many of the words, the most frequent ones.
    """
    from relmgr_cli.store.vector_blocks import load_vector_blocks

    for block in load_vector_blocks(database, "words"):
        if most is not None and block.first >= most:
            return
        yield unpack(block.keys), block.cosines(vectors).T


def nearest_words(
    database: Database, spellings: Sequence[str], vectors: "NDArray[np.float32]"
) -> list[dict[str, list[WordTranslation]]]:
    """Return the library's translations of words that are not in it, by language, the nearest first.

    `vectors`, (n, 512), are those of the `spellings`.
    """
    found: list[dict[str, list[WordTranslation]]] = [{} for _ in vectors]
    pairs = []
    density = NeighbourhoodDensity(len(vectors))
    for keys, cosines in _cosines(database, vectors) if len(vectors) else ():
        density.update(cosines)
        for row, column in zip(*(cosines >= MIN_COSINE_CROSS).nonzero(), strict=True):
            pairs.append((row, keys[column], round(float(cosines[row, column]), 3)))
    hubness = density.mean(with_self=False)
    for row, (language, stem_, spelling), cosine in pairs:
        if passes_csls(spellings[row], spelling, cosine, hubness[row] + _hubness_of(database, (language, stem_))):
            found[row].setdefault(language, []).append(WordTranslation(stem_, spelling, cosine))
    return [best_translations([translations]) for translations in found]
