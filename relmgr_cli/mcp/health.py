"""The tools `status` and `diff`: which translations are up to date, and what has changed in their sources."""

from collections.abc import Iterator, Sequence

from relmgr_cli import messages
from relmgr_cli.config import Settings
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import (
    ArticleChoice,
    choose_library_languages,
    choose_section,
    no_articles_error,
    split_address,
)
from relmgr_cli.core.translation_diff import ArticleDiff, Change, library_diff
from relmgr_cli.core.translation_status import (
    library_status,
    select,
    status_settings,
    translated_languages,
    unavailable_history,
)
from relmgr_cli.errors import TranslationMissingError
from relmgr_cli.health.diff import changed_words
from relmgr_cli.health.history import LibraryHistory
from relmgr_cli.health.status import CURRENT, EXTRA, MISSING, STATES, LanguageStatus, SectionStatus, summarize
from relmgr_cli.layout.status import Row, rows_of
from relmgr_cli.mcp.answer import Answer, quote
from relmgr_cli.mcp.arguments import ArgumentError, Arguments
from relmgr_cli.mcp.places import find, only_inside, path_in, with_languages
from relmgr_cli.store.articles import list_articles, load_article, subsections
from relmgr_cli.store.name_lookup import count_documents
from relmgr_cli.terminal.sanitize import sanitize_line

_MAX_SECTIONS = 20  # of a translation in one state
_MARKS = {"equal": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}  # as git writes them


def status(library: Library, settings: Settings, arguments: Arguments) -> Answer:
    """Return the state of each language; with languages or paths also the translations that are not up to date."""
    library.pair_semantically()
    if not count_documents(library.database, in_articles=True):
        raise no_articles_error(library)
    asked = with_languages(settings, arguments.languages)
    languages = choose_library_languages(library, asked, status_settings(library).languages)
    with only_inside(library, arguments.paths):
        selected = select(library, arguments.paths) if arguments.paths else None
    languages = languages or (selected.languages if selected else ())
    found = library_status(library, languages, selected and selected.articles)
    _note_history(library, found.history)
    rows = rows_of(found)
    if not rows:
        return Answer((), messages.NO_TRANSLATIONS.fill())
    entries = [_language(tag, summarize(found.articles, tag)) for tag in found.languages]
    if arguments.languages or arguments.paths:
        entries += [_translation(library, row) for row in rows if row.translation.state != CURRENT]
    return Answer(entries)


def _note_history(library: Library, history: LibraryHistory) -> None:
    if reason := unavailable_history(history):
        library.reporter.note(reason)


def _language(language: str, summary: LanguageStatus) -> str:
    facts = {"articles": summary.articles, "percent": int(summary.words * 100), **summary.counts}
    return messages.LANGUAGE_STATUS.fill(name=sanitize_line(language), **facts)


def _translation(library: Library, row: Row) -> str:
    """Return the path of a translation, and which of its sections are in which state, with their lines."""
    article, translation = row
    source = path_in(library, article.root, article.path)
    language = sanitize_line(translation.language)
    if translation.state == MISSING:
        words = messages.WORDS.fill(article.words)
        return messages.MCP_TRANSLATION_MISSING.fill(language=language, path=source, words=words)
    path = path_in(library, translation.root, translation.path)
    found = [
        f"{messages.STATES[state]}: {_sections([each for each in translation.sections if each.state == state])}"
        for state in (*STATES, EXTRA)
        if translation.count(state)
    ]
    return f"{language} {path} ({source}) {'; '.join(found) or messages.STATES[translation.state]}"


def _sections(sections: Sequence[SectionStatus]) -> str:
    """Return the numbers of sections, each with its line in the translation, or in the source if it has none there."""
    shown = [
        f"{each.number}:{each.line}"
        if each.line
        else messages.MCP_SOURCE_LINE.fill(number=each.number, line=each.source_line)
        for each in sections[:_MAX_SECTIONS]
    ]
    more = [messages.MCP_MORE.fill(count=len(sections) - _MAX_SECTIONS)] if len(sections) > _MAX_SECTIONS else []
    return ", ".join([*shown, *more])


def diff(library: Library, settings: Settings, arguments: Arguments) -> Answer:
    """Return the blocks of the source that have changed since it was translated, with those of the translation."""
    name, section = split_address(arguments.article)
    choice = find(library, name) if name else None
    language = _translation_of(library, settings, choice, arguments.languages)
    articles = {each.id: each.number for each in list_articles(library.database)}
    sections: tuple[str, ...] = ()
    if choice:
        articles = {choice.id: choice.number}
        if section:
            article = load_article(library.database, choice.number)
            sections = tuple(each.number for each in subsections(article, choose_section(article, section, name)))
    found = library_diff(library, language, articles, sections, arguments.since)
    _note_history(library, found.history)
    changes = [(each, change) for each in found.articles for change in each.changes]
    if not changes:
        unknown = unavailable_history(found.history)
        return Answer((), "" if unknown else messages.NO_CHANGES.fill(language=sanitize_line(language)))
    return Answer([_change(library, each, change, found.history) for each, change in changes])


def _translation_of(
    library: Library, settings: Settings, choice: ArticleChoice | None, languages: Sequence[str]
) -> str:
    """Return the language of the translation to compare with its source; the only one if none is named."""
    summaries = [each for each in list_articles(library.database) if choice is None or each.number == choice.number]
    available = translated_languages(summaries)
    if choice and choice.language in available and not languages:
        return str(choice.language)
    asked = choose_library_languages(library, with_languages(settings, languages)) or available
    if len(asked) == 1 and asked[0] in available:
        return asked[0]
    if len(asked) == 1:
        raise TranslationMissingError(asked[0], choice.id if choice else "", available)
    raise ArgumentError(messages.MCP_ONE_TRANSLATION.fill(languages=", ".join(available) or messages.NO_LANGUAGES))


def _change(library: Library, diff: ArticleDiff, change: Change, history: LibraryHistory) -> str:
    """Return the old and the new text of a block of the source in one, then the block of the translation."""
    date = history.date_of(change.since)
    source, translation = diff.source, diff.translation
    here = path_in(library, source.root, source.path)
    there = path_in(library, translation.root, translation.path)
    lines = [" ".join([f"{sanitize_line(diff.article.id)}#{change.section}", *[date] * bool(date)])]
    lines.append(
        f"{sanitize_line(source.language)} {here}:{change.new.line}"
        if change.new
        else f"{sanitize_line(source.language)} {here}"
    )
    lines.append(quote("".join(_marked(change))))
    tag = sanitize_line(translation.language)
    for block in change.targets:
        lines += [f"{tag} {there}:{block.line}", quote(block.text)]
    if not change.targets:
        place = f"{there}:{change.after.line}" if change.after else there
        note = (
            messages.DIFF_NO_COUNTERPART
            if change.old
            else messages.DIFF_ADD_BELOW
            if change.after
            else messages.DIFF_ADD_FIRST
        )
        lines.append(f"{tag} {place} {note}")
    return "\n".join(lines)


def _marked(change: Change) -> Iterator[str]:
    """Yield the words of a block with marks around those that differ."""
    for kind, text in changed_words(*(block.text if block else "" for block in (change.old, change.new))):
        before, after = _MARKS[kind]
        blank = text[: len(text) - len(text.lstrip())]
        yield f"{blank}{before}{text[len(blank) :]}{after}"
