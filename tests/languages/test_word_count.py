import pytest

from relmgr_cli.languages.tokens import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("— !? …", 0),
        ("jeden dwa\ntrzy", 3),
        ("don't re-read relmgr.toml", 3),
        ("Большой и малый", 3),
        ("漢字", 1),
        ("漢字仮", 2),
        ("ひらがなカタカナ and Latin", 6),
        ("2024 1.10", 2),
    ],
)
def test_words_are_counted_with_and_without_spaces_between_them(text: str, words: int) -> None:
    assert count_words(text) == words
