"""The rules of a library, from the files in and above its folders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from relmgr_cli.corpus.files import scan
from relmgr_cli.corpus.library_rules import find_root_rules, library_rules
from relmgr_cli.corpus.rules import NO_RULES, LibraryRules
from relmgr_cli.store.codec import pack_rules, unpack_rules

Write = Callable[[str, str], Path]


def rules_of(*roots: Path) -> LibraryRules:
    """Return the rules of a library; they survive being stored."""
    site_files: list[str] = []
    found = [find_root_rules(root) for root in roots]
    for root in roots:
        list(scan(root, [], site_files=site_files))
    rules = library_rules(found, site_files)
    assert unpack_rules(pack_rules(rules)) == rules
    return rules


@pytest.fixture
def work(tmp_path: Path, write: Write) -> Path:
    """Return the top of a git work tree."""
    write("work/.git/HEAD", "ref: refs/heads/main\n")
    return tmp_path / "work"


def source(rules: LibraryRules, *paths: Path) -> tuple[str, str] | None:
    found = rules.source_of([str(path) for path in paths])
    return (found.language, Path(found.reason).name) if found else None


def test_without_configuration_there_are_no_rules(tmp_path: Path) -> None:
    assert rules_of(tmp_path) is NO_RULES


def test_the_site_above_a_folder_is_found_up_to_the_top_of_the_work_tree(write: Write, work: Path) -> None:
    docs = write("work/site/docs/pl/a.md", "").parent.parent
    write("mkdocs.yml", "theme: {language: fr}\n")  # above the work tree
    assert rules_of(docs) is NO_RULES
    write("work/mkdocs.yml", "theme: {language: en}\n")
    assert source(rules_of(docs), docs / "pl/a.md", docs / "en/a.md") == ("en", "mkdocs.yml")
    write("work/site/mkdocs.yml", "theme: {language: pl}\n")
    assert source(rules_of(docs), docs / "pl/a.md", docs / "en/a.md") == ("pl", "mkdocs.yml")
    assert str(work / "site") in find_root_rules(docs).watched  # where a file may appear


def test_each_site_of_a_repository_has_its_own_source(write: Write, work: Path) -> None:
    write("work/one/_config.yml", "lang: pl\n")
    write("work/two/docusaurus.config.js", "module.exports = {i18n: {defaultLocale: 'ru'}}")
    write("work/two/en/mkdocs.yml", "theme: {language: en}\n")
    rules = rules_of(work)
    assert source(rules, work / "one/a.md", work / "one/en/a.md") == ("pl", "_config.yml")
    assert source(rules, work / "two/en/a.md", work / "two/pl/a.md") == ("ru", "docusaurus.config.js")
    assert source(rules, work / "two/en/a.md", work / "two/en/b.md") == ("en", "mkdocs.yml")
    assert source(rules, work / "one/a.md", work / "two/a.md") is None
    assert source(rules, work / "README.md") is None


def test_relmgr_toml_comes_before_the_site(write: Write, work: Path) -> None:
    write("work/docs/_config.yml", "lang: pl\n")
    write("work/relmgr.toml", "source = 'Russian'\nlanguages = {cn = 'zh-TW', 'docs/old' = 'en'}\n")
    rules = rules_of(work)
    assert source(rules, work / "docs/a.md") == ("ru", "relmgr.toml")
    assert rules.codes == {"cn": "zh-TW"}
    assert rules.folder_language(str(work / "docs/old/x/a.md")) == "en"
    assert rules.folder_language(str(work / "docs/older/a.md")) == ""


def test_folders_and_files_are_named_as_the_documents_are(tmp_path: Path, write: Write, work: Path) -> None:
    toml = "source = 'en'\nlanguages = {'docs/english' = 'en'}\n[[pairs]]\njoin = ['docs/a.md', 'docs/b.md']\n"
    (work / "relmgr.toml").write_text(f"{toml}[[pairs]]\npart = 'docs/c.md'\n")
    docs = write("work/docs/a.md", "").parent
    (tmp_path / "link").symlink_to("work/docs")
    for root in (docs, tmp_path / "link"):
        rules = rules_of(root)
        assert rules.joined == ((str(root / "a.md"), str(root / "b.md")),)
        assert rules.parted == (str(root / "c.md"),)
        assert rules.folder_language(str(root / "english/a.md")) == "en"
        assert source(rules, root / "a.md", root / "pl/a.md") == ("en", "relmgr.toml")


def test_several_folders_have_the_rules_of_each(write: Write, work: Path) -> None:
    one, two = write("work/one/a.md", "").parent, write("work/two/a.md", "").parent
    (work / "hugo.toml").write_text("defaultContentLanguage = 'pl'\n[languages.pl]\ncontentDir = 'one'\n")
    write("work/two/relmgr.toml", "languages = {x = 'ru'}\n")
    rules = rules_of(one, two)
    assert source(rules, one / "a.md", two / "a.md") == ("pl", "hugo.toml")
    assert (rules.folder_language(str(one / "a.md")), rules.codes) == ("pl", {"x": "ru"})


def test_excluded_folders_are_not_read(tmp_path: Path, write: Write) -> None:
    for name in ("a.md", "old/a.md", "pl/old/b.md", "pl/x.draft.md", "pl/x.md"):
        write(name, "text")
    write("relmgr.toml", "exclude = ['old/', '*.draft.md', '!pl/old/']\n")

    def found(root: Path) -> list[str]:
        return [file.path for file in scan(root, [], excluded=find_root_rules(root).exclusion())]

    assert found(tmp_path) == ["a.md", "pl/old/b.md", "pl/x.md"]
    assert found(tmp_path / "pl") == ["old/b.md", "x.md"]
    assert found(tmp_path / "old") == ["a.md"]  # named, although it is excluded
