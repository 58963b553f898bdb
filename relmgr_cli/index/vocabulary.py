"""The words of the library, and which of them say the same in other languages.

How a word is written is counted while sections are indexed. Counts are only ever added to; whether a word still
stands anywhere is known to the full text. Each stem has one vector, that of its most frequent spelling; its nearest
stems in every language are its counterparts, found once, so that a search for a word of the library needs no encoder.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.index.catalogue import Catalogue, pack, unpack
from relmgr_cli.languages.analysis import stem
from relmgr_cli.languages.folding import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Spellings = Counter[tuple[str, str, str, str, bool]]  # language, form, spelling, stem, whether in prose -> how often
Progress = Callable[[int, int], None]

_MOST_WORDS = 40_000  # of a language that get a vector, the most frequent ones
_BATCH = 2000  # words encoded and kept at a time
_LIKE = 0.55  # cosine from which a word of another language is kept as a counterpart
_ALIKE = 0.75  # the same within a language, where neighbours are often opposites
_MOST_COUNTERPARTS = 8  # of one word in one language
_IDEOGRAPHS = "\u3000"  # letters from here on are words
_LOOKS_ALIKE = 4  # letters that two words begin with: the encoder takes such words for more alike than they are
_ALIKE_AND_LIKE = 0.78  # the cosine that these need


class Counterpart(NamedTuple):
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
        "INSERT INTO spellings VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " count = count + excluded.count, prose = prose + excluded.prose",
        [(*key, count, count * is_prose) for (*key, is_prose), count in spellings.items()],
    )


def library_languages(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the languages that the library has words of."""
    rows = catalogue.rows(
        "WITH RECURSIVE found(tag) AS (SELECT min(language) FROM spellings UNION ALL SELECT"
        " (SELECT min(language) FROM spellings WHERE language > tag) FROM found WHERE tag IS NOT NULL)"
        " SELECT tag FROM found WHERE tag IS NOT NULL"
    )
    return tuple(tag for (tag,) in rows)


def stems_of(catalogue: Catalogue, language: str, spelling: str, form: str) -> tuple[str, ...]:
    """Return the stems in one language that a word as typed may stand for; none where no text has them."""
    found = [row for (row,) in catalogue.rows(
        "SELECT DISTINCT stem FROM spellings WHERE language = ? AND form = ?", (language, form)
    )]  # fmt: skip
    own = stem(spelling, language)
    if own not in found and catalogue.rows(
        "SELECT 1 FROM spellings WHERE language = ? AND stem = ? LIMIT 1", (language, own)
    ):
        found.append(own)
    return tuple(found)


def is_prose(catalogue: Catalogue, language: str, form: str) -> bool:
    """Tell whether a folded form stands in the running text of a language, and not only in its code."""
    query = "SELECT 1 FROM spellings WHERE language = ? AND form = ? AND prose > 0 LIMIT 1"
    return bool(catalogue.rows(query, (language, form)))


def spelling_of(catalogue: Catalogue, language: str, stem_: str) -> str:
    """Return how a stem is most often written."""
    rows = catalogue.rows(
        "SELECT spelling FROM spellings WHERE language = ? AND stem = ? ORDER BY count DESC, spelling LIMIT 1",
        (language, stem_),
    )
    return str(rows[0][0]) if rows else stem_


def forms_with_prefix(catalogue: Catalogue, language: str, prefix: str, limit: int) -> tuple[str, ...]:
    """Return the folded forms that begin with a prefix, the most frequent ones first."""
    rows = catalogue.rows(
        "SELECT form FROM spellings WHERE language = ? AND form >= ? AND form < ? GROUP BY form"
        " ORDER BY sum(count) DESC, form LIMIT ?",
        (language, prefix, prefix + "\U0010ffff", limit),
    )
    return tuple(form for (form,) in rows)


def forms_with_letter(catalogue: Catalogue, language: str, letter: str, limit: int) -> tuple[str, ...]:
    """Return the folded forms that have a letter in them, the most frequent ones first."""
    rows = catalogue.rows(
        "SELECT form FROM spellings WHERE language = ? AND instr(form, ?) GROUP BY form"
        " ORDER BY sum(count) DESC, form LIMIT ?",
        (language, letter, limit),
    )
    return tuple(form for (form,) in rows)


def counterparts_of(catalogue: Catalogue, language: str, stem_: str) -> Mapping[str, Sequence[Counterpart]]:
    """Return the counterparts of a stem by language, the nearest first; empty where they are not known."""
    rows = catalogue.rows("SELECT counterparts FROM counterparts WHERE language = ? AND stem = ?", (language, stem_))
    return _read(rows[0][0]) if rows else {}


def _read(data: bytes) -> dict[str, list[Counterpart]]:
    return {language: [Counterpart(*row) for row in found] for language, found in unpack(data).items()}


def words_to_encode(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return language, stem and most frequent spelling of the words without a vector, the most frequent first."""
    rows = catalogue.rows(
        "SELECT s.language, s.stem, s.spelling, max(s.prose) AS most,"
        " row_number() OVER (PARTITION BY s.language ORDER BY sum(s.prose) DESC) AS place FROM spellings s"
        " LEFT JOIN counterparts c ON c.language = s.language AND c.stem = s.stem"
        " WHERE s.prose > 0 AND c.stem IS NULL GROUP BY s.language, s.stem ORDER BY most DESC"
    )
    return [row[:3] for row in rows if row[4] <= _MOST_WORDS and _has_meaning(row[0], row[2])]


def _has_meaning(language: str, spelling: str) -> bool:
    """Tell whether a word has counterparts worth knowing: no number, no single letter, no function word."""
    from relmgr_cli.languages.table import languages

    known = languages().get(language.partition("-")[0])
    return (
        any(c.isalpha() for c in spelling)
        and (len(spelling) > 1 or spelling >= _IDEOGRAPHS)
        and not (known and spelling in known.words)
    )


def encode_words(catalogue: Catalogue, progress: Progress | None = None) -> int:
    """Give every word of the library a vector and its counterparts; return how many were new."""
    from relmgr_cli.index.shards import add_shard
    from relmgr_cli.index.vectors import encode_texts

    todo = words_to_encode(catalogue)
    for start in range(0, len(todo), _BATCH):
        part = todo[start : start + _BATCH]
        vectors = encode_texts(catalogue, [spelling for _, _, spelling in part])
        with catalogue.writing() as connection:
            add_shard(connection, "words", pack([list(key) for key in part]), vectors)
            _connect(catalogue, part, vectors)
            connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'state'")
        if progress:
            progress(start + len(part), len(todo))
    return len(todo)


def _connect(catalogue: Catalogue, part: Sequence[tuple[str, str, str]], vectors: "NDArray[np.float32]") -> None:
    """Find the counterparts of new words among all, and tell those that are known of the new ones."""
    fresh: dict[tuple[str, str], dict[str, list[Counterpart]]] = {key[:2]: {} for key in part}
    known: dict[tuple[str, str], list[tuple[str, Counterpart]]] = {}
    for keys, likeness in likenesses(catalogue, vectors):
        for here, there in zip(*_near(likeness, part, keys), strict=True):
            language, stem_, spelling = part[here]
            other, root, written = keys[there]
            cosine = round(float(likeness[here, there]), 3)
            if (language, stem_) == (other, root) or not _is_likely(spelling, written, cosine):
                continue
            fresh[language, stem_].setdefault(other, []).append(Counterpart(root, written, cosine))
            if (other, root) not in fresh:
                known.setdefault((other, root), []).append((language, Counterpart(stem_, spelling, cosine)))
    spellings = {(language, stem_): spelling for language, stem_, spelling in part}
    rows = [(*key, spellings[key], pack(_best(found))) for key, found in fresh.items()]
    for key, added in known.items():
        found = dict(counterparts_of(catalogue, *key))
        for language, counterpart in added:
            found[language] = [*found.get(language, ()), counterpart]
        rows.append((*key, spelling_of(catalogue, *key), pack(_best(found))))
    catalogue.connection.executemany("INSERT OR REPLACE INTO counterparts VALUES (?, ?, ?, ?)", rows)


def _near(likeness: Any, ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]) -> Any:
    """Return rows and columns of the pairs that are alike enough, at most a few for a row and language."""
    import numpy as np

    ours_in = np.array([row[0] for row in ours])
    theirs_in = np.array([row[0] for row in theirs])
    bound = np.where(ours_in[:, None] == theirs_in[None, :], _ALIKE, _LIKE)
    return np.nonzero(likeness >= bound)


def _is_likely(one: str, other: str, cosine: float) -> bool:
    """Tell whether a cosine says that two words mean the same, and not only that they are spelt alike."""
    return cosine >= _ALIKE_AND_LIKE or fold(one)[:_LOOKS_ALIKE] != fold(other)[:_LOOKS_ALIKE]


def _best(found: Mapping[str, Sequence[Counterpart]]) -> dict[str, list[Counterpart]]:
    return {
        language: sorted(set(counterparts), key=lambda c: (-c.likeness, c.stem))[:_MOST_COUNTERPARTS]
        for language, counterparts in found.items()
    }


def likenesses(
    catalogue: Catalogue, vectors: "NDArray[np.float32]"
) -> "Iterator[tuple[list[list[str]], NDArray[np.float32]]]":
    """Yield the words of the library in parts, as [language, stem, spelling], with their cosines to the vectors.

    These are (n, words) for n vectors.
    """
    from relmgr_cli.index.shards import load_shards

    for shard in load_shards(catalogue, "words"):
        yield unpack(shard.keys), shard.likeness(vectors).T


def nearest_words(
    catalogue: Catalogue, spellings: Sequence[str], vectors: "NDArray[np.float32]"
) -> list[dict[str, list[Counterpart]]]:
    """Return for each new word, vectors (n, 512), the words of the library like it, by language, the nearest first."""
    found: list[dict[str, list[Counterpart]]] = [{} for _ in vectors]
    for keys, likeness in likenesses(catalogue, vectors) if len(vectors) else ():
        for row, place in zip(*(likeness >= _LIKE).nonzero(), strict=True):
            language, stem_, spelling = keys[place]
            cosine = round(float(likeness[row, place]), 3)
            if _is_likely(spellings[row], spelling, cosine):
                found[row].setdefault(language, []).append(Counterpart(stem_, spelling, cosine))
    return [_best(counterparts) for counterparts in found]
