"""A place finds its block again in an edited document, and finds nothing where the text is gone."""

import json
import random

import pytest

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.places import Place, find_place, find_places, place_of

TEXT = """# Title

Managers keep promises that other people have made.

## Before you start

Install the tool with your package manager and open a terminal.

> [!note]
> Windows needs a restart.

## Example

```python
print("first")
```

- Read the whole page once.
- Delete the temporary files afterwards.

---

## Example

```python
total = 40 + 2
```

| name | age |
| --- | --- |
| Ann | 31 |

![](picture.png)
"""


def document(text: str) -> Document:
    return parse_document(text, "/library", "page.md")


def block_with(found: Document, text: str) -> int:
    return next(index for index, block in enumerate(found.blocks) if text in block.text)


def moved(before: str, after: str, text: str) -> str | None:
    """Return the text of the block at the place of the one that had `text`, after the edit."""
    old, new = document(before), document(after)
    at = find_place(new, place_of(old, block_with(old, text)))
    return None if at is None else new.blocks[at].text


def test_every_block_of_an_unchanged_document_is_found() -> None:
    found = document(TEXT)
    places = [place_of(found, index) for index in range(len(found.blocks))]
    assert find_places(found, places) == list(range(len(found.blocks)))
    assert len(places) > 12


def test_a_place_says_where_the_block_stands() -> None:
    found = document(TEXT)
    place = place_of(found, block_with(found, "package manager"))
    assert place[:4] == ("1", "before you start", 1, "paragraph")


def test_a_place_survives_json() -> None:
    found = document(TEXT)
    place = place_of(found, block_with(found, "Delete"))
    assert Place(*json.loads(json.dumps(place))) == place


def test_a_block_is_found_after_others_were_inserted_and_its_section_moved() -> None:
    new = TEXT.replace(
        "## Before you start", "## News\n\nNothing.\n\n## More news\n\nNothing at all.\n\n## First steps"
    )
    assert moved(TEXT, new, "package manager") == "Install the tool with your package manager and open a terminal."


def test_a_block_is_found_after_a_small_edit() -> None:
    new = TEXT.replace("package manager and open", "favourite package manager, then open")
    assert "favourite" in (moved(TEXT, new, "package manager") or "")


def test_a_block_is_found_in_another_section() -> None:
    paragraph = "Managers keep promises that other people have made."
    assert moved(TEXT, TEXT.replace(paragraph, "") + f"\n{paragraph}\n", "promises") == paragraph


def test_of_equal_blocks_the_one_in_the_same_section_is_found() -> None:
    text = "## One\n\nSee below.\n\n## Two\n\nSee below.\n\n## Three\n\nSee below.\n"
    old, new = document(text), document("## Zero\n\nSee below.\n\n" + text)
    assert [find_place(new, place_of(old, index)) for index in (1, 3, 5)] == [3, 5, 7]


def test_of_equal_headings_the_one_with_the_same_number_is_found() -> None:
    old = document(TEXT)
    numbers = [index for index, block in enumerate(old.blocks) if block.text == "Example"]
    new = document(TEXT.replace("promises", "their promises"))
    assert [find_place(new, place_of(old, index)) for index in numbers] == numbers


@pytest.mark.parametrize("text", ["promises", "Delete the temporary", 'print("first")', "Ann"])
def test_text_that_is_gone_is_not_found(text: str) -> None:
    lines = TEXT.split("\n")
    if text == "Ann":
        lines = [line for line in lines if "|" not in line]
    new = "\n".join(line for line in lines if text not in line).replace("```python\n```\n", "")
    assert moved(TEXT, new, text) is None


def test_a_picture_without_text_is_held_by_its_target() -> None:
    old = document("Text one.\n\n![](a.png)\n\n![](b.png)\n")
    new = document("Text one.\n\n![](c.png)\n\n![](b.png)\n")
    assert find_place(new, place_of(old, 2)) == 2


def test_text_without_spaces_between_words_is_found_after_an_edit() -> None:
    old = "你可以使用包管理器安装这个工具，然后打开终端。\n\n管理员遵守其他人做出的承诺。\n"
    new = "管理员遵守其他人做出的承诺。\n\n你可以先使用包管理器安装此工具，然后打开终端。\n"
    assert "先使用" in (moved(old, new, "包管理器") or "")


def test_a_place_that_is_not_one_is_not_found() -> None:
    found = document(TEXT)
    for words in ("***", "ż", "////", "A"):
        assert find_place(found, Place("1", "before you start", 1, "paragraph", words)) is None
    assert find_place(document(""), place_of(found, 0)) is None


def test_blocks_are_found_after_words_were_exchanged_at_random() -> None:
    rng = random.Random(1)  # noqa: S311 (the same words in every run)
    vocabulary = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in ("lan", "mer", "tok", "vis")]
    before = [[rng.choice(vocabulary) for _ in range(30)] for _ in range(60)]
    after = [[rng.choice(vocabulary) if rng.random() < 0.1 else word for word in words] for words in before]
    order = rng.sample(range(60), 60)
    old = document("\n\n".join(map(" ".join, before)))
    new = document("\n\n".join(" ".join(after[at]) for at in order))
    found = find_places(new, [place_of(old, index) for index in range(60)])
    assert found == [order.index(index) for index in range(60)]
