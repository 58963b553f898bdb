"""Leaves out what only stands in the place of a translation: a copy of the source.

Tools that translate in steps put the source into the file of each language first. Such a text is not in that language.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from relmgr_cli.corpus.translation_paths import primary_of
from relmgr_cli.export.units import ExportArticle, ExportUnit
from relmgr_cli.markdown.blocks import VERBATIM_KINDS

_MIN_WORDS = 8  # of a text that is equal in two languages; shorter ones are often names
_SAME_EVERYWHERE = re.compile(r"`[^`]*+`|\]\([^()\s]*+|https?://\S++")  # code and targets
_WORD = re.compile(r"[^\W\d_]++")


def without_copies(
    articles: Iterable[ExportArticle], untranslated: Collection[tuple[str, str]]
) -> Iterator[ExportArticle]:
    """Yield articles without copies of the source; `untranslated` are root and path of the files that are nothing else.

    A file that is translated in part has paragraphs that are equal to those of the source: they are left out too.
    """
    for article in articles:
        documents = article.article.documents.values()
        copied = {each.language for each in documents if (each.root, each.path) in untranslated}
        units = (_translated(unit, article.article.source, copied) for unit in article.units)
        yield article._replace(units=tuple(unit for unit in units if unit.segments))


def _translated(unit: ExportUnit, source: str, copied: Collection[str]) -> ExportUnit:
    """Return a unit without the texts of files that are copies, and those that are equal to the source."""
    original = unit.segments.get(source)
    segments = {
        tag: segment
        for tag, segment in unit.segments.items()
        if tag not in copied
        and not (
            original
            and segment.text == original.text
            and primary_of(tag) != primary_of(source)
            and unit.kind not in VERBATIM_KINDS
            and _has_many_words(segment.text)
        )
    }
    if len(segments) == len(unit.segments):
        return unit
    return unit._replace(segments=segments, doubtful=unit.doubtful & segments.keys())


def _has_many_words(text: str) -> bool:
    return len(_WORD.findall(_SAME_EVERYWHERE.sub(" ", text))) >= _MIN_WORDS
