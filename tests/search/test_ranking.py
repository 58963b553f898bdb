from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.fuzzing import examples
from support.sample_texts import PROSE
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.search import retrieval
from relmgr_cli.search.expansion import SemanticMatches
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.ranking import (
    ALL_TERMS,
    EXACT_HEADING_BONUS,
    TERMS,
    TERMS_ALONE,
    SectionScore,
    SectionSimilarity,
    rank,
    score_sections,
    semantic_score,
)
from relmgr_cli.search.retrieval import Scope, find
from relmgr_cli.store.articles import articles_by_document
from relmgr_cli.store.codec import pack
from relmgr_cli.store.fulltext import TextHit

TRAPS = {
    "traps.en.md": """\
# Traps

The first paragraph ends with a lantern

glass is what the second paragraph begins with.

## Alpha beta

alpha is here, and so is gamma.

## Other

beta is here alone, with no other one.

## Both

gamma with alpha, gamma with beta, beta with alpha: all of these are here.
""",
}


CHESS = {
    f"chess.{tag}.md": f"# {title}\n\n" + "\n\n".join(paragraphs)
    for tag, (title, *paragraphs) in PROSE["chess"].items()
}


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library that is searched by its words only; no test changes it."""
    with library_in(tmp_path_factory.mktemp("words"), GARDEN, KITCHEN, TRAPS) as library:
        yield library


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library whose words and passages have vectors; no test changes it."""
    with library_in(tmp_path_factory.mktemp("learnt"), GARDEN, KITCHEN, CHESS) as library:
        library.encode()
        yield library


@pytest.mark.parametrize(
    "word", ["conflict", "конфликт", "konflikt", "Konflikt", "conflit", "KONFLIKTAMI", "конфликтов"]
)
def test_a_word_in_any_language_finds_the_section_in_all(learnt: Library, word: str) -> None:
    hit = next(hit for hit in learnt.search(word).hits if hit.article.id == "garden")
    assert hit.section.number == "1"
    assert hit.is_complete
    found = {match.language: [match.snippet[start:end] for start, end in match.spans] for match in hit.matches}
    assert found == {"en": ["conflict"], "pl": ["Konflikt"], "ru": ["Конфликт"]}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("lopata", ["garden 2"]),
        ("ŁOPATA", ["garden 2"]),
        ("lopatami", ["garden 2"]),
        ("живет", ["garden 0"]),
        ("rózami", ["garden 1"]),
        ("spades", ["garden 2"]),
        ('"spades"', []),
        ('"spade"', ["garden 2"]),
        ('"LONG hose"', ["garden 2"]),
        ('"hose long"', []),
        ("ros*", ["garden 1"]),
        ("лопат*", ["garden 2"]),
        ("zebr*", []),
        ("zebra", []),
        ("default_value", ["kitchen 1"]),
        ("value_default", []),
        ("zebra/spade", ["garden 2"]),
        ("hose-zebra", ["garden 1", "garden 2"]),
        ("long-hose", ["garden 2"]),
        ("zebra.spade", []),
        ("spade-2", []),
        ("...", []),
        ("", []),
        ("-dog", []),
    ],
)
def test_queries_find_sections(words: Library, question: str, expected: list[str]) -> None:
    assert words.section_ids(question) == expected


def test_no_phrase_goes_across_blocks(words: Library) -> None:
    assert words.section_ids('"a lantern"') == ["traps 0"]
    assert words.section_ids('"lantern glass"') == []
    assert words.section_ids('"nails new"') == []
    assert words.section_ids('"Alpha beta alpha"') == []
    (hit,) = words.search('"lantern glass" paragraph').hits
    assert not hit.is_complete


def test_sections_with_all_words_come_first_and_others_are_incomplete(words: Library) -> None:
    hits = words.search("alpha beta gamma").hits
    complete = [hit.is_complete for hit in hits]
    assert complete == sorted(complete, reverse=True)
    assert {hit.section.number for hit in hits if hit.is_complete} == {"1", "3"}
    assert {hit.section.number for hit in hits if not hit.is_complete} == {"2"}


def test_sections_with_all_words_as_typed_come_first(learnt: Library) -> None:
    complete = [hit.is_complete for hit in learnt.search("pies woda").hits]
    assert True in complete
    assert complete == sorted(complete, reverse=True)


@pytest.mark.parametrize("question", ["собака вода", "chien eau"])
def test_sections_with_translations_of_all_words_are_among_the_first(learnt: Library, question: str) -> None:
    assert True in [hit.is_complete for hit in learnt.search(question).hits[:2]]


@pytest.mark.slow
def test_sections_with_an_excluded_word_are_no_hits(words: Library) -> None:
    assert set(words.section_ids("dog")) == {"kitchen 0", "garden 0"}
    assert words.section_ids("dog -water") == ["garden 0"]
    assert words.section_ids("-water dog") == ["garden 0"]
    assert words.section_ids("dog -waters") == ["garden 0"]
    assert set(words.section_ids('dog -"fresh water"')) == {"kitchen 0", "garden 0"}
    assert words.section_ids('dog -"is fresh"') == ["garden 0"]
    assert words.section_ids("dog -kitch*") == ["garden 0"]
    assert words.section_ids("dog -zebra -?!") == words.section_ids("dog")
    assert words.section_ids("dog -dog") == []


def test_a_word_in_one_language_keeps_the_section_of_all_languages_away(words: Library, learnt: Library) -> None:
    assert words.section_ids("dog -ogrodzie") == ["kitchen 0"]
    assert words.section_ids("pies -kitchen") == ["garden 0"]
    assert learnt.section_ids("dog -вода", limit=5) == ["garden 0"]
    assert learnt.section_ids("pies -eau", limit=5) == ["garden 0"]


def test_an_excluded_unknown_word_has_no_other_effect(learnt: Library) -> None:
    for word in ("dog", "spade", "конфликт"):
        assert learnt.search(f"{word} -xylophone").hits == learnt.search(word).hits


def test_one_or_the_other_is_enough(words: Library) -> None:
    assert set(words.section_ids("spade OR knives")) == {"garden 2", "kitchen 1"}
    assert all(hit.is_complete for hit in words.search("spade OR knives").hits)
    assert set(words.section_ids('spade OR "sharp knives" OR lantern')) == {"garden 2", "kitchen 1", "traps 0"}
    complete = {hit.section.number for hit in words.search("hose OR zebra roses").hits if hit.is_complete}
    assert complete == {"1"}


def test_the_search_stays_in_one_article(words: Library, learnt: Library) -> None:
    ((kitchen,),) = words.database.rows("SELECT number FROM articles WHERE id = 'kitchen'")
    assert words.section_ids("dog", article=kitchen) == ["kitchen 0"]
    assert words.section_ids("spade", article=kitchen) == []
    ((kitchen,),) = learnt.database.rows("SELECT number FROM articles WHERE id = 'kitchen'")
    found = learnt.section_ids("watering the roses in the morning", article=kitchen)
    assert all(place.startswith("kitchen") for place in found)
    assert learnt.section_ids("собака", article=kitchen) == ["kitchen 0"]


def test_the_search_stays_in_some_languages(words: Library, learnt: Library) -> None:
    assert words.section_ids("dog", languages=("pl",)) == []
    assert words.section_ids("pies", languages=("en", "ru")) == []
    assert set(learnt.section_ids("dog", languages=("pl",))) == {"garden 0", "kitchen 0"}
    for hit in learnt.search("dog", languages=("ru", "pl")).hits:
        assert {match.language for match in hit.matches} <= {"pl", "ru"}
    for hit in learnt.search("water the roses every morning", languages=("ru",)).hits:
        assert {match.language for match in hit.matches} == {"ru"}


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_no_more_hits_than_asked_for(words: Library, limit: int) -> None:
    everything = words.section_ids("dog OR conflict OR spade OR lantern", limit=100)
    assert len(everything) == 6
    hits = words.search("dog OR conflict OR spade OR lantern", limit=limit).hits
    assert [f"{hit.article.id} {hit.section.number}" for hit in hits] == everything[:limit]
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_exact_means_these_letters_only(learnt: Library) -> None:
    assert learnt.section_ids("lopata", exact=True) == []
    assert learnt.section_ids("łopata", exact=True) == ["garden 2"]
    assert learnt.section_ids("Łopata", exact=True) == ["garden 2"]
    assert learnt.section_ids("spades", exact=True) == []
    assert learnt.section_ids("value", exact=True) == []
    assert learnt.section_ids("default_value", exact=True) == ["kitchen 1"]
    (hit,) = learnt.search("конфликт", exact=True).hits
    assert [match.language for match in hit.matches if match.match_type] == ["ru"]


def test_a_section_may_be_found_by_its_vectors_alone(learnt: Library) -> None:
    (hit,) = learnt.search("gambit strategy").hits
    assert hit.article.id == "chess"
    assert hit.by_meaning
    assert not hit.is_complete
    assert learnt.search("quantum physics of semiconductors").hits == ()


def test_the_readers_language_comes_first(learnt: Library) -> None:
    for tag in ("ru", "pl", "en"):
        hit = next(hit for hit in learnt.search("conflict", preferred=(tag,)).hits if hit.article.id == "garden")
        assert hit.matches[0].language == tag
    (hit,) = learnt.search("spade", preferred=("de", "pl-PL")).hits[:1]
    assert hit.matches[0].language == "pl"


@pytest.mark.parametrize("learn", [False, True])
def test_the_title_and_the_keywords_find_the_first_section(tmp_path: Path, learn: bool) -> None:
    with library_in(tmp_path, GARDEN) as library:
        if learn:
            library.encode()
        assert library.section_ids("garden")[0] == "garden 0"
        assert library.section_ids("hedgehog") == ["garden 0"]


def test_a_heading_counts_more_than_the_text(tmp_path: Path) -> None:
    with library_in(tmp_path) as library:
        filler = "some other words stand here too, and they are of no interest to anybody who reads"
        library.write("a.md", f"# One\n\nThe walrus, {filler}.\n\n## Second\n\n{filler}\n")
        library.write("b.md", f"# Two\n\n{filler}\n\n## The walrus\n\nIt is here: {filler}.\n")
        library.write("c.md", f"# Walrus\n\nThis is it, with {filler}.\n")
        assert [place.split()[0] for place in library.section_ids("walrus")] == ["c", "b", "a"]


def test_an_empty_library_has_no_hits(tmp_path: Path) -> None:
    with library_in(tmp_path) as library:
        for question in ("dog", '"a dog"', "dog*", "-dog", ""):
            assert library.search(question).hits == ()


def test_scripts_without_spaces_are_found_by_substrings(tmp_path: Path) -> None:
    with library_in(tmp_path) as library:
        library.write("zh.md", "# 猫和狗\n\n猫是独立的动物。我家有一只黑猫。\n\n## 天气\n\n今天的天气很好。\n")
        assert library.section_ids("动物") == [library.section_ids("独立的动物")[0]]
        assert library.section_ids("天气很好") == [library.section_ids("天气")[0]]
        assert library.section_ids("好天") == []


def test_scripts_without_spaces_are_found_by_one_letter(tmp_path: Path) -> None:
    with library_in(tmp_path) as library:
        library.write("zh.md", "# 天气\n\n我家有一只黑猫。\n")
        assert len(library.section_ids("猫")) == 1


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.one_of(st.text(max_size=40), st.text('dog żпес東 "-*OR\n\udcff\0', max_size=40)), exact=st.booleans()
)
def test_no_question_is_an_error(words: Library, question: str, exact: bool) -> None:
    results = words.search(question, exact=exact)
    for hit in results.hits:
        for match in hit.matches:
            last = 0
            for start, end in match.spans:
                assert last <= start < end <= len(match.snippet)
                last = end


@pytest.mark.parametrize(
    "question", ["dog " * 2000, "x" * 10_000, '"' + "dog " * 2000 + '"', "dog OR " * 1500, "-a " * 3000]
)
def test_a_long_question_is_answered_in_time(words: Library, question: str) -> None:
    words.search(question)


def test_a_heading_that_is_the_query_comes_first(tmp_path: Path) -> None:
    often = "blog.urls and blog.urls, then blog.urls again. " * 3
    with library_in(tmp_path) as library:
        library.write(
            "urls.md", f"# Files\n\n## What it does\n\n{often}\n\n## blog.urls\n\nA file.\n\n## More\n\n{often}\n"
        )
        assert library.section_ids("blog.urls")[0] == "urls 2"
        assert library.section_ids("Blog URLs")[0] == "urls 2"


def test_a_word_that_is_no_longer_in_the_library_is_no_translation(tmp_path: Path) -> None:
    with library_in(tmp_path, KITCHEN) as library:
        library.open()
        found = {"pl": [["pies", "pies", 0.9], ["kot", "kot", 0.95]]}
        with library.database.writing() as connection:
            connection.execute("INSERT INTO word_translations VALUES ('en', 'dog', 'dog', ?, 0)", (pack(found),))
        ((term,),) = library.search("dog").answer.groups
        assert [counterpart.spelling for counterpart in term.translations["pl"]] == ["pies"]
        assert set(term.stems["pl"]) == {"pies"}


def test_the_order_of_hits_is_that_of_one_score(tmp_path: Path) -> None:
    with library_in(tmp_path) as library:
        library.write("one.md", "# One\n\n## A\n\na\n\n## B\n\nb\n\n## C\n\nc\n\n## D\n\nd\n")
        library.open()
        ((id_, revision),) = library.database.rows("SELECT id, revision FROM documents")
        evidence = {
            (id_, 0): SectionScore(revision, terms=1.0, has_all_terms=True, has_all_typed_terms=True),
            (id_, 1): SectionScore(revision, terms=0.9, semantic=0.4),
            (id_, 2): SectionScore(revision, heading=EXACT_HEADING_BONUS, terms=0.5),
            (id_, 3): SectionScore(revision, semantic=semantic_score(0.8, 0.4), is_similar=True),
        }
        assert [
            found.section for found in rank(library.database, evidence, articles_by_document(library.database), 10)
        ] == ["3", "4", "1", "2"]


def test_what_the_vectors_say_counts_for_all_languages_of_a_section(tmp_path: Path) -> None:
    with library_in(tmp_path, {"a.en.md": "# T\n\nwords\n", "a.pl.md": "# T\n\nsłowa\n"}) as library:
        library.open()
        rows = library.database.rows("SELECT id, revision FROM documents ORDER BY language")
        (english, polish) = ((id_, 0) for id_, _ in rows)
        evidence = {
            english: SectionScore(rows[0][1], semantic=1.5),
            polish: SectionScore(rows[1][1], terms=TERMS, has_all_terms=True),
        }
        (found,) = rank(library.database, evidence, articles_by_document(library.database), 10)
        assert found.score == pytest.approx(1.5 + TERMS + ALL_TERMS)
        assert [
            each.score for each in rank(library.database, evidence, articles_by_document(library.database), 10, ("pl",))
        ] == [found.score]
        assert not list(rank(library.database, evidence, articles_by_document(library.database), 10, ("ru",)))


def test_front_matter_fields_are_translations_of_each_other(tmp_path: Path) -> None:
    with library_in(tmp_path) as library:
        for tag, description in (("en", "How owls hunt at night."), ("pl", "Jak sowy polują w nocy.")):
            header = f"---\ntitle: T{tag}\ndescription: {description}\nkeywords: birds\n---\n"
            library.write(f"owls.{tag}.md", f"{header}\n# T{tag}\n\nText. Tekst.\n\n## 2\n\nMore. Więcej.\n")
        (hit,) = library.search("hunt").hits
        assert [match.snippet for match in hit.matches] == ["How owls hunt at night.", "Jak sowy polują w nocy."]


@pytest.mark.slow
def test_the_translations_of_a_section_count_once_among_the_candidates(tmp_path: Path) -> None:
    tags = "en pl ru de fr es it nl cs da".split()
    files = {}
    for tag in tags:
        sections = "\n".join(f"## {n} {tag * 3}\n\n{'needle ' * (n + 1)} {tag * 2} {tag * 4}{n}\n" for n in range(25))
        files[f"page.{tag}.md"] = f"---\nlang: {tag}\n---\n# Page {tag * 3}\n\n{sections}"
    with library_in(tmp_path, files) as library:
        results = library.search("needle", limit=10)
        assert (len(results.hits), results.total) == (10, 25)
        assert [len(hit.matches) for hit in results.hits] == [10] * 10


def test_without_vectors_words_in_headings_and_rare_words_count_more() -> None:
    hits = [TextHit(1, 0, 1, 4.0), TextHit(1, 1, 1, 2.0)]
    similar = [SectionSimilarity(1, 1, 2, 0.5, 0.5, 0)]
    alone, beside = (score_sections(hits, [], [], {}, found) for found in ((), similar))
    assert [scores[1, 0].words - scores[1, 1].words for scores in (alone, beside)] == [TERMS_ALONE / 2, TERMS / 2]


def test_a_word_in_a_heading_counts_more_where_no_vectors_are_compared(tmp_path: Path) -> None:
    texts = {
        "one.md": "# Lantern\n\nglass and other things\n",
        "two.md": "# Other\n\nlantern lantern lantern lantern and nothing else\n",
    }
    with library_in(tmp_path, texts) as library:
        text = library.open()
        answer = find(library.database, text, parse_query("lantern brumble"), Scope())
        ids = dict(library.database.rows("SELECT path, id FROM documents"))
        articles = articles_by_document(library.database)
        ratios = []
        for similar in ([], [SectionSimilarity(99, 1, 0, 0.1, 0.1, 0)]):
            scores, _ = retrieval._score(text, answer, articles, SemanticMatches({}, similar), Scope())  # noqa: SLF001
            ratios.append(scores[ids[b"one.md"], 0].terms / scores[ids[b"two.md"], 0].terms)
        assert ratios[0] > 1.3 * ratios[1]
