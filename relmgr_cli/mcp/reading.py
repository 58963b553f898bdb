"""The tools `outline` and `section`: what an article says, and where, in the languages that are asked for."""

from collections.abc import Iterator, Sequence

from relmgr_cli import messages
from relmgr_cli.config import Settings
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import choose_languages, choose_section, split_address
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.layout.blocks import render_block
from relmgr_cli.layout.inline import TextStyle
from relmgr_cli.layout.line import plain_text
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block
from relmgr_cli.mcp.answer import Answer, quote, quote_line
from relmgr_cli.mcp.arguments import ArgumentError, Arguments
from relmgr_cli.mcp.places import find, heading_of, path_in, state_of, tags, with_languages
from relmgr_cli.store.articles import load_article, subsections
from relmgr_cli.store.name_lookup import problems_of
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import UNLIMITED


def outline(library: Library, settings: Settings, arguments: Arguments) -> Answer:
    """Return the sections of an article with their headings, or a section and its subsections."""
    name, section = split_address(arguments.article)
    article, languages = _open(library, settings, arguments, name)
    if not arguments.languages:  # the reader's language, and that of the source
        languages = tuple(dict.fromkeys((*languages, article.source)))
    shown = subsections(article, choose_section(article, section, name)) if section else article.sections
    return Answer([_outline_entry(article, each, languages) for each in shown], _files(library, article, languages))


def _outline_entry(article: Article, section: ArticleSection, languages: Sequence[str]) -> str:
    """Return a line for each language: the number of a section, its line in the file, its words, its heading."""
    lines: list[str] = []
    for language in languages:
        label = f"{'' if lines else section.number + ' '}{sanitize_line(language)}"
        if language not in section.indexes:
            lines.append(f"{label}: {messages.MISSING.fill()}")
            continue
        document, index = article.documents[language], section.indexes[language]
        words = messages.WORDS.fill(document.sections[index].words)
        facts = f"{label}:{document.line_of(index)} {words}{state_of(article, section, language)}"
        lines.append(facts + heading_of(article, section, language))
    return "\n".join(lines)


def _files(library: Library, article: Article, languages: Sequence[str]) -> str:
    """Return the id of an article, its title, and the paths of its files in these languages."""
    documents = [article.documents[tag] for tag in languages]
    lines = [f"{sanitize_line(each.language)} {path_in(library, each.root, each.path)}" for each in documents]
    others = [tag for tag in article.documents if tag not in languages]
    lines += [messages.MCP_ALSO_IN.fill(languages=tags(others))] if others else []
    return "\n".join([sanitize_line(article.id) + quote_line(documents[0].title), *lines])


def section(library: Library, settings: Settings, arguments: Arguments) -> Answer:
    """Return the text of a section, without its subsections; in several languages, block by block."""
    name, part = split_address(arguments.article)
    part = arguments.section or part
    if not part:
        raise ArgumentError(messages.MCP_ARGUMENT_MISSING.fill(tool="section", name="section"))
    article, languages = _open(library, settings, arguments, name)
    chosen = choose_section(article, part, name)
    if not arguments.languages and languages[0] not in chosen.indexes:
        languages = (next(tag for tag in article.documents if tag in chosen.indexes),)
    head = [f"{sanitize_line(article.id)}#{chosen.number}"]
    head += [_place(library, article, chosen, tag) for tag in languages]
    texts = section_text(article, chosen, languages[0]) if len(languages) == 1 else _texts(article, chosen, languages)
    others = [tag for tag in article.documents if tag not in languages and tag in chosen.indexes]
    also = [messages.MCP_ALSO_IN.fill(languages=tags(others))] * bool(others)
    return Answer([*texts, *also, *_subsections(article, chosen)], "\n".join(head))


def _open(
    library: Library, settings: Settings, arguments: Arguments, name: str | None
) -> tuple[Article, tuple[str, ...]]:
    """Return the article of a call and the languages to show it in, with notes about their files."""
    choice = find(library, name or "")
    languages = choose_languages(library, choice, with_languages(settings, arguments.languages))
    for problem in problems_of(library.database, choice.number, languages):
        library.reporter.note(str(problem))
    return load_article(library.database, choice.number, with_embeddings=len(languages) > 1), languages


def _place(library: Library, article: Article, section: ArticleSection, language: str) -> str:
    """Return the language, path and line of a section, and its state."""
    document, index = article.documents[language], section.indexes.get(language)
    path = f"{sanitize_line(language)} {path_in(library, document.root, document.path)}"
    if index is None:
        return f"{path}: {messages.MISSING.fill()}"
    return f"{path}:{document.line_of(index)}{state_of(article, section, language)}"


def section_text(article: Article, section: ArticleSection, language: str) -> Iterator[str]:
    """Yield the blocks of a section, each with its line in the file."""
    document = article.documents[language]
    before: Block | None = None
    for block in document.blocks_of(document.sections[section.indexes[language]]):
        yield quote(_plain(block, before, section, language), str(block.line))
        before = block


def _texts(article: Article, section: ArticleSection, languages: Sequence[str]) -> Iterator[str]:
    """Yield the translation units of a section: in each language its blocks, with their lines."""
    for unit in article.units:
        if unit.section != section.number:
            continue
        lines = []
        for language in languages:
            label, document = sanitize_line(language), article.documents[language]
            blocks = [document.blocks[index] for index in unit.blocks.get(language, ())]
            lines += [quote(_plain(each, None, section, language), f"{label} {each.line}") for each in blocks]
            lines += [] if blocks else [f"{label} {messages.MISSING.fill()}"]
        if any(unit.blocks.get(language) for language in languages):
            yield "\n".join(lines)


def _plain(block: Block, before: Block | None, section: ArticleSection, language: str) -> str:
    """Return a block as text, with the marks of Markdown that tell what it is."""
    if block.kind == "heading":
        return f"{'#' * section.level} {block.text}".strip()
    if block.kind in VERBATIM_KINDS:
        return f"```{block.info}\n{block.text}\n```"
    if block.kind == "table":
        return block.text.replace("\t", " | ")
    style = TextStyle(UNLIMITED, language, show_urls=True, color=False, plain=True)
    return "\n".join(plain_text(line) for line in render_block(block, style, before))


def whole_section(article: Article, section: ArticleSection, language: str) -> list[str]:
    """Return the text of a section as the tool `section` does, and which subsections it has."""
    return [*section_text(article, section, language), *_subsections(article, section)]


def _subsections(article: Article, section: ArticleSection) -> list[str]:
    """Return which subsections a section has, if any, as a list of one line."""
    below = subsections(article, section)[1:]
    if not below:
        return []
    return [messages.MCP_SUBSECTIONS.fill(first=below[0].number, last=below[-1].number, count=len(below))]
