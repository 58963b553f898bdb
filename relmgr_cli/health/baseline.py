"""Baselines: findings that were there before, which are not reported again.

An entry holds a finding by article, language, code and a fingerprint of the block, not by its line, so that it survives
edits elsewhere. Where the block itself was edited, an entry for the same code in the same section holds it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from relmgr_cli import messages
from relmgr_cli.errors import SettingError
from relmgr_cli.health.findings import Finding

_VERSION = 1
_KEYS = ("article", "lang", "code", "section", "block")


class Entry(NamedTuple):
    """What a finding is recognized by."""

    article: str
    language: str
    code: str
    section: str
    block: str  # fingerprint


def entry_of(article: str, finding: Finding) -> Entry:
    """Return the entry of a finding."""
    return Entry(article, finding.language, finding.code, finding.section, finding.fingerprint)


def baseline_to_text(entries: Iterable[Entry]) -> str:
    """Return a baseline as JSON, one entry a line, so that changes of it can be reviewed."""
    lines = [json.dumps(dict(zip(_KEYS, entry, strict=True)), ensure_ascii=False) for entry in sorted(entries)]
    body = ",\n".join(f"    {line}" for line in lines)
    return f'{{\n  "version": {_VERSION},\n  "findings": [\n{body}\n  ]\n}}\n'


def read_baseline(text: str, path: str) -> tuple[Entry, ...]:
    """Return the entries of a baseline. Raises SettingError if it is not one."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise SettingError(path, messages.BASELINE_INVALID) from None
    if not isinstance(value, dict) or value.get("version") != _VERSION or not isinstance(value.get("findings"), list):
        raise SettingError(path, messages.BASELINE_INVALID)
    return tuple(_entry(item, path) for item in value["findings"])


def _entry(item: Any, path: str) -> Entry:
    if not isinstance(item, Mapping) or not all(isinstance(item.get(key), str) for key in _KEYS):
        raise SettingError(path, messages.BASELINE_INVALID)
    return Entry(*(item[key] for key in _KEYS))


def without_known(findings: Iterable[tuple[str, Finding]], baseline: Iterable[Entry]) -> Iterator[tuple[str, Finding]]:
    """Yield the findings, each with the id of its article, that no entry of the baseline holds.

    An entry holds one finding.
    """
    left = Counter(baseline)
    by_block: dict[tuple[str, ...], list[Entry]] = {}
    for entry in left:
        by_block.setdefault((*entry[:3], entry.block), []).append(entry)
    rest = []
    for pair in findings:
        entry = entry_of(*pair)
        moved = by_block.get((*entry[:3], entry.block), ())  # the number of the section may have changed
        if same := next((known for known in (entry, *moved) if left[known]), None):
            left[same] -= 1
        else:
            rest.append(pair)
    by_section: Counter[tuple[str, ...]] = Counter()
    for entry, count in left.items():
        by_section[entry[:-1]] += count
    for pair in rest:
        place = entry_of(*pair)[:-1]
        if by_section[place]:
            by_section[place] -= 1
        else:
            yield pair
