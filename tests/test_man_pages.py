"""The man pages are those of the help texts, and the formatter has no complaint."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from man_pages import LANGUAGES, page, path_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_man_page_is_that_of_the_help_texts(language: str) -> None:
    written = Path(path_of(language)).read_text(encoding="utf-8")
    assert written == page(language), "run python docs/man_pages.py"


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_formatter_has_no_complaint(language: str) -> None:
    result = subprocess.run(
        ["groff", "-k", "-man", "-Tutf8", "-ww", path_of(language)], capture_output=True, text=True, check=True
    )
    assert result.stderr == ""
    assert "relmgr search" in re.sub(".\b", "", result.stdout)  # without the overstrikes of bold letters
