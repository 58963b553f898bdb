"""Tells the languages that the articles of a library are translated from."""

import os
from collections import defaultdict
from typing import NamedTuple

from relmgr_cli.corpus.rules import LibraryRules
from relmgr_cli.store.database import Database


class Source(NamedTuple):
    """A language that articles are translated from."""

    language: str  # a tag
    reason: str  # the path of the file that says so; "" if the documents decide
    articles: int = 0
    folder: str = ""  # absolute, has all of their files in that language


def source_languages(database: Database, rules: LibraryRules) -> tuple[Source, ...]:
    """Return the languages that the articles are translated from, the most frequent first.

    An article without translations counts only where there are no others. Where there are no articles yet, the
    languages are those of the rules.
    """
    rows = database.rows(
        "SELECT source, members LIKE '%,%' AS is_translated, root, path FROM articles"
        " JOIN documents ON article = articles.number AND language = source WHERE source != ''"
    )
    has_translations = any(is_translated for _, is_translated, _, _ in rows)
    folders: dict[str, list[str]] = defaultdict(list)
    for source, is_translated, root, path in rows:
        if is_translated or not has_translations:
            folders[source].append(os.path.dirname(os.path.join(os.fsdecode(root), os.fsdecode(path))))
    reasons: dict[str, str] = {}
    for rule in rules.sources.values():
        reasons.setdefault(rule.language, rule.reason)
    if not folders:
        return tuple(Source(tag, reason) for tag, reason in reasons.items())
    found = [Source(tag, reasons.get(tag, ""), len(each), _common_folder(each)) for tag, each in folders.items()]
    return tuple(sorted(found, key=lambda source: -source.articles))


def _common_folder(folders: list[str]) -> str:
    try:
        return os.path.commonpath(folders)
    except ValueError:  # on several drives
        return ""
