"""Which documents of a library the arguments of a command mean: paths of files and folders, or articles."""

import os
from collections.abc import Callable, Collection, Iterator, Sequence

from relmgr_cli.config import bundled_seeds
from relmgr_cli.core.library import Library
from relmgr_cli.errors import ChangesUnknownError
from relmgr_cli.store.name_lookup import document_files, find_article

Files = frozenset[tuple[str, str]]  # root and path


def choose_files(library: Library, names: Sequence[str]) -> Files:
    """Return the files that names mean: a file, those below a folder, or those of an article.

    A path is relative to the current folder, else to a folder of the library; but what is in the current folder is
    not looked for among the bundled articles. Raises ArticleNotFoundError, ArticleAmbiguousError or FileRefusedError.
    """
    files = document_files(library.database)
    chosen: set[tuple[str, str]] = set()
    for name in names:
        found = _files_at(library, name, files)
        if not found:
            number = find_article(library.database, name, None).number
            found = {file for file, of in files.items() if of == number}
        chosen |= found
    return frozenset(chosen)


def files_at(library: Library, path: str) -> Files:
    """Return the files at or below a path, which is found as `choose_files` does; none if it is not in the library."""
    return frozenset(_files_at(library, path, document_files(library.database)))


def _files_at(library: Library, path: str, files: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    found = set(_files_below(path, files))
    is_bundled = library.roots == (bundled_seeds(),)
    for root in library.roots if path and not (is_bundled and os.path.lexists(path)) else ():
        found = found or set(_files_below(os.path.join(root, path), files))
    return found


def changed_files(library: Library, revision: str) -> Files:
    """Return the files that differ from where the branch left a revision. Raises ChangesUnknownError."""
    from relmgr_cli.health.git import GitError, open_repository

    by_path = {os.path.realpath(os.path.join(*file)): file for file in document_files(library.database)}
    changed: set[tuple[str, str]] = set()
    for folder in dict.fromkeys(root for root, _ in by_path.values()):
        try:
            repository = open_repository(folder)
            prefix = os.path.join(repository.top, "")
            own = {
                os.fsencode(path[len(prefix) :]): file
                for path, file in by_path.items()
                if file[0] == folder and path.startswith(prefix)
            }
            changed |= {own[path] for path in repository.changed_since(revision, own)}
        except GitError as error:
            raise ChangesUnknownError(revision, str(error)) from None
    return frozenset(changed)


def with_translations(library: Library, files: Files) -> Files:
    """Return the files, and all translations of those that are the source of an article."""
    from relmgr_cli.store.articles import list_articles

    found = set(files)
    for article in list_articles(library.database):
        addresses = [(document.root, document.path) for document in article.documents]
        if addresses[0] in files:
            found.update(addresses)
    return frozenset(found)


def _files_below(name: str, files: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the files at or below a path, whatever symbolic links lead to it."""
    if not name or "\0" in name or not os.path.lexists(name):
        return
    paths = {os.path.abspath(name), os.path.realpath(name)}
    folders = tuple(os.path.join(path, "") for path in paths)
    real = {root: os.path.realpath(root) for root, _ in files}
    for root, path in files:
        for folder in {root, real[root]}:
            full_path = os.path.join(folder, path)
            if full_path in paths or full_path.startswith(folders):
                yield root, path


def excluded_by(library: Library, patterns: Sequence[str]) -> Callable[[tuple[str, str]], bool]:
    """Return a function that tells whether patterns of a relmgr.toml exclude a file, or a folder that it is in."""
    from relmgr_cli.corpus.ignore_rules import parse_ignore_rules
    from relmgr_cli.corpus.library_rules import find_root_rules

    rules = parse_ignore_rules(patterns)
    prefixes: dict[str, str] = {}
    for root in library.roots:
        known = find_root_rules(root)
        if known.project is not None:
            below = os.path.relpath(known.real, os.path.realpath(known.project.folder)).replace(os.sep, "/")
            prefixes[known.root] = "" if below == "." else f"{below}/"

    def is_excluded(file: tuple[str, str]) -> bool:
        root, path = file
        return any(map(rules.is_ignored, _parents(prefixes.get(root, "") + path)))

    return is_excluded


def _parents(path: str) -> Iterator[str]:
    """Yield the folders that a path is in, each with a "/", then the path."""
    parts = path.split("/")
    for count in range(1, len(parts)):
        yield "/".join(parts[:count]) + "/"
    yield path
