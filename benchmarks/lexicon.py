"""Headings found in another language through a lexicon alone: no vectors, no words that are the same in both.

FOLDER is a library in English and other languages. Each article is left out in turn: the lexicon is learnt from the
others, and the English headings of the article are searched for in all articles of another language. The mean
reciprocal rank of the section with the translated heading is printed for each language (0 if it is not among the first
ten), with the number of headings and the seconds that learning takes. Headings that are not translated are no queries.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.support import BUILD
from benchmarks.support.command_line import parser_for
from relmgr_cli.corpus.article import Article
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.retrieval import Scope, find
from relmgr_cli.store.article_builder import align_missing
from relmgr_cli.store.articles import load_article, section_headings
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.fulltext import FullText, open_fulltext
from relmgr_cli.store.lexicon import LexiconBuilder, save_lexicon
from relmgr_cli.store.sync import sync

SOURCE = "en"
TOP = 10


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--languages", metavar="LANGS", default="hu,fa,el,ro,hi", help="default: %(default)s")
    options = parser.parse_args(argv)
    database = open_database(BUILD / "lexicon", [options.folder])
    sync(database, [options.folder])
    align_missing(database)
    text = open_fulltext(database)
    numbers = [number for (number,) in database.rows("SELECT number FROM articles WHERE members LIKE '%,%'")]
    articles = {number: load_article(database, number) for number in numbers}
    print(f"{'':8}{'headings':>10}{'MRR':>8}{'seconds':>9}")
    means = []
    for language in options.languages.split(","):
        ranks, seconds = measure(database, text, articles, language)
        means.append(statistics.fmean(1 / rank if rank else 0.0 for rank in ranks))
        print(f"{language:8}{len(ranks):10}{means[-1]:8.3f}{statistics.median(seconds):9.2f}", flush=True)
    print(f"{'mean':18}{statistics.fmean(means):8.3f}")
    database.close()
    return 0


def measure(
    database: Database, text: FullText, articles: dict[int, Article], language: str
) -> tuple[list[int], list[float]]:
    """Return the rank of each heading, 0 if it was not found, and the seconds that each lexicon took."""
    ranks, seconds = [], []
    for number, article in articles.items():
        questions = list(headings(article, language))
        if not questions:
            continue
        start = time.perf_counter()
        builder = LexiconBuilder(SOURCE)
        for other, each in articles.items():
            if other != number and language in each.documents:
                documents = {tag: each.documents[tag] for tag in (SOURCE, language) if tag in each.documents}
                builder.add(each._replace(documents=documents))
        save_lexicon(database, builder.learn(), SOURCE, len(articles))
        seconds.append(time.perf_counter() - start)
        for question, section in questions:
            hits = find(database, text, parse_query(question), Scope((language,), limit=TOP)).hits
            places = [(hit.article, hit.section) for hit in hits[:TOP]]
            ranks.append(places.index((number, section)) + 1 if (number, section) in places else 0)
    return ranks, seconds


def headings(article: Article, language: str) -> Iterator[tuple[str, str]]:
    """Yield the English headings of an article that are translated, with the numbers of their sections."""
    for section in article.sections:
        found = section_headings(article, section)
        if SOURCE in found and language in found and found[SOURCE] != found[language]:
            yield found[SOURCE], section.number
