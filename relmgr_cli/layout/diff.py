"""What has changed in a source, beside the blocks of the translation that it affects."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from relmgr_cli import messages
from relmgr_cli.core.translation_diff import ArticleDiff, Change
from relmgr_cli.health.diff import changed_words
from relmgr_cli.health.history import LibraryHistory
from relmgr_cli.layout.columns import join_columns, shorten_start
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Fragment, Line, line_of
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.store.articles import section_headings
from relmgr_cli.terminal.sanitize import sanitize
from relmgr_cli.terminal.target import OutputTarget

_MIN_WIDTH_FOR_COLUMNS = 80  # cells
_MAX_COLUMN_WIDTH = 72
_GUTTER = 3
_STYLES = {"equal": "", "deleted": "code.deleted deleted", "inserted": "code.inserted strong"}
_MARKS = {"equal": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}  # without colours, as git writes them


class Setting(NamedTuple):
    """How a diff is laid out."""

    width: int  # of a column, in cells
    has_columns: bool
    has_color: bool


def setting_for(target: OutputTarget, *, side_by_side: bool | None) -> Setting:
    """Return the layout for an output; `side_by_side` is what the user asks for, None for columns where they fit."""
    fits = target.columns >= _MIN_WIDTH_FOR_COLUMNS and not target.plain and not target.unwrapped
    has_columns = not target.plain and (fits if side_by_side is None else side_by_side)
    width = (target.columns - _GUTTER) // 2 if has_columns else target.columns
    return Setting(min(width, _MAX_COLUMN_WIDTH if has_columns else target.columns), has_columns, target.color)


def diff_lines(diff: ArticleDiff, history: LibraryHistory, setting: Setting) -> Iterator[Line]:
    """Yield the path of a translation, then its changes section by section."""
    source, translation = diff.source, diff.translation
    yield line_of((_path_of(translation.root, translation.path), "title"))
    sections = {section.number: section for section in diff.article.sections}
    current = None
    for change in diff.changes:
        if change.section != current:
            current = change.section
            yield []
            headings = section_headings(diff.article, sections[current])
            shown = headings.get(diff.language) or headings.get(diff.article.source) or ""
            date = history.date_of(change.since)
            yield line_of((f"{current} {_clean(shown)}", "heading"), (f"  {date}" if date else "", "dim"))
        yield []
        here = _located(source.root, source.path, change.new), _target_path(diff, change)
        yield from _change_lines(change, here, setting)


def _path_of(root: str, path: str) -> str:
    return _clean(messages.shown_path(root, path))


def _located(root: str, path: str, block: Block | None) -> str:
    return f"{_path_of(root, path)}:{block.line}" if block else _path_of(root, path)


def _target_path(diff: ArticleDiff, change: Change) -> str:
    translation = diff.translation
    block = change.targets[0] if change.targets else change.after
    return _located(translation.root, translation.path, block)


def _change_lines(change: Change, paths: tuple[str, str], setting: Setting) -> Iterator[Line]:
    here, there = (shorten_start(path, setting.width) if setting.has_columns else path for path in paths)
    left = [line_of((here, "dim")), *_wrapped(_words(change, has_color=setting.has_color), setting.width)]
    right = [line_of((there, "dim"))]
    if change.targets:
        for index, block in enumerate(change.targets):
            right += [[]] if index else []
            right += _wrapped(line_of(_clean(block.text)), setting.width)
    else:
        right += _wrapped(line_of((messages.DIFF_ADD_HERE, "note")), setting.width)
    if setting.has_columns:
        yield from join_columns([left, right], [setting.width, setting.width], _GUTTER)
    else:
        yield from left
        yield from right


def _words(change: Change, *, has_color: bool) -> Line:
    """Return the old and the new text of a block in one, with what differs marked."""
    old = change.old.text if change.old else ""
    new = change.new.text if change.new else ""
    found: Line = []
    for kind, text in changed_words(old, new):
        before, after = ("", "") if has_color else _MARKS[kind]
        lead = text[: len(text) - len(text.lstrip())]
        found += [Fragment(_clean(lead)), Fragment(f"{before}{_clean(text[len(lead) :])}{after}", _STYLES[kind])]
    return found


def _wrapped(line: Line, width: int) -> list[Line]:
    return wrap(line, width) or [[]]


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
