"""What has changed in the sources of a library since they were translated, by their history in git."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.git import GitRepository
from support.translated_repository import CHANGED, ENGLISH, GERMAN, POLISH, translated_repository

from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.core.translation_diff import LibraryDiff, library_diff
from relmgr_cli.errors import RevisionError
from relmgr_cli.store.articles import list_articles

SOURCE, TRANSLATION = "docs/en/passwords.md", "docs/pl/passwords.md"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return translated_repository(tmp_path / "work")


def opened(repository: GitRepository) -> Library:
    return open_library([repository.folder], repository.folder.parent / "cache", QuietReporter())


def diff_of(
    repository: GitRepository, language: str = "pl", *, sections: Sequence[str] = (), since: str = ""
) -> LibraryDiff:
    library = opened(repository)
    articles = {each.id: each.number for each in list_articles(library.database)}
    try:
        return library_diff(library, language, articles, sections, since)
    finally:
        library.database.close()


def texts(diff: LibraryDiff) -> list[tuple[str, str, str, str]]:
    """Return section, old and new text of each change, and that of the translation, each only as its first line."""
    return [
        (
            change.section,
            change.old.text if change.old else "",
            change.new.text if change.new else "",
            " + ".join(block.text for block in change.targets),
        )
        for article in diff.articles
        for change in article.changes
    ]


OLD_TEXT = "Use the library passlib to hash all of the passwords, because it knows many algorithms."
NEW_TEXT = OLD_TEXT.replace("passlib", "pwdlib")
TARGET = "Do haszowania wszystkich haseł użyj biblioteki passlib, ponieważ zna wiele algorytmów."


def test_a_change_of_the_source_is_beside_its_translation_with_the_commit(repository: GitRepository) -> None:
    diff = diff_of(repository)
    assert texts(diff) == [("1", OLD_TEXT, NEW_TEXT, TARGET)]
    ((article,),) = (diff.articles,)
    (change,) = article.changes
    assert (article.article.id, article.language, article.source.path) == ("docs/passwords", "pl", SOURCE)
    assert change.since is not None
    assert diff.history.commits[change.since][0] == repository.git("rev-parse", "HEAD")


def test_a_translation_that_was_brought_up_to_date_has_no_changes(repository: GitRepository) -> None:
    repository.commit({TRANSLATION: POLISH.replace("passlib", "pwdlib")})
    assert diff_of(repository, "pl").articles == ()
    assert texts(diff_of(repository, "de")) != []


def test_each_section_is_compared_with_the_source_that_it_was_translated_from(repository: GitRepository) -> None:
    """Section 1 is translated again, then it changes once more; section 3 is older."""
    repository.commit({SOURCE: CHANGED.replace("with the password that", "with the text that")})
    repository.commit({TRANSLATION: POLISH.replace("passlib", "pwdlib").replace("ale", "a")})
    last = CHANGED.replace("with the password that", "with the text that").replace("many algorithms", "new algorithms")
    repository.commit({SOURCE: last})
    found = texts(diff_of(repository))
    assert ("1", NEW_TEXT, NEW_TEXT.replace("many", "new")) in [each[:3] for each in found]


def test_what_is_not_committed_counts(repository: GitRepository) -> None:
    repository.write({SOURCE: CHANGED.replace("store what it returns", "store the hash")})
    diff = diff_of(repository)
    found = texts(diff)
    assert [section for section, *_ in found] == ["1", "2"]
    assert found[1][2].endswith("store the hash.")
    repository.write({SOURCE: CHANGED, TRANSLATION: POLISH.replace("passlib", "pwdlib")})
    assert texts(diff_of(repository)) == []


def test_a_renamed_source_is_compared_with_its_text_under_the_old_name(repository: GitRepository) -> None:
    for folder, text in (("en", CHANGED), ("pl", POLISH), ("de", GERMAN)):
        repository.move(f"docs/{folder}/passwords.md", f"docs/{folder}/guide/hashing.md", content=text)
    diff = diff_of(repository)
    assert texts(diff) == [("1", OLD_TEXT, NEW_TEXT, TARGET)]
    assert diff.articles[0].source.path == "docs/en/guide/hashing.md"


def test_an_article_without_its_source_has_no_changes(repository: GitRepository) -> None:
    repository.commit({SOURCE: None})
    assert diff_of(repository).articles == ()


def test_a_section_that_is_gone_is_shown_with_what_is_left_of_it(repository: GitRepository) -> None:
    gone = CHANGED.partition("## Hash the password")[0] + "## Check" + CHANGED.partition("## Check")[2]
    repository.commit({SOURCE: gone})
    found = texts(diff_of(repository))
    assert [(old, new, target) for _, old, new, target in found if not new] == [
        ("Hash the password", "", "Zahaszuj hasło"),
        (
            "Call the function hash with the password of the user, and store what it returns.",
            "",
            "Wywołaj funkcję hash z hasłem użytkownika i zapisz to, co zwróci.",
        ),
    ]


def test_a_new_section_of_the_source_belongs_after_the_block_before_it(repository: GitRepository) -> None:
    new = CHANGED.replace("## Check", "## Store\n\nKeep the hash in a table of its own, away from names.\n\n## Check")
    repository.commit({SOURCE: new})
    (article,) = diff_of(repository).articles
    added = [change for change in article.changes if change.old is None]
    assert [change.new.text for change in added if change.new] == [
        "Store",
        "Keep the hash in a table of its own, away from names.",
    ]
    assert [change.after.text[:8] for change in added if change.after] == ["Wywołaj "] * 2


@pytest.mark.slow
def test_sections_that_are_named_alone(repository: GitRepository) -> None:
    repository.commit({SOURCE: CHANGED.replace("store what it returns", "store the hash")})
    assert [section for section, *_ in texts(diff_of(repository))] == ["1", "2"]
    assert [section for section, *_ in texts(diff_of(repository, sections=["2"]))] == ["2"]
    assert diff_of(repository, sections=["3"]).articles == ()


@pytest.mark.slow
@pytest.mark.parametrize("revision", ["v1", "HEAD~1", "main~2"])
def test_a_revision_is_the_base_instead(repository: GitRepository, revision: str) -> None:
    repository.commit({TRANSLATION: POLISH.replace("passlib", "pwdlib")})
    assert diff_of(repository).articles == ()
    diff = diff_of(repository, since="v1")
    assert [each[:3] for each in texts(diff)] == [("1", OLD_TEXT, NEW_TEXT)]
    assert [change.since for article in diff.articles for change in article.changes] == [None]
    assert texts(diff_of(repository, since=revision)) == texts(diff) or revision == "HEAD~1"


def test_changes_since_the_last_commit_are_those_of_the_work_tree(repository: GitRepository) -> None:
    assert diff_of(repository, since="HEAD").articles == ()
    repository.write({SOURCE: CHANGED.replace("many algorithms", "all algorithms")})
    assert [each[:3] for each in texts(diff_of(repository, since="HEAD"))] == [
        ("1", NEW_TEXT, NEW_TEXT.replace("many", "all"))
    ]


@pytest.mark.parametrize("revision", ["nowhere", "--help", "v1:docs", "HEAD~900", "\0", "-1", "a" * 5000])
def test_a_revision_that_does_not_exist(repository: GitRepository, revision: str) -> None:
    with pytest.raises(RevisionError):
        diff_of(repository, since=revision)


def test_no_revision_exists_outside_git(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "a.en.md").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "work" / "a.pl.md").write_text(POLISH, encoding="utf-8")
    library = open_library([tmp_path / "work"], tmp_path / "cache", QuietReporter())
    assert library_diff(library, "pl", {"a": 1}).articles == ()
    with pytest.raises(RevisionError):
        library_diff(library, "pl", {"a": 1}, since="v1")
    library.database.close()


@pytest.mark.slow
def test_each_of_many_articles_has_its_own_old_text(repository: GitRepository) -> None:
    names = [f"part{number}" for number in range(30)]
    old: dict[str | bytes, str] = {
        f"docs/en/{name}.md": f"# {name}\n\n{ENGLISH.replace('passlib', name)}" for name in names
    }
    translated: dict[str | bytes, str] = {
        f"docs/pl/{name}.md": f"# {name}\n\n{POLISH.replace('passlib', name)}" for name in names
    }
    repository.commit({**old, **translated})
    repository.commit({path: text.replace("many algorithms", f"{path!s} algorithms") for path, text in old.items()})
    diff = diff_of(repository)
    assert len(diff.articles) == len(names) + 1
    for article in diff.articles:
        name = Path(article.source.path).stem
        for change in article.changes if name in names else ():
            assert change.old
            assert name in change.old.text
