"""The commands about one article: `show` (also of a search hit), `sections`, `highlights`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relmgr_cli import messages
from relmgr_cli.cli.completion import complete_article, complete_section
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.opened import names_files, open_article, split_names
from relmgr_cli.cli.options import command, refuse_blank, refuse_blanks
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import ArticleChoice, choose_article, choose_languages, choose_section
from relmgr_cli.errors import Exit, HitGoneError, HitMissingError
from relmgr_cli.store.article_builder import awaits_semantic_alignment
from relmgr_cli.store.articles import load_article, subsections
from relmgr_cli.store.name_lookup import article_number, problems_of
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from relmgr_cli.corpus.article import Article, ArticleSection
    from relmgr_cli.layout.arrangement import Layout
    from relmgr_cli.layout.line import Line
    from relmgr_cli.search.last_search import LastSearch
    from relmgr_cli.terminal.target import OutputTarget

ArticleName = Annotated[
    str | None,
    typer.Argument(
        metavar="[ARTICLE[#SECTION]]",
        help="Id, number, part of a title or path of a file.",
        show_default=False,
        autocompletion=complete_article,
        callback=refuse_blank,
    ),
]


ReadNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ARTICLE[#SECTION]|FILE...]",
        help="Id, number, part of a title or path of a file; several files to pair them.",
        show_default=False,
        autocompletion=complete_article,
        callback=refuse_blanks,
    ),
]
ArticleNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ARTICLE[#SECTION]|FILE...|-]",
        help="Id, number, part of a title or path of a file; several files to pair them; - for standard input.",
        show_default=False,
        autocompletion=complete_article,
        callback=refuse_blanks,
    ),
]
SectionName = Annotated[
    str | None,
    typer.Option(
        "--section",
        "-s",
        metavar="SECTION",
        help="Number or part of a heading.",
        autocompletion=complete_section,
        callback=refuse_blank,
    ),
]

Languages = tuple[str, ...]


@command(
    ("relmgr show", "the article last read, or the only one"),
    ("relmgr show relacji --lang ru", "by a part of the title, in Russian"),
    ("relmgr show relacji#3.1 -L pl,ru", "one section, in two languages"),
    ("relmgr show --hit 1", "the first hit of the last search"),
)
def show(  # noqa: PLR0913 (one parameter for each option)
    invocation: Invocation,
    articles: ArticleNames = None,
    *,
    section: SectionName = None,
    highlights: Annotated[bool, typer.Option("--highlights", help="Show only the key points.")] = False,
    side_by_side: Annotated[
        bool | None,
        typer.Option("--side-by-side/--interleaved", help="Show several languages in columns or interleaved."),
    ] = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Show only what is not up to date, beside the source.")
    ] = False,
    hit: Annotated[int | None, typer.Option("--hit", min=1, metavar="N", help="Show hit N of the last search.")] = None,
) -> int:
    """Show an article, a section, its key points or a search hit.

    Several files are shown side by side, whatever their names; - reads one from standard input.
    """
    _refuse_several({"--hit": hit is not None, "--highlights": highlights, "--stale": stale})
    if hit is not None:
        if articles or section:
            raise typer.BadParameter(messages.HIT_WITH_OTHERS.fill())
        return _show_hit(invocation, hit, side_by_side=side_by_side)
    if highlights:
        return _show_highlights(invocation, articles, section, side_by_side=side_by_side)
    names, section_in_address = split_names(articles or ())
    section = section or section_in_address
    name = names[0] if names else None
    if stale:
        return _show_stale(invocation, names, section, side_by_side=side_by_side)

    def draw(library: Library, found: "Article", languages: Languages, screen: "OutputTarget") -> "Iterator[Line]":
        from relmgr_cli.layout.page import article_page, section_page

        chosen = None if section is None else resolve_section(found, section, name)
        if len(languages) > 1:
            from relmgr_cli.layout.parallel import parallel_page

            return parallel_page(found, _layout(library, found, languages, screen, side_by_side), screen, chosen)
        if side_by_side is not None and len(found.documents) > 1:
            library.reporter.note(messages.ONE_LANGUAGE.fill(languages=",".join(found.documents)))
        titles = library.link_titles(found, languages[0])
        if chosen is None:
            return article_page(found, languages[0], screen, titles)
        return section_page(found, chosen, languages[0], screen, titles)

    def payload(found: "Article", languages: Languages) -> dict[str, Any]:
        from relmgr_cli.layout.json_output import show_payload

        return show_payload(
            found, languages, found.sections if section is None else resolve_section(found, section, name)
        )

    return _present(invocation, names, draw, payload)


@command(
    ("relmgr sections", "the article last read, or the only one"),
    ("relmgr sections relacji --lang ru", "by a part of the title, in Russian"),
    ("relmgr sections relacji#3", "only section 3 and its subsections"),
    without="links",
)
def sections(invocation: Invocation, articles: ArticleNames = None) -> int:
    """Show the outline of an article.

    Prints the number of each section, its heading in two languages, its words and the minutes to read it.
    """
    names, section = split_names(articles or ())
    name = names[0] if names else None

    def draw(library: Library, found: "Article", languages: Languages, screen: "OutputTarget") -> "Iterator[Line]":
        found = _narrow(found, section, name)
        if len(languages) > 2 and not (screen.plain or screen.unwrapped):  # noqa: PLR2004 (two columns)
            from relmgr_cli.layout.parallel import parallel_outline

            return parallel_outline(found, _layout(library, found, languages, screen))
        from relmgr_cli.layout.lists import outline

        if len(languages) > 1:  # the first two languages have the columns
            documents = {key: found.documents[key] for key in languages}
            found = found._replace(documents={**documents, **found.documents})
        return outline(found, languages[0], screen, max(len(languages) - 1, 1))

    def payload(found: "Article", languages: Languages) -> dict[str, Any]:
        from relmgr_cli.layout.json_output import sections_payload

        return sections_payload(_narrow(found, section, name), languages[0])

    return _present(invocation, names, draw, payload)


@command(
    ("relmgr highlights", "the article last read, or the only one"),
    ("relmgr highlights relacji -L pl,ru", "in two languages"),
)
def highlights(invocation: Invocation, articles: ArticleNames = None) -> int:
    """Show the key points of an article."""
    return _show_highlights(invocation, articles)


def _refuse_several(given: Mapping[str, bool]) -> None:
    """Refuse more than one of some options."""
    names = [name for name, is_given in given.items() if is_given]
    if len(names) > 1:
        raise typer.BadParameter(messages.OPTIONS_EXCLUSIVE.fill(one=names[0], other=names[1]))


def _show_highlights(
    invocation: Invocation,
    articles: Sequence[str] | None,
    section: str | None = None,
    *,
    side_by_side: bool | None = None,
) -> int:
    names, section_in_address = split_names(articles or ())
    section = section or section_in_address
    name = names[0] if names else None

    def draw(library: Library, found: "Article", languages: Languages, screen: "OutputTarget") -> "Iterator[Line]":
        if len(languages) > 1:
            from relmgr_cli.layout.parallel import parallel_highlights

            return parallel_highlights(found, _layout(library, found, languages, screen, side_by_side))
        from relmgr_cli.layout.page import highlights_page

        return highlights_page(found, languages[0], screen)

    def payload(found: "Article", languages: Languages) -> dict[str, Any]:
        from relmgr_cli.layout.json_output import highlights_payload, show_payload
        from relmgr_cli.layout.page import highlight_blocks

        found = _narrow(found, section, name)
        shown: dict[str, Any] = {}
        if len(languages) > 1:  # as `show` does, but only the points
            shown = show_payload(found, languages, [s for s in found.sections if s.number == found.highlights])
            shown["rows"] = [row for row in shown["rows"] if row["kind"] == "item"]
        points = [block.text for block in highlight_blocks(found, languages[0])]
        return shown | highlights_payload(found, languages[0], points)

    return _present(invocation, names, draw, payload, lambda found: _narrow(found, section, name).highlights is None)


def _layout(
    library: Library,
    article: "Article",
    languages: Languages,
    screen: "OutputTarget",
    side_by_side: bool | None = None,  # noqa: FBT001 (None for columns where they fit)
) -> "Layout":
    """Return the layout of several languages; write a note where the requested one does not fit."""
    from relmgr_cli.config import Arrangement
    from relmgr_cli.layout.arrangement import lay_out

    requested = Arrangement.COLUMNS if side_by_side else None if side_by_side is None else Arrangement.INTERLEAVED
    titles = {language: library.link_titles(article, language) for language in languages}
    layout = lay_out(article, languages, screen, arrangement=requested, link_titles=titles)
    if side_by_side and layout.arrangement is Arrangement.INTERLEAVED and not screen.plain:
        library.reporter.note(messages.TOO_NARROW.fill(count=len(languages)))
    return layout


def resolve_section(article: "Article", name: str, address: str | None) -> "tuple[ArticleSection, ...]":
    """Return the section that `name` means and its subsections; `address` is how the user named the article.

    Raises SectionNotFoundError or SectionAmbiguousError.
    """
    return subsections(article, choose_section(article, name, address))


def _narrow(article: "Article", section: str | None, address: str | None) -> "Article":
    """Return the article with only this section and its subsections; all of it if `section` is None."""
    if section is None:
        return article
    chosen = resolve_section(article, section, address)
    has_highlights = any(each.number == article.highlights for each in chosen)
    return article._replace(sections=chosen, highlights=article.highlights if has_highlights else None)


def _present(
    invocation: Invocation,
    names: Sequence[str],
    draw: "Callable[[Library, Article, Languages, OutputTarget], Iterator[Line]]",
    payload: "Callable[[Article, Languages], dict[str, Any]]",
    lacks_content: "Callable[[Article], bool] | None" = None,
) -> int:
    """Print what a command shows of an article: JSON or a page. With neither to show, return NOTHING_FOUND."""
    library, choice, languages, read = open_article(invocation, names)
    for problem in problems_of(library.database, choice.number, languages):
        invocation.note(str(problem))
    article = load_article(library.database, choice.number, with_embeddings=len(languages) > 1)
    if len(languages) > 1 and awaits_semantic_alignment(library.database, choice.number, article.documents):
        invocation.note(messages.ALIGNED_WITHOUT_CONTENT.fill())
    is_missing = lacks_content is not None and lacks_content(article)
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump

        text = dump(payload(article, languages))
    elif is_missing:
        warn(messages.NO_HIGHLIGHTS.fill(title=article.documents[languages[0]].title))
        return Exit.NOTHING_FOUND
    else:
        from relmgr_cli.layout.ansi import to_ansi

        screen = invocation.screen()
        text = to_ansi(draw(library, article, languages, screen), screen)
    if is_missing:
        write(text)
        return Exit.NOTHING_FOUND
    return invocation.finish(library, text, read, is_implicit=choice.is_implicit)


def _show_stale(invocation: Invocation, names: Sequence[str], section: str | None, *, side_by_side: bool | None) -> int:
    """Show the sections of a translation that are not up to date, beside the source."""
    from relmgr_cli.core.translation_status import library_status, unavailable_history
    from relmgr_cli.languages.names import language_name
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.json_output import dump, show_payload
    from relmgr_cli.layout.parallel import parallel_page

    if names_files(names):
        raise typer.BadParameter(messages.STALE_WITH_FILES.fill())
    name = names[0] if names else None
    library = invocation.open_library(name)
    choice = choose_article(library, name, invocation.last_read_file(library))
    language = choose_languages(library, choice, invocation.settings)[0]
    article = load_article(library.database, choice.number, with_embeddings=True)
    if len(article.documents) == 1:
        raise typer.BadParameter(messages.NO_TRANSLATIONS.fill())
    if language == article.source:
        others = ", ".join(tag for tag in article.documents if tag != language)
        message = messages.SOURCE_IS_NO_TRANSLATION.fill(language=language_name(language), languages=others)
        raise typer.BadParameter(message)
    status = library_status(library, [language], frozenset([choice.number]))
    reason = unavailable_history(status.history)
    if reason:
        invocation.note(reason)
    if status.history.repository is None:  # no file says when there will be one
        invocation.cache.disable()
    article = load_article(library.database, choice.number)
    chosen = article.sections if section is None else resolve_section(article, section, name)
    shown = [each for each in chosen if article.state_of(each.number, language)]
    pair = (article.source, language)
    if invocation.settings.as_json:
        text = dump(show_payload(article, pair, shown))
    elif not shown:
        if not reason:
            invocation.note(messages.NO_CHANGES.fill(language=language_name(language)))
        text = ""
    else:
        screen = invocation.screen()
        layout = _layout(library, article, pair, screen, side_by_side)
        text = to_ansi(parallel_page(article, layout, screen, shown), screen)
    return invocation.finish(library, text, choice.id, dependencies=status.history.watched)


def _show_hit(invocation: Invocation, rank: int, *, side_by_side: bool | None) -> int:
    """Show the section of a hit of the library's last search. Raises HitMissingError or HitGoneError."""
    from relmgr_cli.search.last_search import last_search_file, read_search

    library = invocation.open_library()
    file = last_search_file(invocation.settings.state_folder, library.key)
    found = read_search(file)
    if not 1 <= rank <= len(found.hits):
        raise HitMissingError(rank, len(found.hits))
    hit = found.hits[rank - 1]
    number = article_number(library.database, hit.article)
    article = None if number is None else load_article(library.database, number)
    section = next((s for s in article.sections if s.number == hit.section), None) if article else None
    if number is None or article is None or section is None:
        raise HitGoneError(rank)
    language = hit.language if hit.language in article.documents else next(iter(article.documents))
    choice = ArticleChoice(number, article.id, language=language)
    languages = choose_languages(library, choice, invocation.settings)
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump, show_payload

        text = dump(show_payload(article, languages, [section]))
    else:
        from relmgr_cli.layout.ansi import to_ansi

        screen = invocation.screen()
        if screen.ansi:
            article = _with_matches(article, found)
        if len(languages) > 1:
            from relmgr_cli.layout.parallel import parallel_page

            layout = _layout(library, article, languages, screen, side_by_side)
            text = to_ansi(parallel_page(article, layout, screen, [section]), screen)
        else:
            text = to_ansi(_hit_page(article, section, languages[0], screen), screen)
    return invocation.finish(library, text, article.id, dependencies=[file])


def _with_matches(article: "Article", found: "LastSearch") -> "Article":
    """Return the article with the matches of a search highlighted."""
    from relmgr_cli.search.matching import highlight_matches

    documents = {
        tag: highlight_matches(document, found.groups, exact=found.exact) for tag, document in article.documents.items()
    }
    return article._replace(documents=documents)


def _hit_page(article: "Article", section: "ArticleSection", language: str, screen: "OutputTarget") -> "Iterator[Line]":
    """Yield the lines of the title and of a section."""
    from relmgr_cli.layout.page import section_page, title_lines

    yield from title_lines(article, article.documents[language], screen, screen.max_text_width)
    yield []
    yield from section_page(article, [section], language, screen)
