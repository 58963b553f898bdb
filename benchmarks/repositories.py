"""Pairs, languages, ids and speed in public repositories with translations.

`repositories.toml` has the repositories and says which of their files belong together. They are not part of this
repository: clone them into one folder, each as OWNER+NAME (`git clone --bare URL OWNER+NAME` will do), and pass it with
--clones; the files that the table names are unpacked into --folder.

relmgr runs as a user runs it, with an empty home: `list --json`, `list` and `show` again, then `list --json` on a copy
without one of the languages, and on a copy with other titles.

- precision, recall: over pairs of documents in one article and in different languages. Documents in one language, such
  as a copy beside its original, are no pair, right or wrong. A file with several languages inside is an article of its
  own. Where the names of files are translated, a key of the header (`permalink`) names the article.
- lang: documents, in percent, whose language is not that of the layout. Where at least half of the prose is that of the
  original, its language is right too. Two variants of a language (pt-BR and pt-PT) must not become one.
- copies: copies of originals, in percent, that relmgr calls untranslated or partly translated.
- source: articles, in percent, whose source language is right.
- path: ids, in percent, that are a part of the path of a document. same: ids, in percent, that stay the same without a
  language; with other titles.
- seconds and peak memory: the first `list`; `list` and `show` on the unchanged library.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import BUILD
from benchmarks.support.command_line import parser_for
from benchmarks.support.processes import RELMGR, environment
from benchmarks.support.repositories import Repository, Truth, load

_ALIASES = {"nb": "no", "fil": "tl", "iw": "he", "in": "id"}
_TRADITIONAL = {"TW", "HK", "MO"}
_TITLE = re.compile(r"^((?:#|[ \t]*title:)[ \t]+[\"']?)(?=\w)", re.MULTILINE)
UNKNOWN = "und"
_MANY = 3  # documents of a language that is taken away


class Found(NamedTuple):
    """A document as relmgr lists it."""

    article: int
    id: str
    language: str
    source: str
    state: str  # "" if relmgr does not say it
    paired_by: str


class Run(NamedTuple):
    """A finished process."""

    output: str
    seconds: float
    mebibytes: float  # peak memory


Listing = Mapping[str, Found]  # by path
Pair = tuple[str, str]


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help="names in repositories.toml (default: all)")
    parser.add_argument("--folder", metavar="PATH", type=Path, default=BUILD / "repositories", help="unpacked files")
    parser.add_argument("--clones", metavar="PATH", type=Path, help="folder of clones, each named OWNER+NAME")
    parser.add_argument("--examples", metavar="N", type=int, default=0, help="list N wrong results of each kind")
    parser.add_argument("--no-copies", action="store_true", help="do not measure whether ids stay the same")
    options = parser.parse_args(argv)
    repositories = load(options.folder)
    if unknown := set(options.names) - set(repositories):
        print(f"no such repository: {', '.join(sorted(unknown))}; known: {', '.join(repositories)}", file=sys.stderr)
        return 2
    print(_HEADER)
    rows = []
    for name in options.names or repositories:
        repository = repositories[name]
        if reason := _missing(repository, options.clones):
            print(f"{name:23} skipped: {reason}", flush=True)
            continue
        rows.append(measure(repository, examples=options.examples, with_copies=not options.no_copies))
    if rows:
        recalls = [row.recall for row in rows]
        print(f"mean recall {sum(recalls) / len(recalls):.4f}, least {min(recalls):.4f}")
    return 0


def _missing(repository: Repository, clones: Path | None) -> str:
    """Unpack a repository unless it is there; return why it cannot be measured, or ""."""
    if repository.folder.is_dir():
        return ""
    if clones:
        return repository.unpack(clones)
    return f"{repository.folder} is missing; clone {', '.join(repository.sources)} and pass --clones"


_HEADER = (
    f"{'':23}{'docs':>5}{'articles':>9}{'pairs':>7}{'precision':>10}{'recall':>8}{'lang %':>7}{'copies %':>9}"
    f"{'source %':>9}{'path %':>7}{'unique':>7}{'same %':>12}"
    f"{'cold s':>8}{'MB':>5}{'list s':>7}{'MB':>5}{'show s':>7}{'MB':>5}"
)


class Row(NamedTuple):
    """What is printed of a repository."""

    precision: float
    recall: float
    text: str


def measure(repository: Repository, *, examples: int, with_copies: bool) -> Row:
    """Measure a repository and print its row, with examples of what is wrong."""
    truth = repository.truth
    with tempfile.TemporaryDirectory(prefix="relmgr-repositories-") as folder:
        home = Path(folder, "home")
        home.mkdir()
        cold = run(repository.folder, home, "list", "--json")
        listing = read_listing(cold.output)
        warm = run(repository.folder, home, "list", "--width", "97")
        first = next(iter(listing.values()), None)
        shown = run(repository.folder, home, "show", first.id if first else "1", "--width", "61")
        same = list(_same_ids(repository, listing, Path(folder))) if with_copies else []
    row = _row(repository, truth, listing, same=same, runs=(cold, warm, shown))
    print(row.text, flush=True)
    if examples:
        print_examples(truth, listing, examples)
    return row


def _row(
    repository: Repository, truth: Mapping[str, Truth], listing: Listing, *, same: Sequence[float], runs: Sequence[Run]
) -> Row:
    found, true = found_pairs(truth, listing), true_pairs(truth)
    correct = len(found & true)
    precision, recall = correct / max(len(found), 1), correct / max(len(true), 1)
    judged = sum(truth[path].language is not None for path in listing if path in truth)
    ids = {one.article: one.id for one in listing.values()}
    repeated = len(ids) - len(set(ids.values()))
    text = (
        f"{repository.name:23}{len(listing):5}{len(ids):9}{len(true):7}{precision:10.4f}{recall:8.4f}"
        f"{_percent(len(wrong_languages(truth, listing)), judged):>7}"
        f"{_marked_share(truth, listing):>9}{_source_share(truth, listing):>9}"
        f"{_percent(sum(_is_path_like(listing)), len(ids)):>7}{f'-{repeated}' if repeated else 'yes':>7}"
        f"{' '.join(f'{share:.1f}' for share in same):>12}"
        + "".join(f"{one.seconds:{8 if one is runs[0] else 7}.1f}{one.mebibytes:5.0f}" for one in runs)
    )
    return Row(precision, recall, text)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def run(library: Path, home: Path, *arguments: str) -> Run:
    """Run relmgr on a library; exit if it fails."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [*RELMGR, "-C", str(library), *arguments], stdout=output, stderr=errors, env=environment(home)
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            sys.exit(f"relmgr {' '.join(arguments)} in {library}: {errors.read().decode()[-1500:]}")
        return Run(output.read().decode(), seconds, usage.ru_maxrss / 1024)


def read_listing(output: str) -> dict[str, Found]:
    """Return the documents in the output of `list --json`, by path."""
    found = {}
    for article in json.loads(output)["articles"]:
        languages = article["languages"]
        source = article.get("source", languages[0] if languages else "")
        for document in article["documents"]:
            state = document.get("state", "")
            found[document["path"]] = Found(
                article["number"], article["id"], document["lang"], source, state, article["paired_by"]
            )
        for copy in article.get("copies", ()):
            found[copy["path"]] = Found(
                article["number"], article["id"], copy["lang"], source, "untranslated", article["paired_by"]
            )
    return found


def true_pairs(truth: Mapping[str, Truth]) -> set[Pair]:
    """Return the pairs of documents of one article that are in different languages."""
    articles = defaultdict(list)
    for path, one in truth.items():
        articles[one.article].append(path)
    return {
        pair
        for paths in articles.values()
        for pair in combinations(sorted(paths), 2)
        if truth[pair[0]].language != truth[pair[1]].language
    }


def found_pairs(truth: Mapping[str, Truth], listing: Listing) -> set[Pair]:
    """Return the pairs that relmgr finds among judged documents, without those of one article in one language."""
    articles = defaultdict(list)
    for path, one in listing.items():
        if path in truth:
            articles[one.article].append(path)
    return {
        pair
        for paths in articles.values()
        for pair in combinations(sorted(paths), 2)
        if truth[pair[0]].article != truth[pair[1]].article or truth[pair[0]].language != truth[pair[1]].language
    }


def wrong_languages(truth: Mapping[str, Truth], listing: Listing) -> list[str]:
    """Return the paths of documents whose language is wrong.

    A document without translations may be in no language that is known: a list of names is in none.

    A tag may be written in several ways (zh-TW, zh-Hant). So the language and its script must be right and the region
    not another, and two variants of a language in one article must not have one tag.
    """
    wrong = []
    taken: dict[tuple[str, str], str] = {}  # article and tag found -> tag in the layout
    sizes = Counter(one.article for one in truth.values())
    judged = [path for path in listing if path in truth and truth[path].language]
    for path in sorted(judged, key=lambda path: (listing[path].language != truth[path].language, path)):
        one, expected = listing[path], truth[path]
        is_unknown = one.language == UNKNOWN and sizes[expected.article] == 1
        if is_unknown or (expected.is_copy and _is_source(expected, one.language)):
            continue
        assert expected.language  # noqa: S101 (for mypy)
        variant = expected.language.lower()
        if not _agrees(one.language, expected.language) or (
            taken.setdefault((expected.article, one.language), variant) != variant
        ):
            wrong.append(path)
    return sorted(wrong)


def _is_source(truth: Truth, language: str) -> bool:
    return not truth.source or _script(language) == _script(truth.source)


def _agrees(found: str, expected: str) -> bool:
    regions = [{part.upper() for part in tag.split("-")[1:] if len(part) == len("BR")} for tag in (found, expected)]
    return _script(found) == _script(expected) and (not all(regions) or regions[0] == regions[1])


def _script(tag: str) -> tuple[str, str]:
    """Return a tag's language, and the script where the language has two."""
    language, *subtags = tag.replace("_", "-").split("-")
    language = _ALIASES.get(language.lower(), language.lower())
    script = next((subtag.title() for subtag in subtags if len(subtag) == len("Hant")), "")
    if language == "zh" and not script:
        script = "Hant" if {subtag.upper() for subtag in subtags} & _TRADITIONAL else "Hans"
    return language, script


def _marked_share(truth: Mapping[str, Truth], listing: Listing) -> str:
    """Return the copies that relmgr calls untranslated or partly translated, in percent."""
    copies = [one.state for path, one in listing.items() if one.state and path in truth and truth[path].is_copy]
    return _percent(sum(state != "translated" for state in copies), len(copies))


def _source_share(truth: Mapping[str, Truth], listing: Listing) -> str:
    """Return the articles with a right source language, in percent of those that have their original."""
    right: dict[int, bool] = {}
    for path, one in listing.items():
        expected = truth.get(path)
        if expected and expected.language and expected.language == expected.source:
            right[one.article] = _script(one.source) == _script(expected.source)
    return _percent(sum(right.values()), len(right))


def _is_path_like(listing: Listing) -> Iterator[bool]:
    """Yield for each article whether its id is made of parts of the path of one of its documents, in their order."""
    articles = defaultdict(list)
    for path, one in listing.items():
        articles[one.article, one.id].append(path)
    for (_, name), paths in articles.items():
        yield any(_is_part(name, path) for path in paths)


def _is_part(name: str, path: str) -> bool:
    whole = _letters(path)
    position = 0
    for part in name.split("/"):
        position = whole.find(_letters(part), position)
        if position < 0:
            return False
    return bool(_letters(name))


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _same_ids(repository: Repository, listing: Listing, folder: Path) -> Iterator[float]:
    """Yield the share of ids, in percent, that stay: first without a language, then with other titles."""
    truth = repository.truth
    counts = Counter(one.language for one in truth.values() if one.language and one.language != one.source)
    choice = sorted(language for language, count in counts.items() if count >= _MANY)
    removed = random.Random(5).choice(choice) if choice else None  # noqa: S311 (the same choice in every run)
    without = {path for path, one in truth.items() if one.language == removed}
    for name, change in (("without", None), ("titles", _with_other_titles)):
        library = folder / name / repository.folder.name
        _copy(repository.folder, library, without if change is None else set(), change)
        home = folder / f"home-{name}"
        home.mkdir()
        again = read_listing(run(library, home, "list", "--json").output)
        remaining = {listing[path].id for path in again if path in listing}
        changed = {listing[path].id for path in again if path in listing and listing[path].id != again[path].id}
        yield 100 * (1 - len(changed) / max(len(remaining), 1))


def _copy(folder: Path, target: Path, without: Iterable[str], change: Callable[[str], str] | None) -> None:
    omitted = set(without)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.as_posix() not in omitted:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            data = path.read_bytes()
            (target / name).write_bytes(
                change(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape") if change else data
            )


def _with_other_titles(text: str) -> str:
    """Return a text with a word more in its first heading and in the title of its header."""
    return _TITLE.sub(r"\g<1>Volume 2 ", text, count=2)


def print_examples(truth: Mapping[str, Truth], listing: Listing, number: int) -> None:
    """Print the first wrong results of each kind."""
    missing = sorted(set(truth) - set(listing))
    _print_some("not listed", missing, number)
    found, true = found_pairs(truth, listing), true_pairs(truth)
    _print_some("wrong pair", [f"{one} + {other}" for one, other in sorted(found - true)], number)
    _print_some("in pieces", list(_pieces(truth, listing)), number)
    wrong = [
        f"{path}: {listing[path].language}, not {truth[path].language}" for path in wrong_languages(truth, listing)
    ]
    counts = Counter((truth[p].language, listing[p].language) for p in wrong_languages(truth, listing))
    _print_some("wrong language", wrong, number)
    print("    wrong languages:", ", ".join(f"{a} as {b}: {n}" for (a, b), n in counts.most_common(25)))


def _pieces(truth: Mapping[str, Truth], listing: Listing) -> Iterator[str]:
    """Yield the articles that relmgr has in pieces, those that cost most pairs first."""
    articles: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in truth:
        if path in listing:
            articles[truth[path].article][listing[path].article].append(path)
    broken = [(key, sorted(pieces.values(), key=len)) for key, pieces in articles.items() if len(pieces) > 1]
    for key, pieces in sorted(broken, key=lambda item: -sum(map(len, item[1][:-1]))):
        tags = " | ".join(
            " ".join(f"{truth[path].language}{'*' * truth[path].is_copy}>{listing[path].language}" for path in paths)
            for paths in pieces[:-1]
        )
        main = Counter(listing[path].paired_by for path in pieces[-1])
        yield f"{key}: {tags} || {len(pieces[-1])} together {dict(main)}, e.g. {pieces[0][0]}"


def _print_some(kind: str, lines: Sequence[str], number: int) -> None:
    if lines:
        print(f"    {kind}: {len(lines)}")
        for line in lines[:number]:
            print(f"        {line[:400]}")
