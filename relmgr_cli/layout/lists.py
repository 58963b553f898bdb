"""The list of articles, and the outline of an article, as lines."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from relmgr_cli import messages
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.layout.article_rows import (
    GAP,
    ArticleRow,
    article_cells,
    article_rows,
    fit_rows,
    pad,
    preferred_document,
)
from relmgr_cli.layout.columns import shorten
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.language_summary import LibraryLanguages
from relmgr_cli.layout.line import Fragment, Line, hang, line_of, width_of
from relmgr_cli.layout.page import list_title, minutes_to_read
from relmgr_cli.store.articles import ArticleSummary, section_headings
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_MAX_WIDTH = 120  # cells; longer rows are hard to follow
_MIN_WIDTH_FOR_COUNTERPART = 60
_MIN_WIDTH_FOR_FACTS = 50
_FACTS_WIDTH = 22  # of OUTLINE_FACTS, with a gap
_MAX_TITLE, _MAX_PATH = 60, 80  # cells; where lines are not cut, what follows longer ones is not aligned
_STATES = {"translated": "{}", "partly": "{}~", "untranslated": "({})"}
_MISSING = "—"


def command_list(commands: Sequence[tuple[str, str]], target: OutputTarget) -> Iterator[Line]:
    """Yield what relmgr is, then each command with its meaning, to its right or below."""
    yield from wrap([Fragment(messages.ABOUT)], target.max_text_width, "en")
    yield []
    width = max(len(command) for command, _ in commands)
    on_one_line = width + max(len(meaning) for _, meaning in commands) + 3 * GAP <= target.columns
    for command, meaning in commands:
        if on_one_line:
            yield line_of("  ", f"{command:<{width}}  ", (meaning, "dim"))
        else:
            yield line_of("  ", command)
            yield line_of("    ", (meaning, "dim"))


def article_list(
    articles: Sequence[ArticleSummary],
    preferred: Sequence[str | None],
    library: LibraryLanguages,
    target: OutputTarget,
) -> Iterator[Line]:
    """Yield a line for each article: number, title in the reader's language, languages, path.

    `preferred` has the language of the title for each article. Lines for programs, which are not cut, end with all
    languages instead.
    """
    if target.plain or target.unwrapped:
        yield from _whole_lines(articles, preferred, target)
        return
    rows, columns = fit_rows(article_rows(articles, preferred, library, target.columns), target.columns)
    for row in rows:
        cells = article_cells(row, columns)
        languages = (cells.languages, "dim" if row.is_complete else "")
        yield line_of((cells.number, "number"), cells.title, languages, (cells.path, "dim"))


def _whole_lines(
    articles: Sequence[ArticleSummary], preferred: Sequence[str | None], target: OutputTarget
) -> Iterator[Line]:
    """Yield number, title, path and languages, aligned up to a title or path that is very long."""
    rows = [_whole_row(*pair, target) for pair in zip(articles, preferred, strict=True)]
    if target.plain:
        for row in rows:
            yield line_of(f"{row.number} {row.title} ({row.languages}) {row.path}")
        return
    digits = max((len(row.number) for row in rows), default=0)
    title = min(max((cell_len(row.title) for row in rows), default=0), _MAX_TITLE)
    path = min(max((cell_len(row.path) for row in rows), default=0), _MAX_PATH)
    for row in rows:
        number = (f"{row.number:>{digits}}" + " " * GAP, "number")
        yield line_of(number, pad(row.title, title), (pad(row.path, path), "dim"), (row.languages, "dim"))


def _whole_row(article: ArticleSummary, language: str | None, target: OutputTarget) -> ArticleRow:
    """Return the row of an article with all languages in the order of its documents, as programs know it."""
    document = preferred_document(article, language)
    if target.plain:
        languages = ", ".join(f"{each.language}{messages.STATES_IN_LIST[each.state]}" for each in article.documents)
        languages = f"{languages}; {article.paired_by}"
    else:
        languages = " · ".join(_STATES[each.state].format(each.language) for each in article.documents)
    path = messages.shown_path(document.root, document.path)
    title, languages, path = map(sanitize_line, (document.title, languages, path))
    return ArticleRow(str(article.number), title, languages, path)


def outline(article: Article, language: str, target: OutputTarget, others: int = 1) -> Iterator[Line]:
    """Yield the sections of an article: number, heading, counterpart heading, words, minutes.

    A program gets a line for each section, with the headings in as many `others` of the languages.
    """
    document = article.documents[language]
    width = min(target.columns, _MAX_WIDTH)
    yield from list_title(article, document, target, width)
    entries = [_outline_entry(article, section, language) for section in article.sections]
    if target.plain:
        for entry in entries:
            yield from _plain_entry(entry)
        return
    if target.unwrapped:
        shown = [tag for tag in article.documents if tag != language][:others]
        yield from _whole_entries(entries, [_headings(article, section, shown) for section in article.sections])
        return
    digits = max((len(entry.label) for entry in entries), default=1)
    facts_width = _FACTS_WIDTH if width >= _MIN_WIDTH_FOR_FACTS else 0
    room = width - digits - 3 - facts_width
    first = max((cell_len(entry.heading + _mark(entry.state)) for entry in entries), default=0)
    second = max((cell_len(entry.counterpart) for entry in entries), default=0)
    on_one_line = first + second + 2 * GAP <= room
    for entry in entries:
        number = line_of((f"{entry.label:<{digits}} ", "number"), "★ " if entry.is_highlights else "  ")
        heading = line_of((entry.heading, "dim" if entry.words is None else ""), (_mark(entry.state), "dim"))
        if on_one_line and entry.counterpart:
            heading += line_of(" " * (first - width_of(heading) + GAP), (entry.counterpart, "dim"))
        facts = "" if entry.words is None or not facts_width else _fill_facts(messages.OUTLINE_FACTS, entry.words)
        yield from _with_facts(number, heading, line_of((facts, "dim")), width, language)
        if entry.counterpart and not on_one_line and width >= _MIN_WIDTH_FOR_COUNTERPART:
            yield line_of(" " * width_of(number), (shorten(entry.counterpart, room), "dim"))


class _OutlineEntry(NamedTuple):
    label: str  # the number, indented by its depth
    heading: str
    counterpart: str  # the heading in the first other language; "" where the article has no other
    others: tuple[tuple[str, str], ...]  # language and heading of all other translations
    words: int | None  # None where this language lacks the section
    is_highlights: bool
    state: str  # of a section that is not up to date; "" for others


def _outline_entry(article: Article, section: ArticleSection, language: str) -> _OutlineEntry:
    headings = {key: sanitize_line(text) for key, text in section_headings(article, section).items()}
    other = next((key for key in article.documents if key != language), None)  # the same one for all sections
    index = section.indexes.get(language)
    return _OutlineEntry(
        label="  " * section.number.count(".") + section.number,
        heading=headings.get(language, _MISSING if index is None else messages.BEFORE_FIRST_HEADING),
        counterpart=headings.get(other, _MISSING) if other and headings else "",
        others=tuple((sanitize_line(key), text) for key, text in headings.items() if key != language),
        words=None if index is None else article.documents[language].sections[index].words,
        is_highlights=section.number == article.highlights,
        state=messages.STATES.get(article.state_of(section.number, language), "") if index is not None else "",
    )


def _whole_entries(entries: Sequence[_OutlineEntry], counterparts: Sequence[Sequence[str]]) -> Iterator[Line]:
    """Yield number, headings, words and minutes of each section, aligned up to a heading that is very long."""
    headings = (entry.heading + _mark(entry.state) for entry in entries)
    rows = [(heading, *others) for heading, others in zip(headings, counterparts, strict=True)]
    widths = [min(max(map(cell_len, column)), _MAX_TITLE) for column in zip(*rows, strict=True)]
    digits = max((len(entry.label) for entry in entries), default=1)
    for entry, (heading, *others) in zip(entries, rows, strict=True):
        yield [
            *line_of((f"{entry.label:<{digits}} ", "number"), "★ " if entry.is_highlights else "  "),
            *line_of((pad(heading, widths[0]), "dim" if entry.words is None else "")),
            *(Fragment(pad(text, width), "dim") for text, width in zip(others, widths[1:], strict=True)),
            Fragment("" if entry.words is None else _fill_facts(messages.OUTLINE_FACTS, entry.words), "dim"),
        ]


def _headings(article: Article, section: ArticleSection, languages: Sequence[str]) -> list[str]:
    """Return the headings of a section in some languages, with the states of those that are not up to date."""
    found = section_headings(article, section)
    states = (messages.STATES.get(article.state_of(section.number, tag), "") for tag in languages)
    return [
        sanitize_line(found.get(tag, _MISSING)) + _mark(state) for tag, state in zip(languages, states, strict=True)
    ]


def _mark(state: str) -> str:
    return messages.STATE_MARK.fill(state=state) if state else ""


def _fill_facts(template: messages.Message, words: int) -> str:
    return template.fill(words=words, minutes=minutes_to_read(words))


def _plain_entry(entry: _OutlineEntry) -> Iterator[Line]:
    number = entry.label.strip()
    facts = [messages.MISSING if entry.words is None else _fill_facts(messages.OUTLINE_FACTS_PLAIN, entry.words)]
    facts += [messages.OUTLINE_HIGHLIGHTS_PLAIN] * entry.is_highlights
    facts += [entry.state] * bool(entry.state)
    yield line_of(f"{number} {entry.heading} ({', '.join(facts)})")
    for language, heading in entry.others:
        yield line_of(f"{number} {language}: {heading}")


def _with_facts(label: Line, text: Line, facts: Line, width: int, language: str) -> list[Line]:
    """Return a label, a text that is wrapped after it, and facts at the right, below where there is no room."""
    room = width - width_of(label) - width_of(facts) - GAP
    lines = hang(label, wrap(text, max(room, width // 3), language) or [[]])
    gap = width - width_of(lines[0]) - width_of(facts)
    if gap > 0:
        lines[0] += [Fragment(" " * gap), *facts]
    else:
        lines.append([Fragment(" " * width_of(label)), *(one._replace(text=one.text.lstrip()) for one in facts)])
    return lines
