"""Lists of articles and outlines of one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.layout.columns import shorten
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Fragment, Line, line_of, plain_text, slice_fragments, width_of
from relmgr_cli.layout.linebreak import break_lines
from relmgr_cli.layout.page import minutes_to_read, text_style_for, title_lines
from relmgr_cli.store.articles import ArticleSummary, section_headings
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_WIDEST = 120  # cells; beyond that the eye loses the row
_ROOM_FOR_COUNTERPART = 60
_ROOM_FOR_FACTS = 50
_FACTS_WIDTH = 22  # "   145 words   1 min" and a gap
_GAP = 2
_PAIRED_BY_WIDTH = 11  # the longest word for how an article was paired, and a gap
_BEFORE_HEADINGS = "(before the first heading)"
_MISSING = "—"


def command_list(commands: Sequence[tuple[str, str]], screen: OutputTarget) -> Iterator[Line]:
    """Yield what relmgr is and what can be done with it: a command a line, what it does beside it or below."""
    setting = text_style_for(screen, "en")
    yield from wrap(
        [Fragment("relmgr reads articles that exist in several languages.")], setting, screen.max_text_width
    )
    yield []
    first = max(len(command) for command, _ in commands)
    beside = first + max(len(meaning) for _, meaning in commands) + 3 * _GAP <= screen.columns
    for command, meaning in commands:
        if beside:
            yield line_of("  ", f"{command:<{first}}  ", (meaning, "dim"))
        else:
            yield line_of("  ", command)
            yield line_of("    ", (meaning, "dim"))


def article_list(
    articles: Sequence[ArticleSummary], preferred: Sequence[str | None], screen: OutputTarget
) -> Iterator[Line]:
    """Yield a line for each article: number, title in the reader's language, languages.

    `preferred` holds the language to show of each article.
    """
    width = min(screen.columns, _WIDEST)
    digits = len(str(articles[-1].number)) if articles else 1
    for article, language in zip(articles, preferred, strict=True):
        title = sanitize_line(article.title(language))
        languages = sanitize_line(" · ".join(article.languages))
        if screen.plain:
            yield line_of(f"{article.number} {title} ({languages.replace(' ·', ',')}; {article.paired_by})")
            continue
        number = line_of((f"{article.number:>{digits}}  ", "number"))
        how = f"{article.paired_by:>{_PAIRED_BY_WIDTH}}" if width >= _ROOM_FOR_FACTS else ""
        yield from _row(number, line_of(title), line_of((languages + how, "dim")), width, language or "")


def outline(article: Article, language: str, screen: OutputTarget) -> Iterator[Line]:
    """Yield the sections of an article: number, heading, counterpart heading, words, minutes."""
    document = article.documents[language]
    width = min(screen.columns, _WIDEST)
    yield from title_lines(article, document, screen, width)
    rows = [_outline_row(article, section, language) for section in article.sections]
    if screen.plain:
        for row in rows:
            yield from _plain_outline_row(row)
        return
    digits = max((len(row.label) for row in rows), default=1)
    facts_width = _FACTS_WIDTH if width >= _ROOM_FOR_FACTS else 0
    room = width - digits - 3 - facts_width
    first = max((cell_len(row.heading) for row in rows), default=0)
    second = max((cell_len(row.counterpart) for row in rows), default=0)
    beside = first + second + 2 * _GAP <= room
    for row in rows:
        number = line_of((f"{row.label:<{digits}} ", "number"), "★ " if row.is_highlights else "  ")
        heading = line_of((row.heading, "dim" if row.words is None else ""))
        if beside and row.counterpart:
            gap = " " * (first - cell_len(row.heading) + _GAP)
            heading += line_of(gap, (row.counterpart, "dim"))
        facts = line_of((_facts(row.words) if facts_width else "", "dim"))
        yield from _row(number, heading, facts, width, language)
        if row.counterpart and not beside and width >= _ROOM_FOR_COUNTERPART:
            yield line_of(" " * width_of(number), (shorten(row.counterpart, room), "dim"))


class _OutlineRow(NamedTuple):
    label: str  # the number, indented by its depth
    heading: str
    counterpart: str  # the heading in the first other language; "" where the article has no other
    others: tuple[tuple[str, str], ...]  # language and heading of all other translations
    words: int | None  # None where this language lacks the section
    is_highlights: bool


def _outline_row(article: Article, section: ArticleSection, language: str) -> _OutlineRow:
    headings = {key: sanitize_line(text) for key, text in section_headings(article, section).items()}
    others = tuple((sanitize_line(key), text) for key, text in headings.items() if key != language)
    place = section.places.get(language)
    return _OutlineRow(
        label="  " * section.number.count(".") + section.number,
        heading=headings.get(language, _MISSING if place is None else _BEFORE_HEADINGS),
        counterpart=_counterpart(article, headings, language),
        others=others,
        words=None if place is None else article.documents[language].sections[place].words,
        is_highlights=section.number == article.highlights,
    )


def _counterpart(article: Article, headings: Mapping[str, str], language: str) -> str:
    """Return the heading in the article's first other language, the same one for all rows."""
    other = next((key for key in article.documents if key != language), None)
    if other is None or not headings:
        return ""
    return headings.get(other, _MISSING)


def _facts(words: int | None) -> str:
    return "" if words is None else f"{words:>6} words{minutes_to_read(words):>4} min"


def _plain_outline_row(row: _OutlineRow) -> Iterator[Line]:
    number = row.label.strip()
    facts = "missing" if row.words is None else f"{row.words} words, {minutes_to_read(row.words)} min"
    yield line_of(f"{number} {row.heading} ({facts}{', highlights' if row.is_highlights else ''})")
    for language, heading in row.others:
        yield line_of(f"{number} {language}: {heading}")


def _row(label: Line, middle: Line, facts: Line, width: int, language: str) -> list[Line]:
    """Return a row with its facts at the right; a middle that is too long goes on below, under its beginning."""
    room = width - width_of(label) - width_of(facts) - _GAP
    text = plain_text(middle)
    lines = slice_fragments(middle, break_lines(text, max(room, width // 3), language)) or [[]]
    margin = Fragment(" " * width_of(label))
    rows = [[*label, *lines[0]], *([margin, *line] for line in lines[1:])]
    gap = width - width_of(rows[0]) - width_of(facts)
    if gap > 0:
        rows[0] += [Fragment(" " * gap), *facts]
    else:
        rows.append([margin, *(fragment._replace(text=fragment.text.lstrip()) for fragment in facts)])
    return rows
