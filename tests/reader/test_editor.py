"""Which command opens the editor at a line."""

import pytest

from relmgr_cli.reader.editor import Editor, editor_command


@pytest.mark.parametrize(
    ("environ", "command"),
    [
        ({}, []),
        ({"EDITOR": "nano"}, ["nano", "+7", "/a/b c.md"]),
        ({"EDITOR": "nano", "VISUAL": "nvim -R"}, ["nvim", "-R", "+7", "/a/b c.md"]),
        ({"VISUAL": "'/opt/my editor/vim'"}, ["/opt/my editor/vim", "+7", "/a/b c.md"]),
        ({"VISUAL": "emacs -nw"}, ["emacs", "-nw", "+7", "/a/b c.md"]),
        ({"VISUAL": "hx"}, ["hx", "/a/b c.md:7"]),
        ({"VISUAL": "code --new-window"}, ["code", "--new-window", "--wait", "--goto", "/a/b c.md:7"]),
        ({"VISUAL": "gedit"}, ["gedit", "/a/b c.md"]),
        ({"VISUAL": "  ", "EDITOR": "vi"}, ["vi", "+7", "/a/b c.md"]),
        ({"VISUAL": "vim; rm -rf /"}, ["vim;", "rm", "-rf", "/", "/a/b c.md"]),  # words, never a shell
    ],
)
def test_the_command_has_the_line_where_the_editor_takes_one(environ: dict[str, str], command: list[str]) -> None:
    assert editor_command(environ, "/a/b c.md", 7) == command


def test_a_file_name_is_never_an_option() -> None:
    assert editor_command({"EDITOR": "vi"}, "-c quit.md", 1)[-1].endswith("/-c quit.md")


def test_a_quote_that_is_not_closed_is_an_error() -> None:
    with pytest.raises(ValueError, match="quotation"):
        editor_command({"VISUAL": "vim '"}, "/a", 1)


def test_errors_of_the_editor_are_reported() -> None:
    assert Editor({}).run(["true"]) == ""
    assert Editor({}).run(["false"]) == "false exited with code 1"
    assert Editor({}).run(["/nowhere"]).startswith("cannot start /nowhere: No such file")
