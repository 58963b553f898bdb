"""Resolves the links of a document for a reader of one language.

Sites resolve links differently: against the file, the address of its page, the repository, the folder of one
language, a permalink, a bare name. Which one the author meant shows in which of these exists, so they are tried in
order and the first document found wins. From there the link follows the article to the reader's language, and the
anchor to the section with the same number. Only the set of all documents is needed; the disk is consulted for links
that lead to none of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from relmgr_cli.corpus.links.address import Address, is_wiki_link, join, permalink_key, read_address
from relmgr_cli.corpus.links.path_index import AnchorIndex, BasePaths, Layout, PathIndex
from relmgr_cli.corpus.links.result import LinkStatus, Resolved
from relmgr_cli.corpus.links.targets import Target
from relmgr_cli.corpus.links.unresolved import classify
from relmgr_cli.corpus.links.work_tree import WorkTree
from relmgr_cli.corpus.translation_paths import INDEX_NAMES, comparison_key
from relmgr_cli.languages.tags import match_language

_DATE = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})/([^/]+)$")
_POST = re.compile(r"(?:[^/]+/)*\d{4}-\d{1,2}-\d{1,2}-[^/]+")


class _Found(NamedTuple):
    """A document that a link leads to."""

    target: Target
    names_language: bool  # the link itself asks for this language


class _Request(NamedTuple):
    """A link to resolve, and the language of the reader."""

    address: Address
    source: Target
    languages: tuple[str | None, ...]  # preferred, best first: the one asked for, the source's, the reader's


class LinkResolver:
    """Resolves the links among a set of documents."""

    def __init__(self, targets: Iterable[Target], layout: Layout | None = None) -> None:
        """Resolve links among all documents of a library, or with its `layout` among those they may lead to."""
        known = tuple(targets)
        self._paths = PathIndex(known, layout)
        self._articles: dict[int, dict[str, Target]] = {}
        self._anchors: dict[tuple[str, str], AnchorIndex] = {}
        self._trees: dict[str, WorkTree] = {}
        for target in known:
            self._articles.setdefault(target.article, {}).setdefault(target.language, target)

    def resolve(self, href: str, source: Target, language: str) -> Resolved:
        """Return where the link `href` of the document `source` leads a reader of `language`. Never raises."""
        address = read_address(href)
        if not address:
            return Resolved(LinkStatus.EXTERNAL)
        if not address.path and address.has_unknown_tag:
            return Resolved(LinkStatus.EXTERNAL, note="template")
        found = self._find(address, source, language) if address.path else _Found(source, names_language=False)
        if found:
            return self._resolve_for_reader(found, address.anchor, source, language)
        return classify(address, source, self._paths, self._tree_of(source.root))

    def resolve_all(self, hrefs: Sequence[str], source: Target, language: str) -> list[Resolved]:
        """Return where the links of a whole document lead.

        Where no double brackets of a document name another one, none of them is a link: `[[Bug #1]]`.
        """
        found = [self.resolve(href, source, language) for href in hrefs]
        is_wiki = [is_wiki_link(href) for href in hrefs]
        if any(wiki and resolved.article is not None for wiki, resolved in zip(is_wiki, found, strict=True)):
            return found
        no_link = Resolved(LinkStatus.EXTERNAL, note="template")
        return [
            no_link if wiki and resolved.status == LinkStatus.BROKEN else resolved
            for wiki, resolved in zip(is_wiki, found, strict=True)
        ]

    @property
    def consulted(self) -> list[str]:
        """The files and folders besides the documents that the answers so far depend on."""
        return [path for tree in self._trees.values() for path in tree.consulted]

    def _tree_of(self, root: str) -> WorkTree:
        return self._trees.get(root) or self._trees.setdefault(root, WorkTree(root))

    # From the address to a document.

    def _find(self, address: Address, source: Target, language: str) -> _Found | None:
        asked, without = self._paths.languages.split_first(address.key)
        asked = address.language or asked
        request = _Request(address, source, (asked, source.language, language))
        bases = self._paths.bases_of(source)
        if address.path.startswith("/"):
            found = self._find_absolute(request, bases, without)
        else:
            found = self._find_near(request, bases, without)
            if found and not address.language:
                return found
            found = found or self._find_in_site(request, bases, without, is_absolute=bool(asked))
        if not found or not asked:
            return found
        versions = self._articles[found.target.article]
        translation = versions.get(match_language((asked,), tuple(versions)) or "")
        return _Found(translation, names_language=True) if translation else found

    def _find_near(self, request: _Request, bases: BasePaths, without: str) -> _Found | None:
        """Return the document at a relative path; in a wiki, one of this name in the language of the source."""
        found = self._find_relative(request, bases)
        if not found or not request.address.is_name or found.target.language == request.source.language:
            return found
        hit = self._find_by_end(without, request)
        return _Found(hit, names_language=False) if hit and hit.language == request.source.language else found

    def _find_in_site(self, request: _Request, bases: BasePaths, without: str, *, is_absolute: bool) -> _Found | None:
        """Return the document at a path without a leading slash that is not relative to the page."""
        found = None
        if request.address.is_name or is_absolute:
            found = self._find_absolute(request, bases, without)
        if not found and not request.address.path.startswith("."):  # Hugo and Docusaurus look below the content folder
            hit = self._find_below(bases.content, (request.address.key,), request)
            found = _Found(hit, names_language=False) if hit else None
        return found or self._find_by_own_permalink(request)

    def _find_relative(self, request: _Request, bases: BasePaths) -> _Found | None:
        """Look next to the file, then where its page seems to be, then there in other languages."""
        address, source = request.address, request.source
        if not self._paths.may_exist(address.key):
            return None
        paths = [join(base, address.key) for base in bases.relative]
        known = (self._paths.by_path.find(path, has_extension=address.has_extension) for path in paths)
        if found := [hit for targets in known if (hit := _pick(targets, request))]:
            # An extension names a file; without one the path may be relative to the page as well.
            same = (hit for hit in found if not address.has_extension and hit.language == source.language)
            target = next(same, found[0])
            names_language = not bases.is_suffixed or address.key.rpartition("/")[2] in self._paths.languages
            return _Found(target, names_language=names_language or target.article == source.article)
        hit = self._find_neutral(paths, request)
        return _Found(hit, names_language=False) if hit else None

    def _find_neutral(self, paths: Iterable[str], request: _Request) -> Target | None:
        """Return the document at one of these paths, whatever language either names."""
        for path in paths:
            root, has_extension = request.source.root, request.address.has_extension
            found = self._paths.find_neutral(path, root, has_extension=has_extension)
            if hit := _pick(found, request):
                return hit
        return None

    def _find_absolute(self, request: _Request, bases: BasePaths, without: str) -> _Found | None:
        """Look below everything that "/" may mean, then among the permalinks, then for the name alone."""
        key, root = request.address.key, request.source.root
        dated = _DATE.sub(r"\1-\2-\3-\4", without)
        paths = tuple(dict.fromkeys([key, without, dated, without.removeprefix("docs/"), f"_{without}"]))
        hit = self._find_below(bases.repository if request.address.has_extension else bases.absolute, paths, request)
        for path in paths:
            hit = hit or _pick(self._paths.at_permalink(path, root), request)
        hit = hit or self._find_by_end(dated.strip("/"), request)
        return _Found(hit, names_language=False) if hit else None

    def _find_by_end(self, path: str, request: _Request) -> Target | None:
        """Return the document whose path ends like an address below an unknown folder of the site.

        The end must be a name in a folder, or a name that only one article has; in a wiki it is what was written.
        """
        found, count = self._paths.ending_in(path, request.source.root)
        if request.address.is_name:
            is_enough = count > path.count("/")
        else:
            is_enough = count > 1 or (len({target.article for target in found}) == 1 and _is_last_part(path))
        return _pick(found, request) if is_enough else None

    def _find_below(self, bases: Sequence[str], paths: Sequence[str], request: _Request) -> Target | None:
        tried = []
        for path in filter(self._paths.may_exist, paths):
            for base in bases:
                tried.append(whole := join(base, path))
                found = self._paths.by_path.find(whole, has_extension=request.address.has_extension)
                if hit := _pick(found, request):
                    return hit
        return self._find_neutral(tried, request)

    def _find_by_own_permalink(self, request: _Request) -> _Found | None:
        """Resolve against the permalinks in the front matter of the source."""
        for permalink in request.source.permalinks:
            if "/" not in permalink:
                continue
            page = "/" + permalink_key(permalink)
            base = page if permalink.endswith("/") else page.rpartition("/")[0]
            path = join(base, request.address.key).strip("/")
            if hit := _pick(self._paths.at_permalink(path, request.source.root), request):
                return _Found(hit, names_language=False)
        return None

    # From the document to the reader's version of it.

    def _resolve_for_reader(self, found: _Found, anchor: str, source: Target, language: str) -> Resolved:
        target = found.target
        versions = self._articles.get(target.article) or {target.language: target}
        # A link from a page to its own translation is the site's language menu, and leads there.
        is_switch = found.names_language and target.article == source.article and target.language != source.language
        wanted = target.language if is_switch else match_language((language, source.language), tuple(versions))
        landing = versions.get(wanted or "", target)
        section, note = self._find_section(anchor, landing, (versions.get(source.language, target), target), versions)
        is_source = landing.article == source.article and landing.language == source.language
        status = LinkStatus.INTERNAL
        if is_switch:
            note = note or "translation-link"
        elif not is_source and not match_language((language,), (landing.language,)):
            status, note = LinkStatus.UNTRANSLATED, note or "untranslated-target"
        elif found.names_language and target.language not in (source.language, landing.language):
            note = note or "wrong-language-link"
        return Resolved(status, landing.article, landing.language, section, note)

    def _find_section(
        self, anchor: str, landing: Target, meant: Sequence[Target], versions: Mapping[str, Target]
    ) -> tuple[str | None, str]:
        """Return the section of an anchor in the document `landing`, and a note.

        `meant` are the documents that the author of the link may have looked at.
        """
        if not anchor:
            return None, ""
        for target in (landing, *meant):
            if number := self._anchors_of(target).find(anchor):
                return self._same_section(number, landing, "")
        for target in versions.values():
            if number := self._anchors_of(target).find(anchor):
                return self._same_section(number, landing, "anchor-of-other-language")
        return None, "" if anchor == "top" else "anchor-missing"

    def _same_section(self, number: str, landing: Target, note: str) -> tuple[str | None, str]:
        return (number, note) if number in self._anchors_of(landing).numbers else (None, "untranslated-section")

    def _anchors_of(self, target: Target) -> AnchorIndex:
        known = self._anchors.get((target.root, target.path))
        if not known:
            known = self._anchors[target.root, target.path] = AnchorIndex(target)
        return known


def _is_last_part(path: str) -> bool:
    """Return whether a path is a name, or the address of a post: a date and a name."""
    return "/" not in path or bool(_POST.fullmatch(path))


def _pick(known: Sequence[Target], request: _Request) -> Target | None:
    """Return the document that a link most likely means among those that a path leads to."""
    if len(known) <= 1:
        return known[0] if known else None
    name = request.address.path.rpartition("/")[2]
    source, preferred = request.source, request.languages

    def order(target: Target) -> tuple[bool, int, bool, int, int]:
        file = target.path.rpartition("/")[2]
        stem = comparison_key(file).partition(".")[0]
        return (
            target.root != source.root,
            preferred.index(target.language) if target.language in preferred else len(preferred),
            file != name,
            -_count_shared_folders(target.path, source.path),
            INDEX_NAMES.index(stem) if stem in INDEX_NAMES else 0,
        )

    return min(known, key=order)


def _count_shared_folders(left: str, right: str) -> int:
    pairs = zip(left.split("/"), right.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
