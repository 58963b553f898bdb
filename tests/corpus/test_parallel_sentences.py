from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.alignment.sentence_alignment import align_sentences
from relmgr_cli.corpus.alignment.word_evidence import WordEvidence, link_sentences, tokens_of
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.parallel_sentences import find_translation, pair_texts, read_text
from relmgr_cli.corpus.sentences import slice_spans, split_blocks
from relmgr_cli.markdown.blocks import Block, Span, plain

NO_WORDS: Mapping[str, float] = {}
POLISH_RUSSIAN = {"kot": {"кот": 0.9}, "pies": {"пес": 0.9, "собак": 0.9}, "ryb": {"рыб": 0.9}, "mlek": {"молок": 0.9}}


def no_lexicon(_: str) -> Mapping[str, float]:
    return NO_WORDS


def split(*spans: Span, kind: str = "paragraph") -> list[str]:
    block = Block(kind, 1, spans)
    return [block.text[each.start : each.end] for each in split_blocks([block], "en")]


def beads(source: str, target: str, tags: tuple[str, str] = ("en", "en")) -> list[tuple[list[int], list[int]]]:
    documents = [parse_document(text, "/library", "a.md") for text in (source, target)]
    texts = [
        read_text(document, range(len(document.blocks)), tag) for document, tag in zip(documents, tags, strict=True)
    ]
    pairs = pair_texts(texts[0], texts[1], lambda stem: POLISH_RUSSIAN.get(stem, {}))
    return [([*bead.source], [*bead.target]) for bead in pairs.align().beads]


def test_no_sentence_ends_in_code_or_in_a_link() -> None:
    assert split(Span("Call "), Span("a. B? C", ("code",)), Span(" here. Then go.")) == [
        "Call a. B? C here.",
        "Then go.",
    ]
    assert split(Span("See "), Span("One. ", (), "x"), Span("Two", ("strong",), "x"), Span(". End.")) == [
        "See One. Two.",
        "End.",
    ]
    assert split(Span("Ask. "), Span("Yes. No", (), "x"), Span(". End.")) == ["Ask.", "Yes. No.", "End."]


def test_code_begins_a_sentence() -> None:
    assert split(Span("Run it. "), Span("make", ("code",)), Span(" builds all.")) == ["Run it.", "make builds all."]


@pytest.mark.parametrize("kind", ["heading", "code", "table", "math", "html", "title"])
def test_what_is_no_running_text_is_not_split(kind: str) -> None:
    assert split(Span("One. Two."), kind=kind) == ["One. Two."]


@given(st.lists(st.builds(Span, st.text("aB. \n", max_size=6), st.sampled_from([(), ("strong",), ("code",)]),
                          st.sampled_from(["", "x"])), max_size=8))  # fmt: skip
def test_sentences_are_in_order_and_have_all_letters(spans: list[Span]) -> None:
    block = Block("paragraph", 1, tuple(spans))
    last = 0
    for _, start, end in split_blocks([block], "en"):
        assert last <= start < end
        assert not block.text[last:start].strip()
        assert plain(slice_spans(block.spans, start, end)) == block.text[start:end]
        last = end
    assert not block.text[last:].strip()


def test_a_slice_keeps_styles_and_links() -> None:
    spans = (Span("ab", ("strong",)), Span("cd", (), "x"), Span("ef"))
    assert slice_spans(spans, 1, 5) == (Span("b", ("strong",)), Span("cd", (), "x"), Span("e"))
    assert slice_spans(spans, 2, 2) == ()


def test_a_sentence_that_was_split_is_paired_with_both_parts() -> None:
    source = "The server listens on port 8080 and it writes a log to disk. Stop it with Ctrl."
    target = "The server listens on port 8080. It writes a log to the disk. Stop it with Ctrl."
    assert beads(source, target) == [([0], [0, 1]), ([1], [2])]
    assert beads(target, source) == [([0, 1], [0]), ([2], [1])]


def test_numbers_and_code_tell_which_sentence_is_missing() -> None:
    source = "Set `alpha` to 11 first of all. Set `beta` to 22 after this. Set `gamma` to 33 at the end."
    target = "Ustaw `alpha` na 11 przede wszystkim. Ustaw `gamma` na 33 na samym końcu."
    assert beads(source, target, ("en", "pl")) == [([0], [0]), ([1], []), ([2], [1])]


def test_the_lexicon_tells_which_sentence_was_added() -> None:
    source = "Kot pije mleko w domu. Pies widzi rybę w wodzie."
    target = "Кот пьёт молоко дома. Всё это очень хорошо. Собака видит рыбу в воде."
    assert beads(source, target, ("pl", "ru")) == [([0], [0]), ([], [1]), ([1], [2])]


def test_texts_of_one_sentence_are_a_pair_whatever_they_say() -> None:
    assert beads("One.", "Całkiem inny tekst o czymś innym.") == [([0], [0])]


def test_two_alignments_that_are_as_likely_leave_doubt() -> None:
    words = WordEvidence({}, [0, 0], [0])
    found = align_sentences(([40, 40], [40]), words)
    assert not found.is_clear
    assert found.margin == pytest.approx(0)
    assert found.in_doubt
    assert align_sentences(([40], [40]), WordEvidence({}, [0], [0])).in_doubt == frozenset()


def test_vectors_decide_where_nothing_else_does() -> None:
    import numpy as np

    words = WordEvidence({}, [0, 0], [0])
    first, second = np.eye(2, 512, dtype=np.float32)
    found = align_sentences(([40, 40], [40]), words, (np.stack([first, second]), second[None]))
    assert [([*bead.source], [*bead.target]) for bead in found.beads] == [([0], []), ([1], [0])]


LENGTHS = st.lists(st.integers(1, 400), min_size=1, max_size=9)


@given(LENGTHS, LENGTHS, st.dictionaries(st.tuples(st.integers(0, 8), st.integers(0, 8)), st.floats(0, 5), max_size=9))
def test_every_sentence_is_in_one_bead(
    source: list[int], target: list[int], links: dict[tuple[int, int], float]
) -> None:
    found = align_sentences((source, target), WordEvidence(links, [3] * len(source), [3] * len(target)))
    for path in (found.beads, found.second_best or found.beads):
        assert [index for bead in path for index in bead.source] == [*range(len(source))]
        assert [index for bead in path for index in bead.target] == [*range(len(target))]
    assert found.margin >= 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sentences", "other"), [pytest.param(400, 400, marks=pytest.mark.slow), (400, 30), (30, 400), (1, 400)]
)
def test_in_a_long_text_only_a_band_is_searched(sentences: int, other: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from relmgr_cli.corpus.alignment.sentence_alignment import _Scorer

    scored = 0
    original = _Scorer.score

    def counted(self: _Scorer, source: range, target: range) -> float:
        nonlocal scored
        scored += 1
        return original(self, source, target)

    monkeypatch.setattr(_Scorer, "score", counted)
    found = align_sentences(([50] * sentences, [50] * other), WordEvidence({}, [3] * sentences, [3] * other))
    assert sum(len(bead.source) for bead in found.beads) == sentences
    assert scored < 8 * 64 * (sentences + other)


def test_a_word_is_linked_once() -> None:
    sentence = tokens_of("port port port", (), "en")
    assert sum(link_sentences([sentence], [tokens_of("port", (), "en")], no_lexicon).links.values()) == pytest.approx(
        0.9
    )


def article(**texts: str) -> Article:
    documents = {
        tag: parse_document(text, "/library", f"{tag}.md")._replace(language=tag) for tag, text in texts.items()
    }
    sections, units = align(documents)
    return Article("a", documents, sections, units, None, "layout", next(iter(texts)))


def test_the_translation_of_a_sentence_is_found_in_the_unit() -> None:
    both = article(
        en="Set `alpha` to 11 now. Set `beta` to 22 later.\n\n```\nx. Y\n```\n",
        pl="Ustaw `alpha` na 11. Następnie jeszcze `beta` na 22.\n\n```\nx. Y\n```\n",
    )
    text = both.documents["pl"].blocks[0].text
    other = both.documents["en"].blocks[0].text.index("beta")

    def find(at: tuple[int, int]) -> list[str]:
        found = find_translation(both, at, source="en", target="pl", lexicon=no_lexicon)
        return [text[start:end] for index, start, end in found if index == 0]

    assert find((0, 2)) == ["Ustaw alpha na 11."]
    assert find((0, other)) == ["Następnie jeszcze beta na 22."]
    assert find((1, 1)) == find((9, 0)) == find((0, 99)) == []
    assert find_translation(both, (0, 2), source="en", target="ru", lexicon=no_lexicon) == []


def test_a_text_of_very_many_sentences_has_no_answer_while_a_person_waits() -> None:
    text = " ".join(f"This is number {number}." for number in range(70))
    both = article(en=text, pl=text)
    assert find_translation(both, (0, 2), source="en", target="pl", lexicon=no_lexicon) == []
