"""The list of articles, and the outline of an article, as lines."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from relmgr_cli import messages
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.layout.columns import shorten
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Fragment, Line, hang, line_of, width_of
from relmgr_cli.layout.page import minutes_to_read, title_lines
from relmgr_cli.store.articles import ArticleSummary, section_headings
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_MAX_WIDTH = 120  # cells; longer rows are hard to follow
_MIN_WIDTH_FOR_COUNTERPART = 60
_MIN_WIDTH_FOR_FACTS = 50
_FACTS_WIDTH = 22  # of OUTLINE_FACTS, with a gap
_GAP = 2
_PAIRED_BY_WIDTH = 11  # the longest word for how an article was paired, and a gap
_MISSING = "—"


def command_list(commands: Sequence[tuple[str, str]], target: OutputTarget) -> Iterator[Line]:
    """Yield what relmgr is, then each command with its meaning, to its right or below."""
    yield from wrap([Fragment(messages.ABOUT)], target.max_text_width, "en")
    yield []
    width = max(len(command) for command, _ in commands)
    on_one_line = width + max(len(meaning) for _, meaning in commands) + 3 * _GAP <= target.columns
    for command, meaning in commands:
        if on_one_line:
            yield line_of("  ", f"{command:<{width}}  ", (meaning, "dim"))
        else:
            yield line_of("  ", command)
            yield line_of("    ", (meaning, "dim"))


def article_list(
    articles: Sequence[ArticleSummary], preferred: Sequence[str | None], target: OutputTarget
) -> Iterator[Line]:
    """Yield a line for each article: number, title in the reader's language, languages.

    `preferred` has the language of the title for each article.
    """
    width = min(target.columns, _MAX_WIDTH)
    digits = len(str(articles[-1].number)) if articles else 1
    for article, language in zip(articles, preferred, strict=True):
        title = sanitize_line(article.title(language))
        languages = sanitize_line(" · ".join(article.languages))
        if target.plain:
            yield line_of(f"{article.number} {title} ({languages.replace(' ·', ',')}; {article.paired_by})")
            continue
        number = line_of((f"{article.number:>{digits}}  ", "number"))
        paired_by = f"{article.paired_by:>{_PAIRED_BY_WIDTH}}" if width >= _MIN_WIDTH_FOR_FACTS else ""
        yield from _with_facts(number, line_of(title), line_of((languages + paired_by, "dim")), width, language or "")


def outline(article: Article, language: str, target: OutputTarget) -> Iterator[Line]:
    """Yield the sections of an article: number, heading, counterpart heading, words, minutes."""
    document = article.documents[language]
    width = min(target.columns, _MAX_WIDTH)
    yield from title_lines(article, document, target, width)
    entries = [_outline_entry(article, section, language) for section in article.sections]
    if target.plain:
        for entry in entries:
            yield from _plain_entry(entry)
        return
    digits = max((len(entry.label) for entry in entries), default=1)
    facts_width = _FACTS_WIDTH if width >= _MIN_WIDTH_FOR_FACTS else 0
    room = width - digits - 3 - facts_width
    first = max((cell_len(entry.heading) for entry in entries), default=0)
    second = max((cell_len(entry.counterpart) for entry in entries), default=0)
    on_one_line = first + second + 2 * _GAP <= room
    for entry in entries:
        number = line_of((f"{entry.label:<{digits}} ", "number"), "★ " if entry.is_highlights else "  ")
        heading = line_of((entry.heading, "dim" if entry.words is None else ""))
        if on_one_line and entry.counterpart:
            heading += line_of(" " * (first - cell_len(entry.heading) + _GAP), (entry.counterpart, "dim"))
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
    )


def _fill_facts(template: messages.Message, words: int) -> str:
    return template.fill(words=words, minutes=minutes_to_read(words))


def _plain_entry(entry: _OutlineEntry) -> Iterator[Line]:
    number = entry.label.strip()
    facts = [messages.MISSING if entry.words is None else _fill_facts(messages.OUTLINE_FACTS_PLAIN, entry.words)]
    facts += [messages.OUTLINE_HIGHLIGHTS_PLAIN] * entry.is_highlights
    yield line_of(f"{number} {entry.heading} ({', '.join(facts)})")
    for language, heading in entry.others:
        yield line_of(f"{number} {language}: {heading}")


def _with_facts(label: Line, text: Line, facts: Line, width: int, language: str) -> list[Line]:
    """Return a label, a text that is wrapped after it, and facts at the right, below where there is no room."""
    room = width - width_of(label) - width_of(facts) - _GAP
    lines = hang(label, wrap(text, max(room, width // 3), language) or [[]])
    gap = width - width_of(lines[0]) - width_of(facts)
    if gap > 0:
        lines[0] += [Fragment(" " * gap), *facts]
    else:
        lines.append([Fragment(" " * width_of(label)), *(one._replace(text=one.text.lstrip()) for one in facts)])
    return lines
