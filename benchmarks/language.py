"""Accuracy of language detection on documents and paragraphs, compared with py3langid if it is installed.

`--translations` measures folders of other repositories that have a folder for each language, such as `translations/` of
Microsoft's courses. What the detector is given there is the text alone, without its path.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.support.command_line import add_corpora, parser_for
from benchmarks.support.corpora import all_sources, read_manifest, read_tsv
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text
from relmgr_cli.languages.detection import detect_among
from relmgr_cli.languages.names import languages
from relmgr_cli.languages.path_tags import COUNTRY_LANGUAGES, parse_path_tag

DOCUMENTS_PER_LANGUAGE = 12
PARAGRAPH = 150  # characters, about two lines
Classifier = Callable[[str], str]  # text -> language tag


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    parser.add_argument("--translations", type=Path, nargs="*", default=[], help="folders with one folder a language")
    arguments = parser.parse_args(argv)
    for folder in arguments.translations:
        measure_translations(folder)
    if arguments.translations:
        return 0
    corpora = arguments.corpora
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


def measure_translations(folder: Path) -> None:
    """Print how many documents and paragraphs below a folder get the language of their folder."""
    counts: dict[str, Counter[bool]] = {"documents": Counter(), "paragraphs": Counter()}
    wrong: Counter[tuple[str, str]] = Counter()
    for languages_folder in sorted(path for path in folder.iterdir() if path.is_dir()):
        tags = tags_of(languages_folder.name)
        for path in sorted(languages_folder.rglob("*.md"), key=shuffled)[:DOCUMENTS_PER_LANGUAGE] if tags else ():
            text, _ = read_text(str(path.parent), path.name)
            document = parse_document(text, "", "x.md")
            found = detect_among(prose_of(document), [])
            counts["documents"][found in tags] += 1
            if found not in tags:
                wrong[languages_folder.name, found or "und"] += 1
            for block in document.blocks:
                if block.kind == "paragraph" and len(block.text) >= PARAGRAPH:
                    counts["paragraphs"][detect_among(block.text, []) in tags] += 1
    for kind, count in counts.items():
        print(f"{folder}: {kind}: {count[True]} of {count.total()} ({count[True] / max(count.total(), 1):.4f})")
    print("  wrong:", ", ".join(f"{code} as {found}: {n}" for (code, found), n in wrong.most_common()) or "none")


def tags_of(code: str) -> set[str]:
    """Return the languages that the name of a folder may mean: `br` is Breton, and Portuguese in many repositories."""
    tags = (parse_path_tag(code), COUNTRY_LANGUAGES.get(code.lower()))
    return {tag.partition("-")[0] for tag in tags if tag} & set(languages())


def shuffled(path: Path) -> str:
    """Return a key that sorts files in an order that has nothing to do with their names."""
    return hashlib.sha256(path.name.encode()).hexdigest()


def prose_of(document: Document) -> str:
    """Return the text of a document without code blocks: what the rivals are given."""
    texts = [block.text for block in document.blocks if block.kind != "code"]
    return "\n".join([document.title, document.description, *texts])
