"""The language that relmgr speaks: English, or that of the locale if there is a catalogue for it.

The catalogues are gettext's, `locale/LANGUAGE/LC_MESSAGES/relmgr.po` and its compiled form; CONTRIBUTING.md says how to
add one. JSON, codes and what other programs read are always in English.
"""

import os
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from relmgr_cli import messages
from relmgr_cli.messages import Message, Plural

if TYPE_CHECKING:
    from gettext import GNUTranslations

FOLDER = os.path.join(os.path.dirname(__file__), "locale")
_MESSAGES = frozenset(["kind", "type", "reason", "note", "limit", "message"])  # fields that hold a message themselves
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set names the locale

_catalogue: "GNUTranslations | None" = None  # global as the messages are: one process speaks one language
_replaced: list[tuple[ModuleType, dict[str, Any]]] = []  # what `use_ui_language` has replaced


def ui_language(environ: Mapping[str, str]) -> str:
    """Return the language to speak: "en", or one that has a catalogue.

    It is that of RELMGR_UI_LANG, else, as gettext has it, the first of LANGUAGE that there is, else that of the locale.
    """
    locale = next((value for name in _VARIABLES if (value := environ.get(name))), "C")
    wanted = environ.get("RELMGR_UI_LANG", "")
    if not wanted:
        if locale.partition(".")[0] in ("C", "POSIX"):
            return "en"
        wanted = environ.get("LANGUAGE") or locale
    for name in wanted.split(":"):
        tag = name.replace("-", "_").partition("_")[0].partition(".")[0].lower()
        if tag == "en" or (tag.isalpha() and os.path.isfile(_path(tag))):
            return tag
    return "en"


def _path(language: str) -> str:
    return os.path.join(FOLDER, language, "LC_MESSAGES", "relmgr.mo")


def use_ui_language(language: str) -> None:
    """Translate all messages of this process, those of Typer too; "en" for the ones of the source."""
    global _catalogue  # noqa: PLW0603 (see above)
    if _catalogue is not None:
        _undo()
    if language == "en":
        return
    import gettext

    with open(_path(language), "rb") as file:
        _catalogue = catalogue = gettext.GNUTranslations(file)
    english = {name: value for name, value in vars(messages).items() if name.isupper()}
    _replaced.extend(
        [(messages, english), (gettext, {name: vars(gettext)[name] for name in ("dgettext", "dngettext")})]
    )
    vars(messages).update({name: _translated(value, catalogue) for name, value in english.items()})
    # Typer asks these for its own texts, with a domain that it does not set.
    functions = {
        "dgettext": lambda _, text: catalogue.gettext(text),
        "dngettext": lambda _, *forms: catalogue.ngettext(*forms),
    }
    vars(gettext).update(functions)


def _undo() -> None:
    """Speak English again."""
    global _catalogue  # noqa: PLW0603 (see above)
    _catalogue = None
    for module, values in _replaced:
        vars(module).update(values)
    _replaced.clear()


def _translated(value: Any, catalogue: "GNUTranslations") -> Any:
    """Return a message, or a collection of messages, in the language of a catalogue."""
    if isinstance(value, Plural):
        return _CataloguePlural(value, catalogue)
    if isinstance(value, Message):
        return Message(catalogue.gettext(value))
    if isinstance(value, str):
        return catalogue.gettext(value)
    if isinstance(value, dict):
        return {key: _translated(each, catalogue) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_translated(each, catalogue) for each in value)
    return value


class _CataloguePlural:
    """A message in the plural forms of a language."""

    def __init__(self, plural: Plural, catalogue: "GNUTranslations") -> None:
        self._plural = plural
        self._catalogue = catalogue

    def fill(self, count: int, **fields: object) -> str:
        """Return the form for a number, with the values of its fields."""
        return Message(self._catalogue.ngettext(*self._plural, count)).fill(count=count, **fields)


def current_language() -> str:
    """Return the language that relmgr speaks."""
    return (_catalogue.info().get("language") or "en") if _catalogue else "en"


def translate(text: str) -> str:
    """Return a text of the source, such as the help of an option, in the language that relmgr speaks."""
    return _catalogue.gettext(text) if _catalogue and text else text


def localized(text: str) -> str:
    """Return a problem or finding, which is in English, in the language that relmgr speaks.

    Its template is the one of file_messages.py that fits with the most text of its own; what fits none is unchanged.
    """
    if _catalogue is None:
        return text
    for template, plural in _file_templates():
        fields = _fields(template, text)
        if fields is None:
            continue
        values = {name: localized(value) if name in _MESSAGES else value for name, value in fields.items()}
        if plural:
            count = fields.get("count", "1")
            forms = _catalogue.ngettext(*plural, int(count) if count.isdecimal() else 2)
            return forms.format_map({"count": count, **values})
        return _catalogue.gettext(template).format_map(values)
    return text


@cache
def _file_templates() -> tuple[tuple[str, Plural | None], ...]:
    """Return the templates of file_messages.py, with the plural that each is a form of; those with most text first."""
    from string import Formatter

    from relmgr_cli import file_messages

    found: list[tuple[str, Plural | None]] = []
    for name, value in vars(file_messages).items():
        if not name.isupper():
            continue
        if isinstance(value, Plural):
            found += [(form, value) for form in value]
        else:
            found += [(each, None) for each in (value.values() if isinstance(value, dict) else [value])]
    return tuple(sorted(found, key=lambda each: -sum(len(literal) for literal, *_ in Formatter().parse(each[0]))))


def _fields(template: str, text: str) -> dict[str, str] | None:
    """Return the values with which a template was filled to give a text; None if it was another one."""
    from string import Formatter

    found: dict[str, str] = {}
    at, field = 0, ""
    parts = list(Formatter().parse(template))
    for literal, name, _, _ in parts:
        is_end = not name and field  # what follows the last field
        start = max(len(text) - len(literal), 0) if is_end else text.find(literal, at)
        if start < at or not text.startswith(literal, start) or (not field and start):
            return None
        if field:
            found[field] = text[at:start]
        at, field = start + len(literal), name or ""
    if field:
        found[field] = text[at:]
    return found if field or at == len(text) else None
