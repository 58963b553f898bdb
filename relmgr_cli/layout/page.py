"""The page of an article: its title and what is known of it, then its sections."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from relmgr_cli import messages
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.corpus.document import Document
from relmgr_cli.layout.blocks import render_blocks
from relmgr_cli.layout.inline import TextStyle, layout_inline, wrap
from relmgr_cli.layout.line import Fragment, Line, width_of
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_WORDS_A_MINUTE = 200
_NO_BREAK = "\u00a0"

LinkTitles = Mapping[str, str]  # link target -> the title of the article it leads to; "" for nowhere
NO_LINK_TITLES: LinkTitles = MappingProxyType({})


def text_style_for(screen: OutputTarget, language: str, leads: LinkTitles = NO_LINK_TITLES) -> TextStyle:
    """Return how running text in this language is set on this screen."""
    return TextStyle(
        width=screen.max_text_width,
        language=language,
        show_urls=screen.show_urls,
        color=screen.color,
        plain=screen.plain,
        link_titles=leads,
    )


def article_page(
    article: Article, language: str, screen: OutputTarget, leads: LinkTitles = NO_LINK_TITLES
) -> Iterator[Line]:
    """Yield the lines of a whole article in one language."""
    document = article.documents[language]
    setting = text_style_for(screen, language, leads)
    yield from title_lines(article, document, screen, screen.max_text_width)
    yield from description_lines(document, setting)
    yield from fact_lines(document, setting)
    for section in article.sections:
        yield []
        if language in section.places:
            yield from _section(document, section, setting)
        else:
            yield from missing_lines(article, section, setting)


def section_page(
    article: Article,
    sections: Sequence[ArticleSection],
    language: str,
    screen: OutputTarget,
    leads: LinkTitles = NO_LINK_TITLES,
) -> Iterator[Line]:
    """Yield the lines of some sections of an article."""
    document = article.documents[language]
    for index, section in enumerate(section for section in sections if language in section.places):
        if index:
            yield []
        yield from _section(document, section, text_style_for(screen, language, leads))


def title_lines(article: Article, document: Document, screen: OutputTarget, width: int) -> list[Line]:
    """Return the title with the languages of the article at the right, the one shown in bold."""
    setting = text_style_for(screen, document.language)._replace(width=width)
    return title_beside(document, language_list(article, document.language), setting)


def title_beside(document: Document, languages: Line, setting: TextStyle) -> list[Line]:
    """Return the title with a list of languages at the right, below it where there is no room."""
    width = setting.width
    room = width - width_of(languages) - 2
    lines = wrap([Fragment(sanitize_line(document.title), "title")], setting, max(room, width // 2))
    if setting.plain or room < width // 2 or not lines:
        return [*lines, languages]
    gap = width - width_of(lines[0]) - width_of(languages)
    lines[0] += [Fragment(" " * gap), *languages]
    return lines


def language_list(article: Article, current: str) -> Line:
    """Return the languages of an article, the current one in bold."""
    line: Line = []
    for language in article.documents:
        if line:
            line.append(Fragment(" · ", "dim"))
        line.append(Fragment(sanitize_line(language), "current" if language == current else "dim"))
    return line


def minutes_to_read(words: int) -> int:
    """Return how many minutes reading takes, at least one."""
    return max(1, -(-words // _WORDS_A_MINUTE))


def description_lines(document: Document, setting: TextStyle) -> list[Line]:
    """Return what the header says of the document; no line where it says nothing."""
    return _dim_lines(document.description, setting)


def fact_lines(document: Document, setting: TextStyle) -> list[Line]:
    """Return the keywords of a document, its words, and how long they take to read."""
    facts = [*document.keywords, messages.WORDS.fill(document.words), f"{minutes_to_read(document.words)} min"]
    held = " · ".join(fact.replace(" ", _NO_BREAK) for fact in facts)
    lines = _dim_lines(held, setting)
    return [[fragment._replace(text=fragment.text.replace(_NO_BREAK, " ")) for fragment in line] for line in lines]


def _dim_lines(text: str, setting: TextStyle) -> list[Line]:
    return wrap([Fragment(sanitize(text).replace("\t", "    "), "dim")], setting, setting.width)


def _section(document: Document, section: ArticleSection, setting: TextStyle) -> Iterator[Line]:
    place = document.sections[section.places[document.language]]
    blocks = document.blocks[place.start : place.end]
    if section.level:
        yield from heading_lines(blocks[0], section.number, setting)
        blocks = blocks[1:]
        if blocks:
            yield []
    yield from render_blocks(blocks, setting)


def missing_lines(
    article: Article, section: ArticleSection, setting: TextStyle, *, with_number: bool = True
) -> list[Line]:
    """Return the place of a section that this translation lacks: its number, and its heading in another language."""
    other, index = next(iter(section.places.items()))
    document = article.documents[other]
    heading = sanitize_line(document.heading(document.sections[index]))
    label = f"{section.number}  " if with_number else ""
    return wrap([Fragment(f"{label}— {heading} ({sanitize_line(other)})", "dim")], setting, setting.width)


def heading_style(number: str) -> str:
    """Return the style of the heading of the section with this number."""
    return "subheading" if "." in number else "heading"


def heading_lines(block: Block, number: str, setting: TextStyle) -> list[Line]:
    """Return a numbered heading; its further lines hang under the first word."""
    style = heading_style(number)
    label = f"{number}  " if len(number) + 2 <= setting.width // 2 else ""
    lines = layout_inline(block.spans, setting, setting.width - len(label), style) or [[]]
    margin = Fragment(" " * len(label))
    return [[Fragment(label, "number"), *lines[0]], *([margin, *line] for line in lines[1:])]


def highlights_page(article: Article, language: str, screen: OutputTarget) -> Iterator[Line]:
    """Yield the key points of an article as a list; the article must have some."""
    document = article.documents[language]
    yield from title_lines(article, document, screen, screen.max_text_width)
    yield []
    setting = text_style_for(screen, language)
    points = [block._replace(gap=True) for block in highlight_blocks(article, language)]
    yield from render_blocks(points, setting)


def highlight_blocks(article: Article, language: str) -> tuple[Block, ...]:
    """Return the list items that are the article's key points in one language."""
    for section in article.sections:
        if section.number == article.highlights and language in section.places:
            document = article.documents[language]
            place = document.sections[section.places[language]]
            return tuple(block for block in document.blocks[place.start : place.end] if block.kind == "item")
    return ()
