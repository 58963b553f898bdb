"""Questions in every language and every way of typing them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.search import retrieval
from relmgr_cli.search.expansion import SemanticMatches
from relmgr_cli.search.ranking import SectionSimilarity
from relmgr_cli.search.suggest import suggest

CHINESE = {
    "merge.zh.md": """\
# 指南

本页介绍基础知识。

## 解决合并冲突

合并两个分支时可能会出现冲突。

## 安装

下载最新版本。
""",
    "merge.en.md": """\
# Guide

This page is about the basics.

## Resolving merge conflicts

There may be conflicts when two branches are merged.

## Installation

Download the latest version.
""",
}
VIETNAMESE = {
    "bees.en.md": """\
# Bees

This page is about bees.

## Keeping bees through the winter

The hive needs food and must be dry.

## The queen

There is one of her in each hive.
""",
    "bees.vi.md": """\
# Ong

Trang này nói về ong.

## Giữ ong qua mùa đông

Tổ ong cần thức ăn và phải khô ráo.

## Ong chúa

Mỗi tổ chỉ có một con.
""",
}


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library whose words and passages have vectors; no test changes it."""
    with library_in(tmp_path_factory.mktemp("learnt"), GARDEN, KITCHEN, CHINESE, VIETNAMESE) as library:
        library.encode()
        yield library


def hits(library: Library, question: str) -> list[tuple[str, str, float]]:
    return [(hit.article.id, hit.section.number, hit.score) for hit in library.search(question).hits]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("合并时的冲突", ("merge", "1")),
        ("マージの競合を解決する", ("merge", "1")),
        ("การแก้ไขความขัดแย้งในการผสาน", ("merge", "1")),
        ("越冬养蜂", ("bees", "1")),
        ("ミツバチの越冬", ("bees", "1")),
    ],
)
def test_a_question_without_spaces_is_found_by_its_words_or_its_meaning(
    learnt: Library, question: str, expected: tuple[str, str]
) -> None:
    assert hits(learnt, question)[0][:2] == expected


def test_a_run_of_letters_is_marked_as_one_where_it_is_in_a_text(learnt: Library) -> None:
    hit = learnt.search("解决合并冲突的办法").hits[0]
    (match,) = (match for match in hit.matches if match.language == "zh")
    assert match.heading == "解决合并冲突"
    assert match.heading_spans == ((0, 6),)


@pytest.mark.parametrize(
    "spellings",
    [
        ["długi wąż", "DŁUGI WĄŻ", "Długi wąż?", "dlugi waz", "Dlugi waz!", "  długi   wąż … "],
        ["dlaczego róże potrzebują wody", "Dlaczego róże potrzebują wody?", "DLACZEGO ROZE POTRZEBUJĄ WODY."],
        ["why do roses need a hose", "Why do roses need a hose?", "WHY DO ROSES NEED A HOSE"],
        ["解决冲突", "解决冲突？"],
    ],
)
def test_case_accents_and_final_punctuation_change_nothing(learnt: Library, spellings: Sequence[str]) -> None:
    first = hits(learnt, spellings[0])
    assert first
    for spelling in spellings[1:]:
        assert hits(learnt, spelling) == first


def test_a_language_that_the_encoder_does_not_know_is_searched_through_the_others(learnt: Library) -> None:
    (hit, *_) = learnt.search("how do I keep bees in winter", languages=("vi",)).hits
    assert (hit.article.id, hit.section.number) == ("bees", "1")
    (match,) = hit.matches
    assert (match.language, match.match_type) == ("vi", "meaning")
    assert match.snippet in ("Giữ ong qua mùa đông", "Tổ ong cần thức ăn và phải khô ráo.")


def test_only_sections_in_a_wanted_language_are_hits(learnt: Library) -> None:
    assert {hit.article.id for hit in learnt.search("how do I keep bees in winter", languages=("ru",)).hits} <= {
        "garden"
    }


def test_a_document_that_is_only_a_title_is_found(tmp_path: Path) -> None:
    files = {
        "a.en.md": "# Solar eclipse\n",
        "a.pl.md": "# Zaćmienie słońca\n",
        "b.en.md": "---\ntitle: Lunar module\n---\n",
    }
    with library_in(tmp_path, files) as library:
        library.encode()
        assert library.section_ids("eclipse") == ["a 0"]
        assert library.section_ids("zaćmienie słońca") == ["a 0"]
        assert library.section_ids("lunar", limit=1) == ["b.en 0"]
        assert library.section_ids("eclipse of the sun") == ["a 0"]


@pytest.mark.parametrize("question", ["the", "冲冲突突", "and of"])
def test_function_words_and_pairs_of_letters_have_no_suggestions(learnt: Library, question: str) -> None:
    assert suggest(learnt.database, learnt.search(question).answer) == []


@pytest.mark.parametrize(
    ("question", "language", "is_understood"),
    [
        ("διαχείριση συγκρούσεων", "el", False),
        ("conflict", None, True),
        ("конфликт qwzxk", None, True),
        ("quản lý ong", None, True),
    ],
)
def test_what_is_known_of_a_query(learnt: Library, question: str, language: str | None, is_understood: bool) -> None:
    answer = learnt.search(question).answer
    assert (answer.language, answer.is_understood) == (language, is_understood)


def test_a_question_in_a_language_that_neither_knows_finds_nothing(learnt: Library) -> None:
    assert hits(learnt, "διαχείριση συγκρούσεων") == []


def test_a_section_must_be_more_similar_to_one_word_than_to_several(
    learnt: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vector of one word, even of nonsense, is somewhat similar to many short texts."""
    ((document, revision), *_) = learnt.database.rows("SELECT id, revision FROM documents ORDER BY id")
    for similarity, words, is_found in ((0.55, "qwertz", False), (0.7, "qwertz", True), (0.55, "qwertz asdfg", True)):
        near = [SectionSimilarity(document, revision, 0, 0.0, similarity, 0)]
        found = SemanticMatches({}, near)
        monkeypatch.setattr(retrieval, "encode_query", lambda *_, found=found: found)
        assert bool(learnt.section_ids(words)) is is_found
