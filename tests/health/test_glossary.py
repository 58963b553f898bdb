"""The glossary of relmgr.toml: how it is read, and what does not follow it."""

from pathlib import Path

import pytest

from relmgr_cli.corpus.article import Article, TranslationUnit
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.errors import SettingError
from relmgr_cli.health.glossary import Entry, Glossary, glossary_findings, read_glossary
from relmgr_cli.project import read_project

GLOSSARY = Glossary(
    (
        Entry({"": ("deployment",), "pl": ("wdrożenie",), "uk": ("розгортання",), "ja": ("デプロイ",)}),
        Entry({"en": ("service account",), "pl": ("konto usługi", "konto serwisowe")}),
        Entry({"en": ("account",), "pl": ("rachunek",)}),
    )
)


def article(source: str, target: str, *, language: str = "pl") -> Article:
    """Return an article of an English and another text; their paragraphs translate each other."""
    documents = {
        tag: parse_document(text + "\n", "/library", f"{tag}/a.md")
        for tag, text in (("en", source), (language, target))
    }
    count = len(documents["en"].blocks)
    assert len(documents[language].blocks) == count
    units = tuple(TranslationUnit("0", {"en": (at,), language: (at,)}) for at in range(count))
    return Article("a", documents, (), units, None, "layout", "en")


def violations(source: str, target: str, *, language: str = "pl") -> list[tuple[int, str]]:
    """Return the blocks and terms that do not follow the glossary."""
    found = glossary_findings(article(source, target, language=language), GLOSSARY)
    assert all(each.language == language for each in found)
    return [(each.block, each.term) for each in found]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("A deployment is new.", "Wdrożenie jest nowe."),
        ("All deployments are new.", "Wszystkie wdrożenia są nowe."),
        ("Many deployments.", "Wiele wdrożeń."),
        ("Use a service account.", "Użyj konta usługi."),
        ("Use a service account.", "Użyj kont serwisowych."),
        ("Use an account.", "Użyj rachunku."),
        ("Run `deployment` now.", "Uruchom `deployment` teraz."),
        ("Nothing of it.", "Nic z tego."),
        ("A deployment.", "A deployment."),
    ],
)
def test_an_accepted_translation_in_any_form_is_no_finding(source: str, target: str) -> None:
    assert violations(source, target) == []


def test_another_translation_is_a_finding_with_both_blocks_and_what_is_accepted() -> None:
    source = "Nothing.\n\nThe deployments use a service account.\n\nA deployment."
    target = "Nic.\n\nInstalacje używają konta użytkownika.\n\nWdrożenie."
    first, second = glossary_findings(article(source, target), GLOSSARY)
    assert first == ("pl", 1, 1, "deployment", ("wdrożenie",))
    assert second == ("pl", 1, 1, "service account", ("konto usługi", "konto serwisowe"))


def test_the_longest_term_counts() -> None:
    assert violations("A service account.", "Konto usługi.") == []
    assert violations("A service, an account.", "Usługa i konto.") == [(0, "account")]


def test_a_term_in_code_is_not_translated() -> None:
    assert violations("The deployment `x` runs.", "Kod `wdrożenie` działa.") == [(0, "deployment")]


def test_a_term_in_a_name_is_not_translated() -> None:
    assert violations("Use Cloud Deployment for it.", "Użyj do tego Cloud Deployment.") == []
    assert violations("## Cloud Deployment", "## Instalacja w chmurze") == [(0, "deployment")]


def test_forms_are_recognized_without_a_stemmer() -> None:
    assert violations("A deployment is new.", "Нове розгортанням.", language="uk") == []
    assert violations("A deployment is new.", "Нове встановлення.", language="uk") == [(0, "deployment")]


def test_a_script_without_spaces_is_compared_letter_by_letter() -> None:
    assert violations("A deployment is new.", "新しいデプロイです。", language="ja") == []
    assert violations("A deployment is new.", "新しい配備です。", language="ja") == [(0, "deployment")]


def test_a_language_that_the_glossary_lacks_has_no_findings() -> None:
    assert violations("A deployment is new.", "Eine Bereitstellung ist neu.", language="de") == []


def written(folder: Path, toml: str, table: str = "") -> tuple[Entry, ...]:
    (folder / "relmgr.toml").write_text(toml, encoding="utf-8")
    if table:
        (folder / "glossary.tsv").write_text(table, encoding="utf-8")
    return read_glossary(read_project(str(folder / "relmgr.toml"))).entries


def test_the_table_of_relmgr_toml_has_one_or_several_translations(tmp_path: Path) -> None:
    toml = '[terms.pl]\ndeployment = "wdrożenie"\n"service account" = ["konto usługi", "konto serwisowe"]\n'
    assert written(tmp_path, toml) == (
        Entry({"": ("deployment",), "pl": ("wdrożenie",)}),
        Entry({"": ("service account",), "pl": ("konto usługi", "konto serwisowe")}),
    )
    assert written(tmp_path, "") == ()


def test_a_file_has_a_column_for_each_language(tmp_path: Path) -> None:
    table = "en\tpl\tpt_BR\ndeployment\twdrożenie | instalacja\timplantação\n\nservice account\tkonto usługi\n"
    assert written(tmp_path, '[terms]\nglossary = "glossary.tsv"\n', table) == (
        Entry({"en": ("deployment",), "pl": ("wdrożenie", "instalacja"), "pt-BR": ("implantação",)}),
        Entry({"en": ("service account",), "pl": ("konto usługi",)}),
    )


@pytest.mark.parametrize(
    ("toml", "table", "reason"),
    [
        ('[terms]\nglossary = "../glossary.tsv"\n', "", "is not inside the folder"),
        ('[terms]\nglossary = "gone.tsv"\n', "", "No such file"),
        ('[terms]\nglossary = "glossary.tsv"\n', "deployment\twdrożenie\n", "the first line must name languages"),
        ('[terms]\nglossary = "glossary.tsv"\n', "en\n", "the first line must name languages"),
        ("[terms.pl]\ndeployment = 3\n", "", "terms.pl.deployment must be a translation or a list of translations"),
        ('[terms]\npl = "wdrożenie"\n', "", "terms.pl must be a table"),
        ('terms = "glossary.tsv"\n', "", "terms must be a table"),
    ],
)
def test_a_glossary_that_cannot_be_used_is_refused(tmp_path: Path, toml: str, table: str, reason: str) -> None:
    with pytest.raises(SettingError, match=reason):
        written(tmp_path, toml, table)


def test_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "secret.tsv").write_text("en\tpl\na\tb\n")
    (tmp_path / "library" / "glossary.tsv").symlink_to(tmp_path / "secret.tsv")
    with pytest.raises(SettingError):
        written(tmp_path / "library", '[terms]\nglossary = "glossary.tsv"\n')
