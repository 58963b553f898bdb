"""Reads from the configuration of site generators which language a site is translated from.

A setting says what the site shows where nothing else is asked for, which is the language that its authors write in.
Nothing is executed; a file that cannot be read says nothing.
"""

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from relmgr_cli.corpus.site_formats import Values, read_file, read_script, read_values
from relmgr_cli.errors import LanguageUnknownError
from relmgr_cli.languages.tags import parse_languages, parse_tag

_SCRIPT_ENDINGS = ("js", "ts", "mjs", "mts", "cjs", "cts")
_DATA_ENDINGS = ("toml", "yaml", "yml", "json")
_MAX_NAME = 40  # characters of the name of a language
_MAX_FOLDERS = 200  # of languages that one site names


class Site(NamedTuple):
    """What a site's configuration says."""

    folder: str  # whose documents it is about
    source: str = ""  # the tag of the language that the others are translated from; "" if it does not say
    folders: Mapping[str, str] = MappingProxyType({})  # folder -> tag of the documents in it


def _names(stem: str, endings: Iterable[str]) -> list[str]:
    return [f"{stem}.{ending}" for ending in endings]


def find_site_files(folder: str, names: Iterable[str]) -> list[str]:
    """Return the paths of configuration files in a folder, and of folders with such files, that it contains.

    `names` are those of its entries. The most reliable comes first.
    """
    found = [os.path.join(folder, name) for name in sorted(_RANK.keys() & set(names), key=_RANK.__getitem__)]
    return [path for each in found for path in (each, *_below(each))]


def _below(path: str) -> list[str]:
    """Return what a folder for configuration has in it; nothing for a file."""
    name = os.path.basename(path)
    if name not in _FOLDERS:
        return []
    below = [os.path.join(path, each) for each in _FOLDERS[name]]
    return [each for each in below if os.path.lexists(each)]


def read_site(path: str) -> Site | None:
    """Return what a configuration file says; None if it says nothing."""
    parent, name = os.path.split(path)
    if name.startswith("index."):
        parent = os.path.dirname(parent)
    folder_name = os.path.basename(parent)
    if folder_name in (".vitepress", ".vuepress"):
        return _site(os.path.dirname(parent), _vitepress(read_script(path)))
    if folder_name == "_default":
        values = read_values(path)
        return _hugo(os.path.dirname(os.path.dirname(parent)), {"languages": values} if "languages" in name else values)
    reader = _READERS.get(name)
    return reader(parent, path) if reader else None


def to_tag(name: object) -> str:
    """Return the tag of a language as a configuration writes it: `pt_br`, `English`; "" for anything else."""
    if not isinstance(name, str) or len(name) > _MAX_NAME or "." in name:
        return ""
    try:
        return parse_tag(name) or ",".join(parse_languages(name)[:1])
    except LanguageUnknownError:
        return ""


def find_template_folders(folder: str, names: Collection[str]) -> frozenset[str]:
    """Return the folders from which a generator makes new pages, where its site or theme is in a folder.

    `names` are those of the entries of that folder.
    """
    return frozenset(name for name, has_site in _TEMPLATES.items() if name in names and has_site(folder, names))


def _has_hugo(folder: str, names: Collection[str]) -> bool:
    if not _HUGO_FILES.isdisjoint(names) or os.path.isdir(os.path.join(folder, "config", "_default")):
        return True
    files = [name for name in _names("config", _DATA_ENDINGS) if name in names]  # may be of any program
    keys = {key.lower() for name in files for key in read_values(os.path.join(folder, name))}
    return not keys.isdisjoint(_HUGO_KEYS)


def _has_hexo(_folder: str, names: Collection[str]) -> bool:
    """Return whether a folder has a site of Hexo; Jekyll has a file of this name too, but no `source`."""
    return "source" in names and ("_config.yml" in names or "_config.yaml" in names)


_HUGO_FILES = frozenset([*_names("hugo", _DATA_ENDINGS), "theme.toml"])
_HUGO_KEYS = frozenset(["baseurl", "defaultcontentlanguage", "languagecode", "theme"])
_TEMPLATES: dict[str, Callable[[str, Collection[str]], bool]] = {"archetypes": _has_hugo, "scaffolds": _has_hexo}


def _site(folder: str, language: object) -> Site | None:
    tag = to_tag(language)
    return Site(folder, tag) if tag else None


def _get(values: object, *keys: str) -> Any:
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values


Script = Mapping[tuple[str, ...], str]


def _ending(script: Script, *names: str) -> str:
    """Return the first text whose path ends with these names; "" if there is none."""
    return next((text for path, text in script.items() if path[-len(names) :] == names), "")


def _vitepress(script: Script) -> str:
    """Return the language of the root in `locales`, else that of the site. VuePress calls the root "/"."""
    for root in ("root", "/"):
        for name in ("lang", "label"):
            if to_tag(text := _ending(script, "locales", root, name)):
                return text
    return next((text for path, text in script.items() if path[-1] == "lang" and "locales" not in path), "")


def _default_locale(script: Script) -> str:
    """Return `defaultLocale`, which in Starlight may be a key of `locales`."""
    key = _ending(script, "i18n", "defaultLocale") or _ending(script, "defaultLocale")
    if not key:
        key = "root" if any("root" in path and "locales" in path for path in script) else ""
    named = [_ending(script, "locales", key, name) for name in ("lang", "label")] if key else []
    return next((text for text in named if to_tag(text)), key)


def _script_site(folder: str, path: str) -> Site | None:
    script = read_script(path)
    site = _site(folder, _default_locale(script))
    if site is None:
        return None
    paths = [text for names, text in script.items() if names[-1] == "path"]
    return site._replace(folder=_with_content(folder, paths))


def _with_content(folder: str, contents: Iterable[object]) -> str:
    """Return the folder of a site, or its parent if documents of the site are in there."""
    outside = [each for each in contents if isinstance(each, str) and each.startswith("../")]
    parent = os.path.join(os.path.dirname(folder), "")
    is_beside = any(os.path.normpath(os.path.join(folder, each)).startswith(parent) for each in outside)
    return os.path.dirname(folder) if is_beside else folder


def _hugo_file(folder: str, path: str) -> Site | None:
    values = read_values(path)
    if not os.path.basename(path).startswith("hugo.") and not values.keys() & {
        "defaultContentLanguage",
        "default_language",
    }:
        return None  # config.toml and config.json may be of any program
    return _hugo(folder, values)


def _hugo(folder: str, values: Values) -> Site | None:
    languages = _get(values, "languages")
    languages = languages if isinstance(languages, dict) else {}
    tags = {key: _hugo_tag(key, language) for key, language in [*languages.items()][:_MAX_FOLDERS]}
    default = values.get("defaultContentLanguage") or values.get("default_language")  # the latter is Zola's
    folders = {}
    for key, tag in tags.items():
        content = _get(languages, key, "contentDir")
        inside = os.path.normpath(os.path.join(folder, content)) if isinstance(content, str) else ""
        if tag and inside.startswith(os.path.join(folder, "")):
            folders[inside] = tag
    source = (tags.get(default, "") or to_tag(default)) if isinstance(default, str) else ""
    return Site(folder, source, folders) if source or folders else None


def _hugo_tag(key: str, language: object) -> str:
    codes = [_get(language, name) for name in ("languageCode", "locale", "languagecode")]
    return next((tag for code in [*codes, key, _get(language, "languageName")] if (tag := to_tag(code))), "")


def _mkdocs(folder: str, path: str) -> Site | None:
    values = read_values(path)
    plugins = values.get("plugins")
    entries = plugins if isinstance(plugins, list) else [plugins]
    i18n = next((found for entry in entries if (found := _get(entry, "i18n"))), None)
    site = _site(folder, _i18n_default(i18n) or _get(values, "theme", "language"))
    return site and site._replace(folder=_with_content(folder, [values.get("docs_dir")]))


def _i18n_default(i18n: object) -> object:
    """Return the default language of mkdocs-static-i18n, in the form of version 1 or of older ones."""
    languages = _get(i18n, "languages")
    if isinstance(languages, list):
        is_default = [each for each in languages if str(_get(each, "default")).lower() in ("true", "yes", "on")]
        return _get(is_default[0], "locale") if is_default else None
    return _get(i18n, "default_language")


def _jekyll(folder: str, path: str) -> Site | None:
    """Read the file of Jekyll and its plugins, and of Hexo: the first of several languages is the default."""
    values = read_values(path)
    for key in ("default_lang", "default_language", "lang", "locale", "language", "languages"):
        value = values.get(key)
        value = value[0] if isinstance(value, list) and value else value
        if site := _site(folder, value):
            return site
    return None


def _lunaria(folder: str, path: str) -> Site | None:
    if path.endswith(".json"):
        values = read_values(path)
        source = next((found for key in ("sourceLocale", "defaultLocale") if (found := values.get(key))), None)
        return _site(folder, source if isinstance(source, str) else _get(source, "lang"))
    script = read_script(path)
    names = ("sourceLocale", "defaultLocale")
    found = [_ending(script, name, "lang") or _ending(script, name) for name in names]
    return _site(folder, next(filter(None, found), ""))


def _mdbook(folder: str, path: str) -> Site | None:
    return _site(folder, _get(read_values(path), "book", "language"))


def _sphinx(folder: str, path: str) -> Site | None:
    """Read the one line of a Python file that assigns the language."""
    for line in read_file(path).split("\n"):
        name, _, value = line.partition("=")
        value = value.partition("#")[0].strip()
        if name.rstrip() == "language" and value[:1] == value[-1:] and value[:1] in ("'", '"'):
            return _site(folder, value[1:-1])
    return None


Reader = Callable[[str, str], Site | None]
_READERS: dict[str, Reader] = {
    **dict.fromkeys(_names("lunaria.config", (*_SCRIPT_ENDINGS, "json")), _lunaria),
    **dict.fromkeys(_names("docusaurus.config", _SCRIPT_ENDINGS), _script_site),
    **dict.fromkeys(_names("astro.config", _SCRIPT_ENDINGS), _script_site),
    **dict.fromkeys(_names("next.config", _SCRIPT_ENDINGS), _script_site),
    **dict.fromkeys(_names("nuxt.config", _SCRIPT_ENDINGS), _script_site),
    **dict.fromkeys(_names("hugo", _DATA_ENDINGS), _hugo_file),
    **dict.fromkeys(_names("config", _DATA_ENDINGS), _hugo_file),
    **dict.fromkeys(_names("mkdocs", ("yml", "yaml")), _mkdocs),
    **dict.fromkeys(_names("_config", ("yml", "yaml")), _jekyll),
    "book.toml": _mdbook,
    "conf.py": _sphinx,
}
_VITEPRESS = [*_names("config", _SCRIPT_ENDINGS), *[f"config/{name}" for name in _names("index", _SCRIPT_ENDINGS)]]
_FOLDERS: dict[str, list[str]] = {
    ".vitepress": _VITEPRESS,
    ".vuepress": _VITEPRESS,
    "config": [f"_default/{name}" for stem in ("hugo", "config", "languages") for name in _names(stem, _DATA_ENDINGS)],
}
_RANK = {name: rank for rank, name in enumerate([*_READERS, *_FOLDERS])}
