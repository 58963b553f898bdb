"""Compare what `relmgr search --exact` finds with ripgrep's word search in the same files."""

import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support.search_libraries import Library, SectionAddress, open_library
from relmgr_cli.search.results import search
from relmgr_cli.search.retrieval import Scope

_WORDS = 20  # for each source
_SHORTEST = 3  # letters
_LIMIT = 2000  # hits, more than any of these words has

# Markup: in the file, but not in the text of a document.
_MARKUP = re.compile(r"\]\([^)]*\)|<[^>]*>|<!--.*?-->|\{[#:%{][^}]*\}|^\s*(?:```|~~~).*|^\s*\[[^\]]*\]:.*|https?://\S+")

FileSection = tuple[str, SectionAddress]  # path, section


class MatchingLine(NamedTuple):
    """A line in which ripgrep finds a word."""

    path: str
    number: int
    text: str


def compare_with_ripgrep(corpora: Path, sources: Sequence[str]) -> None:
    """Print precision and recall over the sections of files in which random words are found."""
    if not shutil.which("rg"):
        print("exact: skipped, ripgrep (rg) is not installed")
        return
    in_both = in_relmgr = in_ripgrep = 0
    reasons: Counter[str] = Counter()
    for source in sources:
        library = open_library(corpora, source)
        for word in _random_words(library):
            hits = dict(_search_exact(library, word))
            found = {section for section, is_marked in hits.items() if is_marked}
            lines: dict[FileSection, MatchingLine] = {}
            for line in _search_with_ripgrep(library, word):
                lines.setdefault((line.path, library.section_at(line.path, line.number)), line)
            in_both += len(found & lines.keys())
            in_relmgr += len(found)
            in_ripgrep += len(lines)
            for section in sorted(found - lines.keys()):
                print(f"    {source}: only relmgr finds {word} in {section}")
            for section in sorted(lines.keys() - found):
                reason = "a section whose snippet shows another sentence"
                if section not in hits:
                    reason = _where_in_file(library, word, lines[section])
                reasons[reason] += 1
                if reason == "text":
                    print(f"    {source}: only ripgrep finds {word} in {lines[section]}")
    print(f"exact: precision {in_both / in_relmgr:.4f}, recall {in_both / in_ripgrep:.4f} of {in_ripgrep} sections")
    print("    not found:", ", ".join(f"{count} in {reason}" for reason, count in reasons.most_common()), flush=True)


def _random_words(library: Library) -> list[str]:
    rows = library.database.rows("SELECT DISTINCT spelling FROM word_forms WHERE length(spelling) >= ?", (_SHORTEST,))
    return random.Random(7).sample(sorted(word for (word,) in rows), _WORDS)  # noqa: S311 (the same in every run)


def _search_exact(library: Library, word: str) -> Iterator[tuple[FileSection, bool]]:
    """Yield the sections that relmgr finds, and whether the snippet shows the word."""
    for hit in search(library.database, library.text, word, Scope(exact=True, limit=_LIMIT)).hits:
        for match in hit.matches:
            yield (match.path, (hit.number, hit.section.number)), bool(match.match_type)


def _search_with_ripgrep(library: Library, word: str) -> Iterator[MatchingLine]:
    command = ["rg", "-n", "-w", "-i", "--fixed-strings", "--no-heading", "--null", "--hidden", "--no-ignore"]
    options = ["--no-config", "-e", word, "."]
    result = subprocess.run([*command, *options], cwd=library.folder, capture_output=True, check=False)
    for row in result.stdout.decode("utf-8", "replace").split("\n"):
        path, _, rest = row.partition("\0")
        number, _, text = rest.partition(":")
        if rest:
            yield MatchingLine(path.removeprefix("./"), int(number), text)


def _where_in_file(library: Library, word: str, line: MatchingLine) -> str:
    """Return "front matter", "markup" or "text": where in a file ripgrep found a word."""
    starts, _ = library.section_starts[line.path]
    if line.number < starts[0]:
        return "front matter"
    whole_word = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    return "text" if whole_word.search(_MARKUP.sub(" ", line.text)) else "markup"
