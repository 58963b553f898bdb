"""`relmgr export --to html`: one page with the languages side by side."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr, articles_of
from support.sample_texts import text_of
from support.web_page import Element, WebPage

from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.export.html import files
from relmgr_cli.export.units import ExportArticle, Request, Tally, article_units

Write = Callable[[str, str], Path]
Export = Callable[..., WebPage]

ENGLISH = """# Trees

A tree has [roots](#roots), see [bread](bread.md) and [the web](https://example.org/?a=1&b=2).

## Roots

> Roots drink water.
>
> They also hold the tree.

1. dig

   deep

2. plant

```python
print("tree")
```

A last remark without a translation, which says something about the seasons.
"""
POLISH = """# Drzewa

Drzewo ma [korzenie](#korzenie), zobacz [chleb](bread.md) i [sieć](https://example.org/?a=1&b=2).

## Korzenie

> Korzenie piją wodę.
>
> Trzymają też drzewo.

1. kop

   głęboko

2. posadź

```python
print("tree")
```
"""
PERSIAN = """# درختان

درخت ریشه دارد و از زمین آب می‌نوشد و برگ‌های آن در بهار سبز می‌شوند.
"""


@pytest.fixture
def export(relmgr: Relmgr, tmp_path: Path) -> Export:
    """Return a function that exports the library with some options and reads the page, whose safety is checked."""

    def run(*options: str) -> WebPage:
        target = tmp_path / "page.html"
        result = relmgr("-C", tmp_path / "lib", "export", "--to", "html", "-o", target, "--force", *options)
        assert result.code == 0, result.err
        page = WebPage(target.read_text(encoding="utf-8"))
        page.check_safety()
        return page

    return run


@pytest.fixture
def trees(write: Write) -> None:
    write("lib/en/trees.md", ENGLISH)
    write("lib/pl/trees.md", POLISH)
    for tag in ("en", "pl", "ru"):
        write(f"lib/{tag}/bread.md", text_of("bread", tag))


def texts_of(row: list[Element]) -> list[str]:
    return [" ".join(cell.text.split()) for cell in row]


def row_with(page: WebPage, text: str) -> list[Element]:
    (row,) = [row for row in page.rows if any(text in cell.text for cell in row)]
    return row


@pytest.mark.usefixtures("trees")
def test_counterparts_are_on_the_same_row_in_the_order_of_the_languages(export: Export) -> None:
    page = export("--lang", "en,pl")
    assert texts_of(row_with(page, "hold the tree")) == ["They also hold the tree.", "Trzymają też drzewo."]
    page = export("--lang", "pl,en")
    assert texts_of(row_with(page, "hold the tree")) == ["Trzymają też drzewo.", "They also hold the tree."]


@pytest.mark.usefixtures("trees")
def test_every_text_says_its_language_and_direction(export: Export, write: Write) -> None:
    write("lib/fa/trees.md", PERSIAN)
    page = export("--lang", "en,pl,fa")
    cells = [cell for row in page.rows for cell in row if "both" not in cell.classes]
    assert {(cell.attributes["lang"], cell.attributes["dir"]) for cell in cells} == {
        ("en", "ltr"),
        ("pl", "ltr"),
        ("fa", "rtl"),
    }
    toggles = [each for each in page.all("button") if "aria-pressed" in each.attributes]
    assert [(each.text, each.attributes["lang"]) for each in toggles] == [
        ("English", "en"),
        ("polski", "pl"),
        ("فارسی", "fa"),
    ]


@pytest.mark.usefixtures("trees")
def test_a_missing_counterpart_is_a_cell_that_says_so(export: Export) -> None:
    (_, missing) = row_with(export("--lang", "en,pl"), "A last remark")
    assert missing.text == "–"
    assert missing.classes == ["l1", "none"]


@pytest.mark.usefixtures("trees")
def test_code_that_is_the_same_in_all_languages_is_there_once(export: Export) -> None:
    (cell,) = row_with(export("--lang", "en,pl"), 'print("tree")')
    assert cell.classes == ["both"]
    assert "lang" not in cell.attributes


@pytest.mark.usefixtures("trees")
def test_a_quote_and_a_list_go_on_in_the_next_row(export: Export) -> None:
    page = export("--lang", "en,pl")
    quotes = [each.parents[-1] for each in page.all("blockquote")]
    assert quotes == ["div.l0", "div.l1"] * 2
    items = [(each.text, each.classes) for each in page.all("li") if "div.l0" in each.parents]
    assert items == [("dig", []), ("deep", ["continued"]), ("plant", [])]
    assert [each.attributes.get("start") for each in page.all("ol") if "div.l0" in each.parents] == [None, None, "2"]


@pytest.mark.usefixtures("trees")
def test_an_article_has_the_columns_of_its_languages_and_says_what_it_is_not_in(export: Export) -> None:
    page = export("--lang", "en,pl,ru")
    assert {len(row) for row in page.rows if row[0].text.startswith(("Knead", "They also"))} == {2, 3}
    (note,) = page.all("p", "absent")
    assert note.text == "Not in: русский"


@pytest.mark.usefixtures("trees")
def test_links_between_articles_lead_inside_the_page_and_others_to_the_web(export: Export) -> None:
    page = export("--lang", "en,pl")
    links = {each.text: each.attributes.get("href") for each in page.all("a") if "main" in each.parents}
    assert links["bread"] == links["chleb"] == "#bread"
    assert links["roots"] == links["korzenie"] == "#trees:1"
    assert links["the web"] == "https://example.org/?a=1&b=2"
    names = [each.attributes.get("id") for each in page.elements]
    assert all(href.removeprefix("#") in names for href in links.values() if href and href.startswith("#"))


@pytest.mark.usefixtures("trees")
def test_a_link_to_an_article_that_is_not_exported_is_its_text(export: Export) -> None:
    page = export("--lang", "en,pl", "trees")
    (link,) = [each for each in page.all("a") if each.text == "bread"]
    assert link.attributes == {}


@pytest.mark.usefixtures("trees")
def test_the_outline_leads_to_articles_and_sections(export: Export) -> None:
    page = export("--lang", "en,pl")
    links = [(each.text, each.attributes["href"]) for each in page.all("a") if "nav.outline" in each.parents]
    assert links == [("Baking bread at home", "#bread"), ("Trees", "#trees"), ("Roots", "#trees:1")]
    (alone,) = [each for each in export("--lang", "pl,en", "trees").all("a") if "nav.outline" in each.parents]
    assert (alone.text, alone.attributes["lang"]) == ("Korzenie", "pl")


@pytest.mark.usefixtures("trees")
def test_headings_of_articles_are_below_that_of_the_page(export: Export) -> None:
    page = export("--lang", "en,pl", "trees")
    headings = [(each.tag, each.text) for each in page.elements if each.tag in ("h1", "h2", "h3", "h4")]
    assert headings == [("h1", "lib"), ("h2", "Trees"), ("h2", "Drzewa"), ("h3", "Roots"), ("h3", "Korzenie")]
    assert [each.text for each in page.all("title")] == ["Trees – lib"]


@pytest.mark.usefixtures("trees")
def test_units_are_counted(relmgr: Relmgr, tmp_path: Path) -> None:
    result = relmgr("-C", tmp_path / "lib", "export", "--to", "html", "--lang", "en,pl", "-o", tmp_path / "a.html")
    rows = WebPage((tmp_path / "a.html").read_text(encoding="utf-8")).rows
    assert f"exported {len(rows)} units of 2 articles; 1 without a translation; " in result.err


def test_a_text_in_doubt_has_a_mark() -> None:
    documents = [
        parse_document(text, "/lib", f"{tag}/trees.md")._replace(language=tag)
        for tag, text in (("en", ENGLISH), ("pl", POLISH))
    ]
    (article,) = articles_of(documents)
    units = tuple(
        unit._replace(doubtful=frozenset(["pl"])) if unit.kind == "quote" else unit
        for unit in article_units(article, ["en", "pl"])
    )
    tally = Tally()
    (file,) = files([ExportArticle(article, units)], Request(("en", "pl"), "lib", "2026-01-01T00:00:00Z"), tally)
    page = WebPage(str(file.content))
    page.check_safety()
    marks = [each for each in page.all("span", "mark") if each.attributes["role"] == "img"]
    assert [each.parents[-1] for each in marks] == ["div.l1.doubt"] * tally.doubtful
    assert tally.doubtful == len(page.all("blockquote")) // 2 > 0


HOSTILE = """---
title: '"><script>alert(1)</script>'
---

# A</title><script>alert(2)</script> & <b onclick="alert(3)">heading</b>

</script></style><script>alert(4)</script> text <img src="x" onerror="alert(5)"> and <a href="javascript:alert(6)">a</a>
<svg onload=alert(7)><style>* { display: none }</style> <iframe src="https://example.org/"></iframe>

[a](javascript:alert(8)) [b](JaVa&#x0A;Script:alert(9)) [c](data:text/html;base64,AAAA) [d](vbscript:x)
[e](//example.org/x) [f](file:///etc/passwd) [g](#:0:) [h]("onmouseover="alert(10)) <javascript:alert(11)>

``` js" onload="alert(12)
</code></pre><script>alert(13)</script>
```

| <script>alert(14)</script> | a |
| --- | --- |
| ![x](https://example.org/a.png" onerror="alert(15)) | `</td>` |

> [!NOTE" onclick="alert(16)]
> text

Text{#id" onclick="alert(17)} &lt;script&gt;alert(18)&lt;/script&gt; &#60;script&#62;

<details open ontoggle="alert(19)"><summary>x</summary>y</details>
"""


def test_nothing_of_a_hostile_library_is_more_than_text(export: Export, write: Write) -> None:
    for tag in ("en", "pl"):
        write(f'lib/{tag}/a" onclick="alert(0)/<b>&amp;.md', HOSTILE + text_of("bread", tag))
    page = export("--lang", "en,pl")
    assert len(page.all("article")) == 1
    assert {len(row) for row in page.rows} == {1, 2}
    assert "alert(13)" in "".join(each.text for each in page.all("pre"))
    script = page.all("script")[0].text
    assert "alert" not in script


def test_a_surrogate_in_a_name_or_text_is_made_visible(relmgr: Relmgr, write: Write, tmp_path: Path) -> None:
    write("lib/en/a\udcff.md", "# A\n\nSome text in English about a file with a broken name.\n")
    result = relmgr("-C", tmp_path / "lib", "export", "--to", "html", "-o", tmp_path / "a.html")
    assert result.code == 0
    WebPage((tmp_path / "a.html").read_text(encoding="utf-8")).check_safety()


def test_images_of_the_library_are_in_the_page_and_others_are_links(export: Export, write: Write) -> None:
    text = "# A\n\n![inside](img/a.gif) ![gone](img/b.gif) ![remote](https://example.org/c.gif)\n\nSome English text.\n"
    path = write("lib/en/a.md", text)
    (path.parent / "img").mkdir()
    (path.parent / "img/a.gif").write_bytes(b"GIF89a-")
    page = export("--lang", "en")
    assert [(each.attributes["alt"], each.attributes["src"]) for each in page.all("img")] == [
        ("inside", "data:image/gif;base64,R0lGODlhLQ==")
    ]
    links = {each.text: each.attributes.get("href") for each in page.all("a", "image")}
    assert links == {"gone": None, "remote": "https://example.org/c.gif"}
