"""Documents -> what the full-text index has of their sections. Their words are also counted for the vocabulary.

A text is split into runs of letters by one regular expression, and each run is analysed once for all its occurrences in
a language: it is usually one word, several in scripts without spaces.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.languages.tokens import letter_runs, stem, words
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES, Block
from relmgr_cli.store.codec import read_document
from relmgr_cli.store.vocabulary import WordFormCounts

if TYPE_CHECKING:
    import tantivy

_BREAK = "|"  # a term between blocks, so that no phrase spans two
_MAX_KNOWN = 100_000  # runs of letters whose terms are kept, some 50 MB


FIELDS = ("stems", "headings", "forms")  # that are scored

_SECTION_BITS = 24  # of a place, for the index of the section in its document
_EXACT_LENGTH, _LENGTH_BITS = 24, 4  # how tantivy rounds lengths, as Lucene's SmallFloat does


class SectionTerms(NamedTuple):
    """The terms of a section, separated by spaces; headings and whole ones as texts of their own."""

    stems: str
    forms: str
    headings: list[str]
    whole: list[str]
    counts: tuple[int, ...] = ()  # of the terms in each of the `FIELDS`


class IndexedDocument(NamedTuple):
    """What the full-text index gets of a document."""

    id: int
    revision: int
    sections: list[SectionTerms]

    def counts(self) -> tuple[int, ...]:
        """Return the number of sections, and of the terms in each of the `FIELDS`."""
        fields = range(len(FIELDS))
        return len(self.sections), *(sum(section.counts[field] for section in self.sections) for field in fields)


class IndexedDocuments(NamedTuple):
    """What the index gets of several documents, and how often their words occur."""

    documents: list[IndexedDocument]
    word_forms: WordFormCounts


class _Terms(NamedTuple):
    """The terms of a run of letters."""

    stems: str  # separated by spaces
    forms: str
    words: tuple[tuple[str, str, str], ...]  # form, spelling, stem


class SectionIndexer:
    """Finds the terms of the sections of many documents, and counts their words."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, _Terms]] = defaultdict(dict)  # language -> run -> its terms
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)  # language -> run -> occurrences, code included
        self._code: dict[str, Counter[str]] = defaultdict(Counter)

    def index(self, rows: Iterable[Sequence[Any]]) -> IndexedDocuments:
        """Return what the index gets of documents; their rows have `DOCUMENT_COLUMNS` and the revision."""
        documents = []
        for *row, revision in rows:
            document = read_document(row)
            sections = [self._section(document, number) for number in range(len(document.sections))]
            documents.append(IndexedDocument(row[0], revision, sections))
        counts = self._take_word_forms()
        if sum(map(len, self._known.values())) > _MAX_KNOWN:
            self._known.clear()
        return IndexedDocuments(documents, counts)

    def _section(self, document: Document, number: int) -> SectionTerms:
        """Return the terms of a section; the first one also has the front matter."""
        terms = SectionTerms("", "", [], [])
        stems: list[str] = []
        forms: list[str] = []
        for text, code, is_heading in _texts(document, number):
            found = self._read(text, code, document.language)
            stems += [terms.stems for terms in found]
            forms += [terms.forms for terms in found]
            forms.append(_BREAK)
            if is_heading:
                terms.headings.append(" ".join([terms.stems for terms in found]))
                terms.whole.extend(whole_headings(text, document.language))
        counts = tuple(len(" ".join(texts).split()) for texts in (stems, terms.headings, forms))
        return terms._replace(stems=" ".join(stems), forms=" ".join(forms), counts=counts)

    def _read(self, text: str, code: Iterable[str], language: str) -> list[_Terms]:
        """Return the terms of a text and count its words; `code` are its runs that are code."""
        found = letter_runs(text)
        known = self._known[language]
        for run in set(found).difference(known):
            known[run] = _analyse(run, language)
        self._counts[language].update(found)
        if code:
            self._code[language].update(set(code).intersection(found))
        return [known[run] for run in found]

    def _take_word_forms(self) -> WordFormCounts:
        """Return the occurrences of each word since the last call, in all and outside code."""
        counts: WordFormCounts = {}
        for language, every in self._counts.items():
            for run, count in every.items():
                prose = max(0, count - self._code[language][run])
                for word in self._known[language][run].words:
                    total, outside_code = counts.get((language, *word), (0, 0))
                    counts[language, *word] = total + count, outside_code + prose
        self._counts.clear()
        self._code.clear()
        return counts


def _texts(document: Document, number: int) -> Iterable[tuple[str, Sequence[str], bool]]:
    """Yield the texts of a section, their runs that are code, and whether they are headings."""
    if number == 0:
        yield from ((text, (), True) for text in (document.title, *document.keywords))
        yield document.description, (), False
    section = document.sections[number]
    for block in document.blocks_of(section):
        text = block.text
        yield text, letter_runs(text) if block.kind in VERBATIM_KINDS else _code(block), block.kind == "heading"


def _code(block: Block) -> list[str]:
    return [run for span in block.spans if VERBATIM_STYLES.intersection(span.styles) for run in letter_runs(span.text)]


def _analyse(run: str, language: str) -> _Terms:
    found = tuple((word.folded, word.spelling, stem(word.spelling, language)) for word in words(run))
    return _Terms(
        " ".join([f"{language}:{root}" for _, _, root in found]),
        " ".join([f"{language}:{form}" for form, _, _ in found]),
        found,
    )


def to_tantivy(document: IndexedDocument, number: int) -> "tantivy.Document":
    """Return a section as a tantivy document."""
    import tantivy

    entry = tantivy.Document()
    entry.add_unsigned("document", document.id)
    entry.add_unsigned("revision", document.revision)
    entry.add_unsigned("place", section_place(document.id, number))
    terms = document.sections[number]
    for field, count in zip(FIELDS, terms.counts, strict=True):
        entry.add_unsigned(f"{field}_length", field_length(count))
    for heading in terms.headings:
        entry.add_text("headings", heading)
    for whole in terms.whole:
        entry.add_text("whole", whole)
    entry.add_text("stems", terms.stems)
    entry.add_text("forms", terms.forms)
    return entry


def section_place(document: int, section: int) -> int:
    """Return the number by which the full-text index knows a section: the id of its document and its index there."""
    return document << _SECTION_BITS | section


def section_key(place: int) -> tuple[int, int]:
    """Return document and section of a place."""
    return place >> _SECTION_BITS, place & ((1 << _SECTION_BITS) - 1)


def field_length(tokens: int) -> int:
    """Return the length of a field as tantivy rounds it: what exceeds 24 to the four most significant bits."""
    shift = max(0, (tokens - _EXACT_LENGTH).bit_length() - _LENGTH_BITS)
    return tokens if tokens < _EXACT_LENGTH else _EXACT_LENGTH + ((tokens - _EXACT_LENGTH) >> shift << shift)


def whole_headings(text: str, language: str) -> tuple[str, str]:
    """Return the two terms for a heading as a whole: its forms, and their stems."""
    found = list(words(text))
    forms = " ".join(word.folded for word in found)
    stems = " ".join(stem(word.spelling, language) for word in found)
    return f"{language}:{forms}", f"{language}={stems}"
