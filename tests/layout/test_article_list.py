from pathlib import Path

import pytest
from rich.cells import cell_len

from relmgr_cli.layout.columns import shorten_start
from relmgr_cli.layout.language_summary import LibraryLanguages, library_languages, summarize_languages
from relmgr_cli.layout.line import plain_text
from relmgr_cli.layout.lists import article_list
from relmgr_cli.store.articles import ArticleSummary, DocumentSummary
from relmgr_cli.terminal.target import OutputTarget

MANY = tuple("en ar be bg bn de el es fa fr hi hu it".split())


def article(number: int, name: str, title: str, *languages: str, states: str = "") -> ArticleSummary:
    """Return an article; `states` has the first letter of the state of each document."""
    names = {"p": "partly", "u": "untranslated"}
    documents = tuple(
        DocumentSummary(
            language,
            None,
            "/library",
            f"{language}/{name}.md",
            f"{title} {language}",
            1,
            1,
            names.get(state, "translated"),
        )
        for language, state in zip(languages, states.ljust(len(languages)), strict=True)
    )
    return ArticleSummary(number, name, documents, 1, "layout", languages[0])


ARTICLES = (
    article(9, "docs/start", "How to begin with everything that has to be begun before it can be ended", "en", "pl"),
    article(10, "docs/reference/a/long/path/that/has/no/room/on/a/screen", "Reference", *MANY),
    article(11, "名前", "日本語の題名" * 12, "ja"),
)
LANGUAGES = library_languages(ARTICLES, ["pl"])


def lines(columns: int, *, plain: bool = False, unwrapped: bool = False, language: str = "pl") -> list[str]:
    target = OutputTarget(columns, columns, ansi=False, color=False, plain=plain, unwrapped=unwrapped)
    preferred = [language if language in each.languages else None for each in ARTICLES]
    return [plain_text(line) for line in article_list(ARTICLES, preferred, LANGUAGES, target)]


@pytest.fixture(autouse=True)
def _in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("columns", [20, 40, 59, 60, 80, 120, 300])
def test_an_article_is_one_line_that_is_not_too_wide_with_aligned_columns(columns: int) -> None:
    shown = lines(columns)
    assert len(shown) == len(ARTICLES)
    assert all(cell_len(line) <= columns for line in shown)
    if columns > 20:  # else there is no room for two columns
        starts = {
            cell_len(line[: line.index(part)]) for line, part in zip(shown, ("pl en", "no pl", "ja"), strict=True)
        }
        assert len(starts) == 1


def test_a_line_has_number_title_languages_and_path() -> None:
    assert lines(100) == [
        " 9  How to begin with everything that has to be begun bef…  pl en  /library/pl/docs/start.md",
        "10  Reference en                                            no pl  …/that/has/no/room/on/a/screen.md",
        "11  日本語の題名日本語の題名日本語の題名日本語の題名日本…   ja     /library/ja/名前.md",
    ]
    assert lines(40)[0] == " 9  How to begin with everything…  pl en"


def test_the_title_of_the_source_stands_for_a_missing_one() -> None:
    assert "Reference fr" in lines(80, language="fr")[1]
    assert "begin with" in lines(80, language="fr")[0]
    assert "/library/en/docs/start.md" in lines(80, language="fr", unwrapped=True)[0]


def test_a_program_gets_whole_titles_all_languages_and_whole_paths() -> None:
    for line, each in zip(lines(80, unwrapped=True), ARTICLES, strict=True):
        assert each.title("pl") in line
        assert " · ".join(each.languages) in line
        assert f"/{each.id}.md" in line


def test_lines_for_programs_end_with_the_languages() -> None:
    rows = [article(1, "a", "A", *MANY), article(2, "a/long/path", "A long title", "en", "pl")]
    target = OutputTarget(80, 80, ansi=False, color=False, unwrapped=True)
    assert [plain_text(line) for line in article_list(rows, ["en", "pl"], LANGUAGES, target)] == [
        "1  A en             /library/en/a.md            " + " · ".join(MANY),
        "2  A long title pl  /library/pl/a/long/path.md  en · pl",
    ]


def test_a_path_replaces_a_title_that_several_articles_have_where_paths_have_no_room() -> None:
    rows = [article(1, "html/page", "Header", "en"), article(2, "code/page", "Header", "en"), ARTICLES[2]]
    target = OutputTarget(32, 32, ansi=False, color=False)
    assert [plain_text(line) for line in article_list(rows, [None] * 3, LANGUAGES, target)] == [
        " 1  /library/en/html/page.md  en",
        " 2  /library/en/code/page.md  en",
        "11  日本語の題名日本語の題…   ja",
    ]


def test_plain_is_one_fact_a_line() -> None:
    assert (
        lines(1 << 20, plain=True, unwrapped=True)[2] == f"11 {'日本語の題名' * 12} ja (ja; layout) /library/ja/名前.md"
    )


def summaries(*articles: ArticleSummary, width: int = 20, wanted: str = "") -> list[str]:
    languages = library_languages(articles, wanted.split())
    return [summary.text for summary in summarize_languages(articles, languages, width)]


def test_few_languages_have_columns_the_readers_first() -> None:
    articles = [
        article(1, "a", "A", "en", "pl", "ru"),
        article(2, "b", "B", "en", "ru", states="tp"),
        article(3, "c", "C", "en", "pl", states="tu"),
        article(4, "d", "D", "pl"),
    ]
    assert summaries(*articles, wanted="ru") == ["ru  en pl", "ru~ en", "    en (pl)", "       pl"]
    assert summaries(*articles)[3] == "   pl"


ALL = article(1, "a", "A", *MANY)


@pytest.mark.parametrize(
    ("other", "wanted", "expected"),
    [
        (article(2, "b", "B", *MANY), "", "13 languages"),
        (article(2, "b", "B", *MANY[:10]), "", "no hi, hu, it"),
        (article(2, "b", "B", *MANY[:11]), "it hu", "no it, hu"),
        (article(2, "b", "B", *MANY, states="tuu"), "", "no ar, be"),
        (article(2, "b", "B", *MANY[:9]), "", "9 of 13"),
        (article(2, "b", "B", *MANY[:9]), "hi-IN", "9 of 13, no hi"),
        (article(2, "b", "B", *MANY[:9]), "de", "9 of 13"),
        (article(2, "b", "B", "en", "fr", "it", states="tup"), "it", "it~ en (fr)"),
        (article(2, "b", "B", "und"), "", "und"),
        (article(2, "b", "B", "sv"), "", "sv"),
    ],
)
def test_of_many_languages_an_article_says_how_many_it_has_or_which_it_lacks(
    other: ArticleSummary, wanted: str, expected: str
) -> None:
    assert summaries(ALL, other, wanted=wanted) == ["13 languages", expected]


def test_names_of_languages_without_room_are_a_number() -> None:
    long = article(1, "a", "A", *"en de fr it zh-Hans zh-Hant pt-BR".split())
    less = article(2, "b", "B", *"en de fr it".split())
    assert summaries(long, less, width=25) == ["7 languages", "en de fr it"]
    assert summaries(long, less, width=26) == ["7 languages", "no pt-BR, zh-Hans, zh-Hant"]
    most = article(2, "b", "B", *"en de fr it pt-BR".split())
    assert summaries(long, most, width=12) == ["7 languages", "5 of 7"]


def test_an_unknown_language_and_one_of_untranslated_articles_is_lacking_nowhere() -> None:
    articles = [article(1, "a", "A", "en", "pl"), article(2, "b", "B", "en", "und"), article(3, "c", "C", "sv")]
    languages = library_languages(articles, ["sv", "und"])
    assert languages == LibraryLanguages(("en", "pl"), frozenset())
    assert [each.is_complete for each in summarize_languages(articles, languages, 20)] == [True, False, False]
    assert summaries(*articles) == ["en pl", "en    und", "sv"]
    assert all(each.is_complete for each in summarize_languages(articles[2:], library_languages(articles[2:], ()), 20))


def test_plain_says_what_is_not_translated() -> None:
    target = OutputTarget(80, 80, ansi=False, color=False, plain=True)
    (line,) = article_list([article(1, "a", "A", "en", "pl", "ru", states="tup")], [None], LANGUAGES, target)
    assert plain_text(line) == "1 A en (en, pl untranslated, ru partly; layout) /library/en/a.md"


@pytest.mark.parametrize(("width", "expected"), [(9, "docs/a.md"), (8, "…cs/a.md"), (1, "…"), (0, "")])
def test_the_end_of_a_path_is_kept(width: int, expected: str) -> None:
    assert shorten_start("docs/a.md", width) == expected
