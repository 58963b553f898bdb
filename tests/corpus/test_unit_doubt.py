from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from relmgr_cli.corpus.alignment.unit_doubt import doubtful_units, score_units
from relmgr_cli.corpus.article import TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document

Matrix = NDArray[np.float32]

ENGLISH = [
    "Install the package `alpha` version 1.2 with the manager of your system.",
    "Start the server on port 8080 and open the page in a browser.",
    "Write the settings to `config.toml`, next to the program itself.",
    "Restart the service after 30 seconds, or else nothing changes at all.",
    "Read the log in `/var/log/alpha` if the page does not open.",
    "Remove the package with `alpha --purge` when you need it no more.",
]
POLISH = [
    "Zainstaluj pakiet `alpha` w wersji 1.2 menedżerem swojego systemu.",
    "Uruchom serwer na porcie 8080 i otwórz stronę w przeglądarce.",
    "Zapisz ustawienia w `config.toml`, obok samego programu.",
    "Uruchom usługę ponownie po 30 sekundach, inaczej nic się nie zmieni.",
    "Przeczytaj dziennik w `/var/log/alpha`, jeśli strona się nie otwiera.",
    "Usuń pakiet przez `alpha --purge`, kiedy nie będzie potrzebny.",
]


def no_lexicon(_: str) -> Mapping[str, float]:
    return {}


def documents(source: Sequence[str], target: Sequence[str]) -> tuple[Document, Document]:
    both = [parse_document("\n\n".join(texts), "/library", "a.md") for texts in (source, target)]
    return both[0], both[1]


def units_of(*pairs: tuple[Sequence[int], Sequence[int]]) -> list[TranslationUnit]:
    return [TranslationUnit("0", {"en": tuple(source), "pl": tuple(target)}) for source, target in pairs]


EVEN = units_of(*[([i], [i]) for i in range(len(ENGLISH))])


def test_translations_one_to_one_are_not_in_doubt() -> None:
    assert doubtful_units(documents(ENGLISH, POLISH), EVEN, ("en", "pl"), no_lexicon) == set()


def test_a_text_of_another_length_and_other_words_is_in_doubt_wherever_it_is() -> None:
    other = [*POLISH]
    other[3] = "Zupełnie inny i bardzo długi tekst, " * 12
    assert doubtful_units(documents(ENGLISH, other), EVEN, ("en", "pl"), no_lexicon) == {3}


def test_next_to_a_gap_other_numbers_and_code_are_in_doubt() -> None:
    both = documents(ENGLISH, [*POLISH[:2], *POLISH[3:]])
    right = units_of(([0], [0]), ([1], [1]), ([2], []), ([3], [2]), ([4], [3]), ([5], [4]))
    wrong = units_of(([0], [0]), ([1], [1]), ([2], [2]), ([3], []), ([4], [3]), ([5], [4]))
    assert doubtful_units(both, right, ("en", "pl"), no_lexicon) == set()
    assert doubtful_units(both, wrong, ("en", "pl"), no_lexicon) == {2}


def test_what_only_one_language_has_is_in_no_doubt() -> None:
    both = documents(ENGLISH, POLISH[:1])
    units = units_of(([0], [0]), *[([i], []) for i in range(1, len(ENGLISH))])
    assert score_units(both, units, ("en", "pl"), no_lexicon).keys() == {0}


def test_the_lexicon_confirms_texts_that_share_nothing() -> None:
    source = ["alpha beta gamma delta epsilon zeta", "one two three four five six", "red green blue white black grey"]
    target = ["ananas banan cytryna daktyl eukaliptus figa", "gruszka jabłko kiwi limonka mango nektarynka",
              "oliwka papaja rodzynka śliwka truskawka wiśnia"]  # fmt: skip
    known = dict(zip(" ".join(source[:2]).split(), " ".join(target[:2]).split(), strict=True))
    both = documents([*source, "last"], target)
    units = units_of(([0], [0]), ([1], [1]), ([2], [2]), ([3], []))

    def lexicon(stem: str) -> Mapping[str, float]:
        word = next((word for word in known if word.startswith(stem)), "")
        from relmgr_cli.languages.tokens import stem as stem_of

        return {stem_of(known[word], "pl"): 0.9} if word else {}

    assert doubtful_units(both, units, ("en", "pl"), lexicon) == {2}


def test_the_encoder_is_asked_about_uncertain_texts_only() -> None:
    both = documents(ENGLISH, [*POLISH[:2], *POLISH[3:]])
    wrong = units_of(([0], [0]), ([1], [1]), ([2], [2]), ([3], []), ([4], [3]), ([5], [4]))
    asked: list[str] = []

    def encoder(texts: Sequence[str]) -> Matrix:
        asked.extend(texts)
        return np.full((len(texts), 512), 512**-0.5, np.float32)

    plain = score_units(both, wrong, ("en", "pl"), no_lexicon)
    found = score_units(both, wrong, ("en", "pl"), no_lexicon, encoder)
    assert found[2] > plain[2]  # equal vectors: the same text
    assert both[0].blocks[2].text in asked
    assert both[0].blocks[5].text not in asked


def test_blocks_of_other_kinds_are_less_certain() -> None:
    listed = documents(ENGLISH, [*POLISH[:3], f"- {POLISH[3]}", *POLISH[4:]])
    scores = score_units(listed, EVEN, ("en", "pl"), no_lexicon)
    same = score_units(documents(ENGLISH, POLISH), EVEN, ("en", "pl"), no_lexicon)
    assert scores[3] < min(score for index, score in scores.items() if index != 3)
    assert scores[3] < same[3] + 1
