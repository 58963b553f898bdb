import pytest
from conftest import shared
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text
from relmgr_cli.languages.detection import confidence, detect_among, script_of
from relmgr_cli.languages.names import languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Menedżerowie pracują nad poprawą relacji z firmami, które są ich partnerami.", "pl"),
        ("Menedzerowie ds. relacji nie sa tylko od tego, zeby sprzedawac.", "pl"),
        ("Менеджеры работают над улучшением отношений с фирмами, которые им доверяют.", "ru"),
        ("Менеджери працюють над покращенням відносин із фірмами, які їм довіряють.", "uk"),
        ("Мениджърите работят за това да подобрят отношенията с фирмите.", "bg"),
        ("Managers work on the relations with firms that trust them.", "en"),
        ("Die Manager arbeiten an den Beziehungen, die für Firmen wichtig sind.", "de"),
        ("Les gestionnaires travaillent sur les relations avec les entreprises.", "fr"),
        ("Manažeři pracují na vztazích, které jsou pro firmy důležité.", "cs"),
        ("Οι διευθυντές εργάζονται για τις σχέσεις με τις εταιρείες.", "el"),
        ("マネージャーは関係を改善するために働いています。", "ja"),
        ("经理们努力改善与客户和合作伙伴的关系。", "zh"),
        ("관리자는 고객과의 관계를 개선하기 위해 일합니다.", "ko"),
        ("Zaz\u0307o\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301", "pl"),
        ("Запустите команду git commit и затем git push в терминале.", "ru"),
        ("", None),
        ("1234 5678 !?", None),
        ("qwfp zxcv arst", None),
    ],
)
def test_the_language_of_a_text_is_detected(text: str, language: str | None) -> None:
    assert detect_among(text, []) == language


@pytest.mark.slow
def test_every_document_of_the_corpus_is_given_its_language() -> None:
    folder = shared("corpora", "langid")
    rows = [row.split("\t") for row in shared("corpora", "langid.truth.tsv").read_text(encoding="utf-8").splitlines()]
    wrong = []
    for name, language, _ in rows:
        text, _ = read_text(str(folder), name)
        found = parse_document(text, str(folder), name).language
        if found != language:
            wrong.append((name, language, found))
    assert len(rows) == 106
    assert not wrong


def test_prose_speaks_more_clearly_for_its_language_than_noise() -> None:
    assert confidence("To jest zdanie, które nie jest długie.") > confidence("qwfp zxcv arst") == 0
    assert confidence("") == 0


@pytest.mark.parametrize(
    ("letter", "script"),
    [
        ("a", "Latin"),
        ("ż", "Latin"),
        ("я", "Cyrillic"),
        ("λ", "Greek"),
        ("漢", "Han"),
        ("か", "Japanese"),
        ("\u2603", ""),
    ],
)
def test_a_letter_belongs_to_a_script(letter: str, script: str) -> None:
    assert script_of(letter) == script


@settings(deadline=None)
@given(st.text())
def test_any_text_has_a_language_of_the_table_or_none(text: str) -> None:
    assert detect_among(text, []) in {None, *languages()}
