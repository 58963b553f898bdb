from collections.abc import Sequence
from itertools import permutations

import pytest

from relmgr_cli.corpus.candidate import Candidate
from relmgr_cli.corpus.naming import name_articles, name_key, natural_key, shortest_tail, slug_of_title
from relmgr_cli.corpus.pairing import Group


def article(*paths: str, root: str = "/library", title: str = "Title", source: str = "en") -> Group:
    """Return an article; a path begins with the language of its document, as in `pl:docs/pl/a.md`."""
    members = []
    for number, (language, path) in enumerate(each.split(":", 1) for each in paths):
        members.append(Candidate(number, root, path, language, title, "", "", 1, 1))
    language, path = next(each.split(":", 1) for each in paths if each.startswith(source))
    name = path.rpartition(".")[0].replace(f"{language}/", "").removesuffix(f".{language}")
    return Group(tuple(members), "layout", source, "" if path[:1].isdigit() else name)


def ids(*articles: Group) -> list[str]:
    return [name for name, _ in name_articles(articles)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("en:docs/en/concepts/sampling.md", "docs/concepts/sampling"),
        ("en:README.md", "README"),
        ("en:README.en.md", "README"),
        ("en:docs/Getting started/Create a vault.md", "docs/Getting started/Create a vault"),
        ("en:docs/C# and F#.md", "docs/C- and F"),
        ("en:docs/-x--y.md", "docs/x--y"),
        ("en:docs/\u0928\u092e\u0938\u094d\u0924\u0947.md", "docs/\u0928\u092e\u0938\u094d\u0924\u0947"),
        ("en:docs/cafe\u0301.md", "docs/caf\u00e9"),
        ("en:docs/one\x1btwo\udcff\u202e.md", "docs/one-two"),
        ("en:000_31e1317d9bed26b2.txt", "title"),
    ],
)
def test_an_id_is_the_path_without_language_and_extension(path: str, name: str) -> None:
    assert ids(article(path)) == [name]


def test_an_id_changes_with_no_title_no_language_and_no_unrelated_file() -> None:
    before = article("en:docs/en/a_page.md", "pl:docs/pl/a_page.md")
    assert ids(before) == ["docs/a_page"]
    assert ids(article("en:docs/en/a_page.md", title="Another")) == ["docs/a_page"]
    assert ids(article("pl:docs/pl/a_page.md", source="pl")) == ["docs/a_page"]
    assert "docs/a_page" in ids(before, article("en:docs/en/b.md"), article("en:backup/docs/en/a_page.md"))


CLASHES: Sequence[tuple[Group, ...]] = [
    (article("en:docs/index.md"), article("en:docs/README.md"), article("en:docs/readme.md")),
    (article("en:docs/guide.md"), article("en:docs/en/guide.md"), article("en:docs/guide.mdx")),
    (article("en:guide.md", root="/x/a"), article("en:guide.md", root="/x/b"), article("en:a/guide.md", root="/x/b")),
    (article("en:guide.md", root="/x"), article("en:guide.md", root="/x/b")),
    (article("en:0001.md"), article("en:0002.md"), article("en:title.md"), article("en:0001.txt")),
    (article("en:a#page.md"), article("en:a-page.md"), article("en:a\x01page.md"), article("en:a\x02page.md")),
    (article("en:cafe\u0301.md"), article("en:caf\u00e9.md")),
]


@pytest.mark.parametrize("articles", CLASHES)
def test_ids_are_unique_whatever_the_order_and_what_else_there_is(articles: tuple[Group, ...]) -> None:
    expected = {id(group): name for name, group in name_articles(articles)}
    assert len(set(expected.values())) == len(articles)
    other = article("en:other/thing.md", root=articles[0].members[0].root)
    for others in permutations([other, *articles]):
        found = {id(group): name for name, group in name_articles(others)}
        assert {key: found[key] for key in expected} == expected


def test_the_file_with_just_that_path_keeps_the_id() -> None:
    named = name_articles([article("en:docs/en/guide.md"), article("en:docs/guide.md")])
    assert [(name, group.members[0].path) for name, group in named] == [
        ("docs/en/guide", "docs/en/guide.md"),
        ("docs/guide", "docs/guide.md"),
    ]


def test_articles_are_numbered_folder_by_folder_and_by_the_value_of_numbers() -> None:
    expected = ["2-two", "10-ten", "a/b", "a/c9x", "a/c10x", "a-a", "B"]
    assert all(sorted(order, key=natural_key) == expected for order in permutations(expected))
    assert ids(article("en:page 10.md"), article("en:page 9.md"), article("en:b/a.md")) == ["b/a", "page 9", "page 10"]
    keys = [natural_key(name) for name in ["", "0", "00", "a", "1" * 5000, "a1", "1a/", "\u0661"]]
    assert len(sorted(keys)) == len(keys)  # any two can be compared


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Menedżer relacji", "menedzer-relacji"),
        ("  A_b -- C!  ", "a-b-c"),
        ("Менеджер по связям", "менеджер-по-связям"),
        (
            "\u0939\u093f\u0928\u094d\u0926\u0940 \u092e\u0947\u0902",
            "\u0939\u093f\u0928\u094d\u0926\u0940-\u092e\u0947\u0902",
        ),
        ("ab " * 40, ("ab-" * 20).strip("-")),
        ("?!", "article"),
        ("", "article"),
        ("2024", "article-2024"),
        ("../etc/passwd", "etc-passwd"),
        ("a\x1b[31m\udcffb", "a-31m-b"),
    ],
)
def test_a_title_makes_an_id_that_is_easy_to_type(title: str, slug: str) -> None:
    assert slug_of_title(title) == slug


@pytest.mark.parametrize("name", ["Create a vault", "create-a_vault", "CREATE  A VAULT", "créate-a-vault"])
def test_case_accents_hyphens_and_spaces_make_no_difference(name: str) -> None:
    assert name_key(name) == "create a vault"


@pytest.mark.parametrize(
    ("others", "tail"),
    [
        ([], "sampling"),
        (["docs/concepts/sampling"], "sampling"),
        (["blog/sampling"], "concepts/sampling"),
        (["blog/Concepts/sampling"], "docs/concepts/sampling"),
        (["sampling"], "concepts/sampling"),
    ],
)
def test_the_shortest_tail_means_one_article(others: list[str], tail: str) -> None:
    assert shortest_tail("docs/concepts/sampling", others) == tail
    assert shortest_tail("docs/2024", []) == "docs/2024"
