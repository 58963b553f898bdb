"""Writes the man pages, in every language that relmgr speaks, from the source of --help.

Run it after any help text has changed: python docs/man_pages.py. The wheel installs what it writes to docs/man.
"""

import os
from collections.abc import Iterator
from typing import Any

import typer

from relmgr_cli.cli.main import load_app
from relmgr_cli.cli.options import help_parts, shared_options, translated_help
from relmgr_cli.ui_language import FOLDER, translate, use_ui_language

LANGUAGES = ("en", *sorted(os.listdir(FOLDER)))
TEXTS = (
    "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "COMMON OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES",
    "read articles that exist in several languages",
    "A command obeys the common options that its --help lists. Before the name of a command all of them are accepted.",
    "Something was shown or found.",
    "Nothing was found, or what --check and --fail-on name was found.",
    "The command line is wrong, or something failed.",
    "The folder of articles.",
    "The language to read, as --lang.",
    "The language of messages and help; by default that of the locale.",
    "The settings of the user; plain = true there is as --plain.",
    "The settings of a library.",
    "If 1, every command is as with --plain; if 0, config.toml does not make it so.",
)  # fmt: skip
_EXIT_CODES = ("0", TEXTS[10]), ("1", TEXTS[11]), ("2", TEXTS[12])
_VARIABLES = (
    ("RELMGR_LIBRARY", TEXTS[13]),
    ("RELMGR_LANG", TEXTS[14]),
    ("RELMGR_UI_LANG", TEXTS[15]),
    ("RELMGR_PLAIN", TEXTS[18]),
)
_FILES = ("~/.config/relmgr/config.toml", TEXTS[16]), ("relmgr.toml", TEXTS[17])


def page(language: str) -> str:
    """Return the man page in a language, in the macros of man(7)."""
    use_ui_language(language)
    try:
        return "\n".join(_lines()) + "\n"
    finally:
        use_ui_language("en")


def path_of(language: str) -> str:
    """Return the path of the man page in a language."""
    folder = os.path.join(os.path.dirname(__file__), "man", "" if language == "en" else language)
    return os.path.normpath(os.path.join(folder, "relmgr.1"))


def _lines() -> Iterator[str]:
    group: Any = typer.main.get_command(load_app())
    context = typer.Context(group, info_name="relmgr")
    yield '.TH RELMGR 1 "" relmgr'
    yield _heading("NAME")
    yield f"relmgr \\- {_text(translate(TEXTS[8]))}"
    yield _heading("SYNOPSIS")
    yield f".B relmgr\n{_text(' '.join(group.collect_usage_pieces(context)))}"
    yield _heading("DESCRIPTION")
    yield from _description(group)
    yield _heading("COMMANDS")
    for name, command in group.commands.items():
        inner = typer.Context(command, info_name=name, parent=context)
        yield f".SS {_text(f'relmgr {name}')} {_text(' '.join(command.collect_usage_pieces(inner)[1:]))}".rstrip()
        yield from _description(command)
        own = [each for each in command.params if each.name not in shared_options() and each.name != "help"]
        with translated_help(inner, command):
            yield from _parameters(own, inner)
    yield _heading("COMMON OPTIONS")
    yield _text(translate(TEXTS[9]))
    with translated_help(context, group):
        yield from _parameters([each for each in group.params if each.name in shared_options()], context)
    for title, entries in (("EXIT STATUS", _EXIT_CODES), ("ENVIRONMENT", _VARIABLES), ("FILES", _FILES)):
        yield _heading(title)
        yield from (f".TP\n.B {_text(term)}\n{_text(translate(text))}" for term, text in entries)


def _description(command: Any) -> Iterator[str]:
    """Yield the description of a command and its examples."""
    description, examples = help_parts(command.help)
    for paragraph in translate(description).split("\n\n"):
        yield f".PP\n{_text(' '.join(paragraph.split()))}"
    for line, effect in examples:
        yield f".TP\n.B {_text(line)}\n{_text(translate(effect))}"


def _parameters(parameters: list[Any], context: Any) -> Iterator[str]:
    for each in parameters:
        if (record := each.get_help_record(context)) is not None:
            yield f".TP\n.B {_text(record[0])}\n{_text(record[1])}"


def _heading(title: str) -> str:
    return f".SH {_text(translate(title))}"


def _text(text: str) -> str:
    """Return a text that the formatter takes as it is, with hyphens that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def main() -> None:
    """Write all man pages."""
    for language in LANGUAGES:
        os.makedirs(os.path.dirname(path_of(language)), exist_ok=True)
        with open(path_of(language), "w", encoding="utf-8") as file:
            file.write(page(language))


if __name__ == "__main__":
    main()
