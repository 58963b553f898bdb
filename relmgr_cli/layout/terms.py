"""Terms with their translations, as lines and as JSON."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from rich.cells import cell_len

from relmgr_cli import messages
from relmgr_cli.health.terms import Occurrence, Term, Translation
from relmgr_cli.languages.names import language_name
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Fragment, Line, hang, line_of
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_MAX_TEXT = 30  # cells of a translation; what follows a longer one is not aligned
_MAX_PLACES = 3  # of a translation
_MAX_WIDTH = 120  # cells
_GAP = 2


def term_list(terms: Sequence[Term], target: OutputTarget, *, with_usual: bool = False) -> Iterator[Line]:
    """Yield each term with its translations: how often each, and where the rarer ones are.

    `with_usual` adds where the usual one is.
    """
    width = min(target.columns, _MAX_WIDTH)
    for number, (term, tag, translations) in enumerate(_by_language(terms)):
        if number:
            yield []
        pair = messages.TERM_LANGUAGES.fill(source=language_name(term.language), target=language_name(tag))
        heading = line_of((sanitize_line(term.text), "heading"), (f" ({pair})", "dim"))
        yield from wrap(heading, width)
        counts = max(len(str(each.uses)) for each in translations)
        texts = min(max(cell_len(sanitize_line(each.text)) for each in translations), _MAX_TEXT)
        for each in translations:
            text = sanitize_line(each.text)
            padding = " " * max(texts - cell_len(text), 0)
            label = line_of("  ", (f"{each.uses:>{counts}}", "number"), f"{' ' * _GAP}{text}{padding}{' ' * _GAP}")
            is_located = with_usual or each is not translations[0]
            places = [line_of((place, "dim")) for place in _places(each)] if is_located else []
            yield from hang(label, places) if places else [label]


def _by_language(terms: Sequence[Term]) -> Iterator[tuple[Term, str, Sequence[Translation]]]:
    for term in terms:
        for tag, translations in term.translations.items():
            yield term, tag, translations


def _places(translation: Translation) -> Iterator[str]:
    for place in translation.places[:_MAX_PLACES]:
        path = min(_shown_path(place), sanitize_line(place.path), key=len)  # commands accept both
        yield f"{path}:{place.line}"
    if (more := len(translation.places) - _MAX_PLACES) > 0:
        yield messages.TERM_MORE_PLACES.fill(more)


def _shown_path(place: Occurrence) -> str:
    """Return the path of a file, relative to the current folder."""
    path = os.path.join(place.root, place.path)
    with suppress(OSError, ValueError):  # the current folder was deleted, or is on another drive
        path = os.path.relpath(path)
    return sanitize_line(path)


def located_terms(terms: Sequence[Term], *, with_usual: bool = False) -> Iterator[Line]:
    """Yield a line for each place of a rarer translation; `with_usual` also for those of the usual one."""
    for term, _, (usual, *rarer) in _by_language(terms):
        for each in (usual, *rarer) if with_usual else rarer:
            facts = {"term": term.text, "text": each.text, "count": each.uses, "usual": usual.text}
            template = messages.TERM_USUAL_AT if each is usual else messages.TERM_AT
            for place in each.places:
                text = template.fill(path=_shown_path(place), line=place.line, usual_count=usual.uses, **facts)
                yield [Fragment(sanitize_line(text))]


def terms_payload(terms: Sequence[Term]) -> dict[str, Any]:
    """Return the answer of `terms`."""
    return {
        "terms": [
            {
                "term": term.text,
                "lang": term.language,
                "translations": {
                    tag: [
                        {
                            "text": each.text,
                            "count": each.uses,
                            "places": [
                                {"root": place.root, "path": place.path, "line": place.line} for place in each.places
                            ],
                        }
                        for each in translations
                    ]
                    for tag, translations in term.translations.items()
                },
            }
            for term in terms
        ]
    }
