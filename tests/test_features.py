"""The table of features: its commands run and show what they promise, its keys are those of the reader."""

import re
import shlex
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from conftest import Relmgr

from relmgr_cli.reader.keymap import KEYS

PAGE = (Path(__file__).parents[1] / "docs" / "features.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!feature|---)([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
SIGNS = {
    "colon": ":",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "apostrophe": "'",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "enter": "Enter",
    "backspace": "Backspace",
}

ENGLISH = """---
author: Ada Example
date: 2026-03-01
---

# Guide

Every request needs a **token**, ~~no~~ ==one== token, $x^2$ :tada: [at home](https://example.org "x")[^1].

[^1]: A note.

- [x] done
    - nested

> [!TIP]
> A callout

<details><summary>Folded</summary>

Inside

</details>

Term
: Definition

![A picture](a.png)

<table><tr><td>cell</td></tr></table>

```mermaid
---
title: A diagram
---
graph TD; A-->B
```

## Sign in

- The user sends a password and gets the token.

```python
token = sign(password)
```

## Key points

- Every request of the user needs a token.
- The user sends a password and gets one.
"""
POLISH = """# Przewodnik

Każde żądanie wymaga tokenu.

## Logowanie

- Użytkownik wysyła hasło i dostaje token.

## Najważniejsze punkty

- Każde żądanie od użytkownika wymaga tokenu.
- Użytkownik wysyła hasło i dostaje jeden token.
"""
RUSSIAN = """# Руководство

Каждый запрос требует токена.

## Вход

- Пользователь отправляет пароль и получает токен.

## Ключевые моменты

- Каждый запрос от пользователя требует токена.
- Пользователь отправляет пароль и получает токен.
"""

SHOWN = {  # what the output of a row holds
    "show an article by some of its letters, or a suggestion": "did you mean 1 guide",
    "highlight code": "\x1b[",
    "tables, also those in HTML": "cell",
    "nested lists and tasks": "nested",
    "quotes, callouts and admonitions with their titles": "Tip",
    "folded sections and tabs with their labels": "Folded",
    "definition lists": "Definition",
    "footnotes": "A note.",
    "formulas as Unicode": "x²",
    "emoji shortcodes": "🎉",
    "diagrams as code with their title": "A diagram",
    "images: the picture or its alternative text": "A picture",
    "author, date, translator and source of the front matter": "Ada Example",
    "links that the terminal opens, or their targets in the text": "https://example.org",
    "the same place in another language": "Каждый",
    "languages side by side, in step or one alone": "Przewodnik",
    "any case, accents and inflections": "token",
    "a regular expression": "token",
    "show a hit in its section": "token",
}


def test_the_table_has_all_rows() -> None:
    assert len(ROWS) == 68
    assert len({feature for feature, _ in ROWS}) == 68
    assert {*SHOWN} <= {feature for feature, _ in ROWS}


@pytest.mark.slow
def test_every_command_of_the_table_runs_and_shows_its_feature(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"guide.md": ENGLISH, "guide.pl.md": POLISH, "guide.ru.md": RUSSIAN}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "relmgr.toml").touch()
    monkeypatch.chdir(tmp_path)
    for feature, how in ROWS:
        for line in re.findall(r"`relmgr ([^`]+)`", how):
            if line.startswith(("read", "--show-completion")):
                continue
            monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(ENGLISH.encode())))
            result = relmgr(*shlex.split(line))
            is_suggestion = "suggestion" in feature
            assert result.code == (2 if is_suggestion else 0), f"relmgr {line}\n{result.err}"
            output = result.err if is_suggestion else result.out
            assert SHOWN.get(feature, "") in output, f"{feature}\n{output}"


def test_every_key_of_the_table_is_a_key_of_the_reader() -> None:
    firsts = {key.name: key.keys.split(",")[0] for key in KEYS}
    names = {name: SIGNS.get(key, key) for name, key in firsts.items()} | {"percent": "%"}
    shown = {key.shown.format_map(names) for key in KEYS}
    bound = {SIGNS.get(name, name) for key in KEYS for name in key.keys.split(",")} | shown
    keys = {key for _, how in ROWS for key in re.findall(r"`([^`]+)`", how) if not key.startswith("relmgr ")}
    assert len(keys) > 40
    assert {re.sub(r"^\d+(?=G)", "", key) for key in keys} <= bound
