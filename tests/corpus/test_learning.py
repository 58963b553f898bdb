"""What is learnt from pairs of texts; words are numbers, those of the second language larger by 100."""

import random

import pytest

from relmgr_cli.corpus.lexicon import MAX_TRANSLATIONS, Bitext


def learnt(pairs: list[tuple[list[int], list[int]]]) -> dict[int, dict[int, float]]:
    bitext = Bitext()
    for source, target in pairs:
        bitext.add(source, target)
    found: dict[int, dict[int, float]] = {}
    for there in bitext.learn():
        for translation in there:
            found.setdefault(translation.source, {})[translation.target] = translation.weight
    return found


@pytest.fixture(scope="module")
def texts() -> list[tuple[list[int], list[int]]]:
    """Return texts of five words of a language of 40, translated word by word in another order."""
    rng = random.Random(1)  # noqa: S311
    pairs = []
    for _ in range(200):
        source = rng.sample(range(40), 5)
        target = [100 + word for word in source]
        rng.shuffle(target)
        pairs.append((source, target))
    return pairs


def test_the_translation_of_every_word_is_the_best_in_both_directions(
    texts: list[tuple[list[int], list[int]]],
) -> None:
    found = learnt(texts)
    assert found.keys() == {*range(40), *range(100, 140)}
    for word in range(40):
        for one, other in ((word, 100 + word), (100 + word, word)):
            assert next(iter(found[one])) == other
            assert found[one][other] > 0.8
            assert all(weight < 0.55 for each, weight in found[one].items() if each != other)


def test_a_word_that_is_only_often_beside_another_is_no_translation() -> None:
    """As in "pull request": the two words explain each their own translation once each occurs alone."""
    pairs = [([1, 2], [101, 102])] * 20 + [([1, 3], [101, 103])] * 6 + [([2, 4], [102, 104])] * 6
    found = learnt([*pairs, *([([5, 6], [105, 106])] * 30)])
    assert next(iter(found[1])) == 101
    assert next(iter(found[2])) == 102
    assert found[1].get(102, 0.0) < 0.6
    assert found[1][101] > 0.9


def test_one_occurrence_teaches_less_than_many() -> None:
    background = [([number, number + 1], [100 + number, 101 + number]) for number in range(10, 60, 2)]
    once = learnt([*background, ([1], [101])])
    often = learnt([*background, *([([1], [101])] * 9)])
    assert once[1][101] < often[1][101]


def test_a_word_has_a_limited_number_of_translations_the_best_first() -> None:
    found = learnt([([1, number], [101, 100 + number]) for number in range(2, 40)])
    assert all(len(translations) <= MAX_TRANSLATIONS for translations in found.values())
    for translations in found.values():
        assert list(translations.values()) == sorted(translations.values(), reverse=True)


def test_texts_that_teach_nothing_new_are_left_out() -> None:
    bitext = Bitext()
    for _ in range(1000):
        bitext.add([1, 2], [101, 102])
    assert bitext.texts < 100
    bitext.add([1, 2, 3], [101, 102, 103])
    before = bitext.texts
    bitext.add([3], [103])
    assert bitext.texts == before + 1


@pytest.mark.parametrize("pair", [([], []), ([1], []), ([], [101])])
def test_texts_without_words_are_left_out(pair: tuple[list[int], list[int]]) -> None:
    bitext = Bitext()
    bitext.add(*pair)
    assert bitext.texts == 0
    assert bitext.learn() == ([], [])
