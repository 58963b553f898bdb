"""A git repository whose maintainer has something to do: a translation that is stale, another that is missing."""

from pathlib import Path

from support.git import Files, GitRepository

_GUIDE = """# The guide

This guide says how a customer becomes a partner, and who keeps the promises that were made.

## First steps

Talk to the customer before the contract is signed, and write down what was said.

## Later

Call every month. {more}
"""
_PORADNIK = """# Poradnik

Ten poradnik mówi, jak klient staje się partnerem i kto dotrzymuje obietnic, które zostały złożone.

## Pierwsze kroki

Porozmawiaj z klientem przed podpisaniem umowy i zapisz, co zostało powiedziane.

## Później

Dzwoń co miesiąc.
"""
_PRICES = "# Prices\n\nThe price alone decides nothing, for trust is worth more than a discount of ten percent.\n"


def make_maintained(folder: Path) -> GitRepository:
    """Return a repository in `folder`: docs/pl/guide.md was made from docs/en/guide.md at v1.0, which has changed."""
    repository = GitRepository(folder)
    first: Files = {
        "docs/en/guide.md": _GUIDE.format(more=""),
        "docs/pl/guide.md": _PORADNIK,
        "docs/en/prices.md": _PRICES,
    }
    commit = repository.commit(first)
    repository.git("tag", "v1.0", commit)
    repository.git("update-ref", "refs/remotes/origin/main", commit)
    repository.commit({"docs/en/guide.md": _GUIDE.format(more="A letter is better than a call.")})
    return repository
