"""Indexes the documents of a library by what a link may call them: path, permalink, name; and sections by anchor."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.links.address import permalink_key, without_extension
from relmgr_cli.corpus.links.path_languages import PathLanguages
from relmgr_cli.corpus.links.targets import Target
from relmgr_cli.corpus.translation_paths import INDEX_NAMES, comparison_key
from relmgr_cli.languages.normalization import fold

_CONTENT_FOLDERS = ("content", "docs", "src/content/docs", "source", "src", "src/pages", "pages", "static", "public")


class BasePaths(NamedTuple):
    """What the links of one document are relative to; all paths in the form of `comparison_key`."""

    relative: tuple[str, ...]  # its folder, then the folder that its page seems to be in
    absolute: tuple[str, ...]  # what "/" may mean in the address of a page, likeliest first
    repository: tuple[str, ...]  # what "/" may mean in the path of a file: the same, outermost first
    is_suffixed: bool  # its name ends in ".xx": a name without it means all languages


class PathIndex:
    """The documents of a library, found by every path that a link may use."""

    def __init__(self, targets: Iterable[Target]) -> None:
        known = tuple(targets)
        self._heads = {root: comparison_key(root).rpartition("/")[0] for root in {target.root for target in known}}
        self.languages = PathLanguages(
            (without_extension(comparison_key(f"{target.root.rpartition('/')[2]}/{target.path}")), target.language)
            for target in known
        )
        self.by_path = _PathTable()
        self.by_neutral_path = _PathTable()  # without the language
        self._permalinks: dict[str, dict[int, list[Target]]] = {}  # path -> index in the front matter -> documents
        self._names: dict[tuple[str, str], list[Target]] = {}  # by root and name without language
        self._last_parts: set[str] = set(INDEX_NAMES)  # every last part that a link can have
        self._folders: set[str] = set()
        self._bases: dict[tuple[str, str], BasePaths] = {}
        for target in known:
            self._add(target)
        for target in known:
            self._add_permalinks(target)

    def _add(self, target: Target) -> None:
        key = _key_of(target)
        neutral = self.neutral(key, target.root)
        self.by_path.add(key, target)
        self.by_neutral_path.add(neutral, target)
        for path in (key, neutral):
            folder, _, name = path.rpartition("/")
            self._last_parts.add(name)
            if name in INDEX_NAMES:
                name = folder.rpartition("/")[2]
                self._last_parts.add(name)
        self._names.setdefault((target.root, name), []).append(target)
        for path in (key, neutral):
            folder = path.rpartition("/")[0]
            while folder and folder not in self._folders:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]

    def _add_permalinks(self, target: Target) -> None:
        folder, _, name = _key_of(target).rpartition("/")
        if name in INDEX_NAMES:
            folder = folder.rpartition("/")[0]
        for index, permalink in enumerate(target.permalinks):
            path = permalink_key(permalink)
            for address in {path, self.languages.split_first(path)[1]}:
                known = self._permalinks.setdefault(f"{target.root}/{address}", {})
                known.setdefault(index, []).append(target)
            if path and "/" not in permalink:  # a slug replaces the name of the file
                self._last_parts.add(path)
                self.by_path.add(f"{folder}/{path}", target)
                self.by_neutral_path.add(self.neutral(f"{folder}/{path}", target.root), target)

    def neutral(self, path: str, root: str) -> str:
        """Return a path without its first part that names a language."""
        return self.languages.neutral(path, self._heads.get(root, ""))

    def at_permalink(self, path: str, root: str) -> Sequence[Target]:
        """Return the documents with this address; those that have it now before those that have moved away."""
        known = self._permalinks.get(f"{root}/{path}")
        return known[min(known)] if known else ()

    def named(self, name: str, root: str) -> Sequence[Target]:
        """Return the documents of one article with this name without language; none if several articles have it."""
        found = self._names.get((root, name), ())
        return found if len({target.article for target in found}) == 1 else ()

    def is_folder(self, path: str, root: str) -> bool:
        """Return whether a path is a folder with documents in it."""
        return path in self._folders or self.neutral(path, root) in self._folders

    def may_exist(self, key: str) -> bool:
        """Return False for most paths that do not exist, without looking them up."""
        name = key.rpartition("/")[2]
        return name in self._last_parts or name in self.languages or name in ("", ".", "..")

    def bases_of(self, source: Target) -> BasePaths:
        """Return what the links of a document are relative to."""
        key = (source.root, source.path)
        return self._bases.get(key) or self._bases.setdefault(key, self._make_bases(source))

    def _make_bases(self, source: Target) -> BasePaths:
        folder, _, name = _key_of(source).rpartition("/")
        stem = self.languages.rest(name) or name  # "page" of page.pl
        page = folder.rpartition("/")[0] if stem == "index" else folder if stem in INDEX_NAMES else f"{folder}/{stem}"
        relative = tuple(dict.fromkeys((folder, page)))
        absolute = tuple(self._absolute_bases(folder, comparison_key(source.root)))
        return BasePaths(relative, absolute, tuple(sorted(absolute, key=len)), name.startswith(f"{stem}."))

    def _absolute_bases(self, folder: str, root: str) -> Iterator[str]:
        """Yield what "/" may mean in a document of this folder: the language's folder, the site's, the repository."""
        parts = folder[len(root) + 1 :].split("/") if len(folder) > len(root) else []
        inward = [root, *("/".join((root, *parts[: end + 1])) for end in range(len(parts)))]
        language = next((index for index, part in enumerate(parts, 1) if self.languages.rest(part) == ""), 0)
        contents = [index for index, part in enumerate(parts, 1) if part in _CONTENT_FOLDERS]
        first = language or (contents[-1] if contents else 0)
        order = [*inward[first:], *reversed(inward[:first])] if language else [inward[first], *inward]
        order += [f"{base}/{content}" for base in reversed(inward) for content in _CONTENT_FOLDERS]
        return (base for base in dict.fromkeys(order) if base in self._folders)


class _PathTable:
    """Documents by path; an index file also by its folder."""

    def __init__(self) -> None:
        self._files: dict[str, list[Target]] = {}
        self._folders: dict[str, list[Target]] = {}

    def add(self, key: str, target: Target) -> None:
        self._files.setdefault(key, []).append(target)
        folder, _, name = key.rpartition("/")
        if name in INDEX_NAMES:
            self._folders.setdefault(folder, []).append(target)

    def find(self, key: str, *, has_extension: bool) -> Sequence[Target]:
        """Return the documents that a path may mean; one with an extension is never a folder."""
        files: Sequence[Target] = self._files.get(key, ())
        return files if files or has_extension else self._folders.get(key, ())


class AnchorIndex:
    """The anchors of one document, as written and as their letters alone."""

    def __init__(self, target: Target) -> None:
        self.numbers = frozenset(target.sections)
        self._exact: dict[str, str] = {}
        self._loose: dict[str, str] = {}
        for anchor, number in zip(target.anchors, target.sections, strict=False):
            self._exact.setdefault(anchor, number)
            self._loose.setdefault(_letters(anchor), number)

    def find(self, anchor: str) -> str | None:
        """Return the number of the section of an anchor; the many ways to make a slug differ in punctuation only."""
        letters = _letters(anchor)
        return self._exact.get(anchor) or (self._loose.get(letters) if letters else None)


def _letters(anchor: str) -> str:
    return "".join(filter(str.isalnum, fold(anchor.removeprefix("user-content-"))))


def _key_of(target: Target) -> str:
    return without_extension(comparison_key(f"{target.root}/{target.path}"))
