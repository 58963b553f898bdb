"""MDX: components are transparent, JavaScript is no text, and every line is where it is in the file."""

import pytest
from support.outline import outline, parts, spans

from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.markdown.mdx import is_mdx
from relmgr_cli.markdown.parser import parse_markdown

PAGE = """\
import A from './a'
import {
  B,
} from "b"; import C from 'c'

export const d = () => {

  return <p>code</p>
}

# Title {/* #anchor */}

<Steps>
1. One

   ```sh
   one
   ```

2. Two
</Steps>

<Tabs>
  <TabItem label="A">
    text **strong** {props.x}
    ```js
    let a
    ```
    - item
    # Heading
  </TabItem>
  <TabItem value="b">one line</TabItem>
</Tabs>

{/* a comment
   of two lines */}

<Card title="C *c*" href="/x" icon={<X a="1" />}>inside</Card>
<LinkCard
  title="L"
  description="D"
  href="/y"
/>

<img src="a.png" style={{ width: 4 }} alt="I" /> end
"""


def test_a_page_of_mdx() -> None:
    assert outline(PAGE, "a.mdx") == [
        ("h1", "", "Title"),
        ("item", "ordered(1.)", "One"),
        ("code", "ordered(1.)", "one"),
        ("item", "ordered(2.)", "Two"),
        ("title", "tab()", "A"),
        ("paragraph", "tab()", "text strong props.x"),
        ("code", "tab()", "let a"),
        ("item", "tab() bullet()", "item"),
        ("heading", "tab()", "Heading"),
        ("title", "tab()", "b"),
        ("paragraph", "tab()", "one line"),
        ("paragraph", "", "C c"),
        ("paragraph", "", "inside"),
        ("paragraph", "", "L"),
        ("paragraph", "", "D"),
        ("paragraph", "", "I end"),
    ]


def test_the_lines_of_mdx_are_those_of_the_file() -> None:
    lines = PAGE.split("\n")
    found = parts(PAGE, "a.mdx")
    for part, text in zip(
        found, ["# Title", "1. One", "```sh", "2. Two", 'label="A"', "text", "```js", "- item"], strict=False
    ):
        assert text in lines[part.line - 1]
    assert [part.line for part in found] == sorted(part.line for part in found)


@pytest.mark.parametrize("path", ["a.md", "a.mdx"])
def test_what_imports_is_mdx(path: str) -> None:
    assert outline(PAGE, path) == outline(PAGE, "a.mdx")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a from 'a'\n\nb", True),
        ("text\n\nimport A from '@a'; import B from '@b';\n\nb", True),
        ("export const a = 1\n", True),
        ("# a {/*b*/}", True),
        ("<A b={1}>\n\n</A>", True),
        ("<A>\n\na\n\n</A>\n\n<A>\n\nb\n\n</A>", True),
        ("<A>\n*b*\n</A>", False),
        ("<script setup></script>\n\n<A>\n\na\n\n</A>\n\n<A>\n\nb\n\n</A>", False),
        ("```js\nimport a from 'a'\n```", False),
        ("import duties are paid from 'a'", False),
        ("    import a from 'a'", False),
        ("<script setup>\nimport a from 'a'\n</script>\n\n# {{ a }}", True),
    ],
)
def test_mdx_is_recognized(text: str, expected: bool) -> None:
    assert is_mdx(text, "a.md") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{'a b'}", [Span("a b")]),
        ("a{' '}b", [Span("a b")]),
        ("a {b.c} d", [Span("a "), Span("b.c", ("code",)), Span(" d")]),
        ("a {/* b */}c", [Span("a c")]),
        ("a <Badge text='b' size={{c: 1}} /> d", [Span("a b d")]),
        ("a <b style={{c: 1}}>d</b>", [Span("a "), Span("d", ("strong",))]),
        ("<>a</>", [Span("a")]),
        ("<Card title='a' href='/b' />", [Span("a", (), "/b")]),
        ("<Image src='/a/b.png' />", [Span("b.png", ("image",), "/a/b.png")]),
        ("<div>a</div>", [Span("a")]),
    ],
)
def test_expressions_and_tags_in_a_line(text: str, expected: list[Span]) -> None:
    assert list(spans(text, "a.mdx")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{children}\n\na", [("paragraph", "", "a")]),
        (
            "{list.map((x) => (\n  <li>Some text</li>\n))}",
            [("code", "", "{list.map((x) => (\n  <li>Some text</li>\n))}")],
        ),
        ("<Frame>\n\n{`curl -O x`}\n\n</Frame>", [("paragraph", "", "curl -O x")]),
        (
            "<Layout>\n    <div>\n        deep\n\n        | a |\n        |---|\n    </div>\n</Layout>",
            [("paragraph", "", "deep"), ("table", "", "a")],
        ),
        (
            "- a\n\n  <Tip>\n  b\n  </Tip>\n- c",
            [("item", "bullet()", "a"), ("quote", "bullet() alert(tip)", "b"), ("item", "bullet()", "c")],
        ),
        ("<Tabs>\n<TabItem label='a'>b</TabItem></Tabs>", [("title", "tab()", "a"), ("paragraph", "tab()", "b")]),
        ("export default function a() {", []),
        ("export const a = {\n  b: '}',\n\n  c: 1\n}\n\nd", [("paragraph", "", "d")]),
        ("<Card>\n<Fragment slot='title'>a</Fragment>\n</Card>", [("paragraph", "", "a")]),
        (
            "<PackageTabs>\n  <Fragment slot='npm'>\n  a\n  </Fragment>\n  <Fragment>b</Fragment>\n</PackageTabs>",
            [("title", "tab()", "npm"), ("paragraph", "tab()", "a"), ("paragraph", "", "b")],
        ),
        ("<img alt='a' />\n**b**", [("paragraph", "", "a b")]),
    ],
)
def test_blocks_of_mdx(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert outline(text, "a.mdx") == expected


@pytest.mark.parametrize("path", ["a.md", "a.mdx"])
def test_a_summary_with_a_far_end_is_text(path: str) -> None:
    text = "<details>\n<summary>" + "a " * 1000 + "</summary>\n\nb\n\n</details>"
    assert [shown for _, _, shown in outline(text, path)] == [("a " * 1000).strip(), "b"]


def test_text_between_tags_of_html_has_its_line() -> None:
    found = parts("<details>\n<summary>a</summary>\n<p>\nb\n</p>\n</details>")
    assert [(part.line, part.text) for part in found if isinstance(part, Block)] == [(2, "a"), (3, "b")]


def test_markdown_in_html_with_the_attribute_markdown() -> None:
    text = (
        '<div class="grid" markdown>\n- **a**\n  </div>\n\n<div markdown="1">\n**b**\n</div>\nc\n\n<div>\n**d**\n</div>'
    )
    assert [(kind, shown) for kind, _, shown in outline(text)] == [
        ("item", "a"),
        ("paragraph", "b"),
        ("paragraph", "c"),
        ("html", "**d**"),
    ]


def test_the_labels_of_a_group_are_the_titles_of_its_tabs() -> None:
    text = "<Tabs items={['A', \"B\"]}>\n<Tabs.Tab>a</Tabs.Tab>\n<Tab>b</Tab>\n</Tabs>"
    blocks = [("title", "A"), ("paragraph", "a"), ("title", "B"), ("paragraph", "b")]
    assert [(kind, shown) for kind, _, shown in outline(text, "a.mdx")] == blocks


def test_a_block_of_mdx_code_is_no_code() -> None:
    text = "```mdx-code-block\nimport X from 'x';\n\n<X />\n\nb\n```\n\nc"
    assert outline(text) == [("paragraph", "", "b"), ("paragraph", "", "c")]


@pytest.mark.parametrize("path", ["a.md", "a.mdx"])
def test_a_tag_over_several_lines_is_no_text(path: str) -> None:
    text = '<Blog\n  alt="A"\n  title="B"\n>\n\nc\n\n</Blog>\n\n<a\n  href="d"\n>e</a>'
    assert [shown for _, _, shown in outline(text, path)] == ["A", "B", "c", "e"]


def test_what_components_say_in_attributes_is_shown() -> None:
    text = (
        '<Code code={x} title="a.js" />\n\n<Run buttonText="b" />\n\n'
        '<Kbd windows="Ctrl" mac="⌘" /> c\n\n<span\n  children={"d"}\n>\n</span>\n\n'
        '<chat-message nickname="e">f</chat-message>'
    )
    assert [shown for _, _, shown in outline(text, "a.mdx")] == ["a.js", "b", "Ctrl / ⌘ c", "d", "e", "f"]


def test_many_blocks_of_mdx_code_that_never_end_are_code() -> None:
    assert not parse_markdown("```mdx-code-block\n" * 20_000, "a.md").problems
