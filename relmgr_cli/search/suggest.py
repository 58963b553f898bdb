"""Suggests a word of the library for a query word that was not found."""

import difflib

from relmgr_cli.languages.names import function_words
from relmgr_cli.languages.tokens import is_unspaced
from relmgr_cli.search.retrieval import SearchAnswer
from relmgr_cli.store.database import Database
from relmgr_cli.store.vocabulary import frequent_forms

_MAX_FORMS = 20_000  # compared, the most frequent ones
_MAX_LENGTH_DIFFERENCE = 2  # characters
_LETTERS_PER_MISTAKE = 5  # that a word must have for each letter that is wrong; shorter ones are like too many


def suggest(database: Database, answer: SearchAnswer) -> list[tuple[str, str]]:
    """Return pairs of a query word and a similar word of the library, for each word that the library does not have.

    Function words have none, nor have pairs of letters of a script without spaces.
    """
    found = []
    functional = function_words(("en", *answer.languages, *([answer.language] if answer.language else ())))
    for term in (term for group in answer.groups for term in group):
        typed = [word for word in term.item.words if word.spelling not in functional and not is_unspaced(word)]
        for form in dict.fromkeys(word.folded for word in typed):
            similar = _most_similar(database, form, answer.languages)
            if similar and similar != form:
                found.append((term.item.text if len(term.item.words) == 1 else form, similar))
    return found


def _most_similar(database: Database, form: str, languages: tuple[str, ...]) -> str:
    """Return the spelling of the word most similar to a folded form; "" if there is none, or if the library has it."""
    spellings: dict[str, str] = {}
    shortest, longest = len(form) - _MAX_LENGTH_DIFFERENCE, len(form) + _MAX_LENGTH_DIFFERENCE
    for known, spelling in frequent_forms(database, languages, shortest=shortest, longest=longest, limit=_MAX_FORMS):
        spellings.setdefault(known, spelling)
    if form in spellings:
        return ""
    mistakes = len(form) // _LETTERS_PER_MISTAKE
    close = difflib.get_close_matches(form, spellings, 1, 1 - mistakes / len(form)) if mistakes else ()
    return next((spellings[known] for known in close), "")
