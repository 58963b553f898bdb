import pytest
from support.sample_texts import PROSE, text_of

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.text_languages import fingerprints_of


def document(text: str, path: str = "a.md") -> Document:
    return parse_document(text, "/library", path)


def section(heading: str, subject: str, language: str) -> str:
    return "\n\n".join((f"## {heading}", *PROSE[subject][language])) + "\n\n"


@pytest.mark.parametrize("headings", [("en-US", "pl-PL"), ("English", "Polski")])
def test_a_file_with_the_same_text_in_two_languages_is_said_to_be_one(headings: tuple[str, str]) -> None:
    parsed = document(section(headings[0], "bread", "en") + section(headings[1], "bread", "pl"))
    assert parsed.languages == ("en", "pl")
    assert [problem.code for problem in parsed.problems] == ["languages"]


@pytest.mark.parametrize(
    "text",
    [
        section("English", "bread", "en") + section("Polish", "chess", "en"),  # about languages
        section("English", "bread", "en") + section("Kitchen", "chess", "pl"),
        text_of("bread", "en"),
        "",
    ],
)
def test_other_files_are_in_one_language(text: str) -> None:
    assert document(text).languages == ()
    assert document(text).problems == ()


def test_files_in_several_languages_are_not_paired_by_their_structure() -> None:
    from conftest import candidates_of

    from relmgr_cli.corpus.pairing import group

    one = document(section("en", "bread", "en") + section("pl", "bread", "pl") + "[x](/a) `b` 10.5", "x.md")
    other = document(section("pl", "bread", "pl") + section("en", "bread", "en") + "[x](/a) `b` 10.5", "y.md")
    candidates = [
        candidate._replace(language=tag, traits=candidate.traits._replace(is_multilingual=True))
        for candidate, tag in zip(candidates_of([one, other]), ("en", "pl"), strict=True)
    ]
    assert len(group(candidates, lambda ids: {id_: (one, other)[id_] for id_ in ids}).groups) == 2


def test_the_share_of_a_text_in_the_language_of_its_path() -> None:
    english, polish = PROSE["bread"]["en"], PROSE["bread"]["pl"]
    assert document("\n\n".join(polish), "pl/a.md").share == 1.0
    assert document("\n\n".join(english), "pl/a.md").share == 0.0
    assert 0.1 < document("\n\n".join((*english, *PROSE["chess"]["en"], polish[1])), "pl/a.md").share < 0.5


def test_the_fingerprints_of_a_text_leave_out_what_no_translator_changes() -> None:
    text = "A paragraph that is long enough to be compared with others.\n\n"
    link = "[A link that is long enough to be compared, as it seems](/a)\n\n"
    assert fingerprints_of(
        document(text + link + "    code that is long enough to be compared with others").blocks
    ) == (fingerprints_of(document(text).blocks))
    assert len(fingerprints_of(document(text).blocks)) == 1


def test_short_blocks_have_one_print_together() -> None:
    short = [f"## Get a {name} from here\n\n" for name in ("scaffold", "template", "page")]
    found = fingerprints_of(document("".join(short)).blocks)
    assert len(found) == 1
    assert found != fingerprints_of(document("".join(short[:2])).blocks)
    assert fingerprints_of(document("## API\n\n## CLI\n").blocks) == ()
