"""Where the reader is, under any sequence of what can happen to it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.fuzzing import examples

from relmgr_cli.reader.model.viewport import Position, RowSize, Viewport

Table = list[RowSize]

SHAPES = st.one_of(
    st.just(RowSize(0, 0)),
    st.integers(1, 9).flatmap(lambda text: st.integers(0, 1).map(lambda lead: RowSize(text + lead, lead))),
)


def tables(rows: int) -> st.SearchStrategy[Table]:
    return st.lists(SHAPES, min_size=rows, max_size=rows)


def viewport_on(table: Table, height: int) -> Viewport:
    return Viewport(len(table), lambda row: table[row], height)


def lines_of(table: Table) -> list[Position]:
    """All lines of all rows, as a naive reader would number them."""
    return [Position(row, line) for row, shape in enumerate(table) for line in range(shape.height)]


class Reading(RuleBasedStateMachine):
    """A reader, compared with a naive model that numbers every line of the article."""

    @initialize(data=st.data(), rows=st.integers(1, 12), height=st.integers(1, 12))
    def begin(self, data: st.DataObject, rows: int, height: int) -> None:
        # Two languages, two widths, two modes: eight ways in which the same rows are high.
        self.tables: list[Table] = data.draw(st.lists(tables(rows), min_size=8, max_size=8))
        self.layout = 0
        self.height = height
        self.viewport = Viewport(rows, lambda row: self.tables[self.layout][row], height)

    @property
    def table(self) -> Table:
        return self.tables[self.layout]

    @property
    def all_lines(self) -> list[Position]:
        return lines_of(self.table)

    def index_of_top(self) -> int:
        return self.all_lines.index(self.viewport.top)

    @rule(layout=st.integers(0, 7))
    def switch(self, layout: int) -> None:
        before = self.viewport.anchor, self.layout, self.viewport.visible()
        self.layout = layout
        assert self.viewport.anchor == before[0]
        self.layout = before[1]
        assert self.viewport.visible() == before[2]  # the way back leads to the very same lines
        self.layout = layout

    @rule(height=st.integers(1, 12))
    def resize(self, height: int) -> None:
        anchor = self.viewport.anchor
        self.viewport.resize(height)
        self.height = height
        assert self.viewport.anchor == anchor

    @precondition(lambda self: any(shape.height for shape in self.table))
    @rule(lines=st.integers(-30, 30))
    def scroll(self, lines: int) -> None:
        everything = self.all_lines
        top = self.index_of_top()
        end = max(0, len(everything) - self.height)
        self.viewport.scroll(lines)
        wanted = max(0, top + lines) if lines < 0 else max(top, min(top + lines, end))
        assert self.viewport.top == everything[wanted]

    @rule(data=st.data(), at=st.integers(0, 11))
    def jump(self, data: Any, at: int) -> None:
        row = data.draw(st.integers(0, len(self.table) - 1))
        shape = self.table[row]
        line = data.draw(st.integers(0, max(0, shape.height - shape.leading_blank - 1)))
        self.viewport.go_to(row, line=line, at=min(at, self.height - 1))
        assert self.viewport.current == row
        if shape.height:
            assert Position(row, shape.leading_blank + line) in self.viewport.visible()

    @rule()
    def go_to_the_end(self) -> None:
        self.viewport.to_end()
        assert self.viewport.visible() == self.all_lines[-self.height :]
        assert self.viewport.is_at_end

    @rule()
    def go_to_the_start(self) -> None:
        self.viewport.to_start()
        assert self.viewport.visible() == self.all_lines[: self.height]

    @invariant()
    def what_is_visible_are_the_lines_from_the_top(self) -> None:
        everything = self.all_lines
        if everything:
            top = self.index_of_top()
            assert self.viewport.visible() == everything[top : top + self.height]
            assert self.viewport.is_at_end == (top + self.height >= len(everything))
        else:
            assert self.viewport.visible() == []

    @invariant()
    def the_block_that_is_read_is_on_the_screen(self) -> None:
        row, _, at = self.viewport.anchor
        shape = self.table[row]
        if not shape.height:
            return
        visible = self.viewport.visible()
        assert row in {position.row for position in visible}
        lines_above = sum(other.height for other in self.table[:row])
        if at < self.height and at <= lines_above:
            # Nothing above is missing, so the anchor stands where it was put.
            line = self.viewport.visible()[at]
            assert line.row == row


TestReading = Reading.TestCase
TestReading.settings = settings(max_examples=examples(300), stateful_step_count=30, deadline=None)


@given(data=st.data(), rows=st.integers(1, 8), height=st.integers(1, 9), lines=st.integers(1, 20))
def test_scrolling_back_leads_to_where_one_was(data: Any, rows: int, height: int, lines: int) -> None:
    table = data.draw(tables(rows))
    viewport = viewport_on(table, height)
    viewport.to_start()
    viewport.scroll(lines)
    there = viewport.visible()
    viewport.scroll(-1)
    moved = viewport.visible() != there
    viewport.scroll(1)
    assert viewport.visible() == there or not moved


def test_a_switch_of_language_keeps_the_block_at_its_line_of_the_screen() -> None:
    polish = [RowSize(9, 1), RowSize(4, 1), RowSize(6, 1)]
    russian = [RowSize(15, 1), RowSize(7, 1), RowSize(2, 1)]
    table = list(polish)
    viewport = viewport_on(table, 6)
    viewport.to_start()
    viewport.scroll(6)  # the last three lines of row 0, then row 1
    assert (viewport.current, viewport.line_of(1)) == (1, 4)
    table[:] = russian
    assert (viewport.current, viewport.line_of(1)) == (1, 4)


def test_in_the_middle_of_a_block_its_fraction_stays() -> None:
    table = [RowSize(100)]
    viewport = viewport_on(table, 10)
    viewport.scroll(50)
    table[:] = [RowSize(300)]
    assert viewport.top == Position(0, 150)
    table[:] = [RowSize(100)]
    assert viewport.top == Position(0, 50)


def test_a_block_that_the_language_lacks_gives_way_to_the_next_and_comes_back() -> None:
    table = [RowSize(3), RowSize(3, 1), RowSize(3, 1), *[RowSize(3, 1)] * 5]
    viewport = viewport_on(table, 4)
    viewport.go_to(1)
    table[1] = RowSize(0)
    assert viewport.top == Position(2, 0)
    assert viewport.current == 1
    table[1] = RowSize(3, 1)
    assert viewport.top == Position(1, 1)


def test_heights_are_asked_for_near_the_screen_only() -> None:
    asked: set[int] = set()

    def size_of(row: int) -> RowSize:
        asked.add(row)
        return RowSize(3, 1)

    viewport = Viewport(10_000, size_of, 40)
    viewport.go_to(5_000)
    viewport.scroll(10)
    assert viewport.visible()
    viewport.to_end()
    assert viewport.is_at_end
    assert len(asked) < 80


def test_nothing_to_show_is_no_reason_to_fail() -> None:
    viewport = viewport_on([], 10)
    viewport.scroll(3)
    viewport.to_end()
    viewport.to_start()
    viewport.go_to(3)
    assert viewport.visible() == []
    assert viewport.is_at_end
