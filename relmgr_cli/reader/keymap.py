"""The keys of the reader, for Textual's bindings and for the help screen.

An action is a method `action_NAME` of the article screen (reader/screens/article.py); with the prefix `app.`, of the
application (reader/app.py) or of Textual. Keys without an action are bound by the page (reader/widgets/page.py), the
outline (outline.py) or Textual.
"""

from typing import NamedTuple


class Key(NamedTuple):
    """A key, or several with one line in the help."""

    shown: str  # in the help; "" to leave it out
    meaning: str
    keys: str = ""  # Textual's names; "" if a widget binds it
    action: str = ""


KEYS = (
    Key("j k ↓ ↑", "a line down, up"),
    Key("space b", "a screen down, up"),
    Key("d u", "half a screen down, up"),
    Key("g G", "to the start, the end"),
    Key("] [", "next, previous heading"),
    Key(":", "choose a heading", "colon", "navigate('heading')"),
    Key("o", "show or hide the outline", "o", "outline"),
    Key("Tab", "switch between page and outline"),
    Key("l", "next language, same position", "l", "language"),
    Key("L", "choose a language, or several for columns", "L", "choose_language"),
    Key("p", "columns on or off, as many languages as fit", "p", "mode('columns')"),
    Key("x", "scroll the first column alone, all in step again", "x", "navigate('hold')"),
    Key("i", "interleaved on or off", "i", "mode('interleaved')"),
    Key("c", "next section that is not up to date, beside its source", "c", "outdated"),
    Key("w", "word lens: move with arrows or mouse, see translations", "w", "word_cursor"),
    Key("/", "find in the article, in all languages", "slash", "find"),
    Key("n N", "next, previous match", "n", "match(1)"),
    Key("", "", "N", "match(-1)"),
    Key("s", "search the library", "s", "navigate('search')"),
    Key("a", "all articles", "a", "navigate('articles')"),
    Key("h", "key points", "h", "navigate('highlights')"),
    Key("Enter", "follow a link on the screen; in the word lens, keep the word", "enter", "navigate('visible_link')"),
    Key("Backspace", "back; also Alt+←", "backspace,alt+left", "navigate('back')"),
    Key("F", "forward; also Alt+→", "F,alt+right", "navigate('forward')"),
    Key("e", "edit the file at the current block", "e", "edit"),
    Key("y", "copy the current block", "y", "copy"),
    Key("t", "next theme: terminal, dark, light, contrast", "t", "app.next_theme"),
    Key("+ -", "longer, shorter lines", "plus", "measure(4)"),
    Key("", "", "minus", "measure(-4)"),
    Key("=", "centred or left-aligned", "equals_sign", "centre"),
    Key("Esc", "end the search or the word lens", "escape", "leave"),
    Key("?", "this help", "question_mark", "help"),
    Key("q", "quit", "q", "app.quit"),
    Key("Ctrl+Z", "suspend; fg resumes", "ctrl+z", "app.suspend_process"),
)
