"""Quality of search: whether known answers are found, and whether `--exact` finds what ripgrep finds.

Each source of the corpora is a library of its own, without its English files. `--only` runs one part:

- bundled: the questions of questions.tsv to the bundled article: English words and phrases, words that are not in it,
  the same words in six languages, and words of languages that the encoder does not know.
- english: English headings, and the one to three rarest words of English sentences. The answers are the corresponding
  sections in Polish and in Russian. Both are searched for in the whole index, in one language, and in parts of the
  index: words with their translations, stems only, embeddings of passages only. Where both languages are searched, a
  section is found in both at once.
- headings: a Polish or Russian heading that is unique finds its own section first.
- exact: for random words, `--exact` finds the sections in which ripgrep's word search finds them.
- directions: headings in each language that the encoder knows, asked of English files, and English headings asked of
  files in that language; needs repositories of many languages (`--folder`).
- nearest: how many of the passages with the highest cosine similarity are among the share of passages that the search
  over binary codes looks at.
"""

import random
import statistics
from argparse import Namespace
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.support import CHECKOUT
from benchmarks.support.command_line import add_corpora, add_source, add_verbose, parser_for
from benchmarks.support.exact_words import compare_with_ripgrep
from benchmarks.support.search_directions import LANGUAGES as DIRECTION_LANGUAGES
from benchmarks.support.search_directions import open_direction, questions_between, rank_of, read_articles
from benchmarks.support.search_libraries import LANGUAGES, REDUCED, WORK, Library, SectionAddress, open_library
from benchmarks.support.search_questions import (
    Question,
    bundled_questions,
    heading_questions,
    keyword_questions,
    sources_with_headings,
)
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.ranking import RankedSection, rank, score_sections
from relmgr_cli.search.results import Results, search
from relmgr_cli.search.retrieval import Scope, find
from relmgr_cli.search.semantic import similar_sections
from relmgr_cli.store.articles import articles_by_document, load_article, section_headings
from relmgr_cli.store.database import open_database
from relmgr_cli.store.fulltext import open_fulltext
from relmgr_cli.store.lexicon import learn_lexicon
from relmgr_cli.store.passages import encode_passages
from relmgr_cli.store.sync import sync
from relmgr_cli.store.vector_blocks import load_vector_blocks
from relmgr_cli.store.vector_cache import encode_texts
from relmgr_cli.store.word_translations import encode_words

TOP = 10
FEWEST_QUESTIONS = 10  # of a direction
SEMANTIC_SECTIONS = 400
WORD_MATCHES = ("word", "form", "counterpart")  # match types of sections that were found by words
LOOKED_AT = (0.005, 0.01, 0.02, 0.04)  # shares of all passages
NEAREST = (1, 10, 50)
NEAREST_QUESTIONS = 40  # of each kind and source

Search = Callable[[Library, str, str], Sequence[SectionAddress]]  # library, query, language -> sections, best first
Ranks = dict[str, list[int]]  # language -> for each question the rank of its answer, 0 if it was not found


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parts: dict[str, Callable[[Namespace], None]] = {
        "bundled": check_bundled,
        "english": measure_english,
        "headings": measure_headings,
        "exact": lambda options: compare_with_ripgrep(options.corpora, options.sources),
        "directions": measure_directions,
        "nearest": measure_nearest,
    }
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    add_source(parser)
    parser.add_argument("--only", choices=parts, help="run one part (default: all)")
    text = "repositories of many languages, for directions"
    parser.add_argument("--folder", metavar="FOLDER", type=Path, nargs="+", default=[], help=text)
    add_verbose(parser)
    options = parser.parse_args(argv)
    options.sources = [options.source] if options.source else sources_with_headings(options.corpora)
    for name, run in parts.items():
        if options.only in {None, name}:
            run(options)
    return 0


def check_bundled(options: Namespace) -> None:
    database = open_database(WORK / "bundled", [CHECKOUT / "seeds"])
    sync(database, [CHECKOUT / "seeds"])
    text = open_fulltext(database)
    learn_lexicon(database)
    encode_words(database)
    encode_passages(database)
    for kind, group in groupby(bundled_questions(), key=lambda row: row["kind"]):
        rows = list(group)
        correct = 0
        lines = []
        for row in rows:
            results = search(database, text, row["question"], Scope())
            is_correct = is_answered(row, results)
            correct += is_correct
            if not is_correct or (options.verbose and kind == "unknown"):
                found = ", ".join(hit.section.number for hit in results.hits) or "nothing"
                translations = ", ".join(translated_words(results))
                mark = "" if is_correct else "wrong: "
                lines.append(f"    {mark}{row['language']} {row['question']}: {found}; {translations}")
        print(f"{kind}: {correct} of {len(rows)}", *lines, sep="\n", flush=True)
    database.close()


def is_answered(row: Mapping[str, str], results: Results) -> bool:
    if row["kind"] == "absent":
        return all(match.match_type not in WORD_MATCHES for hit in results.hits for match in hit.matches)
    if row["kind"] == "unknown":
        return all(word.startswith(tuple(row["counterparts"].split())) for word in translated_words(results))
    return [hit.section.number for hit in results.hits][:1] == [row["section"]]


def translated_words(results: Results) -> list[str]:
    """Return the translations of the query's words that the search used, with their similarity."""
    return [
        f"{counterpart.spelling} {counterpart.cosine:.2f}"
        for terms in results.answer.groups
        for term in terms
        for counterparts in term.translations.values()
        for counterpart in counterparts
    ]


def measure_english(options: Namespace) -> None:
    print(f"{'':36}{'asked':>7}{'pl MRR':>9}{'recall':>9}{'ru MRR':>9}{'recall':>9}")
    for name, questions_of in (("headings", heading_questions), ("keywords", keyword_questions)):
        ranks: dict[str, list[Ranks]] = defaultdict(list)
        for source in options.sources:
            library = open_library(options.corpora, source)
            questions = questions_of(options.corpora, library)
            ranks[""].append(answer_ranks(library, questions, search_all))
            ranks[", in one language"].append(answer_ranks(library, questions, search_one_language))
            if options.verbose:
                print_means(f"    {source}", ranks[""][-1:])
            for kind in REDUCED:
                reduced = open_library(options.corpora, source, kind)
                ranks[f", {kind} only"].append(answer_ranks(reduced, questions, search_all))
            ranks[", embeddings only"].append(answer_ranks(library, questions, search_embeddings))
        for suffix, by_source in ranks.items():
            print_means(name + suffix, by_source)


def search_all(library: Library, query: str, _language: str = "") -> list[SectionAddress]:
    return _search(library, query, Scope(limit=TOP))


def search_one_language(library: Library, query: str, language: str) -> list[SectionAddress]:
    return _search(library, query, Scope((language,), limit=TOP))


def _search(library: Library, query: str, scope: Scope) -> list[SectionAddress]:
    hits = find(library.database, library.text, parse_query(query), scope).hits
    return [(hit.article, hit.section) for hit in hits[:TOP]]


def search_embeddings(library: Library, query: str, _language: str) -> list[SectionAddress]:
    vector = encode_texts(library.database, [query])[0]
    scores = score_sections([], [], [], {}, similar_sections(library.database, vector, None, SEMANTIC_SECTIONS))
    hits: Iterable[RankedSection] = rank(library.database, scores, articles_by_document(library.database), TOP)
    return [(hit.article, hit.section) for hit in hits][:TOP]


def answer_ranks(library: Library, questions: Sequence[Question], search_in: Search) -> Ranks:
    ranks: Ranks = {language: [] for language in LANGUAGES}
    for question in questions:
        for language, answer in question.answers.items():
            found = search_in(library, question.text, language)
            ranks[language].append(found.index(answer) + 1 if answer in found else 0)
    return ranks


def mean_reciprocal_rank(ranks: Sequence[int]) -> float:
    return statistics.mean(1 / rank if rank else 0 for rank in ranks)


def recall(ranks: Sequence[int]) -> float:
    return statistics.mean(rank > 0 for rank in ranks)


def print_means(name: str, by_source: Sequence[Ranks]) -> None:
    """Print the means over the sources, which have equal weights."""
    means = [
        statistics.mean(measure(ranks[language]) for ranks in by_source)
        for language in LANGUAGES
        for measure in (mean_reciprocal_rank, recall)
    ]
    count = sum(len(ranks["pl"]) for ranks in by_source)
    print(f"{name:36}{count:7}" + "".join(f"{mean:9.3f}" for mean in means), flush=True)


def measure_headings(options: Namespace) -> None:
    total = first = 0
    for source in options.sources:
        library = open_library(options.corpora, source)
        missed = []
        headings = unique_headings(library)
        for heading, section in headings:
            found = search_all(library, heading)
            if found[:1] != [section]:
                missed.append((heading, found.index(section) + 1 if section in found else 0))
        total, first = total + len(headings), first + len(headings) - len(missed)
        print(f"    {source}: {len(headings) - len(missed)} of {len(headings)}", flush=True)
        for heading, place in missed if options.verbose else ():
            print(f"        {place or 'not found'}: {heading}")
    print(f"unique headings, own section first: {first} of {total}, {first / total:.4f}", flush=True)


def unique_headings(library: Library) -> list[tuple[str, SectionAddress]]:
    """Return the headings that only one section has in their language, and that have words to search for."""
    sections: dict[tuple[str, str], list[SectionAddress]] = defaultdict(list)
    for (number,) in library.database.rows("SELECT number FROM articles"):
        article = load_article(library.database, number)
        for section in article.sections:
            for language, heading in section_headings(article, section).items():
                sections[language, heading].append((number, section.number))
    return [
        (heading, found[0])
        for (_, heading), found in sections.items()
        if len(found) == 1 and parse_query(heading).groups
    ]


def measure_directions(options: Namespace) -> None:
    if not options.folder:
        print("directions: skipped, there is no --folder")
        return
    articles = read_articles(options.folder)
    print(f"{'':16}{'asked':>7}{'MRR':>9}{'recall':>9}")
    means: dict[str, list[float]] = defaultdict(list)
    for kind, pairs in directions().items():
        for source, target in pairs:
            questions = questions_between(articles, source, target)
            library = open_direction(articles, target, options.folder)
            ranks = [(rank_of(library, question), question) for question in questions]
            found = [place for place, _ in ranks]
            if len(found) >= FEWEST_QUESTIONS:
                means[kind].append(mean_reciprocal_rank(found))
                print(f"{source} -> {target:10}{len(found):7}{means[kind][-1]:9.3f}{recall(found):9.3f}", flush=True)
            for place, question in ranks if options.verbose else ():
                if place != 1:
                    print(f"        {place or 'not found'}: {question.text} ({question.path}, {question.heading})")
            library.database.close()
        print(f"{kind:16}{'':7}{statistics.mean(means[kind]):9.3f}", flush=True)


def directions() -> dict[str, list[tuple[str, str]]]:
    """Return the pairs of languages to measure, of the questions and of the library."""
    others = [tag for tag in DIRECTION_LANGUAGES if tag != "en"]
    return {
        "to English": [(tag, "en") for tag in others],
        "from English": [("en", tag) for tag in others],
        "same language": [(tag, tag) for tag in DIRECTION_LANGUAGES],
    }


def measure_nearest(options: Namespace) -> None:
    import numpy as np

    matrices = []
    queries: list[str] = []
    for source in options.sources:
        library = open_library(options.corpora, source)
        matrices += [block.quantized * block.scales for block in load_vector_blocks(library.database, "texts")]
        for questions_of in (heading_questions, keyword_questions):
            texts = [question.text for question in questions_of(options.corpora, library)]
            random.Random(7).shuffle(texts)  # noqa: S311 (the same in every run)
            queries += texts[:NEAREST_QUESTIONS]
    passages, vectors = np.concatenate(matrices), encode_texts(library.database, queries)
    codes = np.packbits(passages > 0, axis=1).view(np.uint64)
    print(f"{len(passages)} passages, {len(queries)} queries")
    print(f"{'looked at':>12}" + "".join(f"{f'best {number}':>10}" for number in NEAREST))
    recalls: dict[tuple[float, int], list[float]] = defaultdict(list)
    for vector in vectors:
        nearest = np.argsort(-(passages @ vector))[: max(NEAREST)]
        distances = np.bitwise_count(codes ^ np.packbits(vector > 0).view(np.uint64)).sum(axis=1)
        order = np.argsort(distances, kind="stable")
        for share in LOOKED_AT:
            looked_at = order[: int(share * len(order))]
            for number in NEAREST:
                recalls[share, number].append(float(np.isin(nearest[:number], looked_at).mean()))
    for share in LOOKED_AT:
        print(f"{share:12.1%}" + "".join(f"{np.mean(recalls[share, number]):10.3f}" for number in NEAREST))
