"""Decides the languages of documents as translations, and from which of them articles are translated."""

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from relmgr_cli.corpus.candidate import UNTRANSLATED, Candidate
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE
from relmgr_cli.corpus.path_layers import Place
from relmgr_cli.corpus.rules import LibraryRules
from relmgr_cli.corpus.translation_paths import primary_of
from relmgr_cli.corpus.translation_state import RELIABLE_WORDS
from relmgr_cli.languages.tags import match_language
from relmgr_cli.project import FILE_NAME

_FEW_WORDS, _MANY_WORDS = 40, 150  # of a text, for its language to count more than a rule
_NEARLY_ALL, _MANY = 0.9, 10  # documents, for a rule to hold for those whose texts do not tell
# Documents as in the language with most, for English to be the source; less where there are many languages, because
# some translations of pages that are gone remain.
_NEARLY_AS_MANY, _MANY_LANGUAGES = (0.9, 0.75), 4
_MOST_COPIES, _MIN_COPIES = 0.8, 5  # untranslated copies that are in one language, for it to be the source


def with_languages(candidates: Sequence[Candidate], places: Sequence[Place]) -> list[Candidate]:
    """Return the documents with the language that they have as translations.

    It is the one that the path names. Where a path names none, it is that of the text, unless the text hardly tells.
    """
    named: dict[str, set[str]] = defaultdict(set)
    for place in places:
        if place.language:
            named[place.key].add(place.language)
    unplaced = [(each, place.key) for each, place in zip(candidates, places, strict=True) if not place.language]
    sources = _Usual((candidate.language for candidate, key in unplaced if key in named), named)
    others = _Usual((candidate.language for candidate, _ in unplaced), named)
    found = []
    for candidate, place in zip(candidates, places, strict=True):
        language = place.language
        if not language and place.key in named:
            language = sources.correct(candidate, named[place.key])
        elif not language:
            language = (sources if sources.is_rule else others).correct(candidate, None)
        found.append(candidate._replace(language=language, is_placed=bool(place.language), detected=candidate.language))
    return found


class _Usual:
    """The language of most documents whose paths name none."""

    def __init__(self, languages: Iterable[str], named: Mapping[str, Iterable[str]]) -> None:
        counts = Counter(language for language in languages if language != UNKNOWN_LANGUAGE)
        self._language = min(counts, key=lambda tag: (-counts[tag], tag), default=UNKNOWN_LANGUAGE)
        self.is_rule = counts[self._language] >= _NEARLY_ALL * counts.total() >= _MANY
        self._known = {primary_of(tag) for tags in named.values() for tag in tags}

    def correct(self, candidate: Candidate, taken: Collection[str] | None) -> str:
        """Return the language of a document; `taken` are those of its translations, None for a document without any.

        Beside translations it is the usual one if the text is short or in the language of one of them, or if it is in
        a language that the library does not have. Without translations both must hold: short and a rare language.
        """
        language = candidate.language
        is_odd = self.is_rule and primary_of(language) not in self._known
        if taken is None:
            is_doubtful = is_odd and candidate.words < _FEW_WORDS and language != UNKNOWN_LANGUAGE
            return self._language if is_doubtful else language
        is_short = candidate.words < (_MANY_WORDS if self.is_rule else RELIABLE_WORDS)
        is_doubtful = is_short or is_odd or language in taken or language == UNKNOWN_LANGUAGE
        is_unknown = self.is_rule and language == UNKNOWN_LANGUAGE  # a second copy may say more: `translations/en/x.md`
        return self._language if is_doubtful and (is_unknown or self._language not in taken) else language


class Sources:
    """The languages that the articles of a library are translated from.

    It is the configured one, else that of the documents whose paths name no language beside others that do, else that
    of the untranslated copies, else the language of most documents, among those of the article; on a tie English, else
    the first by its tag. A site that has its default language in a folder beside documents in another is translated
    from that other one. `copies` has the number of copies of documents in each language.
    """

    def __init__(
        self,
        groups: Iterable[Sequence[Candidate]],
        rules: LibraryRules,
        copies: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._rules = rules
        self._unplaced: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        for members in groups:
            self._counts.update(member.language for member in members if member.state != UNTRANSLATED)
            unplaced = [member.language for member in members if not member.is_placed]
            if len(unplaced) == 1 < len(members):
                self._unplaced[unplaced[0]] += 1
        copied = [
            tag for tag, count in copies.items() if count >= max(_MIN_COPIES, _MOST_COPIES * sum(copies.values()))
        ]
        self._usual = self._most(self._unplaced) if self._unplaced else next(iter(copied), "")
        self.main = self._usual or self._most(self._counts)

    def of(self, members: Sequence[Candidate]) -> str:
        """Return the source language of an article."""
        languages = [member.language for member in members]
        unplaced = [member.language for member in members if not member.is_placed]
        rule = self._rules.source_of([os.path.join(member.root, member.path) for member in members])
        found = match_language([rule.language], languages) if rule else None
        if rule and found and (len(unplaced) != 1 or found in unplaced or os.path.basename(rule.reason) == FILE_NAME):
            return found
        if len(unplaced) == 1 < len(members):
            return unplaced[0]
        if self._usual in languages:
            return self._usual
        return self._most({tag: self._counts[tag] for tag in languages})

    @staticmethod
    def _most(counts: Mapping[str, int]) -> str:
        """Return the language with most documents; English if it has nearly as many."""
        most = max(counts.values(), default=0)
        english = min((tag for tag in counts if primary_of(tag) == "en"), default="")
        share = _NEARLY_AS_MANY[len(counts) >= _MANY_LANGUAGES]
        if english and counts[english] >= share * most:
            return english
        return min(counts, key=lambda tag: (-counts[tag], tag), default=UNKNOWN_LANGUAGE)
