"""Tries only the rules of markdown-it that may apply to the character at a position.

markdown-it tries all of its rules at every line and at every mark in a line, and nearly all of them return after a look
at that character. Here the rules are looked up by it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

# The first characters of what a rule reads; rules that are not listed are tried at every character.
_BLOCK_RULES = {
    "blockquote": ">",
    "fence": "`~",
    "footnote_def": "[",
    "heading": "#",
    "hr": "*-_",
    "html_block": "<",
    "list": "*+-0123456789",
    "reference": "[",
}
_INLINE_RULES = {
    "autolink": "<",
    "backticks": "`",
    "emphasis": "*_",
    "entity": "&",
    "escape": "\\",
    "footnote_inline": "^",
    "footnote_ref": "[",
    "html_inline": "<",
    "image": "!",
    "link": "[",
    "newline": "\n",
    "strikethrough": "~",
}
_END_OF_LABEL = "]"  # begins nothing, but ends the text of a link


class BlockRules(Ruler[RuleFuncBlockType]):
    """The rules of another ruler, each list of them as one rule.

    `dialects` are the characters of the rule "dialects".
    """

    def __init__(self, rules: Ruler[RuleFuncBlockType], dialects: Iterable[str]) -> None:
        super().__init__()
        self._rules = rules
        self._first = {**_BLOCK_RULES, "dialects": "".join(dialects)}
        self._chains: dict[str, list[RuleFuncBlockType]] = {}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:  # noqa: N802, N803 (markdown-it's names)
        """Return the rule that tries those of a list, `chainName`."""
        if chainName not in self._chains:
            names = dict(zip(self._rules.getRules(), self._rules.get_active_rules(), strict=True))
            rules = [(names[rule], rule) for rule in self._rules.getRules(chainName)]
            self._chains[chainName] = [_block_rule(*_by_character(rules, self._first))]
        return self._chains[chainName]

    def get_active_rules(self) -> list[str]:
        """Return the names of the rules."""
        return self._rules.get_active_rules()


class InlineRules(Ruler[RuleFuncInlineType]):
    """The rules of another ruler as one rule. `dialects` are the characters of the rule "dialects"."""

    def __init__(self, rules: Ruler[RuleFuncInlineType], dialects: Iterable[str]) -> None:
        super().__init__()
        named = zip(rules.get_active_rules(), rules.getRules(), strict=True)
        self._table, others = _by_character(named, {**_INLINE_RULES, "dialects": "".join(dialects)})
        self._chain = [_inline_rule(self._table, others)]

    def getRules(self, chainName: str = "") -> list[RuleFuncInlineType]:  # noqa: ARG002, N802, N803 (markdown-it's names)
        """Return the rule that tries all rules."""
        return self._chain

    @property
    def text_ends(self) -> re.Pattern[str]:
        """A pattern for the characters before which text ends."""
        return re.compile(f"[{re.escape(''.join(self._table) + _END_OF_LABEL)}]")


def _by_character(
    rules: Iterable[tuple[str, Any]], first: Mapping[str, str]
) -> tuple[dict[str, tuple[Any, ...]], tuple[Any, ...]]:
    """Return the rules that may apply to each character of `first`, in their order, and those for all others."""
    named = list(rules)
    characters = dict.fromkeys("".join(first[name] for name, _ in named if name in first))
    table = {
        character: tuple(rule for name, rule in named if name != "text" and character in first.get(name, character))
        for character in characters
    }
    return table, tuple(rule for name, rule in named if name not in first)


def _block_rule(table: Mapping[str, tuple[Callable[..., bool], ...]], others: tuple[Any, ...]) -> RuleFuncBlockType:
    def try_rules(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (a rule's signature)
        at = state.bMarks[start] + state.tShift[start]
        for rule in table.get(state.src[at : at + 1], others):  # noqa: SIM110 (any() takes longer)
            if rule(state, start, end, silent):
                return True
        return False

    return try_rules


def _inline_rule(table: Mapping[str, tuple[Callable[..., bool], ...]], others: tuple[Any, ...]) -> RuleFuncInlineType:
    def try_rules(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (a rule's signature)
        for rule in table.get(state.src[state.pos], others):  # noqa: SIM110
            if rule(state, silent):
                return True
        return False

    return try_rules
