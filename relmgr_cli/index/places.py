"""Which article of a library was read last. It is the user's, so it lives in the state folder, not the cache."""

import json
import os
from contextlib import suppress
from pathlib import Path

_FILE = "last-read.json"
_MOST_LIBRARIES = 200


def last_read(state_folder: Path | None, library: str) -> str | None:
    """Return the id of the article that was read last in this library; None when nothing is known."""
    article = _load(state_folder).get(library)
    return article if isinstance(article, str) else None


def remember_read(state_folder: Path | None, library: str, article: str) -> None:
    """Keep the id of the article that is being read; where nothing can be kept, nothing is."""
    known = _load(state_folder)
    if state_folder is None or known.get(library) == article:
        return
    known.pop(library, None)
    known[library] = article
    kept = dict(list(known.items())[-_MOST_LIBRARIES:])
    with suppress(OSError):
        state_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = state_folder / f"{_FILE}.{os.getpid()}"
        descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1)
        os.replace(draft, state_folder / _FILE)


def _load(state_folder: Path | None) -> dict[str, object]:
    if state_folder is None:
        return {}
    try:
        known = json.loads((state_folder / _FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
