"""Shows formulas and emoji shortcodes with the characters they stand for.

What is shown so has no offset in the text: only what a page shows changes, not what is searched or exported.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_SHORTCODES = re.compile(
    r"(?<![\w:/])(?::(?:[a-z0-9][a-z0-9_+-]{1,60}|[+-]1|[vx]):){1,20}(?![\w:/])|"
    r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]{1,60}:"  # an icon, anywhere
)
# Names of GitHub and of emoji sets that Unicode does not use, each before its emoji.
_NAMES = (
    "thinking 🤔 hugs 🤗 hugging 🤗 rofl 🤣 roll_eyes 🙄 upside_down_face 🙃 star_struck 🤩 "
    "money_mouth_face 🤑 face_with_head_bandage 🤕 smiling_face_with_three_hearts 🥰 "
    "smiling_face_with_hearts 🥰 cursing_face 🤬 shrug 🤷 facepalm 🤦 metal 🤘 fist_raised ✊ "
    "fist_oncoming 👊 pinched_fingers 🤌 technologist 🧑‍💻 tipping_hand_man 💁‍♂️ "
    "male_detective 🕵️‍♂️ female_detective 🕵️‍♀️ medal_sports 🏅 medal_military 🎖️ unicorn 🦄 "
    "champagne 🍾 fleur_de_lis ⚜️ sock 🧦 hash #️⃣ keycap_ten 🔟 eu 🇪🇺 us 🇺🇸 gb 🇬🇧 uk 🇬🇧 de 🇩🇪 "
    "fr 🇫🇷 es 🇪🇸 it 🇮🇹 ru 🇷🇺 cn 🇨🇳 jp 🇯🇵 kr 🇰🇷 octocat 🐙 shipit 🐿️"
)
_ICON = re.compile(
    r"(?:material|fontawesome-(?:brands|regular|solid)|octicons|simple)-(.+?)(?:-(?:12|16|24|32|48|96))?"
)
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]{1,80})\}|([^\s{}_^\\]))")
_SUPERSCRIPTS = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ−′",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ⁻′",
)
_SUBSCRIPTS = str.maketrans("0123456789+-=()aehijklmnoprstuvxβγρφχ−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₋")
_MAX_FORMULA = 1000  # characters, some milliseconds
_MAX_ROWS = 10  # times as long as that is a formula of several lines
_ROW_END = re.compile(r"\\\\(?:\[[^\[\]\n]{0,20}\])?")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[A-Za-z]{1,20}\*?\}")
_NO_DELIMITER = re.compile(r"\\(?:left|right)\s{0,9}\.")
_MAX_DEPTH = 6  # of braces; each level may double the time
_MAX_FORMULAS = 2000  # different ones in one run of the program


def with_emoji(text: str) -> Iterator[tuple[str, int]]:
    """Yield the pieces of a text, each with its offset; a shortcode becomes its emoji, with offset -1."""
    at = 0
    for match in _SHORTCODES.finditer(text) if text.count(":") > 1 else ():
        emoji = [_emoji(name) for name in match[0][1:-1].split("::")]
        if all(emoji):
            if match.start() > at:
                yield text[at : match.start()], at
            yield "".join(emoji), -1
            at = match.end()
    if at < len(text) or not text:
        yield text[at:], at


@lru_cache(1000)
def _emoji(name: str) -> str:
    """Return the emoji with a name, the words of an icon's name in brackets, or "" for another name."""
    from rich.emoji import Emoji

    if emoji := _more_emoji().get(name):
        return emoji
    code = f":{name}:"
    shown = Emoji.replace(code)
    if shown != code:
        return shown
    icon = _ICON.fullmatch(name)
    return f"[{icon[1].replace('-', ' ')}]" if icon else ""


@cache
def _more_emoji() -> dict[str, str]:
    names, emoji = _NAMES.split()[::2], _NAMES.split()[1::2]
    return dict(zip(names, emoji, strict=True))


@lru_cache(_MAX_FORMULAS)
def formula(source: str) -> str:
    r"""Return a LaTeX formula in Unicode: `x² + α` for `x^2 + \alpha`; the source if it cannot be shown so.

    A long one is read in the lines that `\\` ends.
    """
    if _MAX_FORMULA < len(source) <= _MAX_ROWS * _MAX_FORMULA:
        return _formula_of_rows(source)
    if len(source) > _MAX_FORMULA or _depth(source) > _MAX_DEPTH or formula.cache_info().misses > _MAX_FORMULAS:
        return source
    try:
        text: str = _converter().latex_to_text(_NO_DELIMITER.sub("", source))
    except (ValueError, RecursionError, IndexError, TypeError, KeyError):  # it is no LaTeX, or nested too deeply
        return source
    if "%s" in text:  # an argument is missing
        return source
    lines = [" ".join(_SCRIPT.sub(_script, line).split()) for line in text.splitlines()]
    return "\n".join(filter(None, lines)) or source


def _formula_of_rows(source: str) -> str:
    """Return a long formula in Unicode; the source if one of its lines cannot be shown so."""
    rows = [row.strip() for row in _ROW_END.split(_ENVIRONMENT.sub("", source)) if row.strip()]
    if len(rows) < 2 or len(rows) > _MAX_ROWS * 5:  # noqa: PLR2004
        return source
    shown = [formula(row) if len(row) <= _MAX_FORMULA else row for row in rows]
    is_read = all(text != row or "\\" not in row for text, row in zip(shown, rows, strict=True))
    return "\n".join(shown) if is_read else source


def _depth(source: str) -> int:
    """Return how deeply the braces are nested."""
    return max(accumulate(({"{": 1, "}": -1}.get(character, 0) for character in source), initial=0))


@cache
def _converter() -> "LatexNodes2Text":
    import logging

    from pylatexenc.latex2text import LatexNodes2Text

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it warns of incomplete formulas
    return LatexNodes2Text(math_mode="text", keep_braced_groups=True)


def _script(match: re.Match[str]) -> str:
    """Return a sub- or superscript in the characters for it, or as it is if there are none."""
    text = match[2] or match[3]
    shown = text.translate(_SUBSCRIPTS if match[1] == "_" else _SUPERSCRIPTS)
    if set(shown).isdisjoint(text):
        return shown
    return match[0] if len(text) > 1 else f"{match[1]}{text}"
