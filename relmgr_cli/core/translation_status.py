"""The state of a library's translations: the use case of `relmgr status`, `diff` and the marks of other commands."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from relmgr_cli import messages
from relmgr_cli.core.library import Library
from relmgr_cli.core.paths import choose_files, excluded_by
from relmgr_cli.errors import LanguageUnknownError, SettingError
from relmgr_cli.health.history import LibraryHistory, library_history
from relmgr_cli.health.section_states import ComparedSection, compare_sections, sections_from_json, sections_to_json
from relmgr_cli.health.status import CURRENT, ArticleStatus, Translation, judge_translation, missing_translation
from relmgr_cli.processes import ProcessPool, usable_cores
from relmgr_cli.project import StatusSettings
from relmgr_cli.store.article_builder import align_article, align_missing
from relmgr_cli.store.articles import (
    ArticleRows,
    ArticleSummary,
    article_from_rows,
    list_articles,
    load_article_rows,
)
from relmgr_cli.store.database import with_memory_fallback
from relmgr_cli.store.health import TranslationStates, load_health, save_health, save_states
from relmgr_cli.store.history import DocumentRow, library_documents

# Of the articles with translations, for a language that all are translated from.
_MIN_ARTICLES, _MIN_SOURCE_SHARE = 5, 0.8
_MIN_PARALLEL_ARTICLES = 60  # fewer are compared before a second process has started
_FEW = 20  # articles; if more are asked for, the whole library is aligned, on all cores


class LibraryStatus(NamedTuple):
    """The state of the translations of a library."""

    articles: tuple[ArticleStatus, ...]  # in the order of the library
    languages: tuple[str, ...]  # that are translated into, the most frequent first
    history: LibraryHistory


def library_status(
    library: Library,
    languages: Collection[str] = (),
    articles: Collection[int] | None = None,
    *,
    believes_front_matter: bool = True,
) -> LibraryStatus:
    """Return the state of the translations into some languages of some articles; of all if none are given.

    `believes_front_matter` uses the commit of the source that a translation names. Raises DatabaseError.
    """
    work = partial(_library_status, library, languages, articles, believes_front_matter=believes_front_matter)
    return with_memory_fallback(library.database, work, library.reporter.warn)


def _library_status(
    library: Library, languages: Collection[str], articles: Collection[int] | None, *, believes_front_matter: bool
) -> LibraryStatus:
    database = library.database
    settings = status_settings(library)
    everything = list_articles(database)
    summaries = [each for each in everything if articles is None or each.number in articles]
    if settings.exclude and articles is None:
        is_excluded = excluded_by(library, settings.exclude)
        summaries = [each for each in summaries if not is_excluded((each.documents[0].root, each.documents[0].path))]
    wanted = (
        tuple(languages) or settings.languages or translated_languages(summaries if articles is None else everything)
    )
    sourceless = articles_without_source(everything)
    with_source = [each for each in summaries if each.number not in sourceless]
    translated = [each for each in with_source if ({*each.languages} - {each.source}) & {*wanted}]
    compared = _comparisons(library, [each.number for each in translated])
    documents = [each for each in library_documents(database) if each.article in compared]
    source_languages = {each.number: each.source for each in translated}
    judged = _judged_documents(documents, source_languages, wanted)
    with library.reporter.progress(messages.READING_HISTORY) as progress:
        history = library_history(database, judged, progress, sources=source_languages)
    if not believes_front_matter:
        without = {id_: each._replace(source_commit="") for id_, each in history.documents.items()}
        history = history._replace(documents=without)
    rows = {(each.article, each.language): each for each in documents}
    found = tuple(
        ArticleStatus(each.id, "", "", "", 0, ())
        if each.number in sourceless
        else _article_status(each, compared.get(each.number, []), rows, wanted, history)
        for each in summaries
    )
    if save_states(database, _states(zip(summaries, found, strict=True), rows)):
        library.reporter.on_articles_changed()  # pages have other marks
    return LibraryStatus(found, wanted, history)


def update_states(library: Library, articles: Collection[int] | None = None) -> LibraryHistory | None:
    """Find out which sections are not up to date, for pages to mark them; return the history.

    Does nothing and returns None outside git work trees, without git, and for the bundled articles. Raises
    DatabaseError.
    """
    from shutil import which

    from relmgr_cli.config import bundled_seeds
    from relmgr_cli.surroundings import work_tree_of

    roots = [os.path.realpath(root) for root in library.roots]
    if roots == [os.path.realpath(bundled_seeds())] or not any(map(work_tree_of, roots)) or not which("git"):
        return None
    return library_status(library, articles=articles).history


def _states(
    found: Iterable[tuple[ArticleSummary, ArticleStatus]], rows: Mapping[tuple[int, str], DocumentRow]
) -> Iterator[TranslationStates]:
    """Yield the sections of each translation that are not up to date, for pages to mark them."""
    for article, status in found:
        source = rows.get((article.number, article.source))
        for translation in status.translations:
            own = rows.get((article.number, translation.language))
            if source and own:
                states = {each.number: each.state for each in translation.sections if each.state != CURRENT}
                yield TranslationStates(own.id, own.revision, source.id, source.revision, states)


def translated_languages(articles: Sequence[ArticleSummary]) -> tuple[str, ...]:
    """Return the languages that articles are translated into, the most frequent first."""
    counts: dict[str, int] = {}
    for article in articles:
        for document in article.documents:
            if document.language != article.source and len(article.documents) > 1:
                counts[document.language] = counts.get(document.language, 0) + 1
    return tuple(sorted(counts, key=lambda tag: (-counts[tag], tag)))


def articles_without_source(articles: Sequence[ArticleSummary]) -> frozenset[int]:
    """Return the numbers of the articles without a file in the language that nearly all others are translated from.

    What their files are translated from is not in the library.
    """
    counts = Counter(each.source for each in articles if len(each.documents) > 1)
    main, count = counts.most_common(1)[0] if counts else ("", 0)
    if count < max(_MIN_ARTICLES, _MIN_SOURCE_SHARE * counts.total()):
        return frozenset()
    return frozenset(each.number for each in articles if main not in each.languages)


def status_settings(library: Library) -> StatusSettings:
    """Return the table `status` of the relmgr.toml of a library, with tags of languages."""
    from relmgr_cli.corpus.library_rules import find_project
    from relmgr_cli.languages.tags import parse_languages

    project = find_project(library.roots)
    if project is None:
        return StatusSettings()
    try:
        languages = parse_languages(",".join(project.status.languages))
    except LanguageUnknownError as error:
        reason = messages.SETTING_OF_KEY.fill(key="status.languages", reason=error)
        raise SettingError(project.path, reason) from None
    return project.status._replace(languages=tuple(languages))


def unavailable_history(history: LibraryHistory) -> str:
    """Return why nothing can be called stale; "" if the history is known."""
    if history.is_shallow:
        return messages.SHALLOW_CLONE.fill()
    return messages.NO_GIT_HISTORY.fill(reason=history.reason) if history.reason else ""


class Selection(NamedTuple):
    """What paths and articles that a user names mean."""

    articles: frozenset[int]
    languages: tuple[str, ...]  # of the files, if no source is among them; else ()


def select(library: Library, names: Sequence[str]) -> Selection:
    """Return the articles that names mean, see `core.paths.choose_files`."""
    files = choose_files(library, names)
    sources = {each.number: each.source for each in list_articles(library.database)}
    documents = [each for each in library_documents(library.database) if (each.root, each.path) in files]
    languages = dict.fromkeys(each.language for each in documents)
    has_source = any(each.language == sources.get(each.article) for each in documents)
    return Selection(frozenset(each.article for each in documents), () if has_source else tuple(languages))


def _judged_documents(
    documents: Sequence[DocumentRow], sources: Mapping[int, str], wanted: Collection[str]
) -> list[DocumentRow]:
    """Return the translations into the wanted languages, and their sources."""
    translated = {
        each.article for each in documents if each.language in wanted and each.language != sources[each.article]
    }
    return [
        each
        for each in documents
        if each.article in translated and (each.language in wanted or each.language == sources[each.article])
    ]


def _article_status(
    article: ArticleSummary,
    sections: Sequence[ComparedSection],
    rows: Mapping[tuple[int, str], DocumentRow],
    languages: Collection[str],
    history: LibraryHistory,
) -> ArticleStatus:
    source = next((each for each in article.documents if each.language == article.source), None)
    source_row = rows.get((article.number, article.source))
    source_history = history.documents.get(source_row.id) if source_row else None
    own = {each.language: each for each in article.documents}
    found = []
    for language in languages:
        if language == article.source:
            continue
        if language not in own:
            found.append(missing_translation(language, article.source, sections))
            continue
        document = own[language]
        row = rows.get((article.number, language))
        translation = Translation(
            language, document.root, document.path, document.state, history.documents.get(row.id) if row else None
        )
        found.append(judge_translation(translation, article.source, sections, source_history, history))
    root, path, words = (source.root, source.path, source.words) if source else ("", "", 0)
    return ArticleStatus(article.id, article.source, root, path, words, tuple(found))


def _comparisons(library: Library, numbers: Sequence[int]) -> dict[int, list[ComparedSection]]:
    """Return the compared sections of articles by number, from the database where they are known."""
    database = library.database
    if len(numbers) <= _FEW:
        for number in numbers:
            align_article(database, number)
    else:
        with library.reporter.progress(messages.ALIGNING) as progress:
            align_missing(database, progress)
    version = database.get("articles_version")
    known = load_health(database, "comparison")
    due = [number for number in numbers if number not in known]
    fresh: dict[int, Any] = {}
    cores = usable_cores() if len(due) >= _MIN_PARALLEL_ARTICLES else 1
    with ProcessPool(_compare, cores) as pool, library.reporter.progress(messages.COMPARING_TRANSLATIONS) as progress:
        tasks = (load_article_rows(database, number) for number in due)
        for number, found in zip(due, pool.map(tasks), strict=True):
            fresh[number] = found
            if progress:
                progress(len(fresh), len(due))
    if fresh:
        save_health(database, "comparison", fresh, version)
    known |= fresh
    return {number: sections_from_json(known[number]) for number in numbers}


def _compare(rows: ArticleRows) -> list[object]:
    return sections_to_json(compare_sections(article_from_rows(rows)))
