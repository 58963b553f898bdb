"""Tells the languages that the articles of a library are translated from."""

from collections import Counter

from relmgr_cli.corpus.rules import SourceRule
from relmgr_cli.store.codec import unpack_rules
from relmgr_cli.store.database import Database


def source_languages(database: Database) -> tuple[SourceRule, ...]:
    """Return the languages that the articles are translated from, the most frequent first, and why.

    The reason is the path of a file, or "" if the documents decide. An article without translations counts only where
    there are no others.
    """
    rules = unpack_rules(database.get("rules"))
    rows = database.rows(
        "SELECT source, members LIKE '%,%' AS is_translated, COUNT(*) FROM articles"
        " WHERE source != '' GROUP BY source, is_translated"
    )
    counts: Counter[str] = Counter()
    has_translations = any(is_translated for _, is_translated, _ in rows)
    for source, is_translated, count in rows:
        if is_translated or not has_translations:
            counts[source] += count
    reasons: dict[str, str] = {}
    for rule in rules.sources.values():
        reasons.setdefault(rule.language, rule.reason)
    return tuple(SourceRule(tag, reasons.get(tag, "")) for tag, _ in counts.most_common())
