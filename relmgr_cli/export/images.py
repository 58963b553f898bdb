"""Reads the images of a library for formats that carry them: only files inside it, of bounded size, of a known type.

A path is looked up as a site would find it: relative to the file, or for "/x.png" below the folders of static files.
"""

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.links.address import read_address
from relmgr_cli.filesystem import read_regular_file

MAX_BYTES = 2 << 20  # of one image
MAX_TOTAL_BYTES = 24 << 20
_MAX_FOLDERS = 20  # above a file that "/" may mean
_STATIC_FOLDERS = ("", "static/", "public/", "assets/", "images/")
_SVG_HEAD = 1024  # bytes in which the root element begins
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
        self._known: dict[str, Image | None] = {}  # by path

    def find(self, href: str, documents: Sequence[Document]) -> Image | None:
        """Return the image at a target; of the first of these documents to which it is relative. None without one."""
        address = read_address(href)
        if not address or not address.path:
            return None
        for document in documents:
            for path in _paths(address.path, document):
                if os.path.isfile(path):
                    return self._counted(self._read(path, document.root))
        return None

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


def _paths(path: str, document: Document) -> Iterator[str]:
    """Yield the paths that an image may have, all below the library folder unless a symbolic link leads out of it."""
    folder = document.path.rpartition("/")[0]
    if path.startswith("/"):
        parts = folder.split("/")[:_MAX_FOLDERS] if folder else []
        folders = ["/".join(parts[:end]) for end in range(len(parts), -1, -1)]
        candidates = [f"{base}/{static}{path}" for base in folders for static in _STATIC_FOLDERS]
    else:
        candidates = [f"{folder}/{path}"]
    base = os.path.join(os.path.normpath(document.root), "")
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
    if b"<svg" not in data[:_SVG_HEAD] or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return False
    return b"<!entity" not in data.lower() and b"\0" not in data
