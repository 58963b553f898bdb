"""What is found in one translation, and what is not: each case is a source, a translation and the findings."""

import pytest
from support.health import article_of, check, codes

from relmgr_cli.health.check import check_article

TEXT = "The first paragraph is about bread.\n\nThe second one is about butter and jam.\n"
POLISH = "Pierwszy akapit jest o chlebie.\n\nDrugi jest o maśle i dżemie.\n"


def test_a_faithful_translation_has_no_findings() -> None:
    source = "# Bread\n\nMix 500 g of `flour` with {water}, see [yeast](yeast.md).\n\n- one\n- two\n"
    target = "# Chleb\n\nWymieszaj 500 g `flour` z {water}, zobacz [drożdże](yeast.md).\n\n- jeden\n- dwa\n"
    assert codes(source, target) == []


def test_a_missing_paragraph_is_reported_at_the_block_before_it() -> None:
    (finding,) = check("# Bread\n\n" + TEXT, "# Chleb\n\nPierwszy akapit jest o chlebie.\n")
    assert (finding.code, finding.severity, finding.line, finding.source_line) == ("missing-block", "warning", 3, 5)
    assert finding.message == "a paragraph is missing after this one: 'The second one is about butter and jam.'"


def test_a_missing_section_is_one_finding_with_all_that_is_below_it() -> None:
    oven = "## Oven\n\nIt is hot, `250` degrees.\n\n### Heat\n\nVery hot.\n\n"
    source = f"# Bread\n\n## Flour\n\n{TEXT}\n{oven}## End of `it`\n\nEat `it` now.\n"
    target = f"# Chleb\n\n## Mąka\n\n{POLISH}\n## Koniec `it`\n\nZjedz `it` teraz.\n"
    (finding,) = check(source, target)
    assert (finding.code, finding.section, finding.line, finding.source_line) == ("missing-section", "2", 7, 9)
    assert finding.message == "the section 'Oven' is missing"


def test_a_section_that_only_the_translation_has_is_reported_at_its_heading() -> None:
    source = f"## Flour\n\n{TEXT}\n## End\n\nEat it.\n"
    target = f"## Mąka\n\n{POLISH}\n## Od tłumacza\n\nSmacznego wszystkim.\n\n## Koniec\n\nZjedz go.\n"
    finding = next(each for each in check(source, target) if each.code == "extra-section")
    assert (finding.line, finding.severity) == (7, "warning")


def test_a_table_in_the_place_of_a_list_is_not_missing() -> None:
    source = "Before.\n\n| a | b |\n| - | - |\n| flour | 500 grams of it |\n\nAfter it all.\n"
    target = "Przed.\n\nSkładniki, czyli mąka, której trzeba pół kilograma.\n\nPo wszystkim.\n"
    assert "missing-block" not in codes(source, target)


def test_a_missing_item_of_a_list_is_a_shorter_list() -> None:
    source = "Take:\n\n- flour from `rye`\n- water\n- salt of the sea\n\nMix it.\n"
    (finding,) = check(source, "Weź:\n\n- mąkę z `rye`\n- wodę\n\nWymieszaj.\n")
    assert (finding.code, finding.line, finding.source_line) == ("list-length", 4, 5)


def test_a_block_of_an_item_that_is_there_is_no_item() -> None:
    source = "1. First call it.\n\n    ```sh\n    cargo add it\n    ```\n\n2. Second wait for it.\n"
    (finding,) = check(source, "1. Najpierw wywołaj.\n\n2. Potem poczekaj.\n")
    assert (finding.code, finding.line) == ("missing-block", 1)


TABLE = "| name | what |\n| --- | --- |\n| `a` | one |\n| `b` | two |\n| `c` | three |\n"


def test_a_missing_row_is_reported_at_the_row_before_it() -> None:
    target = "| nazwa | co |\n| --- | --- |\n| `a` | jeden |\n| `c` | trzy |\n"
    (finding,) = check(TABLE, target)
    assert (finding.code, finding.line, finding.source_line) == ("table-shape", 3, 4)
    assert finding.message == "the table has 3 rows, in the source 4"


def test_a_missing_column_is_reported() -> None:
    target = "| nazwa |\n| --- |\n| `a` |\n| `b` |\n| `c` |\n"
    assert "table-shape" in codes(TABLE, target)


def test_a_heading_on_another_level_is_reported() -> None:
    source = "# Bread\n\n## One\n\na\n\n## Two\n\nb\n\n## Three\n\nc\n"
    (finding,) = check(source, source.replace("## Two", "### Two"))
    assert (finding.code, finding.line) == ("heading-level", 7)
    assert finding.message == "the heading is on level 3, in the source on 2"


def test_a_heading_that_differs_from_the_others_says_which_level_fits_them() -> None:
    source = "## One\n\na\n\n### Two\n\nb\n\n## Three\n\nc\n\n## Four\n\nd\n"
    target = source.replace("## ", "# ").replace("# Three", "## Three")
    (finding,) = check(source, target)
    assert finding.message == "the heading is on level 2; level 1 would fit the other headings"


def test_headings_that_are_all_one_level_lower_are_fine() -> None:
    source = "## One\n\na\n\n### Two\n\nb\n\n## Three\n\nc\n"
    assert "heading-level" not in codes(source, source.replace("## ", "### "))


CODE = '```python\nname = "Ann"  # the name\nprint(f"Hello {name}")\nfor i in range(3):\n    count(i)\n```\n'


def test_translated_comments_and_texts_of_code_are_fine() -> None:
    target = '```python\nname = "Ania"  # imię\nprint(f"Cześć {name}")\nfor i in range(3):\n    count(i)\n```\n'
    assert codes(CODE, target) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("range(3)", "range(4)", 4), ("    count(i)\n", "", 4), ("count(i)", "cuont(i)", 5), ('name = "', 'nome = "', 2)],
)
def test_code_that_differs_is_reported_at_its_line(old: str, new: str, line: int) -> None:
    (finding,) = check(CODE, CODE.replace(old, new))
    assert (finding.code, finding.severity, finding.line) == ("code-differs", "warning", line)


def test_code_of_another_version_is_a_remark() -> None:
    source = "".join(
        f"Text {n}.\n\n```js\nold{n}.call({n});\nthird.step();\nlast.step();\n```\n\n" for n in range(30, 36)
    )
    target = source.replace("old", "fresh.object").replace("third", "completely.other")
    severities = {each.severity for each in check(source, target) if each.code == "code-differs"}
    assert severities == {"info"}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (
            '<p>Hello, {name}</p>\nlist = [{ "id": 1, "price": "$2" }]',
            '<p>Witaj, {name}!</p>\nlist = [{ "id": 1, "price": "2 zł" }]',
        ),
        ("curl -s https://x.org/docs/README.md | sort", "curl -s https://x.org/docs/README-pl.md | sort"),
        ("name: a-b\nvalue:\n  <list of packages to leave\n  out>", "name: a-b\nvalue: <pakiety do pominięcia>"),
    ],
)
def test_code_that_speaks_the_language_of_its_reader_is_fine(source: str, target: str) -> None:
    assert codes(f"```js\n{source}\n```\n", f"```js\n{target}\n```\n") == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (">>> now()\n'done'\n2022-01-21\n", ">>> now()\n'done'\n2022-01-23\n"),
        ('current_span.set_attribute("town", "Seattle")\n', 'current_span.set_attribute("moje_miasto", "Kielce")\n'),
        ("version.call(1)\nscrape(config)\n", "wersion.call(1)\nzbierz(ustawienia)\n"),
    ],
)
def test_a_result_of_another_day_and_an_adapted_example_are_remarks(source: str, target: str) -> None:
    (finding,) = check(f"```python\n{source}```\n", f"```python\n{target}```\n")
    assert (finding.code, finding.severity) == ("code-differs", "info")


def test_a_line_of_indented_code_is_reported_at_its_line() -> None:
    source = "Run it:\n\n    first --call (1)\n    second --call (2)\n\nThen eat.\n"
    (finding,) = check(source, source.replace("second", "secnd").replace("Then eat", "Potem zjedz"))
    assert (finding.code, finding.line, finding.source_line) == ("code-differs", 4, 4)


def test_a_mistake_in_inline_code_is_a_warning_and_an_omission_a_remark() -> None:
    source = "Call `foo.readlines()` and then `close`.\n"
    assert severity_of(source, "Wywołaj `foo.readlnes()`, a potem `close`.\n") == ("inline-code", "warning")
    assert severity_of(source, "Wywołaj `foo.readlines()`, a potem zamknij.\n") == ("inline-code", "info")


def severity_of(source: str, target: str) -> tuple[str, str]:
    (finding,) = check(source, target)
    return finding.code, finding.severity


def test_what_a_reader_fills_in_may_be_translated() -> None:
    assert codes("Run `cp {{path/to/file}} <your-name>`.\n", "Uruchom `cp {{ścieżka/do/pliku}} <twoja-nazwa>`.\n") == []
    assert severity_of("Run `cp -t {{8}}`.\n", "Uruchom `cp -t {{liczba}}`.\n") == ("inline-code", "info")
    assert severity_of("It is `set:<source>`.\n", "To jest `set:<źródło>`.\n") == ("inline-code", "info")
    assert severity_of("At `2011-04-06-20:32`.\n", "O `2015-04-06-15:42`.\n") == ("inline-code", "info")


def test_inline_code_is_shown_as_it_is_written() -> None:
    (finding,) = check("Start `iex -S mix` now.\n", "Uruchom teraz `ies -S mix`.\n")
    assert finding.message == "ies -S mix instead of iex -S mix"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Hello {name}, welcome back.", "Witaj {nazwa}, dobrze, że jesteś."),
        ("There are %s of them in it.", "Jest ich tam wiele."),
        ('Use {{< tip "x" >}} for it, please.', "Użyj tego, proszę."),
        ("The <Badge text='x' /> is new here.", "To jest tutaj nowe."),
        ("The {{ site.version }} is out now.", "Nowa wersja już jest."),
        ("{% include x.html %} The text follows it.", "Potem następuje tekst."),
    ],
)
def test_a_placeholder_that_is_lost_or_translated_is_reported(source: str, target: str) -> None:
    assert "placeholder" in codes(source, target)


def test_a_component_that_is_missing_is_one_finding() -> None:
    source = "Hello.\n\n<Steps>\n\nFirst call it.\n\n</Steps>\n\nThen {{% wait %}} for it.\n"
    found = check(source, "Witaj.\n\nNajpierw wywołaj.\n\nPotem poczekaj.\n")
    assert [each.message for each in found] == ["missing: <Steps>", "missing: {{< wait >}}"]


def test_a_placeholder_in_code_is_code() -> None:
    assert codes("Write `{name}` here.\n", "Wpisz tu `{name}`.\n") == []


def test_a_tag_that_is_not_closed_breaks_the_build() -> None:
    source = "<Tabs>\n\nOne.\n\n</Tabs>\n\nTwo.\n"
    finding = next(each for each in check(source, source.replace("</Tabs>", "")) if each.code == "broken-markup")
    assert (finding.severity, finding.line, finding.message) == ("error", 1, "<Tabs> is not closed")


def test_a_fence_that_is_not_closed_swallows_the_text() -> None:
    source = f"One.\n\n{CODE}\nTwo.\n"
    finding = next(each for each in check(source, source[: source.rindex("```")]) if each.severity == "error")
    assert (finding.code, finding.line) == ("broken-markup", 3)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("It costs 1,000.5 in 1999.", "Kosztuje 1 000,5 w 1999."),
        ("It costs 1,234,567 there.", "Kosztuje 1.234.567 tam."),
        ("Version 2.0 of 12,34,567.", "Wersja 2 z 1234567."),
        ("On March 4, 2026 at 2:00 PM.", "4.03.2026 o 14:00."),
        ("It has two of them.", "Ma 2 takie."),
        ("About 10 million of them.", "Około 10 000 000."),
        ("In the 1980s it was so.", "W latach 80. tak było."),
        ("Set it to 212 there.", "Ustaw tam `212`."),
        ("There are 25 of them.", "٢٥ sztuk."),
        ("Over 6 in 10, a quarter.", "6 割超、4 分の 1。"),
        ("For pre-1.0 and v1.0 both.", "Do wersji 1.0 i wcześniejszej."),
        ("Go 10 on, with `forward(10)`.", "Idź dalej: `forward(10)`."),
        ("With i18n and (a11y), on K8s.", "Z umiędzynarodowieniem i dostępnością, na Kubernetesie."),
    ],
)
def test_a_number_may_be_written_in_another_way(source: str, target: str) -> None:
    assert "number-differs" not in codes(source, target)


def test_the_date_of_a_last_line_may_be_another() -> None:
    source, target = "Text.\n\nRelease 45 of 12-Jun-2026\n", "Tekst.\n\nWersja 45 z 14-Jan-2025\n"
    assert codes(source, target) == []
    assert codes(source + "\nEnd.\n", target + "\nKoniec.\n") == ["number-differs"]
    assert codes(source, target.replace("45", "54")) == ["number-differs"]


@pytest.mark.parametrize(
    ("source", "target"),
    [("It takes 45 minutes.", "Trwa 54 minuty."), ("It takes 3 hours.", "Trwa 4 godziny."), ("In 1999.", "Dawno.")],
)
def test_another_number_is_reported(source: str, target: str) -> None:
    (finding,) = check(source, target)
    assert (finding.code, finding.severity) == ("number-differs", "warning")


def test_a_number_in_the_next_sentence_is_not_missing() -> None:
    source = "It takes 45 minutes.\n\nThen wait for it.\n"
    assert codes(source, "To trwa.\n\nPotem poczekaj 45 minut.\n") == []


def test_a_paragraph_in_the_source_language_is_reported() -> None:
    source = "# Bread\n\nThis is how you bake the bread at home.\n\nThen you eat it.\n\nIt is good.\n"
    target = "# Chleb\n\nThis is how you bake the bread at home.\n\nPotem go zjedz.\n\nJest dobry.\n"
    (finding,) = check(source, target)
    assert (finding.code, finding.line, finding.source_line) == ("untranslated", 3, 3)


def test_an_older_text_in_the_source_language_is_reported() -> None:
    source = "This is how you bake the best bread of all at home in your own kitchen.\n\nEat it.\n"
    target = "This was the way in which one baked bread at home with an old oven in it.\n\nZjedz.\n"
    assert codes(source, target) == ["untranslated"]


def test_names_and_titles_are_not_untranslated() -> None:
    source = "# Bread\n\n## GitHub Actions\n\nReact Native\n\n- [The state of the union of the web](https://x.org)\n"
    assert codes(source, source.replace("# Bread\n\n##", "# Chleb\n\n##")) == []


@pytest.mark.parametrize(
    ("heading", "severity"), [("Linux and macOS", "info"), ("Many To Many", "info"), ("How it helps", "warning")]
)
def test_a_heading_in_title_case_may_be_a_name(heading: str, severity: str) -> None:
    source, target = (f"# {bread}\n\n## {heading}\n\nOk.\n" for bread in ("Bread", "Chleb"))
    assert severity_of(source, target) == ("untranslated", severity)


def test_what_is_quoted_as_it_is_is_a_remark() -> None:
    bug = "- 6294277 - the java program crashes on an attribute that is larger than the others\n"
    message = "> Hooks can only be called inside the body of a function component.\n"
    for quoted in (bug, message):
        source, target = f"The message is:\n\n{quoted}\nEnd.\n", f"Komunikat:\n\n{quoted}\nKoniec.\n"
        assert severity_of(source, target) == ("untranslated", "info")
    video = "[How to fork a repository of the others and submit a request to it](https://x.org)"
    assert codes(f"- {video}\n", f"- {video} *(po angielsku)*\n") == []


def test_a_file_that_is_not_translated_is_one_finding() -> None:
    text = "".join(f"This is the paragraph with the number {n} of all of them.\n\n" for n in range(30, 36))
    assert codes(text, text) == ["untranslated"]


def test_an_untranslated_description_is_reported_at_its_line() -> None:
    source = "---\ntitle: Bread\ndescription: How you bake the bread at home\n---\nEat it.\n"
    (finding,) = check(source, source.replace("title: Bread", "title: Chleb").replace("Eat it", "Zjedz go"))
    assert (finding.code, finding.line) == ("untranslated", 3)


def test_a_missing_description_is_a_warning_and_another_field_a_remark() -> None:
    source = "---\ntitle: Bread\ndescription: On bread\nweight: 3\n---\nEat it.\n"
    found = check(source, "---\ntitle: Chleb\n---\nZjedz go.\n")
    assert [(each.code, each.severity, each.message) for each in found] == [
        ("front-matter", "warning", "fields of the source are missing: description"),
        ("front-matter", "info", "fields of the source are missing: weight"),
    ]


def test_front_matter_that_cannot_be_parsed_is_an_error() -> None:
    source = "---\ntitle: Bread\n---\nEat it.\n"
    finding = next(each for each in check(source, "---\ntitle: Chleb: dobry\n---\nZjedz go.\n"))
    assert (finding.code, finding.severity, finding.line) == ("invalid-front-matter", "error", 2)


def test_a_missing_image_is_reported_and_a_localized_one_is_not() -> None:
    source = "See ![oven](img/oven.en.png) and more.\n"
    assert codes(source, "Zobacz ![piec](img/oven.pl.png) i więcej.\n") == []
    assert codes(source, "Zobacz piec i więcej.\n") == ["image-differs"]


def test_a_missing_anchor_is_reported() -> None:
    source = "## One {#one}\n\nText.\n\n## Two {#two}\n\nText.\n"
    (finding,) = check(source, "## Raz {#one}\n\nTekst.\n\n## Dwa\n\nTekst.\n")
    assert (finding.code, finding.line, finding.message) == ("anchor", 5, "the anchor two of the source is missing")


def test_links_to_other_sites_are_remarks_and_languages_in_them_do_not_count() -> None:
    source = "See [it](https://en.example.org/docs/en/x) now.\n"
    assert codes(source, "Zobacz [to](https://pl.example.org/docs/pl/x/) teraz.\n") == []
    (finding,) = check(source, "Zobacz [to](https://other.example.org/y) teraz.\n")
    assert (finding.code, finding.severity) == ("link-differs", "info")


def test_links_within_the_library_are_compared_by_where_they_lead() -> None:
    source, target = "See [it](yeast.md) now.\n", "Zobacz [to](../pl/drozdze.md) teraz.\n"
    links = {"en": {"yeast.md": "yeast"}, "pl": {"../pl/drozdze.md": "yeast", "x.md": "oven"}}
    assert codes(source, target, links=links) == []
    (finding,) = check(source, "Zobacz [to](x.md) teraz.\n", links=links)
    assert (finding.code, finding.severity) == ("link-differs", "warning")
    assert finding.message == "a link leads to oven instead of yeast"


def test_another_number_beside_a_large_one_is_reported() -> None:
    source = "There are 2.5 million rows in 45 tables.\n"
    assert codes(source, "Jest 2 500 000 wierszy w 45 tabelach.\n") == []
    assert codes(source, "Jest 2 500 000 wierszy w 54 tabelach.\n") == ["number-differs"]


BREAD = "# Bread\n\nThis is how you bake the bread at home and what you need for it.\n\nEat it with butter and jam.\n"
CHLEB = "# Chleb\n\nTak piecze się chleb w domu i tego do tego potrzeba, aby się udał.\n\nZjedz go z masłem i dżemem.\n"


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("lang: pll", CHLEB, "lang: 'pll', but the text is in 'pl'"),
        ("locale: de-DE", CHLEB, "locale: 'de-DE', but the text is in 'pl'"),
        ("language: de", "# Chleb\n\nIdź.\n", "language: 'de', but the path says 'pl'"),
    ],
)
def test_front_matter_that_names_another_language_is_reported_at_its_line(field: str, text: str, message: str) -> None:
    found = check(BREAD, f"---\ntitle: Chleb\n{field}\n---\n{text}")
    (finding,) = [each for each in found if each.code == "front-matter"]
    assert (finding.line, finding.source_line, finding.message) == (3, None, message)


@pytest.mark.parametrize("field", ["lang: pl-PL", "lang: pol", "locale: pl_PL.UTF-8", "language: Polish"])
def test_front_matter_that_names_the_language_in_another_way_is_fine(field: str) -> None:
    assert codes(BREAD, f"---\n{field}\n---\n{CHLEB}") == []


def test_the_language_of_a_text_that_is_not_translated_is_not_a_second_finding() -> None:
    assert codes(BREAD, f"---\nlang: en\n---\n{BREAD}") == ["untranslated", "untranslated"]


def test_a_language_that_does_not_exist_is_reported_where_a_file_has_no_other() -> None:
    text = "---\nlang: qqq\n---\n# Ok\n\nOk.\n"
    (finding,) = check_article(article_of({"qqq": text}), texts={"qqq": text})
    assert (finding.code, finding.line) == ("front-matter", 2)
    assert finding.message == "lang: 'qqq' is no known language; the file is paired with no other"
