"""Inline syntax of PyMdown's extensions, which Material for MkDocs uses: keys, insertions, super- and subscripts.

Each function is a rule for one first character, as in `inline_syntax`.
"""

import re

from markdown_it.rules_inline import StateInline

_KEY = r"(?:[a-z0-9]{1,30}(?:-[a-z0-9]{1,30}){0,3}|\"[^\"\n]{1,30}\")"
_KEYS = re.compile(rf"\+\+({_KEY}(?:\+{_KEY}){{0,9}})\+\+(?![\w+])")
_INSERTED = re.compile(
    r"\^\^(?![\s^])([^^\n]{1,300})(?<!\s)\^\^(?!\^)|\^(\[[^\[\]\n]{1,99}\]\([^()\s]{1,300}\))\^"  # a raised link
)
_SUPERSCRIPT = re.compile(r"\^([0-9a-z+-]{1,20})\^")
_SUBSCRIPT = re.compile(r"~([0-9]{1,5})~(?![~\d])")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")  # letters stay as they are, so that words are found
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def plus(state: StateInline, *, silent: bool) -> bool:
    """Read keys, `++ctrl+c++`, as code."""
    match = None if _follows_word(state) else _KEYS.match(state.src, state.pos, state.posMax)
    return _push(state, "code_inline", match, match[1].replace('"', ""), silent=silent) if match else False


def caret(state: StateInline, *, silent: bool) -> bool:
    """Read inserted text, `^^text^^`, a raised link, and a superscript, `10^6^`."""
    if match := _INSERTED.match(state.src, state.pos, state.posMax):
        if not silent:
            before, state.pos, state.posMax = state.posMax, *match.span(match.lastindex or 1)
            if match[1]:
                state.push("ins_open", "ins", 1)
            state.md.inline.tokenize(state)
            if match[1]:
                state.push("ins_close", "ins", -1)
            state.posMax = before
        state.pos = match.end()
        return True
    match = _SUPERSCRIPT.match(state.src, state.pos, state.posMax) if _follows_word(state) else None
    return _push(state, "text", match, match[1].translate(_RAISED), silent=silent) if match else False


def tilde(state: StateInline, *, silent: bool) -> bool:
    """Read a subscript of digits, `H~2~O`."""
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    match = _SUBSCRIPT.match(state.src, state.pos, state.posMax) if before.isalpha() or before == ")" else None
    return _push(state, "text", match, match[1].translate(_LOWERED), silent=silent) if match else False


def _follows_word(state: StateInline) -> bool:
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    return before.isalnum() or (bool(before) and before in "+)")


def _push(state: StateInline, kind: str, match: re.Match[str], content: str, *, silent: bool) -> bool:
    if not silent:
        state.push(kind, "", 0).content = content
    state.pos = match.end()
    return True
