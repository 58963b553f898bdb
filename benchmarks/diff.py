"""What `relmgr diff` shows, drawn at random, to be judged by hand.

Each FOLDER is a library in a git work tree. From its translations, changed blocks of the source are drawn, at most two
of one translation, and printed with the old and the new text of the source and the blocks of the translation beside
them; for a block without a counterpart, the block after which it belongs and the next ones, and the block above it in
the source. The libraries have the same share of the sample.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import BUILD
from benchmarks.support.command_line import parser_for
from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.core.translation_diff import ArticleDiff, Change, library_diff
from relmgr_cli.core.translation_status import translated_languages
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.store.articles import list_articles

_PER_TRANSLATION = 2
_MAX_SHOWN = 700  # characters of a text


class Hunk(NamedTuple):
    """One changed block, with what is needed to judge it."""

    diff: ArticleDiff
    change: Change


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("folders", metavar="FOLDER", type=Path, nargs="+")
    parser.add_argument("--sample", metavar="N", type=int, default=100, help="number of blocks (default: %(default)s)")
    parser.add_argument("--seed", metavar="TEXT", default="diff", help="of the random numbers (default: %(default)s)")
    parser.add_argument("--lang", metavar="TAGS", default="", help="only these languages, separated by commas")
    parser.add_argument("--articles", metavar="N", type=int, default=300, help="of a library, at most (default: 300)")
    options = parser.parse_args(argv)
    generator = random.Random(options.seed)  # noqa: S311 (a sample)
    share = -(-options.sample // len(options.folders))
    printed = 0
    for folder in options.folders:
        library = open_library([folder], BUILD / "diff", QuietReporter())
        hunks = list(_hunks(library, options.lang, options.articles, generator))
        drawn = generator.sample(hunks, min(share, len(hunks), options.sample - printed))
        print(f"{folder}: {len(hunks)} candidates\n")
        for hunk in drawn:
            printed += 1
            print("\n".join(_description(hunk, printed)), end="\n\n")
        library.database.close()
    return 0


def _hunks(library: Library, languages: str, limit: int, generator: random.Random) -> Iterator[Hunk]:
    """Yield the candidates: a few blocks of each translation that has changes."""
    summaries = list_articles(library.database)
    for language in languages.split(",") if languages else translated_languages(summaries):
        found = [each for each in summaries if language in each.languages and each.source != language]
        chosen = generator.sample(found, min(limit, len(found)))
        for diff in library_diff(library, language, {each.id: each.number for each in chosen}).articles:
            for change in generator.sample(diff.changes, min(_PER_TRANSLATION, len(diff.changes))):
                yield Hunk(diff, change)


def _description(hunk: Hunk, number: int) -> Iterator[str]:
    diff, change = hunk
    yield f"=== {number}  {diff.translation.path}  section {change.section}  ({diff.source.path})"
    yield from _texts("old", [change.old] if change.old else [])
    yield from _texts("new", [change.new] if change.new else [])
    if change.targets:
        yield from _texts("target", change.targets)
        return
    after = diff.translation.blocks.index(change.after) if change.after else -1
    source = change.new or change.old
    before = diff.source.blocks.index(source) - 1 if change.new and source else -1
    yield from _texts("(above)", diff.source.blocks[before : before + 1] if before >= 0 else [])
    yield from _texts("after", [change.after] if change.after else [])
    yield from _texts("(next)", diff.translation.blocks[after + 1 : after + 3])


def _texts(name: str, blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        text = " ".join(block.text.split())
        yield f"{name:8}{block.line}: [{block.kind}] {text[:_MAX_SHOWN]}{'...' * (len(text) > _MAX_SHOWN)}"
    if not blocks:
        yield f"{name:8}-"
