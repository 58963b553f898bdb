"""Defines what pairing knows of every document."""

from typing import NamedTuple

from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE

TRANSLATED, PARTLY, UNTRANSLATED = "translated", "partly", "untranslated"


class Traits(NamedTuple):
    """What only pairing reads of a document, besides its summary."""

    shared_keys: tuple[str, ...] = ()  # front matter that translations often have in common: permalink, slug, id
    fingerprints: tuple[int, ...] = ()  # checksums of its longer blocks of prose
    share: float = 1.0  # of its prose that may be in a language that its path names
    is_multilingual: bool = False  # it has sections in several languages


class Candidate(NamedTuple):
    """A document as far as pairing needs it without its content."""

    id: int
    root: str
    path: str
    language: str  # at first that of its text, then its language as a member of its article
    title: str
    key: str  # translation key of its front matter; "" for none
    outline: str  # equal for documents with the same structure
    blocks: int
    words: int
    is_placed: bool = False  # its path names its language, so translations have similar paths
    detected: str = UNKNOWN_LANGUAGE  # the language of its text
    state: str = TRANSLATED  # or partly, untranslated: whether its text is in `language`
    traits: Traits = Traits()
