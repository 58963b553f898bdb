import pytest

from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.key_points import find_key_points

BODY = (
    "## Relations\n\nManagers improve relations with clients and partners of the firm in several indirect ways.\n\n"
    "## Data\n\nManagers use data to find trends and problems, and analyse contracts and communication every year.\n\n"
)
SENTENCES = (
    "- Managers improve relations with clients and partners.\n"
    "- Managers use data to find trends and problems.\n"
    "- Managers analyse contracts and communication every year.\n"
)


def highlights_of(text: str) -> str | None:
    document = parse_document(f"# Title\n\n{text}", "/library", "a.md")
    sections, _ = align({document.language: document})
    return find_key_points({document.language: document}, sections)


@pytest.mark.parametrize(
    ("text", "section"),
    [
        pytest.param(f"{BODY}## Odds and ends\n\n{SENTENCES}", "3", id="last-under-any-name"),
        pytest.param(f"## Key takeaways\n\n{SENTENCES}\n{BODY}", "1", id="first"),
        pytest.param(f"{SENTENCES}\n{BODY}", "0", id="before-the-first-heading"),
        pytest.param(f"{BODY}## Highlights\n\nIn short, this is what counts:\n\n{SENTENCES}", "3", id="with-a-lead"),
        pytest.param(
            f"{BODY}## Summary\n\n{SENTENCES}\n## Author\n\nSomebody wrote all this.\n", "3", id="not-quite-last"
        ),
        pytest.param(f"{BODY}## Najważniejsze\n\n{SENTENCES}", "3", id="named-in-polish"),
        pytest.param(f"{BODY}## Итоги\n\n{SENTENCES}", "3", id="named-in-russian"),
    ],
)
def test_the_list_of_key_points_is_found_in_any_position(text: str, section: str) -> None:
    assert highlights_of(text) == section


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BODY, id="no-list"),
        pytest.param(f"{BODY}## Links\n\n- [Managers](/a)\n- [Relations](/b)\n- [Data](/c)\n", id="references"),
        pytest.param(
            f"{BODY}## Read on\n\n"
            + "".join(f"- [Managers use data to find trends and problems.](/{n})\n" for n in range(3)),
            id="references-that-are-sentences",
        ),
        pytest.param(f"{BODY}## Terms\n\n- data\n- trends\n- contracts\n", id="words"),
        pytest.param(f"{BODY}## Steps\n\n{SENTENCES}".replace("- ", "1. "), id="steps"),
        pytest.param(f"{BODY}## Summary\n\n- Managers improve relations with clients.\n", id="one-item"),
        pytest.param(f"{BODY}## Summary\n\n{SENTENCES * 5}", id="too-many-items"),
        pytest.param(f"{BODY}## End\n\n- a\n  - Managers improve relations with clients and partners.\n", id="nested"),
        pytest.param(f"{BODY}## Summary\n\n{SENTENCES}\nAnd more text follows.\n", id="text-after-the-list"),
        pytest.param(f"{BODY}## Other\n\n{SENTENCES}\n## End\n\nManagers.\n", id="in-the-middle-without-a-name"),
        pytest.param("", id="empty"),
    ],
)
def test_other_lists_are_not_key_points(text: str) -> None:
    assert highlights_of(text) is None


def test_a_list_must_be_one_in_every_translation() -> None:
    one = parse_document(f"# T\n\n{BODY}## Summary\n\n{SENTENCES}", "/library", "a.md")
    other = parse_document(f"# T\n\n{BODY}## Summary\n\nNo list here.\n", "/library", "b.md")
    sections, _ = align({"en": one, "pl": one})
    assert find_key_points({"en": one, "pl": one}, sections) == "3"
    assert find_key_points({"en": one, "pl": other}, sections) is None
