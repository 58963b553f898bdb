"""Patterns as in .gitignore."""

import subprocess
from pathlib import Path

import pytest

from relmgr_cli.corpus.ignore_rules import parse_ignore_rules

CASES = [
    ("old/", ["old/", "a/old/"], ["old", "older/", "a/bold/"]),
    ("*.draft.md", ["x.draft.md", "a/b/x.draft.md"], ["draft.md", "x.draft.mdx"]),
    ("/a.md", ["a.md"], ["b/a.md"]),
    ("docs/old", ["docs/old", "docs/old/"], ["x/docs/old", "docs/older"]),
    ("docs/*.md", ["docs/a.md"], ["docs/pl/a.md", "a.md"]),
    ("**/tmp", ["tmp", "a/b/tmp"], ["tmpx"]),
    ("a/**/z.md", ["a/z.md", "a/b/z.md", "a/b/c/z.md"], ["b/z.md"]),
    ("a/**", ["a/b", "a/b/c.md"], ["a", "b/a"]),
    ("[ab]?.md", ["a1.md", "x/b2.md"], ["c1.md", "a.md"]),
    ("[!a].md", ["b.md"], ["a.md"]),
    (r"\#x", ["#x"], ["x"]),
    ("# comment", [], ["# comment", "comment"]),
    ("", [], ["a"]),
]


@pytest.mark.parametrize(("pattern", "ignored", "others"), CASES)
def test_a_pattern_matches_what_git_matches(pattern: str, ignored: list[str], others: list[str]) -> None:
    rules = parse_ignore_rules([pattern])
    assert [path for path in (*ignored, *others) if rules.is_ignored(path)] == ignored


@pytest.mark.parametrize(("pattern", "ignored", "others"), CASES)
def test_the_cases_are_what_git_does(tmp_path: Path, pattern: str, ignored: list[str], others: list[str]) -> None:
    try:
        subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    except FileNotFoundError:
        pytest.skip("needs git")
    (tmp_path / ".gitignore").write_text(f"{pattern}\n")
    for path in (*ignored, *others):
        found = subprocess.run(["git", "-C", tmp_path, "check-ignore", "--quiet", path], check=False)
        assert (found.returncode == 0) is (path in ignored), path


def test_the_last_pattern_that_matches_decides() -> None:
    rules = parse_ignore_rules(["*.md", "!keep.md", "/drafts/keep.md"])
    assert [rules.is_ignored(path) for path in ("a.md", "keep.md", "drafts/keep.md")] == [True, False, True]


@pytest.mark.parametrize("pattern", ["*a" * 100 + "b", "**/" * 90 + "b", "*" * 300, "[" * 300, "?*" * 149 + "b"])
def test_a_pattern_that_could_be_tried_in_many_ways_is_not(pattern: str) -> None:
    rules = parse_ignore_rules([pattern])  # with backtracking this would take years
    found = [rules.is_ignored(path) for path in ("a" * 251, "/".join(["a" * 61] * 60), "c/" * 2000)]
    assert found == [set(pattern) == {"*"}] * 3
