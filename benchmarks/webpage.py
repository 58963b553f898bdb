"""Size of exported web pages, and the time until a browser shows them.

Each folder is exported as one page (`relmgr export --to html`), after an export that aligned its articles. The page is
opened in headless Chromium in a window of 1280 by 900 pixels. "first paint" is when text is on the screen, "open" when
the load event is over, "work" the time of the browser's main thread until then: it depends least on what else the
machine does. "search" is the time from the query to its highlighted hits, the first one in the page, which folds all of
its text. All are medians.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.support import CHECKOUT
from benchmarks.support.command_line import add_corpora, add_runs, parser_for
from benchmarks.support.processes import RELMGR, environment

if TYPE_CHECKING:
    from support.chromium import Page

_CORPORA = (("nuget", "en,pl"), ("reactjs", "en,pl"), ("reactjs", "en,pl,ru"))
_TIMES = """(() => {
  const { loadEventEnd } = performance.getEntriesByType("navigation")[0];
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return paint && loadEventEnd ? [paint.startTime, loadEventEnd] : null;
})()"""
_SEARCH = """(() => {
  const field = document.querySelector(".search input");
  field.value = "the";
  const start = performance.now();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  return performance.now() - start;
})()"""


class Opening(NamedTuple):
    """Times of one opening of a page, in milliseconds."""

    paint: float
    load: float
    work: float
    search: float


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    add_runs(parser, 9)
    parser.add_argument("--folder", metavar="PATH", help="export this folder instead of the corpora")
    parser.add_argument("--lang", metavar="TAGS", default="en,pl", help="its languages (default: %(default)s)")
    options = parser.parse_args(argv)
    folders = [(options.corpora / "raw" / name, languages) for name, languages in _CORPORA]
    if options.folder:
        folders = [(Path(options.folder), options.lang)]
    sys.path.insert(0, str(CHECKOUT / "tests"))
    from support.chromium import CHROMIUM, browser

    if not CHROMIUM:
        sys.exit("needs Chromium")
    print("| folder | languages | articles | units | MB | export s | first paint ms | open ms | work ms | search ms |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="relmgr-webpage-") as home, browser(Path(home) / "profile") as page:
        for folder, languages in folders:
            path = Path(home) / "page.html"
            seconds = [_export(folder, languages, path) for _ in range(2)][-1]
            source = path.read_text(encoding="utf-8")
            openings = [_open(page, path) for _ in range(options.runs)]
            counts = [source.count("<article "), source.count('<div class="row')]
            figures = [f"{count:,}" for count in counts] + [f"{path.stat().st_size / 1e6:.1f}", f"{seconds:.1f}"]
            figures += [f"{statistics.median(times):.0f}" for times in zip(*openings, strict=True)]
            print(f"| {folder.name} | {languages} | {' | '.join(figures)} |", flush=True)
    return 0


def _export(folder: Path, languages: str, path: Path) -> float:
    """Export a folder and return how long it took."""
    command = [*RELMGR, "-C", str(folder), "export", "--to", "html", "--lang", languages, "-o", str(path), "--force"]
    variables = {**environment(path.parent), "PYTHONPATH": str(CHECKOUT)}
    start = time.perf_counter()
    subprocess.run(command, check=True, env=variables, stderr=subprocess.DEVNULL, cwd=os.fspath(CHECKOUT))
    return time.perf_counter() - start


def _open(page: "Page", path: Path) -> Opening:
    """Open a page and search in it."""
    page.call("Performance.enable", timeDomain="timeTicks")
    before = _work(page)
    page.open(path)
    times: list[float] | None = None
    while times is None:
        times = page.evaluate(_TIMES)
    work = _work(page)
    paint, load = times
    return Opening(paint, load, (work - before if work > before else work) * 1000, page.evaluate(_SEARCH))


def _work(page: "Page") -> float:
    """Return the seconds that the main thread has worked."""
    metrics = page.call("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))
