"""Copies of the source in the place of a translation: shown with a note, found once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr
from support.sample_texts import text_of

Write = Callable[[str, str], Path]


@pytest.fixture
def site(tmp_path: Path, write: Write) -> Path:
    """Return a library with a Polish file whose text is English."""
    for subject in ("bread", "chess"):
        for language in ("en", "pl", "ru"):
            write(f"{language}/{subject}.md", text_of(subject, language))
    write("pl/bread.md", text_of("bread", "en"))
    return tmp_path


def test_an_untranslated_copy_is_shown_with_a_note(relmgr: Relmgr, site: Path) -> None:
    shown = relmgr("-C", site, "show", "1", "--lang", "pl")
    assert "Baking bread at home" in shown.out
    assert shown.err.count("the Polish file is not translated: its text is in English\n") == 1
    assert "not translated" not in relmgr("-C", site, "show", "1", "--lang", "ru").err


def test_the_note_is_there_again_in_a_cached_answer(relmgr: Relmgr, site: Path) -> None:
    errors = [relmgr("-C", site, "show", "1", "--lang", "pl").err for _ in range(2)]
    assert all("not translated" in error for error in errors)


def test_a_copy_is_no_hit_of_its_own(relmgr: Relmgr, site: Path) -> None:
    hits = json.loads(relmgr("-C", site, "search", "--exact", "yeast", "--json").out)["hits"]
    assert len(hits) == 1
    assert relmgr("-C", site, "search", "--exact", "--lang", "pl", "yeast").code == 1
