"""The state of translations, judged by small histories made by hand."""

from collections.abc import Mapping, Sequence

import pytest

from relmgr_cli.health import status
from relmgr_cli.health.history import UNCOMMITTED, DocumentHistory, LibraryHistory
from relmgr_cli.health.section_states import ComparedSection, SectionVersion
from relmgr_cli.health.status import (
    CURRENT,
    EXTRA,
    MISSING,
    STALE,
    UNTRANSLATED,
    ArticleStatus,
    Translation,
    TranslationStatus,
    judge_translation,
    missing_translation,
    summarize,
)

DAY = 86_400
NOW = UNCOMMITTED


def library(commits: int = 20, days: Mapping[int, int] | None = None) -> LibraryHistory:
    """Return a history in which each commit is made on the day of its number, or on another one."""
    ids = {number: f"{number:040x}" for number in range(1, commits + 1)}
    return LibraryHistory(
        {},
        {number: (id_, (days or {}).get(number, number) * DAY) for number, id_ in ids.items()},
        {id_: number for number, id_ in ids.items()},
    )


def document(
    since: Sequence[int], *, versions: Sequence[int] = (), commit: str = "", **options: object
) -> DocumentHistory:
    """Return the history of a document with a section every ten lines; `versions` are commits, newest first."""
    numbers = versions or sorted({number for number in since if number != NOW} | {1}, reverse=True)
    lines = [1 + 10 * place for place in range(len(since))]
    counts = [(number, len(since)) for number in numbers]
    return DocumentHistory(lines, list(since), counts, commit, **options)  # type: ignore[arg-type]


def sections(*found: str, words: int = 10) -> list[ComparedSection]:
    """Return sections: "both", "source" or "own" says who has it, "copied" that it is not translated."""
    lines = {"en": 1, "pl": 1}
    compared = []
    for number, kind in enumerate(found):
        versions = {}
        for language in ("en", "pl"):
            if kind in ("both", "copied", {"en": "source", "pl": "own"}[language]):
                is_untranslated = kind == "copied" and language == "pl"
                versions[language] = SectionVersion(lines[language], words, is_untranslated)
                lines[language] += 10
        compared.append(ComparedSection(str(number), versions))
    return compared


def judge(
    source: DocumentHistory | None,
    own: DocumentHistory | None,
    *found: str,
    history: LibraryHistory | None = None,
    state: str = "translated",
) -> TranslationStatus:
    compared = sections(*(found or ["both"] * len(own.since if own else ())))
    translation = Translation("pl", "/", "a.pl.md", state, own)
    return judge_translation(translation, "en", compared, source, history or library())


def states(found: TranslationStatus) -> list[str]:
    return [section.state for section in found.sections]


def test_what_has_not_changed_since_it_was_translated_is_current() -> None:
    found = judge(document([1, 2]), document([3, 3]))
    assert (found.state, states(found), found.since, found.synced) == (CURRENT, [CURRENT, CURRENT], None, 3)
    assert [(section.source_line, section.line) for section in found.sections] == [(1, 1), (11, 11)]


def test_only_the_sections_that_have_changed_are_stale() -> None:
    found = judge(document([1, 5, 4]), document([3, 3, 3]))
    assert (found.state, states(found), found.since) == (STALE, [CURRENT, STALE, STALE], 4)
    assert [section.since for section in found.sections] == [None, 5, 4]


def test_source_and_translation_in_one_commit_are_current() -> None:
    assert judge(document([4]), document([4])).state == CURRENT


def test_what_is_not_committed_counts_as_now() -> None:
    assert states(judge(document([NOW, NOW]), document([3, NOW]))) == [STALE, CURRENT]
    assert states(judge(document([1, NOW]), document([3, 3]))) == [CURRENT, STALE]


def test_a_change_that_was_taken_back_makes_nothing_stale() -> None:
    source = document([7], versions=[7, 5, 1], earlier=[[(1, 5)]])
    assert judge(source, document([3])).state == CURRENT
    assert judge(source, document([6])).state == STALE  # made from what was taken back


def test_a_source_that_is_not_committed_makes_nothing_stale() -> None:
    source = DocumentHistory([1], [NOW], [], "")
    assert judge(source, document([3])).state == CURRENT


@pytest.mark.parametrize(("source", "own"), [(None, document([3])), (document([5]), None), (None, None)])
def test_without_a_history_nothing_is_stale(source: DocumentHistory | None, own: DocumentHistory | None) -> None:
    found = judge(source, own, "both", "source", "own", "copied")
    assert states(found) == [CURRENT, MISSING, EXTRA, UNTRANSLATED]
    assert found.synced is None
    assert all(section.since is None for section in found.sections)


def test_a_section_that_was_added_to_the_source_is_missing_and_makes_the_page_stale() -> None:
    found = judge(document([1, 5]), document([3]), "both", "source")
    assert (found.state, states(found)) == (STALE, [CURRENT, MISSING])
    assert [section.since for section in found.sections] == [None, 5]
    assert (found.sections[1].source_line, found.sections[1].line) == (11, None)


def test_a_section_that_was_never_translated_is_missing_but_the_page_is_not_stale() -> None:
    found = judge(document([1, 2]), document([3]), "both", "source")
    assert (found.state, states(found)) == (CURRENT, [CURRENT, MISSING])


def test_a_section_that_the_source_has_lost_makes_the_page_stale() -> None:
    source = document([1])._replace(counts=[(5, 1), (1, 2)])
    found = judge(source, document([3, 3]), "both", "own")
    assert (found.state, states(found)) == (STALE, [CURRENT, EXTRA])
    never = judge(document([1]), document([3, 3]), "both", "own")
    assert (never.state, states(never)) == (CURRENT, [CURRENT, EXTRA])


def test_a_page_is_untranslated_when_most_of_its_words_are() -> None:
    own = document([3, 3, 3])
    source = document([1, 1, 5])
    assert judge(source, own, "copied", "copied", "both").state == UNTRANSLATED
    assert judge(source, own, "copied", "both", "both").state == STALE
    assert judge(source, own, "both", "both", "both", state=UNTRANSLATED).state == UNTRANSLATED
    assert states(judge(source, own, "both", "both", "copied"))[2] == UNTRANSLATED  # even where it has changed too


# The update of a page.


def test_an_update_of_many_stale_sections_is_one_of_the_page() -> None:
    source = document([5, 5, 5, 1])
    found = judge(source, document([8, 3, 3, 3]))
    assert states(found) == [CURRENT] * 4  # a third of what was stale
    found = judge(document([5, 5, 5, 5]), document([8, 3, 3, 3]))
    assert states(found) == [CURRENT, STALE, STALE, STALE]


def test_an_update_does_not_reach_what_changed_after_it() -> None:
    found = judge(document([5, 5, 9]), document([8, 3, 3]))
    assert states(found) == [CURRENT, CURRENT, STALE]
    assert [section.updated for section in found.sections] == [8, 8, 8]


def test_a_correction_of_the_translation_is_no_update() -> None:
    source = document([1, 5, 5, 5])
    assert states(judge(source, document([8, 3, 3, 3]))) == [CURRENT, STALE, STALE, STALE]


def test_a_change_years_after_that_of_the_source_is_no_update_of_the_page() -> None:
    source, own = document([5, 6, 6]), document([8, 3, 3])
    assert states(judge(source, own)) == [CURRENT] * 3
    assert states(judge(source, own, history=library(days={8: 800}))) == [CURRENT, STALE, STALE]


def test_a_page_that_is_being_translated_is_not_done_before_it_is_committed() -> None:
    source = document([5, 5, 5])
    assert states(judge(source, document([NOW, NOW, 3]))) == [CURRENT, CURRENT, STALE]
    assert states(judge(source, document([8, 8, 3]))) == [CURRENT] * 3


# The version that the front matter names.


def test_the_commit_that_is_named_counts_as_an_update() -> None:
    found = judge(document([5, 9]), document([3, 3], commit=f"{7:040x}"))
    assert states(found) == [CURRENT, STALE]
    assert found.synced == 7


def test_a_commit_that_is_older_than_the_history_says_changes_nothing() -> None:
    assert judge(document([5]), document([8], commit=f"{2:040x}")).state == CURRENT


def test_a_commit_that_does_not_exist_is_named() -> None:
    found = judge(document([5]), document([3], commit="f" * 40))
    assert (found.state, found.contradiction) == (STALE, status.UNKNOWN_COMMIT)


# Articles and languages.


def article(*translations: TranslationStatus, words: int = 20) -> ArticleStatus:
    return ArticleStatus("a", "en", "/", "a.md", words, translations)


def test_a_missing_translation_lacks_all_sections() -> None:
    found = missing_translation("pl", "en", sections("both", "own", "source"))
    assert (found.state, states(found), found.path) == (MISSING, [MISSING, MISSING], "")
    assert found.words(MISSING) == 20


def test_the_share_of_a_language_is_that_of_the_words_that_are_current() -> None:
    current = judge(document([1, 1]), document([3, 3]))
    stale = judge(document([1, 5]), document([3, 3]))
    missing = missing_translation("pl", "en", sections("both", "both"))
    found = summarize([article(current), article(stale), article(missing), article()], "pl")
    assert found.articles == 3
    assert found.counts == {CURRENT: 1, STALE: 1, MISSING: 1, UNTRANSLATED: 0}
    assert found.words == pytest.approx(0.5)
    assert (found.sections, found.stale_sections, found.missing_sections) == (6, 1, 0)


def test_a_translation_with_more_words_than_its_source_is_not_more_than_whole() -> None:
    found = judge(document([1, 1]), document([3, 3]))
    assert summarize([article(found, words=5)], "pl").words == 1.0
    assert summarize([article(found, words=0)], "pl").words == 0.0
    assert summarize([], "pl").words == 0.0
