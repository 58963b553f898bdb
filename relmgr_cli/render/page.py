"""The page of an article: its title and what is known of it, then its sections."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.text import Text

from relmgr_cli.library.articles import Article, ArticleSection
from relmgr_cli.library.documents import Document
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.render.blocks import render_blocks
from relmgr_cli.render.clean import clean_line
from relmgr_cli.render.flow import Setting, cut_lines, flow
from relmgr_cli.render.screen import Screen
from relmgr_cli.render.wrap import break_lines

_WORDS_A_MINUTE = 200


def setting_for(screen: Screen, language: str) -> Setting:
    """Return how running text in this language is set on this screen."""
    return Setting(
        width=screen.measure,
        language=language,
        targets=screen.targets,
        hyperlinks=screen.escapes,
        color=screen.color,
        plain=screen.plain,
    )


def article_page(article: Article, language: str, screen: Screen) -> Iterator[Text]:
    """Yield the lines of a whole article in one language."""
    document = article.documents[language]
    yield from title_lines(article, document, screen)
    yield from _about(document, screen)
    for section in article.sections:
        if language in section.places:
            yield Text()
            yield from _section(document, section, screen)


def section_page(
    article: Article, sections: Sequence[ArticleSection], language: str, screen: Screen
) -> Iterator[Text]:
    """Yield the lines of some sections of an article."""
    document = article.documents[language]
    for index, section in enumerate(section for section in sections if language in section.places):
        if index:
            yield Text()
        yield from _section(document, section, screen)


def title_lines(article: Article, document: Document, screen: Screen) -> list[Text]:
    """Return the title with the languages of the article at the right, the one shown in bold."""
    languages = language_list(article, document.language)
    width = screen.measure
    title = Text(clean_line(document.title), "relmgr.title")
    room = width - languages.cell_len - 2
    lines = cut_lines(title, break_lines(title.plain, max(room, width // 2), document.language))
    if screen.plain or room < width // 2:
        return [*lines, languages]
    gap = " " * (width - lines[0].cell_len - languages.cell_len)
    lines[0] = Text().append_text(lines[0]).append(gap).append_text(languages)
    return lines


def language_list(article: Article, current: str) -> Text:
    """Return the languages of an article, the current one in bold."""
    text = Text()
    for language in article.documents:
        text.append(" · " if text else "", "relmgr.dim")
        text.append(clean_line(language), "relmgr.current" if language == current else "relmgr.dim")
    return text


def minutes_to_read(words: int) -> int:
    """Return how many minutes reading takes, at least one."""
    return max(1, -(-words // _WORDS_A_MINUTE))


def _about(document: Document, screen: Screen) -> Iterator[Text]:
    setting = setting_for(screen, document.language)
    if document.description:
        yield from flow([Span(document.description)], setting, setting.width, "relmgr.dim")
    facts = [*document.keywords, f"{document.words} words", f"{minutes_to_read(document.words)} min"]
    yield from flow([Span(" · ".join(facts))], setting, setting.width, "relmgr.dim")


def _section(document: Document, section: ArticleSection, screen: Screen) -> Iterator[Text]:
    setting = setting_for(screen, document.language)
    place = document.sections[section.places[document.language]]
    blocks = document.blocks[place.start : place.end]
    if section.level:
        yield from _heading(blocks[0], section.number, setting)
        blocks = blocks[1:]
        if blocks:
            yield Text()
    yield from render_blocks(blocks, setting)


def _heading(block: Block, number: str, setting: Setting) -> list[Text]:
    """Return a numbered heading; its further lines hang under the first word."""
    style = "relmgr.subheading" if "." in number else "relmgr.heading"
    label = f"{number}  " if cell_len(number) + 2 <= setting.width // 2 else ""
    lines = flow(block.spans, setting, setting.width - cell_len(label), style) or [Text()]
    return [
        Text().append(label if not index else " " * cell_len(label), "relmgr.number").append_text(line)
        for index, line in enumerate(lines)
    ]


def highlights_page(article: Article, language: str, screen: Screen) -> Iterator[Text]:
    """Yield the key points of an article as a list; the article must have some."""
    document = article.documents[language]
    yield from title_lines(article, document, screen)
    yield Text()
    setting = setting_for(screen, language)
    points = [replace(block, gap=True) for block in highlight_blocks(article, language)]
    yield from render_blocks(points, setting)


def highlight_blocks(article: Article, language: str) -> tuple[Block, ...]:
    """Return the list items that are the article's key points in one language."""
    for section in article.sections:
        if section.number == article.highlights and language in section.places:
            document = article.documents[language]
            place = document.sections[section.places[language]]
            return tuple(block for block in document.blocks[place.start : place.end] if block.kind == "item")
    return ()
