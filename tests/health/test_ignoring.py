"""Comments by which findings are ignored."""

import pytest
from support.health import check, codes

SOURCE = "# Bread\n\nIt takes 45 minutes.\n\nIt costs 78 crowns.\n"
TARGET = "# Chleb\n\nTrwa 54 minuty.\n\nKosztuje 87 koron.\n"


def with_comment(comment: str, line: int, text: str = TARGET) -> str:
    lines = text.split("\n")
    return "\n".join([*lines[: line - 1], comment, "", *lines[line - 1 :]])


def test_both_numbers_are_reported_without_a_comment() -> None:
    assert [finding.line for finding in check(SOURCE, TARGET)] == [3, 5]


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- relmgr: ignore number-differs -->",
        "<!-- relmgr: ignore anchor, number-differs -->",
        "<!--relmgr:ignore-->",
        "[//]: # (relmgr: ignore number-differs)",
    ],
)
def test_a_comment_is_about_the_next_block(comment: str) -> None:
    assert [finding.line for finding in check(SOURCE, with_comment(comment, 3))] == [7]


def test_a_comment_in_the_source_is_about_every_translation() -> None:
    source = with_comment("<!-- relmgr: ignore number-differs -->", 5, SOURCE)
    assert [finding.line for finding in check(source, TARGET)] == [3]


@pytest.mark.parametrize("line", [1, 3, 5, 6])
def test_a_comment_about_the_file_may_be_anywhere(line: int) -> None:
    assert codes(SOURCE, with_comment("<!-- relmgr: ignore-file number-differs -->", line)) == []


@pytest.mark.parametrize(
    "comment",
    ["<!-- relmgr: ignore anchor -->", "<!-- relmgr: ignored -->", "relmgr: ignore", "`<!-- relmgr: ignore -->`"],
)
def test_other_comments_ignore_nothing(comment: str) -> None:
    expected = 2 if "`" not in comment else 1
    assert codes(SOURCE, with_comment(comment, 3)).count("number-differs") >= expected


def test_a_comment_in_a_code_block_is_code() -> None:
    comment = "```html\n<!-- relmgr: ignore-file -->\n```"
    found = codes(with_comment(comment, 3, SOURCE), with_comment(comment, 3))
    assert found == ["number-differs", "number-differs"]


def test_what_is_missing_is_ignored_where_it_would_be() -> None:
    target = "# Chleb\n\nTrwa 45 minut.\n\n<!-- relmgr: ignore missing-block -->\n"
    source = "# Bread\n\nIt takes 45 minutes.\n\n```js\ncall()\n```\n"
    assert codes(source, target[: target.index("<!--")]) == ["missing-block"]
    assert codes(source, target) == []
