"""Processor time of every regular expression and every lexer on adversarial text.

Backtracking happens in C, where a test cannot count steps. The exit code is 1 if a pattern takes more than a second for
4,000 characters, many times what quadratic growth takes, or a lexer more than half a second for half of the longest
code that is highlighted.
"""

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pygments.lexers import get_all_lexers, get_lexer_by_name

import relmgr_cli
from benchmarks.support.command_line import parser_for
from relmgr_cli.layout.code import LEXERS

_CHARACTERS = 4000
_MAX_SECONDS = {"pattern": 1.0, "lexer": 0.5}
_UNITS = [*"a \t\n0-_.:'\"[](){}<>/#=*|`!%&,жé汉$", *"a= a. a- 1. <a -- {{ [[ {% <!-- {#a a' ]( основн".split()]
_UNITS += [" a", "a ", "- ", "ref ", "key "]
_CODE = [
    *"\\\"'`({[<#/*-_=|$@%&;:,.~^!? \n\ta0",
    *r"\\ \" /* // <!-- {{ ${ $( a= a. a( a< @a 0x 1e 'a '' << [[ ::".split(),
]
_CODE += ["<a ", '"' * 3, "<<a\n", "--", "->", "a b ", "# ", "a\n", " \n"]


class Worst(NamedTuple):
    """The text that took longest."""

    seconds: float
    kind: str
    name: str
    text: str


def _slowest(
    kind: str, name: str, work: Callable[[Any], object], texts: list[str], *, is_binary: bool = False
) -> Worst:
    worst = Worst(-1.0, kind, name, "")
    for text in texts:
        own = text.encode() if is_binary else text
        start = time.process_time()
        work(own)
        worst = max(worst, Worst(time.process_time() - start, kind, name, text[:20]))
    return worst


def _patterns() -> Iterator[Worst]:
    texts = [
        before + unit * (_CHARACTERS // len(unit)) + "\x01"
        for before in ("", "a", "<a", "[", "{{", '"a')
        for unit in _UNITS
    ]
    for found in pkgutil.walk_packages(relmgr_cli.__path__, "relmgr_cli."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            is_sought = re.search(rf"\b{name}\.(search|find|sub|split)", source)
            for pattern in value if isinstance(value, tuple | list) else [value]:
                if isinstance(pattern, re.Pattern):
                    works = [pattern.fullmatch, *([pattern.search] if is_sought else [])]
                    is_binary = isinstance(pattern.pattern, bytes)
                    for work in works:
                        yield _slowest("pattern", f"{module.__name__}.{name}", work, texts, is_binary=is_binary)


def _lexers() -> Iterator[Worst]:
    known = {alias for _, aliases, _, _ in get_all_lexers() for alias in aliases}  # older versions have fewer names
    names = {get_lexer_by_name(name).name: name for name in sorted(LEXERS & known)}
    texts = [before + unit * (60 // len(unit)) for before in ("", '"', "<a ", "x = ") for unit in _CODE]
    texts += ["\n".join((unit * 2500)[:2500].split("\n")[:199]) for unit in _CODE]
    for name in names.values():
        lexer = get_lexer_by_name(name, stripnl=False, ensurenl=False)
        yield _slowest("lexer", name, lambda text, lexer=lexer: list(lexer.get_tokens(text)), texts)  # type: ignore[misc]


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser_for(__name__, __doc__).parse_args(argv)
    found = sorted([*_patterns(), *_lexers()], reverse=True)
    for worst in found[:10]:
        print(f"{worst.seconds:7.3f} s  {worst.kind} {worst.name} on {worst.text!r}")
    print(f"{len(found)} patterns and lexers")
    return int(any(worst.seconds > _MAX_SECONDS[worst.kind] for worst in found))
