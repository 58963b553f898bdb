"""The keys of the reader, written once: for Textual's bindings and for the help."""

from typing import NamedTuple


class Key(NamedTuple):
    """What a key does."""

    shown: str  # as the help writes it
    meaning: str
    keys: str = ""  # Textual's names; "" where the page or a pane binds it
    action: str = ""


KEYS = (
    Key("j k ↓ ↑", "a line down, up"),
    Key("space b", "a screen down, up"),
    Key("d u", "half a screen down, up"),
    Key("g G", "to the start, the end"),
    Key("] [", "next, previous heading"),
    Key(":", "jump to a heading by a part of it", "colon", "jump"),
    Key("o", "outline on and off", "o", "outline"),
    Key("Tab", "to the other pane"),
    Key("l", "next language, same place", "l", "language"),
    Key("L", "choose a language", "L", "choose_language"),
    Key("p", "side by side on and off, as many as fit", "p", "mode('columns')"),
    Key("i", "interleaved on and off", "i", "mode('interleaved')"),
    Key("w", "word lens: arrows or mouse, the counterpart is shown", "w", "lens"),
    Key("/", "search in the article, all languages", "slash", "find"),
    Key("n N", "next, previous match", "n", "match(1)"),
    Key("", "", "N", "match(-1)"),
    Key("s", "search the library", "s", "search"),
    Key("a", "all articles", "a", "articles"),
    Key("h", "the key points", "h", "highlights"),
    Key("Enter", "follow a link on the screen", "enter", "follow"),
    Key("Backspace", "back", "backspace", "back"),
    Key("e", "edit the file at this block", "e", "edit"),
    Key("y", "copy the block", "y", "copy"),
    Key("t", "next theme: terminal, dark, light, contrast", "t", "app.next_theme"),
    Key("+ -", "longer, shorter lines", "plus", "measure(4)"),
    Key("", "", "minus", "measure(-4)"),
    Key("=", "centred or at the left", "equals_sign", "centre"),
    Key("Esc", "end a search, the word lens", "escape", "leave"),
    Key("?", "these keys", "question_mark", "help"),
    Key("q", "quit", "q", "quit"),
    Key("Ctrl+Z", "to the shell; fg leads back", "ctrl+z", "app.suspend_process"),
)
