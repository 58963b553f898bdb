"""Judges the translations of an article: which sections are up to date, stale, missing, extra or not translated.

A section is stale if the source has changed since the translation was last made from it. When that was, is known from

- the history: the commit since which the section stands as it does in the translation;
- an update of the whole page: a commit that changes a third or more of the sections that were stale at that time is
  taken for one, because translators work through what has changed and leave what needs no change;
- the front matter, where it names the commit of the source that the translation was made from.

The latest of these counts. The method and its accuracy are described in benchmarks/README.md, `status`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.health.history import UNCOMMITTED, DocumentHistory, LibraryHistory
from relmgr_cli.health.section_states import ComparedSection

CURRENT, STALE, MISSING, EXTRA, UNTRANSLATED = "current", "stale", "missing", "extra", "untranslated"
# Contradictions between front matter and history: the commit does not exist; the translation has not changed although
# it names a commit that changed the source; it has changed after that, and names an older commit.
UNKNOWN_COMMIT, ONLY_NAMED, NOT_NAMED = "unknown-commit", "only-named", "not-named"
STATES = (STALE, MISSING, UNTRANSLATED)  # in which a translation needs work
_MIN_UPDATED = 1 / 3  # of the stale sections, for an update of the whole page
_MAX_DELAY = 365 * 86400  # seconds after a change of the source in which it is translated


class SectionStatus(NamedTuple):
    """The state of one section of a translation."""

    number: str
    state: str
    source_line: int | None
    line: int | None
    since: int | None  # number of the commit that changed the source, where it is stale
    words: int  # of the source; of the translation where the source has none
    updated: int | None = None  # number of the commit at which the translation was last made from the source


class TranslationStatus(NamedTuple):
    """The state of one translation."""

    language: str
    state: str  # current, stale, missing or untranslated
    root: str
    path: str  # "" if it is missing
    sections: tuple[SectionStatus, ...]
    synced: int | None  # number of the commit at which it was last changed or found up to date; None if unknown
    contradiction: str = ""  # between its front matter and the history, one of those above; "" for none

    def count(self, state: str) -> int:
        """Return how many sections are in this state."""
        return sum(section.state == state for section in self.sections)

    def words(self, *states: str) -> int:
        """Return how many words of the source are in sections of these states."""
        return sum(section.words for section in self.sections if section.state in states)

    @property
    def since(self) -> int | None:
        """The number of the first commit that made it stale."""
        return min((section.since for section in self.sections if section.since is not None), default=None)


class ArticleStatus(NamedTuple):
    """The state of all translations of an article."""

    id: str
    source: str  # its language
    root: str
    path: str  # of the source; "" if it is missing
    words: int  # of the source
    translations: tuple[TranslationStatus, ...]


class Translation(NamedTuple):
    """What is known of one translation before it is judged."""

    language: str
    root: str
    path: str
    state: str  # of the file, as `corpus.translation_state` finds it
    history: DocumentHistory | None


def judge_translation(
    translation: Translation,
    source: str,
    sections: Sequence[ComparedSection],
    source_history: DocumentHistory | None,
    history: LibraryHistory,
) -> TranslationStatus:
    """Return the state of a translation of a source in the language `source`."""
    timeline = None
    if source_history and source_history.counts and translation.history and translation.history.counts:
        timeline = _Timeline(translation, source, sections, source_history, history)
    found = tuple(_judge_sections(translation.language, source, sections, timeline))
    synced = timeline.last if timeline else None
    state = _state(translation, found, timeline)
    contradiction = timeline.contradiction if timeline else ""
    return TranslationStatus(
        translation.language, state, translation.root, translation.path, found, synced, contradiction
    )


class _Timeline:
    """When each section of the source has changed, and when its translation was last brought up to date."""

    def __init__(
        self,
        translation: Translation,
        source: str,
        sections: Sequence[ComparedSection],
        source_history: DocumentHistory,
        history: LibraryHistory,
    ) -> None:
        assert translation.history  # noqa: S101 (the caller has checked it)
        own = translation.history
        self.source_history = source_history
        self.times = history.commits
        language = translation.language
        self.lines = {each.number: each.versions[source].line for each in sections if source in each.versions}
        self.changed = {number: source_history.since_at(line) for number, line in self.lines.items()}
        self.translated = {
            each.number: own.since_at(each.versions[language].line) for each in sections if language in each.versions
        }
        self.updated = dict(self.translated)
        for commit in sorted(set(self.translated.values())):
            if commit != UNCOMMITTED and self._is_update_of_page(commit):  # else work in progress would be done
                self._advance(commit)
        named = history.number_of(own.source_commit) if own.source_commit else None
        self.contradiction = self._contradiction(own.source_commit, named)
        if named is not None:
            self._advance(named)
        self.last = max(self.updated.values(), default=own.counts[-1][0])

    def _contradiction(self, commit: str, number: int | None) -> str:
        """Return how the commit that the front matter names contradicts the history; "" if it does not."""
        if not commit:
            return ""
        if number is None:
            return UNKNOWN_COMMIT
        changed = {each: since for each, since in self.changed.items() if each in self.updated}
        if any(self.updated[each] < since <= number for each, since in changed.items()):
            return ONLY_NAMED
        is_later = any(number < since for since in changed.values())
        is_current = all(self.updated[each] >= since for each, since in changed.items())
        return NOT_NAMED if is_later and is_current else ""

    def _advance(self, commit: int) -> None:
        self.updated = {number: max(commit, since) for number, since in self.updated.items()}

    def _is_update_of_page(self, commit: int) -> bool:
        own = {number for number, since in self.translated.items() if since == commit}
        both = [number for number in self.changed if number in self.translated]
        stale = {
            number
            for number in both
            if (self.updated[number] < self.changed[number] <= commit)
            or (
                number in own
                and self.changed[number] <= commit
                and self._delay(self.changed[number], commit) <= _MAX_DELAY
            )
        }
        return bool(stale) and len(stale & own) >= _MIN_UPDATED * len(stale)

    def _delay(self, first: int, second: int) -> int:
        """Return the seconds between two commits; 0 for what is not committed."""
        if first not in self.times or second not in self.times:
            return 0
        return self.times[second][1] - self.times[first][1]

    def is_stale(self, number: str) -> bool:
        """Return True if a section of the source has changed since it was translated."""
        return self._has_changed(number, self.updated[number])

    def is_new(self, number: str) -> bool:
        """Return True if a section of the source has changed since the translation was last updated."""
        return self._has_changed(number, self.last)

    def _has_changed(self, number: str, since: int) -> bool:
        return self.changed[number] > since and not self.source_history.stood_at(self.lines[number], since)

    @property
    def has_lost_sections(self) -> bool:
        """Whether the source had more sections when the translation was last updated."""
        return self.source_history.sections_at(self.last) > len(self.source_history.since)


def _judge_sections(
    language: str, source: str, sections: Sequence[ComparedSection], timeline: _Timeline | None
) -> Iterator[SectionStatus]:
    for number, versions in sections:
        original, own = versions.get(source), versions.get(language)
        if original is None and own is None:
            continue
        since = None
        if original is None:
            state = EXTRA
        elif own is None:
            state = MISSING
            since = timeline.changed[number] if timeline and timeline.is_new(number) else None
        elif own.is_untranslated:
            state = UNTRANSLATED
        elif timeline and timeline.is_stale(number):
            state, since = STALE, timeline.changed[number]
        else:
            state = CURRENT
        words = original.words if original else own.words if own else 0
        updated = timeline.updated.get(number, timeline.last) if timeline else None
        yield SectionStatus(number, state, original and original.line, own and own.line, since, words, updated)


def _state(translation: Translation, sections: Sequence[SectionStatus], timeline: _Timeline | None) -> str:
    counts = {state: sum(s.words for s in sections if s.state == state) for state in (CURRENT, STALE, UNTRANSLATED)}
    own = sum(counts.values())
    if translation.state == UNTRANSLATED or (counts[UNTRANSLATED] and 2 * counts[UNTRANSLATED] > own):
        return UNTRANSLATED
    is_stale = any(section.since is not None for section in sections)
    has_extra = any(section.state == EXTRA for section in sections)
    if is_stale or (has_extra and timeline and timeline.has_lost_sections):
        return STALE
    return CURRENT


def missing_translation(language: str, source: str, sections: Sequence[ComparedSection]) -> TranslationStatus:
    """Return the state of a translation that does not exist."""
    found = tuple(
        SectionStatus(number, MISSING, versions[source].line, None, None, versions[source].words)
        for number, versions in sections
        if source in versions
    )
    return TranslationStatus(language, MISSING, "", "", found, None)


class LanguageStatus(NamedTuple):
    """The state of all translations into one language."""

    articles: int
    counts: Mapping[str, int]  # of translations by state
    words: float  # share of the words of the source that is up to date
    sections: int
    stale_sections: int
    missing_sections: int


def summarize(articles: Sequence[ArticleStatus], language: str) -> LanguageStatus:
    """Return the state of all translations into a language."""
    found = [
        (article, translation)
        for article in articles
        for translation in article.translations
        if translation.language == language
    ]
    counts = {state: sum(each.state == state for _, each in found) for state in (CURRENT, *STATES)}
    total = sum(article.words for article, _ in found)
    current = sum(min(each.words(CURRENT), article.words) for article, each in found)
    return LanguageStatus(
        len(found),
        counts,
        round(current / total, 4) if total else 0.0,
        sum(len(each.sections) for _, each in found),
        sum(each.count(STALE) for _, each in found),
        sum(each.count(MISSING) for _, each in found if each.path),
    )
