"""An open library: synced with its files, paired, aligned, learnt from, searched.

Learning is expensive and has one budget: a command that a user waits for embeds at most `MAX_PASSAGES_INTERACTIVE`
passages; `relmgr index` embeds any number. An index that cannot be written is replaced by a copy in memory. A front end
passes a `Reporter` for progress and notes.
"""

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from relmgr_cli import file_messages, messages
from relmgr_cli.core.learning import (
    count_unlearnt,
    learn_all,
    learn_passages,
    learning_state,
)
from relmgr_cli.corpus.files import SUFFIXES
from relmgr_cli.errors import FileRefusedError, LibraryEmptyError, RelmgrError
from relmgr_cli.store import article_builder
from relmgr_cli.store.database import (
    Database,
    DatabaseError,
    Progress,
    in_memory,
    library_key,
    open_database,
    with_memory_fallback,
)
from relmgr_cli.store.name_lookup import count_articles, count_documents
from relmgr_cli.store.sync import SyncReport, has_file, sync

if TYPE_CHECKING:
    from relmgr_cli.corpus.article import Article
    from relmgr_cli.search.file_lines import FoundLines
    from relmgr_cli.search.in_article import BlockMatch
    from relmgr_cli.search.results import Results
    from relmgr_cli.search.retrieval import Scope
    from relmgr_cli.store.fulltext import FullText
    from relmgr_cli.store.links import ResolvedLink

MAX_PASSAGES_INTERACTIVE = 1000  # takes the encoder some seconds
MAX_PASSAGES_TO_PAIR = 1500  # the first passages of about 120 documents; this is done once
SMALL_LIBRARY_DOCUMENTS = 400


class Reporter(Protocol):
    """How a front end shows progress and notes; by default not at all."""

    def progress(self, task: str) -> AbstractContextManager[Progress | None]:  # noqa: ARG002 (shows nothing)
        """Show the progress of a task while the context is open."""
        return nullcontext()

    def note(self, message: str) -> None:  # noqa: ARG002
        """Report what is missing from the result; the note is part of it."""
        return

    def warn(self, message: str) -> None:  # noqa: ARG002
        """Report a fault of the index that does not affect the result."""
        return

    def on_articles_changed(self) -> None:
        """Invalidate cached output: articles were paired again although no file has changed."""
        return

    def on_incomplete_index(self) -> None:
        """Do not cache this output: another process may be completing the index."""
        return

    def on_files_consulted(self, paths: Sequence[str]) -> None:  # noqa: ARG002
        """Cache the output only as long as these files and folders, which may not exist, do not change."""
        return


class QuietReporter(Reporter):
    """Reports nothing."""


class Library(NamedTuple):
    """An open library. Its methods raise DatabaseError if the database cannot be used, not even in memory."""

    database: Database
    roots: tuple[Path, ...]
    report: SyncReport  # of opening it
    reporter: Reporter
    paths: frozenset[str] | None = None  # of the only files to read, below the root; None for all
    is_limited: bool = True  # False: no budget for embedding
    reread: "Callable[[Database], object] | None" = None  # reads named files again; None where `sync` does that

    @property
    def key(self) -> str:
        """A file name that identifies this library."""
        return library_key(self.roots)

    @property
    def max_passages(self) -> int | None:
        """The budget for one request, in passages to embed; None for no limit."""
        return MAX_PASSAGES_INTERACTIVE if self.is_limited else None

    @property
    def is_small(self) -> bool:
        """Whether there are so few documents that pairing them again takes no noticeable time."""
        return count_documents(self.database) <= SMALL_LIBRARY_DOCUMENTS

    @property
    def has_single_article(self) -> bool:
        """Whether there is exactly one article, so that links can lead to no other."""
        return count_articles(self.database) == 1

    def empty_error(self) -> LibraryEmptyError:
        """Return the error for a library without documents."""
        from relmgr_cli.corpus.library_rules import excluding_file

        excluded_by = next(filter(None, map(excluding_file, self.roots)), "")
        return LibraryEmptyError([str(root) for root in self.roots], SUFFIXES, excluded_by)

    def refresh(self) -> None:
        """Sync with the files again; if that fails, do nothing."""
        with suppress(RelmgrError, DatabaseError, OSError):  # such as a disk that is not mounted
            if self.reread:
                self.reread(self.database)
                return
            sync(self.database, self.roots, None, self.paths)

    def pair_semantically(self, *, is_noted: bool = False) -> bool:
        """Compare untranslated documents by content; return True if any were compared.

        If that is over budget, nothing is done; with `is_noted` a note says what to run instead. A folder without
        structure is always compared, because content is the only way to pair its files.
        """
        database = self.database
        if not article_builder.semantic_pairing_pending(database):
            return False
        if self.is_limited and article_builder.semantic_pairing_cost(database) > MAX_PASSAGES_TO_PAIR:
            if is_noted:
                self.reporter.note(messages.UNTRANSLATED_FILES.fill())
            return False
        with self.reporter.progress(messages.COMPARING_FILES) as progress:
            work = partial(article_builder.pair_semantically, database, progress)
            with_memory_fallback(database, work, self.reporter.note)
        self.reporter.on_articles_changed()
        return True

    def realign_with_embeddings(self) -> bool:
        """Align all articles again that were aligned without embeddings; return True if there were any."""
        with self.reporter.progress(messages.ALIGNING) as progress:
            work = partial(article_builder.align_all, self.database, progress)
            return with_memory_fallback(self.database, work, self.reporter.warn) > 0

    def learn(self) -> bool:
        """Learn words and embed passages within the budget; return True if nothing is left to learn."""
        if self.max_passages is None:
            return learn_all(self.database, self.reporter.progress, timeout=math.inf)
        missing = count_unlearnt(self.database, self.max_passages)
        if missing > self.max_passages:
            return False
        return not missing or learn_all(self.database, self.reporter.progress)

    def learn_more(self) -> None:
        """Embed some more passages of a library that is too large to learn at once; if that fails, do nothing."""
        if not self.database.folder or self.max_passages is None:
            return
        if count_unlearnt(self.database, self.max_passages) > self.max_passages:
            with suppress(RelmgrError, DatabaseError, OSError):
                learn_passages(self.database, self.reporter.progress, self.max_passages)

    def prepare_search(self, *, exact: bool = False) -> "FullText":
        """Return the updated full-text index; learn within the budget unless the search is `exact`."""
        from relmgr_cli.store.fulltext import open_fulltext

        def prepare() -> "tuple[FullText, bool]":
            with self.reporter.progress(messages.INDEXING_WORDS) as progress:
                text = open_fulltext(self.database, progress)
            return text, exact or self.learn()

        text, is_learnt = with_memory_fallback(self.database, prepare, self.reporter.warn)
        if text.was_corrupt:
            self.reporter.warn(messages.FULLTEXT_REBUILT)
        if not is_learnt:
            self.reporter.on_incomplete_index()
            state = learning_state(self.database)
            message = messages.PARTLY_LEARNT if state.missing else messages.WORDS_UNLEARNT
            self.reporter.note(message.fill(percent=state.percent))
        return text

    def search(
        self, question: str, scope: "Scope", preferred: Sequence[str], max_languages: int | None = None
    ) -> "Results":
        """Return the sections that answer a question, best first; `preferred` are the reader's languages, best first.

        `max_languages` limits those of a hit, see `search.results.search`. Raises LibraryChangedError.
        """
        from relmgr_cli.search.results import search

        text = self.prepare_search(exact=scope.exact)
        return search(self.database, text, question, scope, preferred, max_languages=max_languages)

    def search_pattern(self, pattern: str, scope: "Scope", preferred: Sequence[str]) -> "Results":
        """Return the sections that a regular expression matches, in the order of the library.

        Raises PatternInvalidError, PatternSlowError or LibraryChangedError.
        """
        from relmgr_cli.search.regex_search import search_pattern

        return search_pattern(self.database, pattern, scope, preferred)

    def find_lines(
        self, question: str, scope: "Scope", preferred: Sequence[str], limit: int | None, *, is_regex: bool
    ) -> "FoundLines":
        """Return the lines of files that match a query or a regular expression, with a `limit` only some of them.

        See `search.file_lines`. Raises PatternInvalidError, PatternSlowError or LibraryChangedError.
        """
        from relmgr_cli.search.file_lines import find_lines, find_pattern_lines

        if is_regex:
            return find_pattern_lines(self.database, question, scope, limit)
        text = self.prepare_search(exact=scope.exact)
        return find_lines(self.database, text, question, scope, preferred, limit=limit)

    def find_in_article(self, article: "Article", query: str) -> "tuple[BlockMatch, ...]":
        """Return the matches of a query in an article, in all languages, in the order of each document."""
        from relmgr_cli.search.in_article import find_in_article

        if not query.split():
            return ()
        self.prepare_search()
        return find_in_article(self.database, article, query)

    def is_learnt(self) -> bool:
        """Return True if nothing is left to learn, as a complete search by meaning needs."""
        return not count_unlearnt(self.database)

    def translate_word(
        self, text: str, span: tuple[int, int], other: str, languages: tuple[str, str]
    ) -> tuple[int, int] | None:
        """Return the span in `other` that translates a word of `text`; None if unclear.

        `languages` are those of `text` and `other`.
        """
        from relmgr_cli.search.word_alignment import find_counterpart

        return find_counterpart(self.database, text, span, other, languages)

    def translate_sentence(
        self, article: "Article", at: tuple[int, int], languages: tuple[str, str]
    ) -> list[tuple[int, int, int]]:
        """Return the sentences that translate the one at a place of a document, see `find_translation`.

        `languages` are those of the document and of the translation.
        """
        from relmgr_cli.corpus.parallel_sentences import find_translation
        from relmgr_cli.store.lexicon import lexicon_translations

        source, target = languages

        @cache
        def lexicon(stem: str) -> Mapping[str, float]:
            return lexicon_translations(self.database, source, stem, (target,)).get(target, {})

        return find_translation(article, at, source=source, target=target, lexicon=lexicon)

    def link_titles(self, article: "Article", language: str) -> Mapping[str, str]:
        """Return the titles of the articles that the links of an article lead to, see `titles_of`."""
        if self.has_single_article:
            return {}
        from relmgr_cli.store.links import article_links

        watched: list[str] = []
        links = article_links(self.database, article, language, with_sections=False, watched=watched)
        self.reporter.on_files_consulted(watched)
        return titles_of(links)


def open_library(  # noqa: PLR0913
    roots: Sequence[Path],
    cache_folder: Path | None,
    reporter: Reporter,
    *,
    article: str | None = None,
    is_limited: bool = True,
    on_open: "Callable[[Database], object]" = lambda _: None,
    fallback: Path | None = None,
) -> Library:
    """Open a library and sync it; if `article` is the path of a file outside, open that file and its translations.

    `on_open` gets the database before anything is read from it. `fallback` is the folder to open if no file of the
    library is Markdown. Raises LibraryMissingError, FileRefusedError or SettingError.
    """
    # A file in the current folder takes precedence over the library's articles, also one that is created later.
    watched: tuple[str, ...] = (os.path.abspath(article),) if article else ()
    if file := _file_elsewhere(article, roots):
        return _open_file(file, watched, reporter, on_open, cache_folder=cache_folder, is_limited=is_limited)
    database = open_database(cache_folder, roots)
    library = _open(database, roots, reporter, on_open, is_limited=is_limited, needs_markdown=fallback is not None)
    watched = (*library.report.watched, *watched)
    if fallback is not None and not library.report.has_markdown:
        database.close()
        library = open_library(
            [fallback], cache_folder, reporter, article=article, is_limited=is_limited, on_open=on_open
        )
        watched = (*library.report.watched, *watched)
    elif article and (file := _file_left_out(article, library)):
        database.close()
        return _open_file(file, watched, reporter, on_open, cache_folder=cache_folder, is_limited=is_limited)
    return library._replace(report=library.report._replace(watched=watched))


def _open_file(  # noqa: PLR0913
    file: Path,
    watched: Sequence[str],
    reporter: Reporter,
    on_open: "Callable[[Database], object]",
    *,
    cache_folder: Path | None,
    is_limited: bool,
) -> Library:
    """Open a file and its translations as a library in memory."""
    from relmgr_cli.corpus.translation_paths import find_translations

    root, paths, found_at = find_translations(file)
    database = in_memory(cache_folder=cache_folder)
    library = _open(database, (root,), reporter, on_open, is_limited=is_limited, paths=paths)
    return library._replace(report=library.report._replace(watched=(*library.report.watched, *watched, *found_at)))


def _open(  # noqa: PLR0913
    database: Database,
    roots: Sequence[Path],
    reporter: Reporter,
    on_open: "Callable[[Database], object]",
    *,
    is_limited: bool,
    paths: frozenset[str] | None = None,
    needs_markdown: bool = False,
) -> Library:
    on_open(database)
    with reporter.progress(messages.READING_FILES) as progress:
        work = partial(sync, database, roots, progress, paths, needs_markdown=needs_markdown)
        report = with_memory_fallback(database, work, reporter.warn)
    database.may_copy = is_limited  # minutes of work are not repeated for an index that is lost at the end
    if database.notice:
        reporter.warn(database.notice)
    return Library(database, tuple(roots), report, reporter, paths, is_limited)


def _file_elsewhere(article: str | None, roots: Sequence[Path]) -> Path | None:
    """Return the path `article` if it is a file outside the library. Raises FileRefusedError."""
    if article is None or "\0" in article or not (os.sep in article or os.path.splitext(article)[1]):
        return None
    path = os.path.realpath(article)
    if os.path.lexists(article) and not os.path.exists(path):
        raise FileRefusedError(article, file_messages.BROKEN_SYMLINK)
    is_inside = any(_is_inside(article, path, root) for root in roots)
    return Path(path) if not is_inside and os.path.lexists(path) and not os.path.isdir(path) else None


def _file_left_out(article: str, library: Library) -> Path | None:
    """Return the path `article` if it is a file in a folder of the library that is not one of its documents."""
    if "\0" in article or not (os.sep in article or os.path.splitext(article)[1]) or not os.path.isfile(article):
        return None
    path = os.path.realpath(article)
    for root in library.roots:
        base, real = os.path.abspath(root), os.path.realpath(root)
        if os.path.isfile(real):
            return None
        is_below = path.startswith(os.path.join(real, ""))
        if is_below and has_file(library.database, base, os.path.relpath(path, real)):
            return None
    return Path(path)


def _is_inside(article: str, target: str, root: Path) -> bool:
    """Return True if a file is in a library folder by its name, and its `target` (links resolved) by the real path."""
    folder, real_folder = os.path.join(os.path.abspath(root), ""), os.path.join(os.path.realpath(root), "")
    is_named_inside = os.path.abspath(article).startswith(folder)
    return target.startswith(folder) or (is_named_inside and target.startswith(real_folder))


def titles_of(links: "Iterable[ResolvedLink]") -> Mapping[str, str]:
    """Return the title of the target article of each link into the library, by its href; "" for a broken link."""
    inside = [link for link in links if link.resolved.status != "outside" and not link.href.startswith("#")]
    return {link.href: link.title for link in inside}
