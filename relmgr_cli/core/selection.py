"""Find the article, section and languages that a request means."""

import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.config import Settings
from relmgr_cli.core.library import Library
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE
from relmgr_cli.corpus.files import SUFFIXES
from relmgr_cli.errors import (
    LanguageAbsentError,
    LanguageUnknownError,
    RelmgrError,
    SectionAmbiguousError,
    SectionNotFoundError,
    TranslationMissingError,
)
from relmgr_cli.languages.tags import match_language, parse_languages, preferred_languages
from relmgr_cli.store.articles import section_headings
from relmgr_cli.store.name_lookup import (
    UntranslatedFile,
    count_articles,
    find_article,
    is_untranslated,
    languages_of,
    library_languages,
    problems_without_article,
    refused_file,
    title_of,
    untranslated_files,
)
from relmgr_cli.store.reading_state import read_last_read, write_last_read

_MAX_OTHERS = 6  # languages that a note names; of more it says how many


class ArticleChoice(NamedTuple):
    """The article of a request."""

    number: int
    id: str
    is_implicit: bool = False  # the last read one, as none was named
    language: str | None = None  # of the file whose path was given


def split_address(address: str | None) -> tuple[str | None, str | None]:
    """Return article and section of `ARTICLE#SECTION`; None for a missing part.

    `PATH:LINE` and `PATH:LINE:COLUMN`, as `relmgr search` prints them, have the section `:LINE`.
    """
    article, _, section = (address or "").partition("#")
    if not section and ":" in article:
        article, section = _split_line(article)
    return article or None, section or None


def _split_line(address: str) -> tuple[str, str]:
    path, line = address.rstrip(":"), ""
    for _ in range(2):
        head, _, number = path.rpartition(":")
        if head and _is_number(number):
            path, line = head, f":{number}"
    return (path, line) if line and path.casefold().endswith(SUFFIXES) else (address, "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004


def block_at_line(article: Article, section: str, path: str | None) -> tuple[str, int] | None:
    """Return language and index of the block at the line of a file that `:LINE` means in place of a section.

    The file is that of the path, else the first one. None for another name of a section, and for a file without blocks.
    """
    if not (section.startswith(":") and _is_number(section[1:])):
        return None
    files = {os.path.join(each.root, each.path): language for language, each in article.documents.items()}
    paths = (os.path.abspath(path), os.path.realpath(path)) if path else ()
    below = (file for file in files if path and file.endswith(os.sep + os.path.normpath(path)))
    file = next((each for each in (*paths, *below) if each in files), next(iter(files)))
    lines = [block.line for block in article.documents[files[file]].blocks]
    return (files[file], max(0, bisect_right(lines, int(section[1:])) - 1)) if lines else None


def choose_article(library: Library, name: str | None, last_read_file: str, *, may_pair: bool = True) -> ArticleChoice:
    """Return the article with a name, or the last read one without a name, and record it as last read.

    An article without translations is first compared with others by content if `may_pair`. Raises
    ArticleNotFoundError, ArticleAmbiguousError, LibraryEmptyError, FileRefusedError, FileMissingError.
    """
    database = library.database
    articles = count_articles(database)
    if not articles:
        raise no_articles_error(library, name)
    found = find_article(database, name, read_last_read(last_read_file))
    if may_pair and is_untranslated(database, found.number) and library.pair_semantically():
        found = find_article(database, name, read_last_read(last_read_file))
    if found.original:
        library.reporter.note(messages.SECOND_COPY.fill(path=name or "", original=found.original))
    if database.path is not None:
        write_last_read(last_read_file, found.id)
    return ArticleChoice(found.number, found.id, name is None and articles > 1, found.language)


def no_articles_error(library: Library, name: str | None = None) -> RelmgrError:
    """Return the error for a library without articles: why its only file cannot be shown, or that it has none.

    `name` is how the user named that file.
    """
    refused = problems_without_article(library.database)
    is_file = library.paths is not None or all(root.is_file() for root in library.roots)
    if refused and is_file:
        return refused_file(refused[0].root, refused[0].path, refused[0].message, name or refused[0].path)
    return library.empty_error()


def choose_languages(
    library: Library, choice: ArticleChoice, settings: Settings, *, last_read: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the languages to show an article in, at least one.

    They are those of `--lang`, else that of the file whose path was given, else the best of `last_read` or of the
    user's languages; if the article has none of these, a note reports the fallback, and so it does for a file that is
    not translated. Raises TranslationMissingError, LanguageUnknownError.
    """
    languages = _choose_languages(library, choice, settings, last_read)
    for state in untranslated_files(library.database, choice.number):
        if state.language in languages:
            library.reporter.note(_state_note(state))
    return languages


def _choose_languages(
    library: Library, choice: ArticleChoice, settings: Settings, last_read: Iterable[str]
) -> tuple[str, ...]:
    database = library.database
    available = languages_of(database, choice.number)
    if settings.asked_language:

        def missing(language: str) -> RelmgrError:
            return TranslationMissingError(language, title_of(database, choice.number, available[0]), available)

        return _match_requested(settings.asked_language, available, missing)
    if choice.language:
        return (choice.language,)
    if found := match_language(last_read, available):
        return (found,)
    preferred = preferred_languages(settings.environ, settings.configured_language, settings.config_file)
    found = match_language(preferred, available)
    if found is None and preferred:
        library.reporter.note(_fallback_note(preferred[0], available))
    return (found or available[0],)


def choose_library_languages(library: Library, settings: Settings, more: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the languages of the library, or among `more` ones, that `--lang` names; none without it.

    Raises LanguageAbsentError or LanguageUnknownError.
    """
    if not settings.asked_language:
        return ()
    available = tuple(dict.fromkeys([*library_languages(library.database), *more]))
    return _match_requested(settings.asked_language, available, lambda name: LanguageAbsentError(name, available))


def reader_languages(settings: Settings) -> tuple[str, ...]:
    """Return the languages of `--lang`, then the user's, best first. Raises LanguageUnknownError."""
    preferred = preferred_languages(settings.environ, settings.configured_language, settings.config_file)
    return (*parse_languages(settings.asked_language), *preferred)


def _match_requested(
    requested: str, available: Sequence[str], missing: Callable[[str], RelmgrError]
) -> tuple[str, ...]:
    """Return the available languages that `--lang` names; raise the error that `missing` returns for another."""
    found = []
    for wanted in parse_languages(requested):
        tag = match_language([wanted], available)
        if tag is None:
            from relmgr_cli.languages.names import has_name, language_name

            if not has_name(wanted) and wanted != UNKNOWN_LANGUAGE:
                raise LanguageUnknownError(wanted)
            raise missing(language_name(wanted))
        found.append(tag)
    return tuple(dict.fromkeys(found))


def _fallback_note(wanted: str, available: Sequence[str]) -> str:
    from relmgr_cli.languages.names import language_name

    shown, *others = map(language_name, available)
    template = messages.LANGUAGE_FALLBACK_ALSO if others else messages.LANGUAGE_FALLBACK
    if len(others) > _MAX_OTHERS:
        template = messages.LANGUAGE_FALLBACK_MANY
    return template.fill(wanted=language_name(wanted), shown=shown, others=", ".join(others), count=len(others))


def _state_note(file: UntranslatedFile) -> str:
    from relmgr_cli.languages.names import language_name

    template = messages.PARTLY_TRANSLATED if file.is_partly else messages.NOT_TRANSLATED
    return template.fill(language=language_name(file.language), source=language_name(file.source))


def choose_section(article: Article, name: str, address: str | None = None) -> ArticleSection:
    """Return the section that `name` means: its number, an anchor, or a heading or part of one in any language.

    An anchor may be the one that GitHub gives a heading. `:LINE` is the section with that line of the file `address`.

    `address` is how the user named the article, if not by its id. Raises SectionNotFoundError or SectionAmbiguousError.
    """
    from relmgr_cli.corpus.links.targets import slug_of_heading
    from relmgr_cli.languages.normalization import fold, nearest

    wanted = fold(name.strip())
    headings = {section.number: section_headings(article, section) for section in article.sections}
    by_number = [s for s in article.sections if s.number == wanted.rstrip(".")]
    by_anchor = [s for s in article.sections if name in _anchors(article, s)]
    by_heading = [s for s in article.sections if any(wanted == fold(h) for h in headings[s.number].values())]
    by_slug = [s for s in article.sections if any(name == slug_of_heading(h) for h in headings[s.number].values())]
    by_part = [s for s in article.sections if wanted and any(wanted in fold(h) for h in headings[s.number].values())]
    for found in (by_number, by_anchor, by_heading, by_slug, by_part):
        if len(found) == 1:
            return found[0]
        if found:
            candidates = [f"{s.number} '{next(iter(headings[s.number].values()), '')}'" for s in found]
            raise SectionAmbiguousError(name, candidates, address or article.id)
    if at := block_at_line(article, name, address):
        return _section_of_block(article, *at)
    labels: dict[str, str] = {}
    for section in article.sections:
        for heading in headings[section.number].values():
            folded = fold(heading)
            labels.update(dict.fromkeys([folded, *folded.split()], f"{section.number} '{heading}'"))
    raise SectionNotFoundError(name, nearest(wanted, labels), address or article.id)


def _section_of_block(article: Article, language: str, block: int) -> ArticleSection:
    starts = [section.start for section in article.documents[language].sections]
    index = bisect_right(starts, block) - 1
    return next(section for section in article.sections if section.indexes.get(language) == index)


def _anchors(article: Article, section: ArticleSection) -> Iterable[str]:
    for language, index in section.indexes.items():
        yield from article.documents[language].sections[index].anchors
