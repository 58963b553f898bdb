"""What has changed in a source, block by block, and which block of the translation each change affects."""

import pytest

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.health.diff import BlockChange, changed_words, source_changes

OLD = """# Bread

Bread has been baked in all countries for thousands of years, and everybody has a recipe.

## Flour and water

Pour five hundred grams of flour into a large bowl, and add a glass of water.

Stir with a spoon for five minutes, until there are no lumps in the dough.

## Baking

Bake the bread in a hot oven for forty minutes, until the crust is brown.

    oven --heat 220

Let it cool on a rack for an hour before you cut it.
"""
POLISH = """# Chleb

Chleb piecze się we wszystkich krajach od tysięcy lat i każdy ma swój przepis.

## Mąka i woda

Wsyp pięćset gramów mąki do dużej miski i dolej szklankę wody.

Mieszaj łyżką przez pięć minut, aż w cieście nie będzie grudek.

## Pieczenie

Piecz chleb w gorącym piekarniku przez czterdzieści minut, aż skórka będzie brązowa.

    oven --heat 220

Zanim go pokroisz, niech stygnie na kratce przez godzinę.
"""
FLOUR = "Pour five hundred grams of flour into a large bowl, and add a glass of water."
STIR = "Stir with a spoon for five minutes, until there are no lumps in the dough."
COOL = "Let it cool on a rack for an hour before you cut it."
REST = "Cover the bowl with a cloth, and let the dough rest overnight in the fridge."


def parsed(text: str, language: str = "en") -> Document:
    return parse_document(text, "/library", f"{language}.md")._replace(language=language)


def changes(new: str, *, old: str = OLD, translation: str = POLISH) -> list[tuple[str, str, str, str]]:
    """Return the changes, each as the beginnings of the old, new and translated text, and of the one before."""
    before, now, target = parsed(old), parsed(new), parsed(translation, "pl")

    def start_of(document: Document, *indexes: int | None) -> str:
        return " + ".join(" ".join(document.blocks[at].text.split()[:2]) for at in indexes if at is not None)

    return [
        (
            start_of(before, each.old),
            start_of(now, each.new),
            start_of(target, *each.targets),
            "" if each.targets else start_of(target, each.after),
        )
        for each in source_changes(before, now, target)
    ]


def test_nothing_has_changed() -> None:
    assert source_changes(parsed(OLD), parsed(OLD), parsed(POLISH, "pl")) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("flour into a large bowl", "flour\ninto a   large bowl"),
        ("a hot oven", "A hot *oven*"),
        ("Stir with a spoon", "[Stir with a spoon](https://example.org/spoon)"),
        ("for an hour before", "for an hour, before"),
    ],
)
def test_white_space_punctuation_case_markup_and_targets_of_links_are_no_change(old: str, new: str) -> None:
    assert changes(OLD.replace(old, new)) == []


def test_a_changed_block_has_the_block_that_was_made_from_it() -> None:
    assert changes(OLD.replace("for five minutes", "for ten minutes")) == [
        ("Stir with", "Stir with", "Mieszaj łyżką", "")
    ]


def test_a_block_of_which_hardly_a_word_is_the_same_is_still_its_new_version_if_it_is_the_only_one() -> None:
    assert changes(OLD.replace(STIR, REST)) == [("Stir with", "Cover the", "Mieszaj łyżką", "")]


def test_code_counts_with_every_sign() -> None:
    assert changes(OLD.replace("oven --heat 220", "oven --heat=220")) == [
        ("oven --heat", "oven --heat=220", "oven --heat", "")
    ]


def test_a_new_block_belongs_after_the_translation_of_the_one_before() -> None:
    assert changes(OLD.replace(FLOUR, f"{FLOUR}\n\n{REST}")) == [("", "Cover the", "", "Wsyp pięćset")]


def test_a_block_that_is_new_at_the_start_has_none_before() -> None:
    old = OLD.partition("\n\n")[2]
    translation = POLISH.partition("\n\n")[2]
    (change,) = source_changes(parsed(old), parsed(f"{REST}\n\n{old}"), parsed(translation, "pl"))
    assert change == BlockChange(None, 0, 0, None, (), None)


def test_a_block_that_is_gone_has_the_block_that_was_made_from_it() -> None:
    assert changes(OLD.replace(f"{STIR}\n\n", "")) == [("Stir with", "", "Mieszaj łyżką", "")]


def test_a_new_section_is_a_change_for_each_of_its_blocks() -> None:
    new = OLD.replace("## Baking", f"## Rest\n\n{REST}\n\n## Baking")
    assert changes(new) == [("", "Rest", "", "Mieszaj łyżką"), ("", "Cover the", "", "Mieszaj łyżką")]


def test_a_moved_block_is_gone_in_one_place_and_new_in_another() -> None:
    new = OLD.replace(f"{FLOUR}\n\n", "").replace(COOL, f"{COOL}\n\n{FLOUR}")
    assert changes(new) == [
        ("Pour five", "", "Wsyp pięćset", ""),
        ("", "Pour five", "", "Zanim go"),
    ]


def test_a_block_that_has_moved_in_the_translation_too_is_no_change() -> None:
    new = OLD.replace(f"{FLOUR}\n\n", "").replace(COOL, f"{COOL}\n\n{FLOUR}")
    flour = "Wsyp pięćset gramów mąki do dużej miski i dolej szklankę wody."
    cool = "Zanim go pokroisz, niech stygnie na kratce przez godzinę."
    moved = parsed(POLISH.replace(f"{flour}\n\n", "").replace(cool, f"{cool}\n\n{flour}"), "pl")
    same = {index: (index,) for index in range(len(moved.blocks))}
    assert source_changes(parsed(OLD), parsed(new), moved, same) == ()


def test_a_new_block_that_the_translation_has_already_is_beside_it() -> None:
    new = parsed(OLD.replace(FLOUR, f"{FLOUR}\n\n{REST}"))
    flour = "Wsyp pięćset gramów mąki do dużej miski i dolej szklankę wody."
    translation = parsed(POLISH.replace(flour, f"{flour}\n\nPrzykryj miskę ściereczką i odstaw ciasto na noc."), "pl")
    (unaware,) = source_changes(parsed(OLD), new, translation)
    same = {index: (index,) for index in range(len(translation.blocks))}
    (change,) = source_changes(parsed(OLD), new, translation, same)
    assert (unaware.targets, change.targets) == ((), (change.new,))


def test_a_block_that_is_split_is_changed_and_its_second_part_is_new() -> None:
    one = "Bake the bread in a hot oven for forty minutes, until the crust is brown."
    new = OLD.replace(one, "Bake the bread in a hot oven for forty minutes.\n\nThe crust has to be brown and hard.")
    assert changes(new) == [
        ("Bake the", "Bake the", "Piecz chleb", ""),
        ("", "The crust", "", "Piecz chleb"),
    ]


def test_blocks_that_were_written_again_have_the_place_of_the_old_ones() -> None:
    new = OLD.replace(FLOUR, "Weigh everything first.").replace(STIR, REST)
    assert changes(new) == [
        ("Pour five", "Weigh everything", "Wsyp pięćset", ""),
        ("Stir with", "Cover the", "Mieszaj łyżką", ""),
    ]


def test_of_several_changed_blocks_the_most_similar_belong_together() -> None:
    new = OLD.replace(FLOUR, f"{REST}\n\n{FLOUR.replace('five hundred', 'six hundred')}").replace("five minutes", "ten")
    assert changes(new) == [
        ("", "Cover the", "", "Mąka i"),
        ("Pour five", "Pour six", "Wsyp pięćset", ""),
        ("Stir with", "Stir with", "Mieszaj łyżką", ""),
    ]


def test_a_paragraph_that_became_a_quote_is_the_same_block() -> None:
    new = OLD.replace(STIR, f"> {STIR}").replace(COOL, f"> {COOL.replace('an hour', 'two hours')}")
    assert changes(new) == [
        ("Stir with", "Stir with", "Mieszaj łyżką", ""),
        ("Let it", "Let it", "Zanim go", ""),
    ]


def test_blocks_of_another_kind_with_other_words_are_not_versions_of_each_other() -> None:
    new = OLD.replace(STIR, "- Stir with a spoon\n- Wait for five minutes")
    assert changes(new) == [
        ("Stir with", "", "Mieszaj łyżką", ""),
        ("", "Stir with", "", "Mieszaj łyżką"),
        ("", "Wait for", "", "Mieszaj łyżką"),
    ]


def test_the_translation_is_compared_with_the_old_source_that_it_was_made_from() -> None:
    """In the new source the first section is gone, so the only one has the place of that in the translation."""
    start, _, baking = OLD.split("## ")
    assert changes(f"{start}## {baking.replace('forty', 'fifty')}") == [
        ("Flour and", "", "Mąka i", ""),
        ("Pour five", "", "Wsyp pięćset", ""),
        ("Stir with", "", "Mieszaj łyżką", ""),
        ("Bake the", "Bake the", "Piecz chleb", ""),
    ]


def test_two_blocks_of_the_translation_that_were_made_from_one_are_both_affected() -> None:
    translation = POLISH.replace(
        "Wsyp pięćset gramów mąki do dużej miski i dolej szklankę wody.",
        "Wsyp pięćset gramów mąki do dużej miski.\n\nDolej szklankę wody.",
    )
    assert changes(OLD.replace("a glass of water", "two glasses of water"), translation=translation) == [
        ("Pour five", "Pour five", "Wsyp pięćset + Dolej szklankę", "")
    ]


def test_a_block_that_the_translation_lacks_has_no_target() -> None:
    translation = POLISH.replace("Mieszaj łyżką przez pięć minut, aż w cieście nie będzie grudek.\n\n", "")
    assert changes(OLD.replace("for five minutes", "for ten minutes"), translation=translation) == [
        ("Stir with", "Stir with", "", "Wsyp pięćset")
    ]


def test_changes_name_their_sections_in_both_versions() -> None:
    old, new = parsed(OLD), parsed(OLD.replace("## Baking", f"## Rest\n\n{REST}\n\n## Baking").replace("forty", "50"))
    found = source_changes(old, new, parsed(POLISH, "pl"))
    assert [(each.section, each.old_section) for each in found] == [(2, None), (2, None), (3, 2)]


def test_thousands_of_changed_blocks_take_no_time_to_speak_of() -> None:
    """More than can be compared with each other are not: each of them is gone, and new."""
    old = "\n\n".join(f"The old paragraph {number} speaks of {number * 7}." for number in range(100))
    new = "\n\n".join(f"The new section {number} is about {number * 11}." for number in range(100))
    found = source_changes(parsed(old), parsed(new), parsed(old, "pl"))
    assert [each.new for each in found if each.old is None] == list(range(100))
    assert [each.old for each in found if each.new is None] == list(range(100))


def test_changed_words_keep_the_white_space_before_them() -> None:
    assert changed_words("Use passlib to hash.", "Use pwdlib to hash all.") == [
        ("equal", "Use"),
        ("deleted", " passlib"),
        ("inserted", " pwdlib"),
        ("equal", " to hash"),
        ("inserted", " all"),
        ("equal", "."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "All new.", [("inserted", "All new.")]),
        ("All gone.", "", [("deleted", "All gone.")]),
        ("Same", "Same", [("equal", "Same")]),
        ("", "", []),
    ],
)
def test_words_of_a_text_that_is_new_gone_or_the_same(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert changed_words(old, new) == expected


def test_no_letter_of_either_text_is_lost() -> None:
    old, new = "Ząb – 3,5 % (dziś)\n\tkoniec", "Ząb – 4 % [jutro]\n\tkoniec!"
    pieces = changed_words(old, new)
    assert "".join(text for kind, text in pieces if kind != "inserted").split() == old.split()
    assert "".join(text for kind, text in pieces if kind != "deleted").split() == new.split()


def test_of_a_long_text_only_what_is_equal_at_both_ends_is_found() -> None:
    """Thousands of equal words would take minutes to compare."""
    old, new = f"first {'word ' * 20_000}last", f"first {'word ' * 9_000}other {'word ' * 9_000}last"
    pieces = changed_words(old, new)
    assert [kind for kind, _ in pieces] == ["equal", "deleted", "inserted", "equal"]
    assert "".join(text for kind, text in pieces if kind != "inserted").split() == old.split()
    assert "".join(text for kind, text in pieces if kind != "deleted").split() == new.split()


def test_a_long_document_of_equal_blocks_is_compared_at_both_ends() -> None:
    old, new = "Same.\n\n" * 1_000, "Same.\n\n" * 400 + "Other.\n\n" + "Same.\n\n" * 400
    found = source_changes(parsed(old), parsed(new), parsed("Tak.\n\n", "pl"))
    assert sum(each.old is not None for each in found) == 200
    assert [each.new for each in found if each.new is not None] == [400]
