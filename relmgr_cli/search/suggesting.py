"""A word of the library that looks like one that was not found."""

import difflib

from relmgr_cli.index.database import Database
from relmgr_cli.search.finding import Answer

_MOST = 20_000  # forms looked at


def suggest(catalogue: Database, answer: Answer) -> list[tuple[str, str]]:
    """Return for each word that nothing was found for the word of the library that looks most like it."""
    found = []
    for term in (term for group in answer.groups for term in group):
        for word in {word.form: word for word in term.item.words}.values():
            near = _nearest(catalogue, word.form, answer.languages)
            if near and near != word.form:
                found.append((term.item.text if len(term.item.words) == 1 else word.form, near))
    return found


def _nearest(catalogue: Database, form: str, languages: tuple[str, ...]) -> str:
    """Return how the library spells what looks like a form; "" when nothing does.

    Only words of about the same length are compared, and of them the most frequent ones.
    """
    marks = ", ".join("?" * len(languages))
    rows = catalogue.rows(
        f"SELECT form, spelling FROM word_forms WHERE language IN ({marks})"  # noqa: S608 (question marks)
        " AND length(form) BETWEEN ? AND ? ORDER BY count DESC LIMIT ?",
        (*languages, len(form) - 2, len(form) + 2, _MOST),
    )
    spellings: dict[str, str] = {}
    for known, spelling in rows:
        spellings.setdefault(known, spelling)
    if form in spellings:
        return ""
    close = difflib.get_close_matches(form, spellings, 1, 0.75)
    return spellings[close[0]] if close else ""
