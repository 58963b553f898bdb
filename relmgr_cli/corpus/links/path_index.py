"""Indexes the documents of a library by what a link may call them: path, permalink, name; and sections by anchor."""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

from relmgr_cli.corpus.links.address import Address, permalink_key, without_extension
from relmgr_cli.corpus.links.path_languages import PathLanguages
from relmgr_cli.corpus.links.targets import Target
from relmgr_cli.corpus.translation_paths import INDEX_NAMES, comparison_key
from relmgr_cli.languages.normalization import fold

CONTENT_FOLDERS = ("content", "docs", "src/content/docs", "source", "src", "src/pages", "pages", "static", "public")
# What Docusaurus keeps a version of the documents in, and their translations; "/" is this folder in its files.
_VERSION = re.compile(
    r"(.*/(?:\w+_)?versioned_docs/version-[^/]+|.*/docusaurus-plugin-content-docs[^/]*/[^/]+)(?:/.*)?"
)
_NUMBER = re.compile(r"(?:(?<=/)|^)(?:\d{4}-\d\d-\d\d|\d{1,6})[-_. ]+(?=[^/\d])")
_DATED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})/([^/]+)$")
_MAX_NAMED = 500  # documents of one name that are compared


class BasePaths(NamedTuple):
    """What the links of one document are relative to; all paths in the form of `comparison_key`."""

    relative: tuple[str, ...]  # its folder, then the folder that its page seems to be in
    absolute: tuple[str, ...]  # what "/" may mean in the address of a page, likeliest first
    repository: tuple[str, ...]  # the same for the path of a file: the folder of its version, then outermost first
    content: tuple[str, ...]  # the folders from that of all documents, or of one language, down to its own
    is_suffixed: bool  # its name ends in ".xx": a name without it means all languages


class Layout(NamedTuple):
    """What resolving a link takes of all documents, besides those that it may lead to."""

    languages: PathLanguages
    folders: frozenset[str]  # with documents in them or below, with and without language


class PathIndex:
    """The documents of a library, found by every path that a link may use."""

    def __init__(self, targets: Iterable[Target], layout: Layout | None = None) -> None:
        """Index documents: all of a library, or with its `layout` those that some links may lead to."""
        known = tuple(targets)
        self._heads = {root: comparison_key(root).rpartition("/")[0] for root in {target.root for target in known}}
        self.languages = layout.languages if layout else languages_of(known)
        self.by_path = _PathTable()
        self.by_neutral_path = _PathTable()  # without the language
        self._permalinks: dict[str, dict[int, list[Target]]] = {}  # path -> index in the front matter -> documents
        self._by_loose_path = _PathTable()  # without language and numbers; only paths that have some
        # By root and name: documents, and the parts of their paths; both without languages and numbers.
        self._names: dict[tuple[str, str], list[tuple[Target, list[str]]]] = {}
        self._last_parts: set[str] = set(INDEX_NAMES)  # every last part that a link can have
        self._folders: set[str] = set(layout.folders if layout else ())
        self._bases_of_documents: dict[tuple[str, str], BasePaths] = {}
        self._bases: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {}  # by root and folder
        for target in known:
            self._add(target)
        for target in known:
            self._add_permalinks(target)

    def _add(self, target: Target) -> None:
        key = _key_of(target)
        neutral = self.neutral(key, target.root)
        self.by_path.add(key, target)
        self.by_neutral_path.add(neutral, target)
        if (loose := without_numbers(neutral)) != neutral:
            self._by_loose_path.add(loose, target)
        for path in (key, neutral, loose):
            folder, _, name = path.rpartition("/")
            self._last_parts.add(name)
            if name in INDEX_NAMES:
                name = folder.rpartition("/")[2]
                self._last_parts.add(name)
        parts = loose.split("/")
        if parts[-1] in INDEX_NAMES:  # the index of a folder has its name
            parts.pop()
        self._names.setdefault((target.root, name), []).append((target, parts))
        for path in (key, neutral):
            folder = path.rpartition("/")[0]
            while folder and folder not in self._folders:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]

    def _add_permalinks(self, target: Target) -> None:
        folder, _, name = _key_of(target).rpartition("/")
        folders = (folder.rpartition("/")[0], folder) if name in INDEX_NAMES else (folder,)
        for index, permalink in enumerate(target.permalinks):
            path = permalink_key(permalink)
            for address in {path, self.languages.split_first(path)[1]}:
                known = self._permalinks.setdefault(f"{target.root}/{address}", {})
                known.setdefault(index, []).append(target)
            if path and "/" not in permalink:  # a slug replaces the name of the file
                self._last_parts.add(path)
                for base in folders:
                    self.by_path.add(f"{base}/{path}", target)
                    self.by_neutral_path.add(self.neutral(f"{base}/{path}", target.root), target)

    @property
    def layout(self) -> Layout:
        """The layout of the documents."""
        return Layout(self.languages, frozenset(self._folders))

    def names_of(self, target: Target) -> set[str]:
        """Return every last part of a path under which a document is found, see `names_wanted`."""
        key = _key_of(target)
        neutral = self.neutral(key, target.root)
        paths = (key, neutral, without_numbers(neutral), *map(permalink_key, target.permalinks))
        names = set()
        for path in paths:
            folder, _, name = path.rpartition("/")
            names.add(folder.rpartition("/")[2] if name in INDEX_NAMES else name)
        return names

    def names_wanted(self, address: Address, source: Target) -> set[str]:
        """Return the last parts of the paths of all documents that a link may lead to, and of some more."""
        folder, _, name = address.key.rstrip("/").rpartition("/")
        names = {name, without_numbers(name), f"_{name}"}
        if date := _DATED.search(address.key):
            names.add("-".join(date.groups()))
        if name in ("", ".", "..", *INDEX_NAMES) or name in self.languages or self.languages.split_first(name)[0]:
            bases = self.bases_of(source)
            around = (folder, *bases.relative, *bases.absolute, *map(permalink_key, source.permalinks))
            names.update(part for path in around for part in path.split("/"))
        return names

    def neutral(self, path: str, root: str) -> str:
        """Return a path without its first part that names a language."""
        return self.languages.neutral(path, self._heads.get(root, ""))

    def at_permalink(self, path: str, root: str) -> Sequence[Target]:
        """Return the documents with this address; those that have it now before those that have moved away."""
        known = self._permalinks.get(f"{root}/{path}")
        return known[min(known)] if known else ()

    def find_neutral(self, path: str, root: str, *, has_extension: bool) -> Sequence[Target]:
        """Return the documents that a path may mean in any language, with or without the numbers that order files."""
        neutral = self.neutral(path, root)
        found = self.by_neutral_path.find(neutral, has_extension=has_extension)
        return found or self._by_loose_path.find(without_numbers(neutral), has_extension=has_extension)

    def ending_in(self, path: str, root: str) -> tuple[Sequence[Target], int]:
        """Return the documents whose paths end in the most last parts of a path, and how many these are.

        A name with the date or number in the path counts as two.
        """
        parts = without_numbers(path).split("/")
        named = self._names.get((root, parts[-1]), ())[:_MAX_NAMED]
        best: list[Target] = []
        most = 1
        for target, its_parts in named:
            count = _count_equal_ends(parts, its_parts)
            if count > most:
                best, most = [], count
            if count == most:
                best.append(target)
        last = path.rpartition("/")[2]
        if parts[-1] != last:
            exact = [target for target in best if _key_of(target).rpartition("/")[2] == last]
            best, most = exact or best, most + bool(exact)
        return best, most if best else 0

    def is_folder(self, path: str, root: str) -> bool:
        """Return whether a path is a folder with documents in it."""
        return path in self._folders or self.neutral(path, root) in self._folders

    def may_exist(self, key: str) -> bool:
        """Return False for most paths that do not exist, without looking them up."""
        name = key.rpartition("/")[2]
        if name in self._last_parts or name in self.languages or name in ("", ".", ".."):
            return True
        return without_numbers(name) in self._last_parts

    def bases_of(self, source: Target) -> BasePaths:
        """Return what the links of a document are relative to."""
        known = self._bases_of_documents.get((source.root, source.path))
        if not known:
            known = self._bases_of_documents[source.root, source.path] = self._make_bases(source)
        return known

    def _make_bases(self, source: Target) -> BasePaths:
        folder, _, name = _key_of(source).rpartition("/")
        stem = self.languages.rest(name) or name  # "page" of page.pl
        page = folder.rpartition("/")[0] if stem == "index" else folder if stem in INDEX_NAMES else f"{folder}/{stem}"
        absolute, content = self._bases_of_folder(folder, source.root)
        relative = tuple(dict.fromkeys((folder, page)))
        version = _VERSION.fullmatch(folder)
        repository = tuple(sorted(absolute, key=lambda base: (not version or base != version[1], len(base))))
        return BasePaths(relative, absolute, repository, content, name.startswith(f"{stem}."))

    def _bases_of_folder(self, folder: str, root: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what "/" may mean in a document of this folder, and the folders of documents around it.

        "/" is the folder of the language, of the site, or of the repository.
        """
        known = self._bases.get((root, folder))
        if known:
            return known
        top = comparison_key(root)
        parts = folder[len(top) + 1 :].split("/") if len(folder) > len(top) else []
        inward = [top, *("/".join((top, *parts[: end + 1])) for end in range(len(parts)))]
        language = next((index for index, part in enumerate(parts, 1) if self.languages.rest(part) == ""), 0)
        contents = [index for index, part in enumerate(parts, 1) if part in CONTENT_FOLDERS]
        first = language or (contents[-1] if contents else 0)
        order = [*inward[first:], *reversed(inward[:first])] if language else [inward[first], *inward]
        order += [f"{base}/{content}" for base in reversed(inward) for content in CONTENT_FOLDERS]
        absolute = tuple(base for base in dict.fromkeys(order) if base in self._folders)
        content = tuple(inward[first:] if first else ())
        found = self._bases[root, folder] = absolute, content
        return found


def languages_of(targets: Iterable[Target]) -> PathLanguages:
    """Return the parts of the paths of some documents that name a language."""
    return PathLanguages(
        (without_extension(comparison_key(f"{target.root.rpartition('/')[2]}/{target.path}")), target.language)
        for target in targets
    )


def without_numbers(path: str) -> str:
    """Return a path without the numbers and dates before names, which order files and are in no address."""
    return _NUMBER.sub("", path)


def _count_equal_ends(left: Sequence[str], right: Sequence[str]) -> int:
    pairs = zip(reversed(left), reversed(right), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


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
