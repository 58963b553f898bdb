"""Pairing by meaning, on vectors that are small enough to see why."""

from collections.abc import Mapping, Sequence

import numpy as np
from support.sample_texts import text_of

from relmgr_cli.corpus.candidate import Candidate
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.pairing import Group
from relmgr_cli.corpus.semantic_pairing import (
    CandidatePool,
    Content,
    ScoredPair,
    candidate_pools,
    find_translation_pairs,
    passages_of,
    words_of,
)

SEA, LAND, SKY = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def candidate(id_: int, language: str, *, words: int = 100, is_placed: bool = False) -> Candidate:
    return Candidate(id_, "/library", f"{id_}.md", language, str(id_), "", "", 1, words, is_placed)


def content(*passages: Sequence[float], words: Sequence[str] = ()) -> Content:
    vectors = np.array(passages, np.float32).reshape(len(passages), -1)
    return Content(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), frozenset(words))


def like(cosine: float) -> tuple[float, float, float]:
    """Return a vector that has this cosine with `SEA`, and another with nothing but itself."""
    return (cosine, 0.0, (1 - cosine**2) ** 0.5)


def alone(*candidates: Candidate) -> list[Group]:
    return [Group((one,), "alone") for one in candidates]


def paired(found: Sequence[ScoredPair]) -> set[frozenset[int]]:
    return {frozenset((one, other)) for one, other, _ in found}


def kin_of(groups: Sequence[Group], contents: Mapping[int, Content]) -> set[frozenset[int]]:
    return paired(find_translation_pairs(candidate_pools(groups), contents))


def pairs(*found: tuple[int, int]) -> set[frozenset[int]]:
    return {frozenset(pair) for pair in found}


def test_documents_that_are_each_other_s_best_belong_together() -> None:
    groups = alone(*(candidate(id_, "pl") for id_ in (1, 2, 3)), *(candidate(id_, "ru") for id_ in (4, 5, 6)))
    contents = {1: content(SEA), 2: content(LAND), 3: content(SKY), 4: content(SKY), 5: content(SEA), 6: content(LAND)}
    assert kin_of(groups, contents) == pairs((1, 5), (2, 6), (3, 4))


def test_likelihood_is_a_probability_and_higher_for_the_better_match() -> None:
    groups = alone(candidate(1, "pl"), candidate(2, "pl"), candidate(3, "ru"), candidate(4, "ru"))
    contents = {1: content(SEA), 2: content(LAND), 3: content(SEA), 4: content((0.0, 0.9, 0.4))}
    likelihoods = {
        (one, other): likelihood for one, other, likelihood in find_translation_pairs(candidate_pools(groups), contents)
    }
    assert set(likelihoods) == {(1, 3), (2, 4)}
    assert 0.7 < likelihoods[2, 4] < likelihoods[1, 3] < 1


def test_an_unpaired_document_is_not_paired_with_the_remaining_one() -> None:
    groups = alone(candidate(1, "pl"), candidate(2, "pl"), candidate(3, "ru"), candidate(4, "ru"))
    contents = {1: content(SEA), 2: content(LAND), 3: content(SEA), 4: content(SKY)}
    assert kin_of(groups, contents) == pairs((1, 3))


def test_a_document_claimed_by_two_is_paired_with_the_most_similar() -> None:
    groups = alone(candidate(1, "pl"), candidate(2, "pl"), candidate(3, "ru"))
    contents = {1: content(like(0.8)), 2: content(like(0.95)), 3: content(SEA)}
    assert kin_of(groups, contents) == pairs((2, 3))


def test_a_document_of_another_length_is_less_likely() -> None:
    contents = {1: content(SEA), 2: content(like(0.5))}
    assert kin_of(alone(candidate(1, "pl"), candidate(2, "ru")), contents) == pairs((1, 2))
    assert kin_of(alone(candidate(1, "pl"), candidate(2, "ru", words=20)), contents) == set()


def test_a_third_document_vouches_for_a_weak_match() -> None:
    weak = 0.3
    rest = (1 - weak**2) ** 0.5
    third = (weak, weak * (1 - weak) / rest, 0.0)
    contents = {
        1: content((1.0, 0.0, 0.0)),
        2: content((weak, rest, 0.0)),
        3: content((*third[:2], (1 - third[0] ** 2 - third[1] ** 2) ** 0.5)),
    }
    polish, russian, english = candidate(1, "pl"), candidate(2, "ru"), candidate(3, "en")
    assert kin_of(alone(polish, russian), contents) == set()
    assert kin_of(alone(polish, russian, english), contents) == pairs((1, 2), (1, 3), (2, 3))


def test_documents_with_different_paths_need_more_similarity() -> None:
    """They lie where their translations would be sought, and these are not there."""
    contents = {1: content(SEA), 2: content(like(0.5))}
    for first, second, is_kin in ((False, False, True), (True, False, True), (True, True, False)):
        groups = alone(candidate(1, "pl", is_placed=first), candidate(2, "ru", is_placed=second))
        assert bool(kin_of(groups, contents)) is is_kin
    placed = alone(candidate(1, "pl", is_placed=True), candidate(2, "ru", is_placed=True))
    assert kin_of(placed, {1: content(SEA), 2: content(SEA)}) == pairs((1, 2))


def test_rivals_that_are_already_paired_keep_an_orphan_out() -> None:
    orphans = alone(candidate(1, "pl"), candidate(2, "ru"))
    contents = {1: content(SEA), 2: content(like(0.5)), 3: content(like(0.1)), 4: content(like(0.7))}
    members = (candidate(3, "pl"), candidate(4, "ru"))
    assert kin_of(orphans, contents) == pairs((1, 2))
    for paired_by in ("meaning", "structure"):
        assert kin_of([*orphans, Group(members, paired_by)], contents) == set()


def test_paired_documents_are_not_paired_again() -> None:
    groups = [
        Group((candidate(1, "pl"), candidate(2, "ru")), "meaning"),
        *alone(candidate(3, "pl"), candidate(4, "ru")),
    ]
    contents = {1: content(SEA), 2: content(SEA), 3: content(LAND), 4: content(SKY)}
    assert kin_of(groups, contents) == set()


def test_a_pair_finds_its_third_language() -> None:
    groups = [Group((candidate(1, "pl"), candidate(2, "ru")), "layout"), *alone(candidate(3, "en"), candidate(4, "en"))]
    contents = {1: content(SEA), 2: content(SEA), 3: content(LAND), 4: content(SEA)}
    assert kin_of(groups, contents) == pairs((1, 4), (2, 4))


def test_the_words_that_both_languages_use_decide_between_equals() -> None:
    groups = alone(candidate(1, "pl"), candidate(2, "pl"), candidate(3, "ru"), candidate(4, "ru"))
    words = {1: ["Kafka"], 2: ["Docker"], 3: ["Docker"], 4: ["Kafka"]}
    contents = {id_: content(SEA, words=found) for id_, found in words.items()}
    assert kin_of(groups, contents) == pairs((1, 4), (2, 3))


def test_a_document_without_text_is_left_out() -> None:
    groups = alone(candidate(1, "pl"), candidate(2, "ru"), candidate(3, "ru"))
    contents = {1: content(SEA), 2: Content(np.zeros((0, 3), np.float32), frozenset()), 3: content(SEA)}
    assert kin_of(groups, contents) == pairs((1, 3))
    del contents[3]
    assert kin_of(groups, contents) == set()


def test_no_vectors_are_needed_without_unpaired_documents() -> None:
    for paired_by in ("layout", "structure", "meaning", "metadata"):
        groups = [Group((candidate(id_, "pl"), candidate(id_ + 1, "ru")), paired_by) for id_ in (1, 3)]
        assert candidate_pools(groups) == {}


def test_no_vectors_are_needed_for_one_language_or_no_documents() -> None:
    assert candidate_pools(alone(candidate(1, "pl"), candidate(2, "pl"))) == {}
    assert candidate_pools([]) == {}
    assert find_translation_pairs({}, {}) == []


def test_no_vectors_are_needed_if_only_one_language_has_unpaired_documents() -> None:
    pair = Group((candidate(1, "pl"), candidate(2, "ru")), "layout")
    assert candidate_pools([pair, *alone(candidate(3, "ru"))]) == {}


def test_pairs_that_were_found_by_content_are_rivals_and_not_open() -> None:
    groups = [
        Group((candidate(1, "pl"), candidate(2, "ru")), "meaning"),
        Group((candidate(3, "pl", is_placed=True), candidate(4, "ru", is_placed=True)), "layout"),
        *alone(candidate(5, "pl"), candidate(6, "ru")),
    ]
    assert candidate_pools(groups) == {
        ("pl", "ru"): CandidatePool(
            [groups[2].members[0], groups[0].members[0]],
            [groups[3].members[0], groups[0].members[1]],
            frozenset([5, 6]),
        )
    }


def test_the_passages_of_a_document_are_few_and_short_and_no_code() -> None:
    long = "\n\n".join(["```\nthe_code()\n```", *("It is a very long line. " * 40 for _ in range(30))])
    passages = passages_of(
        parse_document(text_of("bread", "en", "description: About bread.", long), "/library", "a.md")
    )
    assert passages[:3] == (
        "Baking bread at home",
        "About bread.",
        "You need only flour, water, salt and a little yeast for this bread.",
    )
    assert len(passages) == 14
    assert max(map(len, passages)) == 400
    assert not [passage for passage in passages if "the_code" in passage]


def test_an_empty_document_is_encoded_by_its_name() -> None:
    assert passages_of(parse_document("", "/library", "notes.md")) == ("notes",)


def test_the_words_of_a_document_are_those_of_all_its_text_with_its_links() -> None:
    words = words_of(parse_document("# The Docker\n\nSee [this](/a/b) on 7 hosts.\n", "/library", "a.md"))
    assert words >= {"Docker", "See", "hosts", "7", "link /a/b"}
