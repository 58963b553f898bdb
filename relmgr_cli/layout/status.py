"""The state of translations: a table of languages, a list of articles, JSON."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.cells import cell_len

from relmgr_cli import messages
from relmgr_cli.core.translation_status import LibraryStatus
from relmgr_cli.health.history import LibraryHistory
from relmgr_cli.health.status import (
    CURRENT,
    EXTRA,
    MISSING,
    STALE,
    UNTRANSLATED,
    ArticleStatus,
    LanguageStatus,
    SectionStatus,
    TranslationStatus,
    summarize,
)
from relmgr_cli.languages.names import language_name
from relmgr_cli.layout.columns import join_columns, shorten_start
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Fragment, Line, line_of, plain_text, width_of
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_GAP = 2
_MIN_WIDTH_FOR_COLUMNS = 60  # cells; on a narrower screen a path is below the state
_MIN_WIDTH_FOR_DATE = 80
_INDENT = "  "
# Length of the bar in cells, and whether a language has its name beside its tag: the first that has room.
_FORMS = ((20, True), (20, False), (8, True), (8, False))
_EIGHTHS = " ▏▎▍▌▋▊▉"
_COLUMNS = (CURRENT, STALE, MISSING, UNTRANSLATED)
_HEAD = [
    line_of((title, "dim"))
    for title in ("", messages.STATUS_ARTICLES, *(messages.STATES[state] for state in _COLUMNS), messages.STATUS_WORDS)
]
_STYLES = {STALE: "warning", MISSING: "note", UNTRANSLATED: "note", EXTRA: "dim", CURRENT: "dim"}
_ORDER = {STALE: 0, UNTRANSLATED: 1, MISSING: 2, CURRENT: 3}  # of the work to do


class Row(NamedTuple):
    """A translation and its article."""

    article: ArticleStatus
    translation: TranslationStatus


def language_table(status: LibraryStatus, target: OutputTarget) -> Iterator[Line]:
    """Yield a line for each language: how many translations are in which state, and how much is up to date."""
    found = [(language, summarize(status.articles, language)) for language in status.languages]
    for bar, has_names in _FORMS if not target.plain else ():
        rows = [
            _HEAD,
            *(_row(_name(tag) if has_names else sanitize_line(tag), summary, bar) for tag, summary in found),
        ]
        widths = [max(width_of(cell) for cell in column) for column in zip(*rows, strict=True)]
        if target.unwrapped or sum(widths) + _GAP * (len(widths) - 1) <= target.columns:
            for row in rows:
                yield from join_columns([[cell] for cell in row], widths, _GAP, alignment="lrrrrrl")
            return
    for language, summary in found:
        line = line_of(messages.LANGUAGE_STATUS.fill(name=_name(language), **_facts(summary)))
        yield from [line] if target.unwrapped else wrap(line, target.columns)


def _row(name: str, summary: LanguageStatus, bar: int) -> list[Line]:
    counts = [line_of((f"{summary.counts[state]:,}", _count_style(summary, state))) for state in _COLUMNS]
    return [line_of(name), line_of(f"{summary.articles:,}"), *counts, _bar(summary.words, bar)]


def _count_style(summary: LanguageStatus, state: str) -> str:
    return _STYLES[state] if summary.counts[state] and state != CURRENT else "" if state == CURRENT else "dim"


def _name(language: str) -> str:
    name = sanitize_line(language_name(language))
    return name if name == language else f"{name} ({language})"


def _facts(summary: LanguageStatus) -> dict[str, Any]:
    return {"articles": summary.articles, "percent": _percent(summary.words), **summary.counts}


def _percent(share: float) -> int:
    return int(share * 100)  # 100 only if all is up to date


def _bar(share: float, cells: int) -> Line:
    eighths = round(share * cells * 8)
    full, rest = divmod(eighths, 8)
    bar = "█" * full + (_EIGHTHS[rest] if rest else "")
    return line_of((bar, "number"), ("·" * (cells - cell_len(bar)), "dim"), f" {_percent(share):>3} %")


def rows_of(status: LibraryStatus) -> list[Row]:
    """Return all translations, those that are most worth working on first."""
    rows = [Row(article, each) for article in status.articles for each in article.translations]
    return sorted(rows, key=_urgency)


def _urgency(row: Row) -> tuple[int, int, str, str]:
    translation = row.translation
    words = row.article.words if translation.state == MISSING else translation.words(STALE, MISSING, UNTRANSLATED)
    return _ORDER[translation.state], -words, row.article.id, translation.language


def article_list(status: LibraryStatus, rows: Sequence[Row], target: OutputTarget) -> Iterator[Line]:
    """Yield a line for each translation: its state, how many sections need work, since when, its path.

    The language follows the state if there are several.
    """
    has_languages = len({row.translation.language for row in rows}) > 1
    shown = [
        (
            _state(row.translation, has_language=has_languages),
            line_of(_needs(row)),
            line_of((_since(status.history.date_of(row.translation.since), target), "dim")),
            _path(row, target),
        )
        for row in rows
    ]
    if target.plain:
        for state, *cells in shown:
            yield line_of(": ".join(text for cell in (*state, *cells) if (text := plain_text(cell))))
        return
    if not target.unwrapped and target.columns < _MIN_WIDTH_FOR_COLUMNS:
        for state, needs, _, path in shown:
            yield from wrap([part for cell in (*state, needs) for part in (*cell, Fragment(" "))][:-1], target.columns)
            yield [Fragment(_INDENT), *(_shortened(part, target.columns - len(_INDENT)) for part in path)]
        return
    has_date = target.unwrapped or target.columns >= _MIN_WIDTH_FOR_DATE
    table = [[*state, needs, *([date] if has_date else []), path] for state, needs, date, path in shown]
    widths = [max(map(width_of, column)) for column in zip(*table, strict=True)]
    if not target.unwrapped:
        widths[-1] = max(min(widths[-1], target.columns - sum(widths[:-1]) - _GAP * (len(widths) - 1)), 1)
    for row in table:
        path = [_shortened(part, widths[-1]) for part in row[-1]]
        yield from join_columns([[cell] for cell in (*row[:-1], path)], widths, _GAP)


def _state(translation: TranslationStatus, *, has_language: bool) -> list[Line]:
    """Return the cells for the state of a translation and its language."""
    state = line_of((messages.STATES[translation.state], _STYLES[translation.state]))
    return [state, line_of(sanitize_line(translation.language))] if has_language else [state]


def _since(date: str, target: OutputTarget) -> str:
    """Return a date as it is in a column; in plain output with the word that says what it is."""
    return messages.SINCE.fill(date=date) if target.plain and date[:1].isdigit() else date


def _shortened(fragment: Fragment, width: int) -> Fragment:
    return fragment._replace(text=shorten_start(fragment.text, width))


def _needs(row: Row) -> str:
    """Return how many sections are in which state, or how many words are missing."""
    article, translation = row
    if translation.state == MISSING:
        return messages.WORDS_MISSING.fill(article.words)
    counts = [(state, translation.count(state)) for state in (STALE, MISSING, UNTRANSLATED, EXTRA)]
    parts = [f"{count} {messages.STATES[state]}" for state, count in counts if count]
    total = sum(section.state != EXTRA for section in translation.sections)
    return messages.SECTIONS_IN_STATE.fill(parts=", ".join(parts), total=total) if parts else ""


def _path(row: Row, target: OutputTarget) -> Line:
    """Return the path of a translation, or that of the source where it is missing, as a link to the file."""
    article, translation = row
    root, path = (translation.root, translation.path) if translation.path else (article.root, article.path)
    shown = sanitize_line(messages.shown_path(root, path))
    href = Path(os.path.join(root, path)).as_uri() if target.ansi and os.path.isabs(root) else ""
    return [Fragment(shown, "", href)]


def status_payload(status: LibraryStatus, articles: Sequence[ArticleStatus]) -> dict[str, Any]:
    """Return the state of translations as JSON."""
    history = status.history
    return {
        "history": not history.reason and not history.is_shallow,
        "languages": {tag: _language_payload(summarize(articles, tag)) for tag in status.languages},
        "articles": [
            {
                "id": article.id,
                "source": _source_payload(article),
                "translations": [_translation_payload(each, history) for each in article.translations],
            }
            for article in articles
        ],
    }


def _source_payload(article: ArticleStatus) -> dict[str, Any] | None:
    return {"lang": article.source, "root": article.root, "path": article.path} if article.path else None


def _language_payload(summary: LanguageStatus) -> dict[str, Any]:
    return {
        "articles": summary.articles,
        **{state: summary.counts[state] for state in _COLUMNS},
        "words": summary.words,
        "sections": summary.sections,
        "stale_sections": summary.stale_sections,
        "missing_sections": summary.missing_sections,
    }


def _translation_payload(translation: TranslationStatus, history: LibraryHistory) -> dict[str, Any]:
    found: dict[str, Any] = {"lang": translation.language, "state": translation.state}
    if not translation.path:
        return found
    sections = [_section_payload(section, history) for section in translation.sections]
    return {**found, "root": translation.root, "path": translation.path, "sections": sections}


def _section_payload(section: SectionStatus, history: LibraryHistory) -> dict[str, Any]:
    since = history.commits.get(section.since, ("",))[0] if section.since is not None else ""
    return {
        "number": section.number,
        "state": section.state,
        "source_line": section.source_line,
        "line": section.line,
        "since": since or None,
    }
