"""Whether search finds what it should: English questions to libraries in Polish and Russian, whose answers are known.

    python -m benchmarks.search_quality [CORPORA] [-v]

Each source of the corpora is a library of its own, without its English files. Four questions:

- headings: an English heading; right is the section that has it in Polish, and the one that has it in Russian.
- key words: the one to three rarest words of a random English sentence; right is the section that it stands in.
  Both are asked of the whole index, with one language to search in, and then of the index's words alone, of its stems
  alone and of the vectors of its passages alone. Where both languages are searched, a section is found in both at once.
- own headings: a Polish or Russian heading that no other section has finds its own section first.
- letters: what `--exact` finds for random words is what ripgrep's word search finds in the same files.

And on the bundled article, by hand (`questions.tsv`): English words and phrases, words it says nothing about, the
same question in six languages, and words of languages that the encoder does not know.
"""

import csv
import random
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.search_letters import letters
from benchmarks.search_libraries import (
    LANGUAGES,
    LESS,
    ROOT,
    WORK,
    Library,
    Question,
    Row,
    Target,
    corpora_folder,
    headings,
    manifest,
    open_library,
    sources,
    targets,
)
from relmgr_cli.index.catalogue import open_catalogue
from relmgr_cli.index.fulltext import open_fulltext
from relmgr_cli.index.passages import encode_passages
from relmgr_cli.index.queries import load_article, section_headings
from relmgr_cli.index.sync import sync
from relmgr_cli.index.vectors import encode_texts
from relmgr_cli.index.vocabulary import encode_words
from relmgr_cli.library.document_builder import parse_document
from relmgr_cli.library.files import read_text
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.ranking import RankedSection, rank, score_sections
from relmgr_cli.search.results import search
from relmgr_cli.search.retrieval import Scope, find
from relmgr_cli.search.semantic import similar_sections

SEED = 7
SENTENCES = 60  # of a source
TOP = 10
SECTIONS = 400  # that passages speak for
FEWEST_WORDS = 5  # of a sentence
PROSE = ("paragraph", "item", "quote")
WORD = re.compile(r"[^\W\d_]{3,}")
VERBOSE = "-v" in sys.argv
LETTERS_KINDS = ("word", "form", "counterpart")  # why a section was found, where not by meaning alone

Asked = Callable[[Library, str, str], Sequence[Target]]  # library, question, language -> the best first
Ranks = dict[str, list[int]]  # language -> the rank of the right section for each question, 0 for none


def ask(library: Library, question: str, _language: str = "") -> list[Target]:
    return _ask(library, question, Scope(limit=TOP))


def ask_in(library: Library, question: str, language: str) -> list[Target]:
    return _ask(library, question, Scope((language,), limit=TOP))


def _ask(library: Library, question: str, scope: Scope) -> list[Target]:
    hits = find(library.catalogue, library.text, parse_query(question), scope).hits
    return [(hit.article, hit.section) for hit in hits[:TOP]]


def ask_meaning(library: Library, question: str, _language: str) -> list[Target]:
    vector = encode_texts(library.catalogue, [question])[0]
    evidence = score_sections([], [], [], {}, similar_sections(library.catalogue, vector, None, SECTIONS))
    hits: Iterable[RankedSection] = rank(library.catalogue, evidence, TOP)
    return [(hit.article, hit.section) for hit in hits][:TOP]


def heading_questions(corpora: Path, library: Library) -> list[Question]:
    paths = manifest(corpora, library.source)
    return [
        Question(row.english, targets(library, paths[article], row))
        for article, rows in headings(corpora, library.source).items()
        for row in rows
        if row.is_translated
    ]


def keyword_questions(corpora: Path, library: Library) -> list[Question]:
    """Return the rarest words of random sentences that stand under a heading whose translations are known."""
    articles = manifest(corpora, library.source)
    folder = corpora / "raw" / library.source
    frequency: Counter[str] = Counter()
    pool: list[tuple[str, Row, list[str]]] = []
    known = headings(corpora, library.source)
    for article, paths in articles.items():
        if "en" not in paths:
            continue
        text, _ = read_text(str(folder), paths["en"])
        for block in parse_document(text, "", paths["en"]).blocks:
            if block.kind != "code":
                frequency.update(set(WORD.findall(block.text.lower())))
            above = [row for row in known.get(article, ()) if row.lines["en"] <= block.line]
            if block.kind in PROSE and above:
                pool += [(article, above[-1], words) for words in _sentences(block.text)]
    chance = random.Random(SEED)  # noqa: S311 (the same questions in every run)
    chance.shuffle(pool)
    questions = []
    for article, row, words in pool[:SENTENCES]:
        rarest = sorted(words, key=lambda word: (frequency[word], word))[: chance.randint(1, 3)]
        questions.append(Question(" ".join(rarest), targets(library, articles[article], row)))
    return questions


def _sentences(text: str) -> Iterator[list[str]]:
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        words = list(dict.fromkeys(WORD.findall(sentence.lower())))
        if len(words) >= FEWEST_WORDS and sentence.isascii():
            yield words


def ranks(library: Library, questions: Sequence[Question], asked: Asked) -> Ranks:
    found: Ranks = {language: [] for language in LANGUAGES}
    for question in questions:
        for language, target in question.targets.items():
            answers = asked(library, question.text, language)
            found[language].append(answers.index(target) + 1 if target in answers else 0)
    return found


def reciprocal(places: Sequence[int]) -> float:
    return statistics.mean(1 / place if place else 0 for place in places)


def recall(places: Sequence[int]) -> float:
    return statistics.mean(place > 0 for place in places)


def report(name: str, by_source: Sequence[Ranks]) -> None:
    """Print means over the sources, each as weighty as the others."""
    figures = [
        statistics.mean(measure(found[language]) for found in by_source)
        for language in LANGUAGES
        for measure in (reciprocal, recall)
    ]
    count = sum(len(found["pl"]) for found in by_source)
    print(f"{name:36}{count:7}" + "".join(f"{figure:9.3f}" for figure in figures), flush=True)


def english_questions(corpora: Path) -> None:
    print(f"{'':36}{'asked':>7}{'pl MRR':>9}{'recall':>9}{'ru MRR':>9}{'recall':>9}")
    for name, questions_of in (("headings", heading_questions), ("key words", keyword_questions)):
        kept: dict[str, list[Ranks]] = defaultdict(list)
        for source in sources(corpora):
            whole = open_library(corpora, source)
            questions = questions_of(corpora, whole)
            kept["all"].append(ranks(whole, questions, ask))
            kept["one language"].append(ranks(whole, questions, ask_in))
            if VERBOSE:
                report(f"    {source}", kept["all"][-1:])
            for kind in LESS:
                kept[kind].append(ranks(open_library(corpora, source, kind), questions, ask))
            kept["meaning"].append(ranks(whole, questions, ask_meaning))
        report(name, kept["all"])
        report(f"{name}, in that language only", kept["one language"])
        for kind in (*LESS, "meaning"):
            report(f"{name}, by {kind} alone", kept[kind])


def own_headings(corpora: Path) -> None:
    """Print how many headings in the library's own languages find their section first."""
    total = first = 0
    for source in sources(corpora):
        library = open_library(corpora, source)
        right: dict[tuple[str, str], list[Target]] = defaultdict(list)
        for (number,) in library.catalogue.rows("SELECT number FROM articles"):
            article = load_article(library.catalogue, number)
            for section in article.sections:
                for language, heading in section_headings(article, section).items():
                    right[language, heading].append((number, section.number))
        missed = []
        asked = [
            (heading, found[0])
            for (_, heading), found in right.items()
            if len(found) == 1 and parse_query(heading).groups
        ]
        for heading, target in asked:
            answers = ask(library, heading)
            if answers[:1] != [target]:
                missed.append((heading, answers.index(target) + 1 if target in answers else 0))
        total, first = total + len(asked), first + len(asked) - len(missed)
        print(f"    {source}: {len(asked) - len(missed)} of {len(asked)}", flush=True)
        for heading, place in missed if VERBOSE else ():
            print(f"        {place or 'not'}: {heading}")
    print(f"own headings first: {first} of {total}, {first / total:.4f}", flush=True)


def bundled_article() -> None:
    """Print how the questions of `questions.tsv` are answered; on the bundled article they are about."""
    catalogue = open_catalogue(WORK / "bundled", [ROOT / "seeds"])
    sync(catalogue, [ROOT / "seeds"])
    text = open_fulltext(catalogue)
    encode_words(catalogue)
    encode_passages(catalogue)
    with (ROOT / "benchmarks" / "questions.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for kind, group in groupby(rows, key=lambda row: row["kind"]):
        asked = list(group)
        wrong = []
        for row in asked:
            results = search(catalogue, text, row["question"], Scope())
            claimed = [
                f"{counterpart.spelling} {counterpart.likeness:.2f}"
                for terms in results.answer.groups
                for term in terms
                for counterparts in term.translations.values()
                for counterpart in counterparts
            ]
            found = [hit.section.number for hit in results.hits]
            by_letters = any(match.match_type in LETTERS_KINDS for hit in results.hits for match in hit.matches)
            is_right = {
                "absent": not by_letters,
                "unknown": all(word.startswith(tuple(row["counterparts"].split())) for word in claimed),
            }.get(kind, found[:1] == [row["section"]])
            if not is_right:
                wrong.append(
                    f"{row['language']} {row['question']}: {', '.join(found) or 'nothing'}; {', '.join(claimed)}"
                )
            elif VERBOSE and kind == "unknown":
                print(f"    {row['language']} {row['question']}: {', '.join(found) or 'nothing'}; {', '.join(claimed)}")
        print(f"{kind}: {len(asked) - len(wrong)} of {len(asked)}", flush=True)
        for line in wrong:
            print(f"    not {line}")


def main() -> None:
    corpora = corpora_folder()
    bundled_article()
    english_questions(corpora)
    own_headings(corpora)
    letters(corpora)


if __name__ == "__main__":
    main()
