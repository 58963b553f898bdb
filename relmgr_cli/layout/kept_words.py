"""Kept words, as lines and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from relmgr_cli import messages
from relmgr_cli.core.kept_words import KeptWord
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Line, hang, line_of, plain_text
from relmgr_cli.store.kept_words import WordInContext
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_GAP = "  "


def word_list(words: Sequence[KeptWord], target: OutputTarget) -> Iterator[Line]:
    """Yield each word with its number and translation, below them the sentence, its translation and where it is."""
    digits = len(str(words[-1].number)) if words else 0
    for each in words:
        label = line_of((f"{each.number:>{digits}}", "number"), _GAP)
        rest = max(1, target.max_text_width - digits - len(_GAP))
        word = each.word
        facts = (
            (_translated(word), word.language),
            (line_of(sanitize_line(word.sentence)), word.language),
            (line_of((sanitize_line(word.sentence_translation), "dim")), word.translation_language),
            (line_of((_place(each), "dim")), ""),
        )
        yield from hang(label, [line for fact, language in facts for line in wrap(fact, rest, language)])


def located_words(words: Sequence[KeptWord], target: OutputTarget) -> Iterator[Line]:
    """Yield each word as a line: its number and translation, the sentence, file and line."""
    for each in words:
        word = plain_text(_translated(each.word, in_words=target.plain))
        facts = (str(each.number), word, sanitize_line(each.word.sentence), _place(each))
        yield line_of(_GAP.join(filter(None, facts)))


def _translated(word: WordInContext, *, in_words: bool = False) -> Line:
    """Return a word and its translation, each with its language."""
    shown = line_of((sanitize_line(word.word), "strong"), (f" ({sanitize_line(word.language)})", "dim"))
    if not word.translation:
        return shown
    translation = line_of(sanitize_line(word.translation), (f" ({sanitize_line(word.translation_language)})", "dim"))
    if in_words:
        return line_of(messages.TERM_PLAIN.fill(term=plain_text(shown), translations=plain_text(translation)))
    return [*shown, *line_of((" → ", "dim")), *translation]


def _place(kept: KeptWord) -> str:
    path = messages.shown_path(kept.root, kept.word.path) if kept.root else kept.word.path
    return sanitize_line(f"{path}:{kept.word.line}")


def words_payload(words: Sequence[KeptWord]) -> dict[str, Any]:
    """Return the answer of `words`."""
    return {
        "words": [
            {
                "number": each.number,
                "word": each.word.word,
                "lang": each.word.language,
                "translation": each.word.translation,
                "translation_lang": each.word.translation_language,
                "sentence": each.word.sentence,
                "sentence_translation": each.word.sentence_translation,
                "article": each.word.article,
                "root": each.root or None,
                "path": each.word.path,
                "line": each.word.line,
            }
            for each in words
        ]
    }
