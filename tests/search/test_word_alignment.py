"""The word lens: counterparts that are sure, silence elsewhere, and texts of any kind."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from relmgr_cli.languages.tokens import stem
from relmgr_cli.search import word_alignment
from relmgr_cli.search.word_alignment import find_counterpart
from relmgr_cli.store.codec import pack
from relmgr_cli.store.database import Database, in_memory

Lens = Callable[..., str]

# Two sentences of the bundled article.
POLISH = (
    "Dobre zarządzanie relacjami dotyczy zarówno komunikacji, zarządzania konfliktami i umiejętnościami ludzkimi, jak"
    " i technicznych aspektów konkretnej firmy lub branży. Specjaliści w tej roli mogą mieć tytuł licencjata"
    " lub magistra."
)
RUSSIAN = (
    "Хорошее управление взаимоотношениями — это общение, управление конфликтами и навыки работы с людьми, а также"
    " технические аспекты конкретного бизнеса или отрасли. Профессионалы в этой роли могут иметь степень бакалавра"
    " или магистра."
)
SURE = (
    ("Dobre", "Хорошее"),
    ("konfliktami", "конфликтами"),
    ("umiejętnościami", "навыки"),
    ("technicznych", "технические"),
    ("branży", "отрасли"),
    ("Specjaliści", "Профессионалы"),
    ("magistra", "магистра"),
)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """Return an empty database: the lens needs nothing of it but the place of the encoder."""
    with closing(in_memory("a test")) as opened:
        yield opened


@pytest.fixture(scope="module")
def lens(database: Database) -> Lens:
    """Return a function that gives the counterpart of a word as it is written, "" for none."""

    def ask(word: str, text: str, other: str, tags: tuple[str, str] = ("pl", "ru")) -> str:
        start = text.index(word)
        found = find_counterpart(database, text, (start, start + len(word)), other, tags)
        return other[slice(*found)] if found else ""

    return ask


@pytest.mark.parametrize(("polish", "russian"), SURE)
def test_a_word_of_the_bundled_article_has_its_counterpart_in_both_directions(
    lens: Lens, polish: str, russian: str
) -> None:
    assert lens(polish, POLISH, RUSSIAN) == russian
    assert lens(russian, RUSSIAN, POLISH, ("ru", "pl")) == polish


def test_any_character_of_a_word_selects_it(database: Database) -> None:
    start = POLISH.index("konfliktami")
    found = {find_counterpart(database, POLISH, (at, at + 1), RUSSIAN, ("pl", "ru")) for at in range(start, start + 11)}
    assert len(found) == 1
    assert None not in found


@pytest.mark.parametrize("word", ["jak", "lub", "w tej"])
def test_a_function_word_has_no_translation(lens: Lens, word: str) -> None:
    assert lens(word, POLISH, RUSSIAN) == ""


def test_a_function_word_of_another_language_is_a_content_word(lens: Lens) -> None:
    assert lens("die", "They die of thirst", "Umierają z pragnienia", ("en", "pl")) == "Umierają"


@pytest.mark.parametrize(
    ("word", "text", "other"),
    [
        ("rower", "Mój rower jest czerwony.", "Вчера шёл сильный дождь."),
        ("pakietu", "Usuń plik danego pakietu", "Удалить файл"),
        ("Kot", "Kot", "42"),
    ],
)
def test_a_word_without_a_counterpart_has_no_translation(lens: Lens, word: str, text: str, other: str) -> None:
    assert lens(word, text, other) == ""


def test_an_ambiguous_translation_is_omitted(lens: Lens) -> None:
    assert lens("samochód", "samochód", "машина, автомобиль") == ""


def test_two_words_can_be_the_translation_of_one(lens: Lens) -> None:
    text, other = "Получить имя хоста компьютера", "Get the hostname of the computer"
    assert [lens(word, text, other, ("ru", "en")) for word in ("имя", "хоста")] == ["hostname", "hostname"]
    assert lens("hostname", other, text, ("en", "ru")) in {"имя", "хоста"}


def test_a_word_is_not_linked_with_that_of_its_neighbour_if_it_may_have_its_own(lens: Lens) -> None:
    """Both words of the source are only like `directory`; `output` is left."""
    text, other = "Wybierz katalog docelowy", "Specify the output directory"
    assert lens("katalog", text, other, ("pl", "en")) == "directory"
    assert lens("docelowy", text, other, ("pl", "en")) == ""


def test_another_form_of_the_same_word_is_no_rival_and_the_nearer_one_is_named(database: Database) -> None:
    text, other = "Klient widzi cenę, a cena widzi klienta.", "Клиент видит цену, а цена видит клиента."
    for word, counterpart in (("Klient", "Клиент"), ("klienta", "клиента")):
        start = text.index(word)
        found = find_counterpart(database, text, (start, start + 1), other, ("pl", "ru"))
        assert found
        assert other[slice(*found)] == counterpart


def test_the_same_letters_are_the_same_word(lens: Lens) -> None:
    assert lens("serverDZ", "Dokumentacja serverDZ", "Справочник serverDZ") == "serverDZ"
    assert lens("2017", "Wydanie 2017", "Выпуск 2017") == "2017"


def test_a_region_or_an_unknown_language_is_no_obstacle(lens: Lens) -> None:
    assert lens("konfliktami", POLISH, RUSSIAN, ("pl-PL", "xx")) == "конфликтами"


@pytest.mark.parametrize("text", ["", " ", "— … !", "\n\t"])
@pytest.mark.parametrize("other", ["", "—", "слово"])
def test_texts_without_words_have_no_counterparts(database: Database, text: str, other: str) -> None:
    assert find_counterpart(database, text, (0, 1), other, ("pl", "ru")) is None
    assert find_counterpart(database, "słowo", (0, 5), "—", ("pl", "ru")) is None


@pytest.mark.parametrize("at", [(-5, -1), (8, 9), (9, 10), (10_000, 10_001)])
def test_a_position_without_a_word_has_no_translation(database: Database, at: tuple[int, int]) -> None:
    text, other = "konflikt — klient", "конфликт — клиент"
    assert find_counterpart(database, text, (0, 1), other, ("pl", "ru")) == (0, 8)
    assert find_counterpart(database, text, at, other, ("pl", "ru")) is None


@pytest.mark.slow
def test_of_a_very_long_text_the_beginning_has_counterparts(database: Database) -> None:
    text = " ".join(["konflikt", *(f"słowo{number}" for number in range(400)), "pies"])
    other = " ".join(["конфликт", *(f"знак{number}" for number in range(400)), "собака"])
    found = find_counterpart(database, text, (0, 8), other, ("pl", "ru"))
    assert found == (0, 8)
    assert find_counterpart(database, text, (len(text) - 4, len(text)), other, ("pl", "ru")) is None


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60),
    other=st.text(max_size=60),
    at=st.tuples(st.integers(-5, 70), st.integers(-5, 70)),
    tags=st.tuples(*[st.sampled_from(["pl", "ru", "zh", "en-GB", "xx", ""])] * 2),
)
def test_any_texts_have_a_translation_in_the_other_text_or_none(
    database: Database, text: str, other: str, at: tuple[int, int], tags: tuple[str, str]
) -> None:
    found = find_counterpart(database, text, at, other, tags)
    assert found is None or other[slice(*found)].strip()


@pytest.mark.parametrize("tags", [("pl", "ru"), ("hu", "vi")])
def test_the_lexicon_decides_where_vectors_do_not(tags: tuple[str, str]) -> None:
    """Made-up words, and languages that the encoder does not know."""
    text, other = "Blorp frask dwim", "Zanti murel oopak"
    with closing(in_memory("a test")) as database:
        assert find_counterpart(database, text, (0, 5), other, tags) is None
        rows = [(tags[0], stem("blorp", tags[0]), pack({tags[1]: [(stem("oopak", tags[1]), 0.9)]}))]
        database.connection.executemany("INSERT INTO lexicon VALUES (?, ?, ?)", rows)
        word_alignment._links.cache_clear()  # noqa: SLF001
        assert find_counterpart(database, text, (0, 5), other, tags) == (12, 17)


def test_a_rival_with_a_better_partner_counts_less() -> None:
    """Two words that always stand together are about as often beside either word of their translation."""
    tags = ("hu", "vi")
    weights = {"blorp": {"zanti": 0.8, "murel": 0.84}, "frask": {"zanti": 0.82, "murel": 0.85}}
    rows = [
        (
            tags[0],
            stem(word, tags[0]),
            pack({tags[1]: [(stem(other, tags[1]), weight) for other, weight in found.items()]}),
        )
        for word, found in weights.items()
    ]
    with closing(in_memory("a test")) as database:
        database.connection.executemany("INSERT INTO lexicon VALUES (?, ?, ?)", rows)
        assert find_counterpart(database, "Blorp frask", (0, 1), "Zanti murel", tags) == (0, 5)
        assert find_counterpart(database, "Blorp frask", (6, 7), "Zanti murel", tags) == (6, 11)
