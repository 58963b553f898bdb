"""A match in the text of a block is found on its line of the file."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.languages.tokens import words
from relmgr_cli.search.block_source import BlockSource, DocumentSource
from relmgr_cli.search.snippets import text_of

PAGE = """\
---
layout: valve
description: How a valve works.
---

A **valve** opens [the valve](/valve/valve "valve")
and closes at
noon; caf&eacute;s and kon**flikt**ami
have no valve.

| part | use |
|------|-----|
| pump | lifts |
| valve | closes the pump |

```sh
start pump
stop pump
```

> - a pump
>   and a valve

Setext valve
============

Last \\*valve\\*.
"""


def document() -> Document:
    return parse_document(PAGE, "/", "page.md")


def places(word: str) -> list[tuple[int, str]]:
    """Return line and source of every occurrence of a word in the texts of the page, in order."""
    page, lines = document(), PAGE.split("\n")
    source = DocumentSource(page, lines)
    found = []
    for block in (-1, -2, *range(len(page.blocks))):
        text = text_of(page, block)
        for match in re.finditer(word, text):
            line, start, end = source.source_of(block).find(match.start(), match.end())
            found.append((line, lines[line - 1][start:end]))
    return found


def test_every_occurrence_is_on_its_line_whatever_markup_is_around_it() -> None:
    assert places("valve") == [(line, "valve") for line in (24, 3, 6, 6, 9, 14, 22, 27)]  # title first
    assert places("pump") == [(line, "pump") for line in (13, 14, 17, 18, 21)]
    assert places("noon") == [(8, "noon")]


def test_a_word_of_the_text_is_found_and_not_the_target_of_a_link_with_the_same_word() -> None:
    line = "[pump](/valve/valve) and a valve"
    found = BlockSource("pump and a valve", [line], 7).find(11, 16)
    assert found == (7, line.rindex("valve"), len(line))


def test_a_phrase_over_two_lines_ends_with_the_first() -> None:
    assert places("closes at noon") == [(7, "closes at")]
    assert places("opens the valve") == [(6, "opens [the valve")]
    assert places("valve opens") == [(6, "valve** opens")]


def test_a_word_that_the_source_spells_differently_is_near_its_neighbour() -> None:
    (line, text), *_ = places("konfliktami")
    assert (line, text) == (8, "")
    assert places("cafés") == [(8, "")]


def test_a_block_without_words_and_a_file_that_has_changed_do_no_harm() -> None:
    assert BlockSource("", [], 3).find(0, 0) == (3, 0, 0)
    assert BlockSource("pump", ["other"], 3).find(0, 4) == (3, 0, 0)
    assert DocumentSource(document(), []).source_of(0).find(2, 7) == (6, 0, 0)


@given(
    st.text(st.sampled_from("ab é世界\t*[](/)_&;\n"), max_size=60), st.text(st.sampled_from("ab é世\n"), max_size=60)
)
def test_what_is_found_is_always_inside_the_lines(text: str, source: str) -> None:
    lines = source.split("\n")
    block = BlockSource(text, lines, 1)
    for word in words(text):
        line, start, end = block.find(word.start, word.end)
        assert 1 <= line <= len(lines)
        assert 0 <= start <= end <= len(lines[line - 1])
        if start < end:
            assert [each.folded for each in words(lines[line - 1][start:end])] == [word.folded]


@given(st.lists(st.sampled_from(["pump", "valve", "of", "the"]), min_size=1, max_size=40), st.data())
def test_hard_wrapped_text_is_found_exactly(text: list[str], data: st.DataObject) -> None:
    breaks = data.draw(st.lists(st.sampled_from(" \n"), min_size=len(text) - 1, max_size=len(text) - 1))
    source = "".join(map("".join, zip(text, [*breaks, ""], strict=True)))
    lines, joined = source.split("\n"), source.replace("\n", " ")
    block = BlockSource(joined, lines, 1)
    offset = 0
    for word in text:
        line, start, _ = block.find(offset, offset + len(word))
        assert sum(len(each) + 1 for each in lines[: line - 1]) + start == offset
        offset += len(word) + 1


@pytest.mark.parametrize("source", ["a " * 5_000, "\n" * 10_000, "ab " * 3_000 + "\n" + "a\n" * 3_000])
def test_a_word_that_is_repeated_is_compared_with_few_of_its_occurrences(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    compared = 0
    similarity: Callable[[BlockSource, int, int], int] = BlockSource._similarity  # noqa: SLF001

    def count(block: BlockSource, index: int, place: int) -> int:
        nonlocal compared
        compared += 1
        return similarity(block, index, place)

    monkeypatch.setattr(BlockSource, "_similarity", count)
    block = BlockSource("a " * 500, source.split("\n"), 1)
    for offset in range(0, 1_000, 2):
        block.find(offset, offset + 1)
    assert compared <= 500 * 16
