"""A link to a file on disk that is not in the library is not broken, and no link tells what is outside."""

import os
from pathlib import Path

import pytest

from relmgr_cli.corpus.links.resolver import LinkResolver
from relmgr_cli.corpus.links.result import Resolved
from relmgr_cli.corpus.links.targets import Target
from relmgr_cli.corpus.links.work_tree import WorkTree

FILES = (
    "docs/guide/start.md",
    "docs/guide/next.md",
    "docs/.hidden/notes.md",
    ".github/CONTRIBUTING.md",
    "ignored/secret.md",
    "CHANGELOG",
    "docs/public/pure.html",
    "src/pages/playground.tsx",
    "docs/guide/draft.rst",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").touch()
    (folder / "docs/themes/empty").mkdir(parents=True)
    (tmp_path / "outside.md").write_text("x")
    return folder


def lead(checkout: Path, href: str, *, library: str = "", source: str = "docs/guide/start.md") -> Resolved:
    """Return where a link of a document leads; the library is a folder of the checkout with two documents."""
    root = os.path.join(checkout, library).rstrip("/")
    paths = (source, "docs/guide/next.md")
    targets = [
        Target(number, "en", root, os.path.relpath(checkout / path, root), (), (), ())
        for number, path in enumerate(paths, 1)
    ]
    return LinkResolver(targets).resolve(href, targets[0], "en")


@pytest.mark.parametrize("library", ["", "docs"])
@pytest.mark.parametrize(
    "href",
    [
        "../../.github/CONTRIBUTING.md",
        "../.hidden/notes.md",
        "../.hidden/notes",
        "../../ignored/secret.md",
        "../../CHANGELOG",
        "../../ignored",
        "draft",
        "/pure.html",
    ],
)
def test_a_file_on_disk_is_not_broken(checkout: Path, href: str, library: str) -> None:
    assert lead(checkout, href, library=library)[:1] == ("outside",)


@pytest.mark.parametrize("library", ["", "docs"])
@pytest.mark.parametrize("href", ["gone.md", "../../.github/GONE.md", "gone", "../guide/gone.md", "../../gone.md"])
def test_a_file_that_is_not_on_disk_is_broken(checkout: Path, href: str, library: str) -> None:
    assert lead(checkout, href, library=library).status == "nowhere"


def test_the_answer_is_the_same_whatever_is_outside(checkout: Path) -> None:
    for href in ("../../../outside.md", "../../../gone.md", "../../../outside", "../../../../../../etc/passwd"):
        assert (
            lead(checkout, href) == lead(checkout, href, library="docs") == ("outside", None, None, None, "elsewhere")
        )


def test_no_symbolic_link_is_followed(checkout: Path) -> None:
    (checkout / "docs/guide/etc").symlink_to("/etc")
    (checkout / "docs/guide/loop").symlink_to(".")
    for href in ("etc/passwd.md", "etc/gone.md", "loop/next.md/x.md", "loop/gone.md"):
        assert lead(checkout, href) == ("outside", None, None, None, "elsewhere")


def test_only_folders_of_the_work_tree_are_consulted(checkout: Path) -> None:
    (checkout / "docs/guide/etc").symlink_to("/etc")
    tree = WorkTree(str(checkout / "docs"))
    for path in (
        "../../outside.md",
        "guide/etc/passwd",
        "a/b/c/d",
        "\0",
        "guide/draft.rst",
        "../x/../../y",
        "/etc/passwd",
    ):
        tree.has(path, by_stem=True)
        tree.is_ignored(path)
    tree.is_configured(["x"], "guide")
    inside = [path for path in tree.consulted if path == str(checkout) or path.startswith(f"{checkout}/")]
    assert inside == [*tree.consulted]
    assert not [path for path in tree.consulted if path.startswith(f"{checkout}/docs/guide/etc/")]


def test_the_home_folder_is_not_a_work_tree(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(checkout))
    assert WorkTree(str(checkout / "docs")).has("../CHANGELOG", by_stem=False) is None


def test_an_empty_folder_may_be_a_submodule(checkout: Path) -> None:
    assert lead(checkout, "../themes/empty/README.md") == ("outside", None, None, None, "elsewhere")
    (checkout / ".gitmodules").write_text('[submodule "x"]\n\tpath = docs/absent\n\turl = https://example.org/x\n')
    assert lead(checkout, "../absent/README.md") == ("outside", None, None, None, "elsewhere")


def test_what_git_ignores_is_made_by_a_tool(checkout: Path) -> None:
    assert lead(checkout, "api/classes.md").status == "nowhere"
    (checkout / "docs/.gitignore").write_text("guide/api/\n")
    assert lead(checkout, "api/classes.md") == ("outside", None, None, None, "elsewhere")
    (checkout / "docs/.gitignore").write_text("!!!\n[\n")
    assert lead(checkout, "api/classes.md").status == "nowhere"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("netlify.toml", '[[redirects]]\nfrom = "/docs/guide/old"\nto = "/docs/guide/next"\n'),
        ("static/_redirects", "/docs/guide/old /docs/guide/next 301\n"),
        ("config/_default/hugo.yaml", "mounts:\n  - source: x.md\n    target: content/docs/guide/old.md\n"),
        ("docs/.vitepress/config.ts", "export default {rewrites: {'docs/guide/old': 'x'}}"),
    ],
)
def test_an_address_in_the_configuration_of_the_site_is_not_broken(checkout: Path, file: str, text: str) -> None:
    assert lead(checkout, "/docs/guide/old").status == "nowhere"
    (checkout / file).parent.mkdir(parents=True, exist_ok=True)
    (checkout / file).write_text(text)
    (checkout / file).with_name("fifo.json").symlink_to("/dev/zero")
    library = "docs" if ".vitepress" in file else ""
    assert lead(checkout, "/docs/guide/old", library=library) == ("outside", None, None, None, "elsewhere")
    assert lead(checkout, "/docs/guide/older").status == "nowhere"


def test_the_configuration_may_be_that_of_a_site_below_the_work_tree(checkout: Path) -> None:
    source = "site/content/en/project/_index.md"
    (checkout / "site/config/_default").mkdir(parents=True)
    assert lead(checkout, "old.md", source=source).status == "nowhere"
    (checkout / "site/config/_default/hugo.yaml").write_text("target: content/project/old.md")
    assert lead(checkout, "old.md", source=source) == ("outside", None, None, None, "elsewhere")
    assert lead(checkout, "other.md", source=source).status == "nowhere"


def test_a_path_of_very_many_parts_is_not_looked_up(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "scandir", None)
    assert lead(checkout, "x/" * 2000 + "gone.md") == ("outside", None, None, None, "elsewhere")


def test_a_folder_is_listed_once(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = WorkTree(str(checkout))
    assert tree.has("docs/guide/gone.md", by_stem=False) is False
    monkeypatch.setattr(os, "scandir", None)
    monkeypatch.setattr(os, "lstat", None)
    for number in range(100):
        assert tree.has(f"docs/guide/gone{number}.md", by_stem=False) is False


def test_names_in_a_folder_that_is_too_large_are_unknown(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.corpus.links.work_tree._MAX_ENTRIES", 2)
    assert WorkTree(str(checkout / "docs/guide")).has("gone.md", by_stem=False) is None


def test_a_folder_that_cannot_be_read_is_unknown(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "scandir", refuse)
    assert WorkTree(str(checkout)).has("gone.md", by_stem=False) is None
