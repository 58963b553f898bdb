"""Lists of articles and outlines of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from relmgr_cli.index.queries import ArticleSummary, section_headings
from relmgr_cli.library.articles import Article, ArticleSection
from relmgr_cli.render.clean import clean_line
from relmgr_cli.render.flow import cut_lines
from relmgr_cli.render.page import minutes_to_read, title_lines
from relmgr_cli.render.screen import Screen
from relmgr_cli.render.wrap import break_lines

_WIDEST = 120  # cells; beyond that the eye loses the row
_ROOM_FOR_COUNTERPART = 60
_ROOM_FOR_FACTS = 50
_FACTS_WIDTH = 22  # "   145 words   1 min" and a gap
_GAP = 2


def article_list(articles: Sequence[ArticleSummary], preferred: Sequence[str | None], screen: Screen) -> Iterator[Text]:
    """Yield a line for each article: number, title in the reader's language, languages.

    `preferred` holds the language to show of each article.
    """
    width = min(screen.columns, _WIDEST)
    digits = len(str(articles[-1].number)) if articles else 1
    for article, language in zip(articles, preferred, strict=True):
        title = clean_line(article.title(language))
        languages = clean_line(" · ".join(article.languages))
        if screen.plain:
            yield Text(f"{article.number} {title} ({languages.replace(' ·', ',')})")
            continue
        number = Text(f"{article.number:>{digits}}  ", "relmgr.number")
        yield from _row(number, Text(title), Text(languages, "relmgr.dim"), width)


def outline(article: Article, language: str, screen: Screen) -> Iterator[Text]:
    """Yield the sections of an article: number, heading, counterpart heading, words, minutes."""
    document = article.documents[language]
    width = min(screen.columns, _WIDEST)
    yield from title_lines(article, document, replace(screen, measure=width))
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
        number = Text(f"{row.label:<{digits}} ", "relmgr.number").append("★ " if row.is_highlights else "  ")
        heading = Text(row.heading, "relmgr.dim" if row.words is None else "")
        if beside and row.counterpart:
            heading.append(" " * (first - cell_len(row.heading) + _GAP)).append(row.counterpart, "relmgr.dim")
        facts = _facts(row.words) if facts_width else ""
        yield from _row(number, heading, Text(facts, "relmgr.dim"), width)
        if row.counterpart and not beside and width >= _ROOM_FOR_COUNTERPART:
            yield Text(" " * number.cell_len).append(_shorten(row.counterpart, room), "relmgr.dim")


@dataclass(frozen=True, slots=True)
class _OutlineRow:
    label: str  # the number, indented by its depth
    heading: str
    counterpart: str  # the heading in the first other language; "" without one
    others: tuple[tuple[str, str], ...]  # language and heading of all other translations
    words: int | None  # None where this language lacks the section
    is_highlights: bool


def _outline_row(article: Article, section: ArticleSection, language: str) -> _OutlineRow:
    headings = {key: clean_line(text) for key, text in section_headings(article, section).items()}
    others = tuple((clean_line(key), text) for key, text in headings.items() if key != language)
    place = section.places.get(language)
    return _OutlineRow(
        label="  " * section.number.count(".") + section.number,
        heading=headings.get(language, "—"),
        counterpart=others[0][1] if others else "",
        others=others,
        words=None if place is None else article.documents[language].sections[place].words,
        is_highlights=section.number == article.highlights,
    )


def _facts(words: int | None) -> str:
    return "" if words is None else f"{words:>6} words{minutes_to_read(words):>4} min"


def _plain_outline_row(row: _OutlineRow) -> Iterator[Text]:
    number = row.label.strip()
    facts = "missing" if row.words is None else f"{row.words} words, {minutes_to_read(row.words)} min"
    yield Text(f"{number} {row.heading} ({facts}{', highlights' if row.is_highlights else ''})")
    for language, heading in row.others:
        yield Text(f"{number} {language}: {heading}")


def _row(label: Text, middle: Text, facts: Text, width: int) -> list[Text]:
    """Return a row with its facts at the right; a middle that is too long goes on below, under its beginning."""
    room = width - label.cell_len - facts.cell_len - 2
    least = width // 3
    lines = cut_lines(middle, break_lines(middle.plain, max(room, least), "")) or [Text()]
    rows = [Text().append_text(label).append_text(lines[0])]
    rows += [Text(" " * label.cell_len).append_text(line) for line in lines[1:]]
    gap = width - rows[0].cell_len - facts.cell_len
    if gap > 0:
        rows[0].append(" " * gap).append_text(facts)
    else:
        rows.append(Text(" " * label.cell_len).append_text(_without_margin(facts)))
    return rows


def _without_margin(facts: Text) -> Text:
    spaces = len(facts.plain) - len(facts.plain.lstrip())
    return facts[spaces:]


def _shorten(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"
