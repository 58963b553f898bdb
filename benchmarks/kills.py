"""The index under fire: processes killed at random moments, many at once, a full disk.

    python benchmarks/kills.py kills [--number 200] [--seed 0]
    python benchmarks/kills.py crowd [--seconds 60]
    python benchmarks/kills.py full            (root on Linux: it mounts a small disk)

A library of 120 documents in two languages, made up from a small vocabulary, changes at random. After every fault each
answer is compared with that of an index built anew, in another home, from the same files: every article, section,
alignment, hit and mark must be the same. Scores may differ a little, and with them the order: how rare a word is
counts in them, and a full text counts what was taken out until it next puts its parts together.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

RELMGR = [str(Path(sys.executable).with_name("relmgr"))]
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
ARTICLES, SECTIONS = 60, 2  # 400 sections are all that the encoder names for a question
QUESTIONS = ("вода", "stary dom", "kon*", "что важнее всего")
CHANGES = ("add", "edit", "edit", "one language", "delete", "rename")


class Library:
    """Files that change at random; the same seed gives the same changes."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self._chance = random.Random(seed)  # noqa: S311
        self._names = [f"article{number}" for number in range(ARTICLES)]
        self._made = ARTICLES
        for name in self._names:
            self._write(name)

    def _write(self, name: str, languages: Sequence[str] = LANGUAGES) -> None:
        chance = self._chance
        texts: dict[str, list[str]] = {language: [] for language in LANGUAGES}
        for level in (1, *[2] * SECTIONS):
            pairs, frame = chance.sample(WORDS, 3), chance.choice(FRAMES)
            for place, language in enumerate(LANGUAGES):
                words = [pair[place] for pair in pairs]
                text = frame[place].format(*words)
                heading = f"{words[2].capitalize()} {words[0]} {len(texts[language])}"
                texts[language].append(f"{'#' * level} {heading}\n\n{text[:1].upper()}{text[1:]}\n")
        for language in languages:
            path = self.folder / language / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(texts[language]), encoding="utf-8")

    def change(self) -> None:
        """Change some files."""
        for _ in range(self._chance.choice((1, 1, 3, 20))):
            name, change = self._chance.choice(self._names), self._chance.choice(CHANGES)
            if change == "add" and len(self._names) < ARTICLES + 4:
                self._made += 1
                self._names.append(f"article{self._made}")
                self._write(self._names[-1])
            elif change == "edit":
                self._write(name)
            elif change == "one language":
                self._write(name, self._chance.sample(LANGUAGES, 1))
            elif change == "delete" and len(self._names) > ARTICLES // 2:
                self._names.remove(name)
                for language in LANGUAGES:
                    (self.folder / language / f"{name}.md").unlink()
            elif change == "rename":
                self._made += 1
                self._names[self._names.index(name)] = f"article{self._made}"
                for language in LANGUAGES:
                    path = self.folder / language / f"{name}.md"
                    path.rename(path.with_name(f"article{self._made}.md"))


def environ(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ["PATH"], "COLUMNS": "80", "RELMGR_LANG": "pl", **more}


def run(library: Path, home: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [*RELMGR, "-C", str(library), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environ(home, **more))


Answers = dict[tuple[str, ...], tuple[int, str]]
COMMANDS = [
    ("list", "--json"),
    ("show", "3", "--lang", "pl,ru", "--json"),
    ("search", "--exact", "ключ", "--json", "--limit", "1000"),
    *(("search", question, "--json", "--limit", "1000") for question in QUESTIONS),
]


def answers(library: Path, home: Path, notes: list[str], **more: str) -> Answers:
    """Return what every command says; what else it had to say is added to `notes`."""
    found = {}
    for command in COMMANDS:
        result = run(library, home, *command, **more)
        found[command] = (result.returncode, result.stdout)
        notes += [line for line in result.stderr.splitlines() if not line.startswith("relmgr: nothing found")]
    return found


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder, with a home in it that has the encoder already."""
    with tempfile.TemporaryDirectory(prefix="relmgr-kills-") as folder:
        (place := Path(folder) / "warm" / "a.md").parent.mkdir()
        place.write_text("# Words\n\nSome words to encode.\n")
        run(place.parent, Path(folder) / "encoder", "index")
        yield Path(folder)


def new_home(folder: Path, name: str) -> Path:
    """Make a home anew, with a link to the encoder."""
    home = folder / name
    shutil.rmtree(home, ignore_errors=True)
    cache = home / ".cache/relmgr"
    cache.mkdir(parents=True, mode=0o700)
    (cache / "encoder").symlink_to(folder / "encoder/.cache/relmgr/encoder")
    return home


def reference(folder: Path, library: Path) -> Answers:
    """Return the answers of an index that is built anew."""
    home = new_home(folder, "reference")
    built = run(library, home, "index")
    if built.returncode:
        raise SystemExit(built.stderr)
    return answers(library, home, [])


def phase(home: Path, copy: Path) -> str:  # noqa: PLR0911
    """Return what a process was at when it was killed, from a copy of its catalogue."""
    databases = list(home.glob(".cache/relmgr/*/catalogue-*.db"))
    if not databases:
        return "before anything"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for suffix in ("", "-wal"):
        with open_if_there(Path(f"{databases[0]}{suffix}")) as data:
            (copy / f"c.db{suffix}").write_bytes(data)
    with closing(sqlite3.connect(copy / "c.db")) as connection:
        try:
            meta = dict(connection.execute("SELECT key, value FROM meta"))
            missing = {
                name: connection.execute(query).fetchone()[0]
                for name, query in {
                    "aligning": "SELECT count(*) FROM articles WHERE members LIKE '%,%' AND by_meaning IS NOT 1",
                    "full text": "SELECT count(*) FROM documents LEFT JOIN indexed ON id = document"
                    " WHERE content IS NOT NULL AND indexed.revision IS NOT documents.revision",
                    "passages": "SELECT count(*) FROM indexed WHERE encoded = 0",
                }.items()
            }
            words = connection.execute(
                "SELECT count(*) FROM (SELECT DISTINCT language, stem FROM word_forms WHERE prose > 0)"
            ).fetchone()[0]
            known = connection.execute("SELECT count(*) FROM word_translations").fetchone()[0]
        except sqlite3.Error:
            return "before anything"
    if meta["ungrouped"] or not meta["articles_version"]:
        return "reading and pairing"
    if meta["meaning"] == "pending":
        return "pairing by meaning"
    if meta.get("fulltext_version") != meta["articles_version"] or missing["full text"]:
        return "aligning" if missing["aligning"] else "full text"
    if missing["passages"]:
        return "words" if known < words * 0.8 else "passages"
    return "at the end" if meta.get("embeddings_version") == meta["content_version"] else "words"


def written(home: Path) -> list[tuple[str, int]]:
    """Return what tells whether anything has been written in a home."""
    places = home.glob(".cache/relmgr/*-*/catalogue*")
    return sorted((str(place), place.stat().st_mtime_ns) for place in places)


@contextmanager
def open_if_there(path: Path) -> Iterator[bytes]:
    yield path.read_bytes() if path.exists() else b""


def differences(found: Answers, expected: Answers) -> list[str]:
    """Return the commands that answered otherwise."""
    return [" ".join(command) for command in expected if not is_same(found[command], expected[command])]


def is_same(found: tuple[int, str], expected: tuple[int, str]) -> bool:
    """Tell whether two answers say the same."""
    if found == expected:
        return True
    try:
        ours, theirs = (json.loads(text) for _, text in (found, expected))
        hits = [sorted(each.pop("hits"), key=lambda hit: json.dumps(_where(hit))) for each in (ours, theirs)]
    except (ValueError, KeyError):
        return False
    scores = [[hit.pop("score") for hit in every] for every in hits]
    for every in hits:
        for hit in every:
            del hit["rank"]
    bound = 0.15 * max(scores[1], default=0)
    near = all(abs(one - other) <= bound for one, other in zip(*scores, strict=False))
    return found[0] == expected[0] and ours == theirs and hits[0] == hits[1] and near


def _where(hit: dict[str, object]) -> list[object]:
    return [hit["article"], hit["section"]]


def kills(number: int, seed: int) -> int:
    """Kill builds and updates; return how many answers were wrong."""
    chance = random.Random(seed)  # noqa: S311
    phases: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    wrong = 0
    with scratch() as folder:
        library = Library(folder / "library", seed)
        home = new_home(folder, "home")
        lasts = {"build": 2.0, "update": 0.7}  # seconds, for the first one
        started = 0
        expected = reference(folder, library.folder)
        while started < number:
            is_build = chance.choice((True, False))
            if is_build:
                home = new_home(folder, "home")
            else:
                library.change()
            command = chance.choice([["index"]] * 4 + [["search", "pies"], ["list"], ["show", "3", "--lang", "pl,ru"]])
            kind = "build" if is_build else "update"
            before = written(home)
            process = subprocess.Popen(
                [*RELMGR, "-C", str(library.folder), *command],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environ(home),
                start_new_session=True,
            )
            begin = time.monotonic()
            try:
                process.wait(chance.uniform(0.05, lasts[kind]))
                lasts[kind] = 0.8 * lasts[kind] + 0.2 * (time.monotonic() - begin)
                expected = expected if is_build else reference(folder, library.folder)
                continue  # it was quicker
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                lasts[kind] *= 1.01
            started += 1
            where = phase(home, folder / "copy") if written(home) != before else "before anything"
            phases[f"{kind}: {where}"] += 1
            said: list[str] = []
            said += run(library.folder, home, "index").stderr.splitlines()
            found = answers(library.folder, home, said)
            if not is_build:
                expected = reference(folder, library.folder)
            notes.update(said)
            if differs := differences(found, expected):
                wrong += 1
                print(f"kill {started} of {command[0]}, {where}: {differs}", flush=True)
                keep_evidence(found, expected, differs)
            if started % 20 == 0:
                print(f"{started} killed, {wrong} wrong", flush=True)
    print(json.dumps({"killed": dict(sorted(phases.items())), "said": dict(notes), "wrong": wrong}, indent=1))
    return wrong


def keep_evidence(found: Answers, expected: Answers, differs: Sequence[str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="relmgr-wrong-"))
    for name, every in (("found", found), ("expected", expected)):
        texts = {" ".join(key): value for key, value in every.items()}
        (folder / name).write_text("".join(f"{key}\n{texts[key]}\n" for key in differs))
    print(f"  see {folder}")


ALARMS = ("locked", "Traceback", "anew", "cannot")


def crowd(seconds: int, seed: int) -> int:
    """Let two builders and six readers loose on a library that changes; return how many things went wrong."""
    chance = random.Random(seed)  # noqa: S311
    done: Counter[str] = Counter()
    wrong: list[str] = []
    with scratch() as folder:
        library = Library(folder / "library", seed)
        home = new_home(folder, "home")
        readers = [("search", "pies"), ("search", "--exact", "дом"), ("search", "stary dom"), ("list",), ("show", "3")]
        end = time.monotonic() + seconds

        def work(commands: Sequence[tuple[str, ...]]) -> None:
            while time.monotonic() < end:
                command = chance.choice(commands)
                result = run(library.folder, home, *command, "--json")
                done[command[0]] += 1
                if result.returncode not in (0, 1) or any(word in result.stderr for word in ALARMS):
                    wrong.append(f"{command}: {result.returncode} {result.stderr[-300:]}")

        jobs: list[Sequence[tuple[str, ...]]] = [[("index",)]] * 2 + [readers] * 6
        with ThreadPoolExecutor(len(jobs)) as pool:
            waiting = [pool.submit(work, commands) for commands in jobs]
            while time.monotonic() < end:
                time.sleep(1)
                library.change()
            for job in waiting:
                job.result()
        said: list[str] = []
        run(library.folder, home, "index")
        found, expected = answers(library.folder, home, said), reference(folder, library.folder)
        wrong += differences(found, expected) + said
    print(json.dumps({"answers": dict(done), "wrong": wrong}, indent=1))
    return len(wrong)


ERROR = 2  # the exit code of relmgr where it cannot answer
SIZES = (64, 128, 256, 512, 1024, 2048, 4096, 6144, 8192, 10240, 12288, 16384, 24576)  # kB


def full(seed: int) -> int:
    """Build, update and search on small disks; return how many things went wrong."""
    if os.geteuid() or not shutil.which("mount"):
        print("skipped: only root can mount a small disk")
        return 0
    wrong: list[str] = []
    table = []
    with scratch() as folder:
        library = Library(folder / "library", seed)
        disk = folder / "disk"
        disk.mkdir()
        for size in SIZES:
            options = f"size={size}k,mode=700"
            subprocess.run(["mount", "-t", "tmpfs", "-o", options, "relmgr", str(disk)], check=True)  # noqa: S607
            try:
                table.append([size, *_on_a_full_disk(folder, library, disk, wrong)])
            finally:
                subprocess.run(["umount", str(disk)], check=True)  # noqa: S607
    for row in table:
        print(*row)
    print(json.dumps({"wrong": wrong}, indent=1, ensure_ascii=False))
    return len(wrong)


def _on_a_full_disk(folder: Path, library: Library, disk: Path, wrong: list[str]) -> list[str]:
    """Build, change and search, then make room; return how often there was no answer, and add what is wrong."""
    home = new_home(folder, "home")
    counts = []
    for step in ("build", "update", "fill", "room"):
        if step == "update":
            library.change()
        if step == "fill":  # the index of a library that has not changed answers
            with suppress(OSError), (disk / "ballast").open("wb") as file:
                while True:
                    file.write(bytes(1024))
                    file.flush()
        if step == "room":
            (disk / "ballast").unlink()
            subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)  # noqa: S607
        result = run(library.folder, home, "index", XDG_CACHE_HOME=str(disk))
        said: list[str] = []
        found = answers(library.folder, home, said, XDG_CACHE_HOME=str(disk))
        expected = reference(folder, library.folder)
        missing = [command for command, (code, _) in found.items() if code == ERROR]
        for command in missing:
            del expected[command]
        lines = {*said, *result.stderr.splitlines()}
        wrong += [f"{step}: {command}" for command in differences(found, expected)]
        wrong += [f"{step}: {line}" for line in lines if not line.startswith("relmgr: cannot ")]
        if step == "room" and (missing or result.returncode or said):
            wrong.append(f"room: {missing} {result} {said}")
        counts.append(f"{step}: index {result.returncode}, {len(missing)} of {len(found)} unanswered;")
    return counts


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("kills", "crowd", "full"))
    parser.add_argument("--number", type=int, default=200, help="of processes killed")
    parser.add_argument("--seconds", type=int, default=60, help="for the crowd")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    faults = {
        "kills": lambda: kills(given.number, given.seed),
        "crowd": lambda: crowd(given.seconds, given.seed),
        "full": lambda: full(given.seed),
    }
    sys.exit(bool(faults[given.what]()))
