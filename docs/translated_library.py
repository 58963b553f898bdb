"""The library in the pictures of `status` and `diff`: a small repository whose translations are not all up to date."""

import os
import subprocess
from pathlib import Path

_FIRST_DAY = 1_772_323_200  # 2026-03-01, in seconds since 1970
_DAY = 86_400

SECURITY = """# Security

Every request of a user needs a token. This page shows how to give one to those who know their password.

## Hash the password

Use passlib to hash passwords. Never store the password itself.

```python
from passlib.hash import bcrypt
```

## Create the token

A token is signed with a key, so nobody can change it. It is valid for one day.
"""
NEW_SECURITY = (
    SECURITY.replace("Use passlib to hash", "Use pwdlib to hash")
    .replace("itself.\n", "itself. It supports Argon2 out of the box.\n")
    .replace("from passlib.hash import bcrypt", "from pwdlib import PasswordHash")
    .replace("for one day.\n", "for one hour.\n\nTo get another token, the user sends a refresh token.\n")
)
POLISH_SECURITY = """# Bezpieczeństwo

Każde żądanie użytkownika wymaga tokenu. Ta strona pokazuje, jak wydać go temu, kto zna swoje hasło.

## Hashowanie hasła

Do hashowania haseł użyj passlib. Nigdy nie zapisuj samego hasła.

```python
from passlib.hash import bcrypt
```

## Tworzenie tokenu

Token jest podpisany kluczem, więc nikt nie może go zmienić. Jest ważny jeden dzień.
"""
_PAGES = ("tutorial/first-steps", "tutorial/testing", "tutorial/static-files", "advanced/events", "advanced/websockets")
_TEXTS = {
    "en": (
        "This page explains {name} step by step, and has an example that you can run on your own computer.",
        "Start the program, and look at what it prints. If there is a mistake, read the message and try it again.",
    ),
    "pl": (
        "Ta strona wyjaśnia {name} krok po kroku i zawiera przykład, który możesz uruchomić na swoim komputerze.",
        "Uruchom program i zobacz, co wypisze. Jeżeli jest błąd, przeczytaj komunikat i spróbuj jeszcze raz.",
    ),
    "de": (
        "Diese Seite erklärt {name} Schritt für Schritt und hat ein Beispiel, das du selbst starten kannst.",
        "Starte das Programm und sieh dir an, was es ausgibt. Wenn es einen Fehler gibt, versuche es noch einmal.",
    ),
    "ja": (
        "このページでは{name}を順を追って説明し、自分のコンピューターで実行できる例を紹介します。",
        "プログラムを起動して、表示される内容を確認してください。間違いがある場合は、もう一度試してください。",
    ),
}
_LACKING = {"pl": _PAGES[4:], "de": (), "ja": _PAGES[1:]}  # the pages that a language does not have


def build(folder: Path) -> None:
    """Make the repository: what is translated, then a change of two of its pages."""
    _git(folder, "init", "--quiet")
    for language in _TEXTS:
        for name in _PAGES:
            if name not in _LACKING.get(language, ()):
                _write(folder / "docs" / language / f"{name}.md", _page(language, name))
    _write(folder / "docs" / "en" / "tutorial" / "security.md", SECURITY)
    _write(folder / "docs" / "pl" / "tutorial" / "security.md", POLISH_SECURITY)
    _commit(folder, 0)
    _write(folder / "docs" / "en" / "tutorial" / "security.md", NEW_SECURITY)
    _commit(folder, 3)
    changed = _page("en", "advanced/events").replace("Start the program", "Start the server")
    _write(folder / "docs" / "en" / "advanced" / "events.md", changed)
    _commit(folder, 30)


def _page(language: str, name: str) -> str:
    first, second = (text.format(name=name.rpartition("/")[2]) for text in _TEXTS[language])
    return f"# {name}\n\n{first}\n\n## 1\n\n{second}\n\n## 2\n\n{second}\n\n{first}\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _commit(folder: Path, day: int) -> None:
    _git(folder, "add", ".")
    date = f"{_FIRST_DAY + day * _DAY} +0000"
    _git(folder, "commit", "--quiet", "--message", "docs", GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)


def _git(folder: Path, *arguments: str, **variables: str) -> None:
    identity = {f"GIT_{who}_{what}": "docs" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **identity, **variables}
    subprocess.run(["git", "-C", folder, *arguments], env={**os.environ, **own}, check=True)  # noqa: S607 (the git of the user)
