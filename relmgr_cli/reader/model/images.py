"""The images of a document as lines of the page, in terminals that can draw them; needs Pillow, the extra `images`.

Only files of the library are shown, by the rules for exports (`export.images`). What is remote, too large, broken or of
another format keeps its alternative text, which is also the caption of an image that is shown.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from hashlib import blake2b
from io import BytesIO
from itertools import count
from math import ceil, sqrt
from typing import TYPE_CHECKING

from relmgr_cli.corpus.document import Document
from relmgr_cli.export.images import Image, LibraryImages
from relmgr_cli.layout.line import Fragment, Line
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.terminal.graphics import (
    MAX_LINES,
    TRANSPARENT,
    Graphics,
    ImageCells,
    delete_kitty_image,
    draw_kitty_line,
    draw_sixel_line,
    send_kitty_image,
)

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_MAX_PIXELS = 8 << 20  # that are decoded, to four bytes each
_MAX_SHOWN_PIXELS = 1 << 20  # of an image as it is sent to the terminal, which enlarges it
_MAX_IMAGES = 4  # of a block
_MAX_BROKEN = 16  # files that are decoded in vain; then no other is decoded, as each costs time
_MAX_COLUMNS = 250
_ORIENTATION = 0x0112  # in EXIF
_FIRST_TURNED = 5  # from this orientation on, width and height are exchanged
_MAX_KEPT_PIXELS = 32 << 20  # of all images of the rows that are kept
_OPAQUE = 128  # the alpha from which on a pixel is drawn in sixels

_Lines = list[Line]


class ImageLayout:
    """Lays out the images of blocks.

    `send` writes to the terminal. `measure` returns the size of a cell in pixels now, (0, 0) if it is unknown.
    """

    def __init__(
        self,
        graphics: Graphics,
        send: Callable[[str], object],
        measure: Callable[[], tuple[int, int]],
    ) -> None:
        self.graphics = graphics
        self.max_lines = MAX_LINES
        self._send = send
        self._measure = measure
        self._numbers = count(1)
        self._sent: list[int] = []  # numbers of images that the terminal has
        self._drawn: dict[tuple[bytes, int], _Lines] = {}  # by the content of the file and the width for it
        self._broken: set[bytes] = set()  # files whose decoder has failed, by their content
        self._kept_pixels = 0

    def resize(self, screen_lines: int) -> None:
        """Fit images into half a screen, and into its cells: another font has others."""
        before = self.graphics, self.max_lines
        self.max_lines = max(1, min(screen_lines // 2, MAX_LINES))
        if all(cell := self._measure()):
            self.graphics = Graphics(self.graphics.has_sixels, *cell)
        if (self.graphics, self.max_lines) != before:
            self.forget()
            for number in self._sent:
                self._send(delete_kitty_image(number))
            self._sent.clear()

    @property
    def is_full(self) -> bool:
        """Whether rows have to be dropped with their images."""
        return self._kept_pixels > _MAX_KEPT_PIXELS

    def forget(self) -> None:
        """Forget all images; those that are needed are loaded again."""
        self._drawn.clear()
        self._kept_pixels = 0

    def add(self, block: Block, lines: _Lines, width: int, *, documents: Sequence[Document]) -> _Lines:
        """Return the lines of a block with its images in at most `width` cells: above a caption, else below the text.

        The files are those that the first of these documents refers to, or the next one.
        """
        found = [span.href for span in block.spans if "image" in span.styles and span.href][:_MAX_IMAGES]
        drawn = [line for href in found for line in self._lines(href, width, documents)]
        is_caption = all("image" in span.styles or not span.text.strip() for span in block.spans)
        return [*drawn, *lines] if is_caption else [*lines, *drawn]

    def _lines(self, href: str, width: int, documents: Sequence[Document]) -> _Lines:
        image = LibraryImages().find(href, documents)
        if image is None or image.media_type not in _FORMATS:
            return []
        content = blake2b(image.data, digest_size=16).digest()
        if (content, width) not in self._drawn:
            picture = self._decode(image, content, width)
            self._drawn[content, width] = list(self._draw(picture)) if picture else []
        return self._drawn[content, width]

    def _decode(self, image: Image, content: bytes, width: int) -> "Picture | None":
        if content in self._broken or len(self._broken) >= _MAX_BROKEN:
            return None
        box = min(width, _MAX_COLUMNS) * self.graphics.cell_width, self.max_lines * self.graphics.cell_height
        try:
            return decode(image, box, min_height=min(self.graphics.cell_height, box[1] - 1))
        except Exception:  # noqa: BLE001 (a decoder may raise anything for a file made to break it)
            self._broken.add(content)
            return None

    def _draw(self, picture: "Picture") -> Iterator[Line]:
        columns = ceil(picture.width / self.graphics.cell_width)
        lines = ceil(picture.height / self.graphics.cell_height)
        self._kept_pixels += picture.width * picture.height
        if self.graphics.has_sixels:
            draw = _sixel_lines(picture, columns, self.graphics.cell_height)
        else:
            number = next(self._numbers)
            self._sent.append(number)
            self._send(send_kitty_image(number, _png(picture), columns, lines))
            draw = partial(draw_kitty_line, number, columns)
        for line in range(lines):
            yield [Fragment(ImageCells(columns, partial(draw, line)))]


def decode(image: Image, box: tuple[int, int], *, min_height: int = 0) -> "Picture | None":
    """Return the first frame of an image, made smaller to fit a box of pixels.

    None, before anything is decoded, if it has too many pixels, or would be no higher than `min_height`: a badge, an
    icon or a line. Raises anything for a broken file.
    """
    import PIL.Image
    from PIL import ImageOps

    with PIL.Image.open(BytesIO(image.data), formats=[_FORMATS[image.media_type]]) as opened:
        opened.draft("RGB", box)  # a JPEG is decoded to about the size that is needed
        if opened.width * opened.height > _MAX_PIXELS or _height_in(box, opened) <= min_height:
            return None
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    picture.thumbnail(box, PIL.Image.Resampling.LANCZOS)
    return picture


def _height_in(box: tuple[int, int], picture: "Picture") -> float:
    """Return the height of an image that fits a box, turned as its camera was."""
    is_turned = picture.getexif().get(_ORIENTATION, 1) >= _FIRST_TURNED
    width, height = picture.size[::-1] if is_turned else picture.size
    return float(height * min(1, box[0] / width, box[1] / height))


def _png(picture: "Picture") -> bytes:
    """Return the file that a terminal with kitty's protocol is sent."""
    pixels = picture.width * picture.height
    if pixels > _MAX_SHOWN_PIXELS:
        picture = picture.copy()
        scale = sqrt(_MAX_SHOWN_PIXELS / pixels)
        picture.thumbnail((picture.width * scale, picture.height * scale))
    file = BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _sixel_lines(picture: "Picture", columns: int, cell_height: int) -> Callable[[int], str]:
    """Return what draws a line of an image; what it returns is kept, because a page is painted for each move."""
    import numpy as np
    from PIL.Image import Dither, Quantize

    colored = picture.convert("RGB")
    octree = colored.quantize(TRANSPARENT, Quantize.FASTOCTREE)  # as many colours, the first is 0; in milliseconds
    quantized = colored.quantize(palette=octree, dither=Dither.FLOYDSTEINBERG)
    palette = bytes(quantized.getpalette() or ())
    opaque = np.asarray(picture.getchannel("A")) >= _OPAQUE
    pixels = np.where(opaque, np.asarray(quantized), np.uint8(TRANSPARENT))

    @cache
    def draw(line: int) -> str:
        return draw_sixel_line(pixels[line * cell_height : (line + 1) * cell_height], palette, columns)

    return draw
