"""What the user has set: read once from environment, config file and options, then passed around.

Nothing else in relmgr looks at the environment. Folders are named here but never made.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from relmgr_cli.errors import SettingError
from relmgr_cli.filesystem import atomic_write

COLOR_CHOICES = ("auto", "always", "never")
THEME_CHOICES = ("auto", "dark", "light")
READER_THEMES = ("terminal", "dark", "light", "contrast")
_CONFIG_KEYS = ("library", "lang", "pager", "width", "color", "theme", "links", "reader")


class Arrangement(StrEnum):
    """How a page shows its languages: one alone, several side by side, or one below the other."""

    SINGLE = "single"
    COLUMNS = "columns"
    INTERLEAVED = "interleaved"


class ReaderSettings(NamedTuple):
    """How the full-screen reader looks: the table `reader` of the config file, which it writes itself."""

    theme: str = "terminal"
    mode: Arrangement = Arrangement.SINGLE
    measure: int = 0  # cells for running text; 0 for what suits the terminal
    centred: bool = True  # the text in the middle of the screen
    outline: bool = True  # shown where there is room for it


class Settings(NamedTuple):
    """Everything a command needs to know of its surroundings."""

    environ: Mapping[str, str]
    roots: tuple[Path, ...]  # the library's folders, each once
    named_roots: tuple[Path, ...] = ()  # as named; several may be links to one folder
    asked_library: tuple[str, ...] = ()  # --library as given
    configured_language: str = ""  # from the config file
    asked_language: str = ""  # --lang as given; "" when not
    width: int | None = None  # cells; None means as wide as suits the terminal
    color: str = "auto"
    theme: str = "auto"
    plain: bool = False
    as_json: bool = False
    links: bool | None = None  # None means where the output is no terminal
    pager: str = ""  # a command line; "" means none
    config_file: Path | None = None
    cache_folder: Path | None = None  # None when there is no home folder
    state_folder: Path | None = None
    reader: ReaderSettings = ReaderSettings()


def bundled_seeds() -> Path:
    """Return the folder of the bundled articles: in the package when installed, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "seeds"
    return installed if installed.is_dir() else package.parent / "seeds"


def read_settings(  # noqa: PLR0913 (one parameter for each option)
    environ: Mapping[str, str],
    *,
    library: Sequence[Path] = (),
    lang: str | None = None,
    width: int | None = None,
    color: str | None = None,
    plain: bool = False,
    as_json: bool = False,
    links: bool | None = None,
    pager: bool = True,
) -> Settings:
    """Return the settings: options before environment before config file before defaults.

    Raises SettingError for a config file that cannot be read or holds a value that is none.
    """
    config_folder, cache_folder, state_folder = _user_folders()
    config_file = config_folder / "config.toml" if config_folder else None
    config = _read_config(config_file) if config_file else {}
    from_environ = [Path(entry) for entry in environ.get("RELMGR_LIBRARY", "").split(os.pathsep) if entry]
    from_config = [Path(os.path.expanduser(entry)) for entry in _as_list(config.get("library", []))]
    named_roots = tuple(library or from_environ or from_config or [bundled_seeds()])
    return Settings(
        environ=environ,
        asked_library=tuple(map(str, library)),
        roots=_distinct(named_roots),
        named_roots=named_roots,
        configured_language=str(config.get("lang", "")),
        asked_language=lang or "",
        width=width or config.get("width"),
        color=color or config.get("color", "auto"),
        theme=config.get("theme", "auto"),
        plain=plain,
        as_json=as_json,
        links=config.get("links") if links is None else links,
        pager=_pager(environ, config) if pager and not plain else "",
        config_file=config_file,
        cache_folder=cache_folder,
        state_folder=state_folder,
        reader=_reader_settings(config.get("reader", {})),
    )


def _distinct(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return each folder once, however often it is named and through whatever link, as it is named first."""
    return tuple({os.path.realpath(folder): folder for folder in reversed(folders)}.values())[::-1]


def _reader_settings(table: Mapping[str, Any]) -> ReaderSettings:
    reader = ReaderSettings(**table)
    return reader._replace(mode=Arrangement(reader.mode))


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
    for chosen in (environ.get("RELMGR_PAGER"), config.get("pager"), environ.get("PAGER")):
        if chosen is not None:
            return str(chosen)
    return "less -FIRX"


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(item) for item in value]


def _read_config(path: Path) -> dict[str, Any]:
    try:
        source = path.read_bytes()
    except OSError:
        return {}
    import tomllib

    try:
        config = tomllib.loads(source.decode())
    except ValueError as error:
        raise SettingError(str(path), f"not valid TOML: {error}") from None
    for key, value in config.items():
        if reason := _fault_in(key, value):
            raise SettingError(str(path), reason)
    return config


def _fault_in(key: str, value: Any) -> str | None:
    if key not in _CONFIG_KEYS:
        return f"unknown setting '{key}'; there are {', '.join(_CONFIG_KEYS)}"
    if key == "reader":
        return _fault_in_reader(value)
    choices = {"color": COLOR_CHOICES, "theme": THEME_CHOICES}.get(key)
    if choices and value not in choices:
        return f"{key} must be one of {', '.join(choices)}"
    kinds = {"library": (str, list), "width": (int,), "links": (bool,)}.get(key, (str,))
    if not isinstance(value, kinds) or (key == "width" and isinstance(value, bool)):
        return f"{key} has a value of the wrong kind"
    if key == "library" and any("\0" in entry for entry in _as_list(value)):  # no path can have one
        return f"{key} has a value of the wrong kind"
    return None


def _fault_in_reader(table: Any) -> str | None:
    if not isinstance(table, dict):
        return "reader must be a table: [reader]"
    for key, value in table.items():
        if key not in ReaderSettings._fields:
            return f"unknown setting 'reader.{key}'; there are {', '.join(ReaderSettings._fields)}"
        choices = {"theme": READER_THEMES, "mode": tuple(Arrangement)}.get(key)
        if choices and value not in choices:
            return f"reader.{key} must be one of {', '.join(choices)}"
        kind = str if choices else type(ReaderSettings._field_defaults[key])
        if type(value) is not kind:
            return f"reader.{key} has a value of the wrong kind"
    return None


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
        changes = {
            key: value
            for key, value in settings._asdict().items()
            if value != table.get(key, ReaderSettings._field_defaults[key])
        }
        if not changes:
            return
        if "reader" not in document:
            table = document["reader"] = tomlkit.table()
        for key, value in changes.items():
            table[key] = str(value) if isinstance(value, str) else value  # an enum's value
        mode = 0o600 if is_new else os.stat(target).st_mode & 0o777
        atomic_write(target, tomlkit.dumps(document).encode(), mode=mode)
