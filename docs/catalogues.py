"""Brings the catalogues of translations up to date with the messages, and compiles them.

Run it after any message has changed: python docs/catalogues.py. New messages are added without a translation, those
that are gone are removed; a message that has changed slightly keeps its translation, marked as fuzzy. A new language is
a new folder in relmgr_cli/locale.
"""

import difflib
import os
import sys
from collections.abc import Iterator
from typing import Any

import polib
import typer
from man_pages import TEXTS

from relmgr_cli import file_messages, messages
from relmgr_cli.cli.main import load_app
from relmgr_cli.cli.options import help_parts
from relmgr_cli.health.findings import RULES
from relmgr_cli.languages.names import languages
from relmgr_cli.messages import Plural
from relmgr_cli.reader.keymap import KEYS
from relmgr_cli.ui_language import FOLDER

# What Typer asks gettext for when it writes help.
_TYPER = ("Arguments", "Options", "Commands", "required", "default: {default}", "Show this message and exit.")
_MIN_ALIKE = 0.8  # of a message and one that has gone, to keep its translation as a proposal

Entry = str | Plural


def all_messages() -> dict[Entry, str]:
    """Return every text to translate, each with where it is shown."""
    found: dict[Entry, str] = {}
    for module in (messages, file_messages):
        for name, value in vars(module).items():
            if name.isupper() and name != "USAGE_WORDS":  # patterns for the English of Typer
                found.update((text, name) for text in _texts(value) if text not in found)
    for text, shown in _help_texts():
        found.setdefault(text, shown)
    for key in KEYS:
        if key.meaning:
            found.setdefault(key.meaning, f"reader, key {key.name}")
    for rule in RULES.values():
        found.setdefault(rule.summary, "relmgr check")
    for language in languages().values():
        found.setdefault(language.name, "the name of a language")
    return found


def _texts(value: Any) -> Iterator[Entry]:
    if isinstance(value, Plural | str):
        if value:
            yield value if isinstance(value, Plural) else str(value)
    elif isinstance(value, dict | tuple | frozenset):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _help_texts() -> Iterator[tuple[str, str]]:
    """Yield the texts of all help pages."""
    group: Any = typer.main.get_command(load_app())
    for command in (group, *group.commands.values()):
        name = "relmgr" if command is group else f"relmgr {command.name}"
        description, examples = help_parts(command.help)
        yield description, f"{name} --help"
        yield from ((effect, f"{name} --help") for _, effect in examples)
        yield from ((help_, f"{name} --help") for each in command.params if (help_ := getattr(each, "help", None)))
    yield from ((text, "any --help") for text in _TYPER)
    yield from ((text, "the man page") for text in TEXTS)


def update(path: str) -> polib.POFile:
    """Bring a catalogue up to date; return it."""
    old = polib.pofile(path, wrapwidth=100)
    known = {entry.msgid: entry for entry in old}
    wanted = all_messages()
    gone = {text for text in known if text not in {_first(each) for each in wanted}}
    new = polib.POFile(wrapwidth=100)
    new.metadata = old.metadata
    for text, shown in wanted.items():
        entry = known.get(_first(text)) or _proposal(_first(text), known, gone)
        entry.comment = shown
        if isinstance(text, Plural):
            entry.msgid_plural = text.other
            entry.msgstr, entry.msgstr_plural = "", entry.msgstr_plural or dict.fromkeys(range(3), "")
        new.append(entry)
    return new


def _first(text: Entry) -> str:
    return text.one if isinstance(text, Plural) else text


def _proposal(text: str, known: dict[str, polib.POEntry], gone: set[str]) -> polib.POEntry:
    """Return an entry with the translation of a similar message that is gone, if there is one."""
    if near := difflib.get_close_matches(text, gone, 1, _MIN_ALIKE):
        entry = known[near[0]]
        return polib.POEntry(msgid=text, msgstr=entry.msgstr, msgstr_plural=entry.msgstr_plural, flags=["fuzzy"])
    return polib.POEntry(msgid=text, msgstr="")


def main() -> None:
    """Update and compile all catalogues; say how much of each is translated."""
    for language in sorted(os.listdir(FOLDER)):
        path = os.path.join(FOLDER, language, "LC_MESSAGES", "relmgr.po")
        catalogue = update(path)
        catalogue.save(path)
        catalogue.save_as_mofile(path.removesuffix("po") + "mo")
        print(f"{language}: {catalogue.percent_translated()} %", file=sys.stderr)


if __name__ == "__main__":
    main()
