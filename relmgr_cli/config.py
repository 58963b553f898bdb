"""The settings: read once from environment, config file and options, then passed around.

No other module reads the environment. No folder is created here.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from relmgr_cli import file_messages
from relmgr_cli.errors import SettingError
from relmgr_cli.filesystem import atomic_write
from relmgr_cli.project import FILE_NAME
from relmgr_cli.surroundings import is_folder_of_articles, look_around, project_of

READER_THEMES = ("terminal", "dark", "light", "contrast")
_CONFIG_TYPES = {
    "library": list,  # or one string
    "lang": str,
    "pager": str,
    "width": int,
    "color": ("auto", "always", "never"),
    "theme": ("auto", "dark", "light"),
    "links": bool,
    "plain": bool,
    "images": bool,
    "reader": dict,
    "keys": dict,
}
_TYPE_NAMES = {
    str: file_messages.TYPE_STRING,
    int: file_messages.TYPE_INTEGER,
    bool: file_messages.TYPE_BOOLEAN,
    dict: file_messages.TYPE_TABLE,
}


class Arrangement(StrEnum):
    """How a page shows languages: a single one, several in columns, or interleaved."""

    SINGLE = "single"
    COLUMNS = "columns"
    INTERLEAVED = "interleaved"


class ReaderSettings(NamedTuple):
    """The table `reader` of the config file, which the full-screen reader writes itself."""

    theme: str = "terminal"
    mode: Arrangement = Arrangement.SINGLE
    measure: int = 0  # cells for running text; 0 for the default
    centred: bool = True
    outline: bool = True  # shown where there is room for it
    numbers: bool = False  # of the lines of the file, in the margin


_READER_TYPES = {
    "theme": READER_THEMES,
    "mode": tuple(Arrangement),
    "measure": int,
    "centred": bool,
    "outline": bool,
    "numbers": bool,
}


class ChosenBy(StrEnum):
    """What chooses the library: the first of these that names one."""

    BUNDLED_OPTION = "--bundled"
    LIBRARY_OPTION = "--library"
    ENVIRONMENT = "RELMGR_LIBRARY"
    PROJECT = "relmgr.toml"
    CONFIG = "config file"
    WORK_TREE = "git work tree"
    CURRENT_FOLDER = "current folder"
    DEFAULT = "default"


class LibraryChoice(NamedTuple):
    """The folders of the library, and why they are."""

    folders: tuple[Path, ...]  # as they were named; several may be links to one folder
    by: ChosenBy
    file: str = ""  # the file that names them; "" if none does
    looked_at: tuple[str, ...] = ()  # files on which the choice depends; they need not exist

    @property
    def is_local(self) -> bool:
        """Whether it is where the user is, without being named: the bundled articles are read if it has no Markdown."""
        return self.by in (ChosenBy.WORK_TREE, ChosenBy.CURRENT_FOLDER)

    @property
    def reason(self) -> str:
        """The file, the variable or the option that names the library."""
        return self.file or str(self.by)


class Settings(NamedTuple):
    """What the user has set by options, environment and config file."""

    environ: Mapping[str, str]
    roots: tuple[Path, ...]  # the library's folders, each once
    choice: LibraryChoice
    asked_library: tuple[str, ...] = ()  # --library as given
    configured_language: str = ""  # from the config file
    asked_language: str = ""  # --lang as given; "" when not
    width: int | None = None  # cells; None for the default of the terminal
    asked_width: int | None = None  # --width as given
    color: str = "auto"
    theme: str = "auto"
    plain: bool = False
    as_json: bool = False
    links: bool | None = None  # None for everywhere but on a terminal
    images: bool = True  # drawn by the reader where the terminal can
    pager: str = ""  # a command line; "" means none
    config_file: Path | None = None
    cache_folder: Path | None = None  # None when there is no home folder
    state_folder: Path | None = None
    reader: ReaderSettings = ReaderSettings()
    keys: Mapping[str, Sequence[str]] = {}  # of the reader, by action; as written, see reader/user_keys.py

    @property
    def is_dumb_terminal(self) -> bool:
        """Whether the terminal cannot move its cursor, by TERM."""
        return self.environ.get("TERM") == "dumb"


def bundled_seeds() -> Path:
    """Return the folder of the bundled articles: in the installed package, or next to it in a checkout."""
    package = Path(__file__).parent
    installed = package / "seeds"
    return installed if installed.is_dir() else package.parent / "seeds"


def read_settings(  # noqa: PLR0913 (one parameter for each option)
    environ: Mapping[str, str],
    *,
    library: Sequence[str | Path] = (),
    bundled: bool = False,
    lang: str | None = None,
    width: int | None = None,
    color: str | None = None,
    plain: bool | None = None,
    as_json: bool = False,
    links: bool | None = None,
    pager: bool = True,
) -> Settings:
    """Return the settings; options override the environment, which overrides the config file.

    Raises SettingError for a config file or a relmgr.toml that is not valid.
    """
    config_folder, cache_folder, state_folder = _user_folders()
    config_file = config_folder / "config.toml" if config_folder else None
    config = _read_config(config_file) if config_file else {}
    choice = (
        LibraryChoice((bundled_seeds(),), ChosenBy.BUNDLED_OPTION)
        if bundled
        else _asked_library(environ, library) or _local_library(config, config_file)
    )
    reader = ReaderSettings(**config.get("reader", {}))
    if plain is None:
        plain = _is_plain(environ, config)
    return Settings(
        environ=environ,
        asked_library=tuple(map(str, library)),
        roots=_distinct(choice.folders),
        choice=choice,
        configured_language=str(config.get("lang", "")),
        asked_language=lang or "",
        width=width or config.get("width"),
        asked_width=width,
        color=color or config.get("color", "auto"),
        theme=config.get("theme", "auto"),
        plain=plain,
        as_json=as_json,
        links=config.get("links") if links is None else links,
        images=config.get("images", True),
        pager=_pager(environ, config) if pager and not plain and environ.get("TERM") != "dumb" else "",
        config_file=config_file,
        cache_folder=cache_folder,
        state_folder=state_folder,
        reader=reader._replace(mode=Arrangement(reader.mode)),
        keys={action: _strings(keys) for action, keys in config.get("keys", {}).items()},
    )


def _asked_library(environ: Mapping[str, str], asked: Sequence[str | Path]) -> LibraryChoice | None:
    """Return the library that an option or the environment names; None if they name none."""
    if asked:
        return _named([Path(folder) for folder in asked], ChosenBy.LIBRARY_OPTION)
    from_environ = [Path(entry) for entry in environ.get("RELMGR_LIBRARY", "").split(os.pathsep) if entry]
    return _named(from_environ, ChosenBy.ENVIRONMENT) if from_environ else None


def _local_library(config: Mapping[str, Any], config_file: Path | None) -> LibraryChoice:
    """Return the library of the place where the user is, or the one in the config file, or the bundled one.

    Raises SettingError for a relmgr.toml that is not valid.
    """
    current = _current_folder()
    project, work_tree, looked_at = look_around(current)
    if project is not None:
        folders = tuple(map(Path, project.library or [project.folder]))
        return LibraryChoice(folders, ChosenBy.PROJECT, project.path, looked_at)
    if from_config := [Path(os.path.expanduser(folder)) for folder in _strings(config.get("library", []))]:
        choice = _named(from_config, ChosenBy.CONFIG, str(config_file))
        return choice._replace(looked_at=(*looked_at, *choice.looked_at))
    if work_tree:
        return LibraryChoice((Path(work_tree),), ChosenBy.WORK_TREE, looked_at=looked_at)
    looked_at = (*looked_at, current) if current else looked_at
    if is_folder_of_articles(current):
        return LibraryChoice((Path(current),), ChosenBy.CURRENT_FOLDER, looked_at=looked_at)
    return LibraryChoice((bundled_seeds(),), ChosenBy.DEFAULT, looked_at=looked_at)


def _named(folders: Sequence[Path], by: ChosenBy, file: str = "") -> LibraryChoice:
    """Return the choice of these folders; for one with a relmgr.toml that names a library, the folders of that."""
    found: list[Path] = []
    for folder in folders:
        project = project_of(os.path.abspath(folder))
        found += map(Path, project.library) if project and project.library else [folder]
    looked_at = tuple(os.path.join(os.path.abspath(folder), FILE_NAME) for folder in folders)
    return LibraryChoice(tuple(found), by, file, looked_at)


def _strings(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # deleted
        return ""


def _distinct(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return each folder once, by the first of its names; several may be links to it."""
    return tuple({os.path.realpath(folder): folder for folder in reversed(folders)}.values())[::-1]


def _user_folders() -> tuple[Path | None, Path | None, Path | None]:
    import platformdirs

    def find(name: str) -> Path | None:
        try:
            return Path(getattr(folders, name))
        except RuntimeError:  # no HOME, and a user that the system does not know
            return None

    folders = platformdirs.PlatformDirs("relmgr", appauthor=False)
    return find("user_config_path"), find("user_cache_path"), find("user_state_path")


def _pager(environ: Mapping[str, str], config: Mapping[str, Any]) -> str:
    choices = (environ.get("RELMGR_PAGER"), config.get("pager"), environ.get("PAGER"))
    return str(next((chosen for chosen in choices if chosen is not None), "less -FIRX"))


def _is_plain(environ: Mapping[str, str], config: Mapping[str, Any]) -> bool:
    """Return True if the environment or the config file asks for plain output; 0 and no ask for none."""
    asked = environ.get("RELMGR_PLAIN", "")
    return asked.lower() not in ("0", "no", "false") if asked else bool(config.get("plain"))


def _read_config(path: Path) -> dict[str, Any]:
    try:
        source = path.read_bytes()
    except OSError:
        return {}
    import tomllib

    try:
        config = tomllib.loads(source.decode())
    except UnicodeDecodeError:
        raise SettingError(str(path), file_messages.NOT_TOML.fill(reason=file_messages.NOT_UTF_8)) from None
    except ValueError as error:
        raise SettingError(str(path), file_messages.NOT_TOML.fill(reason=error)) from None
    if reason := _fault_in(config, _CONFIG_TYPES):
        raise SettingError(str(path), reason)
    return config


def _fault_in(table: Mapping[str, Any], types: Mapping[str, Any], prefix: str = "") -> str | None:
    """Return why a table of the config file cannot be used; None if it can.

    `types` has for each key the values it may have, or a type.
    """
    for key, value in table.items():
        name = prefix + key
        if key not in types:
            return file_messages.SETTING_UNKNOWN.fill(key=name, choices=", ".join(types))
        expected = types[key]
        if isinstance(expected, tuple):
            if value not in expected:
                return file_messages.SETTING_CHOICES.fill(key=name, choices=", ".join(expected))
        elif expected is list:
            entries = value if isinstance(value, list) else [value]
            if not all(isinstance(entry, str) and "\0" not in entry for entry in entries):
                return file_messages.SETTING_TYPE.fill(key=name, type=file_messages.TYPE_PATHS)
        elif type(value) is not expected:
            return file_messages.SETTING_TYPE.fill(key=name, type=_TYPE_NAMES[expected].fill(key=name))
        elif expected is dict:
            reason = _fault_in_keys(value) if key == "keys" else _fault_in(value, _READER_TYPES, f"{name}.")
            if reason:
                return reason
    return None


def _fault_in_keys(table: Mapping[str, Any]) -> str | None:
    fault = next((action for action, keys in table.items() if not _is_strings(keys)), None)
    return fault and file_messages.SETTING_TYPE.fill(key=f"keys.{fault}", type=file_messages.TYPE_KEYS)


def _is_strings(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def save_reader_settings(path: Path | None, settings: ReaderSettings) -> None:
    """Write the reader's settings into the config file; keeps everything else in it, and links to it.

    Does nothing if the file cannot be written or is not valid TOML. A default is not added to the file.
    """
    if path is None:
        return
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    target = os.path.realpath(path)
    with suppress(OSError, UnicodeDecodeError, TOMLKitError):
        is_new = not os.path.exists(target)
        old = "" if is_new else Path(target).read_bytes().decode()
        document = tomlkit.parse(old)
        table: Any = document.get("reader", {})
        saved = {**ReaderSettings._field_defaults, **table}
        changes = {key: value for key, value in settings._asdict().items() if value != saved[key]}
        if not changes:
            return
        if "reader" not in document:
            table = document["reader"] = tomlkit.table()
        for key, value in changes.items():
            table[key] = str(value) if isinstance(value, str) else value  # an enum's value
        mode = 0o600 if is_new else os.stat(target).st_mode & 0o777
        atomic_write(target, tomlkit.dumps(document).encode(), mode=mode)
