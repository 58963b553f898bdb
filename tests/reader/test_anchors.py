"""A place is found again after the files have changed."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.reader.model.anchors import RowIndex, anchor_row, resolve_anchor


def index(*rows: tuple[str, Sequence[str]]) -> RowIndex:
    return RowIndex([section for section, _ in rows], lambda number: rows[number][1])


TEXTS = st.lists(st.integers(0, 10_000).map(str), min_size=1, max_size=20, unique=True)


@given(TEXTS, TEXTS, st.data())
def test_a_row_that_is_still_there_is_found_wherever_it_went(
    old: list[str], new: list[str], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(old) - 1))
    at = data.draw(st.integers(0, len(new)))
    others = [text for text in new if text != old[row]]
    changed = [*others[:at], old[row], *others[at:]]
    before = index(*[("1", [text]) for text in old])
    after = index(*[("1", [text]) for text in changed])
    assert changed[resolve_anchor(after, anchor_row(before, row))] == old[row]


@given(TEXTS, st.data())
def test_whatever_happened_some_row_is_found(texts: list[str], data: st.DataObject) -> None:
    before = index(*[(text[:1], [text]) for text in texts])
    after = index(*[(text[-1:], [text, text]) for text in data.draw(TEXTS)])
    row = data.draw(st.integers(0, len(texts) - 1))
    assert 0 <= resolve_anchor(after, anchor_row(before, row)) < len(after.sections)


def test_any_language_will_do() -> None:
    before = index(("1", ["a", "б"]), ("1", ["c", "д"]))
    assert resolve_anchor(index(("1", ["x", "y"]), ("1", ["new", "д"])), anchor_row(before, 1)) == 1
    assert resolve_anchor(index(("2", ["c", "new"]), ("1", ["x", "y"])), anchor_row(before, 1)) == 0


def test_of_several_rows_that_say_the_same_the_nearest_is_taken() -> None:
    before = index(*[("1", ["---"])] * 5)
    assert resolve_anchor(before, anchor_row(before, 3)) == 3


def test_a_row_that_was_rewritten_is_found_between_its_neighbours() -> None:
    before = index(("1", ["a"]), ("1", ["b"]), ("1", ["c"]))
    after = index(("1", ["0"]), ("1", ["00"]), ("1", ["a"]), ("1", ["new"]), ("1", ["c"]))
    assert resolve_anchor(after, anchor_row(before, 1)) == 3


def test_without_a_match_the_index_in_the_section_counts() -> None:
    before = index(("1", ["a"]), ("2", ["b"]), ("2", ["c"]), ("2", ["d"]))
    after = index(("1", ["e"]), ("1", ["f"]), ("1", ["g"]), ("2", ["h"]), ("2", ["i"]))
    assert resolve_anchor(after, anchor_row(before, 2)) == 4
    assert resolve_anchor(after, anchor_row(before, 3)) == 4
    assert resolve_anchor(index(("9", ["e"])), anchor_row(before, 3)) == 0
