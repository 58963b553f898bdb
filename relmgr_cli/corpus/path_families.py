"""Defines families of parts of paths that may name languages, and what the texts below them say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.translation_paths import Reading, primary_of, readings


class Family(NamedTuple):
    """Where a language is named: the folder with such parts, and what remains of a part without it."""

    root: str
    folder: str
    rest: str
    of_files: bool


class Mark(NamedTuple):
    """A part of the path of a document that may name its language."""

    document: int  # index
    at: int  # index of the part; 0 is the library folder
    reading: Reading


class Part(NamedTuple):
    """What the documents below one part of a family say about it."""

    marks: Sequence[Mark]
    tag: str  # what the part stands for, by the texts
    agreeing: int  # documents in that language
    unknown: int  # documents in a language that is not known
    main: int  # documents in the language from which this library is translated
    others: int
    mirrored: float  # share of documents with a counterpart
    foreign: bool  # counterparts are in other languages than the documents, as far as known
    is_copy: bool  # counterparts have the same structure

    @property
    def reading(self) -> Reading:
        """How its name is read, the same in all paths."""
        return self.marks[0].reading

    @property
    def is_confirmed(self) -> bool:
        """Whether most texts are in the language that the part names."""
        return self.agreeing > self.main + self.others


def read_part(part: str, codes: Mapping[str, str]) -> Iterator[Reading]:
    """Yield the ways to read a part; what the owner of the library has configured comes first."""
    if codes:
        lower = part.lower()
        if lower in codes:
            yield Reading((codes[lower],), lower, "whole", "", "", is_code=True, is_certain=True)
            return
        for at in range(len(part) - 1, 0, -1):
            if part[at] in "._-" and lower[at + 1 :] in codes:
                tag = codes[lower[at + 1 :]]
                yield Reading((tag,), lower[at + 1 :], "suffix", part[at], part[:at], is_code=True, is_certain=True)
                return
    yield from readings(part)


def as_country(name: str, part: Part, parts: Mapping[str, Part]) -> Part:
    """Return a part whose name is the code of a country, where texts do not tell but the other parts do.

    `mo` is Romanian no longer; beside `ro`, or beside the other names of Chinese, it is Macau.
    """
    tags = part.reading.tags
    if part.agreeing or len(tags) == 1 or part.tag != tags[0]:
        return part
    others = [other.tag for key, other in parts.items() if key != name]
    is_alias = name != primary_of(tags[0])
    if (is_alias and primary_of(tags[1]) in map(primary_of, others)) or (is_alias and tags[0] in others):
        return part._replace(tag=tags[1])
    return part


def with_distinct_tags(parts: Mapping[str, Part]) -> dict[str, Part]:
    """Return parts of a family with different tags: `no` beside `nb`, `zh` beside `zh-CN`."""
    found: dict[str, Part] = {}
    tags = Counter(part.tag for part in parts.values())
    for name, part in parts.items():
        if tags[part.tag] > 1 and name != part.tag.lower():
            language, *subtags = name.replace("_", "-").split("-")
            whole = "-".join([language, *map(str.title, subtags[:-1]), *map(str.upper, subtags[-1:])])
            part = part._replace(tag=whole if part.reading.is_code else f"{part.tag}-{name.upper()}")  # noqa: PLW2901
        found[name] = part
    return found
