"""How often the language of a whole document is told right, beside py3langid where it is installed.

    python benchmarks/language.py [CORPORA]

CORPORA is a folder with `langid/`, `langid.truth.tsv` and `*.manifest.tsv`; by default the one beside a checkout.
"""

import csv
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from relmgr_cli.library.document_builder import parse_document
from relmgr_cli.library.files import read_text

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "corpora"


def rows(table: Path) -> Iterator[list[str]]:
    with table.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t")


def documents(corpora: Path) -> dict[str, list[tuple[Path, str]]]:
    """Return by origin the files and the languages they are in."""
    found = {"langid": [(corpora / "langid" / name, tag) for name, tag, _ in rows(corpora / "langid.truth.tsv")]}
    for manifest in sorted(corpora.glob("*.manifest.tsv")):
        found[manifest.name.partition(".")[0]] = [(corpora / path, tag) for _, tag, path in rows(manifest)]
    return found


def rivals() -> dict[str, Callable[[str], str]]:
    if importlib.util.find_spec("py3langid") is None:
        return {}
    import py3langid  # type: ignore[import-not-found,import-untyped,unused-ignore]

    return {"py3langid": lambda text: py3langid.classify(text)[0]}


def main() -> None:
    corpora = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not corpora.is_dir():
        sys.exit(f"no corpora in {corpora}")
    others = rivals()
    print(f"{'':16}{'documents':>10}{'relmgr':>10}" + "".join(f"{name:>12}" for name in others))
    for origin, files in documents(corpora).items():
        right = dict.fromkeys(["relmgr", *others], 0)
        for path, tag in files:
            text, _ = read_text(str(path.parent), path.name)
            document = parse_document(text, str(path.parent), path.name)
            right["relmgr"] += document.language == tag
            for name, classify in others.items():
                right[name] += (
                    classify("\n".join(block.text for block in document.blocks if block.kind != "code")) == tag
                )
        print(f"{origin:16}{len(files):10}" + "".join(f"{count:>11}" for count in right.values()))
    print(f"\n{time.process_time():.1f} s of processor time")


if __name__ == "__main__":
    main()
