"""A library that was made to do harm: every field of it holds every character that must not reach a terminal."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from support.files import age


def _range(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


CONTROLS = _range(0x00, 0x08) + _range(0x0B, 0x1F) + _range(0x7F, 0x9F)
BIDI = _range(0x202A, 0x202E) + _range(0x2066, 0x2069)
INVISIBLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028\u2029\u3164\ufeff\uffa0\U000e0001\U000e0041\U000e007f"
    "\U000e0100\U000e01ef" + _range(0x2060, 0x2064) + _range(0x206A, 0x206F) + _range(0xFFF9, 0xFFFB)
)
UNASSIGNED = "\u0378\u2065\ufdd0\ufffe\uffff\U0001fffe\U000e0fff\U0010ffff"
CHARACTERS = CONTROLS + BIDI + INVISIBLE + UNASSIGNED
SEQUENCES = (
    "\x1b[3;9;53mx",
    "\x1b[999;999H",
    "\x1b]52;c;UFdO\x07",
    "\x1b]52;c;UFdO\x1b\\",
    "\x1b]0;PWNED\x07",
    "\x1b]8;;https://evil.example\x1b\\y\x1b]8;;\x1b\\",
    "\x1bP1$tx\x1b\\",
    "\x1bc",
    "\x9b3;9;53m",
    "\x9d52;c;UFdO\x9c",
)
MARKUP = "[red]z[/red][/] [@click=app.quit]x[/] $(touch pwned) `touch pwned` \"q\" 'q' a:b <b>"
PAYLOAD = "".join(f"{character}1" for character in CHARACTERS) + "".join(SEQUENCES) + MARKUP

SHOWN = ("␛", "␇", "␡")  # what some of them become, in one cell

# What `compose` and the bars write: styles, hyperlinks to allowed targets; and what the reader needs besides.
_OWN = r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=[0-9-]+)?;(?:(?:https?://|mailto:|file:///)[!-~]{1,2083})?\x1b\\"
_SCREEN = r"\x1b\[[?>=<]?[0-9;]*\$?[A-Za-z]|\x1b\]22;[a-z]*\x07|\x1b[78=>]"
_SCREEN += r"|\x1b_Gi=1,s=1,v=1,a=q,[!-~]*\x1b\\"  # asks for kitty's protocol, if Pillow is installed


def harm_in(data: bytes, *, styled: bool = False, screen: bool = False) -> list[str]:
    """Return what an output holds that could act on a terminal.

    `styled` output may hold our own styles and hyperlinks, a `screen` the sequences of a full-screen program too.
    """
    text = data.decode()  # no lone byte, no surrogate
    found = [sequence for sequence in SEQUENCES if sequence in text]
    if styled or screen:
        text = re.sub(_OWN, "", text)
    if screen:
        text = re.sub(_SCREEN, "", text).replace("\r", "")
    return [*map(ascii, found), *map(ascii, sorted(set(text) & set(CHARACTERS)))]


def _yaml(text: str) -> str:
    """Return a text as a header may write it: in plain ASCII, which a parser turns into what it is."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08x}" for c in text) + '"'


_HEADER = "title name description keywords tags author date translationKey permalink slug aliases".split()


def article(payload: str, language: str, words: str) -> str:
    """Return an article with a payload in every construct."""
    p = payload.replace("\r", "")
    target, label = (p.translate(dict.fromkeys(map(ord, taken))) for taken in ("<>'\"`", "[]`<>"))
    header = [f"{key}: {_yaml(payload)}" for key in _HEADER]
    header += [f"lang: {language}", f"{_yaml(payload[-90:])}: {_yaml(payload)}"]
    entities = "".join(f"&#{ord(character)};" for character in CHARACTERS)
    return "\n".join(
        [
            "---",
            *header,
            "---",
            f"# {p}",
            f"{words} {p} NEEDLE {entities}\n\n{words * 40}\n",  # the fillers are letters of Korean
            f"*{p}* **{p}** ~~{p}~~ `{p}`",
            f"[{label}](other.md) [x](<{target}>) [x](<https://example.org/{target}>) [x](a.ru.md '{target}')",
            f"![{label}](<{target}>) <img src='{target}' alt='{label}'> <a href='https://example.org/{target}'>x</a>",
            f"[https://bank.example](<https://evil.example/{target}>) <https://example.org/{target}> [r][{label}]",
            f"[[{label}]] [[{label}|{label}]] {{{{< ref '{target}' >}}}} <a href='{target}'>x</a>",
            f"\n[{label}]: <https://example.org/{target}> '{target}'\n",
            f"## {p} {{#{p}}}",
            f"> {p}\n",
            f"> [!NOTE]\n> {p}\n",
            f"- {p}\n- [x] {p}\n\n1. {p}\n",
            f"| {p} | a |\n|---|---|\n| {p} | {p} |\n",
            f"```{p}\n{p}\n```\n\n```python\n{p}\n```\n\n    {p}\n",
            f"<div id='{p}'>{p}</div>\n\n<!-- {p} -->\n",
            f"Note.[^1] {p}\n\n[^1]: {p}\n\nTerm {p}\n: {p}\n",
            f"## {'Najważniejsze' if language == 'pl' else 'Главное'}\n",
            f"- {words}\n- {words} {p}\n- {words}\n",
        ]
    )


def _names() -> Iterable[bytes]:
    """Yield file names that hold every character a name may hold, and bytes that are no text."""
    safe = PAYLOAD.replace("\0", "").replace("/", "")
    while safe:
        length = next(n for n in range(len(safe), 0, -1) if len(safe[:n].encode()) <= 200)
        yield b"z" + safe[:length].encode() + b".md"
        safe = safe[length:]
    yield b"\xff\x80\x9b\xed\xa0\x80.md"
    yield b"new\nline\rand\ttab.md"


def make_library(folder: Path) -> Path:
    """Make the library in a folder and return its own folder, whose name is one of the traps."""
    root = folder / "lib\x1b[3;9;53mx\u202e\u0378[red]"
    root.mkdir()
    for language, words in (("pl", "To jest tekst, który jest krótki. "), ("ru", "Это текст, который не длинный. ")):
        (root / f"a.{language}.md").write_bytes(article(PAYLOAD, language, words).encode("utf-8", "surrogatepass"))
    for number, name in enumerate(_names()):
        path = os.path.join(os.fsencode(root), name)
        with open(path, "wb") as file:
            file.write(f"---\nlang: pl\n---\n# T{number} {PAYLOAD[2:]}\n\nKrótki {number}\n".encode())
    (root / ".gitignore").write_text(f"{PAYLOAD}\n", encoding="utf-8")
    (root / "broken.md").write_bytes(b"---\ntitle: \x1b[3;9;53mx: \xc2\x9b3;9;53m\n: {\n---\nText.\n")
    (root / "bytes.md").write_bytes(b"# Some\n\nbytes \xff \x9b3;9;53m \x9d0;x\x9c\n")
    (root / "binary.md").write_bytes(b"\0\1\2" * 300)
    age(root)
    return root
