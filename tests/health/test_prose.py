"""Sections and fingerprints of Markdown that is not parsed: what changes them, and what does not."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.work import growth

from relmgr_cli.health.prose import front_matter, prose_sections


def outline(text: str) -> list[tuple[int, int]]:
    """Return line and level of each section."""
    return [(section.line, section.level) for section in prose_sections(text.encode())]


def fingerprints(text: str | bytes) -> list[int]:
    data = text.encode() if isinstance(text, str) else text
    return [section.fingerprint for section in prose_sections(data)]


# Sections.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\n", []),
        ("text", [(1, 0)]),
        ("# a\n## b\n\ntext\n###### c", [(1, 1), (2, 2), (5, 6)]),
        ("text\n\n# a", [(1, 0), (3, 1)]),
        ("\n\n# a", [(3, 1)]),
        ("   # a\n    # code\n#not\n####### not", [(1, 1)]),
        ("#\n\n##  \n", [(1, 1), (3, 2)]),
        ("a\n===\n\nb\n---\n\nc\n  --\n", [(1, 1), (4, 2), (7, 2)]),
        ("a\n=\n\nb\n-\n", [(1, 0)]),
        ("a\n\n---\n\n- item\n---\n> quote\n---\n|a|\n---\n", [(1, 0)]),
        ("---\ntext\n\n---\n# a", [(1, 0), (5, 1)]),
    ],
)
def test_sections_begin_at_headings(text: str, expected: list[tuple[int, int]]) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize(
    "code",
    [
        "```\n# b\n```",
        "```sh\n# b\nc\n---\n```",
        "~~~\n# b\n```\n# c\n~~~",
        "````\n```\n# b\n```\n# c\n````",
        "- item\n\n  ```\n  # b\n  ```",
        "```\n# b\n``` no end\n# c\n```",
        "   ```\n# b\n   ```",
        "~~~ `x`\n# b\n~~~",
    ],
)
def test_headings_in_fenced_code_are_none(code: str) -> None:
    lines = code.count("\n")
    assert outline(f"# a\n{code}\n# z\n\ny\n===\n") == [(1, 1), (lines + 3, 1), (lines + 5, 1)]


def test_a_fence_without_an_end_lasts_to_the_end() -> None:
    assert outline("# a\n```\n# b\n\nc\n===\n") == [(1, 1)]


def test_code_in_a_line_is_no_fence() -> None:
    assert outline("``` a ```\n# b\n``` c ```\n# d") == [(1, 0), (2, 1), (4, 1)]


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_ends_of_lines_make_no_difference(newline: str) -> None:
    text = "---\ntitle: x\n---\n# a\n\nb\n---\n\n```\n# c\n```\n"
    assert prose_sections(text.replace("\n", newline).encode()) == prose_sections(text.encode())


def test_a_byte_order_mark_makes_no_difference() -> None:
    for text in ("# a\n\ntext", "text", "---\ntitle: x\n---\n# a\n"):
        assert prose_sections(b"\xef\xbb\xbf" + text.encode()) == prose_sections(text.encode())


# Front matter.


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("---\ntitle: a\n---\n", "# a"),
        ("+++\ntitle = 'a'\n+++\n", "# a"),
        ("---  \r\ntitle: a\r\n---\t\r\n", "# a"),
        ("\n---\n# comment\n\ntitle: a\ntext: |\n  ---\n  ----\n---\n", "# a"),
        ("<!--\nmetadata: 1\n-->\n---\ntitle: a\n---\n", "# a"),
        ("---\ntitle: a\n---", ""),
        ("", "---\nprose\n\n---\n"),
        ("", "---\ntitle: a\n\nno end"),
        ("", "text\n---\ntitle: a\n---\n"),
        ("", "+++\ntitle = 1\n---\n"),
    ],
)
def test_front_matter_is_no_prose(header: str, text: str) -> None:
    expected = header.replace("\r\n", "\n").encode()
    assert front_matter((header + text).encode()) == expected
    assert fingerprints(header + text) == fingerprints(text)


def test_front_matter_has_a_limit() -> None:
    assert front_matter(b"---\ntitle: a\n" + b"b: c\n" * 20_000 + b"---\n") == b""


def test_lines_are_those_of_the_file() -> None:
    assert outline("---\r\ntitle: a\r\n---\r\n\r\ntext\r\n\r\n# b") == [(4, 0), (7, 1)]


# Fingerprints.

BASE = "The **quick** [fox](a.md) jumps over `code` and https://a.org/x ends."


@pytest.mark.parametrize(
    "changed",
    [
        "The *quick*\n[fox](b.md#c) jumps  over\t`code` and http://b.org/y?z=1 ends!",
        "> the quick [fox][1] jumps over code and ends\n\n[1]: a.md 'title'",
        "The <b class='x'>quick</b> fox jumps<!-- note\nof two lines --> over code{#anchor} and {{< x y >}} ends.",
        "[!NOTE]\nThe quick fox, jumps over code... and ends",
        "The\u00a0quick fox \u201cjumps\u201d over code \u2014 and ends\u3002",
        "The quick fox <script>let a = 1</script> jumps <style>b {}</style> over code and ends",
        "- The quick fox jumps over code\n- and ends {% endtab %} {: .class }",
    ],
)
def test_what_does_not_change_the_meaning_does_not_change_the_fingerprint(changed: str) -> None:
    assert fingerprints(changed) == fingerprints(BASE)


@pytest.mark.parametrize(
    "changed",
    [
        BASE.replace("quick", "quicker"),
        BASE.replace("fox", "dog"),
        BASE.replace("`code`", "`other`"),
        BASE.replace("over", "over 2"),
        BASE.replace("ends", "ends ż"),
        "```\n" + BASE + "\nmore\n```",
        "The fox quick jumps over code and ends",
        BASE + " {unclosed",
        BASE + " <unclosed",
        BASE + " <!-- unclosed",
    ],
)
def test_what_changes_the_text_changes_the_fingerprint(changed: str) -> None:
    assert fingerprints(changed) != fingerprints(BASE)


@pytest.mark.parametrize(
    "date", ["2026-06-12", "12.06.2026", "3-Jun-2026", "June 3, 2026", "3 June 2026", "3. Mai 2026", "2026年6月12日"]
)
def test_the_date_of_a_last_line_is_no_prose(date: str) -> None:
    def page(date: str) -> str:
        return f"# A\n\nText.\n\n###### Generated on {date}\n\n"

    assert fingerprints(page(date)) == fingerprints(page("30 July 1999")) == fingerprints(page(""))
    assert fingerprints(page(date) + "End.") != fingerprints(page("30 July 1999") + "End.")
    assert fingerprints(page("x " * 60 + date)) != fingerprints(page("x " * 60 + "30 July 1999"))


@pytest.mark.parametrize(("old", "new"), [("1.2.2026", "1.3.2026"), ("in 2025", "in 2026"), ("12-06", "12-07")])
def test_other_numbers_of_a_last_line_are(old: str, new: str) -> None:
    assert fingerprints(f"# A\n\nVersion {old}.4") != fingerprints(f"# A\n\nVersion {new}.4")


def test_a_fingerprint_fits_in_eight_bytes_with_a_sign() -> None:
    assert all(0 <= value < 1 << 63 for value in fingerprints("# a\n\n# b\n\n# c\n\n# d"))
    assert len(set(fingerprints("# a\n\n# b\n\n# A!\n"))) == 2


def test_letters_of_other_scripts_count() -> None:
    assert len({*map(tuple, map(fingerprints, ("привет", "привёт", "你好", "您好", "مرحبا", "a")))}) == 6


@given(st.text(st.sampled_from("#=-`~<>[](){}!:% \n\rab\u3002"), max_size=80))
def test_any_text_has_sections_in_order(text: str) -> None:
    found = prose_sections(text.encode())
    lines = [section.line for section in found]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= 1 + len(text) for line in lines)
    assert [section.line for section in prose_sections(b"z\n\n" + text.encode())][1:] or len(found) <= 1


@given(st.binary(max_size=60))
def test_any_bytes_have_sections(data: bytes) -> None:
    prose_sections(data)
    front_matter(data)


# Limits.

HOSTILE = [
    *("](", "][", "[a](", "[a]:", "<", "<a ", "<!--", "<script", "</script", "{", "{{", "{#", "{% ", "[!", "http://"),
    *(
        "`",
        "```\n",
        "~~~\n```\n",
        "a\n--\n",
        "a\n==",
        "=" * 9,
        "--- ",
        "#",
        "# \n",
        " " * 12,
        "\r",
        "---\na: b\n",
        "\xc2",
    ),
    *("+++\n", "# a\n", "a:\n", "[]()" * 2),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_the_work_grows_with_the_size(unit: str) -> None:
    def repeated(size: int) -> Callable[[], object]:
        data = (unit * size).encode()
        return lambda: prose_sections(data)

    assert growth(repeated, 300) < 2.6
