"""Decides what a link is that leads to no document of the library: dead, or something that relmgr cannot know.

A link is dead only where its target would be a document of the library. So these are not: other kinds of files, files
that exist on disk or are made by a tool, addresses outside of every folder of documents (a site makes pages of its
own), addresses that the site's configuration names, and templates.
"""

import re
from collections.abc import Iterator, Sequence

from relmgr_cli.corpus.links.address import Address, join
from relmgr_cli.corpus.links.path_index import CONTENT_FOLDERS, PathIndex
from relmgr_cli.corpus.links.result import LinkStatus, Resolved
from relmgr_cli.corpus.links.targets import Target
from relmgr_cli.corpus.links.work_tree import WorkTree
from relmgr_cli.corpus.translation_paths import comparison_key

_ASSET = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|avif|ico|bmp|mp[34]|m4[av]|webm|ogg|wav|mov|avi|zip|gz|tgz|bz2|xz|7z|rar|tar|"
    r"pdf|epub|docx?|xlsx?|pptx?|odt|csv|tsv|json5?|ya?ml|toml|xml|ini|cfg|conf|lock|css|scss|less|[cm]?[jt]sx?|"
    r"vue|svelte|astro|py|rb|go|rs|java|kt|swift|[ch]|cc|cpp|hpp|cs|fs|php|pl|sh|bash|zsh|ps1|bat|cmd|sql|exs?|erl|hs|"
    r"lua|r|ipynb|rst|adoc|tex|exe|dmg|deb|rpm|apk|msi|jar|whl|nupkg|iso|bin|woff2?|ttf|otf|rss|atom|ics|diff|patch|"
    r"canvas|base|env|example|sample|tmpl|template|log|map|wasm|proto|graphql|tf|gradle|sln|csproj|excalidraw)$|"
    r"(?:^|/)(?:licen[cs]e|copying|makefile|dockerfile|notice|authors|codeowners)$",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"[{}<>$\0]|\.\.\.|%s|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^(?i:url|uri|link|href|path|target)$")
_DATE = re.compile(r"/\d{4}(?:/\d{1,2}){1,2}$")  # of a post, in its address only
_INCLUDED = re.compile(
    r"(?:^|/)(?:_(?!index\b)[^/]*$|_?(?:includes?|partials?|snippets?|fragments?|shared)/)", re.IGNORECASE
)
_MAX_PARTS = 40  # of a path that is looked up on disk
_STATIC_FOLDERS = ("", "static", "public", "src/pages", "pages", "assets")


def classify(address: Address, source: Target, paths: PathIndex, tree: WorkTree) -> Resolved:
    """Return what a link is that leads to no document."""
    if address.has_unknown_tag or _TEMPLATE.search(address.path):
        return Resolved(LinkStatus.EXTERNAL, note="template")
    if _ASSET.search(address.path):
        return Resolved(LinkStatus.EXTERNAL)
    outside = _note_outside(address, source, paths, tree)
    if outside:
        return Resolved(LinkStatus.EXTERNAL, note=outside)
    note = "name-missing" if address.is_name else "file-missing" if address.has_extension else "page-missing"
    return Resolved(LinkStatus.BROKEN, note=note)


def _note_outside(address: Address, source: Target, paths: PathIndex, tree: WorkTree) -> str:
    """Return what a link leads to, or may lead to, outside of the documents; "" for nothing."""
    if address.path.count("/") > _MAX_PARTS:
        return "elsewhere"
    if not address.is_name:
        if not address.has_extension and _is_folder(address, source, paths):
            return "folder"
        if not _is_within_library(address, source, paths):
            return "elsewhere"
    found = _is_on_disk(address, source, tree)
    if found:
        return "file"
    is_unknown = found is None and not address.path.startswith("/")
    return "elsewhere" if is_unknown or _is_made_by_site(address, source, paths, tree) else ""


def _bases(address: Address, source: Target, paths: PathIndex) -> tuple[str, ...]:
    bases = paths.bases_of(source)
    return bases.absolute if address.path.startswith("/") else bases.relative


def _is_folder(address: Address, source: Target, paths: PathIndex) -> bool:
    without = paths.languages.split_first(address.key)[1] if address.path.startswith("/") else address.key
    bases = _bases(address, source, paths)
    return any(paths.is_folder(join(base, key), source.root) for base in bases for key in {address.key, without})


def _is_within_library(address: Address, source: Target, paths: PathIndex) -> bool:
    """Return whether the target would be in a folder of documents, so that only a document can be meant.

    At the top of a site, or in a folder without documents, there may be pages that the site makes.
    """
    is_absolute = address.path.startswith("/")
    key = paths.languages.split_first(address.key)[1] if is_absolute else address.key
    parent = _DATE.sub("", key.strip("/").rpartition("/")[0])
    if is_absolute:
        known = parent.partition("/")[0] if address.has_extension else parent
        return bool(known) and any(paths.is_folder(join(base, known), source.root) for base in _tops(source, paths))
    if address.has_extension:
        return True
    if _INCLUDED.search(source.path):  # its links are relative to the pages that include it
        return False
    return any(paths.is_folder(join(base, parent), source.root) for base in _bases(address, source, paths)[:1])


def _tops(source: Target, paths: PathIndex) -> Iterator[str]:
    """Yield the folders that "/" means, if it means one of documents: the library, that of a site, of a language."""
    bases = paths.bases_of(source)
    likeliest = (comparison_key(source.root), *bases.absolute[:1], *bases.content[:1])
    for base in bases.absolute:
        if base in likeliest or base.rpartition("/")[2] in CONTENT_FOLDERS:
            yield base


def _is_on_disk(address: Address, source: Target, tree: WorkTree) -> bool | None:
    """Return whether a file of any kind is where the link leads; None where the disk does not say."""
    by_stem = not address.has_extension
    answers = [tree.has(path, by_stem=by_stem) for path in _paths_on_disk(address, source, _STATIC_FOLDERS)]
    return True if True in answers else None if None in answers else False


def _paths_on_disk(address: Address, source: Target, folders: Sequence[str] = ("",)) -> Iterator[str]:
    """Yield the paths below the library folder that a link may mean; `folders` are what "/" may mean elsewhere."""
    folder, _, name = source.path.rpartition("/")
    path = address.path.rstrip("/")
    if not path.startswith("/"):
        yield f"{folder}/{path}"
        if not address.has_extension:
            yield f"{folder}/{name.partition('.')[0]}/{path}"
    if path.startswith("/") or address.is_name:
        parts = folder.split("/") if folder else []
        for end in range(len(parts), -1, -1):
            base = "/".join(parts[:end])
            yield from (f"{base}/{static}/{path}" for static in folders)


def _is_made_by_site(address: Address, source: Target, paths: PathIndex, tree: WorkTree) -> bool:
    """Return whether git ignores the target, or the configuration of the site names it or a folder around it."""
    if any(tree.is_ignored(path) for path in _paths_on_disk(address, source)):
        return True
    return tree.is_configured([*_configured_as(address, source, paths)], source.path.rpartition("/")[0])


def _configured_as(address: Address, source: Target, paths: PathIndex) -> Iterator[str]:
    """Yield what the configuration of a site may call the target: its path below each folder that "/" may mean."""
    if address.path.startswith("/"):
        yield address.key.strip("/")
        yield from _with_folders(paths.languages.split_first(address.key)[1].strip("/"), source, paths)
        return
    root = comparison_key(source.root)
    target = join(comparison_key(f"{source.root}/{source.path}").rpartition("/")[0], address.key)
    for base in dict.fromkeys((root, *paths.bases_of(source).absolute)):
        if target.startswith(f"{base}/"):
            yield from _with_folders(target[len(base) + 1 :], source, paths)


def _with_folders(path: str, source: Target, paths: PathIndex) -> Iterator[str]:
    """Yield a path and the folders around it that hold no documents."""
    bases = (comparison_key(source.root), *paths.bases_of(source).absolute)
    while path and not any(paths.is_folder(join(base, path), source.root) for base in bases):
        yield path
        path = path.rpartition("/")[0]
