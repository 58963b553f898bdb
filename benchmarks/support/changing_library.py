"""A library of made-up documents in Polish and Russian that changes at random."""

import random
from collections.abc import Sequence
from pathlib import Path

WORDS = [pair.split("/") for pair in """
pies/собака kot/кошка dom/дом ogród/сад woda/вода drzewo/дерево okno/окно droga/дорога miasto/город rzeka/река
książka/книга list/письмо słowo/слово pytanie/вопрос odpowiedź/ответ praca/работа szkoła/школа noc/ночь dzień/день
zima/зима lato/лето chleb/хлеб sól/соль mleko/молоко stół/стол krzesło/стул drzwi/дверь klucz/ключ ręka/рука
głowa/голова konflikt/конфликт pokój/мир wojna/война przyjaciel/друг brat/брат siostra/сестра
lekarz/врач nauczyciel/учитель
""".split()]  # fmt: skip
FRAMES = [
    ("{} stoi tam, gdzie był {}, i nikt nie wie dlaczego.", "{} стоит там, где был {}, и никто не знает почему."),
    ("Kiedy {} jest stary, to {} jest nowy.", "Когда {} старый, тогда {} новый."),
    ("Nie ma rzeczy ważniejszej niż {} oraz {}.", "Нет вещи важнее, чем {} или {}."),
    ("Wczoraj {} i {} były jeszcze razem.", "Вчера {} и {} были ещё вместе."),
]
LANGUAGES = ("pl", "ru")
ARTICLES, SECTIONS = 60, 2  # fewer than the 400 sections that a semantic search returns
CHANGES = ("add", "edit", "edit", "one language", "delete", "rename")


class ChangingLibrary:
    """Files that change at random, in the same way for the same seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self._rng = random.Random(seed)  # noqa: S311
        self._names = [f"article{number}" for number in range(ARTICLES)]
        self._created = ARTICLES
        for name in self._names:
            self._write(name)

    def _write(self, name: str, languages: Sequence[str] = LANGUAGES) -> None:
        rng = self._rng
        texts: dict[str, list[str]] = {language: [] for language in LANGUAGES}
        for level in (1, *[2] * SECTIONS):
            pairs, frame = rng.sample(WORDS, 3), rng.choice(FRAMES)
            for index, language in enumerate(LANGUAGES):
                words = [pair[index] for pair in pairs]
                text = frame[index].format(*words)
                heading = f"{words[2].capitalize()} {words[0]} {len(texts[language])}"
                texts[language].append(f"{'#' * level} {heading}\n\n{text[:1].upper()}{text[1:]}\n")
        for language in languages:
            path = self.folder / language / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(texts[language]), encoding="utf-8")

    def change(self) -> None:
        """Change some files."""
        for _ in range(self._rng.choice((1, 1, 3, 20))):
            name, change = self._rng.choice(self._names), self._rng.choice(CHANGES)
            if change == "add" and len(self._names) < ARTICLES + 4:
                self._created += 1
                self._names.append(f"article{self._created}")
                self._write(self._names[-1])
            elif change == "edit":
                self._write(name)
            elif change == "one language":
                self._write(name, self._rng.sample(LANGUAGES, 1))
            elif change == "delete" and len(self._names) > ARTICLES // 2:
                self._names.remove(name)
                for language in LANGUAGES:
                    (self.folder / language / f"{name}.md").unlink()
            elif change == "rename":
                self._created += 1
                self._names[self._names.index(name)] = f"article{self._created}"
                for language in LANGUAGES:
                    path = self.folder / language / f"{name}.md"
                    path.rename(path.with_name(f"article{self._created}.md"))
