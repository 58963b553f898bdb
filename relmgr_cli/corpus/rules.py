"""Defines what the owner of a library says about it: its source language, folders and files.

Read from `relmgr.toml` and from the configuration of site generators; the pairing of documents obeys it. All paths are
absolute, because a library can have several folders, and a folder several sites.
"""

import os
from collections.abc import Iterator, Mapping
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

    def source_of(self, root: str, path: str) -> SourceRule | None:
        """Return the source language configured for a document; None where nothing says."""
        return next((self.sources[each] for each in _parents(root, path, self.sources) if each in self.sources), None)

    def folder_language(self, root: str, path: str) -> str:
        """Return the language configured for the folder that a document is in; "" where nothing says."""
        return next((self.folders[each] for each in _parents(root, path, self.folders) if each in self.folders), "")


def _parents(root: str, path: str, rules: Mapping[str, object]) -> Iterator[str]:
    """Yield the folders that a document is in, the inmost first; none if there are no rules for folders."""
    folder = os.path.dirname(os.path.join(root, path)) if rules else ""
    while folder:
        yield folder
        parent = os.path.dirname(folder)
        folder = parent if parent != folder else ""


NO_RULES = LibraryRules()
