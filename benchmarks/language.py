"""Accuracy of language detection on whole documents, compared with py3langid if it is installed."""

import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.support.command_line import add_corpora, parser_for
from benchmarks.support.corpora import all_sources, read_manifest, read_tsv
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text

Classifier = Callable[[str], str]  # text -> language tag


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    corpora = parser.parse_args(argv).corpora
    rivals = installed_rivals()
    print(f"{'':16}{'documents':>10}{'relmgr':>10}" + "".join(f"{name:>12}" for name in rivals))
    for source, files in labelled_files(corpora).items():
        counts = correct_counts(files, rivals)
        print(f"{source:16}{len(files):10}{counts.pop('relmgr'):10}" + "".join(f"{n:12}" for n in counts.values()))
    print(f"\n{time.process_time():.1f} s of processor time")
    return 0


def labelled_files(corpora: Path) -> dict[str, list[tuple[Path, str]]]:
    """Return the files of each source, with their languages."""
    files = {"langid": [(corpora / "langid" / name, tag) for name, tag, _ in read_tsv(corpora / "langid.truth.tsv")]}
    for source in all_sources(corpora):
        files[source] = [(corpora / entry.path, entry.language) for entry in read_manifest(corpora, source)]
    return files


def installed_rivals() -> dict[str, Classifier]:
    if find_spec("py3langid") is None:
        return {}
    import py3langid  # type: ignore[import-not-found,import-untyped,unused-ignore]

    return {"py3langid": lambda text: py3langid.classify(text)[0]}


def correct_counts(files: Sequence[tuple[Path, str]], rivals: dict[str, Classifier]) -> dict[str, int]:
    """Return how many files each detector labels correctly."""
    counts = dict.fromkeys(["relmgr", *rivals], 0)
    for path, tag in files:
        text, _ = read_text(str(path.parent), path.name)
        document = parse_document(text, str(path.parent), path.name)
        counts["relmgr"] += document.language == tag
        for name, classify in rivals.items():
            counts[name] += classify(prose_of(document)) == tag
    return counts


def prose_of(document: Document) -> str:
    """Return the text of a document without code blocks: what the rivals are given."""
    texts = [block.text for block in document.blocks if block.kind != "code"]
    return "\n".join([document.title, document.description, *texts])
