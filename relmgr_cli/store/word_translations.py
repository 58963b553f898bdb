"""The words of the library that mean the same in other languages, and in the same one, by their vectors.

What the library's own translations teach is in lexicon.py; vectors add the words that these are too few for. Each stem
has one vector, that of its most frequent spelling. Its nearest stems in every language are its translations;
they are computed once, so that a search for a word of the library needs no encoder. A high cosine is not enough: CSLS
(Conneau, Lample et al., 2018) rejects words that are as near to many unrelated ones.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.languages.normalization import fold
from relmgr_cli.store.codec import pack, unpack
from relmgr_cli.store.database import Database, Progress
from relmgr_cli.store.lexicon import is_in_lexicon, lexicon_source
from relmgr_cli.store.passages import load_passages
from relmgr_cli.store.vector_blocks import VectorBlock, load_vector_blocks, quantize, store_vector_block
from relmgr_cli.store.vector_cache import encode_texts
from relmgr_cli.store.word_headings import link_headings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Key = tuple[str, str]  # language and stem
Word = tuple[str, str, str]  # language, stem and most frequent spelling

_MAX_WORDS = 12_000  # that get a vector, the most frequent ones
_MAX_LINKED = 5000  # words; of more only those are compared with all others that the lexicon does not have
_BATCH = 1000  # words of one vector block
MIN_COSINE_CROSS = 0.55  # of a translation in another language
MIN_COSINE_SAME = 0.75  # of one in the same language, where neighbours are often opposites
_NEIGHBOURS = 12  # of a word, whose mean cosine is its hubness
_MIN_CSLS = 0.1
_MAX_TRANSLATIONS = 8  # of one word in one language
_IDEOGRAPHS = "\u3000"  # from here on a single character can be a word
_MIN_CSLS_RELATED = -0.06  # of words that only raise the score of a section
# Their weight: that of a word with a CSLS of 0, more for each 1.0 of it, and at most.
_WEIGHT_RELATED, _WEIGHT_PER_CSLS, _MAX_WEIGHT_RELATED = 0.2, 2.0, 0.6
_COGNATE_PREFIX = 4  # equal first letters of two words that the encoder takes for more similar than they are
MIN_COSINE_COGNATE = 0.78  # of a translation with such a prefix


class WordTranslation(NamedTuple):
    """A stem that means the same as a word, in some language."""

    stem: str
    spelling: str  # the most frequent one
    cosine: float  # of the two words; of a word in the lexicon or a related one, the square root of its weight

    @property
    def weight(self) -> float:
        """Its weight in a search, where the word itself has 1."""
        return self.cosine**2


class NearestWords(NamedTuple):
    """The words of the library that are near to a word that it does not have, by language, the nearest first."""

    likely: Mapping[str, Sequence[WordTranslation]]  # translations
    related: Mapping[str, Sequence[WordTranslation]]  # likely or not


def translations_of(database: Database, language: str, stem_: str) -> Mapping[str, Sequence[WordTranslation]]:
    """Return the translations of a stem by language, the nearest first; empty where none are stored."""
    query = "SELECT translations FROM word_translations WHERE language = ? AND stem = ?"
    stored = database.value(query, (language, stem_))
    by_language = unpack(stored) if stored is not None else {}
    return {tag: [WordTranslation(*row) for row in found] for tag, found in by_language.items()}


def has_translations(database: Database, language: str, stem_: str) -> bool:
    """Return True if the translations of a stem have been computed, even if there are none."""
    return bool(database.rows("SELECT 1 FROM word_translations WHERE language = ? AND stem = ?", (language, stem_)))


def words_to_encode(database: Database) -> list[Word]:
    """Return the words that need a vector, not more than a limit, in the order of `_ranked_words`."""
    stored = int(database.value("SELECT count(*) FROM word_translations"))
    return [] if stored >= _MAX_WORDS else _ranked_words(database, "c.stem IS NULL")[: _MAX_WORDS - stored]


def _ranked_words(database: Database, condition: str = "1") -> list[Word]:
    """Return the words of the languages that the encoder knows: those that need a vector most come first.

    Those are words of the language through which the lexicon connects others, and those that the lexicon does not have,
    the most frequent first. A `condition` may use the aliases of the tables.
    """
    from relmgr_cli.embedding.encoder import knows_language

    rows = database.rows(
        "SELECT s.language, s.stem, s.spelling, max(s.prose) AS most FROM word_forms s"  # noqa: S608 (constants)
        " LEFT JOIN word_translations c ON c.language = s.language AND c.stem = s.stem"
        " LEFT JOIN lexicon l ON l.language = s.language AND l.stem = s.stem"
        f" WHERE s.prose > 0 AND {condition} GROUP BY s.language, s.stem"
        " ORDER BY s.language != ? AND l.stem IS NOT NULL, most DESC, s.language, s.stem",
        (lexicon_source(database),),
    )
    return [row[:3] for row in rows if knows_language(row[0]) and _is_content_word(row[0], row[2])]


def _is_content_word(language: str, spelling: str) -> bool:
    """Return True for a word that can have translations: not a number, single letter or function word."""
    from relmgr_cli.languages.names import languages

    known = languages().get(language.partition("-")[0])
    return (
        any(c.isalpha() for c in spelling)
        and (len(spelling) > 1 or spelling >= _IDEOGRAPHS)
        and not (known and spelling in known.words)
    )


def encode_words(database: Database, progress: Progress | None = None, *, again: bool = False) -> int:
    """Compute vector and translations of every word that lacks them; return how many vectors that were.

    With `again`, all translations are computed again if other words have vectors by now, or some were added: then they
    do not depend on the order in which the words came. Vectors that are known are kept.
    """
    todo = words_to_encode(database)
    if again:
        todo = _ranked_words(database)[:_MAX_WORDS]
        stored = [tuple(key) for block in load_vector_blocks(database, "words") for key in unpack(block.keys)]
        if stored == todo and database.get("word_links") == "whole":
            return 0
    if not todo:
        return 0
    known = [] if again else list(load_vector_blocks(database, "words"))
    new, encoded = _make_blocks(database, todo, sum(len(block.quantized) for block in known), progress)
    blocks = [*known, *new]
    hubness: dict[Key, float] = {}
    for block in new:
        density = NeighbourhoodDensity(len(block.quantized))
        for _, cosines in _cosines(blocks, block.vectors(), _MAX_LINKED):
            density.update(cosines)
        hubness.update(zip([(key[0], key[1]) for key in unpack(block.keys)], density.mean(with_self=True), strict=True))
    rows = {key[:2]: (*key, pack({}), hubness[key[:2]]) for key in todo}
    is_small = sum(len(block.quantized) for block in blocks) <= _MAX_LINKED
    linked = [word for word in todo if is_small or not is_in_lexicon(database, *word[:2])][:_MAX_LINKED]
    old = {} if again else _stored_hubness(database)
    rows |= {row[:2]: row for row in _link_new_words(database, linked, blocks, old, hubness)}
    with database.writing() as connection:
        if again:
            for table in ("vector_blocks WHERE kind = 'words'", "word_translations", "word_headings"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 (constants)
        for block in new:
            store_vector_block(connection, "words", block)
        ordered = [rows[key] for key in sorted(rows)]
        connection.executemany("INSERT OR REPLACE INTO word_translations VALUES (?, ?, ?, ?, ?)", ordered)
        link_headings(database, load_passages(database), first=new[0].first)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('word_links', ?)", ("whole" if again else "added",))
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")
    return encoded


def _make_blocks(
    database: Database, words: Sequence[Word], first: int, progress: Progress | None
) -> "tuple[list[VectorBlock], int]":
    """Return the words as vector blocks, numbered from `first`, and how many of them had to be encoded."""
    import numpy as np

    spellings = list(dict.fromkeys(spelling for _, _, spelling in words))
    known: dict[str, tuple[NDArray[np.int8], NDArray[np.float32]]] = {}
    for block in load_vector_blocks(database, "words"):
        rows = zip(block.quantized, block.scales, strict=True)
        known.update(zip([spelling for _, _, spelling in unpack(block.keys)], rows, strict=True))
    new = [spelling for spelling in spellings if spelling not in known]
    if new:
        block = quantize(0, b"", encode_texts(database, new, progress))
        known.update(zip(new, zip(block.quantized, block.scales, strict=True), strict=True))
    found = []
    for start in range(0, len(words), _BATCH):
        part = words[start : start + _BATCH]
        quantized, scales = (np.stack(rows) for rows in zip(*(known[spelling] for _, _, spelling in part), strict=True))
        found.append(VectorBlock(first + start, pack([list(word) for word in part]), quantized, scales))
    return found, len(new)


def _stored_hubness(database: Database) -> dict[Key, float]:
    return {key[:2]: key[2] for key in database.rows("SELECT language, stem, hubness FROM word_translations")}


def _link_new_words(
    database: Database,
    part: Sequence[Word],
    blocks: "Sequence[VectorBlock]",
    stored: Mapping[Key, float],
    new_hubness: Mapping[Key, float],
) -> list[tuple[str, str, str, bytes, float]]:
    """Return the rows of new words with their translations, and of other words that get the new ones as translations.

    `blocks` have all words; `stored` has the hubness of those whose translations are stored, `new_hubness` that of the
    others.
    """
    hubness = {**stored, **new_hubness}
    spellings = {(language, stem_): spelling for language, stem_, spelling in part}
    new: dict[Key, dict[str, list[WordTranslation]]] = {key: {} for key in spellings}
    known: dict[Key, list[tuple[str, WordTranslation]]] = {}
    for (language, stem_, spelling), (other_language, other_stem, other_spelling), cosine in _pairs(
        part, blocks, hubness
    ):
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


def _pairs(
    part: Sequence[Word], blocks: "Sequence[VectorBlock]", hubness: Mapping[Key, float]
) -> Iterator[tuple[Word, Sequence[str], float]]:
    """Yield each of the words with each word of the blocks that it may translate, and their cosine."""
    import numpy as np

    vectors = {}
    wanted = {word[:2] for word in part}
    for block in blocks:
        rows = zip(unpack(block.keys), block.vectors(), strict=True)
        vectors.update({(key[0], key[1]): vector for key, vector in rows if (key[0], key[1]) in wanted})
    for start in range(0, len(part), _BATCH):
        some = part[start : start + _BATCH]
        for keys, cosines in _cosines(blocks, np.stack([vectors[word[:2]] for word in some])):
            for row, column in zip(*_likely_pairs(cosines, some, keys, hubness), strict=True):
                yield some[row], keys[column], round(float(cosines[row, column]), 3)


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
    blocks: "Iterable[VectorBlock]", vectors: "NDArray[np.float32]", most: int | None = None
) -> "Iterator[tuple[list[list[str]], NDArray[np.float32]]]":
    """Yield the words of the blocks in parts, as [language, stem, spelling], with their cosines, (n, words).

    With `most` only about as many of the words, the most frequent ones.
    """
    for block in blocks:
        if most is not None and block.first >= most:
            return
        yield unpack(block.keys), block.cosines(vectors).T


def nearest_words(database: Database, spellings: Sequence[str], vectors: "NDArray[np.float32]") -> list[NearestWords]:
    """Return the words of the library that are near to words that are not in it; `vectors`, (n, 512), are theirs."""
    import numpy as np

    keys: list[Sequence[str]] = []
    parts = []
    for some, cosines in _cosines(load_vector_blocks(database, "words"), vectors) if len(vectors) else ():
        keys += some
        parts.append(cosines)
    if not parts:
        return [NearestWords({}, {}) for _ in vectors]
    cosines = np.concatenate(parts, axis=1)
    density = NeighbourhoodDensity(len(vectors))
    density.update(cosines)
    stored = _stored_hubness(database)
    hubness = np.array([stored.get((language, stem_), 0.0) for language, stem_, _ in keys])
    csls = 2 * cosines - hubness - np.array(density.mean(with_self=False))[:, None]
    return [_nearest(spelling, keys, *rows) for spelling, *rows in zip(spellings, cosines, csls, strict=True)]


def _nearest(
    spelling: str, keys: Sequence[Sequence[str]], cosines: "NDArray[np.float32]", csls: "NDArray[np.float64]"
) -> NearestWords:
    """Return what is near to a word; `keys` has the language, stem and spelling of each word of the library."""
    likely: dict[str, list[WordTranslation]] = {}
    related: dict[str, list[WordTranslation]] = {}
    for index in (csls >= _MIN_CSLS_RELATED).nonzero()[0].tolist():
        language, stem_, other = keys[index]
        cosine, excess = round(float(cosines[index]), 3), float(csls[index])
        if cosine < MIN_COSINE_CROSS or _is_cognate(spelling, other, cosine):
            continue
        if excess >= _MIN_CSLS:
            likely.setdefault(language, []).append(WordTranslation(stem_, other, cosine))
        weight = min(_MAX_WEIGHT_RELATED, _WEIGHT_RELATED + _WEIGHT_PER_CSLS * excess)
        related.setdefault(language, []).append(WordTranslation(stem_, other, round(weight**0.5, 3)))
    return NearestWords(best_translations([likely]), best_translations([related]))
