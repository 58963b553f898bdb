"""A small translated library with a history in git: one section of its source has changed since it was translated."""

from pathlib import Path

from support.git import GitRepository

ENGLISH = """# Passwords

A short guide to storing the passwords of your users so that nobody can read them.

## Choose a library

Use the library passlib to hash all of the passwords, because it knows many algorithms.

It is maintained by volunteers and has been tested by thousands of people for years.

## Hash the password

Call the function hash with the password of the user, and store what it returns.

## Check the password

Call the function verify with the password that the user has typed and the stored hash.
"""
POLISH = """# Hasła

Krótki przewodnik po przechowywaniu haseł użytkowników tak, żeby nikt nie mógł ich przeczytać.

## Wybierz bibliotekę

Do haszowania wszystkich haseł użyj biblioteki passlib, ponieważ zna wiele algorytmów.

Utrzymują ją wolontariusze, a od lat testują ją tysiące osób.

## Zahaszuj hasło

Wywołaj funkcję hash z hasłem użytkownika i zapisz to, co zwróci.

## Sprawdź hasło

Wywołaj funkcję verify z hasłem, które wpisał użytkownik, i z zapisanym haszem.
"""
GERMAN = """# Passwörter

Eine kurze Anleitung, wie man die Passwörter der Benutzer so speichert, dass niemand sie lesen kann.

## Eine Bibliothek wählen

Verwende die Bibliothek passlib, um alle Passwörter zu hashen, denn sie kennt viele Algorithmen.

Sie wird von Freiwilligen gepflegt und seit Jahren von Tausenden von Menschen getestet.

## Das Passwort hashen

Rufe die Funktion hash mit dem Passwort des Benutzers auf und speichere, was sie zurückgibt.

## Das Passwort prüfen

Rufe die Funktion verify mit dem Passwort auf, das der Benutzer eingegeben hat, und mit dem gespeicherten Hash.
"""
OLD_WORDS, NEW_WORDS = "the library passlib to hash", "the library pwdlib to hash"
CHANGED = ENGLISH.replace(OLD_WORDS, NEW_WORDS)


def translated_repository(folder: Path) -> GitRepository:
    """Return a library in which section 1 of the source has changed since it was translated into Polish and German."""
    repository = GitRepository(folder)
    repository.commit({"docs/en/passwords.md": ENGLISH})
    repository.commit({"docs/pl/passwords.md": POLISH, "docs/de/passwords.md": GERMAN})
    repository.git("tag", "v1")
    repository.commit({"docs/en/passwords.md": CHANGED})
    return repository
