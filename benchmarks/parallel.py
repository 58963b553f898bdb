"""Correctness of pages in several languages: all translations of the corpora at several widths.

A page is correct when rendering does not raise, no line is wider than the page, every word of each language is there
in order, and corresponding blocks start on the same line. Pages of two languages are rendered in both orders, at
five widths; pages of three languages at two widths. Each is rendered in the default arrangement, in columns and
interleaved.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from pathlib import Path

from benchmarks.support import CHECKOUT
from benchmarks.support.command_line import add_corpora, add_source, parser_for
from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.article import Article
from relmgr_cli.layout.arrangement import lay_out
from relmgr_cli.store.articles import list_articles, load_article
from relmgr_cli.store.database import in_memory
from relmgr_cli.store.sync import sync

WIDTHS = {2: (20, 40, 80, 120, 200), 3: (80, 160)}  # number of languages -> cells
ARRANGEMENTS = (None, Arrangement.COLUMNS, Arrangement.INTERLEAVED)
MAX_TEXT_WIDTH = 88
MAX_SHOWN = 4  # faulty pages for each width

PageSize = tuple[int, int]  # number of languages, width


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    add_source(parser)
    options = parser.parse_args(argv)
    sys.path += [str(CHECKOUT / "tests"), str(CHECKOUT / "tests" / "layout")]  # the checks are those of the tests
    pages, correct, in_columns = Counter[PageSize](), Counter[PageSize](), Counter[PageSize]()
    start = time.perf_counter()
    for folder in sorted((options.corpora / "raw").glob(options.source or "*")):
        for article in translated_articles(folder):
            check_article(article, pages, correct, in_columns)
        print(f"{folder.name:20}{correct.total():8} of {pages.total()} pages", flush=True)
    print(f"\n{'languages':>10}{'width':>7}{'pages':>9}{'correct':>9}  in columns by default")
    for size in sorted(pages):
        columns = f"{in_columns[size]} of {pages[size] // len(ARRANGEMENTS)}"
        print(f"{size[0]:10}{size[1]:7}{pages[size]:9}{correct[size]:9}  {columns}")
    print(f"{time.perf_counter() - start:.0f} s")
    return int(pages != correct)


def translated_articles(folder: Path) -> Iterator[Article]:
    database = in_memory()
    sync(database, [folder])
    for summary in list_articles(database):
        if len(summary.documents) > 1:
            yield load_article(database, summary.number)


def check_article(
    article: Article, pages: Counter[PageSize], correct: Counter[PageSize], in_columns: Counter[PageSize]
) -> None:
    """Render an article in all ways, and count its pages."""
    from pages import screen

    for languages in (*permutations(article.documents, 2), *combinations(article.documents, 3)):
        for width in WIDTHS[len(languages)]:
            size = (len(languages), width)
            for arrangement in ARRANGEMENTS:
                faults = page_faults(article, languages, width, arrangement)
                pages[size] += 1
                correct[size] += not faults
                if faults and pages[size] - correct[size] <= MAX_SHOWN:
                    print(f"    {article.id} {languages} {width} {arrangement}: {faults[0][:300]}")
            in_columns[size] += lay_out(article, languages, screen(width)).arrangement is Arrangement.COLUMNS


def page_faults(article: Article, languages: Sequence[str], width: int, arrangement: Arrangement | None) -> list[str]:
    from columns import faults_in
    from pages import screen

    try:
        return faults_in(
            article, languages, screen(width)._replace(max_text_width=min(width, MAX_TEXT_WIDTH)), arrangement
        )
    except Exception as error:  # noqa: BLE001 (what is raised is counted as a fault)
        return [f"{type(error).__name__}: {error}"]
