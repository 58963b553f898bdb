"""relmgr.toml: what it says, and what is refused."""

import os
from pathlib import Path

import pytest

from relmgr_cli.errors import SettingError
from relmgr_cli.project import CheckSettings, StatusSettings, read_project

EVERYTHING = """
library = ["docs", "./blog/"]
exclude = ["old/", "*.draft.md"]
source = "Polish"

[languages]
"content/english" = "en"
"legacy/" = "pl"
CN = "zh-Hans"

[[pairs]]
join = ["docs/a.md", "docs/b.md"]

[[pairs]]
part = "docs/c.md"

[check]
select = ["stale", "placeholder"]
ignore = "number-differs"
fail-on = "warning"
baseline = "docs/baseline.json"
exclude = "docs/api/"

[status]
languages = ["pl", "Russian"]
exclude = ["blog/"]
"""


def refusal(folder: Path, source: "str | bytes") -> str:
    """Return why a relmgr.toml with this content is refused; the message is one line and begins with its path."""
    path = folder / "relmgr.toml"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    with pytest.raises(SettingError) as caught:
        read_project(str(path))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{path}: ")
    return message.removeprefix(f"{path}: ")


def test_everything_that_it_can_say_is_read(tmp_path: Path) -> None:
    path = tmp_path / "relmgr.toml"
    path.write_text(EVERYTHING)
    project = read_project(str(path))
    assert project.library == (str(tmp_path / "docs"), str(tmp_path / "blog"))
    assert project.exclude == ("old/", "*.draft.md")
    assert project.source == "Polish"
    assert project.languages == {"content/english/": "en", "legacy/": "pl", "cn": "zh-Hans"}
    assert project.joined == (("docs/a.md", "docs/b.md"),)
    assert project.parted == ("docs/c.md",)
    exclude = ("docs/api/",)
    assert project.check == CheckSettings(
        ("stale", "placeholder"), ("number-differs",), "warning", "docs/baseline.json", exclude
    )
    assert project.status == StatusSettings(("pl", "Russian"), ("blog/",))
    assert project.notices == ()


def test_an_unknown_key_of_check_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "relmgr.toml"
    path.write_text("[check]\nselects = []\n")
    assert read_project(str(path)).notices == ("unknown setting 'check.selects'; did you mean 'check.select'?",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('fail-on = "info"', "check.fail-on must be one of error, warning, never"),
        ("baseline = 1", "check.baseline must be a path"),
        ('baseline = "../x"', "check.baseline: '../x' is not inside"),
        ("select = [1]", "check.select must be a code of a finding or a list of codes"),
    ],
)
def test_a_value_of_check_that_cannot_be_used_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    assert refusal(tmp_path, f"[check]\n{line}\n").startswith(reason)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "relmgr.toml"
    path.write_bytes(b"\xef\xbb\xbf# only a comment\r\n")
    project = read_project(str(path))
    assert (project.library, project.exclude, project.source, project.joined) == ((), (), "", ())
    assert project.has_folder(str(tmp_path / "any"))


@pytest.mark.parametrize(
    ("source", "notice"),
    [
        ("libary = 'docs'", "unknown setting 'libary'; did you mean 'library'?"),
        ("[langauges]\nx = 'en'", "unknown setting 'langauges'; did you mean 'languages'?"),
        (
            "[zebra]",
            "unknown setting 'zebra'; use one of library, exclude, source, languages, pairs, check, status, terms",
        ),
    ],
)
def test_a_key_that_is_not_known_is_reported(tmp_path: Path, source: str, notice: str) -> None:
    path = tmp_path / "relmgr.toml"
    path.write_text(source)
    (found,) = read_project(str(path)).notices
    assert found == notice


@pytest.mark.parametrize(
    "path",
    ["/etc", "..", "docs/../..", "~", "~/docs", "C:/docs", "c:docs", "link", "link/below"],
)
def test_a_library_outside_its_folder_is_refused(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    assert refusal(folder, f"library = ['docs', '{path}']") == (
        f"library: '{path}' is not inside the folder of this file"
    )


def test_a_link_inside_its_folder_is_a_library(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "link").symlink_to("docs")
    (tmp_path / "relmgr.toml").write_text("library = 'link'")
    project = read_project(str(tmp_path / "relmgr.toml"))
    assert project.library == (str(tmp_path / "link"),)
    assert project.has_folder(str(tmp_path / "docs/pl"))
    assert not project.has_folder(str(tmp_path / "other"))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("library = 'docs", "not valid TOML: "),
        ("library = 1", "library must be a path or a list of paths"),
        ("library = []", "library names no folder; leave it out for the folder of this file"),
        ("library = ''", "library must be a path or a list of paths"),
        ("library = [['docs']]", "library must be a path or a list of paths"),
        ('library = "a\\u0000b"', "library must be a path or a list of paths"),
        (r"library = 'docs\pl'", r"library: 'docs\pl' has a backslash; write paths with /"),
        ("exclude = true", "exclude must be a pattern or a list of patterns"),
        (f"exclude = '{'*a' * 500}'", "exclude: '*a*a"),
        ("source = ['en']", "source must be a language"),
        ("languages = 'en'", "languages must be a table: [languages]"),
        ("languages.cn = 1", "languages.cn must be a language"),
        ("languages.'../x' = 'en'", "languages.../x: '../x' is not inside the folder of this file"),
        ("pairs = 'a.md'", "pairs must be tables: [[pairs]]"),
        ("[[pairs]]\njion = ['a.md', 'b.md']", "unknown setting 'pairs.jion'; did you mean 'pairs.join'?"),
        ("[[pairs]]\njoin = ['/etc/passwd', 'b.md']", "pairs.join: '/etc/passwd' is not inside"),
        ("check = 1", "check must be a table: [check]"),
        ("[[pairs]]\njoin = 'a.md'", "pairs.join must name at least two files"),
        ("[[pairs]]\njoin = ['a.md', './a.md']", "pairs.join must name at least two files"),
        ("[[pairs]]\njoin = []", "pairs.join must name at least two files"),
        ("[[pairs]]", "each of [[pairs]] must have one of join, part"),
        (b"library = '\xff'", "not valid TOML: not UTF-8"),
        ("a = " + "[" * 60_000, "not valid TOML: nested too deeply"),
        (".".join("a" * 30_000) + " = 1", "not valid TOML: nested too deeply"),
        ("# " + "x" * 70_000, "larger than 64 KiB"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, source: "str | bytes", reason: str) -> None:
    assert refusal(tmp_path, source).startswith(reason)


@pytest.mark.parametrize("kind", ["folder", "fifo", "unreadable"])
def test_what_is_not_a_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "relmgr.toml"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.write_text("")
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("this user reads every file")
    with pytest.raises(SettingError, match=r"relmgr.toml: (not a regular file|Permission denied)"):
        read_project(str(path))
