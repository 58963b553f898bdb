"""Learns which parts of paths name a language in some library, for links that name another or none."""

from collections.abc import Iterable

from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE
from relmgr_cli.corpus.translation_paths import LANGUAGE_FOLDERS, find_markers, without_docusaurus
from relmgr_cli.languages.names import languages
from relmgr_cli.languages.tags import parse_tag

_LENGTHS_OF_CODES = (2, 5)  # pl, pt-br: what a path may begin with even if no document is in that language


class PathLanguages:
    """The parts of paths that name a language in some library, by what its documents are written in.

    A part counts only where a text below it is in that language: `js`, `docker-ps` and `io` look like codes. All paths
    are in the form of `comparison_key`, without extensions.
    """

    def __init__(self, documents: Iterable[tuple[str, str]]) -> None:
        """Learn the markers from path and language of each document."""
        self._markers: dict[str, tuple[str, str]] = {}  # part -> what remains without it, language
        tried: set[tuple[str, str]] = set()
        for path, language in documents:
            if language == UNKNOWN_LANGUAGE:
                continue
            for part in path.split("/"):
                if (part, language) not in tried:
                    tried.add((part, language))
                    if (rest := _rest_without(part, language)) is not None:
                        self._markers[part] = (rest, language)

    def __contains__(self, part: str) -> bool:
        """Return whether a part of a path names a language."""
        return part in self._markers

    def rest(self, part: str) -> str | None:
        """Return what remains of a part without its language, "" for nothing; None if it names none."""
        return self._markers.get(part, (None, ""))[0]

    def split_first(self, path: str) -> tuple[str | None, str]:
        """Return the language that a path begins with, None without one, and the rest of the path."""
        first, _, after = path.strip("/").partition("/")
        rest, language = self._markers.get(first, (None, None))
        if language and not rest:
            return language, after
        tag = parse_tag(first) if len(first) in _LENGTHS_OF_CODES else None
        return (tag, after) if tag and _primary(tag) in languages() else (None, path)

    def neutral(self, path: str, head: str) -> str:
        """Return a path without its first marker below the folder `head`; that folder itself is tried last."""
        if not path.startswith(head + "/"):
            return path
        parts = path[len(head) + 1 :].split("/")
        for index in (*range(1, len(parts)), 0):
            if (rest := self.rest(parts[index])) is not None:
                parts[index : index + 1] = [rest] if rest else []
                if not rest and index and parts[index - 1] in LANGUAGE_FOLDERS:
                    del parts[index - 1]
                break
        return without_docusaurus("/".join((head, *parts)))


def _rest_without(part: str, language: str) -> str | None:
    """Return what remains of a part of a path without this language's code or name; None if it does not name it."""
    primary = _primary(language)
    found = find_markers(f"{part}/")  # as a folder, for which there is one more way to name a language
    return next((marker.rest for marker in found if _primary(marker.tag) == primary), None)


def _primary(tag: str) -> str:
    return tag.partition("-")[0]
