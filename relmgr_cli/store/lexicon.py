"""The lexicon: the words of the library and their translations, learnt from its own translated texts.

It is learnt between the source language of most articles and each other language; other pairs of languages are
connected through the source language. It needs no encoder, so it has every language of the library.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.lexicon import Bitext, Translation
from relmgr_cli.errors import RelmgrError
from relmgr_cli.languages.names import function_words
from relmgr_cli.languages.sentences import sentences
from relmgr_cli.languages.tokens import letter_runs, stem, words
from relmgr_cli.markdown.blocks import VERBATIM_KINDS
from relmgr_cli.store.article_builder import align_missing
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.codec import pack_row, unpack_row
from relmgr_cli.store.database import Database, Progress

_SMALL = 20  # articles; of fewer the lexicon is learnt again after every change
_MIN_CHANGED = 0.1  # of the articles, for learning it again
_VIA = 4  # translations in the source language that connect a word with another language
_FIRST_IDEOGRAPH = "\u3000"  # single letters from here on are words

Pair = tuple[str, str]  # two languages
Row = tuple[str, str, bytes]  # language, stem, translations


def lexicon_translations(
    database: Database, language: str, stem_: str, languages: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return the translations of a stem in each of these languages, with their weights, 0 to 1."""
    known = _stored(database, language, stem_)
    found = {tag: dict(known[tag]) for tag in languages if tag in known and tag != language}
    through = lexicon_source(database)
    missing = [tag for tag in languages if tag not in found and tag != language]
    if through == language or not missing:
        return found
    for between, weight in known.get(through, ())[:_VIA]:
        further = _stored(database, through, between)
        for tag in missing:
            for word, other_weight in further.get(tag, ()):
                weights = found.setdefault(tag, {})
                weights[word] = max(weights.get(word, 0.0), weight * other_weight)
    return found


def _stored(database: Database, language: str, stem_: str) -> Mapping[str, Sequence[tuple[str, float]]]:
    query = "SELECT translations FROM lexicon WHERE language = ? AND stem = ?"
    data = database.value(query, (language, stem_))
    return {} if data is None else unpack_row(data)


def lexicon_between(
    database: Database, language: str, others: Collection[str]
) -> dict[str, dict[str, dict[str, float]]]:
    """Return all that was learnt directly between a language and others: language, stem, translations, weights."""
    found: dict[str, dict[str, dict[str, float]]] = {tag: {} for tag in others}
    for root, data in database.rows("SELECT stem, translations FROM lexicon WHERE language = ?", (language,)):
        for tag, translations in unpack_row(data).items():
            if tag in found:
                found[tag][root] = dict(translations)
    return found


def is_in_lexicon(database: Database, language: str, stem_: str) -> bool:
    """Return True if a stem has translations in the lexicon."""
    return bool(database.rows("SELECT 1 FROM lexicon WHERE language = ? AND stem = ?", (language, stem_)))


def lexicon_source(database: Database) -> str:
    """Return the language through which others are connected; "" before the lexicon is learnt."""
    return str(database.get("lexicon_source") or "")


def lexicon_is_due(database: Database, *, always: bool = False) -> bool:
    """Return True if the lexicon is to be learnt: it never was, or many articles have changed.

    With `always`, one changed article is enough, or another source language.
    """
    ((total, learnt),) = database.rows("SELECT count(*), count(learnt) FROM articles WHERE members LIKE '%,%'")
    changed = max(total, database.get("lexicon_articles") or 0) - learnt
    if always and learnt and _source_of_most(database) != lexicon_source(database):
        return True
    return bool(changed and (always or total <= _SMALL or changed >= _MIN_CHANGED * total))


def _source_of_most(database: Database) -> str:
    """Return the source language of most articles; "" if there are none."""
    query = "SELECT source FROM articles GROUP BY source ORDER BY count(*) DESC, source LIMIT 1"
    return str(database.value(query, (), ""))


def learn_lexicon(database: Database, progress: Progress | None = None) -> int:
    """Learn the lexicon from all articles, which are aligned if they are not yet; return its number of words.

    `progress` is called with the number of articles read and to read.
    """
    align_missing(database, progress)
    with database.reading():
        version = database.get("articles_version")
        rows = database.rows("SELECT number FROM articles WHERE members LIKE '%,%' ORDER BY number")
        through = _source_of_most(database)
    builder = LexiconBuilder(through)
    for done, (number,) in enumerate(rows):
        if progress:
            progress(done, len(rows))
        try:
            builder.add(load_article(database, number))
        except RelmgrError:  # another process has updated the articles; it learns from them
            continue
    found = builder.learn()
    save_lexicon(database, found, through, len(rows), version)
    return len(found)


def save_lexicon(
    database: Database, rows: Sequence[Row], through: str, articles: int, version: int | None = None
) -> None:
    """Replace the lexicon; if the articles have another version by now, do nothing: who changed them learns again."""
    with database.writing() as connection:
        if version is not None and database.get("articles_version") != version:
            return
        connection.execute("DELETE FROM lexicon")
        connection.executemany("INSERT INTO lexicon VALUES (?, ?, ?)", rows)
        values = (("lexicon_source", through), ("lexicon_articles", articles))
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values)
        connection.execute("UPDATE articles SET learnt = 1")
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")


class LexiconBuilder:
    """Collects the texts of articles that translate each other, and learns from them."""

    def __init__(self, through: str) -> None:
        self._through = through
        self._words: dict[str, _Words] = {}
        self._bitexts: dict[Pair, Bitext] = defaultdict(Bitext)

    def add(self, article: Article) -> None:
        """Add the units of an article; sentences, where two translations have as many."""
        tags = sorted(article.documents)
        pairs = [pair for pair in combinations(tags, 2) if self._through in pair]
        for unit in article.units:
            texts = {tag: parts for tag in tags if (parts := self._texts(article, tag, unit.blocks.get(tag, ())))}
            for pair in pairs:
                if pair[0] not in texts or pair[1] not in texts:
                    continue
                source, target = (texts[tag] for tag in pair)
                if len(source) != len(target):
                    source, target = ([[word for part in parts for word in part]] for parts in (source, target))
                for first, second in zip(source, target, strict=True):
                    self._bitexts[pair].add(first, second)

    def _texts(self, article: Article, tag: str, blocks: Sequence[int]) -> list[list[int]]:
        """Return the words of each sentence of some blocks."""
        document = article.documents[tag]
        words_ = self._words.setdefault(tag, _Words(tag))
        found = []
        for index in blocks:
            if document.blocks[index].kind in VERBATIM_KINDS:
                return []
            text = document.blocks[index].text
            found += [words_.numbers_of(text[start:end]) for start, end in sentences(text, tag)]
        return found

    def learn(self) -> list[Row]:
        """Return the rows of the lexicon: language, stem and translations."""
        found: dict[tuple[str, int], dict[str, list[Translation]]] = defaultdict(lambda: defaultdict(list))
        while self._bitexts:
            (first, second), bitext = self._bitexts.popitem()
            there, back = bitext.learn()
            for translation in there:
                found[first, translation.source][second].append(translation)
            for translation in back:
                found[second, translation.source][first].append(translation)
        rows = [
            (tag, self._words[tag].stems[number], pack_row(self._packed(by_language)))
            for (tag, number), by_language in found.items()
        ]
        return sorted(rows)  # in the order of the table, which takes half the space then

    def _packed(self, translations: Mapping[str, Sequence[Translation]]) -> dict[str, list[tuple[str, float]]]:
        return {
            tag: [(self._words[tag].stems[each.target], each.weight) for each in found]
            for tag, found in translations.items()
        }


class _Words:
    """Numbers the stems of a language; function words, numbers and single letters have none."""

    def __init__(self, language: str) -> None:
        self.stems: list[str] = []
        self._language = language
        self._ignored = function_words((language.partition("-")[0],))
        self._numbers: dict[str, int] = {}
        self._runs: dict[str, tuple[int, ...]] = {}

    def numbers_of(self, text: str) -> list[int]:
        """Return the numbers of the stems of a text, in order."""
        found: list[int] = []
        for run in letter_runs(text):
            known = self._runs.get(run)
            found += known if known is not None else self._runs.setdefault(run, tuple(self._analyse(run)))
        return found

    def _analyse(self, run: str) -> Iterator[int]:
        for word in words(run):
            is_letter = len(word.spelling) == 1 and word.spelling < _FIRST_IDEOGRAPH
            if is_letter or word.spelling in self._ignored or not any(map(str.isalpha, word.spelling)):
                continue
            root = stem(word.spelling, self._language)
            number = self._numbers.setdefault(root, len(self.stems))
            if number == len(self.stems):
                self.stems.append(root)
            yield number
