from collections.abc import Sequence

import pytest
from conftest import articles_of, candidates_of

from relmgr_cli.config import bundled_seeds
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import FoundFile, read_text, scan
from relmgr_cli.corpus.pairing import group
from relmgr_cli.corpus.rules import LibraryRules, SourceRule

LINKED = "# {title}\n\n## {heading}\n\n{text} [x](/shared-{key}) `{key}.toml` 10{key}.\n"
PROSE = {
    "pl": ("Tytuł", "Nagłówek", "To jest zdanie, które nie jest długie i nie ma treści."),
    "ru": ("Название", "Заголовок", "Это предложение, которое не является длинным и не имеет смысла."),
    "en": ("Title", "Heading", "This is a sentence that is not long and has no content."),
}


def document(language: str, key: str = "1", pattern: str = LINKED) -> Document:
    title, heading, text = PROSE[language]
    source = pattern.format(title=title, heading=heading, text=text, key=key)
    made = parse_document(source, "/library", f"{key}{ord(language[0])}.md")
    assert made.language == language
    return made


def pairs(documents: Sequence[Document]) -> list[list[str]]:
    return sorted(sorted(d.path for d in article.documents.values()) for article in articles_of(documents))


def seeds() -> tuple[Article, ...]:
    found = [file for file in scan(bundled_seeds(), []) if isinstance(file, FoundFile)]
    return articles_of([parse_document(read_text(file.root, file.path)[0], file.root, file.path) for file in found])


def test_the_bundled_documents_are_one_article_in_two_languages() -> None:
    (article,) = seeds()
    assert list(article.documents) == ["pl", "ru"]
    assert (article.id, article.paired_by, article.highlights) == ("menedzer-relacji", "structure", "4")
    assert [section.number for section in article.sections] == ["1", "2", "3", "3.1", "3.2", "4"]


def test_documents_with_one_outline_and_the_same_links_are_one_article() -> None:
    assert pairs([document("pl"), document("ru")]) == [["1112.md", "1114.md"]]


def test_three_languages_make_one_article() -> None:
    (article,) = articles_of([document("ru"), document("en"), document("pl")])
    assert list(article.documents) == ["en", "pl", "ru"]


def test_the_better_evidence_decides_among_several_candidates() -> None:
    documents = [document(language, key) for key in ("1", "2", "3") for language in ("pl", "ru")]
    assert pairs(documents) == [[f"{key}112.md", f"{key}114.md"] for key in ("1", "2", "3")]
    assert pairs(documents[::-1]) == pairs(documents)


def test_candidates_with_equal_evidence_are_not_paired() -> None:
    one, twin = document("ru"), document("ru")._replace(path="twin.md")
    assert pairs([document("pl"), one, twin]) == [["1112.md"], ["1114.md"], ["twin.md"]]


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("# {title}\n\n## {heading}\n\n{text}\n", id="nothing-shared"),
        pytest.param("{text}\n", id="one-paragraph"),
        pytest.param("# {title}\n\n## {heading}\n\n{text} [{title}](/{title}) {text}\n", id="other-links"),
    ],
)
def test_unrelated_documents_with_the_same_short_outline_are_not_paired(pattern: str) -> None:
    assert all(
        len(article.documents) == 1
        for article in articles_of([document("pl", "1", pattern), document("ru", "2", pattern)])
    )


def test_documents_in_one_language_are_never_one_article() -> None:
    assert pairs([document("pl"), document("pl")._replace(path="copy.md")]) == [["1112.md"], ["copy.md"]]


def test_documents_with_different_outlines_are_articles_of_their_own() -> None:
    longer = document("ru", "1", LINKED + "\n## {heading}\n\n{text}\n")
    alone = articles_of([document("pl"), longer])
    assert [(article.paired_by, len(article.documents)) for article in alone] == [("alone", 1), ("alone", 1)]


def test_no_documents_make_no_articles() -> None:
    assert articles_of([]) == ()


def sources(rule: SourceRule) -> list[str]:
    documents = [
        document(language)._replace(path=path) for language, path in (("ru", "docs/a.md"), ("en", "docs/en/a.md"))
    ]
    found = group(candidates_of(documents), lambda ids: {id_: documents[id_] for id_ in ids}, (), rules_with(rule))
    return [each.source for each in found.groups]


def rules_with(rule: SourceRule) -> LibraryRules:
    return LibraryRules(sources={"/library": rule})


def test_the_configured_source_language_is_obeyed() -> None:
    assert sources(SourceRule("en", "/library/relmgr.toml")) == ["en"]
    assert sources(SourceRule("ru", "/library/mkdocs.yml")) == ["ru"]


def test_the_default_language_of_a_site_that_is_in_a_folder_is_not_the_source() -> None:
    assert sources(SourceRule("en", "/library/docusaurus.config.js")) == ["ru"]
