import pytest

from relmgr_cli.languages.direction import text_direction


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("fa", "rtl"),
        ("he", "rtl"),
        ("dv", "rtl"),
        ("syr", "rtl"),
        ("uz", "ltr"),
        ("uz-Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("sr-Latn-RS", "ltr"),
        ("zh-Hant", "ltr"),
        ("pt-BR", "ltr"),
        ("und", "auto"),
    ],
)
def test_the_script_of_a_language_tells_its_direction(tag: str, direction: str) -> None:
    assert text_direction(tag) == direction
