"""Whether `--exact` finds the words that stand in the files, beside ripgrep's word search in the same files."""

import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.search_libraries import Library, Target, corpora_folder, open_library, sources
from relmgr_cli.search.results import search
from relmgr_cli.search.retrieval import Scope

SEED = 7
WORDS = 20  # of a source
SHORTEST = 3  # letters
ALL = 2000  # hits, more than any of these words has

# What is in a file and is not its text.
NO_TEXT = re.compile(r"\]\([^)]*\)|<[^>]*>|<!--.*?-->|\{[#:%{][^}]*\}|^\s*(?:```|~~~).*|^\s*\[[^\]]*\]:.*|https?://\S+")

Place = tuple[str, Target]  # path, section


def letters(corpora: Path) -> None:
    """Print precision and recall over the sections of files, of all words of all sources."""
    if not shutil.which("rg"):
        print("letters: skipped, there is no ripgrep (rg)")
        return
    both = ours = theirs = 0
    why_not: Counter[str] = Counter()
    for source in sources(corpora):
        library = open_library(corpora, source)
        for word in _random_words(library):
            shown = dict(_found(library, word))
            found = {place for place, is_marked in shown.items() if is_marked}
            lines = list(_by_ripgrep(library, word))
            places = {(path, library.target(path, line)) for path, line, _ in lines}
            both, ours, theirs = both + len(found & places), ours + len(found), theirs + len(places)
            for place in sorted(found - places):
                print(f"    {source}: only relmgr finds {word} in {place}")
            for place in sorted(places - found):
                hits = [hit for hit in lines if (hit[0], library.target(hit[0], hit[1])) == place]
                reason = "a section shown by another sentence" if place in shown else _reason(library, word, hits)
                why_not[reason] += 1
                if reason == "text":
                    print(f"    {source}: only ripgrep finds {word} in {hits[0]}")
    print(f"letters: precision {both / ours:.4f}, recall {both / theirs:.4f} of {theirs} sections of files")
    print("    not found:", ", ".join(f"{count} in {reason}" for reason, count in why_not.most_common()), flush=True)


def _random_words(library: Library) -> list[str]:
    rows = library.catalogue.rows("SELECT DISTINCT spelling FROM spellings WHERE length(spelling) >= ?", (SHORTEST,))
    return random.Random(SEED).sample(sorted(word for (word,) in rows), WORDS)  # noqa: S311 (the same in every run)


def _found(library: Library, word: str) -> Iterator[tuple[Place, bool]]:
    """Yield the sections of files in the answer, and whether the word is marked in the sentence shown of them."""
    for hit in search(library.catalogue, library.text, word, Scope(exact=True, limit=ALL)).hits:
        for match in hit.matches:
            yield (match.path, (hit.number, hit.section.number)), bool(match.match_type)


def _by_ripgrep(library: Library, word: str) -> Iterator[tuple[str, int, str]]:
    """Yield path, line number and line of each line with the word."""
    command = ["rg", "-n", "-w", "-i", "--fixed-strings", "--no-heading", "--null", "--hidden", "--no-ignore"]
    options = ["--no-config", "-e", word, "."]
    answer = subprocess.run([*command, *options], cwd=library.folder, capture_output=True, check=False)
    for row in answer.stdout.decode("utf-8", "replace").split("\n"):
        path, _, rest = row.partition("\0")
        number, _, line = rest.partition(":")
        if rest:
            yield path.removeprefix("./"), int(number), line


def _reason(library: Library, word: str, hits: list[tuple[str, int, str]]) -> str:
    """Tell where the word stands that is not text: in the header, in markup; else "text"."""
    path, number, line = hits[0]
    starts, _ = library.lines[path]
    if number < starts[0]:
        return "header"
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    return "text" if whole.search(NO_TEXT.sub(" ", line)) else "markup"


if __name__ == "__main__":
    letters(corpora_folder())
