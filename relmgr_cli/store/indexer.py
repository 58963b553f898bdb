"""Documents -> what the full-text index has of their sections. Their words are also counted for the vocabulary.

A text is split into runs of letters by one regular expression, and each run is analysed once for all its occurrences in
a language: it is usually one word, several in scripts without spaces.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.languages.tokens import letter_runs, stem, words
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES, Block
from relmgr_cli.store.codec import read_document
from relmgr_cli.store.vocabulary import WordFormCounts

if TYPE_CHECKING:
    import tantivy

_BREAK = "|"  # a term between blocks, so that no phrase spans two
_MAX_KNOWN = 50_000  # runs of letters whose terms are kept, and as many that were met earlier, some 50 MB


FIELDS = ("stems", "headings", "forms")  # that are scored

# Of a text of a section: its runs of letters, those in code, and whether it is a heading.
_Text = tuple[list[str], Sequence[str], bool]

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
    words: list[tuple[str, str, str, str]]  # language, form, spelling, stem


class _Runs(dict[str, _Terms]):
    """The runs of letters of a language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        self._earlier: dict[str, _Terms] = {}

    def __missing__(self, run: str) -> _Terms:
        """Return the terms of a run that is new, or was not met lately."""
        return self.setdefault(run, self._earlier.get(run) or self._analyse(run))

    def forget(self) -> None:
        """Forget the runs that were not met since this was called last."""
        self._earlier = dict(self)
        self.clear()

    def _analyse(self, run: str) -> _Terms:
        tag = self._language
        found = [(tag, word.folded, word.spelling, stem(word.spelling, tag)) for word in words(run)]
        stems = " ".join([f"{tag}:{root}" for *_, root in found])
        return _Terms(stems, " ".join([f"{tag}:{form}" for _, form, _, _ in found]), found)


class SectionIndexer:
    """Finds the terms of the sections of many documents, and counts their words."""

    def __init__(self) -> None:
        self._known: dict[str, _Runs] = {}  # by language
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)  # language -> run -> occurrences, code included
        self._code: dict[str, Counter[str]] = defaultdict(Counter)

    def index(self, rows: Iterable[Sequence[Any]]) -> IndexedDocuments:
        """Return what the index gets of documents; their rows have `DOCUMENT_COLUMNS` and the revision."""
        documents = []
        for *row, revision in rows:
            documents.append(IndexedDocument(row[0], revision, self._sections(read_document(row))))
        counts = self._take_word_forms()
        if sum(map(len, self._known.values())) > _MAX_KNOWN:
            for known in self._known.values():
                known.forget()
        return IndexedDocuments(documents, counts)

    def _sections(self, document: Document) -> list[SectionTerms]:
        """Return the terms of the sections and count their words; the first one also has the front matter."""
        language = document.language
        sections = [[*_texts(document, number)] for number in range(len(document.sections))]
        counts = Counter(chain.from_iterable([runs for texts in sections for runs, _, _ in texts]))
        self._counts[language].update(counts)
        for runs, code, _ in chain.from_iterable(sections):
            if code:
                self._code[language].update(set(code).intersection(runs))
        if language not in self._known:
            self._known[language] = _Runs(language)
        known = self._known[language]
        terms = {run: known[run] for run in counts}
        return [_section(texts, terms, language) for texts in sections]

    def _take_word_forms(self) -> WordFormCounts:
        """Return the occurrences of each word since the last call, in all and outside code."""
        counts: WordFormCounts = {}
        for language, every in self._counts.items():
            known, code = self._known[language], self._code[language]
            for run, count in every.items():
                prose = max(0, count - code.get(run, 0))
                for word in known[run].words:
                    total, outside_code = counts.get(word, (0, 0))
                    counts[word] = total + count, outside_code + prose
        self._counts.clear()
        self._code.clear()
        return counts


def _section(texts: Iterable[_Text], terms: Mapping[str, _Terms], language: str) -> SectionTerms:
    """Return the terms of a section; `terms` are those of its runs."""
    stems: list[str] = []
    forms: list[str] = []
    headings: list[str] = []
    whole: list[str] = []
    for runs, _, is_heading in texts:
        found = [*map(terms.__getitem__, runs)]
        stems += [each[0] for each in found]
        forms += [each[1] for each in found]
        forms.append(_BREAK)
        if is_heading:
            headings.append(" ".join([each.stems for each in found]))
            heading = [word for each in found for word in each.words]
            whole += _whole_heading(language, [word[1] for word in heading], [word[3] for word in heading])
    all_stems, all_forms = " ".join(stems), " ".join(forms)
    counts = (len(all_stems.split()), sum(len(heading.split()) for heading in headings), len(all_forms.split()))
    return SectionTerms(all_stems, all_forms, headings, whole, counts)


def _texts(document: Document, number: int) -> Iterator[_Text]:
    """Yield the texts of a section."""
    if number == 0:
        yield from ((letter_runs(text), (), True) for text in (document.title, *document.keywords))
        yield letter_runs(document.description), (), False
    for block in document.blocks_of(document.sections[number]):
        runs = letter_runs(block.text)
        yield runs, runs if block.kind in VERBATIM_KINDS else _code(block), block.kind == "heading"


def _code(block: Block) -> list[str]:
    code = (span.text for span in block.spans if span.styles and VERBATIM_STYLES.intersection(span.styles))
    return [run for text in code for run in letter_runs(text)]


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
    return _whole_heading(language, [word.folded for word in found], [stem(word.spelling, language) for word in found])


def _whole_heading(language: str, forms: Iterable[str], stems: Iterable[str]) -> tuple[str, str]:
    return f"{language}:{' '.join(forms)}", f"{language}={' '.join(stems)}"
