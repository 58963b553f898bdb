"""An index that has been updated answers as one that is made from scratch, with the same scores in the same order."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.support.changing_library import ChangingLibrary
from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.search import retrieval
from relmgr_cli.search.retrieval import Scope

QUERIES = ("вода", "stary dom", "kon*", "что важнее всего", "house", "kot OR chleb", '"jest nowy"', "dom -pies", "nikt")
SCOPES = (Scope(), Scope(limit=1000), Scope(exact=True), Scope(languages=("ru",)))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Callable[[str], Library]]:
    """Return a function that does what `relmgr index` does, with the cache of this name."""
    opened: list[Library] = []

    def update(name: str) -> Library:
        library = open_library([tmp_path / "library"], tmp_path / name, QuietReporter(), is_limited=False)
        library.pair_semantically()
        library.realign_with_embeddings()
        library.prepare_search()
        opened.append(library)
        return library

    yield update
    for library in opened:
        library.database.close()


def answers(library: Library) -> dict[Any, Any]:
    """Return hits with scores and snippets, and the number of sections, by query and scope; and what was learnt."""
    found: dict[Any, Any] = {}
    for query in QUERIES:
        for scope in SCOPES:
            results = library.search(query, scope, ("pl",))
            hits = [(hit.article.id, hit.section.number, hit.score, hit.matches) for hit in results.hits]
            found[query, scope] = (hits, results.total)
    for table in ("word_forms", "lexicon", "word_translations"):
        found[table] = sorted(library.database.rows(f"SELECT * FROM {table}"))  # noqa: S608
    found["sizes"] = library.database.get("indexed_size")
    return found


def answers_of(library: Library) -> dict[Any, Any]:
    try:
        return answers(library)
    finally:
        library.database.close()


def assert_same(updated: dict[Any, Any], new: dict[Any, Any]) -> None:
    assert [key for key in new if updated[key] != new[key]] == []


@pytest.mark.slow
def test_after_edits_scores_are_those_of_a_new_index(tmp_path: Path, index: Callable[[str], Library]) -> None:
    files = ChangingLibrary(tmp_path / "library", 5)
    index("updated").database.close()
    for _ in range(3):
        files.change()
        (tmp_path / "library/pl/new.md").write_text("# Nowe słowo\n\nJest w nim dom, i nikt go nie zna.\n")
        index("updated").database.close()
        (tmp_path / "library/pl/new.md").unlink()
    assert_same(answers_of(index("updated")), answers_of(index("new")))


@pytest.mark.slow
def test_of_sections_with_one_score_the_same_ones_are_hits(
    tmp_path: Path, index: Callable[[str], Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than are ranked, and the first of them is edited, which makes it the last in the full-text index."""
    monkeypatch.setattr(retrieval, "_MIN_CANDIDATES", 20)
    folder = tmp_path / "library"
    folder.mkdir()
    for number in range(60):
        (folder / f"page{number:03}.md").write_text("# Lantern\n\nIts light is green.\n")
    index("updated").database.close()
    for text in ("# Other\n", "# Lantern\n\nIts light is green.\n"):
        (folder / "page000.md").write_text(text)
        index("updated").database.close()
    updated, new = (
        [hit.article.id for hit in index(name).search("green", Scope(), ()).hits] for name in ("updated", "new")
    )
    assert updated == new == [f"page{number:03}" for number in range(10)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_after_random_edits_and_commands_all_answers_are_those_of_a_new_index(
    tmp_path: Path, index: Callable[[str], Library], seed: int
) -> None:
    rng = random.Random(seed)  # noqa: S311
    files = ChangingLibrary(tmp_path / "library", seed)
    index("updated").database.close()
    for _ in range(6):
        files.change()
        path = rng.choice(sorted((tmp_path / "library").rglob("*.md")))
        words = path.read_text().split(" ")
        path.write_text(
            " ".join([*rng.sample(words, len(words)), f"slovo{rng.randrange(20)}\n\n## Dodatek\n\nkoniec\n"])
        )
        if rng.random() < 0.5:
            index("updated").database.close()
        else:
            library = open_library([tmp_path / "library"], tmp_path / "updated", QuietReporter())
            library.search(rng.choice(QUERIES), Scope(), ("pl",))
            library.database.close()
    assert_same(answers_of(index("updated")), answers_of(index("new")))
