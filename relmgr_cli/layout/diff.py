"""What has changed in a source, beside the blocks of the translation that it affects."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from relmgr_cli import messages
from relmgr_cli.core.translation_diff import ArticleDiff, Change
from relmgr_cli.corpus.document import Document
from relmgr_cli.health.diff import changed_words
from relmgr_cli.health.history import LibraryHistory
from relmgr_cli.layout.columns import join_columns, shorten_start
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Fragment, Line, hang, line_of, plain_text, width_of
from relmgr_cli.markdown.blocks import Block, plain
from relmgr_cli.store.articles import section_headings
from relmgr_cli.terminal.sanitize import sanitize
from relmgr_cli.terminal.target import UNLIMITED, OutputTarget

_MIN_WIDTH_FOR_COLUMNS = 80  # cells
_MAX_COLUMN_WIDTH = 72
_GUTTER = 3
_INDENT = [Fragment("  ")]
_NONE = "—"
_STYLES = {"equal": "", "deleted": "code.deleted deleted", "inserted": "code.inserted strong"}
_MARKS = {"equal": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}  # without colours, as git writes them


class Setting(NamedTuple):
    """How a diff is laid out."""

    width: int  # of a column, in cells
    has_columns: bool
    has_color: bool
    is_plain: bool

    @property
    def text_width(self) -> int:
        """The width of a text below its path."""
        return self.width if self.has_columns or self.is_plain else max(self.width - width_of(_INDENT), 1)


def setting_for(target: OutputTarget, *, side_by_side: bool | None) -> Setting:
    """Return the layout for an output; `side_by_side` is what the user asks for, None for columns where they fit."""
    fits = target.columns >= _MIN_WIDTH_FOR_COLUMNS and not target.plain and not target.unwrapped
    has_columns = not target.plain and (fits if side_by_side is None else side_by_side)
    width = UNLIMITED if target.unwrapped else target.columns
    width = min((target.columns - _GUTTER) // 2, _MAX_COLUMN_WIDTH) if has_columns else width
    return Setting(width, has_columns, target.color, target.plain)


def diff_lines(diff: ArticleDiff, history: LibraryHistory, setting: Setting) -> Iterator[Line]:
    """Yield the path of a translation, then its changes section by section."""
    yield line_of((_path_of(diff.translation), "title"))
    for number, changes in groupby(diff.changes, key=lambda change: change.section):
        some = list(changes)
        yield []
        yield from _heading_lines(diff, number, history.date_of(some[0].since), setting)
        for group in _groups(some):
            yield []
            yield from _group_lines(diff, group, setting)


def _heading_lines(diff: ArticleDiff, number: str, date: str, setting: Setting) -> list[Line]:
    """Return the heading of a section, in columns in both languages, and when its source has changed."""
    section = next(section for section in diff.article.sections if section.number == number)
    headings = {tag: _clean(text) for tag, text in section_headings(diff.article, section).items()}
    source, translation = headings.get(diff.source.language, ""), headings.get(diff.language, "")
    if setting.is_plain:
        heading = translation or source or messages.BEFORE_FIRST_HEADING.fill()
        return _wrapped(line_of(_heading_in_words(number, heading, date)), setting.width)
    since = [(f"  {date}", "dim")] if date else []
    if not (source or translation):
        source = messages.BEFORE_FIRST_HEADING.fill()
    if not setting.has_columns:
        return _wrapped(line_of((f"{number}  ", "number"), (translation or source, "heading"), *since), setting.width)
    left = line_of((f"{number}  ", "number"), (source, "heading"), *since)
    right = line_of((translation or _NONE, "heading" if translation else "dim")) if source != translation else []
    return _in_columns(_wrapped(left, setting.width), _wrapped(right, setting.width, diff.language), setting)


def _heading_in_words(number: str, heading: str, date: str) -> str:
    section = messages.DIFF_SECTION_PLAIN.fill(number=number, heading=heading)
    return messages.DIFF_CHANGED_PLAIN.fill(section=section, date=date) if date else section


def _groups(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Yield changes that are shown together: new blocks that belong in one place of the translation."""
    group: list[Change] = []
    for change in changes:
        if group and not (_is_new(change) and _is_new(group[-1]) and change.after == group[-1].after):
            yield group
            group = []
        group.append(change)
    yield group


def _is_new(change: Change) -> bool:
    return change.old is None and not change.targets


def _group_lines(diff: ArticleDiff, group: Sequence[Change], setting: Setting) -> list[Line]:
    if setting.is_plain:
        return list(_group_in_words(diff, group, setting))
    first = group[0]
    here = _located(diff.source, first.new)
    there = _located(diff.translation, first.targets[0] if first.targets else first.after)
    left: list[Line] = []
    right: list[Line] = []
    for index, change in enumerate(group):
        left += [[]] if index else []
        left += _wrapped(_words(change, has_color=setting.has_color), setting.text_width, diff.source.language)
    for index, block in enumerate(first.targets):
        right += [[]] if index else []
        right += _wrapped(line_of(_text_of(block)), setting.text_width, diff.language)
    right = right or _wrapped(line_of((_instruction(first), "note")), setting.text_width)
    above, below = (line_of((shorten_start(place, setting.width), "dim")) for place in (here, there))
    if setting.has_columns:
        return _in_columns([above, *left], [below, *right], setting)
    return [above, *hang(_INDENT, left), below, *hang(_INDENT, right)]


def _group_in_words(diff: ArticleDiff, group: Sequence[Change], setting: Setting) -> Iterator[Line]:
    """Yield the lines of the source, then those of the translation, each with its place and what it is."""
    first = group[0]
    label = messages.DIFF_SOURCE_PLAIN.fill(place=_located(diff.source, first.new))
    for change in group:
        yield from _labelled(label, _words_in_words(change), setting)
    place = _located(diff.translation, first.targets[0] if first.targets else first.after)
    if not first.targets:
        yield from _labelled(f"{place}: ", _instruction(first), setting)
    label = messages.DIFF_TRANSLATION_PLAIN.fill(place=place)
    for block in first.targets:
        yield from _labelled(label, _text_in_words(block), setting)


def _labelled(label: str, text: str, setting: Setting) -> Iterator[Line]:
    for line in text.split("\n"):
        if line.strip():
            yield from wrap(line_of(label, line), setting.width)


def _words_in_words(change: Change) -> str:
    """Return the old and the new text of a block in one, with what differs in words."""
    old, new = (_text_in_words(block) if block else "" for block in (change.old, change.new))
    found: list[str] = []
    removed = ""
    for kind, text in [*changed_words(old, new), ("equal", "")]:
        if kind == "deleted":
            removed = text
            continue
        if kind == "inserted" or removed:
            found.append(_replaced(removed, text if kind == "inserted" else ""))
            removed = ""
        found += [text] if kind == "equal" else []
    return "".join(found)


def _replaced(old: str, new: str) -> str:
    """Return what was removed and what was added in words, with the white space around it."""
    template = messages.DIFF_REPLACED_PLAIN if old and new else messages.DIFF_REMOVED_PLAIN
    template = template if old else messages.DIFF_ADDED_PLAIN
    shown = template.fill(old=old.strip(), new=new.strip())
    text = new or old
    return text[: len(text) - len(text.lstrip())] + shown + text[len(text.rstrip()) :]


def _text_in_words(block: Block) -> str:
    """Return the text of a block; of a table a line for each cell with the name of its column."""
    if block.kind != "table":
        return _text_of(block)
    from relmgr_cli.layout.plain_blocks import column_names

    names = column_names(block)
    rows = block.rows[1:] or block.rows
    cells = [
        (name, plain(cell) or messages.PLAIN_EMPTY) for row in rows for name, cell in zip(names, row, strict=False)
    ]
    return _clean("\n".join(f"{name}: {text}" for name, text in cells))


def _instruction(change: Change) -> str:
    """Return what stands in the place of a translation that does not exist."""
    if change.old:
        return messages.DIFF_NO_COUNTERPART
    return messages.DIFF_ADD_BELOW if change.after else messages.DIFF_ADD_FIRST


def _in_columns(left: Sequence[Line], right: Sequence[Line], setting: Setting) -> list[Line]:
    return join_columns([left, right], [setting.width, setting.width], _GUTTER, keep_order=True)


def _path_of(document: Document) -> str:
    return _clean(messages.shown_path(document.root, document.path))


def _located(document: Document, block: Block | None) -> str:
    return f"{_path_of(document)}:{block.line}" if block else _path_of(document)


def _words(change: Change, *, has_color: bool) -> Line:
    """Return the old and the new text of a block in one, with what differs marked."""
    old, new = (_text_of(block) if block else "" for block in (change.old, change.new))
    found: Line = []
    for kind, text in changed_words(old, new):
        before, after = ("", "") if has_color else _MARKS[kind]
        lead = text[: len(text) - len(text.lstrip())]
        found += [Fragment(lead), Fragment(f"{before}{text[len(lead) :]}{after}", _STYLES[kind])]
    return found


def _text_of(block: Block) -> str:
    """Return the text of a block on lines of its own for the rows of a table, safe for a terminal."""
    text = block.text.replace("\t", " | ") if block.kind == "table" else block.text.expandtabs(4)
    return _clean(text)


def _wrapped(text: Line, width: int, language: str = "") -> list[Line]:
    """Return the lines of a text; each keeps its indent, if there is room for it."""
    found: list[Line] = []
    for line in _split(text):
        shown = plain_text(line)
        blank = len(shown) - len(shown.lstrip(" "))
        indent = blank if blank < width // 2 else 0
        lines = wrap(line, width - indent, language) or [[]]
        found += hang([Fragment(" " * indent)], lines) if indent else lines
    return found


def _split(text: Line) -> list[Line]:
    """Return the lines of a text that has line breaks in its fragments."""
    found: list[Line] = [[]]
    for fragment in text:
        first, *rest = fragment.text.split("\n")
        found[-1].append(fragment._replace(text=first))
        found += [[fragment._replace(text=each)] for each in rest]
    return found


def _clean(text: str) -> str:
    return sanitize(text)


def diff_payload(diffs: Sequence[ArticleDiff], history: LibraryHistory) -> list[dict[str, Any]]:
    """Return the changes as JSON."""
    return [
        {"article": diff.article.id, **_change_payload(diff, change, history)}
        for diff in diffs
        for change in diff.changes
    ]


def _change_payload(diff: ArticleDiff, change: Change, history: LibraryHistory) -> dict[str, Any]:
    source, translation = diff.source, diff.translation
    commit = history.commits.get(change.since) if change.since is not None else None
    target = None
    if change.targets:
        text = "\n\n".join(block.text for block in change.targets)
        target = {"path": translation.path, "line": change.targets[0].line, "text": text}
    return {
        "section": change.section,
        "since": commit[0] if commit else None,
        "source": {
            "path": source.path,
            "line": change.new.line if change.new else None,
            "old": change.old.text if change.old else "",
            "new": change.new.text if change.new else "",
        },
        "target": target,
    }
