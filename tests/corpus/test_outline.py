import pytest

from relmgr_cli.corpus.outline import SectionNumbers


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([1, 2, 2, 1], ["1", "1.1", "1.2", "2"]),
        ([2, 4, 4, 3, 2], ["1", "1.1", "1.2", "1.3", "2"]),
        ([3, 1, 2], ["1", "2", "2.1"]),
        ([], []),
    ],
)
def test_sections_are_numbered_by_depth_and_a_skipped_level_does_not_show(
    levels: list[int], expected: list[str]
) -> None:
    numbers = SectionNumbers()
    assert [numbers.next(level) for level in levels] == expected
