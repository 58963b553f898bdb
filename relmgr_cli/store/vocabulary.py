"""The word forms of the library: how its words are spelled, their stems, and how often each occurs.

They are counted while sections are indexed; the words of a document that has changed or is gone are subtracted.
"""

from collections.abc import Sequence
from typing import Any

from relmgr_cli.languages.tokens import stem
from relmgr_cli.store.database import Database

# language, folded form, spelling, stem -> occurrences in all, and outside code
WordFormCounts = dict[tuple[str, str, str, str], tuple[int, int]]


def merge_counts(counts: WordFormCounts, others: WordFormCounts, sign: int = 1) -> None:
    """Add other occurrences to the counts, or subtract them if `sign` is -1."""
    for key, (total, prose) in others.items():
        known = counts.get(key, (0, 0))
        counts[key] = (known[0] + sign * total, known[1] + sign * prose)


def add_word_forms(connection: Any, counts: WordFormCounts) -> None:
    """Add to the counts, inside the caller's transaction; words that are left with none are deleted."""
    rows = [(*_stored(*key), *both) for key, both in counts.items() if any(both)]
    connection.executemany(
        "INSERT INTO stored_word_forms VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " count = count + excluded.count, prose = prose + excluded.prose",
        rows,
    )
    gone = [_stored(*key)[:3] for key, (total, _) in counts.items() if total < 0]
    condition = "language = ? AND form = ? AND spelling = ? AND count <= 0"
    connection.executemany(f"DELETE FROM stored_word_forms WHERE {condition}", gone)  # noqa: S608 (a constant)


def _stored(language: str, form: str, spelling: str, stem_: str) -> tuple[str, str, str, str | None]:
    """Return the first columns of a row of `stored_word_forms`."""
    return language, form, "" if spelling == form else spelling, None if stem_ == form else stem_


def stems_of(database: Database, language: str, spelling: str, form: str) -> tuple[str, ...]:
    """Return the stems in one language that a typed word may have; none where no text has them."""
    query = "SELECT DISTINCT stem FROM word_forms WHERE language = ? AND form = ?"
    found = [row for (row,) in database.rows(query, (language, form))]
    typed = stem(spelling, language)
    if typed not in found and _with_stem(database, language, typed):
        found.append(typed)
    return tuple(found)


def _with_stem(database: Database, language: str, stem_: str) -> list[tuple[str, int]]:
    """Return the spellings of a stem, each with its occurrences, in any order.

    SQLite does not know that a language has far more words than a stem, and left alone reads all of them.
    """
    query = (
        "SELECT iif(spelling = '', form, spelling), count FROM stored_word_forms"
        " WHERE language = ? AND form = ? AND stem IS NULL UNION ALL"
        " SELECT iif(spelling = '', form, spelling), count FROM stored_word_forms INDEXED BY word_forms_of_stem"
        " WHERE language = ? AND stem = ?"
    )
    return database.rows(query, (language, stem_, language, stem_))


def is_prose(database: Database, language: str, form: str) -> bool:
    """Return True if a folded form occurs in the running text of a language, not only in code."""
    query = "SELECT 1 FROM word_forms WHERE language = ? AND form = ? AND prose > 0 LIMIT 1"
    return bool(database.rows(query, (language, form)))


def spelling_of(database: Database, language: str, stem_: str) -> str:
    """Return the most frequent spelling of a stem."""
    found = _with_stem(database, language, stem_)
    return min(found, key=lambda word: (-word[1], word[0]))[0] if found else stem_


def usual_spelling(database: Database, languages: Sequence[str], form: str) -> str | None:
    """Return how these languages together spell a folded form most often; None where no text has it."""
    placeholders = ", ".join("?" * len(languages))
    spelling: str | None = database.value(
        f"SELECT spelling FROM word_forms WHERE language IN ({placeholders}) AND form = ?"  # noqa: S608 (question marks)
        " GROUP BY spelling ORDER BY sum(count) DESC, spelling LIMIT 1",
        (*languages, form),
    )
    return spelling


def forms_with_prefix(database: Database, language: str, prefix: str, limit: int) -> tuple[str, ...]:
    """Return the folded forms that begin with a prefix, the most frequent first."""
    return _forms(database, "form >= ? AND form < ?", (language, prefix, prefix + "\U0010ffff", limit))


def forms_with_letter(database: Database, language: str, letter: str, limit: int) -> tuple[str, ...]:
    """Return the folded forms that contain a letter, the most frequent first."""
    return _forms(database, "instr(form, ?)", (language, letter, limit))


def _forms(database: Database, condition: str, parameters: Sequence[str | int]) -> tuple[str, ...]:
    query = f"SELECT form FROM word_forms WHERE language = ? AND {condition}"  # noqa: S608 (constants)
    rows = database.rows(f"{query} GROUP BY form ORDER BY sum(count) DESC, form LIMIT ?", parameters)
    return tuple(form for (form,) in rows)


def frequent_forms(
    database: Database, languages: Sequence[str], *, shortest: int, longest: int, limit: int
) -> list[tuple[str, str]]:
    """Return folded form and spelling of the most frequent words of these languages, the most frequent first.

    Only forms of `shortest` to `longest` characters; a form that is spelled in several ways occurs several times.
    """
    placeholders = ", ".join("?" * len(languages))
    return database.rows(
        f"SELECT form, spelling FROM word_forms WHERE language IN ({placeholders})"  # noqa: S608 (question marks)
        " AND length(form) BETWEEN ? AND ? ORDER BY count DESC, form, spelling LIMIT ?",
        (*languages, shortest, longest, limit),
    )
