"""Defines what the owner of a library says about it: its source language, folders and files.

Read from `relmgr.toml` and from the configuration of site generators; the pairing of documents obeys it. All paths are
absolute, because a library can have several folders, and a folder several sites.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple


class SourceRule(NamedTuple):
    """The language that the documents below a folder are translated from."""

    language: str  # a tag
    reason: str  # the path of the file that says so


class LibraryRules(NamedTuple):
    """What is configured for a library."""

    sources: Mapping[str, SourceRule] = MappingProxyType({})  # folder -> for all documents below it; the inmost counts
    folders: Mapping[str, str] = MappingProxyType({})  # folder -> tag of all documents below it; the inmost counts
    codes: Mapping[str, str] = MappingProxyType({})  # language part of a path, in lower case -> tag
    joined: tuple[tuple[str, ...], ...] = ()  # documents that form one article
    parted: tuple[str, ...] = ()  # documents that are alone

    def source_of(self, paths: Sequence[str]) -> SourceRule | None:
        """Return the source language configured for the documents of an article; None where nothing says.

        The folder of the rule has all of them in it: a site in one language says nothing about its translations.
        """
        folders = [os.path.dirname(path) for path in paths] if self.sources else []
        try:
            parents = _upwards(os.path.commonpath(folders)) if folders else ()
        except ValueError:  # on several drives
            return None
        return next((self.sources[folder] for folder in parents if folder in self.sources), None)

    def folder_language(self, path: str) -> str:
        """Return the language configured for the folder that a document is in; "" where nothing says."""
        parents = _upwards(os.path.dirname(path)) if self.folders else ()
        return next((self.folders[folder] for folder in parents if folder in self.folders), "")


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        parent = os.path.dirname(folder)
        folder = parent if parent != folder else ""


NO_RULES = LibraryRules()
