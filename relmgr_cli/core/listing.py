"""Chooses the articles that a list shows."""

from collections.abc import Callable, Iterator, Sequence

from relmgr_cli.errors import LanguageUnknownError
from relmgr_cli.store.articles import ArticleSummary


def filter_articles(
    articles: Sequence[ArticleSummary], wanted: Sequence[str], text: str, missing: str
) -> Iterator[ArticleSummary]:
    """Yield the articles that have the wanted languages and the text in a title or path, and lack the missing ones."""
    from relmgr_cli.languages.names import has_name
    from relmgr_cli.languages.tags import match_language, parse_languages

    lacked = parse_languages(missing)
    has_text = _name_filter(text)
    for tag in lacked:
        if not has_name(tag) and not any(tag in article.languages for article in articles):
            raise LanguageUnknownError(tag)
    for article in articles:
        has_wanted = all(match_language([tag], article.languages) for tag in wanted)
        has_lacked = any(match_language([tag], article.languages) for tag in lacked)
        if has_wanted and not has_lacked and has_text(article):
            yield article


def _name_filter(text: str) -> Callable[[ArticleSummary], bool]:
    """Return a function that tells whether an article has a text in its id, a title or a path."""
    if not text:
        return lambda _: True
    from relmgr_cli.corpus.naming import name_key

    key = name_key(text)

    def has_text(article: ArticleSummary) -> bool:
        names = (article.id, *(name for document in article.documents for name in (document.title, document.path)))
        return any(key in name_key(name) for name in names)

    return has_text
