"""Reads `relmgr.toml`, in which the owner of a library says what belongs to it.

The file may come from a stranger: its size is limited, and the paths in it stay inside its folder. It may be for a
later version of relmgr: a key that is not known is reported and has no effect.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from relmgr_cli import file_messages
from relmgr_cli.errors import SettingError
from relmgr_cli.filesystem import read_regular_file

FILE_NAME = "relmgr.toml"
_KEYS = ("library", "exclude", "source", "languages", "pairs", "check", "status", "terms")
_STATUS_KEYS = ("languages", "exclude")
_CHECK_KEYS = ("select", "ignore", "fail-on", "baseline", "exclude")
_FAIL_LEVELS = ("error", "warning", "never")
_PAIR_KEYS = ("join", "part")
_MAX_BYTES = 64 << 10
_MAX_DOTS = 500  # in a line: the TOML parser needs quadratic time and memory in the parts of a key
_MAX_ENTRIES = 10_000  # of all lists and tables
_MAX_NOTICES = 5
_MAX_KEY = 60  # characters of a key in a message
_MAX_PATTERN = 300  # characters of a pattern in `exclude`
_DRIVE = re.compile(r"[A-Za-z]:")


class CheckSettings(NamedTuple):
    """What the table `check` says about `relmgr check`."""

    select: tuple[str, ...] = ()  # codes of findings; () for all
    ignore: tuple[str, ...] = ()
    fail_on: str = ""  # error, warning or never; "" if it does not say
    baseline: str = ""  # path relative to the folder of the file; "" for none
    exclude: tuple[str, ...] = ()  # patterns as in .gitignore


class StatusSettings(NamedTuple):
    """What the table `status` says about which translations are wanted."""

    languages: tuple[str, ...] = ()  # as written; () for all that the library has
    exclude: tuple[str, ...] = ()  # patterns as in .gitignore, of sources that need no translation


class TermSettings(NamedTuple):
    """What the table `terms` says about how terms are to be translated."""

    glossary: str = ""  # path of a table relative to the folder of the file; "" for none
    # Language, as written -> term of the source -> its accepted translations, the best first.
    accepted: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType({})


class Project(NamedTuple):
    """What a `relmgr.toml` says. Its paths are relative to its folder, with "/", except those of the library."""

    path: str  # of the file, absolute
    library: tuple[str, ...] = ()  # absolute folders; () if it names none
    exclude: tuple[str, ...] = ()  # patterns as in .gitignore
    source: str = ""  # the language that others are translated from, as written
    # A folder (with a "/" at the end) or a language part of a path -> language, as written.
    languages: Mapping[str, str] = MappingProxyType({})
    joined: tuple[tuple[str, ...], ...] = ()  # files that form one article
    parted: tuple[str, ...] = ()  # files that are alone
    notices: tuple[str, ...] = ()  # what is in the file and means nothing
    check: CheckSettings = CheckSettings()
    status: StatusSettings = StatusSettings()
    terms: TermSettings = TermSettings()

    @property
    def folder(self) -> str:
        """The folder of the file."""
        return os.path.dirname(self.path)

    def has_folder(self, folder: str) -> bool:
        """Return True if what the file says is about this folder, which is absolute, links resolved."""
        return any(is_below(folder, os.path.realpath(each)) for each in self.library or [self.folder])


def is_below(path: str, folder: str) -> bool:
    """Return True if a path is that of the folder or of something in it."""
    return path == folder or path.startswith(os.path.join(folder, ""))


def read_project(path: str) -> Project:
    """Return what a `relmgr.toml` says. Raises SettingError for one that cannot be used."""
    table = _load(path)
    checks: dict[str, Callable[[str, str, Any], Any]] = {
        "library": _folders,
        "exclude": _patterns,
        "source": _text,
        "languages": _languages,
        "pairs": _pairs,
        "check": _check,
        "status": _status,
        "terms": _terms,
    }
    values = {key: checks[key](path, key, value) for key, value in table.items() if key in checks}
    notices = [_unknown(key, _KEYS) for key in table if key not in checks]
    for name, keys in (("check", _CHECK_KEYS), ("status", _STATUS_KEYS)):
        notices += [_unknown(key, keys, f"{name}.") for key in table.get(name, {}) if key not in keys]
    joined, parted = values.get("pairs", ((), ()))
    return Project(
        path=path,
        library=values.get("library", ()),
        exclude=values.get("exclude", ()),
        source=values.get("source", ""),
        languages=values.get("languages", {}),
        joined=joined,
        parted=parted,
        notices=tuple(notices[:_MAX_NOTICES]),
        check=values.get("check", CheckSettings()),
        status=values.get("status", StatusSettings()),
        terms=values.get("terms", TermSettings()),
    )


def _load(path: str) -> dict[str, Any]:
    try:
        data = read_regular_file(path, _MAX_BYTES, follows_links=True)
        if len(data) > _MAX_BYTES:
            raise SettingError(path, file_messages.SETTINGS_TOO_LARGE.fill(kib=_MAX_BYTES >> 10))
        return parse_toml(data.decode("utf-8-sig"))
    except OSError as error:
        raise SettingError(path, error.strerror or file_messages.UNREADABLE) from None
    except UnicodeDecodeError:
        raise SettingError(path, file_messages.NOT_TOML.fill(reason=file_messages.NOT_UTF_8)) from None
    except ValueError as error:
        raise SettingError(path, file_messages.NOT_TOML.fill(reason=error)) from None


def parse_toml(text: str) -> dict[str, Any]:
    """Return the table of a TOML text that may come from a stranger. Raises ValueError."""
    import tomllib

    if any(line.count(".") > _MAX_DOTS for line in text.split("\n")):
        raise ValueError(file_messages.NESTED_TOO_DEEPLY)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError(file_messages.NESTED_TOO_DEEPLY) from None


def _unknown(key: str, choices: Sequence[str], prefix: str = "") -> str:
    import difflib

    key = key[:_MAX_KEY]
    if near := difflib.get_close_matches(key, choices, 1):
        return file_messages.SETTING_SUGGESTED.fill(key=prefix + key, near=prefix + near[0])
    return file_messages.SETTING_UNKNOWN.fill(key=prefix + key, choices=", ".join(choices))


def _table(path: str, key: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise SettingError(path, file_messages.SETTING_TYPE.fill(key=key, type=file_messages.TYPE_TABLE.fill(key=key)))
    if len(value) > _MAX_ENTRIES:
        raise SettingError(path, file_messages.SETTING_LONG.fill(key=key))
    return value


def _text(path: str, key: str, value: Any, kind: str = file_messages.TYPE_LANGUAGE) -> str:
    """Return a text; `kind` is what it is, for a message."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise SettingError(path, file_messages.SETTING_TYPE.fill(key=key, type=kind))
    return value.strip()


def _texts(path: str, key: str, value: Any, kind: str = file_messages.TYPE_PATHS) -> list[str]:
    """Return a list of texts; one text is a list of one. `kind` is what they are, for a message."""
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, str) and entry.strip() and "\0" not in entry for entry in entries):
        raise SettingError(path, file_messages.SETTING_TYPE.fill(key=key, type=kind))
    if len(entries) > _MAX_ENTRIES:
        raise SettingError(path, file_messages.SETTING_LONG.fill(key=key))
    return entries


def _folders(path: str, key: str, value: Any) -> tuple[str, ...]:
    """Return the folders of the library, absolute. One that is not there is reported when it is read."""
    folder = os.path.dirname(path)
    real_folder = os.path.realpath(folder)
    folders = []
    for entry in _texts(path, key, value):
        inside = _inside(path, key, entry)
        found = os.path.join(folder, inside) if inside else folder
        if not is_below(os.path.realpath(found), real_folder):
            raise SettingError(path, file_messages.PATH_LEAVES.fill(key=key, path=entry))
        folders.append(found)
    if not folders:
        raise SettingError(path, file_messages.LIBRARY_WITHOUT_FOLDER)
    return tuple(dict.fromkeys(folders))


def _inside(path: str, key: str, entry: str) -> str:
    """Return a path relative to the folder of the file, normalized; "" for the folder itself."""
    if "\\" in entry:
        raise SettingError(path, file_messages.PATH_BACKSLASH.fill(key=key, path=entry))
    parts = [part for part in entry.split("/") if part not in ("", ".")]
    if entry.startswith(("/", "~")) or ".." in parts or _DRIVE.match(entry):
        raise SettingError(path, file_messages.PATH_LEAVES.fill(key=key, path=entry))
    return "/".join(parts)


def _patterns(path: str, key: str, value: Any) -> tuple[str, ...]:
    patterns = tuple(_texts(path, key, value, file_messages.TYPE_PATTERNS))
    for pattern in patterns:
        if len(pattern) > _MAX_PATTERN:
            raise SettingError(path, file_messages.PATTERN_LONG.fill(key=key, pattern=pattern[:_MAX_PATTERN]))
    return patterns


def _check(path: str, key: str, value: Any) -> CheckSettings:
    """Return the settings of `relmgr check`; which codes there are is for it to say."""
    table = _table(path, key, value)
    given = {name: f"{key}.{name}" for name in _CHECK_KEYS if name in table}
    codes = {
        name: tuple(_texts(path, given[name], table[name], file_messages.TYPE_CODES))
        for name in ("select", "ignore")
        if name in given
    }
    level = table.get("fail-on", "")
    if "fail-on" in given and level not in _FAIL_LEVELS:
        raise SettingError(
            path, file_messages.SETTING_CHOICES.fill(key=given["fail-on"], choices=", ".join(_FAIL_LEVELS))
        )
    baseline = _text(path, given["baseline"], table["baseline"], file_messages.TYPE_PATH) if "baseline" in given else ""
    return CheckSettings(
        select=codes.get("select", ()),
        ignore=codes.get("ignore", ()),
        fail_on=level,
        baseline=_inside(path, given["baseline"], baseline) if baseline else "",
        exclude=_patterns(path, given["exclude"], table["exclude"]) if "exclude" in given else (),
    )


def _status(path: str, key: str, value: Any) -> StatusSettings:
    """Return the settings of `relmgr status`."""
    table = _table(path, key, value)
    languages = tuple(_texts(path, f"{key}.languages", table.get("languages", []), file_messages.TYPE_LANGUAGE))
    return StatusSettings(languages, _patterns(path, f"{key}.exclude", table.get("exclude", [])))


def _languages(path: str, key: str, value: Any) -> Mapping[str, str]:
    languages = {}
    for name, language in _table(path, key, value).items():
        entry = f"{key}.{name}"
        inside = _inside(path, entry, name)
        if not inside:
            raise SettingError(path, file_messages.PATH_LEAVES.fill(key=key, path=name))
        languages[f"{inside}/" if "/" in name else inside.lower()] = _text(path, entry, language)
    return languages


def _terms(path: str, key: str, value: Any) -> TermSettings:
    """Return the glossary: a file, or a table of terms for each language."""
    glossary = ""
    accepted: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, entry in _table(path, key, value).items():
        if name == "glossary":
            (file,) = _texts(path, f"{key}.{name}", [entry])
            glossary = _inside(path, f"{key}.{name}", file)
            continue
        terms = _table(path, f"{key}.{name}", entry)
        accepted[name] = {
            term: tuple(_texts(path, f"{key}.{name}.{term}", texts, file_messages.TYPE_TRANSLATIONS))
            for term, texts in terms.items()
        }
    return TermSettings(glossary, accepted)


def _pairs(path: str, key: str, value: Any) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Return the files to join and those to part."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise SettingError(path, file_messages.SETTING_TYPE.fill(key=key, type=file_messages.TYPE_TABLES.fill(key=key)))
    joined: list[tuple[str, ...]] = []
    parted: list[str] = []
    for entry in value[:_MAX_ENTRIES]:
        if not entry:
            raise SettingError(path, file_messages.PAIR_EMPTY.fill(choices=", ".join(_PAIR_KEYS)))
        for name, files in entry.items():
            if name not in _PAIR_KEYS:
                raise SettingError(path, _unknown(name, _PAIR_KEYS, f"{key}."))
            found = tuple(_inside(path, f"{key}.{name}", file) for file in _texts(path, f"{key}.{name}", files))
            if name == "part":
                parted += found
            elif len({*found}) < 2:  # noqa: PLR2004 (a pair)
                raise SettingError(path, file_messages.PAIR_TOO_SMALL)
            else:
                joined.append(found)
    return tuple(joined), tuple(parted)
