"""Hits of a search, for people: how each word was understood, then each section with its sentence in every language."""

import os
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from rich.cells import cell_len

from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Fragment, Line, line_of, width_of
from relmgr_cli.layout.page import text_style_for
from relmgr_cli.search.expansion import Term
from relmgr_cli.search.results import Hit, Results
from relmgr_cli.search.retrieval import SearchAnswer
from relmgr_cli.search.snippets import Match
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_MOST_WORDS = 3  # of a language that one word of the question is explained by
_NARROW = 48  # cells; below it a sentence begins under its language


def hit_list(results: Results, screen: OutputTarget, command: str) -> Iterator[Line]:
    """Yield how the question was understood and its hits; `command` shows the first one when a number follows it."""
    understood = list(understood_lines(results.answer, screen))
    yield from understood
    for hit in results.hits:
        if understood or hit.rank > 1:
            yield []
        yield from _hit(hit, screen)
        yield from _opening(hit, f"{command} {hit.rank}", screen)


def understood_lines(answer: SearchAnswer, screen: OutputTarget) -> Iterator[Line]:
    """Yield a line for each word of the question that other words were found for."""
    setting = text_style_for(screen, "en")
    for term in (term for group in answer.groups for term in group):
        if words := _counterparts(term, answer.languages):
            typed = Fragment(sanitize_line(term.item.text), "strong")
            yield from wrap([typed, Fragment(" → ", "dim"), *words], setting, screen.max_text_width)


def _counterparts(term: Term, languages: Sequence[str]) -> Line:
    found: Line = []
    for tag in languages:
        words = [sanitize_line(c.spelling) for c in term.translations.get(tag, ())[:_MOST_WORDS]]
        if words:
            found += [Fragment(" · ", "dim")] if found else []
            found += line_of(", ".join(words), (f" ({sanitize_line(tag)})", "dim"))
    return found


def _hit(hit: Hit, screen: OutputTarget) -> Iterator[Line]:
    first = hit.matches[0]
    label = f"{hit.rank}  "
    title = sanitize_line(hit.article.documents[first.language].title)
    number = f"{hit.section.number} " if first.heading else ""
    note = "by meaning" if hit.by_meaning else "" if hit.is_complete else "not all words"
    target = file_target(first) if screen.ansi else ""
    fragments = [Fragment(title, "title", target)]
    if first.heading:
        heading = [fragment._replace(href=target) for fragment in marked(first.heading, first.heading_spans)]
        fragments += [Fragment(" › ", "dim"), Fragment(number, "number"), *heading]
    if note:
        fragments += [Fragment(f"  ({note})", "dim")]
    yield from _hanging(line_of((label, "number")), fragments, first.language, screen)
    for match in hit.matches:
        yield from _sentence(match, " " * len(label), screen)


def _sentence(match: Match, margin: str, screen: OutputTarget) -> Iterator[Line]:
    label = sanitize_line(match.language)
    if screen.columns < _NARROW:
        yield line_of(margin, (label, "dim"))
        yield from _hanging(line_of(margin), marked(match.snippet, match.spans), match.language, screen)
    else:
        beside = line_of(margin, (f"{label}  ", "dim"))
        yield from _hanging(beside, marked(match.snippet, match.spans), match.language, screen)


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Line:
    """Return a text with what was found in it."""
    fragments: Line = []
    at = 0
    for start, end in spans:
        fragments += [Fragment(sanitize_line(text[at:start])), Fragment(sanitize_line(text[start:end]), "match")]
        at = end
    return [fragment for fragment in (*fragments, Fragment(sanitize_line(text[at:]))) if fragment.text]


def _hanging(label: Line, fragments: Line, language: str, screen: OutputTarget) -> Iterator[Line]:
    """Yield fragments behind a label, further lines under the first word."""
    width = width_of(label)
    lines = wrap(fragments, text_style_for(screen, language), max(screen.max_text_width - width, 12)) or [[]]
    yield [*label, *lines[0]]
    yield from ([Fragment(" " * width), *line] for line in lines[1:])


def _opening(hit: Hit, command: str, screen: OutputTarget) -> Iterator[Line]:
    indent = " " * (len(str(hit.rank)) + 2)
    if cell_len(indent + command) <= screen.columns:
        yield line_of(indent, (command, "dim"))


def file_target(match: Match) -> str:
    """Return the address of a match's file."""
    return "file://" + quote(os.fsencode(os.path.join(os.path.abspath(match.root), match.path)))
