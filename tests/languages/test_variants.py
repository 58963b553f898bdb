import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.languages.variants import variant_of


@pytest.mark.parametrize(
    ("language", "text", "variant"),
    [
        ("zh", "这个页面是为我们的读者写的，请先读它，然后开始学习。", "Hans"),
        ("zh", "這個頁面是為我們的讀者寫的，請先讀它，然後開始學習。", "Hant"),
        ("zh-TW", "這個頁面是為我們的讀者寫的，請先讀它，然後開始學習。", "Hant"),
        ("zh", "山水中人", None),
        ("zh", "这个页面是为我们的。這個頁面是為我們的。", None),
        ("sr", "Ова страница је за оне који користе git и npm install.", "Cyrl"),
        ("sr", "Ova stranica je za one koji koriste git i npm install.", "Latn"),
        ("sr", "Ова npm install git commit push pull request merge branch", None),
        ("uz", "Бу саҳифа git ишлатадиган одамлар учун.", "Cyrl"),
        ("pt", "Para baixar o arquivo, o usuário precisa de uma senha e do aplicativo.", "BR"),
        ("pt", "Para transferir o ficheiro, o utilizador precisa de aceder ao ecrã.", "PT"),
        ("pt", "Esta página é curta.", None),
        ("pl", "To jest strona.", None),
        ("zh", "", None),
        ("sr", "", None),
    ],
)
def test_a_variety_is_told_by_what_only_it_uses(language: str, text: str, variant: str | None) -> None:
    assert variant_of(text, language) == variant


@settings(deadline=None)
@given(st.text(), st.sampled_from(["zh", "sr", "pt", "uz", "en"]))
def test_any_text_has_a_variety_or_none(text: str, language: str) -> None:
    assert variant_of(text, language) in {None, "Hans", "Hant", "Cyrl", "Latn", "BR", "PT"}
