"""Defines where a link leads."""

from enum import StrEnum
from typing import NamedTuple


class LinkStatus(StrEnum):
    """The kind of a link's destination; the values are those of the JSON output."""

    INTERNAL = "here"  # a document that the reader can read
    UNTRANSLATED = "other language only"
    BROKEN = "nowhere"  # it would be a document of the library, and there is none
    EXTERNAL = "outside"  # not a document of the library


class Resolved(NamedTuple):
    """The destination of a link for one reader."""

    status: LinkStatus
    article: int | None = None
    language: str | None = None  # of the document it leads to for this reader
    section: str | None = None  # where the anchor leads; None without anchor
    # "", or one of: anchor-missing, anchor-of-other-language, untranslated-section, untranslated-target,
    # wrong-language-link, translation-link; outside: file, folder, elsewhere, template;
    # nowhere: file-missing, page-missing, name-missing
    note: str = ""
