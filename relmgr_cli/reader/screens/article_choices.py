"""The library as a list to choose from: titles, languages, what is missing, what was read last."""

import time
from collections.abc import Callable, Sequence

from relmgr_cli.languages.tags import match_language
from relmgr_cli.reader.screens.filter_picker import Choice
from relmgr_cli.store.articles import ArticleSummary
from relmgr_cli.store.reading_state import ReadingPositions
from relmgr_cli.terminal.sanitize import sanitize_line

_DAY = 86_400  # seconds
_MOST_LACKING = 4  # languages; a longer list says nothing


def article_choices(
    articles: Sequence[ArticleSummary], language: str, places: ReadingPositions, now: Callable[[], float] = time.time
) -> list[Choice[int]]:
    """Return the articles by number, with their titles in the reader's language where they have it."""
    spoken = sorted({each for article in articles for each in article.languages})
    digits = len(str(articles[-1].number)) if articles else 1
    choices = []
    for article in articles:
        lacking = [each for each in spoken if each not in article.languages]
        place = places.articles.get(article.id)
        notes = [
            " · ".join(article.languages),
            f"lacks {' '.join(lacking)}" if 0 < len(lacking) <= _MOST_LACKING else "",
            _ago(int(now()) - place.read) if place else "",
        ]
        title = article.title(match_language((language,), article.languages))
        others = " ".join(document.title for document in article.documents)
        note = sanitize_line("   ".join(filter(None, notes)))
        choices.append(Choice(article.number, f"{article.number:>{digits}}", sanitize_line(title), note, others))
    return choices


def _ago(seconds: int) -> str:
    days = seconds // _DAY
    return "read today" if days < 1 else "read yesterday" if days == 1 else f"read {days} days ago"
