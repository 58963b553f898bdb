"""Parsing, writing and parsing again gives the same blocks."""

import json
from pathlib import Path

import pytest
from conftest import shared
from hypothesis import given
from hypothesis import strategies as st
from support.markdown_again import blocks_of, content

from relmgr_cli.corpus.encoding import decode
from relmgr_cli.export.block_markdown import blocks_markdown
from relmgr_cli.markdown.blocks import Block, Container, Span
from relmgr_cli.markdown.front_matter import read_front_matter, remove_front_matter


def again(text: str, path: str = "a.md") -> str:
    """Return a text written from its blocks; fail if these say something else than those of the text."""
    blocks = blocks_of(text, path)
    written = blocks_markdown(blocks, path)
    assert content(blocks_of(written + "\n", path)) == content(blocks)
    return written


@pytest.mark.parametrize(
    "text",
    [
        "# A {#b}\n\ntext {#c}\n\n***",
        "- a\n- b\n  - c\n\n    d\n\n  - e\n- f",
        "- a\n\n- b\n\n  ```py\n  c\n\n      d\n  ```",
        "- a\n- b\n\n<!-- -->\n\n- c\n- d",
        "- a\n\n1. b\n2. c\n\n<!-- -->\n\n7. d",
        "- [x] a\n- [ ] b\n  c".replace("\n  c", " c"),
        "- - a\n  - b\n-\n- c",
        "- # a\n- > b\n- ```\n  c\n  ```\n- | d |\n  | --- |\n  | e |\n- ***",
        "> a\n>\n> - b\n>\n> > c\n\n> d",
        "> [!NOTE]\n> a\n\n> [!abstract] *b*\n> c\n\n> [!TIP]\n>\n> - d",
        "<details>\n<summary>a <strong>b</strong></summary>\n\nc\n\n<details>\n\nd\n\n</details>\n\n</details>",
        "::: tab A\n\nb\n\n:::\n\n:::: tab C\n\n::: tab D\n\ne\n\n:::\n\n::::",
        "A\n: b\n: c\n\nD\n: e",
        "A\n: b\n\n: c\n\nD\n: e\n\n  f",
        "a[^1] b[^2]\n\n[^1]: c\n\n    d\n\n[^2]:\n    - e",
        "| a | b | c |\n| --- | :-: | --: |\n| d\\|e | `f\\|g` | **h** |",
        '````md\n```\na\n```\n````\n\n```py title="b.py"\nc\n```\n\n$$\nx^2\n$$',
        '<p>a <strong>b</strong><br>c <a href="d">e</a></p>',
    ],
)
def test_the_common_way_to_write_it_stays(text: str) -> None:
    assert again(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A\n=\n\n* a\n* b", "# A\n\n- a\n- b"),
        ('!!! note "A"\n\n    b\n\n=== "C"\n\n    d', "> [!NOTE] A\n> b\n\n::: tab C\n\nd\n\n:::"),
        (":::tip A\nb\n:::", "> [!TIP] A\n> b"),
        ("{{< note >}}\na\n{{< /note >}}", "> [!NOTE]\n> a"),
        ("<TabItem label='a'>\n\nb\n\n</TabItem>", "::: tab a\n\nb\n\n:::"),
        ("    code", "```\ncode\n```"),
        ("a^[b]", "a[^1]\n\n[^1]: b"),
        ("a[^b]\n\n[^b]:", "a[^1]\n\n[^1]: <!-- -->"),
        ("- a\n  :::tip\n  b\n  :::\n- c", "- a\n  ::: tip\n  b\n  :::\n- c"),
        ("- a\n  <div>b</div>\n- c", "- a\n  <!-- --><p>b</p>\n- c"),
        ("- a\n- b\n\n\n* c\n* d", "- a\n- b\n\n<!-- -->\n\n- c\n- d"),
        ("---\n\na", "***\n\na"),
    ],
)
def test_any_other_way_becomes_it(text: str, written: str) -> None:
    assert again(text) == written


def test_markup_of_a_hostile_file_does_not_come_out() -> None:
    written = again(
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n<a href='javascript:alert(1)'>a</a>\n\n"
        "<svg onload=alert(1)>\n\n[b](<data:text/html,x>) [c][d]\n\n[d]: vbscript:x\n\n<p onclick='x'>e</p>"
    )
    for part in ("script>", "onerror", "javascript:", "onload", "onclick"):
        assert part not in written
    assert "[b]\\(\\<data:text/html,x>)" in written
    assert "\\[d]: vbscript:x" in written


def test_deep_nesting_comes_out_flatter_and_does_not_fail() -> None:
    blocks = [Block("paragraph", 1, (Span("a"),), tuple(Container(n, "quote") for n in range(500)))]
    assert blocks_markdown(blocks).endswith("> a")


@pytest.mark.slow
def test_every_example_of_the_specification_comes_back() -> None:
    for example in json.loads(shared("commonmark", "spec.json").read_text(encoding="utf-8")):
        again(example["markdown"])


@pytest.mark.slow
def test_every_file_of_the_corpora_comes_back() -> None:
    folder = shared("corpora", "raw")
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".md", ".mdx", ".markdown")]
    assert len(files) > 1500
    lost = [str(path.relative_to(folder)) for path in files if not _comes_back(path)]
    assert lost == []


def _comes_back(path: Path) -> bool:
    text, _ = decode(path.read_bytes(), path.name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    body = remove_front_matter(text, read_front_matter(text, path.name))
    blocks = blocks_of(body, path.name)
    return content(blocks_of(blocks_markdown(blocks, path.name) + "\n", path.name)) == content(blocks)


_TEXT = st.text(alphabet="ab1 *_`[]()<>!&#-.\\|:~$={}", min_size=1, max_size=12).map(str.strip).filter(bool)
_LEAVES = st.one_of(
    _TEXT,
    st.sampled_from(
        [
            "# h",
            "```py\nc\n```",
            "***",
            "| a | b |\n| - | - |\n| c | d |",
            "$$\nx\n$$",
            "<div>h</div>",
            "T\n: d",
            "a\\\nb",
        ]
    ),
)


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return texts of several parts, as they are or in a container."""
    gaps = st.sampled_from(["\n", "\n\n"])
    marks = st.sampled_from([("- ", "  "), ("1. ", "   "), ("* [x] ", "  "), ("> ", "> "), ("> [!tip]\n> ", "> "),
                             (": ", "  "), ('=== "t"\n    ', "    "), ("!!! note\n    ", "    ")])  # fmt: skip
    parts = st.builds(lambda texts, gap: gap.join(texts), st.lists(inner, min_size=1, max_size=3), gaps)
    return st.one_of(parts, st.builds(lambda text, mark: mark[0] + text.replace("\n", "\n" + mark[1]), parts, marks))


@given(st.recursive(_LEAVES, _nested, max_leaves=8))
def test_any_nesting_comes_back(text: str) -> None:
    again(text)
