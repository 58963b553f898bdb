"""The occurrences of a search in the formats of other programs."""

from typing import TYPE_CHECKING

import typer

from relmgr_cli import messages

if TYPE_CHECKING:
    from relmgr_cli.search.concordance import Occurrence
    from relmgr_cli.search.results import Results
    from relmgr_cli.store.kept_words import WordInContext

WORD_FORMATS = ("tsv", "anki")


def parse_word_format(name: str | None) -> str | None:
    """Return the name of a format for words; refuse another one."""
    if name is not None and name.lower() not in WORD_FORMATS:
        raise typer.BadParameter(messages.FORMAT_UNKNOWN.fill(name=name, choices=", ".join(WORD_FORMATS)))
    return name and name.lower()


def export_occurrences(results: "Results", to: str, *, exact: bool) -> str:
    """Return the occurrences in the hits, each in its sentence with the translation, as a file of a format."""
    from relmgr_cli.search.concordance import occurrences

    words = map(_in_sentence, occurrences(results, exact=exact))
    if to == "anki":
        from relmgr_cli.export.anki import anki_notes

        return anki_notes(words)
    from relmgr_cli.export.concordance import word_table

    return word_table(words)


def _in_sentence(found: "Occurrence") -> "WordInContext":
    from relmgr_cli.store.kept_words import WordInContext

    word = WordInContext(
        found.text[found.start : found.end],
        found.language,
        sentence=found.sentence,
        article=found.title,
        path=messages.shown_path(found.root, found.file),
        line=found.line,
    )
    other = found.parallel
    if other is None:
        return word
    translation = other.text[other.start : other.end]
    return word._replace(
        translation=translation if translation in other.sentence else "",  # else it is in another sentence
        translation_language=other.language,
        sentence_translation=other.sentence,
    )
