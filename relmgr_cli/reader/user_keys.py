"""The keys that the user has chosen in the table [keys] of the config file.

A key of the user's is translated to the default key of its action when it arrives, so no widget has to know of it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from relmgr_cli import file_messages, messages
from relmgr_cli.errors import SettingError
from relmgr_cli.reader.keymap import KEYS, Key

_NAMED = {  # keys that are not characters, with what the help calls them
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "space": "space",
    "tab": "Tab",
    "enter": "Enter",
    "escape": "Esc",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}
_WRITTEN = {written.lower(): name for name, shown in _NAMED.items() for written in (name, shown)}
_MODIFIERS = ("alt", "ctrl", "shift")
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}  # terminals send the same for both
_RESERVED = frozenset({"escape", "ctrl+c", "ctrl+q", *"0123456789"})
_TEXTUAL = {"solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus"}
_TEXTUAL |= {"plus_sign": "plus", "low_line": "underscore"}  # what Textual shortens of the names in Unicode
_UNICODE = {short: name for name, short in _TEXTUAL.items()}
_MAX_SHOWN = 2  # keys of an action in the help


class UserKeys(NamedTuple):
    """The keys of all actions."""

    keys: Mapping[str, Sequence[str]] = {}  # by the name of the action, those that the user has changed
    translation: Mapping[str, str] = {}  # of keys to default keys; "" for a key that does nothing any more

    def of(self, key: Key) -> Sequence[str]:
        """Return the keys of an action, by Textual's names; the user may take any but the first for another action."""
        if key.name in self.keys:
            return self.keys[key.name]
        default = key.keys.split(",") if key.keys else []
        return [*default[:1], *(each for each in default[1:] if each not in self.translation)]

    def shown(self, name: str) -> str:
        """Return the first key of an action as the help shows it; "" if it has none."""
        return next((shown_key(key) for each in KEYS if each.name == name for key in self.of(each)), "")


def read_user_keys(table: Mapping[str, Sequence[str]], source: str) -> UserKeys:
    """Return the keys for the table [keys] of the config file `source`.

    Raises SettingError for an unknown action or key, and for a key of two actions.
    """
    if not table:
        return UserKeys()
    names = [key.name for key in KEYS if key.name]
    keys: dict[str, Sequence[str]] = {}
    for name, written in table.items():
        if name not in names:
            raise SettingError(source, _unknown_action(name, names))
        keys[name] = tuple(dict.fromkeys(_textual_key(name, each, source) for each in written))
    found = UserKeys(keys, _translation(keys))
    actions: dict[str, str] = {}  # by key
    for key in KEYS:
        for each in found.of(key) if key.name else ():
            if each in actions:
                both = {"one": actions[each], "other": key.name}
                raise SettingError(source, messages.KEY_CONFLICT.fill(key=shown_key(each), **both))
            actions[each] = key.name
    return found


def _translation(keys: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    changed = [key for key in KEYS if key.name in keys]
    dropped = {default: "" for key in changed for default in key.keys.split(",")}
    return dropped | {each: key.keys.split(",")[0] for key in changed for each in keys[key.name]}


def _unknown_action(name: str, names: Sequence[str]) -> str:
    import difflib

    if near := difflib.get_close_matches(name, names, 1):
        return file_messages.SETTING_SUGGESTED.fill(key=f"keys.{name}", near=f"keys.{near[0]}")
    return file_messages.SETTING_UNKNOWN.fill(key=f"keys.{name}", choices=", ".join(names))


def _textual_key(action: str, written: str, source: str) -> str:
    key = parse_key(written)
    if not key or key in _RESERVED:
        template = messages.KEY_RESERVED if key else messages.KEY_UNKNOWN
        raise SettingError(source, template.fill(action=action, key=written))
    return key


def parse_key(written: str) -> str:
    """Return Textual's name of a key as it is written, `/`, `L` or `ctrl+d`; "" if there is no such key."""
    *modifiers, base = written.split("+") if len(written) > 1 else [written]
    names = sorted({modifier.lower() for modifier in modifiers})
    if names == ["shift"] and len(base) == 1:
        names, base = [], base.upper()
    if base.lower() == messages.KEY_SPACE.lower():
        base = "space"
    elif base.lower() in _WRITTEN:
        base = _WRITTEN[base.lower()]
    elif len(base) == 1 and base.isprintable() and not base.isspace():
        base = _character_name(base.lower() if names else base)
    else:
        return ""
    key = "+".join([*names, base])
    return _SAME.get(key, key) if set(names) <= set(_MODIFIERS) else ""


def _character_name(character: str) -> str:
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _TEXTUAL.get(name, name)


def shown_key(key: str) -> str:
    """Return a key, by Textual's name, as the help shows it: `/`, `L`, `Ctrl+D`, `F2`."""
    *modifiers, base = key.split("+")
    if base == "space":
        shown = messages.KEY_SPACE
    elif base in _NAMED:
        shown = _NAMED[base]
    elif len(base) == 1:
        shown = base.upper() if modifiers else base
    else:
        shown = _character(_UNICODE.get(base, base))
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])


def _character(name: str) -> str:
    for each in (name.replace("_", " "), name.replace("_", "-"), name.replace("_", "-", 1).replace("_", " ")):
        try:
            return unicodedata.lookup(each.upper())
        except KeyError:
            continue
    return name


def _filled(template: str, user_keys: UserKeys) -> list[str]:
    """Return a text with the key of the action that it names in braces; [] if the action has none."""
    before, _, rest = template.partition("{")
    name, _, after = rest.partition("}")
    shown = user_keys.shown(name) if name else ""
    return [f"{before}{shown}{after}"] if shown or not name else []


def help_lines(keys: Sequence[Key], user_keys: UserKeys) -> list[tuple[str, str]]:
    """Return the lines of the help for a group of keys: the keys, and what they do.

    Actions that share a line take turns: "space b", then "Ctrl+F Ctrl+B".
    """
    found: list[tuple[list[Sequence[str]], str]] = []
    for key in keys:
        shown = _filled(key.shown, user_keys) if key.shown else [*map(shown_key, user_keys.of(key))]
        if key.meaning:
            found.append(([], key.meaning))
        found[-1][0].append(shown[:_MAX_SHOWN])
    lines = []
    for columns, meaning in found:
        names = [name for turn in zip_longest(*columns) for name in turn if name]
        if names:
            lines.append((" ".join(names), meaning))
    return lines
