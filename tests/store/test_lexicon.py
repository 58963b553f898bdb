"""A lexicon learnt from a library whose texts are made of words that are translated one by one."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.files import age

from relmgr_cli.store.database import Database, in_memory
from relmgr_cli.store.lexicon import is_in_lexicon, learn_lexicon, lexicon_is_due, lexicon_source, lexicon_translations
from relmgr_cli.store.sync import sync

WORDS = [a + b + c for a in "bdfgklm" for b in "aeo" for c in ("rat", "sun", "vip")]
TAGS = ("en", "hu", "tl", "mt", "sw")
PLURAL = "rat", "sun"


def word_in(tag: str, word: str) -> str:
    return word if tag == "en" else f"{word[::-1]}{tag}"


def write(root: Path, article: int, sentences: list[list[str]]) -> None:
    for tag in TAGS:
        (root / tag).mkdir(exist_ok=True)
        text = "".join(f"{' '.join(word_in(tag, word) for word in sentence)}.\n\n" for sentence in sentences)
        path = root / tag / f"{article}.md"
        path.write_text(f"# Page {article}\n\n{text}", encoding="utf-8")
        age(path)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Path]]:
    root = tmp_path_factory.mktemp("library")
    rng = random.Random(1)  # noqa: S311
    for article in range(6):
        write(root, article, [rng.sample(WORDS, 6) for _ in range(25)])
    database = in_memory()
    sync(database, [root])
    assert lexicon_is_due(database)
    assert learn_lexicon(database) > 100
    yield database, root
    database.close()


def best(database: Database, tag: str, word: str, other: str) -> str:
    found = lexicon_translations(database, tag, word, TAGS)[other]
    return max(found, key=lambda stem: found[stem])


def stem_in(tag: str, word: str) -> str:
    from relmgr_cli.languages.tokens import stem

    return stem(word_in(tag, word), tag)


@pytest.mark.parametrize("other", TAGS[1:])
def test_words_are_translated_in_both_directions(library: tuple[Database, Path], other: str) -> None:
    database, _ = library
    assert lexicon_source(database) == "en"
    words = [word for word in WORDS if is_in_lexicon(database, "en", stem_in("en", word))]
    assert len(words) > 50
    right = [best(database, "en", stem_in("en", word), other) == stem_in(other, word) for word in words]
    back = [best(database, other, stem_in(other, word), "en") == stem_in("en", word) for word in words]
    assert sum(right) / len(words) > 0.95
    assert sum(back) / len(words) > 0.95


def test_two_languages_are_connected_through_the_source(library: tuple[Database, Path]) -> None:
    """Directly learnt are the three most common languages, and each with the source."""
    database, _ = library
    assert best(database, "sw", stem_in("sw", WORDS[0]), "tl") == stem_in("tl", WORDS[0])
    found = lexicon_translations(database, "sw", stem_in("sw", WORDS[0]), ["tl", "sw"])
    assert found.keys() == {"tl"}


def test_an_unknown_word_has_no_translations(library: tuple[Database, Path]) -> None:
    assert lexicon_translations(library[0], "en", "unheard", TAGS) == {}
    assert not is_in_lexicon(library[0], "en", "unheard")


def test_the_lexicon_is_due_when_articles_have_changed(library: tuple[Database, Path]) -> None:
    database, root = library
    assert not lexicon_is_due(database)
    assert not lexicon_is_due(database, always=True)
    write(root, 99, [["zebra", "crossing"]])
    sync(database, [root])
    assert lexicon_is_due(database)
    learn_lexicon(database)
    assert not lexicon_is_due(database)
