"""Reads the images of a library for formats that carry them: only files inside it, of bounded size, of a known type.

A path is looked up as a site would find it: relative to the file, or for "/x.png" below the folders of static files.
"""

import os
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.links.address import read_address
from relmgr_cli.filesystem import read_regular_file

MAX_BYTES = 2 << 20  # of one image
MAX_TOTAL_BYTES = 24 << 20
_MAX_FOLDERS = 20  # above a file that "/" may mean
_STATIC_FOLDERS = ("", "static/", "public/", "assets/", "images/")
_MAX_DECLARATIONS = 20  # comments among them, before the root of an SVG file
_BEFORE_ROOT = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!", b">"))
_ELEMENT = re.compile(rb"<([a-z]{1,20})[\s/>]")
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


class Image(NamedTuple):
    """An image of the library."""

    data: bytes
    media_type: str


class LibraryImages:
    """The images that the documents of an export show."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self.left_out = 0  # too large, or of another type
        self._total = 0  # bytes handed out
        self._files: dict[tuple[str, str, str], str] = {}  # by root, folder and path in a document
        self._known: dict[str, Image | None] = {}  # by path

    def find(self, href: str, documents: Sequence[Document]) -> Image | None:
        """Return the image at a target; of the first of these documents to which it is relative. None without one."""
        address = read_address(href)
        if not address or not address.path:
            return None
        for document in documents:
            if path := self._find(address.path, document):
                return self._counted(self._read(path, document.root))
        return None

    def _find(self, path: str, document: Document) -> str:
        """Return the file at a path in a document; "" without one."""
        folder = document.path.rpartition("/")[0]
        place = (document.root, folder, path)
        if place not in self._files:
            paths = _paths(path, document.root, folder)
            self._files[place] = next((each for each in paths if os.path.isfile(each)), "")
        return self._files[place]

    def _counted(self, image: Image | None) -> Image | None:
        """Return an image if there is room for it."""
        if image and self._total + len(image.data) <= MAX_TOTAL_BYTES:
            self._total += len(image.data)
            return image
        self.left_out += 1
        return None

    def _read(self, path: str, root: str) -> Image | None:
        real, base = os.path.realpath(path), os.path.realpath(root)
        if not real.startswith(os.path.join(base, "")):
            return None
        if real not in self._known:
            self._known[real] = _load(real)
        return self._known[real]


def _paths(path: str, root: str, folder: str) -> Iterator[str]:
    """Yield the paths that an image may have, all below the library folder unless a symbolic link leads out of it."""
    if path.startswith("/"):
        parts = folder.split("/")[:_MAX_FOLDERS] if folder else []
        folders = ["/".join(parts[:end]) for end in range(len(parts), -1, -1)]
        candidates = [f"{base}/{static}{path}" for base in folders for static in _STATIC_FOLDERS]
    else:
        candidates = [f"{folder}/{path}"]
    base = os.path.join(os.path.normpath(root), "")
    for candidate in candidates:
        full = os.path.normpath(base + candidate.lstrip("/"))
        if full.startswith(base) and "\0" not in full:
            yield full


def _load(path: str) -> Image | None:
    try:
        data = read_regular_file(path, MAX_BYTES)
    except (OSError, ValueError):
        return None
    media_type = media_type_of(data) if len(data) <= MAX_BYTES else ""
    return Image(data, media_type) if media_type else None


def media_type_of(data: bytes) -> str:
    """Return the media type of an image by its content; "" for what is none that may be shown."""
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return "image/svg+xml" if _is_safe_svg(data) else ""


def _is_safe_svg(data: bytes) -> bool:
    """Return True for an SVG file that declares no entities. An `<img>` runs no script and loads nothing from it."""
    return _root_element(data.removeprefix(b"\xef\xbb\xbf")) == b"svg" and b"<!entity" not in data.lower()


def _root_element(data: bytes) -> bytes:
    """Return the name of the first element of an XML file."""
    at = 0
    for _ in range(_MAX_DECLARATIONS):
        at = data.find(b"<", at)
        closing = next((end for start, end in _BEFORE_ROOT if data.startswith(start, at)), b"")
        if at < 0 or not closing:
            break
        at = data.find(closing, at)
    found = _ELEMENT.match(data, at) if at >= 0 else None
    return found[1] if found else b""
