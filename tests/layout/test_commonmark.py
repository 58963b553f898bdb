"""Every example of the CommonMark specification is shown whole, at every width."""

import json
import re
from functools import cache
from html import unescape
from typing import Any

import pytest
from conftest import shared
from pages import page
from rich.cells import cell_len
from support.marks import slow

from relmgr_cli.terminal.sanitize import sanitize

_EMBED = 590  # an example of a literal `![[foo]]`, which is an embedded note here
_MARGIN = re.compile(r"[\s▎•◦▪☐☑]")


@cache
def examples() -> list[dict[str, Any]]:
    spec: list[dict[str, Any]] = json.loads(shared("commonmark", "spec.json").read_text(encoding="utf-8"))
    spec = [example for example in spec if example["example"] != _EMBED]
    assert len(spec) > 600
    return spec


def expected_words(html: str) -> list[str]:
    """Return the words a reader of the HTML would see, alternative texts among them."""
    unseen = r"<!--.*?-->|<(script|style)\b.*?(</\1>|\Z)|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Z].*?>"
    html = re.sub(unseen, " ", html, flags=re.DOTALL)
    html = re.sub(r'<img [^>]*?alt="([^"]*)"[^>]*>', r"\1", html)
    html = re.sub(r"""<(?:"[^"]*"|'[^']*'|[^>"'])*>""", " ", html)
    return [re.sub(r"\s", "", sanitize(word)) for word in unescape(html).split()]


@pytest.mark.slow
@pytest.mark.parametrize("width", [40, *slow(20, 80)])
def test_no_word_of_the_specification_is_lost_and_no_line_is_too_wide(width: int) -> None:
    lost, wide = [], []
    for example in examples():
        shown = page(example["markdown"], width)
        wide += [(example["example"], line) for line in shown.split("\n") if cell_len(line) > width]
        letters = _MARGIN.sub("", shown)
        words = [_MARGIN.sub("", word) for word in expected_words(example["html"])]
        lost += [(example["example"], word) for word in words if word not in letters]
    assert not wide
    assert not lost
