"""Finds the words of a query in many texts, of which each run of letters is analysed only once.

A word matches by itself, whatever is around it, so a run of letters that has matched does so everywhere. This is not so
for phrases: `matching.find_matches` finds these.
"""

from collections.abc import Sequence

from relmgr_cli.languages.tokens import find_runs
from relmgr_cli.search.expansion import Term
from relmgr_cli.search.matching import find_matches, is_part_of_name, joined

Spans = Sequence[tuple[int, int]]


class RunMatcher(dict[str, Spans]):
    """The matches in each run of letters of texts in one language."""

    def __init__(self, groups: Sequence[Sequence[Term]], language: str, *, exact: bool) -> None:
        super().__init__()
        self._groups, self._language, self._exact = groups, language, exact

    def __missing__(self, run: str) -> Spans:
        """Return the matches in a run of letters that has not occurred before."""
        found = joined(find_matches(run, self._language, self._groups, exact=self._exact))
        spans = self[run] = [(match.start, match.end) for match in found]
        return spans

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return the ranges of a text that match, in order."""
        found = []
        for match in find_runs(text):
            if spans := self[match[0]]:
                offset = match.start()
                found += [(offset + start, offset + end) for start, end in spans]
        if self._exact:
            return [span for span in found if not is_part_of_name(text, *span)]
        return found


def has_single_words(groups: Sequence[Sequence[Term]], *, exact: bool) -> bool:
    """Return True if a `RunMatcher` finds all terms."""
    terms = [term for group in groups for term in group]
    return not any(term.is_sequence or (exact and term.item.kind == "prefix") for term in terms)
