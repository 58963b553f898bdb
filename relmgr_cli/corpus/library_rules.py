"""Collects the rules of a library from the `relmgr.toml` and the site configurations in and above its folders."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from relmgr_cli import file_messages, messages
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE
from relmgr_cli.corpus.files import FoundFile, scan
from relmgr_cli.corpus.rules import NO_RULES, LibraryRules, SourceRule
from relmgr_cli.errors import Problem, SettingError
from relmgr_cli.project import Project, is_below
from relmgr_cli.surroundings import look_around

_MAX_SITES = 200
_MAX_FOLDERS = 100  # of one relmgr.toml, checked for files
_MAX_MISSING = 5  # files reported for one relmgr.toml


class RootRules(NamedTuple):
    """What is configured for one folder of a library."""

    root: str  # absolute, as the documents have it
    real: str  # its links resolved
    project: Project | None = None
    site_files: tuple[str, ...] = ()  # of the folders above it, the nearest first
    watched: tuple[str, ...] = ()  # files and folders on which this depends; they need not exist

    def located(self, path: str) -> str:
        """Return a real path as the paths of documents begin; a folder above the root is the root if that is a link."""
        if is_below(path, self.real):
            return os.path.normpath(os.path.join(self.root, os.path.relpath(path, self.real)))
        return self.root if is_below(self.real, path) and self.root != self.real else path

    def exclusion(self) -> Callable[[str], bool] | None:
        """Return a function that tells which paths below the root are excluded; None if none are.

        A folder that is excluded is read when it is named as a library itself.
        """
        if self.project is None or not self.project.exclude:
            return None
        from relmgr_cli.corpus.ignore_rules import parse_ignore_rules

        rules = parse_ignore_rules(self.project.exclude)
        below = os.path.relpath(self.real, os.path.realpath(self.project.folder))
        prefix = "" if below == os.curdir else f"{below.replace(os.sep, '/')}/"
        return lambda path: rules.is_ignored(prefix + path)


def find_root_rules(root: Path) -> RootRules:
    """Return what is configured above a folder of a library. Raises SettingError for a relmgr.toml."""
    folder = os.path.abspath(root)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    real = os.path.realpath(folder)
    around = look_around(real, lambda project: project.has_folder(real))
    tops = [top for top in (around.work_tree, around.project.folder if around.project else "") if top]
    above = [*_between(real, min(tops, key=len))] if tops else []
    from relmgr_cli.corpus.site_config import find_site_files

    files = [file for parent in above for file in find_site_files(parent, _list(parent))]
    watched = (*around.looked_at, *above, *files)
    return RootRules(folder, real, around.project, tuple(files), watched)


def find_project(roots: Iterable[Path]) -> Project | None:
    """Return the relmgr.toml of the first folder of a library that has one. Raises SettingError."""
    projects = (find_root_rules(root).project for root in roots)
    return next((project for project in projects if project is not None), None)


def excluding_file(root: Path) -> str:
    """Return the path of the relmgr.toml that excludes all files of a library folder; "" if none does."""
    rules = find_root_rules(root)
    if rules.project is None or not rules.project.exclude:
        return ""
    return rules.project.path if any(isinstance(found, FoundFile) for found in scan(root, [])) else ""


def _between(folder: str, top: str) -> Iterator[str]:
    """Yield the folders above one, the nearest first, up to the top."""
    while folder != top and is_below(folder, top):
        folder = os.path.dirname(folder)
        yield folder


def _list(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


class _Collector:
    """Collects rules; what is said first counts."""

    def __init__(self) -> None:
        self.sources: dict[str, SourceRule] = {}
        self.folders: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.joined: dict[tuple[str, ...], None] = {}
        self.parted: dict[str, None] = {}

    def add_project(self, root: RootRules, project: Project) -> None:
        """Add what a relmgr.toml says. Raises SettingError for a language that is not known."""
        folder = os.path.realpath(project.folder)

        def located(path: str) -> str:
            return root.located(os.path.normpath(os.path.join(folder, path)))

        if project.source:
            self.sources.setdefault(located(""), SourceRule(_tag(project, "source", project.source), project.path))
        for name, language in project.languages.items():
            tag = _tag(project, f"languages.{name}", language)
            if name.endswith("/"):
                self.folders.setdefault(located(name), tag)
            else:
                self.codes.setdefault(name, tag)
        self.joined.update((tuple(map(located, files)), None) for files in project.joined)
        self.parted.update((located(file), None) for file in project.parted)

    def add_sites(self, root: RootRules, files: Sequence[str]) -> None:
        """Add what the configuration of sites says; a source language only where the relmgr.toml names none."""
        from relmgr_cli.corpus.site_config import read_site

        is_settled = root.project is not None and bool(root.project.source)
        for file in islice(files, _MAX_SITES):
            site = read_site(file)
            if site is None:
                continue
            if site.source and not is_settled:
                self.sources.setdefault(root.located(site.folder), SourceRule(site.source, file))
            for folder, tag in site.folders.items():
                self.folders.setdefault(root.located(folder), tag)


def library_rules(roots: Sequence[RootRules], site_files: Sequence[str]) -> LibraryRules:
    """Return the rules of a library; `site_files` are those below its folders.

    A relmgr.toml comes before the configuration of sites. Raises SettingError for one that names an unknown language.
    """
    found = _Collector()
    for root in roots:
        if root.project is not None:
            found.add_project(root, root.project)
        files = [file for file in site_files if is_below(file, root.root)]
        found.add_sites(root, [*files, *root.site_files])
    rules = LibraryRules(found.sources, found.folders, found.codes, tuple(found.joined), tuple(found.parted))
    return rules if any(rules) else NO_RULES


def _tag(project: Project, key: str, language: str) -> str:
    from relmgr_cli.corpus.site_config import to_tag

    if tag := to_tag(language):
        return tag
    reason = messages.LANGUAGE_UNKNOWN.fill(name=language)
    raise SettingError(project.path, messages.SETTING_OF_KEY.fill(key=key, reason=reason))


def _unknown_languages(project: Project) -> list[str]:
    """Return what to say of codes that may be those of languages, but of none that relmgr knows."""
    from relmgr_cli.corpus.site_config import to_tag
    from relmgr_cli.languages.names import has_name

    languages = {"source": project.source, **{f"languages.{key}": each for key, each in project.languages.items()}}
    tags = {key: to_tag(language) for key, language in languages.items() if language}
    unknown = {key: tag for key, tag in tags.items() if tag != UNKNOWN_LANGUAGE and not has_name(tag)}
    return [
        messages.SETTING_OF_KEY.fill(key=key, reason=messages.LANGUAGE_UNKNOWN.fill(name=languages[key]))
        for key in unknown
    ]


def _empty_folders(root: RootRules, paths: Collection[str]) -> list[str]:
    """Return the folders of `[languages]` below a root that have no file of the library."""
    if root.project is None:
        return []
    base = os.path.realpath(root.project.folder)
    names = [name for name in root.project.languages if name.endswith("/")]
    located = {name: root.located(os.path.normpath(os.path.join(base, name))) for name in names[:_MAX_FOLDERS]}
    below = {name: folder for name, folder in located.items() if is_below(folder, root.root)}
    empty = [name for name, folder in below.items() if not any(is_below(path, folder) for path in paths)]
    return empty[:_MAX_MISSING]


def project_problems(roots: Sequence[RootRules], rules: LibraryRules, paths: Collection[str]) -> list[Problem]:
    """Return what has no effect in a relmgr.toml: keys that are not known, files that are not among the paths."""
    problems: dict[Problem, None] = {}
    for root in roots:
        if root.project is None:
            continue
        source = os.path.relpath(root.project.path, root.real).replace(os.sep, "/")
        missing = [path for files in (*rules.joined, rules.parted) for path in files if path not in paths]
        notices = [
            file_messages.PAIRED_FILE_MISSING.fill(path=os.path.relpath(path, root.root))
            for path in missing[:_MAX_MISSING]
        ]
        joined = {path for files in rules.joined for path in files}
        contradicted = [path for path in rules.parted if path in joined]
        notices += [
            file_messages.PAIR_CONTRADICTED.fill(path=os.path.relpath(path, root.root))
            for path in contradicted[:_MAX_MISSING]
        ]
        notices += _unknown_languages(root.project)[:_MAX_MISSING]
        notices += [
            file_messages.LANGUAGE_FOLDER_EMPTY.fill(folder=name.rstrip("/")) for name in _empty_folders(root, paths)
        ]
        problems.update(
            dict.fromkeys(Problem(source, 0, "setting", each, root.root) for each in (*root.project.notices, *notices))
        )
    return [*problems]
