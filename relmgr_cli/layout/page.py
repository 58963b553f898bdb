"""Lays out an article in one language: title and facts, then the sections."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from rich.cells import cell_len

from relmgr_cli import messages
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.corpus.document import Document
from relmgr_cli.layout.blocks import render_blocks
from relmgr_cli.layout.inline import TextStyle, layout_inline, to_fragments, wrap
from relmgr_cli.layout.line import Fragment, Line, hang, width_of
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line
from relmgr_cli.terminal.target import UNLIMITED, OutputTarget

_WORDS_A_MINUTE = 200
_NO_BREAK = "\u00a0"

LinkTitles = Mapping[str, str]  # link target -> title of the article it leads to; "" for a broken link
NO_LINK_TITLES: LinkTitles = MappingProxyType({})


def text_style_for(target: OutputTarget, language: str, link_titles: LinkTitles = NO_LINK_TITLES) -> TextStyle:
    """Return how running text in a language is laid out for this output."""
    return TextStyle(
        target.max_text_width,
        language,
        target.show_urls,
        target.color,
        target.plain,
        has_styles=target.ansi,
        in_words=target.plain,
        link_titles=link_titles,
        keeps_urls=target.unwrapped,
    )


def article_page(
    article: Article, language: str, target: OutputTarget, link_titles: LinkTitles = NO_LINK_TITLES
) -> Iterator[Line]:
    """Yield the lines of a whole article in one language."""
    document = article.documents[language]
    setting = text_style_for(target, language, link_titles)
    yield from title_lines(article, document, target, target.max_text_width)
    yield from description_lines(document, setting)
    yield from fact_lines(document, setting)
    for section in article.sections:
        yield []
        if language in section.indexes:
            yield from _section_lines(document, section, setting, article.state_of(section.number, language))
        else:
            yield from missing_lines(article, section, setting)


def section_page(
    article: Article,
    sections: Sequence[ArticleSection],
    language: str,
    target: OutputTarget,
    link_titles: LinkTitles = NO_LINK_TITLES,
) -> Iterator[Line]:
    """Yield the lines of some sections of an article."""
    setting = text_style_for(target, language, link_titles)
    for index, section in enumerate(section for section in sections if language in section.indexes):
        if index:
            yield []
        state = article.state_of(section.number, language)
        yield from _section_lines(article.documents[language], section, setting, state)


def title_lines(article: Article, document: Document, target: OutputTarget, width: int) -> list[Line]:
    """Return the title with the languages of the article at the right, the language of the document in bold."""
    setting = text_style_for(target, document.language)._replace(width=width)
    if target.plain:
        return title_with_languages(document, [Fragment(_languages_in_words(article, document))], setting)
    languages: Line = []
    for language in article.documents:
        languages += [Fragment(" · ", "dim")] if languages else []
        languages.append(Fragment(sanitize_line(language), "current" if language == document.language else "dim"))
    return title_with_languages(document, languages, setting)


def _languages_in_words(article: Article, document: Document) -> str:
    """Return the language of a document and the others of its article."""
    language = sanitize_line(document.language)
    others = ", ".join(sanitize_line(tag) for tag in article.documents if tag != document.language)
    return (messages.PLAIN_LANGUAGES if others else messages.PLAIN_LANGUAGE).fill(language=language, others=others)


def list_title(article: Article, document: Document, target: OutputTarget, width: int) -> list[Line]:
    """Return the title lines above a list; a single line, however wide, where a program may read them."""
    if target.unwrapped:
        languages = " · ".join(article.documents)
        width = max(width, cell_len(sanitize_line(f"{document.title}  {languages}")))
    return title_lines(article, document, target, width)


def title_with_languages(document: Document, languages: Line, setting: TextStyle) -> list[Line]:
    """Return the title with languages at the right, or below it where there is no room."""
    width = setting.width
    room = width - width_of(languages) - 2
    lines = wrap([Fragment(sanitize_line(document.title), "title")], max(room, width // 2), setting.language)
    if setting.plain:
        return [*lines, languages]
    if room < width // 2 or not lines:
        return [*lines, *wrap(languages, width, "en")]
    gap = width - width_of(lines[0]) - width_of(languages)
    lines[0] += [Fragment(" " * gap), *languages]
    return lines


def minutes_to_read(words: int) -> int:
    """Return how many minutes it takes to read a text, at least one."""
    return max(1, -(-words // _WORDS_A_MINUTE))


def description_lines(document: Document, setting: TextStyle) -> list[Line]:
    """Return the description in the front matter; no lines where there is none."""
    return _dim_lines(document.description, setting)


def fact_lines(document: Document, setting: TextStyle) -> list[Line]:
    """Return author, date, translator and source of a document, its keywords, its words and the minutes to read it."""
    minutes = messages.MINUTES.fill(minutes=minutes_to_read(document.words))
    if setting.in_words:
        return _facts_in_words(document, minutes, setting)
    people = [messages.CREDITS[name].fill(text=text) for name, text in document.credits if name in messages.CREDITS]
    facts = [*people, *document.keywords, messages.WORDS.fill(document.words), minutes]
    lines = _dim_lines(" · ".join(fact.replace(" ", _NO_BREAK) for fact in facts), setting)
    return [[fragment._replace(text=fragment.text.replace(_NO_BREAK, " ")) for fragment in line] for line in lines]


def _facts_in_words(document: Document, minutes: str, setting: TextStyle) -> list[Line]:
    """Return the facts about a document, each on a line of its own that says what it is."""
    names = messages.PLAIN_CREDITS
    facts = [(names[name], text) for name, text in document.credits if name in names]
    facts += [(messages.PLAIN_KEYWORDS, ", ".join(document.keywords))] if document.keywords else []
    found = [f"{name}: {text}" for name, text in facts]
    found.append(f"{messages.WORDS.fill(document.words)}, {minutes}")
    return [line for fact in found for line in _dim_lines(fact, setting)]


def _dim_lines(text: str, setting: TextStyle) -> list[Line]:
    fragments = [Fragment(sanitize(text).replace("\t", "    "), "dim")]
    return wrap(fragments, setting.width, setting.language, keeps_urls=setting.keeps_urls)


def _section_lines(document: Document, section: ArticleSection, setting: TextStyle, state: str) -> Iterator[Line]:
    blocks = document.blocks_of(document.sections[section.indexes[document.language]])
    if section.level:
        yield from heading_lines(blocks[0], section, setting, state)
        blocks = blocks[1:]
        yield from [[]] if blocks else []
    elif blocks:
        yield from with_state([], state, setting.width)
    yield from render_blocks(blocks, setting)


def missing_lines(
    article: Article, section: ArticleSection, setting: TextStyle, *, with_number: bool = True
) -> list[Line]:
    """Return the lines for a section that this translation lacks: its number, and its heading in another language."""
    language, index = next(iter(section.indexes.items()))
    document = article.documents[language]
    heading = sanitize_line(document.heading(document.sections[index]))
    if setting.in_words:
        heading += messages.PLAIN_ONLY_IN.fill(language=sanitize_line(language))
        return wrap([Fragment(_heading_label(section)), Fragment(heading, "dim")], setting.width, setting.language)
    note = messages.MISSING_SECTION.fill(heading=heading, language=sanitize_line(language))
    label = f"{section.number}  " if with_number else ""
    return wrap([Fragment(label + note, "dim")], setting.width, setting.language)


def heading_style(number: str) -> str:
    """Return the style of the heading of the section with this number."""
    return "subheading" if "." in number else "heading"


def _heading_label(section: ArticleSection) -> str:
    return messages.PLAIN_HEADING.fill(level=section.level, number=section.number)


def heading_lines(block: Block, section: ArticleSection, setting: TextStyle, state: str = "") -> list[Line]:
    """Return a numbered heading with its state; further lines are indented to its first word."""
    number = section.number
    if setting.in_words:
        text = [Fragment(_heading_label(section), "number"), *to_fragments(block.spans, setting, heading_style(number))]
        return with_state(wrap(text, setting.width, setting.language), state, setting.width)
    label = f"{number}  " if len(number) + 2 <= setting.width // 2 else ""
    width = setting.width - len(label)
    lines = layout_inline(block.spans, setting, width, heading_style(number))
    return hang([Fragment(label, "number")], with_state(lines or [[]], state, width))


def state_mark(state: str) -> str:
    """Return what stands after a heading whose section is not up to date; "" for one that is."""
    return messages.STATE_MARK.fill(state=messages.STATES[state]) if state in messages.STATES else ""


def with_state(lines: list[Line], state: str, width: int) -> list[Line]:
    """Return the lines of a heading with a mark at the end if its section is not up to date; without any, the mark."""
    if not (text := state_mark(state)):
        return lines
    mark = Fragment(text, "dim")
    if lines and width_of([*lines[-1], mark]) <= width:
        return [*lines[:-1], [*lines[-1], mark]]
    return [*lines, [mark._replace(text=mark.text.strip())]]


def highlights_page(article: Article, language: str, target: OutputTarget) -> Iterator[Line]:
    """Yield the highlights of an article as a list; the article must have some."""
    yield from list_title(article, article.documents[language], target, target.max_text_width)
    yield []
    points = [block._replace(gap=True) for block in highlight_blocks(article, language)]
    style = text_style_for(target, language)
    yield from render_blocks(points, style._replace(width=UNLIMITED) if target.unwrapped else style)


def highlight_blocks(article: Article, language: str) -> tuple[Block, ...]:
    """Return the list items that are the highlights of an article in one language."""
    for section in article.sections:
        if section.number == article.highlights and language in section.indexes:
            document = article.documents[language]
            blocks = document.blocks_of(document.sections[section.indexes[language]])
            return tuple(block for block in blocks if block.kind == "item")
    return ()
