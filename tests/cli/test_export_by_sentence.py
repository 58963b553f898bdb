from pathlib import Path

from conftest import Relmgr

ENGLISH = "# Title\n\nSet `alpha` to 11. Set `beta` to 22.\n"
POLISH = "# Tytuł\n\nUstaw `alpha` na 11. Ustaw `beta` na 22.\n"


def test_units_are_sentences_if_asked_for(relmgr: Relmgr, tmp_path: Path) -> None:
    for language, text in (("en", ENGLISH), ("pl", POLISH)):
        (tmp_path / language).mkdir()
        (tmp_path / language / "a.md").write_text(text)
    found = relmgr("-C", str(tmp_path), "export", "--to", "tsv", "--lang", "en,pl", "--by", "sentence")
    assert found.code == 0
    rows = [line.replace("`", "").split("\t")[1:3] for line in found.out.splitlines()]
    assert ["Set alpha to 11.", "Ustaw alpha na 11."] in rows
    assert ["Set beta to 22.", "Ustaw beta na 22."] in rows
    by_block = relmgr("-C", str(tmp_path), "export", "--to", "tsv", "--lang", "en,pl")
    assert len(by_block.out.splitlines()) == len(rows) - 1


def test_another_size_is_refused(relmgr: Relmgr, tmp_path: Path) -> None:
    assert relmgr("-C", str(tmp_path), "export", "--to", "tsv", "--by", "word").code == 2
