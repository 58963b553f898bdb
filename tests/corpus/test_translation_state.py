"""Untranslated and half-translated copies: told by the blocks of the source, and by the language of the text."""

import pytest

from relmgr_cli.corpus.candidate import Candidate, Traits
from relmgr_cli.corpus.translation_state import copied_from, state_of

SOURCE = Candidate(
    1, "/srv", "a.md", "en", "", "", "", 5, 100, detected="en", traits=Traits(fingerprints=(1, 2, 3, 4, 5))
)


def copy(
    language: str, text: str, fingerprints: tuple[int, ...] = (), *, share: float = 0.0, words: int = 100
) -> Candidate:
    traits = Traits(fingerprints=fingerprints, share=share)
    return Candidate(
        2, "/srv", f"{language}/a.md", language, "", "", "", 5, words, is_placed=True, detected=text, traits=traits
    )


@pytest.mark.parametrize(
    ("document", "state"),
    [
        (copy("nl", "nl", (11, 12, 13)), "translated"),
        (copy("nl", "en", (1, 2, 3, 4, 5)), "untranslated"),
        (copy("nl", "en", (21, 22, 23)), "untranslated"),  # of an older source
        (copy("nl", "en", (1, 2, 3, 14, 15)), "partly"),
        (copy("nl", "nl", (1, 2, 13, 14, 15)), "partly"),
        (copy("nl", "en", (11, 12, 13), share=0.5), "partly"),
        (copy("nl", "en", (), words=5), "translated"),  # a table of names
        (copy("nl", "und", (11, 12)), "translated"),
        (copy("nl", "und", (1, 2)), "untranslated"),
        (copy("ur", "fa", (11, 12)), "translated"),  # detection takes one for the other
        (copy("pcm", "en", (11, 12)), "translated"),
        (copy("pcm", "en", (1, 2, 3)), "untranslated"),
        (copy("en-GB", "en", (1, 2, 3, 4, 5)), "translated"),
    ],
)
def test_the_state_of_a_document(document: Candidate, state: str) -> None:
    assert state_of(document, SOURCE, "en") == state


def test_a_copy_of_a_source_that_is_gone_is_told_by_the_language_of_the_others() -> None:
    assert state_of(copy("nl", "en", (1, 2, 3)), None, "en") == "untranslated"
    assert state_of(copy("nl", "nl", (1, 2, 3)), None, "en") == "translated"
    assert state_of(copy("en", "en", (1, 2, 3)), None, "en") == "translated"


def test_the_original_of_a_copy_may_be_any_translation() -> None:
    japanese = Candidate(
        3, "/srv", "ja/a.md", "ja", "", "", "", 5, 100, detected="ja", traits=Traits(fingerprints=(6, 7, 8))
    )
    members = [SOURCE, japanese]
    assert copied_from(copy("ca", "ja", (6, 7, 8)), members) is japanese
    assert copied_from(copy("ca", "en", (1, 2, 3)), members) is SOURCE
    assert state_of(copy("ca", "ja", (6, 7, 8)), japanese, "en") == "untranslated"


def test_a_text_in_its_own_language_is_no_copy() -> None:
    for document in (
        copy("ca", "ca", (1, 2, 3)),
        copy("ca", "und", (1, 2, 3)),
        copy("ca", "en", (11, 12)),
        copy("ca", "en"),
    ):
        assert copied_from(document, [SOURCE]) is None


def test_a_copy_is_no_original() -> None:
    other = copy("nl", "en", (1, 2, 3))
    assert copied_from(copy("ca", "en", (1, 2, 3)), [other]) is None
