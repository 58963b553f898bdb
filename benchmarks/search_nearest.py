"""Whether the passages whose signs agree best with a question's are those most like it.

    python -m benchmarks.search_nearest [CORPORA]

The passages of all libraries together, and the questions of `search_quality.py`: how many of the passages with the
highest cosines are among the share that is looked at.
"""

import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.search_libraries import corpora_folder, open_library, sources
from benchmarks.search_quality import heading_questions, keyword_questions
from relmgr_cli.index.shards import load_shards
from relmgr_cli.index.vectors import encode_texts

SHARES = (0.005, 0.01, 0.02, 0.04)
NEAREST = (1, 10, 50)
OF_SOURCE = 40  # questions of a kind

Vectors = NDArray[np.float32]


def read(corpora: Path) -> tuple[Vectors, Vectors]:
    """Return the vectors of all passages, (n, 512), and of the questions, (m, 512)."""
    passages: list[Vectors] = []
    questions: list[str] = []
    for source in sources(corpora):
        library = open_library(corpora, source)
        passages += [shard.small * shard.scales for shard in load_shards(library.catalogue, "passages")]
        for questions_of in (heading_questions, keyword_questions):
            asked = [question.text for question in questions_of(corpora, library)]
            random.Random(7).shuffle(asked)  # noqa: S311 (the same in every run)
            questions += asked[:OF_SOURCE]
    return np.concatenate(passages), encode_texts(library.catalogue, questions)


def main() -> None:
    passages, questions = read(corpora_folder())
    signs = np.packbits(passages > 0, axis=1).view(np.uint64)
    print(f"{len(passages)} passages, {len(questions)} questions")
    print(f"{'looked at':>12}" + "".join(f"{f'best {number}':>10}" for number in NEAREST))
    kept: dict[tuple[float, int], list[float]] = {(share, number): [] for share in SHARES for number in NEAREST}
    for question in questions:
        best = np.argsort(-(passages @ question))[: max(NEAREST)]
        differing = np.bitwise_count(signs ^ np.packbits(question > 0).view(np.uint64)).sum(axis=1)
        order = np.argsort(differing, kind="stable")
        for (share, number), found in kept.items():
            found.append(float(np.isin(best[:number], order[: int(share * len(order))]).mean()))
    for share in SHARES:
        print(f"{share:12.1%}" + "".join(f"{np.mean(kept[share, number]):10.3f}" for number in NEAREST))


if __name__ == "__main__":
    main()
