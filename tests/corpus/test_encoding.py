import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.corpus.encoding import decode
from relmgr_cli.errors import FileRefusedError

POLISH = "Menedżerowie pracują nad poprawą relacji z firmami, które są źródłem ich zysków.\nŁódź też się liczy.\n"
RUSSIAN = "Менеджеры работают над улучшением отношений с фирмами, которые им доверяют.\nЭто важно и для клиентов.\n"
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (POLISH, "cp1250"),
        (POLISH, "iso-8859-2"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
    ],
)
def test_text_in_a_legacy_encoding_is_read_and_the_encoding_reported(text: str, encoding: str) -> None:
    decoded, notice = decode(text.encode(encoding), "a.md")
    assert decoded == text
    assert notice.startswith("not UTF-8: read as ")


@pytest.mark.parametrize(("text", "encoding"), [(POLISH, "cp1250"), (POLISH, "iso-8859-2"), (RUSSIAN, "koi8-r")])
def test_the_encoding_that_was_guessed_is_named(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.md")[1] == f"not UTF-8: read as {encoding}"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", [POLISH, RUSSIAN, ""])
def test_a_byte_order_mark_determines_the_encoding_and_is_removed(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.md") == (text, "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_byte_order_mark_is_detected_by_its_nul_bytes(encoding: str) -> None:
    decoded, notice = decode(POLISH.encode(encoding), "a.md")
    assert decoded == POLISH
    assert encoding.upper() in notice


def test_big_endian_utf16_with_a_byte_order_mark_is_read() -> None:
    assert decode(b"\xfe\xff" + POLISH.encode("utf-16-be"), "a.md") == (POLISH, "")


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_utf8_cut_inside_a_character_is_read_up_to_it(cut: int) -> None:
    decoded, notice = decode("Zażółć gęślą 🐢".encode()[:-cut], "a.md")
    assert decoded.startswith("Zażółć gęślą ")
    assert f"{4 - cut} bytes" in notice


def test_a_damaged_byte_amid_utf8_does_not_make_it_another_encoding() -> None:
    decoded, notice = decode(RUSSIAN.encode() + b"\xff" + RUSSIAN.encode(), "a.md")
    assert decoded == f"{RUSSIAN}\udcff{RUSSIAN}"
    assert "1 bytes" in notice


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bytes(range(256)) * 40, id="every-byte"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06", id="picture"),
        pytest.param(b"\0" * 5000, id="nothing-but-nul"),
    ],
)
def test_binary_files_are_rejected(data: bytes) -> None:
    with pytest.raises(FileRefusedError, match="binary, not text"):
        decode(data, "a.md")


def test_a_stray_nul_byte_is_preserved_and_reported() -> None:
    assert decode(b"some words\0 and more words", "a.md") == ("some words\0 and more words", "contains NUL bytes")


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_valid_utf8_is_read_as_it_is(text: str) -> None:
    assert decode(text.encode(), "a.md") == (text, "")


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_rejected_or_read_and_only_utf8_without_a_problem(data: bytes) -> None:
    try:
        text, notice = decode(data, "a.md")
    except FileRefusedError:
        assert b"\0" in data
    else:
        assert notice or text.encode() == data or data.startswith(MARKS)
