"""Decides which segments of an export may translate another text than that of the source.

A segment is in doubt if its unit is (see corpus/alignment/unit_doubt.py), or if its section is stale: then it is the
translation of an older text.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.alignment.unit_doubt import Encoder, doubtful_units
from relmgr_cli.corpus.alignment.word_evidence import Lexicon
from relmgr_cli.corpus.article import Article

_STALE = "stale"


class Evidence(NamedTuple):
    """What a library knows about its languages, for the alignment."""

    lexicon: Callable[[str, str], Lexicon]  # from a language to another
    knows_language: Callable[[str], bool]  # whether the encoder does
    encode_blocks: Encoder
    encode_sentences: Encoder


def find_doubts(article: Article, languages: Sequence[str], evidence: Evidence) -> dict[int, frozenset[str]]:
    """Return the languages in doubt of the units where there are any, by the index of the unit in the article.

    The first of the languages is the source.
    """
    source = languages[0]
    if source not in article.documents:
        return {}
    found: dict[int, set[str]] = {}
    for language in languages[1:]:
        if language not in article.documents:
            continue
        documents = article.documents[source], article.documents[language]
        is_known = all(map(evidence.knows_language, (source, language)))
        lexicon = evidence.lexicon(source, language)
        encoder = evidence.encode_blocks if is_known else None
        for index in doubtful_units(documents, article.units, (source, language), lexicon, encoder):
            found.setdefault(index, set()).add(language)
        for index, unit in enumerate(article.units):
            if _is_stale(article, unit.section, source, language):
                found.setdefault(index, set()).add(language)
    return {index: frozenset(tags) for index, tags in found.items()}


def _is_stale(article: Article, section: str, source: str, language: str) -> bool:
    """Return True if one of the languages is a stale translation; the article's own source never is."""
    return any(tag != article.source and article.state_of(section, tag) == _STALE for tag in (source, language))
