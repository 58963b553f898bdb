"""Reads the glossary of a library, and finds translations that do not follow it.

A term is accepted in any of its forms: words are compared by their stems, in languages without a stemmer by how they
begin, in scripts without spaces letter by letter. The longest term counts: "service account" is not "account".
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli import file_messages, messages
from relmgr_cli.corpus.article import Article, TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.site_config import to_tag
from relmgr_cli.errors import SettingError
from relmgr_cli.filesystem import read_regular_file
from relmgr_cli.health.word_links import common_start
from relmgr_cli.languages.normalization import fold
from relmgr_cli.languages.tags import match_language, parse_tag
from relmgr_cli.languages.tokens import has_stemmer, is_unspaced, stem, words
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES, Block
from relmgr_cli.project import Project, is_below

_MAX_BYTES = 1 << 20
_MAX_ENTRIES = 10_000
_MAX_WORDS = 8  # of a term
_TITLE_KINDS = frozenset(["heading", "title"])
_CODE = " | "  # stands for code in a text
_SAME_PREFIX = 0.6  # of the shorter of two words that are forms of one
_MAX_ENDING = 5  # letters of the longer word after what is common
_MIN_PREFIX = 3


class Entry(NamedTuple):
    """A term and how it is translated."""

    texts: Mapping[str, tuple[str, ...]]  # language, or "" for that of any source -> terms, the best first


class GlossaryFinding(NamedTuple):
    """A term that is translated in a way that the glossary does not have."""

    language: str
    block: int  # index in the translation
    source_block: int  # index in the source
    term: str  # as in the glossary
    expected: tuple[str, ...]  # accepted translations, the best first


class Glossary:
    """How terms are to be translated."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(entries)
        self._wanted: dict[tuple[str, str], _Wanted] = {}

    def between(self, source: str, language: str) -> "_Wanted":
        """Return what it says about the translations of one language into another."""
        key = source, language
        if key not in self._wanted:
            self._wanted[key] = _Wanted(self.entries, source, language)
        return self._wanted[key]


def read_glossary(project: Project) -> Glossary:
    """Return the glossary of a library: what its relmgr.toml and the table named there say. Raises SettingError."""
    entries = []
    for language, accepted in project.terms.accepted.items():
        tag = to_tag(language)
        if not tag:
            reason = messages.LANGUAGE_UNKNOWN.fill(name=language)
            raise SettingError(project.path, messages.SETTING_OF_KEY.fill(key=f"terms.{language}", reason=reason))
        entries += [Entry({"": (term,), tag: texts}) for term, texts in accepted.items()]
    if project.terms.glossary:
        entries += _read_table(os.path.join(project.folder, project.terms.glossary), project.folder)
    return Glossary(entries[:_MAX_ENTRIES])


def _read_table(path: str, folder: str) -> list[Entry]:
    """Return the entries of a table: a line of languages, then a line for each term; `|` separates alternatives."""
    if not is_below(os.path.realpath(path), os.path.realpath(folder)):
        raise SettingError(path, file_messages.PATH_LEAVES.fill(key="terms.glossary", path=os.path.basename(path)))
    try:
        data = read_regular_file(path, _MAX_BYTES, follows_links=True)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise SettingError(path, error.strerror or file_messages.UNREADABLE) from None
    except UnicodeDecodeError:
        raise SettingError(path, file_messages.NOT_UTF_8) from None
    if len(data) > _MAX_BYTES:
        raise SettingError(path, file_messages.GLOSSARY_TOO_LARGE.fill(kib=_MAX_BYTES >> 10))
    header, *rows = [line.split("\t") for line in text.splitlines() if line.strip()] or [[]]
    tags = [parse_tag(cell.strip()) for cell in header]
    if len(tags) < 2 or not all(tags):  # noqa: PLR2004 (a source and a translation)
        raise SettingError(path, file_messages.GLOSSARY_HEADER)
    found = []
    for row in rows[:_MAX_ENTRIES]:
        cells = {
            tag: tuple(filter(None, map(str.strip, cell.split("|")))) for tag, cell in zip(tags, row, strict=False)
        }
        found.append(Entry({tag: texts for tag, texts in cells.items() if tag and texts}))
    return found


def glossary_findings(article: Article, glossary: Glossary) -> list[GlossaryFinding]:
    """Return the terms of an article that are translated in another way than the glossary says, in reading order."""
    source = article.source or next(iter(article.documents))
    if source not in article.documents:
        return []
    found: list[GlossaryFinding] = []
    for language in article.documents:
        if language == source:
            continue
        wanted = glossary.between(source, language)
        if wanted.terms:
            for unit in article.units:
                found += _findings_of(article, unit, language, wanted)
    return found


class _Word(NamedTuple):
    """A word of a text, as words are compared."""

    stem: str
    folded: str
    is_capital: bool  # its first letter


class _Wanted:
    """What the glossary says about one pair of languages."""

    def __init__(self, glossary: Sequence[Entry], source: str, language: str) -> None:
        self.source, self.language = source, language
        # The words of a term -> the term, its accepted translations.
        self.terms: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
        for entry in glossary:
            tag = match_language([language], [each for each in entry.texts if each])
            own = match_language([source], [each for each in entry.texts if each])
            if tag is None or tag == own:
                continue
            for term in entry.texts[own] if own else entry.texts.get("", ()):
                key = tuple(word.stem for word in _words(term, source))
                if 0 < len(key) <= _MAX_WORDS:
                    known = self.terms.get(key, (term, ()))
                    self.terms[key] = (known[0], (*known[1], *entry.texts[tag]))
        self.longest = max(map(len, self.terms), default=0)


def _findings_of(article: Article, unit: TranslationUnit, language: str, wanted: _Wanted) -> Iterator[GlossaryFinding]:
    sources, targets = unit.blocks.get(wanted.source, ()), unit.blocks.get(language, ())
    if not sources or not targets:
        return
    source, target = article.documents[wanted.source], article.documents[language]
    text = _text_of(target, targets)
    if text == _text_of(source, sources):  # not translated, which is another finding
        return
    translation = _words(text, language)
    for index in sources:
        words_ = _words(_text_of(source, [index]), wanted.source)
        is_title = source.blocks[index].kind in _TITLE_KINDS
        for term, expected in dict(_terms_in(words_, wanted, is_title=is_title)).items():
            if not any(_has(translation, text, each, language) for each in expected):
                yield GlossaryFinding(language, targets[0], index, term, expected)


def _terms_in(text: Sequence[_Word], wanted: _Wanted, *, is_title: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the terms of a text with their translations, the longest at each place.

    After another word with a capital letter, one with a capital letter is part of a name: Web Components. In a title
    all words may have one.
    """
    at = 0
    while at < len(text):
        for length in range(min(wanted.longest, len(text) - at), 0, -1):
            if found := wanted.terms.get(tuple(word.stem for word in text[at : at + length])):
                is_name = text[at].is_capital and at and text[at - 1].is_capital
                if is_title or not is_name or not found[0].islower():
                    yield found
                at += length - 1
                break
        at += 1


def _has(translation: Sequence[_Word], text: str, expected: str, language: str) -> bool:
    """Return True if a text has a term in any form."""
    if any(map(is_unspaced, words(expected))):
        return fold(expected) in fold(text)
    parts = _words(expected, language)
    by_stem = has_stemmer(language)
    return bool(parts) and any(
        all(_is_form(word, part, by_stem=by_stem) for word, part in zip(translation[at:], parts, strict=False))
        for at in range(len(translation) - len(parts) + 1)
    )


def _is_form(word: _Word, expected: _Word, *, by_stem: bool) -> bool:
    """Return True if a word is a form of another one.

    A stemmer leaves some forms apart (`wdrożenie`, `wdrożeń`), so how both begin counts too.
    """
    if word.stem == expected.stem:
        return True
    first, second = (word.stem, expected.stem) if by_stem else (word.folded, expected.folded)
    common = common_start(first, second)
    shorter, longer = sorted((len(first), len(second)))
    return common >= max(_MIN_PREFIX, _SAME_PREFIX * shorter) and longer - common <= _MAX_ENDING


def _text_of(document: Document, indexes: Sequence[int]) -> str:
    return "\n".join(_prose(document.blocks[index]) for index in indexes)


def _prose(block: Block) -> str:
    if block.kind in VERBATIM_KINDS:
        return ""
    cells = [cell for row in block.rows for cell in row] or [block.spans]
    return _CODE.join(
        "".join(_CODE if VERBATIM_STYLES & {*span.styles} else span.text for span in cell) for cell in cells
    )


def _words(text: str, language: str) -> list[_Word]:
    found = words(text)
    return [_Word(stem(word.spelling, language), word.folded, text[word.start].isupper()) for word in found]
