from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.store import passages
from relmgr_cli.store.fulltext import invalidate_fulltext
from relmgr_cli.store.passages import articles_to_encode, count_passages, encode_passages, passages_of
from relmgr_cli.store.passages import passages_to_encode as count_missing
from relmgr_cli.store.vector_blocks import count_vectors


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_in(tmp_path, GARDEN, KITCHEN) as library:
        library.open()
        encode_passages(library.database)
        yield library


def article_of(texts: Mapping[str, str], source: str = "en") -> Article:
    documents = {tag: parse_document(text, "/", f"{tag}.md")._replace(language=tag) for tag, text in texts.items()}
    sections, units = align(documents)
    return Article("a", documents, sections, units, None, "layout", source)


def texts_of(article: Article) -> list[str]:
    members = {tag: (number, 1) for number, tag in enumerate(article.documents)}
    return [passage.text for passage in passages_of(article, members)]


def test_passages_are_the_title_headings_and_blocks_but_no_code() -> None:
    text = "# Head\n\nText\nof a block.\n\n```\ncode\n```\n\n---\n\n## Second\n\n- item\n"
    assert passages_of(article_of({"en": text}), {"en": (7, 3)}) == [
        (7, 3, 0, -1, True, "head"),
        (7, 3, 0, 0, False, "Text of a block."),
        (7, 3, 1, 3, True, "second"),
        (7, 3, 1, 4, False, "item"),
    ]


def test_a_document_without_text_has_no_passages() -> None:
    assert texts_of(article_of({"en": ""})) == []
    assert texts_of(article_of({"en": "```\ncode\n```\n"})) == ["en"]  # the name of the file


def test_of_translations_only_one_has_passages() -> None:
    texts = {"de": "# Kopf\n\nEins.\n", "en": "# Head\n\nOne.\n", "pl": "# Nagłówek\n\nJeden.\n"}
    assert texts_of(article_of(texts)) == ["head", "One."]
    assert texts_of(article_of(texts, source="pl")) == ["nagłówek", "Jeden."]
    assert texts_of(article_of(texts, source="xx")) == ["head", "One."]


def test_a_language_that_the_encoder_knows_is_preferred_to_the_source() -> None:
    assert texts_of(article_of({"hu": "# A\n\nEgy.\n", "pl": "# B\n\nJeden.\n"}, source="hu")) == ["b", "Jeden."]
    assert texts_of(article_of({"hu": "# A\n\nEgy.\n", "vi": "# B\n\nMột.\n"}, source="vi")) == ["b", "Một."]


def test_a_block_without_counterpart_is_a_passage_of_its_own() -> None:
    english = "# Head\n\nFirst paragraph with 17 words.\n\n## Links\n\nSee [here](x.md).\n"
    polish = "# Głowa\n\nPierwszy akapit, 17 słów.\n\n## Odnośniki\n\nZobacz [tu](x.md).\n\n## Dodatek\n\nTylko tu.\n"
    assert sorted(texts_of(article_of({"en": english, "pl": polish}))) == sorted(
        ["head", "First paragraph with 17 words.", "links", "See here.", "dodatek", "Tylko tu."]
    )


def test_a_copy_that_is_not_translated_has_no_passages(tmp_path: Path) -> None:
    with library_in(tmp_path, GARDEN, KITCHEN) as library:
        library.open()
        documents = dict(library.database.rows("SELECT id, language FROM documents"))
        library.database.connection.execute("UPDATE documents SET state = 'untranslated' WHERE language = 'en'")
        encode_passages(library.database)
        stored = {documents[int(row[0])] for row in passages.load_passages(library.database)}
        assert stored == {"pl"}


def test_nothing_is_encoded_twice(library: Library) -> None:
    assert articles_to_encode(library.database) == []
    assert count_missing(library.database) == 0
    before, texts = count_passages(library.database), count_vectors(library.database, "texts")
    assert encode_passages(library.database) == 0
    library.write("kitchen.en.md", KITCHEN["kitchen.en.md"].replace("sleeps", "barks"))
    library.open()
    assert len(articles_to_encode(library.database)) == 1
    assert count_missing(library.database) > 0
    assert encode_passages(library.database) == 1
    assert count_passages(library.database) == before
    assert count_vectors(library.database, "texts") == texts + 1


def test_encoding_can_be_limited(library: Library) -> None:
    for name, text in (KITCHEN | GARDEN).items():
        library.write(name, f"{text}\nMore.\n")
    library.open()
    assert len(articles_to_encode(library.database)) == 2
    assert encode_passages(library.database, limit=1) == 1
    assert len(articles_to_encode(library.database)) == 1


@pytest.mark.slow
def test_what_a_changed_document_said_finds_it_no_more(library: Library) -> None:
    question = "A helicopter flies over the volcano"
    library.write("new.md", f"# Travel\n\n{question}, and the crater smokes.\n")
    library.encode()
    assert library.section_ids("helicopters above volcanoes", limit=1) == ["new 0"]
    library.write("new.md", "# Cooking\n\nBoil the eggs for seven minutes.\n")
    library.open()
    for _ in range(2):
        assert "new 0" not in library.section_ids("volcanic helicopter flights")
        library.encode()
    assert library.section_ids("boiling an egg", limit=1) == ["new 0"]


def test_what_a_removed_document_said_finds_nothing(library: Library) -> None:
    library.write("new.md", "# Travel\n\nA helicopter flies over the volcano.\n")
    library.encode()
    (library.root / "new.md").unlink()
    library.encode()
    assert "new 0" not in library.section_ids("helicopters above volcanoes")


@pytest.mark.slow
def test_vectors_that_no_passage_has_are_removed(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    before = count_vectors(library.database, "texts")
    found = library.section_ids("The rake and the spade are kept in the shed")
    for round_ in range(4):
        library.write("kitchen.en.md", KITCHEN["kitchen.en.md"] + f"\nOne more line, number {round_}.\n")
        library.open()
        encode_passages(library.database)
    assert count_vectors(library.database, "texts") == before + 4
    monkeypatch.setattr(passages, "_MIN_UNUSED", -2 * before)
    library.write("kitchen.en.md", KITCHEN["kitchen.en.md"])
    library.open()
    encode_passages(library.database)
    assert count_vectors(library.database, "texts") == before
    assert articles_to_encode(library.database) == []
    assert library.section_ids("The rake and the spade are kept in the shed") == found


def test_a_rebuilt_full_text_has_no_passage_twice(library: Library) -> None:
    before = count_passages(library.database)
    invalidate_fulltext(library.database)
    library.open()
    encode_passages(library.database)
    assert count_passages(library.database) == before
