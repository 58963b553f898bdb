"""Tells whether the text of a document is in the language that its path names.

Tools that translate in steps put a copy of the source into the place of the translation. Such a copy belongs to its
article, but it is not a translation. It has the blocks of the source, or at least its language.
"""

from collections.abc import Sequence

from relmgr_cli.corpus.candidate import PARTLY, TRANSLATED, UNTRANSLATED, Candidate
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE
from relmgr_cli.corpus.translation_paths import primary_of

RELIABLE_WORDS = 20  # of a text, for its language to count more than its path
_MIN_EQUAL, _MIN_EQUAL_BLOCKS = 0.3, 2  # of the blocks of prose, for a text that is only partly translated
_MOSTLY_EQUAL = 0.8
_MIN_SHARE = 0.15  # of the prose in the language that the path names, for a text that is partly translated

# Languages that detection confuses now and then.
_NEIGHBOURS = tuple(
    frozenset(tags.split())
    for tags in (
        "da nb nn no sv", "bs cs hr sh sk sl sr", "id jv ms su", "ca es gl oc pt", "ar fa ps sd ur", "hi mr ne sa",
        "be bg mk ru sr uk", "ceb fil tl", "en pcm", "az tk tr uz", "kk ky tt", "af nl", "xh zu", "as bn", "lo th",
    )
)  # fmt: skip


def are_neighbours(left: str, right: str) -> bool:
    """Return whether a text in one of two languages may be taken for the other."""
    return any(left in tags and right in tags for tags in _NEIGHBOURS)


def copied_from(document: Candidate, members: Sequence[Candidate]) -> Candidate | None:
    """Return the document of an article that another one is a copy of; None for one in its own language."""
    text = primary_of(document.detected)
    if text in (UNKNOWN_LANGUAGE, primary_of(document.language)) or not document.traits.fingerprints:
        return None
    originals = (each for each in members if primary_of(each.language) == primary_of(each.detected) == text)
    return next((each for each in originals if _share(document, each) >= _MOSTLY_EQUAL), None)


def _share(document: Candidate, source: Candidate) -> float:
    """Return the share of the longer blocks of prose that a document has in common with another."""
    fingerprints = frozenset(document.traits.fingerprints)
    return len(fingerprints.intersection(source.traits.fingerprints)) / len(fingerprints) if fingerprints else 0.0


def state_of(document: Candidate, source: Candidate | None, main: str) -> str:
    """Return "translated", "partly" or "untranslated".

    `source` is the document that it is translated from; where that is missing, a text in `main`, the language of most
    sources, is not translated.
    """
    own, text = primary_of(document.language), primary_of(document.detected)
    other = primary_of(source.language if source else main)
    if source is document or own == other:
        return TRANSLATED
    share = _share(document, source) if source else 0.0
    equal = round(share * len(set(document.traits.fingerprints)))
    if share >= _MOSTLY_EQUAL and (text != own or equal > _MIN_EQUAL_BLOCKS):
        return UNTRANSLATED
    if share >= _MIN_EQUAL and equal >= _MIN_EQUAL_BLOCKS:
        return PARTLY
    is_readable = document.words >= RELIABLE_WORDS and text != UNKNOWN_LANGUAGE
    if text != other or not is_readable or are_neighbours(own, text):
        return TRANSLATED
    return PARTLY if document.traits.share >= _MIN_SHARE else UNTRANSLATED
