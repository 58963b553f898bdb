"""The keys of other keyboard layouts, by their positions: with a Russian one, й quits as q does, without a switch."""

_LAYOUTS = (  # letters, and what is at their positions on a keyboard with Latin letters; the first layout wins
    ("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,."),  # Russian
    ("ЙЦУКЕНГШЩЗФЫВАПРОЛДЖЯЧСМИТЬБЮ", "QWERTYUIOPASDFGHJKL:ZXCVBNM<>"),
    ("іїєІ", "s]'S"),  # what Ukrainian has instead
    ("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),  # Greek
    ("ΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ", "ERTYUIOPASDFGHJKLZXCVBNM"),
)
_NAMES = {
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "'": "apostrophe",
    ";": "semicolon",
    ":": "colon",
    ",": "comma",
    ".": "full_stop",
    "<": "less_than_sign",
    ">": "greater_than_sign",
}
LATIN_KEYS = {  # by the letter that is typed: the key at its position, by Textual's name
    typed: _NAMES.get(latin, latin)
    for letters, keys in reversed(_LAYOUTS)
    for typed, latin in zip(letters, keys, strict=True)
} | {"numero_sign": "number_sign"}  # № for #
