"""Whether pages in several languages are right: every pair of the corpora at five widths, three languages at two.

    python benchmarks/parallel.py [CORPORA]

A page is right when nothing raises, no line is too wide, every word of each language is there in its order, and
counterparts start on one row. Of every pair both orders are shown, side by side or interleaved as it comes, and
both when asked for.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from pathlib import Path

from relmgr_cli.index.catalogue import in_memory
from relmgr_cli.index.queries import list_articles, load_article
from relmgr_cli.index.sync import sync
from relmgr_cli.library.articles import Article
from relmgr_cli.render.arrangement import lay_out
from relmgr_cli.settings import Arrangement

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "render")]
from columns import faults_in  # noqa: E402 (beside the tests)
from pages import screen  # noqa: E402

DEFAULT = ROOT.parent / "shared" / "corpora"
WIDTHS = {2: (20, 40, 80, 120, 200), 3: (80, 160)}
_MOST_SHOWN = 4  # faults of each width
ARRANGEMENTS = (None, Arrangement.COLUMNS, Arrangement.INTERLEAVED)


def articles_in(folder: Path) -> Iterator[Article]:
    catalogue = in_memory()
    sync(catalogue, [folder])
    for summary in list_articles(catalogue):
        if len(summary.documents) > 1:
            yield load_article(catalogue, summary.number)


def choices(article: Article) -> Iterator[Sequence[str]]:
    yield from permutations(article.documents, 2)
    yield from combinations(article.documents, 3)


def faults_at(article: Article, languages: Sequence[str], width: int, arrangement: Arrangement | None) -> list[str]:
    try:
        return faults_in(article, languages, screen(width)._replace(measure=min(width, 88)), arrangement)
    except Exception as error:  # noqa: BLE001 (the benchmark counts what raises)
        return [f"{type(error).__name__}: {error}"]


def main() -> None:
    corpora = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not corpora.is_dir():
        sys.exit(f"no corpora in {corpora}")
    pages, right, columns = Counter[tuple[int, int]](), Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    start = time.perf_counter()
    for folder in sorted((corpora / "raw").iterdir()):
        for article in articles_in(folder):
            for languages in choices(article):
                for width in WIDTHS[len(languages)]:
                    key = (len(languages), width)
                    for arrangement in ARRANGEMENTS:
                        faults = faults_at(article, languages, width, arrangement)
                        pages[key] += 1
                        right[key] += not faults
                        if faults and pages[key] - right[key] <= _MOST_SHOWN:
                            print(
                                f"    {folder.name} {article.id} {languages} {width} {arrangement}: {faults[0][:300]}"
                            )
                    columns[key] += lay_out(article, languages, screen(width)).arrangement == Arrangement.COLUMNS
        print(f"{folder.name:20}{sum(right.values()):8} of {sum(pages.values())} pages", flush=True)
    print(f"\n{'languages':>10}{'width':>7}{'pages':>9}{'right':>9}  in columns where nothing was asked for")
    for key in sorted(pages):
        print(f"{key[0]:10}{key[1]:7}{pages[key]:9}{right[key]:9}  {columns[key]} of {pages[key] // len(ARRANGEMENTS)}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
