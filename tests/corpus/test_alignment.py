import csv
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from conftest import shared
from hypothesis import given, settings
from hypothesis import strategies as st
from support.marks import slow

from relmgr_cli.corpus.alignment import gale_church, multiway
from relmgr_cli.corpus.alignment.align import align, group_by_outline, outline_of
from relmgr_cli.corpus.alignment.doubt import blocks_in_doubt
from relmgr_cli.corpus.article import ArticleSection, TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text


def parse(text: str) -> Document:
    return parse_document(text, "/library", "a.md")


def texts_of(documents: Mapping[str, Document], units: Sequence[TranslationUnit]) -> list[tuple[str, ...]]:
    """Return for each unit the texts of its blocks, those of one language joined by a bar."""
    return [
        tuple(
            "|".join(documents[language].blocks[index].text for index in unit.blocks[language])
            for language in documents
        )
        for unit in units
    ]


def numbers_of(documents: Mapping[str, Document], sections: Sequence[ArticleSection]) -> dict[str, dict[str, str]]:
    """Return for each section's number its headings by language."""
    return {
        section.number: {
            language: documents[language].heading(documents[language].sections[index])
            for language, index in section.indexes.items()
        }
        for section in sections
    }


def assert_sound(documents: Mapping[str, Document], vectors: Mapping[str, "np.ndarray | None"] | None = None) -> None:
    """Align and assert what holds for any documents."""
    sections, units = align(documents, vectors)
    order = {section.number: place for place, section in enumerate(sections)}
    assert len(order) == len(sections)
    places = [order[unit.section] for unit in units]
    assert places == sorted(places)
    for unit in units:
        assert any(unit.blocks.values())
        blocks = {name: [documents[name].blocks[index] for index in unit.blocks[name]] for name in documents}
        headings = [[block.kind == "heading" for block in found] for found in blocks.values() if found]
        assert all(flags == [True] for flags in headings) or not any(map(any, headings))
    for language, document in documents.items():
        assert [index for unit in units for index in unit.blocks[language]] == list(range(len(document.blocks)))
        found = [section.indexes[language] for section in sections if language in section.indexes]
        assert found == list(range(len(document.sections)))


ONE = "intro\n\n# T\n\n## A\n\np\n\n- i\n"
OTHER = "wstęp\n\n# Tytuł\n\n## Dział\n\nakapit\n\n* punkt\n"


def test_sections_and_blocks_of_one_outline_are_counterparts_one_to_one() -> None:
    sections, units = align({"pl": parse(OTHER), "en": parse(ONE)})
    assert sections == (ArticleSection("0", 0, {"pl": 0, "en": 0}), ArticleSection("1", 2, {"pl": 1, "en": 1}))
    assert units == tuple(
        TranslationUnit(section, {"pl": (index,), "en": (index,)})
        for section, index in [("0", 0), ("1", 1), ("1", 2), ("1", 3)]
    )


def test_a_document_alone_is_aligned_with_itself() -> None:
    sections, units = align({"pl": parse(ONE)})
    assert len(sections) == 2
    assert [unit.blocks for unit in units] == [{"pl": (index,)} for index in range(4)]


def test_equal_outlines_need_no_vectors() -> None:
    program = (
        "import sys\n"
        "from relmgr_cli.corpus.alignment.align import align\n"
        "from relmgr_cli.corpus.document import Document\n"
        "empty = Document('', '', 'en', None, '', '', (), 0, (), ())\n"
        "align({'en': empty, 'pl': empty})\n"
        "heavy = {'numpy', *('relmgr_cli.corpus.alignment.' + name for name in ('features', 'multiway'))}\n"
        "loaded = heavy & set(sys.modules)\n"
        "sys.exit(', '.join(loaded) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(ONE.replace("## A", "### A"), id="another-level"),
        pytest.param(ONE.replace("- i", "1. i"), id="another-list"),
        pytest.param(ONE.replace("- i", "> i"), id="another-kind"),
    ],
)
def test_other_outlines_of_the_same_blocks_are_still_counterparts(changed: str) -> None:
    documents = {"pl": parse(ONE), "ru": parse(changed)}
    assert outline_of(documents["pl"]) != outline_of(documents["ru"])
    sections, units = align(documents)
    assert [section.number for section in sections] == ["0", "1"]
    assert [unit.blocks for unit in units] == [{"pl": (index,), "ru": (index,)} for index in range(4)]


ENGLISH = """\
# Price list

What the prices are made of and who sets them, explained in three short sections.

## Prices

A price is set by the seller and the buyer together, 14 days before delivery.

It may change when the market changes, but never after the contract was signed.

## Trust

Suppliers who keep their word get better terms; see `terms.pdf`.

## Conflicts

When two parties disagree, the municipality decides within 30 days, see `court.pdf`.
"""
POLISH = """\
# Cennik

Z czego składają się ceny i kto je ustala, w trzech krótkich częściach.

## Ceny

Cenę ustalają wspólnie sprzedawca i kupujący, 14 dni przed dostawą.

Może się zmienić, gdy zmienia się rynek, ale nigdy po podpisaniu umowy.

## Zaufanie

Dostawcy, którzy dotrzymują słowa, dostają lepsze warunki; zob. `terms.pdf`.

## Konflikty

Gdy dwie strony się nie zgadzają, gmina rozstrzyga w ciągu 30 dni, zob. `court.pdf`.
"""
RUSSIAN = """\
# Прайс-лист

Из чего складываются цены и кто их устанавливает, в трёх коротких разделах.

## Цены

Цену устанавливают вместе продавец и покупатель, за 14 дней до поставки.

Она может измениться, когда меняется рынок, но никогда после подписания договора.

## Доверие

Поставщики, которые держат слово, получают лучшие условия; см. `terms.pdf`.

## Конфликты

Когда стороны не согласны, муниципалитет решает в течение 30 дней, см. `court.pdf`.
"""


def without(text: str, *starts: str) -> str:
    """Return a Markdown text without the paragraphs that start so."""
    return "\n\n".join(part for part in text.split("\n\n") if not part.startswith(starts))


def test_a_section_that_one_of_three_languages_lacks_keeps_its_number_in_the_others() -> None:
    documents = {
        "en": parse(ENGLISH),
        "pl": parse(without(POLISH, "## Zaufanie", "Dostawcy")),
        "ru": parse(RUSSIAN),
    }
    sections, units = align(documents)
    assert numbers_of(documents, sections) == {
        "0": {"en": "", "pl": "", "ru": ""},
        "1": {"en": "Prices", "pl": "Ceny", "ru": "Цены"},
        "2": {"en": "Trust", "ru": "Доверие"},
        "3": {"en": "Conflicts", "pl": "Konflikty", "ru": "Конфликты"},
    }
    assert [unit.blocks["pl"] for unit in units if unit.section == "2"] == [(), ()]


def test_blocks_that_the_pivot_lacks_are_aligned_among_the_others() -> None:
    longer = without(ENGLISH, "## Trust", "Suppliers") + "\n\n## Notes\n\nOne.\n\nTwo.\n\nThree.\n\nFour."
    documents = {"en": parse(longer), "pl": parse(POLISH), "ru": parse(RUSSIAN)}
    sections, _ = align(documents)
    assert numbers_of(documents, sections)["2"] == {"pl": "Zaufanie", "ru": "Доверие"}
    assert numbers_of(documents, sections)["4"] == {"en": "Notes"}


def test_a_paragraph_that_was_split_is_in_one_bead_with_both_parts() -> None:
    documents = {"en": parse(ENGLISH), "pl": parse(POLISH.replace("dostawą.\n\nMoże", "dostawą. Może"))}
    assert TranslationUnit("1", {"en": (2, 3), "pl": (2,)}) in align(documents)[1]


def test_a_split_in_one_language_joins_the_blocks_of_all() -> None:
    documents = {
        "en": parse(ENGLISH),
        "ru": parse(RUSSIAN),
        "pl": parse(POLISH.replace("dostawą.\n\nMoże", "dostawą. Może")),
    }
    assert TranslationUnit("1", {"en": (2, 3), "ru": (2, 3), "pl": (2,)}) in align(documents)[1]


def test_a_heading_between_the_parts_of_a_split_keeps_them_apart() -> None:
    documents = {
        "en": parse(ENGLISH),
        "pl": parse(POLISH.replace("dostawą.\n\nMoże", "dostawą. Może")),
        "ru": parse(RUSSIAN.replace("Она может", "### Изменения\n\nОна может")),
    }
    sections, _ = align(documents)
    assert numbers_of(documents, sections)["1.1"] == {"ru": "Изменения"}
    assert_sound(documents)


def test_a_level_that_differs_throughout_counts_as_the_same() -> None:
    deeper = parse(without(POLISH, "Może").replace("## ", "### "))
    documents = {"en": parse(ENGLISH), "pl": deeper}
    sections, _ = align(documents)
    assert [(section.number, section.level, len(section.indexes)) for section in sections] == [
        ("0", 0, 2),
        ("1", 2, 2),
        ("2", 2, 2),
        ("3", 2, 2),
    ]


def test_a_section_of_a_deeper_outline_is_numbered_as_the_longest_document_would() -> None:
    added = POLISH.replace("## ", "### ").replace("### Konflikty", "### Kary\n\nKara za zwłokę.\n\n### Konflikty")
    longer = parse(ENGLISH + "\n\nA.\n\nB.\n\nC.\n\nD.\n")
    sections, _ = align({"en": longer, "pl": parse(added)})
    assert [(section.number, section.level, len(section.indexes)) for section in sections][3:] == [
        ("3", 2, 1),
        ("4", 2, 2),
    ]


def test_a_title_that_is_a_heading_in_another_language_is_in_section_zero() -> None:
    documents = {"en": parse(ENGLISH), "pl": parse(POLISH + "\n# Dodatek\n\nKoniec.\n")}
    assert documents["pl"].blocks[0].kind == "heading"
    sections, units = align(documents)
    assert numbers_of(documents, sections)["0"] == {"en": "", "pl": "Cennik"}
    assert numbers_of(documents, sections)["1"] == {"en": "Prices", "pl": "Ceny"}
    assert [unit.section for unit in units][:3] == ["0", "0", "1"]


def test_text_stays_before_a_section_that_only_another_language_has() -> None:
    note = "Uwaga tłumacza: w oryginale jest inaczej, bo prawo się zmieniło, zob. `ustawa.pdf`, art. 77."
    documents = {
        "en": parse(ENGLISH),
        "pl": parse(without(POLISH, "## Zaufanie").replace("Dostawcy", f"{note}\n\nDostawcy")),
    }
    sections, units = align(documents)
    place = [block.text[:5] for block in documents["pl"].blocks].index("Uwaga")
    at = next(unit for unit in units if place in unit.blocks["pl"])
    assert at.section == "1"
    assert [section.number for section in sections] == ["0", "1", "2", "3"]


def test_numbers_code_and_names_decide_which_of_many_similar_blocks_is_missing() -> None:
    lines = [f"- Krok {n}: uruchom `run-{n}` i poczekaj." for n in range(1, 9)]
    others = [f"- Шаг {n}: запустите `run-{n}` и подождите." for n in range(1, 9) if n not in (2, 5)]
    _, units = align({"pl": parse("\n".join(lines)), "ru": parse("\n".join(others))})
    assert [unit.blocks["pl"] for unit in units if not unit.blocks["ru"]] == [(1,), (4,)]


def test_vectors_decide_which_of_many_similar_blocks_is_missing() -> None:
    documents = {"pl": parse("- kot\n- pies\n- dom\n- las"), "ru": parse("- кот\n- дом\n- лес")}
    basis = np.eye(512, dtype=np.float32)
    vectors = {"pl": basis[[0, 1, 2, 3]], "ru": basis[[0, 2, 3]]}
    _, units = align(documents, vectors)
    assert texts_of(documents, units) == [("kot", "кот"), ("pies", ""), ("dom", "дом"), ("las", "лес")]


def test_a_language_without_vectors_is_aligned_without_them() -> None:
    documents = {"en": parse(ENGLISH), "pl": parse(without(POLISH, "Może")), "ru": parse(without(RUSSIAN, "Она"))}
    known = np.ones((len(documents["en"].blocks), 512), np.float32)
    assert align(documents, {"en": known, "pl": None}) == align(documents)


def test_blocks_without_text_have_no_meaning() -> None:
    documents = {"en": parse("a b c\n\n---\n\nd e f\n\n---"), "pl": parse("a b c\n\n---\n\nd e f")}
    vectors = {name: np.zeros((len(document.blocks), 512), np.float32) for name, document in documents.items()}
    assert align(documents, vectors) == align(documents)


@pytest.mark.parametrize("empty", ["", "# Title only\n"])
def test_an_empty_document_has_no_counterparts(empty: str) -> None:
    documents = {"en": parse(ENGLISH), "pl": parse(empty), "ru": parse(RUSSIAN)}
    assert_sound(documents)


@pytest.mark.slow
def test_in_a_long_document_only_a_band_is_searched() -> None:
    words = [f"wort{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(300)]
    texts = [f"Im Abschnitt {n} steht {word} und nichts weiter." for n, word in enumerate(words)]
    left = [n for n in range(300) if n % 7 and not 100 < n < 140]
    documents = {
        "de": parse("\n\n".join(texts)),
        "pl": parse("\n\n".join(f"W rozdziale {n} jest {words[n]} i nic więcej." for n in left)),
    }
    _, units = align(documents)
    assert [unit.blocks["de"] for unit in units if unit.blocks["pl"]] == [(n,) for n in left]


def test_a_band_has_no_gaps_and_reaches_both_corners() -> None:
    for rows, columns in [(3, 20_000), (20_000, 3), (200, 90_000), (1000, 1000)]:
        band = gale_church.find_band(rows, columns, [{} for _ in range(rows)])
        assert len(band) == rows + 1
        assert band[0][0] == 0
        assert band[-1][1] == columns
        for (low, high), (next_low, next_high) in pairwise(band):
            assert low <= next_low <= high <= next_high


PARTS = [
    "# Heading",
    "## Części",
    "### Разделы",
    "Some words with `code`.",
    "Два слова и число 14.",
    "- punkt\n- drugi",
    "1. krok",
    "> ## cytat",
    "> quote",
    "---",
    "```py\nx = 1\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "<div>html</div>",
    "term\n: definition",
    "note[^1]\n\n[^1]: footnote",
    "日本語の段落です。Kubernetes",
]


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(PARTS), max_size=25), min_size=1, max_size=4),
    st.booleans(),
)
def test_every_block_is_in_one_bead_whatever_the_documents(parts: list[list[str]], known: bool) -> None:
    documents = {f"x{index}": parse("\n\n".join(part)) for index, part in enumerate(parts)}
    chosen = np.random.default_rng(len(parts))
    vectors = {}
    for name, document in documents.items():
        found = chosen.normal(size=(len(document.blocks), 512)).astype(np.float32)
        vectors[name] = found / np.linalg.norm(found, axis=1, keepdims=True)
    assert_sound(documents, vectors if known else None)


@pytest.mark.slow
@settings(deadline=None)
@given(st.data())
def test_every_block_is_in_one_bead_however_translations_were_damaged(data: st.DataObject) -> None:
    documents = {}
    for name, text in [("en", ENGLISH), ("pl", POLISH), ("ru", RUSSIAN)]:
        damaged: list[str] = []
        for part in text.split("\n\n"):
            what = data.draw(st.sampled_from(["keep", "keep", "keep", "delete", "merge", "double", "insert"]))
            if what == "merge" and damaged:
                damaged[-1] += " " + part
            elif what != "delete":
                damaged += [part, part] if what == "double" else [part]
            if what == "insert":
                damaged.append(data.draw(st.sampled_from(PARTS)))
        documents[name] = parse("\n\n".join(damaged))
    assert_sound(documents)


@pytest.mark.slow
@pytest.mark.parametrize("source", ["kubernetes", *slow("misc")])
def test_headings_of_real_translations_find_each_other(source: str) -> None:
    corpora = shared("corpora")
    articles: dict[str, dict[str, Document]] = {}
    with (corpora / f"{source}.manifest.tsv").open(encoding="utf-8", newline="") as file:
        for article, language, path in csv.reader(file, delimiter="\t"):
            text, _ = read_text(str(corpora), path)
            articles.setdefault(article, {})[language] = parse_document(text, str(corpora), path)
    found = {article: align(documents)[1] for article, documents in articles.items()}
    compared = 0
    with (corpora / f"{source}.headings.full.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            documents = articles[row["article_id"]]
            line_of = {name: int(row[f"{name}_line"]) for name in documents}
            at = [
                {name: [documents[name].blocks[index].line for index in unit.blocks[name]] for name in documents}
                for unit in found[row["article_id"]]
            ]
            wanted = {name: [line] for name, line in line_of.items()}
            if any(block.line == line_of["pl"] for block in documents["pl"].blocks):  # else it is the title
                assert wanted in at, row
                compared += 1
    assert compared > 30


LISTS = {
    "en": "- one `a`\n- two `b`\n- three `c`\n- four `d`",
    "pl": "- raz `a`\n- trzy `c`\n- cztery `d`",
    "ru": "- раз `a`\n- два `b`\n- четыре `d`",
    "uk": "- один `a`\n- два `b`\n- чотири `d`",
}


def test_documents_with_the_same_outline_are_aligned_alike_unless_their_code_is_elsewhere() -> None:
    documents = {language: parse(text) for language, text in LISTS.items()}
    assert outline_of(documents["pl"]) == outline_of(documents["ru"])
    assert group_by_outline(documents) == {"en": "en", "pl": "pl", "ru": "ru", "uk": "ru"}
    assert group_by_outline(documents, ["uk"]) == {"en": "en", "pl": "pl", "ru": "uk", "uk": "uk"}
    _, units = align(documents)
    assert texts_of(documents, units) == [
        ("one a", "raz a", "раз a", "один a"),
        ("two b", "", "два b", "два b"),
        ("three c", "trzy c", "", ""),
        ("four d", "cztery d", "четыре d", "чотири d"),
    ]


def test_only_one_document_of_an_outline_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def counted(source: Sequence[object], target: Sequence[object], vectors: object = None) -> object:
        compared.append(len(target))
        return plain(source, target, vectors)

    plain: Any = gale_church.align_blocks
    monkeypatch.setattr(multiway, "align_blocks", counted)
    documents = {f"x{n}": parse(POLISH) for n in range(9)} | {"en": parse(ENGLISH + "\n\nMore.\n")}
    align(documents)
    assert compared == [len(documents["x0"].blocks)]


def test_what_one_language_lacks_is_in_doubt_with_what_is_next_to_it() -> None:
    lines = [f"- {word}" for word in ("one", "two", "three", "four", "five", "six")]
    documents = {"en": parse("\n".join(lines)), "pl": parse("\n".join(lines[:2] + lines[3:])), "fa": parse(lines[0])}
    units = align(documents)[1]
    missing = next(place for place, unit in enumerate(units) if not unit.blocks["pl"])
    found = blocks_in_doubt(documents, units, ["en", "pl"])
    assert found["en"] == [missing - 1, missing, missing + 1]
    assert found["pl"] == [missing - 1, missing]
    assert "fa" not in found
    assert blocks_in_doubt(documents, units, ["fa"]) == {}


def test_documents_of_other_structure_without_gaps_leave_no_doubt() -> None:
    documents = {"pl": parse(ONE), "ru": parse(ONE.replace("- i", "1. i"))}
    assert blocks_in_doubt(documents, align(documents)[1], ["pl", "ru"]) == {}


def test_the_pivot_is_a_language_of_the_encoder_if_that_is_long_enough() -> None:
    assert multiway.find_pivot({"el": 100, "en": 90, "pl": 80}, []) == "el"
    assert multiway.find_pivot({"el": 100, "en": 90, "pl": 80}, ["en", "pl"]) == "en"
    assert multiway.find_pivot({"el": 100, "en": 50}, ["en"]) == "el"


def test_a_narrow_band_is_computed_again_where_the_best_path_leaves_it() -> None:
    added = [f"Vorab steht hier Satz {n} mit vielen Worten." for n in range(60)]
    common = [f"In Absatz {n} kommt `name{n}` vor." for n in range(60)]
    documents = {
        "de": parse("\n\n".join([*added, *common])),
        "pl": parse("\n\n".join(f"W akapicie {n} jest `name{n}`." for n in range(60))),
    }
    _, units = align(documents)
    assert [unit.blocks["de"] for unit in units if unit.blocks["pl"]] == [(60 + n,) for n in range(60)]
