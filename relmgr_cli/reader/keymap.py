"""The keys of the reader, for Textual's bindings, for the help screen and for the table [keys] of the config file.

An action is a method `action_NAME` of the article screen (reader/screens/article.py); with the prefix `app.`, of the
application (reader/app.py) or of Textual. Keys without an action are bound by the page (reader/widgets/page.py), the
outline (outline.py) or Textual.
"""

from typing import NamedTuple


class Key(NamedTuple):
    """The keys of one action."""

    name: str  # in the table [keys]; "" if the keys cannot be changed
    keys: str  # Textual's names, separated by commas; those shown in the help first
    meaning: str = ""  # in the help; "" if the keys are shown with those of the action above
    action: str = ""  # "" if a widget binds the keys
    shown: str = ""  # in the help instead of the keys; an action in braces is replaced by its key


GROUPS = {  # by purpose, in the order of the help
    "move": (
        Key("line_down", "j,ctrl+e,ctrl+n", "a line down, up"),
        Key("line_up", "k,ctrl+y,ctrl+p"),
        Key("cursor_down", "down"),
        Key("cursor_up", "up"),
        Key("page_down", "space,ctrl+f,f,pagedown", "a screen down, up"),
        Key("page_up", "b,ctrl+b,pageup"),
        Key("half_page_down", "d,ctrl+d", "half a screen down, up"),
        Key("half_page_up", "u,ctrl+u"),
        Key("start", "g,home,less_than_sign", "to the start, the end; with a count, to that line"),
        Key("end", "G,end,greater_than_sign"),
        Key("percent", "percent_sign", "to a percentage of the text", shown="50{percent}"),
        Key("", "", "a count repeats a movement: 5 lines down", shown="5{line_down}"),
        Key("place", "ctrl+g", "show the line, the percentage and the file", "navigate('place')"),
        Key("next_heading", "right_square_bracket", "next, previous heading"),
        Key("previous_heading", "left_square_bracket"),
        Key("choose_heading", "colon", "choose a heading", "navigate('heading')"),
        Key("outline", "o", "show or hide the outline", "outline"),
        Key("switch_pane", "tab", "switch between page and outline"),
    ),
    "languages": (
        Key("next_language", "l", "next language, same position", "language"),
        Key("choose_language", "L", "choose a language, or several for columns", "choose_language"),
        Key("columns", "p", "columns on or off, as many languages as fit", "mode('columns')"),
        Key("hold_column", "x", "scroll the first column alone, all in step again", "navigate('hold')"),
        Key("interleaved", "i", "interleaved on or off", "mode('interleaved')"),
        Key("next_outdated", "c", "next section that is not up to date, beside its source", "outdated"),
        Key("word_lens", "w", "word lens (or a double click): translations of a word", "word_cursor"),
        Key("cursor_left", "left", "the word before, after, in the word lens"),
        Key("cursor_right", "right"),
    ),
    "find": (
        Key("find", "slash", "find in the article, in all languages", "find"),
        Key("", "", "while finding: regular expressions on or off", shown="Ctrl+R"),
        Key("next_match", "n", "next, previous match", "match(1)"),
        Key("previous_match", "N", "", "match(-1)"),
        Key("search_library", "s", "search the library", "navigate('search')"),
        Key("", "escape", "end the search or the word lens", "leave"),
    ),
    "open": (
        Key("articles", "a", "all articles", "navigate('articles')"),
        Key("key_points", "h", "key points", "navigate('highlights')"),
        Key(
            "follow_link",
            "enter",
            "follow a link on the screen; in the word lens, keep the word",
            "navigate('visible_link')",
        ),
        Key("back", "backspace,alt+left,ctrl+o", "back, forward", "navigate('back')"),
        Key("forward", "F,alt+right", "", "navigate('forward')"),
        Key("bookmark", "m", "set or remove a bookmark at the current block", "navigate('bookmark')"),
        Key("bookmarks", "apostrophe", "choose a bookmark of the library", "navigate('bookmarks')"),
        Key("", "", "with the mouse: select text", shown="Shift"),
        Key("edit", "e,v", "edit the file at the current block", "edit"),
        Key("copy", "y", "copy the current block", "navigate('copy')"),
    ),
    "appearance": (
        Key("next_theme", "t", "next theme: terminal, dark, light, contrast", "app.next_theme"),
        Key("longer_lines", "plus", "longer, shorter lines", "measure(4)"),
        Key("shorter_lines", "minus", "", "measure(-4)"),
        Key("centre", "equals_sign", "centred or left-aligned", "centre"),
        Key("line_numbers", "number_sign", "line numbers of the file on or off", "line_numbers"),
    ),
    "program": (
        Key("help", "question_mark", "this help", "app.help"),
        Key("quit", "q", "quit", "app.quit"),
        Key("", "", shown="ZZ"),
        Key("suspend", "ctrl+z", "suspend; fg resumes", "app.suspend_process"),
    ),
}
KEYS = tuple(key for keys in GROUPS.values() for key in keys)


def default_keys(name: str) -> str:
    """Return the keys of an action, as Textual's bindings have them."""
    return next(key.keys for key in KEYS if key.name == name)


def action_of(name: str) -> str:
    """Return the action of the screen or the application with a name."""
    return next(key.action for key in KEYS if key.name == name)
