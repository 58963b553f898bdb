"""The tools `search` and `articles`: which sections and articles a library has."""

from collections.abc import Collection, Sequence

from relmgr_cli import messages
from relmgr_cli.config import Settings
from relmgr_cli.core.library import Library
from relmgr_cli.core.listing import filter_articles
from relmgr_cli.core.selection import choose_library_languages, no_articles_error, reader_languages
from relmgr_cli.mcp.answer import Answer, quote, quote_line
from relmgr_cli.mcp.arguments import Arguments
from relmgr_cli.mcp.places import find, path_in, tags, with_languages
from relmgr_cli.mcp.reading import whole_section
from relmgr_cli.search.results import Hit, Results
from relmgr_cli.search.retrieval import Scope
from relmgr_cli.search.snippets import Match
from relmgr_cli.search.suggest import suggest
from relmgr_cli.store.articles import ArticleSummary, list_articles
from relmgr_cli.terminal.sanitize import sanitize_line

_MATCH_ORDER = {"word": 0, "form": 0, "counterpart": 1, "meaning": 2, "": 3}  # best first
_MAX_TRANSLATIONS = 3  # of a word in one language
_DEFAULT_HITS = 5
_MIN_SCORE = 0.25  # of that of the best hit, for a hit that is shown although the call names no limit
_MAX_TEXT = 1200  # characters of a section that is shown whole


def search(library: Library, settings: Settings, arguments: Arguments) -> Answer:
    """Return the sections that answer a query, each with its best sentence; the text of a short one that is alone."""
    if library.is_small:
        library.pair_semantically()
    asked = with_languages(settings, arguments.languages)
    languages = choose_library_languages(library, asked)
    article = find(library, arguments.article).number if arguments.article else None
    scope = Scope(languages, article, limit=arguments.limit or _DEFAULT_HITS)
    max_languages = None if languages else 1  # besides the source and those of the reader
    results = library.search(arguments.query, scope, languages or reader_languages(asked), max_languages)
    if results.answer.query.is_cut:
        library.reporter.note(messages.SEARCH_CUT.fill())
    if not results.hits:
        return Answer((), _nothing_found(library, results))
    least = 0.0 if arguments.limit else _MIN_SCORE * results.hits[0].score
    shown = [(hit, _matches(hit, has_all=bool(languages))) for hit in results.hits if hit.score >= least]
    count = messages.SECTIONS.fill(results.total)
    if results.total > len(shown):
        count = messages.MCP_FOUND_CUT.fill(sections=count, count=len(shown))
    terms = _terms(results, {match.language for _, matches in shown for match in matches})
    entries = [_hit(library, hit, matches, may_be_whole=len(shown) == 1) for hit, matches in shown]
    return Answer(entries, "\n".join([*terms, count]))


def _terms(results: Results, languages: Collection[str]) -> list[str]:
    """Return a line for each word of the query that was translated into languages that are shown."""
    found = []
    for term in (term for group in results.answer.groups for term in group):
        words = [
            f"{tag} {', '.join(each.spelling for each in term.translations[tag][:_MAX_TRANSLATIONS])}"
            for tag in results.answer.languages
            if tag in languages and tag not in term.source_languages and term.translations.get(tag)
        ]
        if words:
            found.append(sanitize_line(f"{term.item.text}: {'; '.join(words)}"))
    return found


def _matches(hit: Hit, *, has_all: bool) -> Sequence[Match]:
    """Return the matches of a hit in all languages, or in that in which the words of the query are found.

    That is the reader's, or that of the source, if they are found in several.
    """
    if has_all:
        return [match for match in hit.matches if match.match_type]
    return [min(hit.matches, key=lambda match: _MATCH_ORDER[match.match_type])]


def _hit(library: Library, hit: Hit, matches: Sequence[Match], *, may_be_whole: bool) -> str:
    """Return the address of a hit, then in each language its place and heading, and its best sentence or its text."""
    note = messages.HIT_BY_MEANING if hit.by_meaning else "" if hit.is_complete else messages.HIT_INCOMPLETE
    address = f"{hit.rank}. {sanitize_line(hit.article.id)}#{hit.section.number}"
    lines = [f"{address} ({note})" if note else address]
    for match in matches:
        place = f"{sanitize_line(match.language)} {path_in(library, match.root, match.path)}:{match.line}"
        text = _short_text(hit, match) if may_be_whole and len(matches) == 1 else []
        lines.append(place if text else place + quote_line(match.heading))
        if text:
            lines += text
        elif match.snippet.strip() != match.heading.strip():
            lines.append(quote(match.snippet))
    return "\n".join(lines)


def _short_text(hit: Hit, match: Match) -> list[str]:
    """Return the text of a section as the tool `section` shows it, if it is short and has the match."""
    document = hit.article.documents[match.language]
    section = document.sections[hit.section.indexes[match.language]]
    if match.block < section.start or section.words > _MAX_TEXT:  # the match is in the front matter
        return []
    text = whole_section(hit.article, hit.section, match.language)
    return text if sum(map(len, text)) <= _MAX_TEXT else []


def _nothing_found(library: Library, results: Results) -> str:
    answer = results.answer
    if not answer.groups:
        return messages.QUERY_EMPTY.fill()
    near = [
        messages.WORD_SUGGESTED.fill(word=word, better=better) for word, better in suggest(library.database, answer)
    ]
    template = messages.NOTHING_FOUND_NEAR if near else messages.NOTHING_FOUND
    return sanitize_line(template.fill(query=answer.query.text, suggestions="; ".join(near)))


def articles(library: Library, settings: Settings, arguments: Arguments) -> Answer:
    """Return the articles of a library, or some of them."""
    library.pair_semantically(is_noted=True)
    everything = list_articles(library.database)
    if not everything:
        raise no_articles_error(library)
    wanted = choose_library_languages(library, with_languages(settings, arguments.languages))
    found = list(filter_articles(everything, wanted, arguments.filter, arguments.missing))
    if not found:
        return Answer((), messages.NO_ARTICLES.fill())
    count = messages.ARTICLES.fill(len(everything))
    if len(found) < len(everything):
        count = messages.MCP_ARTICLES_OF.fill(count=len(found), articles=count)
    return Answer([_article(library, each) for each in found], count)


def _article(library: Library, article: ArticleSummary) -> str:
    source = article.documents[0]
    path = path_in(library, source.root, source.path)
    facts = f"{article.number} {sanitize_line(article.id)} ({tags(article.languages)}) {path}"
    return facts + quote_line(source.title)
