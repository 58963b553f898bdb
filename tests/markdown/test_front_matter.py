import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.work import count_steps

from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.markdown.front_matter import FrontMatter, read_front_matter, remove_front_matter

SURVIVING_TEXT = "what follows\n"


def read(header: str) -> FrontMatter:
    return read_front_matter(f"{header}\n{SURVIVING_TEXT}", "a.md")


def text_after(header: str) -> str:
    """Return the text that is left for the reader."""
    text = f"{header}\n{SURVIVING_TEXT}"
    return remove_front_matter(text, read_front_matter(text, "a.md")).lstrip("\n")


@pytest.mark.parametrize(
    ("header", "values"),
    [
        pytest.param("---\ntitle: a\n---", {"title": "a"}, id="plain"),
        pytest.param("---\ntitle: a\n...", {"title": "a"}, id="dots-at-the-end"),
        pytest.param("---  \ntitle: a\n---\t", {"title": "a"}, id="blanks-after-the-fences"),
        pytest.param("--- yaml\ntitle: a\n---", {"title": "a"}, id="named-yaml"),
        pytest.param("    ---\ntitle: a\n---", {"title": "a"}, id="indented-opening"),
        pytest.param("\n\n---\ntitle: a\n---", {"title": "a"}, id="blank-lines-first"),
        pytest.param("<!-- a licence\nof two lines -->\n---\ntitle: a\n---", {"title": "a"}, id="comment-first"),
        pytest.param("---\n# a comment\ntitle: a\n---", {"title": "a"}, id="yaml-comment-first"),
        pytest.param("---\ntitle: a\n---1", {"title": "a"}, id="mistyped-closing"),
        pytest.param("---\n---", {}, id="empty"),
        pytest.param('+++\ntitle = "a"\ntags = ["x", "y"]\n+++', {"title": "a", "tags": ["x", "y"]}, id="toml"),
        pytest.param("+++\non = true\nn = 7\nday = 2020-01-02\n+++", {"on": "true", "n": "7", "day": "2020-01-02"}),
        pytest.param('{\n"title": "a",\n"n": 1.10,\n"no": null\n}', {"title": "a", "n": "1.10", "no": ""}, id="json"),
        pytest.param('---json\n"title": "a"\n---', {"title": "a"}, id="json-between-fences"),
        pytest.param(
            '%{\n  version: "1.0.1",\n  title: "Basics",\n  excerpt: """\n  One\n  two.\n  """\n}\n---',
            {"version": "1.0.1", "title": "Basics", "excerpt": "One two."},
            id="elixir",
        ),
        pytest.param("---\ntitle: >\n  folded\n  text\n---", {"title": "folded text"}, id="folded-text"),
        pytest.param("---\ntags: [a, b]\nmore: {x: 1}\n---", {"tags": ["a", "b"], "more": {"x": "1"}}, id="nested"),
        pytest.param("---\nназвание: да\n---", {"название": "да"}, id="cyrillic-key"),
        pytest.param("---\nशीर्षक: नमस्ते\nभाषा: hi\n---", {"शीर्षक": "नमस्ते", "भाषा": "hi"}, id="hindi-key"),
        pytest.param("---\npaper id: 1\ntitle: a\n---", {"paper id": "1", "title": "a"}, id="key-of-words"),
        pytest.param("---\n标题: 你好\n---", {"标题": "你好"}, id="chinese-key"),
        pytest.param("---\n\ntitle: a\ntags:\n  - b\n---", {"title": "a", "tags": ["b"]}, id="blank-line-after"),
        pytest.param("---\n\n\nname: a\nfile: b\n\n---", {"name": "a", "file": "b"}, id="blank-lines-after"),
        pytest.param("---\n<!-- a\nb -->\ntitle: a\n---", {"title": "a"}, id="html-comment-after"),
        pytest.param("<!-- a -->\n\n<!-- b -->\n---\ntitle: a\n---", {"title": "a"}, id="two-comments-first"),
        pytest.param("```yaml\n---\ntitle: a\n---\n```", {"title": "a"}, id="in-a-code-fence"),
        pytest.param("```markdown\n---\ntitle: a\n---", {"title": "a"}, id="after-the-fence-of-the-whole-file"),
    ],
)
def test_a_header_of_any_usual_form_is_read_and_taken_off_the_text(header: str, values: dict[str, object]) -> None:
    assert read(header).values == values
    assert not read(header).problems
    assert text_after(header) == SURVIVING_TEXT


@pytest.mark.parametrize(
    "value", ["no", "1.10", "007", "12:30", "2024", "2024-02-30", "2019-29-11", "0000-00-00", "~", "null", "9" * 5000]
)
def test_every_value_stays_the_text_that_was_written(value: str) -> None:
    header = read(f"---\nlang: {value}\n---")
    assert header.values == {"lang": value}
    assert not header.problems


def test_keys_that_are_words_of_the_reading_library_are_ordinary_keys() -> None:
    header = read("---\ncontent: a\nhandler: b\nself: c\n2024: d\non: e\n---")
    assert header.values == {"content": "a", "handler": "b", "self": "c", "2024": "d", "on": "e"}


@pytest.mark.parametrize("value", ["A: b", "@x", "`x`", "%x", '"A" b', "[x] y", "!!x y: z", '"open'])
def test_a_value_that_should_be_quoted_is_read_as_written_and_named(value: str) -> None:
    header = read(f"---\nlang: pl\ntitle: {value}\n---")
    assert header.values == {"lang": "pl", "title": value}
    (problem,) = header.problems
    assert (problem.path, problem.line, problem.code) == ("a.md", 3, "front-matter")
    assert 'quote the value after "title:"' in problem.message
    assert header.lines == 4


@pytest.mark.parametrize("value", ["*x", "&x [*x]"])
def test_an_alias_without_an_anchor_is_read_as_written_and_named(value: str) -> None:
    header = read(f"---\nlang: pl\ntitle: {value}\n---")
    assert header.values == {"lang": "pl", "title": value}
    assert [(problem.line, problem.code) for problem in header.problems] == [(3, "front-matter")]


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("a: &x 1\nb: *x", {"a": "1", "b": "1"}),
        ("a: &x [1, 2]\nb: {c: *x}", {"a": ["1", "2"], "b": {"c": ["1", "2"]}}),
        ("a: &x >-\n  one\n  two\nb: *x", {"a": "one two", "b": "one two"}),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": "1", "b": "2", "c": "2"}),
        ("a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3", {"a": {"k": "1", "l": "2"}, "b": {"k": "3", "l": "2"}}),
        (
            "a: &x {k: 1}\nb: &y {k: 2, l: 3}\nc: {<<: [*x, *y]}",
            {"a": {"k": "1"}, "b": {"k": "2", "l": "3"}, "c": {"k": "1", "l": "3"}},
        ),
        ("a: 1\n<<: 2", {"a": "1", "<<": "2"}),
    ],
)
def test_an_alias_is_the_value_of_its_anchor(source: str, values: dict[str, object]) -> None:
    header = read(f"---\n{source}\n---")
    assert header.values == values
    assert not header.problems


def test_the_readable_part_of_broken_front_matter_is_used() -> None:
    header = read('---\ntitle: "A" b\ntags:\n  - x\n  - "y"\nlang: pl\n---')
    assert header.values == {"title": '"A" b', "tags": ["x", "y"], "lang": "pl"}
    assert header.lines == 7


def test_a_duplicate_key_is_a_problem_and_its_first_value_is_used() -> None:
    header = read("---\ntitle: first\ntitle: second\n---")
    assert header.values == {"title": "first"}
    assert [problem.message for problem in header.problems] == ['"title:" is repeated; the first value is used']


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\n\nA rule at the start.\n\n---", id="rule-and-blank-line"),
        pytest.param("---\nprose at once\n---", id="rule-and-prose"),
        pytest.param("---\nChapter one: it begins\n---", id="prose-with-a-colon"),
        pytest.param("---\n- a\n- b\n---", id="list"),
        pytest.param("---\ntitle: a", id="unclosed"),
        pytest.param("---\ntitle: a\n" + "x: y\n" * 2100 + "---", id="closed-too-late"),
        pytest.param("---\ntitle: a\nb: " + "x" * 70_000 + "\n---", id="too-large"),
        pytest.param("{\nprose in braces\n}", id="braces"),
        pytest.param('{\n"a": [}\n}', id="broken-json"),
        pytest.param("+++\nprose\n+++", id="plus-signs"),
        pytest.param("text\n---\ntitle: a\n---", id="text-first"),
        pytest.param("----\ntitle: a\n----", id="four-dashes"),
        pytest.param("---\n\nNote: a rule and prose.\n\n---", id="blank-line-and-prose-with-a-colon"),
        pytest.param("---\n\ntitle: a\nand then prose\n---", id="blank-line-and-prose"),
        pytest.param("---\n注意：这是正文。\n---", id="prose-with-a-full-width-colon"),
        pytest.param("```yaml\n---\napiVersion: v1\nkind: Pod\n---\n```", id="sample-in-a-code-block"),
        pytest.param("```yaml\ntitle: a\n```", id="code-block-without-fences"),
        pytest.param("---\ntitle: a\n\nprose", id="one-key-and-no-end"),
    ],
)
def test_text_that_is_not_front_matter_is_body(text: str) -> None:
    assert read(text) == FrontMatter({}, 0)


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("---\n标题：你好\nlang：zh\n---", {"标题": "你好", "lang": "zh"}),
        ("---\ntitle: a\n标签：b\n---", {"title": "a", "标签": "b"}),
        ('---\ntitle: "a\nlang: pl\n---', {"title": '"a', "lang": "pl"}),
        ("---\ntitle: „a” b: c\nlang: pl\n---", {"title": "„a” b: c", "lang": "pl"}),
        ("---\nमुख्य शीर्षक: @x\nlang: hi\n---", {"मुख्य शीर्षक": "@x", "lang": "hi"}),
        ("---\ntitle: a\nlang: pl\n", {"title": "a", "lang": "pl"}),
        ("---\ntitle: a: b\nlang: pl\n\nprose\n\n---", {"title": "a: b", "lang": "pl"}),
    ],
)
def test_a_header_that_a_translator_broke_is_read_and_named_in_one_line(header: str, values: dict[str, object]) -> None:
    found = read(header)
    assert found.values == values
    assert len(found.problems) == 1
    assert "\n" not in found.problems[0].message
    assert not any(key in text_after(header) for key in values)


def test_prose_in_a_broken_header_is_text_but_no_heading() -> None:
    document = parse_document("---\ntitle: a: b\nlang: en\nThen prose.\n---\n\nMore.\n", "", "x.md")
    assert document.title == "a: b"
    assert [(block.kind, block.text, block.line) for block in document.blocks] == [
        ("paragraph", "Then prose.", 4),
        ("paragraph", "More.", 7),
    ]


@pytest.mark.parametrize("end", ["Then prose.", "Zdanie bez klucza."])
def test_prose_between_the_fences_is_never_lost(end: str) -> None:
    assert end in text_after(f"---\ntitle: a: b\n{end}\n---")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            "a0: &a0 [x,x]\n"
            + "\n".join(f"a{n}: &a{n} [*a{n - 1},*a{n - 1}]" for n in range(1, 7))
            + "\nb: ["
            + "*a6," * 900
            + "]",
            id="aliases",
        ),
        pytest.param(
            "a0: &a0 {k: v}\n" + "\n".join(f"a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]" for n in range(1, 30)),
            id="merge-keys",
        ),
        pytest.param("\n".join(f"a{n}: &a{n} [{f'*a{n - 1}' if n else 'x'}]" for n in range(900)), id="deep-aliases"),
        pytest.param("a: &a " + "x" * 9000 + "\nb: [" + "*a," * 2000 + "]", id="long-aliases"),
        pytest.param("a: " + "[" * 30_000, id="deep-flow"),
        pytest.param("a: " + "{a: " * 9 + "}" * 9, id="ten-levels"),
        pytest.param("a:\n  " + "- " * 15_000, id="deep-block"),
        pytest.param("a: [" + "x, " * 6000 + "]", id="many-items"),
    ],
)
def test_a_header_made_to_exhaust_the_reader_is_refused_before_it_does(source: str) -> None:
    text = f"---\nlang: pl\n{source}\n---"
    header = read(text)
    assert count_steps(lambda: read(text)) < 400_000  # the list of 6,000 items takes 155,000
    assert header.values["lang"] == "pl"
    assert len(header.problems) == 1
    assert len(str(header.values)) < 100_000


@pytest.mark.parametrize("form", ["---\na: {}\n---", '{{\n"a": {}\n}}', "+++\na = {}\n+++"])
def test_deep_nesting_of_any_form_gives_a_header_without_it(form: str) -> None:
    for depth in (20, 20_000):
        header = read(form.format("[" * depth + "]" * depth))
        assert not isinstance(header.values.get("a"), list)


def test_a_yaml_tag_with_reserved_characters_is_not_executed() -> None:
    header = read("---\na: !!python/object/apply:os.system ['exit 1']\n---")
    assert header.values == {"a": ["exit 1"]}


PIECES = ["---", "+++", "...", "{", "}", "%{", "title: a", "a = 1", "- x", '"', "[", "&a", "*a", "\n", ": ", "\t", "#"]


@pytest.mark.slow
@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join))
def test_no_text_at_all_makes_the_header_reader_fail(text: str) -> None:
    for candidate in (text, f"---\na: {text}\n---\n", f"+++\na = {text}\n+++\n", f"{{\n{text}\n}}\n"):
        header = read_front_matter(candidate, "a.md")
        assert 0 <= header.lines <= candidate.count("\n") + 1
        assert all(1 <= problem.line <= header.lines + candidate.count("\n") + 1 for problem in header.problems)
