"""Images on the page of the reader, in a terminal that can draw them."""

import os
import re
import struct
import zlib
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pilot import ReaderPilot, read, write
from rich.cells import cell_len
from support.terminal import Terminal, in_terminal
from textual.color import Color
from textual.strip import Strip

from relmgr_cli.export.images import Image
from relmgr_cli.layout.line import Line, plain_text
from relmgr_cli.reader.model import images
from relmgr_cli.reader.model.images import decode
from relmgr_cli.reader.strips import SANITIZE_FILTER
from relmgr_cli.reader.terminal_images import GraphicsFound
from relmgr_cli.terminal.graphics import Graphics, ImageCells

PIL = pytest.importorskip("PIL.Image", reason="Pillow is not installed: pip install 'relmgr[images]'")
pytestmark = pytest.mark.slow  # they run where the extra is installed, and that is with the slow tests

KITTY = Graphics(False, 10, 20)
SIXELS = Graphics(True, 10, 20)
PLACEHOLDER = "\U0010eeee"
TEXT = """\
# Rowery w mieście

Krótki opis tego, jak jeździć rowerem po mieście i nie zmoknąć w deszczu.

![Mapa]({image})

Sprawdź hamulce i powietrze w oponach, zanim wyjedziesz z domu na ulicę.
"""


def picture(width: int, height: int, kind: str = "PNG", **options: Any) -> bytes:
    """Return an image file; its left half is red, the right one blue."""
    image = PIL.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def library(tmp_path: Path, data: bytes, text: str = TEXT, image: str = "a.png") -> Path:
    folder = tmp_path / "library"
    folder.mkdir(exist_ok=True)
    (folder / "a.png").write_bytes(data)
    write(folder / "rowery.pl.md", text.format(image=image))
    return folder


def read_with(
    graphics: Graphics,
    folder: Path,
    script: Callable[[ReaderPilot, list[str]], Awaitable[None]],
    size: tuple[int, int] = (100, 30),
    cell: Callable[[], tuple[int, int]] = lambda: (0, 0),
) -> None:
    """Run a script on the reader in a terminal that draws images, with what the terminal has been sent for that."""

    async def run(reader: ReaderPilot) -> None:
        sent: list[str] = []
        reader.app.send_to_terminal = sent.append  # type: ignore[method-assign, assignment]
        reader.app.post_message(GraphicsFound(graphics, cell))
        await reader.settle()
        await script(reader, sent)

    read(run, folder, "rowery", size=size)


def sizes(sent: list[str]) -> list[tuple[int, int]]:
    """Return the columns and lines of the images that a terminal was sent."""
    return [(int(c), int(r)) for each in sent for c, r in re.findall(r"a=T,[^;]*c=(\d+),r=(\d+)", each)]


def images_on(reader: ReaderPilot) -> list[ImageCells]:
    """Return the lines of images on the screen."""
    return cells_in(reader.page.rows.lines(row)[line] for row, line in reader.page.positions)


def painted(reader: ReaderPilot, y: int) -> Strip:
    """Return a line of the page as it is painted."""
    return reader.page.render_line(y).apply_filter(SANITIZE_FILTER, Color(0, 0, 0))


def cells_in(lines: Iterable[Line]) -> list[ImageCells]:
    return [fragment.text for line in lines for fragment in line if isinstance(fragment.text, ImageCells)]


@pytest.mark.parametrize(
    ("pixels", "size"),
    [
        ((200, 100), (20, 5)),
        ((205, 101), (21, 6)),
        ((3000, 1000), (68, 12)),  # as wide as the text next to the outline: 680 pixels
        ((400, 3000), (4, 14)),  # half of the screen: 280 pixels
    ],
)
def test_an_image_is_above_its_text_in_its_proportions(
    tmp_path: Path, pixels: tuple[int, int], size: tuple[int, int]
) -> None:
    async def script(reader: ReaderPilot, sent: list[str]) -> None:
        assert sizes(sent) == [size]
        shown = images_on(reader)
        assert [len(text) for text in shown] == [size[0]] * size[1]
        assert reader.screen_lines[reader.y_of("[Mapa]") - size[1] - 1] == ""
        strip = painted(reader, reader.y_of("[Mapa]") - 1)
        assert strip.cell_length == reader.page.size.width
        assert strip.text.count(PLACEHOLDER) == size[0]

    read_with(KITTY, library(tmp_path, picture(*pixels)), script, size=(100, 29))


def test_a_terminal_with_small_pixels_is_not_sent_more_than_it_needs(tmp_path: Path) -> None:
    async def script(_reader: ReaderPilot, sent: list[str]) -> None:
        assert sizes(sent) == [(68, 12)]
        png = b64decode("".join(re.findall(r";([^;\x1b]*)\x1b", "".join(sent))))
        width, height = PIL.open(BytesIO(png)).size
        assert 1_000_000 < width * height <= 1 << 20

    read_with(Graphics(False, 40, 80), library(tmp_path, picture(3000, 1000)), script)


def test_sixels_fill_the_lines_of_an_image(tmp_path: Path) -> None:
    async def script(reader: ReaderPilot, sent: list[str]) -> None:
        assert not sizes(sent)
        lines = [text.draw() for text in images_on(reader)]
        assert [re.findall(r'"1;1;(\d+;\d+)', line) for line in lines] == [["200;20"]] * 4 + [["200;10"]]

    read_with(SIXELS, library(tmp_path, picture(200, 90)), script)


def test_the_page_scrolls_past_an_image_line_by_line(tmp_path: Path) -> None:
    folder = library(tmp_path, picture(400, 200), TEXT + "\nJeszcze jeden akapit.\n" * 30)

    async def script(reader: ReaderPilot, sent: list[str]) -> None:
        first = reader.y_of("[Mapa]")
        for moved in range(1, first + 1):
            await reader.press("j")
            assert reader.y_of("[Mapa]") == first - moved
            assert len(images_on(reader)) == min(10, first - moved)
        assert len(sizes(sent)) == 1

    read_with(KITTY, folder, script)


def test_images_are_in_their_columns(tmp_path: Path) -> None:
    folder = library(tmp_path, picture(3000, 1000), TEXT + "\nJeszcze jeden akapit.\n" * 20)
    russian = "# Велосипеды\n\nКороткое описание того, как ездить и не промокнуть.\n\n![Карта](a.png)\n\nКонец.\n"
    write(folder / "rowery.ru.md", russian)

    async def script(reader: ReaderPilot, sent: list[str]) -> None:
        await reader.press("p")
        width = reader.page.rows.layout.settings["pl"].width
        height = -(-width * 10 // 3 // 20)
        assert sizes(sent)[-1] == (width, height)
        assert {len(text) for text in images_on(reader)} == {width}
        assert len(images_on(reader)) == 2 * height
        y = reader.y_of("[Mapa]")
        assert "[Карта]" in reader.screen_lines[y]
        assert painted(reader, y - 1).text.count(PLACEHOLDER) == 2 * width
        await reader.press("x", *"j" * height)  # the other columns are held
        assert painted(reader, y - 1).text.count(PLACEHOLDER) == width
        held = painted(reader, y - height - 1)
        assert held.text.count(PLACEHOLDER) == width
        assert (
            held.cell_length == sum(cell_len(part.text) for part in held if not part.control) == reader.page.size.width
        )

    read_with(KITTY, folder, script, size=(140, 30))


def test_images_fit_another_size_of_the_screen_and_of_the_font(tmp_path: Path) -> None:
    cells = [(10, 20)]

    async def script(reader: ReaderPilot, sent: list[str]) -> None:
        await reader.resize(50, 30)
        await reader.resize(50, 12)
        cells[0] = (20, 40)
        await reader.resize(50, 13)
        assert sizes(sent) == [(60, 10), (48, 8), (30, 5), (30, 5)]
        assert [each for each in sent if "a=d" in each] == [f"\x1b_Ga=d,d=I,i={n},q=2\x1b\\" for n in (1, 2, 3)]

    read_with(KITTY, library(tmp_path, picture(600, 200)), script, cell=lambda: cells[0])


def test_images_are_loaded_again_when_too_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = library(tmp_path, picture(200, 100), TEXT + "".join(f"\n![]({number}.png)\n" for number in range(3)))
    for number in range(3):
        (folder / f"{number}.png").write_bytes(picture(100, 50 + number))
    monkeypatch.setattr(images, "_MAX_KEPT_PIXELS", 1)

    async def script(reader: ReaderPilot, sent: list[str]) -> None:
        assert [len(text) for text in images_on(reader)] == [20] * 5 + [10] * 9
        assert len(sizes(sent)) > 4

    read_with(KITTY, folder, script, size=(100, 40))


def test_an_image_in_a_sentence_is_below_it(tmp_path: Path) -> None:
    text = TEXT.replace("![Mapa]({image})", "Zobacz ![mapę]({image}), zanim wyjedziesz.")

    async def script(reader: ReaderPilot, _sent: list[str]) -> None:
        y = reader.y_of("[mapę]")
        found = [PLACEHOLDER in painted(reader, y + 1 + line).text for line in range(6)]
        assert found == [True] * 5 + [False]

    read_with(KITTY, library(tmp_path, picture(200, 100), text), script)


def test_the_word_lens_passes_an_image(tmp_path: Path) -> None:
    async def script(reader: ReaderPilot, _sent: list[str]) -> None:
        await reader.press("w")
        for _ in range(6):
            await reader.press("down")
        assert reader.page.word
        assert "Sprawdź" in reader.page.current_text

    read_with(KITTY, library(tmp_path, picture(200, 100)), script)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that claims a size which its few bytes do not have."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


GOOD = picture(200, 100)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"></svg>'
CORRUPT = GOOD[:60] + b"\xff" * 20 + GOOD[80:]
BROKEN = {
    "truncated": GOOD[: len(GOOD) // 2],
    "only a signature": GOOD[:8],
    "truncated JPEG": picture(200, 100, "JPEG")[:300],
    "truncated WebP": picture(200, 100, "WEBP")[:60],
    "truncated GIF": picture(200, 100, "GIF")[:60],
    "corrupt": CORRUPT,
    "bomb": bomb(30_000, 30_000),
    "bomb of a known size": bomb(4000, 4000),
    "too many pixels": picture(2900, 2900),
    "no pixels": bomb(0, 10),
    "SVG": SVG,
    "too many bytes": GOOD + b"\0" * (2 << 20),
    "an icon": picture(16, 16),
    "a line": picture(4000, 1),
    "another type": b"BM" + bytes(100),
}


OUTSIDE = ["../out.png", "link.png", "up/out.png", "https://example.org/a.png", "//example.org/a.png", "pipe.png", "up"]


def test_what_cannot_or_must_not_be_shown_is_its_alternative_text(tmp_path: Path) -> None:
    names = [f"{number}.png" for number in range(len(BROKEN))]
    folder = library(tmp_path, GOOD, TEXT + "".join(f"\n![{name}]({name})\n" for name in (*names, *OUTSIDE)))
    for name, data in zip(names, BROKEN.values(), strict=True):
        (folder / name).write_bytes(data)
    (tmp_path / "out.png").write_bytes(GOOD)
    (folder / "link.png").symlink_to(tmp_path / "out.png")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.png")

    async def script(reader: ReaderPilot, sent: list[str]) -> None:
        lines = [line for row in range(len(reader.page.rows)) for line in reader.page.rows.lines(row)]
        drawn = [index for index, line in enumerate(lines) if cells_in([line])]
        texts = [plain_text(line) for line in lines]
        assert [texts[at] for at in range(drawn[-1] + 1, len(texts), 2)] == [
            "[Mapa]",
            "Sprawdź hamulce i powietrze w oponach, zanim wyjedziesz z domu na ulicę.",
            *(f"[{name}]" for name in (*names, *OUTSIDE)),
        ]
        assert sizes(sent) == [(20, 5)]

    read_with(KITTY, folder, script, size=(120, 30))


def test_broken_images_are_decoded_only_to_a_limit(tmp_path: Path) -> None:
    folder = library(tmp_path, CORRUPT, TEXT + "".join(f"\n![]({number}.png)\n" for number in range(20)))
    for number in range(20):
        (folder / f"{number}.png").write_bytes(CORRUPT + bytes([number]))
    for number in (14, 18):
        (folder / f"{number}.png").write_bytes(picture(200, 100 + number))

    async def script(reader: ReaderPilot, sent: list[str]) -> None:
        drawn = [row for row in range(len(reader.page.rows)) if cells_in(reader.page.rows.lines(row))]
        assert [reader.page.rows.text(row, "pl") for row in drawn] == ["14.png"]
        assert len(sizes(sent)) == 1

    read_with(KITTY, folder, script)


def pixel(image: Any, at: tuple[int, int]) -> tuple[int, ...]:
    """Return the channels of a pixel, which Pillow types as those of any kind of image."""
    channels: tuple[int, ...] = image.getpixel(at)
    return channels


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_each_format_is_decoded(kind: str) -> None:
    found = decode(Image(picture(300, 100, kind), f"image/{kind.lower()}"), (150, 100))
    assert found
    assert found.size == (150, 50)
    red, green, blue, alpha = pixel(found, (30, 25))
    assert (red > 240, green < 20, blue < 20, alpha) == (True, True, True, 255)


def test_a_photo_is_upright_and_may_be_large() -> None:
    exif = PIL.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    found = decode(Image(picture(6000, 3000, "JPEG", exif=exif), "image/jpeg"), (300, 300))
    assert found
    assert found.size == (150, 300)
    assert pixel(found, (75, 30))[0] > 240


# In a terminal.

QUERY = b"\x1b[c"
REPLIES = "\x1b_Gi=1;OK\x1b\\\x1b[6;20;10t\x1b[?62;22c"


def start(folder: Path) -> Terminal:
    terminal = in_terminal("--library", str(folder), "read", "rowery", TERM="xterm-kitty")
    terminal.settle(after=b"\x1b[?1049h")
    return terminal


def shown(terminal: Terminal) -> list[tuple[int, int]]:
    return sizes([terminal.written.decode(errors="replace")])


def test_a_terminal_that_answers_as_kitty_does_is_sent_images(tmp_path: Path) -> None:
    terminal = start(library(tmp_path, picture(400, 200)))
    assert QUERY in terminal.written
    terminal.press(REPLIES)
    terminal.settle(after=PLACEHOLDER.encode())
    assert shown(terminal) == [(40, 10)]
    terminal.press("q")
    seen = terminal.end()
    assert (seen.code, seen.modes, seen.is_as_before) == (0, frozenset(), True)
    assert seen.written.count(PLACEHOLDER.encode()) % 400 == 0


def test_a_terminal_that_does_not_answer_loses_nothing(tmp_path: Path) -> None:
    terminal = start(library(tmp_path, picture(400, 200)))
    terminal.press("?")
    terminal.settle(after=b"Move")
    terminal.press("\x1b")
    terminal.settle()
    terminal.press("q")
    seen = terminal.end()
    assert (seen.code, shown(terminal)) == (0, [])
    assert PLACEHOLDER.encode() not in seen.written


def test_late_replies_are_not_typed(tmp_path: Path) -> None:
    terminal = start(library(tmp_path, picture(400, 200)))
    terminal.press("a")  # the list of articles, with an input for a filter
    terminal.settle()
    for part in ("row\x1b_Gi=1;", "OK\x1b\\e\x1b[6;20;10t", "r\x1b[?62;", "22c"):
        terminal.press(part)
    terminal.settle()
    assert b"rower" in terminal.written  # the input paints its whole text for each key
    assert not re.search(rb"OK|62;22|20;10", terminal.written)
    terminal.press("\x1b")
    terminal.settle(after=PLACEHOLDER.encode())
    assert shown(terminal) == [(40, 10)]
    terminal.press("q")
    assert terminal.end().code == 0


def test_escapes_of_images_reach_the_terminal_and_those_of_texts_do_not(tmp_path: Path) -> None:
    terminal = start(library(tmp_path, picture(200, 90), TEXT + "\n\x1bP0;1qtext\n"))
    terminal.press("\x1b[6;20;10t\x1b[?62;4c")
    terminal.settle(after=b"\x1bP0;1q")
    terminal.press("q")
    written = terminal.end().written.decode()
    assert len(re.findall(r"\x1b7\x1b\[20D\x1bP0;1q[^\x1b]*\x1b\\\x1b8", written)) == written.count("\x1bP") >= 5
    assert "\u241bP0;1qtext" in written
