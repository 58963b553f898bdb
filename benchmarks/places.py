"""Blocks found again by their places after a year of edits.

REPOSITORY is a git folder with its history. Every Markdown file that the repository had DAYS before its last commit is
followed through all commits since, renamed or not. The truth is what happens to each block from one version to the
next: it stays, is moved or is edited, by exact or nearly equal text (difflib), or it is gone. Then the place of each
block of the first version is looked up in the last version alone.

The table has the blocks of the files that have changed; the last column is the share of all blocks of files that are
still there.
"""

import difflib
import re
import subprocess
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks.support.command_line import add_verbose, parser_for
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.places import find_places, place_of
from relmgr_cli.markdown.blocks import Block

SUFFIXES = (".md", ".mdx", ".markdown")
DAY = 24 * 3600
MIN_SIMILARITY = 0.5  # of a block and its next version
MIN_SIMILARITY_MOVED = 0.8  # of one that is elsewhere
MAX_COMPARED = 3000  # characters of a block
MAX_CHARACTERS = 200_000  # of a file; parsing a thousand versions of a larger one would take hours
WORDY = 6  # words, from which on words are compared and not letters
SHOWN = 150  # characters of a block


class Found(NamedTuple):
    """How many blocks of the first versions are what in the last."""

    alive: int = 0
    right: int = 0
    lost: int = 0  # still there, not found
    gone: int = 0
    false: int = 0  # gone, but found

    def plus(self, other: "Found") -> "Found":
        """Return the sums."""
        return Found(*map(sum, zip(self, other, strict=True)))


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("repositories", metavar="REPOSITORY", type=Path, nargs="+")
    parser.add_argument("--days", metavar="N", type=int, default=365, help="default: %(default)s")
    add_verbose(parser)
    options = parser.parse_args(argv)
    print(f"{'':32}{'files':>7}{'alive':>8}{'right':>8}{'lost':>8}{'gone':>8}{'false':>8}{'all':>8}")
    for repository in options.repositories:
        git = Git(repository)
        changed, same, files = Found(), 0, 0
        for versions in histories(git, options.days):
            if len(git.text(versions[0][1])) > MAX_CHARACTERS:
                continue
            found, unchanged = measure(git, versions, verbose=options.verbose)
            changed, same, files = changed.plus(found), same + unchanged, files + bool(not unchanged)
        name = (repository.parent if repository.name in {"repo", ".git"} else repository).name
        share = (changed.right + same) / max(changed.alive + same, 1)
        alive, gone = max(changed.alive, 1), max(changed.gone, 1)
        print(
            f"{name:32}{files:7}{changed.alive:8}{changed.right / alive:8.3f}{changed.lost / alive:8.3f}"
            f"{changed.gone:8}{changed.false / gone:8.3f}{share:8.3f}",
            flush=True,
        )
    return 0


class Git:
    """A repository that is only read."""

    def __init__(self, folder: Path) -> None:
        self._command = ["git", f"--git-dir={folder}"]
        self._blobs = subprocess.Popen(
            [*self._command, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def lines(self, *arguments: str, separator: str = "\n") -> list[str]:
        """Return what a git command prints."""
        done = subprocess.run([*self._command, *arguments], check=True, capture_output=True)
        return done.stdout.decode("utf-8", "surrogateescape").strip("\n").split(separator)

    def text(self, blob: str) -> str:
        """Return the text of a blob; "" for one that is missing."""
        stdin, stdout = self._blobs.stdin, self._blobs.stdout
        if stdin is None or stdout is None:  # they are pipes
            return ""
        stdin.write(f"{blob}\n".encode())
        stdin.flush()
        header = stdout.readline().split()
        if header[-1] == b"missing":
            return ""
        return stdout.read(int(header[-1]) + 1)[:-1].decode("utf-8", "replace")


def histories(git: Git, days: int) -> Iterator[list[tuple[str, str]]]:
    """Yield the versions of each Markdown file that is as old and still there: path and blob, oldest first."""
    last = int(git.lines("log", "-1", "--format=%ct")[0])
    (base,) = git.lines("rev-list", "-1", "--first-parent", f"--before={last - days * DAY}", "HEAD")
    files: dict[str, list[tuple[str, str]]] = {}
    for line in git.lines("ls-tree", "-r", "-z", base, separator="\0"):
        facts, _, path = line.partition("\t")
        if path.endswith(SUFFIXES):
            files[path] = [(path, facts.split()[2])]
    options = "--first-parent --diff-merges=first-parent --reverse --raw -M --no-abbrev -z --format=".split()
    fields = iter(
        git.lines("log", *options, f"{base}..HEAD", "--", *(f"*{suffix}" for suffix in SUFFIXES), separator="\0")
    )
    for field in fields:
        if not field.startswith(":"):
            continue
        blob, change = field.split()[3:5]
        path = next(fields)
        versions = files.get(path)
        if change[0] in "RC":
            new = next(fields)
            if change[0] == "R" and versions:
                files[new] = [*files.pop(path), (new, blob)]
        elif change[0] == "D":
            files.pop(path, None)
        elif versions:
            versions.append((path, blob))
    yield from files.values()


def measure(git: Git, versions: Sequence[tuple[str, str]], *, verbose: bool) -> tuple[Found, int]:
    """Return what is found of the blocks of a file; of one that has not changed, only the number of blocks."""
    first, last = (parse(git, versions[at]) for at in (0, -1))
    if versions[0][1] == versions[-1][1]:
        return Found(), len(first.blocks)
    truth = followed([parse(git, version) for version in versions])
    places = [place_of(first, index) for index in range(len(first.blocks))]
    answers = find_places(last, places)
    if verbose:
        for index, (right, answer) in enumerate(zip(truth, answers, strict=True)):
            if right != answer:
                print(f"\n{versions[-1][0]}\n  was    {_shown(first, index)}")
                print(f"  is     {_shown(last, right)}\n  found  {_shown(last, answer)}")
    pairs = list(zip(truth, answers, strict=True))
    alive = [(right, answer) for right, answer in pairs if right is not None]
    gone = [answer for right, answer in pairs if right is None]
    right = sum(right == answer for right, answer in alive)
    lost = sum(answer is None for _, answer in alive)
    return Found(len(alive), right, lost, len(gone), len(gone) - gone.count(None)), 0


def _shown(document: Document, index: int | None) -> str:
    if index is None:
        return "nowhere"
    return f"{place_of(document, index)[:4]} {document.blocks[index].text[:SHOWN]!r}"


def parse(git: Git, version: tuple[str, str]) -> Document:
    """Return a version of a file as a document."""
    return _parse(version[0], git.text(version[1]))


@lru_cache(8)
def _parse(path: str, text: str) -> Document:
    return parse_document(text, "/", path)


def followed(versions: Sequence[Document]) -> list[int | None]:
    """Return the index in the last version of each block of the first; None if it is gone."""
    found: list[int | None] = list(range(len(versions[0].blocks)))
    for before, after in pairwise(versions):
        step = next_version(before.blocks, after.blocks)
        found = [None if index is None else step.get(index) for index in found]
    return found


def next_version(before: Sequence[Block], after: Sequence[Block]) -> dict[int, int]:
    """Return for each block that is still there its index in the next version of the document."""
    keys = [[(block.kind, normalized(block)) for block in blocks] for blocks in (before, after)]
    if keys[0] == keys[1]:
        return dict(enumerate(range(len(before))))
    found: dict[int, int] = {}
    for change, i1, i2, j1, j2 in difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if change == "equal":
            found.update(zip(range(i1, i2), range(j1, j2), strict=True))
        elif change == "replace":
            found |= best_pairs(keys, range(i1, i2), range(j1, j2), MIN_SIMILARITY)
    moved = set(found.values())
    left = [index for index in range(len(before)) if index not in found]
    new = [index for index in range(len(after)) if index not in moved]
    return found | best_pairs(keys, left, new, MIN_SIMILARITY_MOVED)


def best_pairs(
    keys: Sequence[Sequence[tuple[str, str]]], old: Sequence[int], new: Sequence[int], minimum: float
) -> dict[int, int]:
    """Return pairs of blocks with similar text, the most similar first."""
    scored = [
        (ratio, -abs((i - old[0]) - (j - new[0])), i, j)
        for i in old
        for j in new
        if (ratio := similarity(keys[0][i][1], keys[1][j][1], minimum)) >= minimum
    ]
    found: dict[int, int] = {}
    for _, _, i, j in sorted(scored, reverse=True):
        if i not in found and j not in found.values():
            found[i] = j
    return found


def normalized(block: Block) -> str:
    """Return the text of a block, with its targets if it has no words."""
    text = block.text if re.search(r"\w", block.text) else block.text + " ".join(span.href for span in block.spans)
    return " ".join(text.split())[:MAX_COMPARED]


@lru_cache(100_000)
def similarity(old: str, new: str, minimum: float) -> float:
    """Return the share of common words, or letters of a short text, in the same order; 0 if below `minimum`."""
    if old == new:
        return 1.0
    sides = [re.findall(r"\w+|[^\w\s]", text) for text in (old, new)]
    if min(map(len, sides)) < WORDY:
        sides = [[*old], [*new]]
    matcher = difflib.SequenceMatcher(None, sides[0], sides[1], autojunk=False)
    if matcher.real_quick_ratio() < minimum or matcher.quick_ratio() < minimum:
        return 0.0
    return float(matcher.ratio())
