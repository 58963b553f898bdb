"""What the dialects of documentation sites become, as kind, containers and text of every block."""

import pytest
from support.marks import slow
from support.outline import Outline, outline, parts, spans
from support.work import count_steps

from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.markdown.parser import parse_markdown

NOTE = [("title", "alert(note)", "T"), ("quote", "alert(note)", "a"), ("paragraph", "", "b")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("> [!note] T\n> a\n\nb", id="obsidian"),
        pytest.param("> [!NOTE]- T\n>\n> a\n\nb", id="obsidian, folded"),
        pytest.param("> [!note|wide]+ T\n> a\n\nb", id="obsidian, unfolded, with metadata"),
        pytest.param("> \\[!NOTE] T\n> a\n\nb", id="obsidian, escaped"),
        pytest.param(":::note[T]\na\n:::\n\nb", id="docusaurus"),
        pytest.param(":::note T\n\na\n\n:::\nb", id="docusaurus 2"),
        pytest.param("::: note T\na\n:::\nb", id="vitepress"),
        pytest.param(':::note[T]{icon="x"}\na\n:::\nb', id="starlight"),
        pytest.param(":::{note} T\na\n:::\nb", id="myst"),
        pytest.param('::: {.callout-note title="T"}\na\n:::\nb', id="quarto"),
        pytest.param("/// note | T\na\n///\n\nb", id="pymdownx"),
        pytest.param("/// admonition | T\n    type: note\n\na\n///\n\nb", id="pymdownx with options"),
        pytest.param("/// admonition\n    type: note\n    title: T\n\na\n///\n\nb", id="pymdownx with title as option"),
        pytest.param('!!! note "T"\n\n    a\n\nb', id="python-markdown"),
        pytest.param('!!! note inline end "T"\n    a\n\nb', id="material"),
        pytest.param('??? note "T"\n    a\n\nb', id="material, folded"),
        pytest.param('{{< alert type="note" title="T" >}}\na\n{{< /alert >}}\nb', id="hugo"),
        pytest.param('{{% notice note "T" %}}\na\n{{% /notice %}}\nb', id="hugo, positional"),
        pytest.param('{% hint style="note" title="T" %}\na\n{% endhint %}\nb', id="gitbook"),
        pytest.param('{% note title="T" %}a{% endnote %}\n\nb', id="liquid, in one line"),
    ],
)
def test_a_note_is_the_same_in_every_dialect(text: str) -> None:
    assert outline(text) == NOTE


@pytest.mark.parametrize(
    "text",
    [
        '<Note title="T">\na\n</Note>\n\nb',
        '<Aside title="T">\n  a\n</Aside>\nb',
        '<Admonition type="note" title="T">a</Admonition>\n\nb',
        "<Callout\n  type='note'\n  title={'T'}\n>\n\n      a\n\n</Callout>\nb",
        ":::note[T]\na\n:::\nb",
    ],
)
def test_a_note_is_the_same_in_mdx(text: str) -> None:
    assert outline(text, "a.mdx") == NOTE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('=== "A"\n\n    a\n\n=== "B"\n\n    b\n', id="material"),
        pytest.param("/// tab | A\na\n///\n/// tab | B\nb\n///", id="pymdownx"),
        pytest.param(":::: tabs\n::: tab A\na\n:::\n::: tab B\nb\n:::\n::::", id="vuepress"),
        pytest.param("::: tabs\n@tab A\na\n@tab:active B#b\nb\n:::", id="vuepress 2"),
        pytest.param("::: code-tabs#shell\n\n@tab A\n\na\n\n@tab B\n\nb\n\n:::", id="vuepress theme"),
        pytest.param(":::tabs key:ab\n== A\na\n== B\nb\n:::", id="vitepress"),
        pytest.param(
            '{{< tabs >}}\n{{% tab "A" %}}\na\n{{% /tab %}}\n{{% tab name="B" %}}b{{% /tab %}}\n{{< /tabs >}}'
        ),
        pytest.param(
            '{% tabs %}\n{% tab title="A" %}\na\n{% endtab %}\n{% tab title="B" %}\nb\n{% endtab %}\n{% endtabs %}'
        ),
    ],
)
def test_tabs_have_their_labels(text: str) -> None:
    assert outline(text) == [
        *[("title", "tab()", "A"), ("paragraph", "tab()", "a")],
        *[("title", "tab()", "B"), ("paragraph", "tab()", "b")],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "> [!tip]\n> a\n> > [!warning] W\n> > b",
            [
                ("quote", "alert(tip)", "a"),
                ("title", "alert(tip) alert(warning)", "W"),
                ("quote", "alert(tip) alert(warning)", "b"),
            ],
            id="callouts",
        ),
        pytest.param(
            "::::note\n:::tip\na\n:::\nb\n::::\nc",
            [("quote", "alert(note) alert(tip)", "a"), ("quote", "alert(note)", "b"), ("paragraph", "", "c")],
            id="directives",
        ),
        pytest.param(
            "!!! note\n\n    - a\n\n        !!! tip\n\n            b\n\n    c",
            [
                ("item", "alert(note) bullet()", "a"),
                ("quote", "alert(note) bullet() alert(tip)", "b"),
                ("quote", "alert(note)", "c"),
            ],
            id="admonitions",
        ),
        pytest.param(
            ":::warn\na\n::::\nb",
            [("quote", "alert(warning)", "a"), ("paragraph", "", "b")],
            id="a longer end",
        ),
        pytest.param(
            "- a\n\n  :::note\n  b\n  :::\n\n  c",
            [("item", "bullet()", "a"), ("quote", "bullet() alert(note)", "b"), ("paragraph", "bullet()", "c")],
            id="in an item",
        ),
        pytest.param(
            "- :::note\n  a\n\nb\n\n:::\n\nc",
            [("item", "bullet()", "a"), ("paragraph", "", "b"), ("paragraph", "", "c")],
            id="the end is in another parent",
        ),
        pytest.param(
            "<details>\n<summary>S *s*</summary>\n\n- a\n\n<details><summary>T</summary>b</details>\n</details>\n\nc",
            [
                ("title", "alert(details)", "S s"),
                ("item", "alert(details) bullet()", "a"),
                ("title", "alert(details) alert(details)", "T"),
                ("html", "alert(details) alert(details)", "b"),
                ("paragraph", "", "c"),
            ],
            id="details",
        ),
    ],
)
def test_containers_nest(text: str, expected: Outline) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize("opening", [":::note T", '<details open title="T">\n', "{{< note T >}}"])
def test_a_container_without_an_end_is_only_its_title(opening: str) -> None:
    found = outline(f"{opening}\n\na\n\n# h")
    assert found[-2:] == [("paragraph", "", "a"), ("h1", "", "h")]
    assert {text for _, _, text in found[:-2]} == {"T"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(":::\n\na", [("paragraph", "", "a")], id="an end without a beginning"),
        pytest.param("::: columns\na\n:::", [("paragraph", "", "a")], id="layout only"),
        pytest.param(
            ":::house-rule My rule\na\n:::",
            [("title", "alert(house-rule)", "My rule"), ("quote", "alert(house-rule)", "a")],
        ),
        pytest.param('::video[A film]{src="x"}', [("paragraph", "", "A film")], id="leaf"),
        pytest.param(
            '::video[A]{label="A" title="T"}', [("paragraph", "", "A"), ("paragraph", "", "T")], id="label and title"
        ),
        pytest.param(
            ":::note[T] t\na\n:::",
            [("title", "alert(note)", "T t"), ("quote", "alert(note)", "a")],
            id="text behind a label",
        ),
        pytest.param("a :: b ::: c", [("paragraph", "", "a :: b ::: c")], id="colons in text"),
        pytest.param('```js title="a.js"\nb\n```', [("title", "", "a.js"), ("code", "", "b")], id="code with a title"),
        pytest.param(
            "::: code-group\n```sh [npm]\nb\n```\n:::", [("title", "", "npm"), ("code", "", "b")], id="code group"
        ),
        pytest.param('```js [[1, 2, "a"]]\nb\n```', [("code", "", "b")], id="other information of code"),
        pytest.param("!!! not an admonition", [("paragraph", "", "!!! not an admonition")], id="exclamation"),
        pytest.param("a\n===\n", [("h1", "", "a")], id="underline"),
    ],
)
def test_directives(text: str, expected: Outline) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '{{% option name="a.b" %}} C\n{{% /option %}}',
            [("paragraph", "", "a.b"), ("paragraph", "", "C")],
            id="name",
        ),
        pytest.param("{% include a.html %}\n\nb", [("paragraph", "", "b")], id="include"),
        pytest.param("{{< toc >}}\n{{< youtube abc >}}\nb", [("paragraph", "", "b")], id="shortcodes"),
        pytest.param(
            '{{< figure\n  src="a.png"\n  caption="C" >}}\n\nb',
            [("paragraph", "", "C"), ("paragraph", "", "b")],
            id="several lines",
        ),
        pytest.param(
            "{% if a %}\nb\n{% else %}\nc\n{% endif %}", [("paragraph", "", "b"), ("paragraph", "", "c")], id="control"
        ),
        pytest.param("{% comment %}\na\n{% endcomment %}\nb", [("paragraph", "", "b")], id="comment"),
        pytest.param("{% highlight ruby %}\n*a*\n{% endhighlight %}", [("code", "", "*a*")], id="highlight"),
        pytest.param("{{< highlight go >}}\n*a*\n{{< /highlight >}}", [("code", "", "*a*")], id="hugo's highlight"),
        pytest.param("{% raw %}\n```\n{{ a }}\n```\n{% endraw %}", [("code", "", "{{ a }}")], id="raw"),
        pytest.param(
            "    {{< a >}}\n\n`{% b %}`", [("code", "", "{{< a >}}"), ("paragraph", "", "{% b %}")], id="code"
        ),
        pytest.param("a\n{: .b #c}\n\n{:.d}\n\n{:e}", [("paragraph", "", "a")], id="attributes"),
        pytest.param("* TOC\n{:toc}\n\na", [("paragraph", "", "a")], id="contents of kramdown"),
        pytest.param("- a\n\n{:toc}", [("item", "bullet()", "a")], id="an item that stands for no contents"),
        pytest.param("* TOC\n  {:toc}\n\na", [("paragraph", "", "a")], id="contents of kramdown in an item"),
        pytest.param("[TOC]\n\n[[toc]]\n\n[[_TOC_]]\n\n{{TOC}}\n\na", [("paragraph", "", "a")], id="contents"),
        pytest.param('--8<-- "a.md"\n\na\n\n--8<--\nb.md\n--8<--', [("paragraph", "", "a")], id="snippets"),
        pytest.param(";--8<--\n\n--8<--\na.md\n--8<--\n\nb", [("paragraph", "", "b")], id="a snippet without an end"),
        pytest.param("%%\na\n%%\n\n%% b %%\n\nc", [("paragraph", "", "c")], id="comments of Obsidian"),
        pytest.param("%% a", [("paragraph", "", "%% a")], id="a comment without an end"),
        pytest.param("$$\na\\\\b\n$$", [("math", "", "a\\\\b")], id="formula"),
        pytest.param("$$a$$", [("math", "", "a")], id="formula in one line"),
        pytest.param("```math\na_1\n```", [("math", "", "a_1")], id="formula in a fence"),
        pytest.param("\\[\na_1\n\\]", [("math", "", "a_1")], id="formula of TeX"),
        pytest.param("$$\na\n\nb", [("paragraph", "", "$$ a"), ("paragraph", "", "b")], id="a formula without an end"),
    ],
)
def test_what_is_not_text_is_not_shown(text: str, expected: Outline) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[a b]]", [Span("a b", (), "[[a b]]")]),
        ("[[a#b|*c*]]", [Span("*c*", (), "[[a#b|*c*]]")]),
        ("[[a#b]]", [Span("a > b", (), "[[a#b]]")]),
        ("[[#b]]", [Span("b", (), "[[#b]]")]),
        ("![[a.png|300]]", [Span("a.png", ("image",), "a.png")]),
        ("![[a.png|A dog|300x200]]", [Span("A dog", ("image",), "a.png")]),
        ("![[note]]", [Span("note", (), "[[note]]")]),
        ("([[a]])", [Span("("), Span("a", (), "[[a]]"), Span(")")]),
        ("if [[ -f x ]]", [Span("if [[ -f x ]]")]),
        ("a[[1, 2]]", [Span("a[[1, 2]]")]),
        ("[[a]](b)", [Span("[a]", (), "b")]),
        ("[[a|b]](c)", [Span("b", (), "[[a|b]]"), Span("(c)")]),
        ("a <A.B c='d' /> e", [Span("a  e")]),
        ("==a *b*==", [Span("a ", ("mark",)), Span("b", ("mark", "emphasis"))]),
        ("<mark>a</mark>", [Span("a", ("mark",))]),
        ("a == b and c==d and e==f", [Span("a == b and c==d and e==f")]),
        ("a%%b%%", [Span("a%%b%%")]),
        ("a %%b%%", [Span("a")]),
        ("$x^2$", [Span("x^2", ("math",))]),
        ("$$x$$ y", [Span("x", ("math",)), Span(" y")]),
        ("$5 and $10", [Span("$5 and $10")]),
        ("$5, or 5$6", [Span("$5, or 5$6")]),
        ("$HOME/$USER", [Span("$HOME/$USER")]),
        (r"\$x\$", [Span("$x$")]),
        (r"\(x^2\)", [Span("x^2", ("math",))]),
        (r"\(see above\)", [Span("(see above)")]),
        ("`$x$` `[[a]]`", [Span("$x$", ("code",)), Span(" "), Span("[[a]]", ("code",))]),
        ("#tag a", [Span("#tag a")]),
        ("${{ a.b }}", [Span("${{ a.b }}", ("code",))]),
        ("{{ site.x }}", [Span("site.x", ("code",))]),
        ("v{{< param version >}}", [Span("v"), Span("version", ("code",))]),
        ('a {{< glossary_tooltip text="b" term_id="c" >}}', [Span("a b")]),
        ("{{</* a */>}}", [Span("{{< a >}}", ("code",))]),
        ("{% raw %}{{ a }}{% endraw %}", [Span("{{ a }}", ("code",))]),
        ('[a]({{< ref "b c.md" >}})', [Span("a", (), '{{< ref "b c.md" >}}')]),
        ("[*a*]({% link b.md %})", [Span("a", ("emphasis",), "{% link b.md %}")]),
        ("![a]({{ b }}/c.png)", [Span("a", ("image",), "{{ b }}/c.png")]),
        ('[a](b){: target="_blank"} c', [Span("a", (), "b"), Span(" c")]),
        ("[a](b){ .c }", [Span("a", (), "b")]),
        ("![a](b){width=300}", [Span("a", ("image",), "b")]),
        ("a {.b}", [Span("a")]),
        ("a {.b} c", [Span("a {.b} c")]),
        ("a {% post_url b %} c", [Span("a "), Span("b", ("code",)), Span(" c")]),
        ("漢\n字", [Span("漢字")]),
        ("한국\n어", [Span("한국 어")]),
        ("{:ok, a} {#if b} {a.b} {c}", [Span("{:ok, a} {#if b} {a.b} {c}")]),
    ],
)
def test_inline_syntax(text: str, expected: list[Span]) -> None:
    assert list(spans(text)) == expected


@pytest.mark.parametrize(
    ("text", "styled"),
    [
        ("**词（Word）**字", "词（Word）"),
        ("字**（词）**字", "（词）"),
        ("**注意：**字", "注意："),
        ("**“词”**字", "“词”"),
        ("**텍스트(text)**는", "텍스트(text)"),
        ("**「用語」**を", "「用語」"),
        ("~~词。~~字", "词。"),
        ("a**“词”**b", "“词”"),
    ],
)
def test_emphasis_may_touch_chinese_japanese_and_korean_text(text: str, styled: str) -> None:
    assert [span.text for span in spans(text) if span.styles] == [styled]


@pytest.mark.parametrize("text", ["a**(b)**c", "** a**", "“a**”b**", "a_“b”_c", "词 ** 字**"])
def test_other_text_is_emphasized_as_commonmark_says(text: str) -> None:
    assert spans(text) == (Span(text),)


@pytest.mark.parametrize(
    ("text", "anchors"),
    [("a ^b1", ("b1",)), ("a\n{: #b}", ()), ("a {#b}", ("b",)), ("- a ^b-1", ("b-1",)), ("a ^ b", ())],
)
def test_the_id_of_a_block_is_an_anchor(text: str, anchors: tuple[str, ...]) -> None:
    (block,) = parts(text)
    assert isinstance(block, Block)
    assert block.anchors == anchors
    assert block.text == ("a ^ b" if text == "a ^ b" else "a")


def test_code_that_ends_like_an_id_is_text() -> None:
    (block,) = parts("a `b ^c1`")
    assert isinstance(block, Block)
    assert (block.text, block.anchors) == ("a b ^c1", ())


@pytest.mark.parametrize("line", ["$$ a\n", "%% a\n"])
def test_what_never_ends_is_looked_for_once(line: str) -> None:
    def steps(lines: int) -> int:
        return count_steps(lambda: parse_markdown(line * lines, "a.md"))

    assert steps(400) < 6 * steps(100)


def test_tabs_end_with_their_group_also_where_groups_are_nested() -> None:
    inner = "::: tabs\n@tab B\nb\n:::"
    assert outline(f":::: tabs\n@tab A\na\n{inner}\n@tab C#\nc\n::::\nd") == [
        *[("title", "tab()", "A"), ("paragraph", "tab()", "a")],
        *[("title", "tab() tab()", "B"), ("paragraph", "tab() tab()", "b")],
        *[("title", "tab()", "C#"), ("paragraph", "tab()", "c"), ("paragraph", "", "d")],
    ]


@pytest.mark.parametrize("line", ["@tab A", "== A"])
def test_outside_a_group_the_title_of_a_tab_is_text(line: str) -> None:
    assert outline(f"::: tabs\n:::\n{line}") == [("paragraph", "", line)]
    assert outline(line) == [("paragraph", "", line)]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("{* ../../docs_src/a_py310.py hl[1,3:4] *}", "../../docs_src/a_py310.py"),
        ('{* ../a.py ln[1:4] title["b c"] *}', "../a.py"),
        ("{* a.py *}", "a.py"),
        ("<<< @/snippets/a.js{1,3 js:line-numbers}", "@/snippets/a.js"),
        ("<<< ../a.cs#region", "../a.cs#region"),
        ("{!../a.md!}", "../a.md"),
        ("@[code{1-3} js](../a.ts)", "../a.ts"),
        ("@include(./a.md)", "./a.md"),
        ("!!!include(./a.md)!!!", "./a.md"),
    ],
)
def test_an_included_file_is_named(line: str, path: str) -> None:
    assert outline(f"a\n{line}\nb") == [("paragraph", "", "a"), ("paragraph", "", path), ("paragraph", "", "b")]
    assert spans(line) == (Span(path, ("code",)),)


@pytest.mark.parametrize(
    "line", ["{* a comment *}", "{* Note. *}", "{* a.py", "<<<<<<< HEAD/x.md", "<<< a", "@[a](b/c)"]
)
def test_what_only_looks_like_the_inclusion_of_a_file_is_text(line: str) -> None:
    ((kind, _, text),) = outline(line)
    assert (kind, text[:2]) == ("paragraph", line.replace("[", "")[:2])


@pytest.mark.parametrize("unit", ["::: tabs\n", "@tab a\n", ":::\n", "{* a/ ", *slow("<<< a/{[")])
def test_many_tabs_and_inclusions_take_linear_time(unit: str) -> None:
    def steps(number: int) -> int:
        return count_steps(lambda: parse_markdown("::: tabs\n" + unit * number, "a.md"))

    assert steps(400) < 6 * steps(100)


def test_an_id_below_a_table_is_that_of_the_table() -> None:
    (table,) = parts("|a|\n|-|\n|b|\n\n^c1")
    assert isinstance(table, Block)
    assert (table.kind, table.anchors) == ("table", ("c1",))
