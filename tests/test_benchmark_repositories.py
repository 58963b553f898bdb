"""What counts as right and wrong in `python -m benchmarks repositories`."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

ROOT = Path(__file__).parents[1]

if TYPE_CHECKING:
    from benchmarks.repositories import Found
    from benchmarks.support.repositories import Repository, Truth

ROW = {
    "repository": "owner/name",
    "layout": "",
    "keep": r"^docs/",
    "source": "en",
    "codes": {"br": "pt-BR"},
    "rules": [
        {"path": r"^docs/mixed/", "several": True},
        {"path": r"^docs/(?P<lang>[a-z]{2})/(?P<key>.+)$"},
        {"path": r"^docs/(?P<key>.+)$", "language": "en"},
    ],
}
ENGLISH = "# A title\n\nThe first sentence is here.\n\nThe second sentence follows it.\n"
POLISH = "# Tytuł\n\nTo jest pierwsze zdanie tekstu.\n\nDrugie zdanie jest zaraz po nim.\n"


@pytest.fixture(autouse=True)
def _benchmarks_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT)])


def repository(folder: Path, files: Mapping[str, str], row: Mapping[str, Any] = ROW) -> "Repository":
    from benchmarks.support.repositories import Repository

    for name, text in files.items():
        path = folder / "owner+name" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Repository("example", row, folder)


def listing(**documents: tuple[int, str]) -> "dict[str, Found]":
    from benchmarks.repositories import Found

    return {
        path: Found(article, f"id-{article}", language, "en", "", "layout")
        for path, (article, language) in documents.items()
    }


def truths(**documents: tuple[str, str]) -> "dict[str, Truth]":
    from benchmarks.support.repositories import Truth

    return {path: Truth(article, language, "en") for path, (article, language) in documents.items()}


def test_the_first_rule_that_matches_names_article_and_language(tmp_path: Path) -> None:
    files = {"docs/x.md": ENGLISH, "docs/br/x.md": POLISH, "docs/mixed/x.md": ENGLISH, "other.md": ENGLISH}
    truth = repository(tmp_path, files).truth
    assert {path: (one.article, one.language) for path, one in truth.items()} == {
        "docs/x.md": ("x.md", "en"),
        "docs/br/x.md": ("x.md", "pt-BR"),
        "docs/mixed/x.md": ("alone docs/mixed/x.md", None),
        "other.md": ("alone other.md", None),
    }


def test_a_copy_has_half_of_the_prose_of_its_original(tmp_path: Path) -> None:
    half = ENGLISH.replace("The second sentence follows it.", "Drugie zdanie jest zaraz po nim.")
    files = {"docs/x.md": ENGLISH, "docs/pl/x.md": POLISH, "docs/de/x.md": ENGLISH, "docs/cs/x.md": half}
    truth = repository(tmp_path, files).truth
    assert {path for path, one in truth.items() if one.is_copy} == {"docs/de/x.md", "docs/cs/x.md"}


def test_without_an_original_a_copy_is_what_three_languages_share(tmp_path: Path) -> None:
    files = {f"docs/{code}/x.md": ENGLISH for code in ("cs", "de", "fr")} | {"docs/pl/x.md": POLISH}
    truth = repository(tmp_path, files, {**ROW, "source": ""}).truth
    assert [path for path, one in truth.items() if not one.is_copy] == ["docs/pl/x.md"]


def test_a_key_of_the_header_can_name_the_article(tmp_path: Path) -> None:
    rules = [{"path": "^docs/(?P<lang>[a-z]{2})/", "front_matter": "permalink"}]
    files = {"docs/en/a.md": f"---\npermalink: 'x/y'\n---\n{ENGLISH}", "docs/pl/b.md": "---\npermalink: x/y\n---\n"}
    truth = repository(tmp_path, files, {**ROW, "rules": rules}).truth
    assert {one.article for one in truth.values()} == {"x/y"}


def test_documents_in_one_language_are_no_pair() -> None:
    from benchmarks.repositories import found_pairs, true_pairs

    truth = truths(a=("x", "en"), b=("x", "pl"), copy=("x", "en"), other=("y", "pl"))
    assert true_pairs(truth) == {("a", "b"), ("b", "copy")}
    found = listing(a=(1, "en"), copy=(1, "en"), b=(2, "pl"), other=(2, "pl"))
    assert found_pairs(truth, found) == {("b", "other")}


def test_a_variant_may_be_spelled_in_another_way_but_not_be_another() -> None:
    from benchmarks.repositories import wrong_languages

    truth = truths(a=("x", "pt-BR"), b=("x", "zh-TW"), c=("x", "nb"), d=("x", "de"), e=("x", "zh-CN"), f=("x", "es-ES"))
    found = listing(a=(1, "pt"), b=(1, "zh-Hant"), c=(1, "no"), d=(1, "nl"), e=(1, "zh-TW"), f=(1, "es-MX"))
    assert wrong_languages(truth, found) == ["d", "e", "f"]


def test_two_variants_in_one_article_must_differ() -> None:
    from benchmarks.repositories import wrong_languages

    truth = truths(a=("x", "pt-BR"), b=("x", "pt"), c=("y", "pt-BR"))
    assert wrong_languages(truth, listing(a=(1, "pt"), b=(1, "pt"), c=(2, "pt"))) == ["a"]
    assert wrong_languages(truth, listing(a=(1, "pt-BR"), b=(1, "pt"), c=(2, "pt"))) == []


def test_no_language_is_right_only_for_a_document_without_translations() -> None:
    from benchmarks.repositories import wrong_languages

    truth = truths(a=("x", "en"), b=("x", "pl"), c=("y", "en"))
    assert wrong_languages(truth, listing(a=(1, "und"), b=(1, "pl"), c=(2, "und"))) == ["a"]


@pytest.mark.parametrize(
    ("name", "path", "is_part"),
    [
        ("docs/concepts/sampling", "content/pl/docs/concepts/sampling.md", True),
        ("sampling", "docs/pl/concepts/Sampling.md", True),
        ("concepts/docs", "docs/concepts/x.md", False),
        ("co-to-jest", "docs/pl/sampling.md", False),
    ],
)
def test_an_id_is_made_of_parts_of_a_path(name: str, path: str, is_part: bool) -> None:
    from benchmarks.repositories import _is_part

    assert _is_part(name, path) is is_part


def test_a_repository_that_is_missing_is_skipped_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks.repositories import main

    assert main(["pinia", "--folder", str(tmp_path)]) == 0
    reason = r"\npinia +skipped: .*vuejs\+pinia is missing; clone vuejs/pinia"
    assert re.search(reason, capsys.readouterr().out)
    assert main(["pinia", "--folder", str(tmp_path), "--clones", str(tmp_path)]) == 0
    assert "no clone of vuejs/pinia in " in capsys.readouterr().out
    assert main(["nonesuch"]) == 2


def test_the_kept_files_of_a_clone_are_unpacked(tmp_path: Path) -> None:
    clone = tmp_path / "clones/owner+name"
    one = repository(tmp_path / "clones", {"docs/x.md": ENGLISH, "docs/x.png": "", "y.md": "", "mkdocs.yml": "a: b\n"})
    git = ["git", "-C", str(clone), "-c", "user.name=n", "-c", "user.email=e@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], check=True)
    target = repository(tmp_path / "library", {})
    assert target.unpack(tmp_path / "clones") == ""
    unpacked = {path.relative_to(target.folder).as_posix() for path in target.folder.rglob("*") if path.is_file()}
    assert unpacked == {"docs/x.md", "mkdocs.yml"}
    assert (target.folder / "docs/x.md").read_text("utf-8") == (one.folder / "docs/x.md").read_text("utf-8")


def test_titles_are_changed_in_the_header_and_in_the_first_heading() -> None:
    from benchmarks.repositories import _with_other_titles

    text = '---\ntitle: "Ein Titel"\nid: x\n---\n\n# Ein Titel\n\nText\n\n# Noch einer\n'
    assert _with_other_titles(text) == (
        '---\ntitle: "Volume 2 Ein Titel"\nid: x\n---\n\n# Volume 2 Ein Titel\n\nText\n\n# Noch einer\n'
    )
