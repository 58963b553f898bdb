"""Stale translations found by history alone, against the commits that the pages of a repository name.

FOLDER is a library in a git work tree whose translations name in their front matter the commit of the source that they
were made from (`default_lang_commit`). A page is stale in truth if the prose of its source has changed since that
commit, and so is each section whose prose has. The front matter is hidden from the judgement. Printed are precision and
recall of pages and of sections, the share of the pages found by comparing dates of commits, and the seconds that the
status of the library takes, from nothing and again, with those of processor time.
"""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import BUILD
from benchmarks.support.command_line import parser_for
from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.core.translation_status import LibraryStatus, library_status
from relmgr_cli.health.history import DocumentHistory
from relmgr_cli.health.status import CURRENT, MISSING, STALE, TranslationStatus
from relmgr_cli.store.history import library_documents, load_fingerprints, load_versions
from relmgr_cli.surroundings import work_tree_of


class Page(NamedTuple):
    """A translation that names a commit of its source."""

    path: str
    status: TranslationStatus
    by_date: bool  # stale, if dates of commits are compared
    is_stale: bool  # in truth
    stale_sections: frozenset[str]  # in truth, by number


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--errors", action="store_true", help="print the pages that are judged wrongly")
    options = parser.parse_args(argv)
    cache = BUILD / "status"
    shutil.rmtree(cache, ignore_errors=True)
    library, status, cold = _timed_status(options.folder, cache)
    library.database.close()
    library, status, warm = _timed_status(options.folder, cache)
    print(f"{sum(len(a.translations) for a in status.articles)} translations, {len(status.history.commits)} commits")
    for name, (seconds, processor) in (("from nothing", cold), ("again", warm)):
        print(f"{name:16}{seconds:8.1f} s, {processor:.1f} s of processor time")
    pages = list(_pages(library, status))
    print(f"{len(pages)} pages name a commit, {sum(page.is_stale for page in pages)} of them are stale")
    found = [(page.status.state == STALE, page.is_stale) for page in pages]
    _print_row("pages", found)
    _print_row("pages by date", [(page.by_date, page.is_stale) for page in pages])
    sections = [
        (_is_drifted(section.state, section.since), section.number in page.stale_sections)
        for page in pages
        for section in page.status.sections
        if section.source_line
    ]
    _print_row("sections", sections)
    if options.errors:
        for page, (judged, truth) in zip(pages, found, strict=True):
            if judged != truth:
                states = ", ".join(f"{s.number} {s.state}" for s in page.status.sections if s.state != CURRENT)
                print(f"{'+' if judged else '-'} {page.path}: {states} (in truth {', '.join(page.stale_sections)})")
    library.database.close()
    return 0


def _is_drifted(state: str, since: int | None) -> bool:
    return state == STALE or (state == MISSING and since is not None)


def _timed_status(folder: Path, cache: Path) -> tuple[Library, LibraryStatus, tuple[float, float]]:
    start, processor = time.perf_counter(), sum(os.times()[:4])
    library = open_library([folder], cache, QuietReporter())
    status = library_status(library, believes_front_matter=False)
    return library, status, (time.perf_counter() - start, sum(os.times()[:4]) - processor)


def _pages(library: Library, status: LibraryStatus) -> Iterator[Page]:
    database = library.database
    named = library_status(library).history  # with what the front matter says
    documents = {(each.root, each.path): each for each in library_documents(database)}
    top = os.path.realpath(work_tree_of(str(library.roots[0])))
    prefix = os.path.relpath(os.path.realpath(library.roots[0]), top)
    sources = {os.path.normpath(os.path.join(prefix, article.path)): article for article in status.articles}
    versions = load_versions(database, top, named.numbers, [os.fsencode(path) for path in sources])
    for path, article in sources.items():
        source = documents.get((article.root, article.path))
        source_history = named.documents.get(source.id) if source else None
        for translation in article.translations:
            own = documents.get((translation.root, translation.path))
            history = named.documents.get(own.id) if own else None
            commit = history and history.source_commit and named.number_of(history.source_commit)
            if not commit or not source_history or not history:
                continue
            found = [version for version in versions[os.fsencode(path)] if version.number <= commit]
            if not found or not found[0].blob:
                continue
            fingerprints = load_fingerprints(database, [found[0].blob, versions[os.fsencode(path)][0].blob])
            old = set(fingerprints[found[0].blob])
            now = fingerprints[versions[os.fsencode(path)][0].blob]
            stale_lines = {line for line, each in zip(source_history.lines, now, strict=False) if each not in old}
            stale = {
                section.number
                for section in translation.sections
                if section.source_line and _line_of(source_history, section.source_line) in stale_lines
            }
            is_stale = bool(set(now) ^ old)
            by_date = source_history.counts[0][0] > history.counts[0][0]
            yield Page(translation.path, translation, by_date, is_stale, frozenset(stale))


def _line_of(history: DocumentHistory, line: int) -> int:
    return max((each for each in history.lines if each <= line), default=0)


def _print_row(name: str, found: Sequence[tuple[bool, bool]]) -> None:
    hits = sum(judged and truth for judged, truth in found)
    precision = hits / max(1, sum(judged for judged, _ in found))
    recall = hits / max(1, sum(truth for _, truth in found))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"{name:16}P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}")
