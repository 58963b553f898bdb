import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from relmgr_cli.corpus.files import FoundFile, read_text, scan
from relmgr_cli.errors import FileRefusedError, LibraryMissingError, Problem
from relmgr_cli.filesystem import format_status

Write = Callable[[str, str], Path]
needs_a_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


def paths(root: Path) -> list[str]:
    return [found.path for found in scan(root, []) if isinstance(found, FoundFile)]


def problems(root: Path) -> list[Problem]:
    return [found for found in scan(root, []) if isinstance(found, Problem)]


def test_documents_are_found_in_the_order_of_their_paths(tmp_path: Path, write: Write) -> None:
    for name in ("b.md", "a/z.MARKDOWN", "a/b/c.txt", "c.mdx", "d.mdown", "e.html", "f", "g.md.bak"):
        write(name, "text")
    assert paths(tmp_path) == ["a/b/c.txt", "a/z.MARKDOWN", "b.md", "c.mdx", "d.mdown"]
    assert not problems(tmp_path)


def test_hidden_files_and_folders_of_other_programs_are_passed_over(tmp_path: Path, write: Write) -> None:
    for name in (".hidden.md", ".git/a.md", "node_modules/a.md", "a/vendor/b.md", "a/__pycache__/c.md", "a/d.md"):
        write(name, "text")
    assert paths(tmp_path) == ["a/d.md"]


@pytest.mark.parametrize(
    ("folder", "files"),
    [
        ("archetypes", {"hugo.toml": ""}),
        ("archetypes", {"config.yaml": "baseURL: https://example.org/\n"}),
        ("archetypes", {"config.toml": "theme = 'x'\n"}),
        ("archetypes", {"config/_default/params.toml": ""}),
        ("archetypes", {"theme.toml": "name = 'x'\n"}),
        ("scaffolds", {"_config.yml": "", "source/index.md": "text"}),
    ],
)
def test_templates_of_a_site_generator_are_no_documents(
    tmp_path: Path, write: Write, folder: str, files: dict[str, str]
) -> None:
    write(f"site/{folder}/post.md", "# {{ title }}\n")
    write(f"other/{folder}/a.md", "text")
    for name, text in files.items():
        write(f"site/{name}", text)
    assert f"site/{folder}/post.md" not in paths(tmp_path)
    assert f"other/{folder}/a.md" in paths(tmp_path)
    assert paths(tmp_path / "site" / folder) == ["post.md"]


@pytest.mark.parametrize(
    ("folder", "files"),
    [
        ("archetypes", {"config.json": '{"port": 80}'}),
        ("archetypes", {"_config.yml": "", "source/index.md": "text"}),
        ("scaffolds", {"_config.yml": "title: x\n"}),  # of Jekyll
        ("scaffolds", {"hugo.toml": ""}),
    ],
)
def test_a_folder_with_the_name_of_templates_is_read_without_their_generator(
    tmp_path: Path, write: Write, folder: str, files: dict[str, str]
) -> None:
    write(f"{folder}/a.md", "text")
    for name, text in files.items():
        write(name, text)
    assert f"{folder}/a.md" in paths(tmp_path)


def test_text_files_that_programs_read_are_no_documents(tmp_path: Path, write: Write) -> None:
    for name in ("CMakeLists.txt", "code/requirements.txt", "notes.txt", "requirements.md"):
        write(name, "Some text.")
    assert [found.path for found in scan(tmp_path, []) if isinstance(found, FoundFile)] == [
        "notes.txt",
        "requirements.md",
    ]


def test_the_visited_folders_are_returned(tmp_path: Path, write: Write) -> None:
    write("a/b/c.md", "text")
    visited: list[str] = []
    list(scan(tmp_path, visited))
    assert visited == [str(tmp_path), str(tmp_path / "a"), str(tmp_path / "a" / "b")]


def test_a_file_is_found_with_its_size_and_modification_time(tmp_path: Path, write: Write) -> None:
    status = write("a.md", "żółw").stat()
    assert list(scan(tmp_path, [])) == [FoundFile(str(tmp_path), "a.md", format_status(status))]


def test_a_single_file_is_a_library_whatever_its_name(write: Write) -> None:
    path = write("folder/notes.rst", "text")
    (found,) = scan(path, [])
    assert isinstance(found, FoundFile)
    assert (found.root, found.path) == (str(path.parent), "notes.rst")


def test_a_relative_folder_is_found_from_the_current_folder(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.md", "text")
    monkeypatch.chdir(tmp_path)
    (found,) = scan(Path("."), [])
    assert isinstance(found, FoundFile)
    assert found.root == str(tmp_path)


def test_links_are_not_followed(tmp_path: Path, write: Write) -> None:
    write("real/a.md", "text")
    (tmp_path / "real" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.md").symlink_to("self.md")
    (tmp_path / "passwd.md").symlink_to("/etc/passwd")
    (tmp_path / "gone.md").symlink_to("nowhere")
    assert paths(tmp_path) == ["real/a.md"]
    assert [(problem.path, problem.code) for problem in problems(tmp_path)] == [
        ("gone.md", "link"),
        ("real/loop", "link"),
        ("self.md", "link"),
    ]


def test_a_pipe_and_a_socket_are_named_and_never_opened(tmp_path: Path, write: Write) -> None:
    write("a.md", "text")
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path)  # the name of a socket must be short
        try:
            listening.bind("socket.md")
        finally:
            os.chdir(here)
    assert paths(tmp_path) == ["a.md"]
    assert problems(tmp_path) == [
        Problem("pipe.md", 0, "unreadable", "not a regular file"),
        Problem("socket.md", 0, "unreadable", "not a regular file"),
    ]
    with pytest.raises(FileRefusedError, match="not a regular file"):
        read_text(str(tmp_path), "pipe.md")


def test_a_folder_named_like_a_document_is_a_folder(tmp_path: Path, write: Write) -> None:
    write("a.md/b.md", "text")
    assert paths(tmp_path) == ["a.md/b.md"]


@needs_a_user
def test_a_folder_that_cannot_be_read_is_named_and_the_rest_is_found(tmp_path: Path, write: Write) -> None:
    write("a/a.md", "text")
    closed = write("b/b.md", "text").parent
    write("c/c.md", "text")
    closed.chmod(0)
    try:
        assert paths(tmp_path) == ["a/a.md", "c/c.md"]
        assert problems(tmp_path) == [Problem("b", 0, "unreadable", "Permission denied")]
    finally:
        closed.chmod(0o700)


@needs_a_user
def test_a_file_that_cannot_be_opened_is_refused_with_the_system_s_reason(tmp_path: Path, write: Write) -> None:
    write("a.md", "text").chmod(0)
    with pytest.raises(FileRefusedError, match=r"a\.md: Permission denied"):
        read_text(str(tmp_path), "a.md")


def test_a_name_that_is_not_utf8_is_found_and_read(tmp_path: Path) -> None:
    name = b"\xbf\xf3\xb3w.md"
    try:
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_text("text", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    (found,) = scan(tmp_path, [])
    assert isinstance(found, FoundFile)
    assert os.fsencode(found.path) == name
    assert read_text(found.root, found.path) == ("text", ())


@pytest.mark.parametrize("name", ["a b.md", "[red]a.md", "a\nb.md", "\u202ea.md", "żółw.md", "-a.md", "a\x1b[31m.md"])
def test_a_strange_name_is_found_and_read(tmp_path: Path, write: Write, name: str) -> None:
    write(name, "text")
    assert paths(tmp_path) == [name]
    assert read_text(str(tmp_path), name)[0] == "text"


def test_very_deep_folders_are_walked_without_recursion(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(400):
        folder /= "d"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("text", encoding="utf-8")
    assert paths(tmp_path) == ["d/" * 400 + "a.md"]


def test_a_missing_library_is_an_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissingError, match=r"missing: No such file or directory"):
        list(scan(tmp_path / "missing", []))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_with_a_newline_whatever_ended_them_in_the_file(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.md").write_bytes(f"a{end}{end}b{end}".encode())
    assert read_text(str(tmp_path), "a.md") == ("a\n\nb\n", ())


def test_an_encoding_error_is_a_problem_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("Zażółć gęślą jaźń, bo to jest ważne.".encode("cp1250"))
    text, (problem,) = read_text(str(tmp_path), "a.md")
    assert text == "Zażółć gęślą jaźń, bo to jest ważne."
    assert problem == Problem("a.md", 0, "encoding", "not UTF-8: read as cp1250")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.md", "No such file"),
        ("link.md", "symbolic"),
        ("folder.md", "directory|regular file"),
        ("nul\0.md", "cannot be read"),
    ],
)
def test_special_files_are_rejected(tmp_path: Path, write: Write, name: str, reason: str) -> None:
    write("folder.md/a.md", "text")
    (tmp_path / "link.md").symlink_to("folder.md/a.md")
    with pytest.raises(FileRefusedError, match=reason):
        read_text(str(tmp_path), name)


@pytest.mark.parametrize(("size", "is_refused"), [(8 << 20, False), ((8 << 20) + 1, True)])
def test_a_file_is_read_up_to_the_limit(tmp_path: Path, size: int, *, is_refused: bool) -> None:
    with (tmp_path / "large.md").open("wb") as file:
        file.write(b"x" * size)
    if is_refused:
        with pytest.raises(FileRefusedError, match="larger than 8 MiB"):
            read_text(str(tmp_path), "large.md")
    else:
        assert len(read_text(str(tmp_path), "large.md")[0]) == size
