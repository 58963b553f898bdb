"""Where the links of a document lead, for a reader of one language.

Sites resolve links each in their own way: against the file, the address of its page, the repository, the
folder of one language, a permalink, a bare name. What an author meant shows in which of these exists, so the
ways are tried in order and the first document wins. From there the link follows the article to the reader's
language, and the anchor to the section with the same number. Apart from reading documents, because it works
on the set of all of them and opens no file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.languages.folding import fold
from relmgr_cli.languages.table import languages
from relmgr_cli.languages.tags import choose, parse_tag
from relmgr_cli.library.addresses import Address, compared, join, permalink_key, read_address, without_extension
from relmgr_cli.library.documents import UNKNOWN_LANGUAGE
from relmgr_cli.library.targets import Target

_DATE = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})/([^/]+)$")

_ASSET = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|avif|ico|bmp|mp[34]|m4[av]|webm|ogg|wav|mov|avi|zip|gz|tgz|bz2|xz|7z|rar|tar|"
    r"pdf|epub|docx?|xlsx?|pptx?|odt|csv|tsv|json5?|ya?ml|toml|xml|ini|cfg|conf|lock|css|scss|less|[cm]?[jt]sx?|"
    r"vue|py|rb|go|rs|java|kt|swift|[ch]|cc|cpp|hpp|cs|fs|php|pl|sh|bash|zsh|ps1|bat|cmd|sql|exs?|erl|hs|lua|r|"
    r"ipynb|rst|adoc|tex|exe|dmg|deb|rpm|apk|msi|jar|whl|nupkg|iso|bin|woff2?|ttf|otf|rss|atom|ics|diff|patch)$|"
    r"(?:^|/)(?:licen[cs]e|copying|makefile|dockerfile|notice|authors|codeowners)$",
    re.IGNORECASE,
)

_INDEX_NAMES = ("index", "_index", "readme")  # what stands for its folder, best first
_CONTENT_FOLDERS = ("content", "docs", "src/content/docs", "source", "src", "src/pages", "pages", "static", "public")
_LANGUAGE_HOLDERS = frozenset("i18n _i18n l10n lang langs language languages locale locales translations".split())
_AFFIXES = (
    re.compile(r"()([a-z]{2,3}(?:[-_][a-z]{2,4})?)"),
    re.compile(r"(.+)[._-]([a-z]{2,3}[-_][a-z]{2,4})"),
    re.compile(r"(.+)[._-]([a-z]{2,3})"),
)
_LENGTHS_OF_CODES = (2, 5)  # pl, pt-br: what a path may begin with though no document is in that language
_PREFIX = re.compile(r"([a-z]{2,3}(?:[-_][a-z]{2,4})?)\.(.+)")
_DOCUSAURUS = re.compile(
    r"docusaurus-plugin-content-(docs|blog|pages)(?:-([^/]+))?(?:/current(?=/|$)|/(version-[^/]+))?"
)


class Resolved(NamedTuple):
    """Where a link leads for one reader."""

    kind: str  # "here", "other language only", "nowhere", "outside"
    article: int | None
    language: str | None  # of the document it leads to for this reader
    section: str | None  # where the anchor leads; None without anchor
    # "", or what is remarkable: anchor-missing, anchor-of-other-language, untranslated-section,
    # untranslated-target, wrong-language-link, translation-link, folder, elsewhere, template
    note: str


class _Mark(NamedTuple):
    """What a part of a path says of the language."""

    rest: str  # of the part without it; "" where it is nothing else
    language: str


class _Found(NamedTuple):
    """A document that a link leads to."""

    target: Target
    is_literal: bool  # the link itself says that it wants this language


class _Request(NamedTuple):
    """What is looked for, and for whom."""

    address: Address
    source: Target
    wanted: tuple[str | None, ...]  # languages, best first: the one asked for, the source's, the reader's


class _Place(NamedTuple):
    """Where the links of one document start from; all paths as they are compared."""

    relative: tuple[str, ...]  # its folder, then the folder its page seems to be in
    absolute: tuple[str, ...]  # what "/" may mean in the address of a page, likeliest first
    repository: tuple[str, ...]  # what it may mean in the path of a file: the same, from the outermost
    is_suffixed: bool  # its name ends in ".xx": then a name without stands for all languages


class LinkResolver:
    """Resolves the links among a set of documents."""

    def __init__(self, targets: Iterable[Target]) -> None:
        known = tuple(targets)
        self._articles: dict[int, dict[str, Target]] = {}
        self._heads = {root: compared(root).rpartition("/")[0] for root in {target.root for target in known}}
        self._marked = _language_segments(known)
        self._named = _Index()
        self._neutral = _Index()  # by paths from which the language is taken out
        self._permalinks: dict[str, dict[int, list[Target]]] = {}  # by their place in the header's list
        self._names: dict[tuple[str, str], list[Target]] = {}  # by root and name without language
        self._segments: set[str] = set(_INDEX_NAMES)  # every last segment that a link can have
        self._folders: set[str] = set()
        self._places: dict[tuple[str, str], _Place] = {}
        self._anchors: dict[tuple[str, str], _Anchors] = {}
        for target in known:
            self._articles.setdefault(target.article, {}).setdefault(target.language, target)
            self._add(target)
        for target in known:
            self._add_permalinks(target)

    def _add(self, target: Target) -> None:
        key = _key_of(target)
        neutral = self._without_language(key, target.root)
        self._named.add(key, target)
        self._neutral.add(neutral, target)
        for path in (key, neutral):
            folder, _, name = path.rpartition("/")
            self._segments.add(name)
            if name in _INDEX_NAMES:
                name = folder.rpartition("/")[2]
                self._segments.add(name)
        self._names.setdefault((target.root, name), []).append(target)
        for path in (key, neutral):
            folder = path.rpartition("/")[0]
            while folder and folder not in self._folders:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]

    def _add_permalinks(self, target: Target) -> None:
        key = _key_of(target)
        folder, _, name = key.rpartition("/")
        if name in _INDEX_NAMES:
            folder = folder.rpartition("/")[0]
        for place, permalink in enumerate(target.permalinks):
            path = permalink_key(permalink)
            for address in {path, self._split_language(path)[1]}:
                known = self._permalinks.setdefault(f"{target.root}/{address}", {})
                known.setdefault(place, []).append(target)
            if path and "/" not in permalink:  # a slug: it takes the place of the file's name
                self._segments.add(path)
                self._named.add(f"{folder}/{path}", target)
                self._neutral.add(self._without_language(f"{folder}/{path}", target.root), target)

    def resolve(self, href: str, source: Target, language: str) -> Resolved:
        """Return where the link `href` of the document `source` leads a reader of `language`. Never raises."""
        address = read_address(href)
        if not address:
            return Resolved("outside", None, None, None, "")
        if not address.path and address.has_unknown_tag:
            return Resolved("outside", None, None, None, "template")
        found = self._find(address, source, language) if address.path else _Found(source, is_literal=False)
        if found:
            return self._lead(found, address.anchor, source, language)
        return self._explain(address, source)

    def _explain(self, address: Address, source: Target) -> Resolved:
        """Say why a link leads to no document."""
        if address.has_unknown_tag:
            return Resolved("outside", None, None, None, "template")
        if _ASSET.search(address.path):
            return Resolved("outside", None, None, None, "")
        place = self._place_of(source)
        is_absolute = address.path.startswith("/")
        bases = place.absolute if is_absolute else place.relative[:1]
        if not address.is_written and any(self._is_folder(join(base, address.key), source.root) for base in bases):
            return Resolved("outside", None, None, None, "folder")
        first, _, rest = self._split_language(address.key)[1].partition("/")
        if is_absolute and rest and not any(self._is_folder(join(base, first), source.root) for base in bases):
            return Resolved("outside", None, None, None, "elsewhere")
        return Resolved("nowhere", None, None, None, "")

    def _is_folder(self, path: str, root: str) -> bool:
        return path in self._folders or self._without_language(path, root) in self._folders

    # From the address to a document.

    def _find(self, address: Address, source: Target, language: str) -> _Found | None:
        asked, without = self._split_language(address.key)
        asked = address.language or asked
        request = _Request(address, source, (asked, source.language, language))
        place = self._place_of(source)
        if address.path.startswith("/"):
            found = self._find_absolute(request, place, without)
        else:
            found = self._find_relative(request, place)
            if found and not address.language:
                return found
            if not found and (address.is_name or asked):
                found = self._find_absolute(request, place, without)
            found = found or self._find_by_own_permalink(request)
        if not found or not asked:
            return found
        versions = self._articles[found.target.article]
        wanted = versions.get(choose((asked,), tuple(versions)) or "")
        return _Found(wanted, is_literal=True) if wanted else found

    def _find_relative(self, request: _Request, place: _Place) -> _Found | None:
        """Look beside the file, then where its page seems to be, then there in other languages."""
        key, source = request.address.key, request.source
        if not self._may_exist(key):
            return None
        paths = [join(base, key) for base in place.relative]
        hits = (_pick(self._named.find(path, is_written=request.address.is_written), request) for path in paths)
        found = [hit for hit in hits if hit]
        if found:
            # A written extension names a file; without one the path may be meant from the page as well.
            same = (hit for hit in found if not request.address.is_written and hit.language == source.language)
            target = next(same, found[0])
            names_language = not place.is_suffixed or key.rpartition("/")[2] in self._marked
            return _Found(target, is_literal=names_language or target.article == source.article)
        for path in paths:
            neutral = self._without_language(path, source.root)
            if hit := _pick(self._neutral.find(neutral, is_written=request.address.is_written), request):
                return _Found(hit, is_literal=False)
        return None

    def _find_absolute(self, request: _Request, place: _Place, without: str) -> _Found | None:
        """Look below everything that "/" may mean, then among the permalinks, then for the name alone."""
        key = request.address.key
        dated = _DATE.sub(r"\1-\2-\3-\4", without)
        paths = tuple(dict.fromkeys([key, without, dated, without.removeprefix("docs/"), f"_{without}"]))
        bases = place.repository if request.address.is_written else place.absolute
        hit = self._find_below(bases, paths, request)
        for path in paths:
            hit = hit or self._at_permalink(path, request)
        if not hit and (request.address.is_name or "/" not in without or dated != without):
            named = self._names.get((request.source.root, dated.rpartition("/")[2]), ())
            hit = _pick(named, request) if len({target.article for target in named}) == 1 else None
        return _Found(hit, is_literal=False) if hit else None

    def _find_below(self, bases: Sequence[str], paths: Sequence[str], request: _Request) -> Target | None:
        tried = []
        for path in filter(self._may_exist, paths):
            for base in bases:
                tried.append(whole := join(base, path))
                if hit := _pick(self._named.find(whole, is_written=request.address.is_written), request):
                    return hit
        for whole in tried:
            neutral = self._without_language(whole, request.source.root)
            if hit := _pick(self._neutral.find(neutral, is_written=request.address.is_written), request):
                return hit
        return None

    def _find_by_own_permalink(self, request: _Request) -> _Found | None:
        """Resolve against the address that the source's own header gives it."""
        for permalink in request.source.permalinks:
            if "/" not in permalink:
                continue
            page = "/" + permalink_key(permalink)
            base = page if permalink.endswith("/") else page.rpartition("/")[0]
            path = join(base, request.address.key).strip("/")
            if hit := self._at_permalink(path, request):
                return _Found(hit, is_literal=False)
        return None

    def _at_permalink(self, path: str, request: _Request) -> Target | None:
        """Return the document with this address; one that lives there before one that has moved away."""
        known = self._permalinks.get(f"{request.source.root}/{path}")
        return _pick(known[min(known)], request) if known else None

    def _may_exist(self, key: str) -> bool:
        """Tell at once about most paths that lead nowhere."""
        name = key.rpartition("/")[2]
        return name in self._segments or name in self._marked or name in ("", ".", "..")

    def _split_language(self, path: str) -> tuple[str | None, str]:
        """Return the language that a path begins with, None without one, and the rest of the path."""
        first, _, rest = path.strip("/").partition("/")
        mark = self._marked.get(first)
        if mark and not mark.rest:
            return mark.language, rest
        tag = parse_tag(first) if len(first) in _LENGTHS_OF_CODES else None
        return (tag, rest) if tag and tag.partition("-")[0] in languages() else (None, path)

    def _without_language(self, path: str, root: str) -> str:
        """Return a path with the first part that names a language taken out."""
        head = self._heads.get(root, "")
        if not path.startswith(head + "/"):
            return path
        segments = path[len(head) + 1 :].split("/")
        for index in (*range(1, len(segments)), 0):  # the folder of the library counts last
            mark = self._marked.get(segments[index])
            if not mark:
                continue
            segments[index : index + 1] = [mark.rest] if mark.rest else []
            if not mark.rest and index and segments[index - 1] in _LANGUAGE_HOLDERS:
                del segments[index - 1]
            break
        path = "/".join((head, *segments))
        return _DOCUSAURUS.sub(_docusaurus_folder, path) if "docusaurus-plugin" in path else path

    def _place_of(self, source: Target) -> _Place:
        place = self._places.get((source.root, source.path))
        if not place:
            place = self._places[source.root, source.path] = self._make_place(source)
        return place

    def _make_place(self, source: Target) -> _Place:
        key = _key_of(source)
        folder, _, name = key.rpartition("/")
        mark = self._marked.get(name)
        stem = (mark and mark.rest) or name  # "page" of page.pl
        if stem in _INDEX_NAMES:
            relative = (folder, folder.rpartition("/")[0]) if stem == "index" else (folder,)
        else:
            relative = (folder, f"{folder}/{stem}")
        absolute = tuple(self._absolute_bases(folder, compared(source.root)))
        repository = tuple(sorted(absolute, key=len))
        return _Place(relative, absolute, repository, is_suffixed=name.startswith(f"{stem}."))

    def _absolute_bases(self, folder: str, root: str) -> Iterator[str]:
        """Yield what "/" may mean in a document of this folder: the language's folder, the site's, the repository."""
        segments = folder[len(root) + 1 :].split("/") if len(folder) > len(root) else []
        inward = [root, *("/".join((root, *segments[: end + 1])) for end in range(len(segments)))]
        marks = [self._marked.get(segment) for segment in segments]
        own = next((index for index, mark in enumerate(marks, 1) if mark and not mark.rest), 0)
        contents = [index for index, segment in enumerate(segments, 1) if segment in _CONTENT_FOLDERS]
        first = own or (contents[-1] if contents else 0)
        order = [*inward[first:], *reversed(inward[:first])] if own else [inward[first], *inward]
        order += [f"{base}/{content}" for base in reversed(inward) for content in _CONTENT_FOLDERS]
        return (base for base in dict.fromkeys(order) if base in self._folders)

    # From the document to the reader's version of it.

    def _lead(self, found: _Found, anchor: str, source: Target, language: str) -> Resolved:
        target = found.target
        versions = self._articles.get(target.article) or {target.language: target}
        is_switch = found.is_literal and target.article == source.article and target.language != source.language
        wanted = target.language if is_switch else choose((language, source.language), tuple(versions))
        landing = versions.get(wanted or "", target)
        section, note = self._find_section(anchor, landing, (versions.get(source.language, target), target), versions)
        is_own = landing.article == source.article and landing.language == source.language
        if not is_switch and not is_own and not choose((language,), (landing.language,)):
            return Resolved("other language only", landing.article, landing.language, section, note or _UNTRANSLATED)
        if is_switch:
            note = note or "translation-link"
        elif found.is_literal and target.language not in (source.language, landing.language):
            note = note or "wrong-language-link"
        return Resolved("here", landing.article, landing.language, section, note)

    def _find_section(
        self, anchor: str, landing: Target, meant: Sequence[Target], versions: Mapping[str, Target]
    ) -> tuple[str | None, str]:
        """Return the section that an anchor opens in the document `landing`, and what is remarkable about it.

        `meant` are the documents that the author of the link may have looked at.
        """
        if not anchor:
            return None, ""
        for target in (landing, *meant):
            if number := self._anchors_of(target).find(anchor):
                return self._counterpart(number, landing, "")
        for target in versions.values():
            if number := self._anchors_of(target).find(anchor):
                return self._counterpart(number, landing, "anchor-of-other-language")
        return None, "" if anchor == "top" else "anchor-missing"

    def _counterpart(self, number: str, landing: Target, note: str) -> tuple[str | None, str]:
        return (number, note) if number in self._anchors_of(landing).numbers else (None, "untranslated-section")

    def _anchors_of(self, target: Target) -> "_Anchors":
        known = self._anchors.get((target.root, target.path))
        if not known:
            known = self._anchors[target.root, target.path] = _Anchors(target)
        return known


_UNTRANSLATED = "untranslated-target"


class _Index:
    """Documents by path; an index file also by its folder."""

    def __init__(self) -> None:
        self._files: dict[str, list[Target]] = {}
        self._folders: dict[str, list[Target]] = {}

    def add(self, key: str, target: Target) -> None:
        self._files.setdefault(key, []).append(target)
        folder, _, name = key.rpartition("/")
        if name in _INDEX_NAMES:
            self._folders.setdefault(folder, []).append(target)

    def find(self, key: str, *, is_written: bool) -> Sequence[Target]:
        """Return the documents that a path may mean; one with its extension written is never a folder."""
        files: Sequence[Target] = self._files.get(key, ())
        return files if files or is_written else self._folders.get(key, ())


class _Anchors:
    """The anchors of one document, as written and as their letters alone."""

    def __init__(self, target: Target) -> None:
        self.numbers = frozenset(target.sections)
        self._exact: dict[str, str] = {}
        self._loose: dict[str, str] = {}
        for anchor, number in zip(target.anchors, target.sections, strict=False):
            self._exact.setdefault(anchor, number)
            self._loose.setdefault(_letters(anchor), number)

    def find(self, anchor: str) -> str | None:
        """Return the number of the section an anchor opens; the many ways to make a slug differ in signs only."""
        letters = _letters(anchor)
        return self._exact.get(anchor) or (self._loose.get(letters) if letters else None)


def _letters(anchor: str) -> str:
    return "".join(filter(str.isalnum, fold(anchor.removeprefix("user-content-"))))


def _pick(known: Sequence[Target], request: _Request) -> Target | None:
    """Return the document that a link most likely means among those that a path leads to."""
    if len(known) <= 1:
        return known[0] if known else None
    name = request.address.path.rpartition("/")[2]
    source, wanted = request.source, request.wanted

    def rank(target: Target) -> tuple[bool, int, bool, int, int]:
        file = target.path.rpartition("/")[2]
        stem = compared(file).partition(".")[0]
        return (
            target.root != source.root,
            wanted.index(target.language) if target.language in wanted else len(wanted),
            file != name,
            -_shared_folders(target.path, source.path),
            _INDEX_NAMES.index(stem) if stem in _INDEX_NAMES else 0,
        )

    return min(known, key=rank)


def _shared_folders(one: str, other: str) -> int:
    count = 0
    for mine, theirs in zip(one.split("/"), other.split("/"), strict=False):
        if mine != theirs:
            break
        count += 1
    return count


# Paths.


def _key_of(target: Target) -> str:
    return without_extension(compared(f"{target.root}/{target.path}"))


def _docusaurus_folder(match: re.Match[str]) -> str:
    kind, instance, version = match.groups()
    folder = instance or ("src/pages" if kind == "pages" else kind)
    return f"versioned_{folder}/{version}" if version else folder


def _language_segments(targets: Iterable[Target]) -> dict[str, _Mark]:
    """Return the parts of paths that name a language.

    A part counts only where the text below it is in that language: `js`, `docker-ps` and `io` look like codes.
    """
    marked: dict[str, _Mark] = {}
    tried: set[tuple[str, str]] = set()
    for target in targets:
        if target.language == UNKNOWN_LANGUAGE:
            continue
        below = f"{target.root.rpartition('/')[2]}/{target.path}"
        for segment in without_extension(compared(below)).split("/"):
            if (segment, target.language) not in tried:
                tried.add((segment, target.language))
                rest = _rest_of_segment(segment, target.language)
                if rest is not None:
                    marked[segment] = _Mark(rest, target.language)
    return marked


def _rest_of_segment(segment: str, language: str) -> str | None:
    """Return what is left of a part of a path when this language's code or name is taken out; None without it."""
    primary = language.partition("-")[0]
    for pattern in _AFFIXES:
        match = pattern.fullmatch(segment)
        if match and (parse_tag(match[2]) or "").partition("-")[0] == primary:
            return match[1]
    match = _PREFIX.fullmatch(segment)
    if match and (parse_tag(match[1]) or "").partition("-")[0] == primary:
        return match[2]
    known = languages().get(primary)
    if known and fold(segment) in (fold(known.name), fold(known.native_name)):
        return ""
    return None
