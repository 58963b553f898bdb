"""Defines what the owner of a library says about it: its source language, folders and files.

Read from `relmgr.toml` and from the configuration of site generators; the pairing of documents obeys it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class LibraryRules(NamedTuple):
    """What is configured for a library; all paths are relative to its folder, with "/"."""

    source: str = ""  # the tag of the language that others are translated from; "" where nothing says
    reason: str = ""  # the file that says so
    languages: Mapping[str, str] = MappingProxyType({})  # folder or code in a path -> tag
    exclude: tuple[str, ...] = ()  # patterns as in .gitignore
    joined: tuple[tuple[str, ...], ...] = ()  # paths of documents that form one article
    parted: tuple[str, ...] = ()  # paths of documents that are alone


NO_RULES = LibraryRules()
