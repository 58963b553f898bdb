"""Which article of a library was read last. It is the user's, so it lives in the state folder, not the cache."""

import os
from contextlib import suppress
from pathlib import Path


def place_of(state_folder: Path | None, library: str) -> str:
    """Return the path of the file that holds the article of this library read last; "" without a state folder."""
    return os.path.join(state_folder, "last-read", library) if state_folder else ""


def read_place(place: str) -> str | None:
    """Return the id of the article that was read last; None when nothing is known."""
    try:
        with open(place, encoding="utf-8") as file:
            return file.read(200).strip() or None
    except (OSError, ValueError):
        return None


def write_place(place: str, article: str) -> None:
    """Keep the id of the article that is being read; where nothing can be kept, nothing is."""
    if not place or read_place(place) == article:
        return
    with suppress(OSError):
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        draft = f"{place}.{os.getpid()}"
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(article)
        os.replace(draft, place)
