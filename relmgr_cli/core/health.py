"""Use cases about the health of translations: checks each article once, and again when it changes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli import file_messages, messages
from relmgr_cli.core.library import Library
from relmgr_cli.core.translation_status import LibraryStatus, articles_without_source
from relmgr_cli.errors import FileRefusedError
from relmgr_cli.health.comparison import LinkTarget, LinkTargets
from relmgr_cli.health.findings import INFO, WARNING, Finding, finding
from relmgr_cli.health.history import LibraryHistory
from relmgr_cli.health.status import STALE, UNKNOWN_COMMIT, TranslationStatus
from relmgr_cli.store.article_builder import LibraryChangedError, align_missing
from relmgr_cli.store.articles import ArticleRows, list_articles
from relmgr_cli.store.database import Database, with_memory_fallback

if TYPE_CHECKING:
    from relmgr_cli.health.glossary import Glossary

_MIN_PARALLEL_ARTICLES = 60  # fewer are checked before a second process has started
HISTORY_CODES = frozenset(["stale", "metadata"])
_OF_ONE_FILE = frozenset(["link-broken", "broken-markup", "invalid-front-matter"])  # found without a source
_BATCH = 64  # articles whose findings are stored at once


class CheckedDocument(NamedTuple):
    """A file of an article."""

    root: str
    path: str  # below it


class CheckedArticle(NamedTuple):
    """An article and what was found in it."""

    number: int
    id: str
    source: str  # its language; one of the documents
    documents: Mapping[str, CheckedDocument]  # by language, the source first
    findings: tuple[Finding, ...]  # by language and line


def history_findings(database: Database, status: LibraryStatus) -> dict[int, list[Finding]]:
    """Return what the history says about translations, by article."""
    numbers = {each.id: each.number for each in list_articles(database)}
    found: dict[int, list[Finding]] = {}
    for article in status.articles:
        findings = [
            each
            for translation in article.translations
            if translation.path
            for each in _findings_of_translation(translation, status.history)
        ]
        if findings and article.id in numbers:
            found[numbers[article.id]] = findings
    return found


def _findings_of_translation(translation: TranslationStatus, history: LibraryHistory) -> Iterator[Finding]:
    language = translation.language
    for section in translation.sections:
        if section.state == STALE:
            message = file_messages.CHECK_STALE.fill(date=history.date_of(section.since))
            yield finding(
                "stale",
                language,
                section.number,
                line=section.line or 1,
                source_line=section.source_line,
                message=message,
                text=section.number,
            )
    if translation.contradiction:
        severity = WARNING if translation.contradiction == UNKNOWN_COMMIT else INFO
        message = file_messages.CHECK_METADATA[translation.contradiction]
        yield finding("metadata", language, "0", line=1, source_line=None, message=message, severity=severity)


class CheckTask(NamedTuple):
    """An article to check in another process."""

    rows: ArticleRows
    links: Mapping[str, LinkTargets]  # by language


Links = Mapping[str, LinkTargets]


def check_library(library: Library, more: Mapping[int, Sequence[Finding]] | None = None) -> tuple[CheckedArticle, ...]:
    """Return all articles with their findings, by number.

    `more` are findings by article that do not come from its text, such as those about its history.
    """
    database, reporter = library.database, library.reporter
    with reporter.progress(messages.ALIGNING) as progress:
        with_memory_fallback(database, partial(align_missing, database, progress, of_one_language=True), reporter.warn)
    watched: list[str] = []
    links = _links_of_articles(database, watched)
    reporter.on_files_consulted(watched)
    known = with_memory_fallback(database, partial(_find_all, library, links), reporter.warn)
    more = more or {}
    sourceless = articles_without_source(list_articles(database))
    return tuple(
        CheckedArticle(
            number, name, source, documents, (*_kept(known.get(number, ()), is_compared), *more.get(number, ()))
        )
        for number, name, source, documents in _articles(database)
        for is_compared in [number not in sourceless]
    )


def _kept(findings: Sequence[Finding], is_compared: bool) -> Iterator[Finding]:  # noqa: FBT001 (see its name)
    """Yield the findings, of an article without a source only those that need none."""
    return (each for each in findings if is_compared or each.code in _OF_ONE_FILE or _is_about_language(each))


def _is_about_language(each: Finding) -> bool:
    """Return whether a finding is about the language that front matter names, for which no source is needed."""
    return each.code == "front-matter" and each.source_line is None


def _articles(database: Database) -> Iterator[tuple[int, str, str, dict[str, CheckedDocument]]]:
    """Yield number, id, source and documents of each article, the source first."""
    for each in list_articles(database):
        documents = {document.language: CheckedDocument(document.root, document.path) for document in each.documents}
        yield each.number, each.id, each.source if each.source in documents else next(iter(documents)), documents


def _links_of_articles(database: Database, watched: list[str]) -> Mapping[tuple[str, str], LinkTargets]:
    """Return where the links of each document lead, by its root and path; those to other sites are left out."""
    from relmgr_cli.store.links import library_links

    found = {}
    for document in library_links(database, watched=watched):
        targets = {}
        for link in document.links:
            resolved = link.resolved
            if resolved.article is not None or resolved.status == "nowhere":
                is_broken = resolved.status == "nowhere"
                lacks_anchor = resolved.note == "anchor-missing"
                targets[link.href] = LinkTarget(link.target, is_broken, lacks_anchor, resolved.note)
        if targets:
            found[document.root, document.path] = targets
    return found


def _find_all(library: Library, links: Mapping[tuple[str, str], LinkTargets]) -> Mapping[int, tuple[Finding, ...]]:
    """Return the findings of all articles by number; those that are not stored yet are computed and stored."""
    from relmgr_cli.health.check import CHECKS_VERSION
    from relmgr_cli.health.findings import findings_from_json
    from relmgr_cli.processes import ProcessPool, usable_cores
    from relmgr_cli.store.health import load_health, save_health

    database = library.database
    version = database.get("articles_version")
    stored = load_health(database, "findings")
    glossary = _glossary_of(library)
    found: dict[int, tuple[Finding, ...]] = {}
    wanted: dict[int, tuple[Links, int]] = {}
    for number, _, _, documents in _articles(database):
        own = {tag: links[document] for tag, document in documents.items() if document in links}
        key = _checksum(own, glossary)
        value = stored.get(number)
        if value and value[:2] == [CHECKS_VERSION, key]:
            found[number] = findings_from_json(value[2])
        else:
            wanted[number] = (own, key)
    cores = usable_cores() if len(wanted) >= _MIN_PARALLEL_ARTICLES else 1
    new: dict[int, object] = {}
    with (
        library.reporter.progress(messages.CHECKING) as progress,
        ProcessPool(partial(check_rows, glossary), cores) as pool,
    ):
        numbers = list(wanted)
        tasks = (_task(database, number, wanted[number][0]) for number in numbers)
        for at, (number, rows) in enumerate(zip(numbers, pool.map(tasks), strict=True)):
            if rows is None:  # another process has changed the article meanwhile
                continue
            found[number] = findings_from_json(rows)
            new[number] = [CHECKS_VERSION, wanted[number][1], rows]
            if progress:
                progress(at, len(numbers))
            if len(new) >= _BATCH:
                save_health(database, "findings", new, version)
                new = {}
    if new:
        save_health(database, "findings", new, version)
    return found


def _glossary_of(library: Library) -> "Glossary":
    """Return the glossary that a relmgr.toml of the library has. Raises SettingError."""
    from relmgr_cli.corpus.library_rules import find_root_rules
    from relmgr_cli.health.glossary import Glossary, read_glossary

    projects = (find_root_rules(root).project for root in library.roots)
    return next((read_glossary(project) for project in projects if project is not None), Glossary())


def _checksum(links: Links, glossary: "Glossary") -> int:
    """Return a number that changes with where the links of an article lead, and with the glossary."""
    from zlib import crc32

    facts = [*sorted((tag, sorted(each.items())) for tag, each in links.items()), glossary.entries]
    return crc32(repr(facts).encode("utf-8", "replace"))


def _task(database: Database, number: int, links: Links) -> CheckTask | None:
    from relmgr_cli.store.articles import load_article_rows

    with suppress(LibraryChangedError):
        return CheckTask(load_article_rows(database, number), links)
    return None


def check_rows(glossary: "Glossary", task: CheckTask | None) -> list[object] | None:
    """Return the findings of an article as JSON: a function of values that processes can send each other."""
    from relmgr_cli.corpus.files import read_text
    from relmgr_cli.health.check import check_article
    from relmgr_cli.health.findings import findings_to_json
    from relmgr_cli.store.articles import article_from_rows

    if task is None:
        return None
    article = article_from_rows(task.rows)
    texts = {}
    for language, document in article.documents.items():
        with suppress(FileRefusedError):
            texts[language] = read_text(document.root, document.path)[0]
    return findings_to_json(check_article(article, texts=texts, links=task.links, glossary=glossary))
