"""Code that is written as something else than Markdown: in components, shortcodes and HTML."""

import pytest
from support.outline import outline, parts

from relmgr_cli.markdown.blocks import Block


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<CodeBlock language="js" title="T">\n  {`a\nb`}\n</CodeBlock>', id="docusaurus"),
        pytest.param('<CodeBlock language="js" title="T">\na\nb\n</CodeBlock>', id="without braces"),
        pytest.param('<Code lang="js" title="T" code={`a\nb`} />', id="starlight"),
        pytest.param('export const c = `\na\nb\n`\n\n<Code code={c} lang="js" title="T" />', id="in a constant"),
    ],
)
def test_a_component_for_code_shows_it(text: str) -> None:
    title, code = parts(text, "a.mdx")
    assert isinstance(title, Block)
    assert isinstance(code, Block)
    assert (title.kind, title.text) == ("title", "T")
    assert (code.kind, code.info, code.text) == ("code", "js", "a\nb")


def test_code_in_attributes_of_any_component_is_shown() -> None:
    text = "<Variants\n  preferFile\n  settings={`\n    plugins: [a()],\n    b: `${c}`,\n  `}\n/>".replace(
        "`${c}`", "\\`${c}\\`"
    )
    assert outline(text, "a.mdx") == [("code", "", "plugins: [a()],\nb: `${c}`,")]


def test_html_in_a_string_is_html() -> None:
    text = '<Fragment set:html={"<pre class=\\"x\\"><code>a <b>b</b><br />c</code></pre>"} />'
    assert outline(text, "a.mdx") == [("code", "", "a b\nc")]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("{{< mermaid >}}\ngraph LR\n  A --> B\n{{< /mermaid >}}", [("code", "", "graph LR\n  A --> B")]),
        (
            "{{< code-toggle file=hugo >}}\n[params]\na = 1\n{{< /code-toggle >}}",
            [("title", "", "hugo"), ("code", "", "[params]\na = 1")],
        ),
        (
            '{{< tabpane >}}\n{{< tab "C" >}}\n#include <a.h>\n{{< /tab >}}\n{{< /tabpane >}}',
            [("title", "tab()", "C"), ("code", "tab()", "#include <a.h>")],
        ),
        (
            '{{< tabpane text=true >}}\n{{% tab "C" %}}\n*a*\n{{% /tab %}}\n{{< /tabpane >}}',
            [("title", "tab()", "C"), ("paragraph", "tab()", "a")],
        ),
        (
            (
                '{{< tabpane >}}\n{{< tab header="H" disabled=true />}}\n'
                '{{< tab header="Go" lang="go" >}}\na\n{{< /tab >}}\n{{< /tabpane >}}'
            ),
            [("title", "tab()", "H"), ("title", "tab()", "Go"), ("code", "tab()", "a")],
        ),
    ],
)
def test_a_shortcode_may_contain_code(text: str, blocks: list[tuple[str, str, str]]) -> None:
    assert outline(text) == blocks


def test_shortcodes_that_are_written_to_be_shown_are_shown_so() -> None:
    assert outline("```\n{{</* a */>}}\n{{%/* /b */%}}\n{{/* c */}}\n```") == [
        ("code", "", "{{< a >}}\n{{% /b %}}\n{{/* c */}}")
    ]


@pytest.mark.parametrize("html", ["<pre>\n a\n  b\n</pre>", "<pre><code> a\n  b</code></pre>"])
def test_preformatted_html_is_code(html: str) -> None:
    assert outline(html) == [("code", "", " a\n  b")]


def test_preformatted_html_with_a_link_keeps_it() -> None:
    (block,) = parts('<pre>a <a href="b">c</a></pre>')
    assert isinstance(block, Block)
    assert (block.kind, block.spans[-1].href) == ("html", "b")


def test_the_title_of_code_is_no_text_that_is_highlighted_in_it() -> None:
    assert outline("```mdx 'title=\"b\"'\na\n```") == [("code", "", "a")]
    assert outline('```mdx title="N<sup>th</sup> line"\na\n```')[0] == ("title", "", "Nth line")
    assert outline('```java title="List<T>"\na\n```')[0] == ("title", "", "List<T>")
    assert outline('```mdx title="b"\na\n```') == [("title", "", "b"), ("code", "", "a")]
