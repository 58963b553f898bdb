"""Robustness of the index: killed processes, concurrent processes, a full disk.

FAULT is one of

- kills: kill `relmgr index` and other commands at random moments, `--number` times.
- concurrent: run two indexers and six readers for `--seconds`, while the library changes every second.
- full-disk: index on disks of 64 kB to 24 MB. Needs root on Linux, because it mounts them.

The library has 120 documents in two languages, made of a small vocabulary, and changes at random. After every fault the
output of seven commands is compared with that of an index that was built from scratch in another home directory; they
must be the same, with the scores and the order of hits.

The exit code is 1 if anything was wrong.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from benchmarks.support import CHECKOUT
from benchmarks.support.changing_library import ChangingLibrary
from benchmarks.support.command_line import parser_for
from benchmarks.support.processes import RELMGR

QUERIES = ("вода", "stary dom", "kon*", "что важнее всего")


def main(argv: Sequence[str]) -> int:
    """Run the check."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("fault", metavar="FAULT", choices=("kills", "concurrent", "full-disk"))
    parser.add_argument("--number", metavar="N", type=int, default=200, help="processes to kill (default: 200)")
    parser.add_argument("--seconds", metavar="N", type=int, default=60, help="length of `concurrent` (default: 60)")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="for the random changes (default: 0)")
    options = parser.parse_args(argv)
    if options.fault == "kills":
        errors = check_kills(options.number, options.seed)
    elif options.fault == "concurrent":
        errors = check_concurrent(options.seconds, options.seed)
    else:
        errors = check_full_disk(options.seed)
    return int(errors > 0)


def variables(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ["PATH"], "COLUMNS": "80", "RELMGR_LANG": "pl", **more}


def run(library: Path, home: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [*RELMGR, "-C", str(library), *args]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=variables(home, **more), cwd=CHECKOUT
    )


Outputs = dict[tuple[str, ...], tuple[int, str]]  # command -> exit code, standard output
COMMANDS = [
    ("list", "--json"),
    ("show", "3", "--lang", "pl,ru", "--json"),
    ("search", "--exact", "ключ", "--json", "--limit", "1000"),
    *(("search", query, "--json", "--limit", "1000") for query in QUERIES),
]


def run_commands(library: Path, home: Path, messages: list[str], **more: str) -> Outputs:
    """Return the output of every command; add the lines of standard error to `messages`."""
    outputs = {}
    for command in COMMANDS:
        result = run(library, home, *command, **more)
        outputs[command] = (result.returncode, result.stdout)
        messages += [line for line in result.stderr.splitlines() if not line.startswith("relmgr: nothing found")]
    return outputs


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder with a home directory in it that has the encoder's model."""
    with tempfile.TemporaryDirectory(prefix="relmgr-kills-") as folder:
        (document := Path(folder) / "first" / "a.md").parent.mkdir()
        document.write_text("# Words\n\nSome words to encode.\n")
        run(document.parent, Path(folder) / "encoder", "index")
        yield Path(folder)


def new_home(folder: Path, name: str) -> Path:
    """Return an empty home directory with a link to the encoder's model."""
    home = folder / name
    shutil.rmtree(home, ignore_errors=True)
    cache = home / ".cache/relmgr"
    cache.mkdir(parents=True, mode=0o700)
    (cache / "encoder").symlink_to(folder / "encoder/.cache/relmgr/encoder")
    return home


def expected_outputs(folder: Path, library: Path) -> Outputs:
    """Return the outputs of an index that is built from scratch."""
    home = new_home(folder, "reference")
    built = run(library, home, "index")
    if built.returncode:
        raise SystemExit(built.stderr)
    return run_commands(library, home, [])


def phase(home: Path, copy: Path) -> str:  # noqa: PLR0911
    """Return what a process was doing when it was killed, judged from a copy of its database."""
    databases = list(home.glob(".cache/relmgr/*/index-*.db"))
    if not databases:
        return "before anything"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for suffix in ("", "-wal"):
        path = Path(f"{databases[0]}{suffix}")
        (copy / f"c.db{suffix}").write_bytes(path.read_bytes() if path.exists() else b"")
    with closing(sqlite3.connect(copy / "c.db")) as connection:
        try:
            meta = dict(connection.execute("SELECT key, value FROM meta"))
            missing = {
                name: connection.execute(query).fetchone()[0]
                for name, query in {
                    "aligning": "SELECT count(*) FROM articles WHERE members LIKE '%,%' AND with_embeddings IS NOT 1",
                    "full text": "SELECT count(*) FROM documents LEFT JOIN indexed ON id = document"
                    " WHERE content IS NOT NULL AND indexed.revision IS NOT documents.revision",
                    "passages": "SELECT count(*) FROM articles WHERE passages IS NULL",
                }.items()
            }
            words = connection.execute(
                "SELECT count(*) FROM (SELECT DISTINCT language, stem FROM word_forms WHERE prose > 0)"
            ).fetchone()[0]
            known = connection.execute("SELECT count(*) FROM word_translations").fetchone()[0]
        except sqlite3.Error:
            return "before anything"
    if meta["unpaired"] or not meta["articles_version"]:
        return "reading and pairing"
    if meta["semantic_pairing"] == "pending":
        return "pairing by meaning"
    if meta.get("fulltext_version") != meta["articles_version"] or missing["full text"]:
        return "aligning" if missing["aligning"] else "full text"
    if missing["passages"]:
        return "words" if known < words * 0.8 else "passages"
    return "at the end" if meta.get("embeddings_version") == meta["content_version"] else "words"


def modification_times(home: Path) -> list[tuple[str, int]]:
    """Return the database files in a home directory, and when they were last written."""
    paths = home.glob(".cache/relmgr/*-*/index*")
    return sorted((str(path), path.stat().st_mtime_ns) for path in paths)


def differing_commands(found: Outputs, expected: Outputs) -> list[str]:
    return [" ".join(command) for command in expected if found[command] != expected[command]]


def check_kills(number: int, seed: int) -> int:
    """Kill builds and updates of the index; return the number of times that outputs differed."""
    rng = random.Random(seed)  # noqa: S311
    phases: Counter[str] = Counter()
    messages: Counter[str] = Counter()
    errors = killed = 0
    with temporary_folder() as folder:
        library = ChangingLibrary(folder / "library", seed)
        home = new_home(folder, "home")
        durations = {"build": 2.0, "update": 0.7}  # seconds; the first guess
        expected = expected_outputs(folder, library.folder)
        while killed < number:
            kind = rng.choice(("build", "update"))
            if kind == "build":
                home = new_home(folder, "home")
            else:
                library.change()
            command = rng.choice([["index"]] * 4 + [["search", "pies"], ["list"], ["show", "3", "--lang", "pl,ru"]])
            before = modification_times(home)
            seconds = run_and_kill(library.folder, home, command, rng.uniform(0.05, durations[kind]))
            if seconds is not None:  # it ended before it was to be killed
                durations[kind] = 0.8 * durations[kind] + 0.2 * seconds
                expected = expected if kind == "build" else expected_outputs(folder, library.folder)
                continue
            durations[kind] *= 1.01
            killed += 1
            has_written = modification_times(home) != before
            where = phase(home, folder / "copy") if has_written else "before anything"
            phases[f"{kind}: {where}"] += 1
            lines = run(library.folder, home, "index").stderr.splitlines()
            found = run_commands(library.folder, home, lines)
            if kind == "update":
                expected = expected_outputs(folder, library.folder)
            messages.update(lines)
            if differing := differing_commands(found, expected):
                errors += 1
                print(f"kill {killed} of {command[0]}, {where}: {differing}", flush=True)
                save_outputs(found, expected, differing)
            if killed % 20 == 0:
                print(f"{killed} killed, {errors} wrong", flush=True)
    print(json.dumps({"killed": dict(sorted(phases.items())), "messages": dict(messages), "wrong": errors}, indent=1))
    return errors


def run_and_kill(library: Path, home: Path, command: Sequence[str], timeout: float) -> float | None:
    """Kill a command after some seconds; return how long it took if it ended before."""
    process = subprocess.Popen(
        [*RELMGR, "-C", str(library), *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=variables(home),
        cwd=CHECKOUT,
        start_new_session=True,
    )
    start = time.monotonic()
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None
    return time.monotonic() - start


def save_outputs(found: Outputs, expected: Outputs, differing: Sequence[str]) -> None:
    """Write the outputs that differ to a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="relmgr-wrong-"))
    for name, outputs in (("found", found), ("expected", expected)):
        texts = {" ".join(command): output for command, output in outputs.items()}
        (folder / name).write_text("".join(f"{command}\n{texts[command]}\n" for command in differing))
    print(f"  see {folder}")


UNEXPECTED = ("locked", "Traceback", "damaged", "corrupt", "rebuil", "cannot")  # on standard error


def check_concurrent(seconds: int, seed: int) -> int:
    """Run two indexers and six readers on a library that changes; return the number of errors."""
    rng = random.Random(seed)  # noqa: S311
    runs: Counter[str] = Counter()
    errors: list[str] = []
    with temporary_folder() as folder:
        library = ChangingLibrary(folder / "library", seed)
        home = new_home(folder, "home")
        readers = [("search", "pies"), ("search", "--exact", "дом"), ("search", "stary dom"), ("list",), ("show", "3")]
        deadline = time.monotonic() + seconds

        def work(commands: Sequence[tuple[str, ...]]) -> None:
            while time.monotonic() < deadline:
                command = rng.choice(commands)
                result = run(library.folder, home, *command, "--json")
                runs[command[0]] += 1
                if result.returncode not in (0, 1) or any(word in result.stderr for word in UNEXPECTED):
                    errors.append(f"{command}: {result.returncode} {result.stderr[-300:]}")

        workers: list[Sequence[tuple[str, ...]]] = [[("index",)]] * 2 + [readers] * 6
        with ThreadPoolExecutor(len(workers)) as pool:
            futures = [pool.submit(work, commands) for commands in workers]
            while time.monotonic() < deadline:
                time.sleep(1)
                library.change()
            for future in futures:
                future.result()
        lines: list[str] = []
        run(library.folder, home, "index")
        found, expected = run_commands(library.folder, home, lines), expected_outputs(folder, library.folder)
        errors += differing_commands(found, expected) + lines
    print(json.dumps({"processes": dict(runs), "wrong": errors}, indent=1))
    return len(errors)


NO_ANSWER = 2  # the exit code of a command that failed
DISK_SIZES = (64, 128, 256, 512, 1024, 2048, 4096, 6144, 8192, 10240, 12288, 16384, 24576)  # kB


def check_full_disk(seed: int) -> int:
    """Build, update and search on small disks; return the number of errors."""
    if os.geteuid() or not shutil.which("mount"):
        print("skipped: only root can mount a small disk")
        return 0
    errors: list[str] = []
    table = []
    with temporary_folder() as folder:
        library = ChangingLibrary(folder / "library", seed)
        disk = folder / "disk"
        disk.mkdir()
        for size in DISK_SIZES:
            options = f"size={size}k,mode=700"
            subprocess.run(["mount", "-t", "tmpfs", "-o", options, "relmgr", str(disk)], check=True)  # noqa: S607
            try:
                table.append([size, *_use_small_disk(folder, library, disk, errors)])
            finally:
                subprocess.run(["umount", str(disk)], check=True)  # noqa: S607
    for row in table:
        print(*row)
    print(json.dumps({"wrong": errors}, indent=1, ensure_ascii=False))
    return len(errors)


def _use_small_disk(folder: Path, library: ChangingLibrary, disk: Path, errors: list[str]) -> list[str]:
    """Build, update, fill the disk, then grow it; add to `errors`, and return a summary of each step."""
    home = new_home(folder, "home")
    summaries = []
    for step in ("build", "update", "full", "grown"):
        if step == "update":
            library.change()
        if step == "full":  # the library has not changed, so the index must still answer
            with suppress(OSError), (disk / "ballast").open("wb") as file:
                while True:
                    file.write(bytes(1024))
                    file.flush()
        if step == "grown":
            (disk / "ballast").unlink()
            subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)  # noqa: S607
        result = run(library.folder, home, "index", XDG_CACHE_HOME=str(disk))
        lines: list[str] = []
        found = run_commands(library.folder, home, lines, XDG_CACHE_HOME=str(disk))
        expected = expected_outputs(folder, library.folder)
        failed = [command for command, (code, _) in found.items() if code == NO_ANSWER]
        for command in failed:
            del expected[command]
        unexpected = {*lines, *result.stderr.splitlines()}
        errors += [f"{step}: {command}" for command in differing_commands(found, expected)]
        errors += [f"{step}: {line}" for line in unexpected if not line.startswith("relmgr: cannot ")]
        if step == "grown" and (failed or result.returncode or lines):
            errors.append(f"grown: {failed} {result} {lines}")
        summaries.append(f"{step}: index {result.returncode}, {len(failed)} of {len(found)} failed;")
    return summaries
