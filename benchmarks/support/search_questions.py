"""English questions to the search libraries, and the sections that answer them."""

import csv
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.support.search_libraries import LANGUAGES, Library, SectionAddress, translated_articles
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text

QUESTIONS = Path(__file__).parents[1] / "questions.tsv"

_SENTENCES = 60  # for each source
_FEWEST_WORDS = 5  # in a sentence
_PROSE = ("paragraph", "item", "quote")
_WORD = re.compile(r"[^\W\d_]{3,}")


class Question(NamedTuple):
    """A query, and the section that answers it in each language."""

    text: str
    answers: Mapping[str, SectionAddress]


class Heading(NamedTuple):
    """A heading of an article whose translations are known."""

    english: str
    lines: Mapping[str, int]  # by language
    is_unique: bool  # translated, and no other heading of the source has the same text


def bundled_questions() -> list[dict[str, str]]:
    """Return the rows of questions.tsv, which are about the bundled article."""
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def sources_with_headings(corpora: Path) -> list[str]:
    """Return the sources for which there are heading questions."""
    names = sorted(path.name.partition(".")[0] for path in corpora.glob("*.headings.full.tsv"))
    return [name for name in names if any(h.is_unique for rows in _headings(corpora, name).values() for h in rows)]


def heading_questions(corpora: Path, library: Library) -> list[Question]:
    """Return the English headings; the answers are the sections that have them in Polish and in Russian."""
    articles = translated_articles(corpora, library.source)
    return [
        Question(heading.english, _answers(library, articles[article], heading))
        for article, headings in _headings(corpora, library.source).items()
        for heading in headings
        if heading.is_unique
    ]


def keyword_questions(corpora: Path, library: Library) -> list[Question]:
    """Return the one to three rarest words of random English sentences; the answers are the sections they are in."""
    articles = translated_articles(corpora, library.source)
    folder = corpora / "raw" / library.source
    frequency: Counter[str] = Counter()
    sentences: list[tuple[str, Heading, list[str]]] = []
    headings = _headings(corpora, library.source)
    for article, paths in articles.items():
        if "en" not in paths:
            continue
        text, _ = read_text(str(folder), paths["en"])
        for block in parse_document(text, "", paths["en"]).blocks:
            if block.kind != "code":
                frequency.update(set(_WORD.findall(block.text.lower())))
            above = [heading for heading in headings.get(article, ()) if heading.lines["en"] <= block.line]
            if block.kind in _PROSE and above:
                sentences += [(article, above[-1], words) for words in _sentences(block.text)]
    rng = random.Random(7)  # noqa: S311 (the same questions in every run)
    rng.shuffle(sentences)
    questions = []
    for article, heading, words in sentences[:_SENTENCES]:
        rarest = sorted(words, key=lambda word: (frequency[word], word))[: rng.randint(1, 3)]
        questions.append(Question(" ".join(rarest), _answers(library, articles[article], heading)))
    return questions


def _sentences(text: str) -> Iterator[list[str]]:
    """Yield the words of each English sentence of some length."""
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        words = list(dict.fromkeys(_WORD.findall(sentence.lower())))
        if len(words) >= _FEWEST_WORDS and sentence.isascii():
            yield words


def _headings(corpora: Path, source: str) -> dict[str, list[Heading]]:
    """Return the headings by article, in the order of the English file."""
    articles = translated_articles(corpora, source)
    headings: dict[str, list[Heading]] = defaultdict(list)
    # Quotes are CSV quotes here, although the table has none: a heading in quotes is to be no query for a phrase.
    with (corpora / f"{source}.headings.full.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["article_id"] in articles:
                lines = {language: int(row[f"{language}_line"]) for language in ("en", *LANGUAGES)}
                headings[row["article_id"]].append(Heading(row["en"], lines, not row["flags"]))
    return {article: sorted(rows, key=lambda row: row.lines["en"]) for article, rows in headings.items()}


def _answers(library: Library, paths: Mapping[str, str], heading: Heading) -> dict[str, SectionAddress]:
    return {language: library.section_at(paths[language], heading.lines[language]) for language in LANGUAGES}
