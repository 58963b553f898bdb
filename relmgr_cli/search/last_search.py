"""Stores the last search in each library, so that `relmgr show --hit 2` can show its hits."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.languages.tokens import words
from relmgr_cli.search.expansion import Term
from relmgr_cli.search.query import Item
from relmgr_cli.search.results import Hit, Results


class LastHit(NamedTuple):
    """The section that a hit of the last search is."""

    article: str  # its id
    section: str
    language: str  # the first with a match


class LastSearch(NamedTuple):
    """The hits of the last search, and the terms to highlight in them."""

    hits: tuple[LastHit, ...]
    groups: tuple[tuple[Term, ...], ...]
    exact: bool


def last_search_file(state_folder: Path | None, library: str) -> str:
    """Return the path of the file that holds the last search in a library; "" without a state folder."""
    return os.path.join(state_folder, "last-search", library) if state_folder else ""


def pack_search(results: Results, *, exact: bool) -> str:
    """Return a search in the form in which it is stored."""
    hits = [[hit.article.id, hit.section.number, _language(hit)] for hit in results.hits]
    groups = [[_pack(term) for term in group if term.item.words] for group in results.answer.groups]
    return json.dumps({"hits": hits, "groups": groups, "exact": exact})


def _language(hit: Hit) -> str:
    """Return the first language whose snippet has a match."""
    return next((match.language for match in hit.matches if match.spans), hit.matches[0].language)


def _pack(term: Term) -> list[object]:
    forms = {tag: sorted(found) for tag, found in term.forms.items()}
    return [term.item.kind, term.item.text, term.stems, forms]


def read_search(path: str) -> LastSearch:
    """Return the last search; one without hits if there is none, or if its file is damaged."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        hits = tuple(LastHit(*map(str, row)) for row in data["hits"])
        groups = tuple(tuple(_unpack(*row) for row in group) for group in data["groups"])
        return LastSearch(hits, groups, bool(data["exact"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return LastSearch((), (), exact=False)


def _unpack(kind: str, text: str, stems: dict[str, dict[str, float]], forms: dict[str, Sequence[str]]) -> Term:
    item = Item(kind, text, tuple(words(text)))
    if not item.words:
        raise ValueError(text)
    weights = {tag: {stem: float(weight) for stem, weight in found.items()} for tag, found in stems.items()}
    return Term(item, weights, {}, {tag: frozenset(found) for tag, found in forms.items()}, frozenset())
