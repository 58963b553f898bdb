import os
from pathlib import Path
from typing import Any

import pytest
from conftest import shared
from hypothesis import given
from hypothesis import strategies as st
from support.exported import exported, request, written
from support.markdown_again import blocks_of

from relmgr_cli.corpus.encoding import decode
from relmgr_cli.errors import ExportError
from relmgr_cli.export.markdown_files import files
from relmgr_cli.export.units import ExportArticle, Tally
from relmgr_cli.markdown.blocks import Block

EN = """# Guide

Text[^1] here.

## Install {#install}

1. First, *install* it:

   ```sh
   pip install x
   ```

2. Then run.
   - one
   - two

> [!NOTE] Careful
> Mind the gap.

| a | b |
| --- | --- |
| c | d |

Term
: Its meaning.

***

[^1]: A note.
"""
PL = """# Przewodnik

Tekst[^1] tutaj.

## Instalacja {#install}

1. Najpierw to *zainstaluj*:

   ```sh
   pip install x
   ```

2. Potem uruchom.
   - jeden
   - dwa

> [!NOTE] Uwaga
> Tu jest luka.

| a | b |
| --- | --- |
| ć | d |

Pojęcie
: Jego znaczenie.

***

[^1]: Przypis.
"""
BOTH = """---
title: "Guide / Przewodnik"
lang: [en, pl]
---

# Guide / Przewodnik

Text[^1] here.

Tekst[^1] tutaj.

[^1]: A note.

    Przypis.

## Install / Instalacja {#install}

1. First, *install* it:\\
   Najpierw to *zainstaluj*:

   ```sh
   pip install x
   ```

2. Then run.\\
   Potem uruchom.

   - one\\
     jeden
   - two\\
     dwa

> [!NOTE] Careful / Uwaga
> Mind the gap.\\
> Tu jest luka.

| a | b |
| --- | --- |
| c | d |

| a | b |
| --- | --- |
| ć | d |

Term / Pojęcie
: Its meaning.\\
  Jego znaczenie.

***
"""


def text_of(article: ExportArticle) -> str:
    (file,) = files([article], request(*article.article.documents), Tally())
    assert isinstance(file.content, str)
    return file.content


def test_each_block_is_followed_by_its_translation() -> None:
    assert text_of(exported({"en": EN, "pl": PL})) == BOTH


def test_a_third_language_follows_the_second() -> None:
    article = exported({"en": "# A\n\nOne.\n\n- a", "pl": "# B\n\nJeden.\n\n- b", "ru": "# C\n\nОдин.\n\n- c"})
    assert text_of(article).partition("\n# ")[2] == "A / B / C\n\nOne.\n\nJeden.\n\nОдин.\n\n- a\\\n  b\\\n  c\n"


def test_what_is_the_same_is_written_once() -> None:
    article = exported({"en": "# API\n\nText.\n\n`x`\n\n- [a](b)", "pl": "# API\n\nTekst.\n\n`x`\n\n- [a](b)"})
    assert text_of(article).partition("---\n\n")[2] == "# API\n\nText.\n\nTekst.\n\n`x`\n\n- [a](b)\n"


def test_languages_of_both_directions_have_paragraphs_of_their_own() -> None:
    article = exported({"en": "# A\n\n- one\n- two", "ar": "# ب\n\n- واحد\n- اثنان"})
    assert text_of(article).endswith("- one\n\n  واحد\n\n- two\n\n  اثنان\n")


def test_what_one_language_lacks_is_there_in_the_other() -> None:
    article = exported({"en": "# A\n\nOne.\n\n## B\n\nTwo.", "pl": "# C\n\nJeden."})
    assert text_of(article).endswith("One.\n\nJeden.\n\n## B\n\nTwo.\n")


def test_a_footnote_without_a_counterpart_has_a_label_of_its_own() -> None:
    article = exported({"en": "# A\n\nOne[^1].\n\n[^1]: Note.", "pl": "# B\n\nJeden[^1][^2].\n\n[^1]: X.\n\n[^2]: Y."})
    assert "Jeden[^1][^2-pl]." in text_of(article)
    assert "[^2-pl]: Y." in text_of(article)


def test_a_doubtful_translation_is_marked() -> None:
    article = exported({"en": "# A\n\n- one\n- two", "pl": "# B\n\n- jeden\n- dwa"})
    units = [
        unit._replace(doubtful=frozenset(["pl"])) if unit.segments["en"].text == "two" else unit
        for unit in article.units
    ]
    tally = Tally()
    (file,) = files([article._replace(units=tuple(units))], request("en", "pl"), tally)
    assert tally.doubtful == 1
    assert str(file.content).endswith("- one\\\n  jeden\n- two\n  <!-- pl: doubtful -->\n  dwa\n")
    assert [block.text for block in blocks_of(str(file.content))][-2:] == ["two", "dwa"]


def test_one_language_is_the_file_itself(tmp_path: Path) -> None:
    text = "---\r\ntitle: x\r\n---\r\n\r\n* a <b>b</b> \t\r\n\r\n{{< note >}}\r\n"
    article = written({"en": text, "pl": "Tekst."}, tmp_path)
    (file,) = files([article], request("en"), Tally())
    assert file.name == "guide/a.en.md"
    assert file.content == text.encode()


def test_a_file_that_is_gone_or_a_link_by_now_is_an_error(tmp_path: Path) -> None:
    article = written({"en": "Text."}, tmp_path)
    path = tmp_path / "guide" / "a.en.md"
    path.unlink()
    with pytest.raises(ExportError, match=r"guide/a\.en\.md"):
        list(files([article], request("en"), Tally()))
    os.symlink("/etc/passwd", path)
    with pytest.raises(ExportError, match=r"guide/a\.en\.md"):
        list(files([article], request("en"), Tally()))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../etc/passwd", "..\\etc\\passwd"])
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    article = exported({"en": "Text.", "pl": "Tekst."})
    hostile = article._replace(article=article.article._replace(id=name))
    names = [file.name for file in files([hostile, hostile], request("en", "pl"), Tally())]
    assert names[0].endswith("etc/passwd.md")
    assert names[1].endswith("etc/passwd-2.md")
    assert not any(part in ("", "..") for each in names for part in each.split("/"))


def test_nothing_of_a_hostile_article_is_markup() -> None:
    hostile = (
        "# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) ![b](data:x,y)\n\n"
        "<a href='java\tscript:x'>c</a> \x1b[31m <svg onload=x>\n\n- <!-- --> `<b>`\n\n---\nlang: x\n---"
    )
    text = text_of(exported({"en": hostile, "pl": hostile.replace("alert", "prompt")}, name="a"))
    for part in ("<script", "<img", "<svg", "](javascript:", "](data:", "\x1b", "href"):
        assert part not in text.replace("\\<", "")
    assert text.count("\n---\n") == 1


_TEXT = st.text(alphabet="ab \\*_`[]<>&#-1.\n|:~$!", max_size=40)


@given(_TEXT, _TEXT)
def test_any_two_texts_make_a_text_that_says_both(one: str, other: str) -> None:
    says_both(exported({"en": one, "pl": other}))


def says_both(article: ExportArticle) -> None:
    """Check that the words of all languages are in the text that has been made of them."""
    tally = Tally()
    (file,) = files([article], request(*article.article.documents), tally)
    text = str(file.content)
    found = _words(blocks_of(text.partition("\n---\n")[2]))
    for document in article.article.documents.values():
        assert _words(document.blocks) <= found


def _words(blocks: Any) -> set[str]:
    return {word for block in blocks for word in _plain(block).split()}


def _plain(block: Block) -> str:
    texts = [block.spans, *(cell for row in block.rows for cell in row)]
    return "\n".join("".join("" if "footnote" in span.styles else span.text for span in text) for text in texts)


@pytest.mark.slow
def test_every_article_of_a_corpus_says_what_its_languages_say() -> None:
    folder = shared("corpora")
    rows = [row.split("\t") for row in shared("corpora", "reactjs.manifest.tsv").read_text("utf-8").splitlines()]
    articles: dict[str, dict[str, str]] = {}
    for name, language, path in rows:
        location = folder / path
        if location.is_file():
            text = decode(location.read_bytes(), path)[0]
            articles.setdefault(name, {})[language] = text.replace("\r\n", "\n")
    assert len(articles) > 50
    for texts in articles.values():
        says_both(exported(texts))
