"""Which terminals can draw images, and what draws them."""

import fcntl
import os
import pty
import re
import struct
import termios
from base64 import b64decode

import numpy as np
import pytest

from relmgr_cli.terminal.graphics import (
    TRANSPARENT,
    Graphics,
    Replies,
    cell_size,
    draw_kitty_line,
    draw_sixel_line,
    graphics_query,
    send_kitty_image,
)

KITTY = "\x1b_Gi=1;OK\x1b\\"
CELL = "\x1b[6;20;10t"
PLAIN = "\x1b[?62;22c"
SIXEL = "\x1b[?62;4;22c"


def replies_to(*parts: str) -> tuple[Replies, str]:
    """Return the replies in what a terminal sends part by part, and what is left as typed."""
    replies = Replies()
    typed = "".join(map(replies.take, parts))
    return replies, typed + replies.release()


@pytest.mark.parametrize(
    ("sent", "graphics"),
    [
        (KITTY + CELL + PLAIN, Graphics(False, 10, 20)),
        (CELL + SIXEL, Graphics(True, 10, 20)),
        (KITTY + CELL + SIXEL, Graphics(True, 10, 20)),
        (CELL + PLAIN, None),
        ("\x1b_Gi=1;EINVAL:unknown\x1b\\" + CELL + PLAIN, None),
        (KITTY + PLAIN, None),  # the size of a cell is not known
        ("\x1b[?14;40c" + CELL, None),  # 4 and nothing else
    ],
)
def test_the_replies_tell_what_the_terminal_can_draw(sent: str, graphics: Graphics | None) -> None:
    assert replies_to(sent)[0].graphics((0, 0)) == graphics


def test_the_system_knows_the_cell_better_than_the_terminal() -> None:
    assert replies_to(CELL + SIXEL)[0].graphics((9, 18)) == Graphics(True, 9, 18)


def test_the_size_of_a_cell_is_that_of_the_window_by_its_lines() -> None:
    leader, follower = pty.openpty()
    assert cell_size(follower) == (0, 0)
    fcntl.ioctl(leader, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 805, 480))
    assert cell_size(follower) == (10, 20)
    os.close(leader)
    os.close(follower)
    with open(os.devnull) as file:
        assert cell_size(file.fileno()) == (0, 0)


def test_replies_are_not_keys_however_they_arrive() -> None:
    sent = f"a\x1b[A{KITTY}b{CELL}\x1bc\x1b[6~{SIXEL}d"
    typed = "a\x1b[Ab\x1bc\x1b[6~d"
    for cut in range(len(sent)):
        replies, left = replies_to(sent[:cut], sent[cut:])
        assert left == typed
        assert replies.graphics((0, 0)) == Graphics(True, 10, 20)
    assert replies_to(*sent)[1] == typed


def test_once_the_replies_are_complete_no_key_is_kept_back() -> None:
    replies = Replies()
    assert replies.take(PLAIN + "\x1b") == "\x1b"
    assert replies.take("a" + PLAIN) == "a"  # to the same question, asked twice


@pytest.mark.parametrize("typed", ["\x1b", "\x1b_", "\x1b[", "\x1b[6", "\x1b[?1", "\x1b_Gabc", "x\x1b[6;5"])
def test_the_start_of_a_reply_is_a_key_if_nothing_follows(typed: str) -> None:
    replies = Replies()
    now = replies.take(typed)
    assert len(now) < len(typed)
    assert now + replies.release() == typed
    assert replies.release() == ""


def test_endless_input_is_not_kept_back() -> None:
    assert Replies().take("\x1b_G" + "a" * 1000) == "\x1b_G" + "a" * 1000


@pytest.mark.parametrize(
    ("environ", "asks"),
    [
        ({"TERM": "xterm-kitty"}, ["kitty", "attributes"]),
        ({"TERM": "tmux-256color"}, ["attributes"]),
        ({"TERM": "xterm-256color", "TMUX": "tmux-0"}, ["attributes"]),
        ({"TERM": "linux"}, []),
        ({"TERM": "dumb"}, []),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, []),
    ],
)
def test_no_terminal_is_asked_what_it_would_show(environ: dict[str, str], asks: list[str]) -> None:
    query = graphics_query(environ)
    assert ("\x1b_G" in query, query.endswith("\x1b[c")) == ("kitty" in asks, "attributes" in asks)


def test_kitty_is_sent_an_image_in_pieces() -> None:
    png = bytes(range(256)) * 40
    sent = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", send_kitty_image(7, png, 30, 9))
    keys = dict(key.split("=") for key in sent[0][0].split(","))
    assert keys == {"a": "T", "U": "1", "q": "2", "f": "100", "t": "d", "i": "7", "c": "30", "r": "9", "m": "1"}
    assert [part for part, _ in sent[1:]] == ["q=2,m=1"] * (len(sent) - 2) + ["q=2,m=0"]
    assert all(len(payload) <= 4096 for _, payload in sent)
    assert b64decode("".join(payload for _, payload in sent)) == png


def test_a_line_of_an_image_in_kitty_is_placeholders_in_the_colour_of_its_number() -> None:
    line = draw_kitty_line(0x010203, 3, 1)
    assert line == "\x1b[3D\x1b[38;2;1;2;3m\U0010eeee\u030d\u0305\U0010eeee\U0010eeee\x1b[39m"


def test_sixels_have_the_colours_of_the_pixels() -> None:
    rng = np.random.default_rng(5)
    pixels = rng.choice(np.array([0, 1, 2, 254, TRANSPARENT], np.uint8), (20, 45))
    pixels[:, 20:40] = 2  # runs are shortened
    palette = bytes(value % 256 for value in range(3 * 255))
    escapes = draw_sixel_line(pixels, palette, 5)
    assert escapes.startswith("\x1b7\x1b[5D\x1bP")
    assert escapes.endswith("\x1b\\\x1b8")
    assert "#2;2;2;2;3" in escapes  # per cent: of 6, 7 and 8 of 255
    assert (decoded(escapes) == pixels).all()


def decoded(escapes: str) -> np.ndarray:
    """Return the pixels of sixels, by the numbers of their colours."""
    head, body = re.fullmatch(r'.*\x1bP0;1q"1;1;(\d+;\d+)(.*)\x1b\\.*', escapes, re.DOTALL).groups()  # type: ignore[union-attr]
    width, height = map(int, head.split(";"))
    pixels = np.full((height, width), TRANSPARENT, np.uint8)
    column = band = color = 0
    for name, run, sixel, control in re.findall(r"#(\d+)(?:;\d+){0,4}|(?:!(\d+))?([?-~])|([$-])", body):
        if name:
            color = int(name)
        elif control:
            column, band = 0, band + (control == "-")
        else:
            rows = [6 * band + row for row in range(6) if ord(sixel) - ord("?") & 1 << row]
            pixels[rows, column : column + int(run or 1)] = color
            column += int(run or 1)
    return pixels
