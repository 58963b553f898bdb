"""The hits of a search, and its concordance, as lines."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from rich.cells import cell_len

from relmgr_cli import messages
from relmgr_cli.layout.ansi import to_ansi
from relmgr_cli.layout.columns import shorten, shorten_start
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Fragment, Line, hang, line_of, plain_text, restyle, width_of
from relmgr_cli.search.concordance import Occurrence
from relmgr_cli.search.expansion import Term
from relmgr_cli.search.matching import MATCH_TYPES
from relmgr_cli.search.results import Hit, Results
from relmgr_cli.search.snippets import Match
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line
from relmgr_cli.terminal.target import UNLIMITED, OutputTarget

if TYPE_CHECKING:
    from relmgr_cli.search.source_lines import SourceLine

_MAX_TRANSLATIONS = 3  # shown for a term in one language
_MIN_WIDTH_FOR_LABELS = 48  # cells; on a narrower screen a snippet is below its language
_MIN_TEXT_WIDTH = 12  # cells
_MAX_CONCORDANCE_WIDTH = 200  # cells
_MIN_WIDTH_FOR_TWO = 110  # cells; on a narrower screen the translation is below its occurrence
MAX_LANGUAGES = 3  # of a hit, if the user names none
_MATCH_ORDER = (*MATCH_TYPES, "meaning", "")  # best first
_GAP = 3  # cells between an occurrence and its translation
_SHARE_BEFORE = 0.45  # of the cells that the keyword leaves
_MAX_REPEATED = 10_000_000  # characters of a line that is printed once for each match
_MAX_CHARACTERS_A_CELL = 8  # examined; more than one only where some take no cell


def hit_list(results: Results, target: OutputTarget, command: str, *, has_all_languages: bool = True) -> Iterator[Line]:
    """Yield the translations of the terms, then the hits; `command` shows a hit when its number is appended.

    Without `has_all_languages` only some languages are shown where there are many.
    """
    is_limited = not has_all_languages and len(results.answer.languages) > MAX_LANGUAGES
    limit = MAX_LANGUAGES if is_limited else UNLIMITED
    understood = list(_term_lines(results, target, limit))
    yield from understood
    for hit in results.hits:
        if understood or hit.rank > 1:
            yield []
        draw = _hit_in_words if target.plain else _hit_lines
        yield from draw(hit, target, limit)
        yield from _where_lines(hit, target, f"{command} {hit.rank}")


def _where_lines(hit: Hit, target: OutputTarget, command: str) -> Iterator[Line]:
    """Yield path and line of a hit, and the command that shows it, on one line or two."""
    indent = " " * (len(str(hit.rank)) + 2)
    match = next((match for match in hit.matches if match.match_type), hit.matches[0])
    place = sanitize_line(f"{messages.shown_path(match.root, match.path)}:{match.line}")
    if target.plain:
        yield line_of(messages.HIT_PATH_PLAIN.fill(path=place))
        yield line_of(messages.HIT_SHOW_PLAIN.fill(command=command))
        return
    room = (UNLIMITED if target.unwrapped else target.columns) - len(indent)
    if cell_len(place) + _GAP + cell_len(command) <= room:
        yield line_of(indent, (f"{place}{' ' * _GAP}{command}", "dim"))
        return
    yield line_of(indent, (shorten_start(place, room), "dim"))
    if cell_len(command) <= room:
        yield line_of(indent, (command, "dim"))


def _term_lines(results: Results, target: OutputTarget, limit: int) -> Iterator[Line]:
    """Yield a line for each term that has translations: `term → words (language) · words (language)`.

    With more languages than the limit, only those that the hits are shown in.
    """
    answer = results.answer
    languages = [*answer.languages]
    if len(languages) > limit:
        shown = {match.language for hit in results.hits for match in shown_matches(hit, limit)}
        languages = [tag for tag in languages if tag in shown]
    for term in (term for group in answer.groups for term in group):
        if words := _translations(term, languages):
            typed = Fragment(sanitize_line(term.item.text), "strong")
            if target.plain:
                yield line_of(messages.TERM_PLAIN.fill(term=typed.text, translations=plain_text(words)))
                continue
            width = UNLIMITED if target.unwrapped else target.max_text_width
            yield from wrap([typed, Fragment(" → ", "dim"), *words], width, "en")


def _translations(term: Term, languages: Sequence[str]) -> Line:
    found: Line = []
    for tag in languages:
        words = [sanitize_line(each.spelling) for each in term.translations.get(tag, ())[:_MAX_TRANSLATIONS]]
        if words:
            found += [Fragment(" · ", "dim")] if found else []
            found += line_of(", ".join(words), (f" ({sanitize_line(tag)})", "dim"))
    return found


def shown_matches(hit: Hit, limit: int) -> Sequence[Match]:
    """Return all matches up to a limit; of more only the reader's, the source's and the best one."""
    if len(hit.matches) <= limit:
        return hit.matches
    best = min(hit.matches, key=lambda match: _MATCH_ORDER.index(match.match_type))
    languages = (hit.matches[0].language, hit.article.source, best.language)
    return [match for match in hit.matches if match.language in languages]


def _hit_lines(hit: Hit, target: OutputTarget, limit: int) -> Iterator[Line]:
    first = hit.matches[0]
    label = f"{hit.rank}  "
    href = file_target(first) if target.ansi else ""
    fragments = [Fragment(sanitize_line(hit.article.documents[first.language].title), "title", href)]
    if first.heading:
        heading = [fragment._replace(href=href) for fragment in marked(first.heading, first.heading_spans)]
        fragments += [Fragment(" › ", "dim"), Fragment(f"{hit.section.number} ", "number"), *heading]
    if note := _note(hit):
        fragments += [Fragment(f"  ({note})", "dim")]
    yield from _labelled(line_of((label, "number")), fragments, first.language, target)
    margin = " " * len(label)
    shown = shown_matches(hit, limit)
    for match in shown:
        language, snippet = sanitize_line(match.language), marked(match.snippet, match.spans)
        if target.columns < _MIN_WIDTH_FOR_LABELS and not target.unwrapped:
            yield line_of(margin, (language, "dim"))
            yield from _labelled(line_of(margin), snippet, match.language, target)
        else:
            yield from _labelled(line_of(margin, (f"{language}  ", "dim")), snippet, match.language, target)
    if limit < UNLIMITED and len(hit.section.indexes) > max(len(shown), limit):
        yield line_of(margin, (messages.MORE_LANGUAGES.fill(len(hit.section.indexes) - len(shown)), "dim"))


def _note(hit: Hit) -> str:
    """Return how a hit has been found if it has not all words as they are; else ""."""
    return messages.HIT_BY_MEANING if hit.by_meaning else "" if hit.is_complete else messages.HIT_INCOMPLETE


def _hit_in_words(hit: Hit, target: OutputTarget, limit: int) -> Iterator[Line]:
    """Yield title and heading of a hit, then the text in each language, one a line."""
    first = hit.matches[0]
    template = messages.HIT_SECTION_PLAIN if first.heading else messages.HIT_PLAIN
    title = sanitize_line(hit.article.documents[first.language].title)
    head = template.fill(rank=hit.rank, title=title, number=hit.section.number)
    note = f" ({note})" if (note := _note(hit)) else ""
    yield from _labelled([], line_of(head, sanitize_line(first.heading), note), first.language, target)
    shown = shown_matches(hit, limit)
    for match in shown:
        text = line_of(f"{sanitize_line(match.language)}: ", sanitize_line(match.snippet))
        yield from _labelled([], text, match.language, target)
    if limit < UNLIMITED and len(hit.section.indexes) > max(len(shown), limit):
        yield line_of(messages.MORE_LANGUAGES.fill(len(hit.section.indexes) - len(shown)))


def marked(text: str, spans: Iterable[tuple[int, int]], clean: Callable[[str], str] = sanitize_line) -> Line:
    """Return a text, sanitized by `clean`, with its matches in the style "match"."""
    fragments: Line = []
    offset = 0
    for start, end in spans:
        fragments += [Fragment(clean(text[offset:start])), Fragment(clean(text[start:end]), "match")]
        offset = end
    return [fragment for fragment in (*fragments, Fragment(clean(text[offset:]))) if fragment.text]


def _labelled(label: Line, fragments: Line, language: str, target: OutputTarget) -> list[Line]:
    """Return fragments after a label, further lines below the first word."""
    width = UNLIMITED if target.unwrapped else target.max_text_width
    return hang(label, wrap(fragments, max(width - width_of(label), _MIN_TEXT_WIDTH), language))


def file_target(match: Match) -> str:
    """Return the URL of a match's file."""
    return "file://" + quote(os.fsencode(os.path.join(os.path.abspath(match.root), match.path)))


def grep_records(
    lines: "Iterable[SourceLine]", target: OutputTarget, *, has_columns: bool = False, has_paths: bool = True
) -> "Iterator[tuple[SourceLine, str]]":
    """Yield each line with what grep prints of it: `path:line:text`, however long, and a line break.

    `has_columns` prints it once for each match, as `path:line:column:text`; the column is in bytes, from 1. Without
    `has_paths` the path and the colon after it are left out.
    """
    draw = _draw_record if target.ansi else _plain_record
    path, last = "", ("", "")
    for found in lines:
        if has_paths and (found.root, found.path) != last:
            last = (found.root, found.path)
            path = sanitize_line(messages.shown_path(*last))
        if not has_columns:
            yield found, draw(path, str(found.line), "", found, target)
            continue
        for begin, _ in found.spans[: max(1, _MAX_REPEATED // (len(found.text) + 1))]:
            column = len(found.text[:begin].encode("utf-8", "replace")) + 1
            yield found, draw(path, str(found.line), str(column), found, target)


def _plain_record(path: str, line: str, column: str, found: "SourceLine", _: OutputTarget) -> str:
    return ":".join([*filter(None, (path, line, column)), f"{sanitize(found.text)}\n"])


def _draw_record(path: str, line: str, column: str, found: "SourceLine", target: OutputTarget) -> str:
    places = [(path, "code"), (line, "number"), (column, "number")]
    place = [part for text, style in places if text for part in (Fragment(text, style), Fragment(":", "dim"))]
    return to_ansi([[*place, *marked(found.text, found.spans, sanitize)]], target)


def concordance(occurrences: Iterable[Occurrence], target: OutputTarget) -> Iterator[Line]:
    """Yield a line for each occurrence with the keyword in the middle, below the title of its article.

    A program gets whole texts.
    """
    width = min(target.columns, _MAX_CONCORDANCE_WIDTH)
    last = None
    for occurrence in occurrences:
        if (occurrence.root, occurrence.path) != last:
            if last:
                yield []
            last = (occurrence.root, occurrence.path)
            shown = sanitize_line(occurrence.title)
            yield line_of((shown if target.plain else shorten(shown, width), "title"))
            place = sanitize_line(messages.shown_path(occurrence.root, occurrence.path))
            yield line_of((place if target.unwrapped else shorten_start(place, width), "dim"))
        if target.plain:
            yield from _plain_occurrence(occurrence)
        elif target.unwrapped:
            yield from _whole_occurrence(occurrence)
        else:
            yield from _occurrence_lines(occurrence, width)


def _occurrence_lines(occurrence: Occurrence, width: int) -> Iterator[Line]:
    """Yield section, language and text of an occurrence, with its translation to the right of it or below."""
    other = occurrence.parallel
    label = line_of((f"{occurrence.section:<5} ", "number"), (f"{sanitize_line(occurrence.language)}  ", "dim"))
    other_label = line_of((f"{sanitize_line(other.language)}  ", "dim")) if other else []
    if other is None or width < _MIN_WIDTH_FOR_TWO:
        room = width - width_of(label)
        yield label + _centred(occurrence.text, occurrence.start, occurrence.end, room)
        if other is not None:
            below = [Fragment(" " * 6), *other_label]
            yield below + restyle(_centred(other.text, other.start, other.end, width - width_of(below)), "dim")
        return
    room = (width - width_of(label) - width_of(other_label) - _GAP) // 2
    left = _centred(occurrence.text, occurrence.start, occurrence.end, room)
    gap = Fragment(" " * (room - width_of(left) + _GAP))
    yield [*label, *left, gap, *other_label, *restyle(_centred(other.text, other.start, other.end, room), "dim")]


def _whole_occurrence(occurrence: Occurrence) -> Iterator[Line]:
    """Yield section, language and the whole text of an occurrence, then those of its translation."""
    for one, style in ((occurrence, ""), (occurrence.parallel, "dim")):
        if one:
            number = f"{occurrence.section:<5} " if one is occurrence else " " * 6
            label = line_of((number, "number"), (f"{sanitize_line(one.language)}  ", "dim"))
            yield label + restyle(marked(one.text, [(one.start, one.end)]), style)


def _plain_occurrence(occurrence: Occurrence) -> Iterator[Line]:
    for one in (occurrence, occurrence.parallel):
        if one:
            yield line_of(f"{occurrence.section} {sanitize_line(one.language)}: {sanitize_line(one.text)}")


def _centred(text: str, start: int, end: int, width: int) -> Line:
    """Return a keyword in the middle of `width` cells, with as much of the text around it as there is room for."""
    word = shorten(sanitize_line(text[start:end]), width)
    side = max(0, int((width - cell_len(word)) * _SHARE_BEFORE))
    reach = _MAX_CHARACTERS_A_CELL * width
    before = shorten_start(sanitize_line(text[max(0, start - reach) : start]), side)
    after = shorten(sanitize_line(text[end : end + reach]), width - side - cell_len(word))
    margin = Fragment(" " * (side - cell_len(before)))
    parts = (margin, Fragment(before), Fragment(word, "match"), Fragment(after))
    return [fragment for fragment in parts if fragment.text]
