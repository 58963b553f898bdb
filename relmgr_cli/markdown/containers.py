"""Decides what the containers of all dialects are: an alert, a tab, or nothing that is seen.

Directives (`:::note`), components (`<TabItem label="x">`), shortcodes (`{{< details "x" >}}`) and admonitions
(`!!! note "x"`) of many site generators differ only in how they are written. Here a name, as written in any of them,
becomes a kind of container with a marker and a title.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_ALERTS = frozenset(
    "note notes tip hint info information important warning warn caution danger error failure fail success check "
    "question faq help abstract summary tldr example bug quote todo attention seealso deprecated critical "
    "experimental prerequisite prerequisites remark pitfall deepdive objectives".split()
)
_NAMED_BY_ATTRIBUTE = frozenset("alert admonition aside callout hint notice message messagebox admon infobox".split())
_DETAILS = frozenset(
    "details expand expandable expander accordion accordionitem accordion-item collapse collapsible collapsibleblock "
    "toggle spoiler disclosure detail dropdown foldable".split()
)
_TABS = frozenset("tab tabitem tab-item tabpanel tab-panel tabpane codegroupitem codetab md-tab tabbed".split())
_TAB_GROUPS = frozenset("tabs tabset tabgroup tab-group codetabs code-tabs codegroup code-group".split())
_LABEL_KEYS = ("items", "labels", "tabs", "names")  # of a group of tabs
_FRAGMENT = "fragment"  # what Astro's components get for one of their slots, such as a tab
_COMMON_SLOTS = frozenset("default title header heading footer icon before after summary label".split())
_ALIASES = {"warn": "warning", "information": "info", "notes": "note", "fail": "failure"}
_KIND_KEYS = ("type", "kind", "variant", "style", "status", "level", "color", "intent", "severity", "class")
_TITLE_KEYS = ("title", "label", "summary", "header", "heading", "caption", "text", "name", "tabname", "value", "id")
_MAX_TITLE_KEYS = {"tab": len(_TITLE_KEYS), "alert": 7}

# Attributes that people read.
_READABLE = (
    "title",
    "label",
    "summary",
    "header",
    "heading",
    "subtitle",
    "text",
    "alt",
    "caption",
    "description",
    "labels",
    "nickname",
    "author",
)
_READABLE_ENDS = ("text", "title", "label", "caption", "description")  # `buttonText`
_SUFFIX = re.compile(r"(?:block|box|panel|callout|alert|admonition)$")


class Opening(NamedTuple):
    """The beginning of a container."""

    kind: str  # alert, tab, or "" for one that is not seen
    marker: str = ""  # the type of an alert
    title: str = ""  # Markdown


def container_named(name: str, attributes: Mapping[str, str] | None = None, positional: Sequence[str] = ()) -> Opening:
    """Return the container that a name stands for; one of kind "" if it only contains."""
    attributes = attributes or {}
    word = name.lower().rpartition(".")[2]
    words = list(positional)
    if word in _TABS:
        return Opening("tab", "", _title(attributes, words, "tab"))
    if word == _FRAGMENT and (slot := attributes.get("slot", "")) and slot not in _COMMON_SLOTS:
        return Opening("tab", "", slot)
    if word in _DETAILS:
        return Opening("alert", "details", _title(attributes, words, "alert"))
    if word in _NAMED_BY_ATTRIBUTE:
        given = next((attributes[key].lower() for key in _KIND_KEYS if attributes.get(key)), "")
        if not given and words and words[0].lower() in _ALERTS:
            given = words.pop(0).lower()
        type_ = next((part for part in re.split(r"[\s_-]+", given) if part in _ALERTS), "")
        type_ = type_ or (word if word in _ALERTS else "note")
        return Opening("alert", _ALIASES.get(type_, type_), _title(attributes, words, "alert"))
    shortened = _SUFFIX.sub("", word)
    if (type_ := word if word in _ALERTS else shortened) in _ALERTS:
        return Opening("alert", _ALIASES.get(type_, type_), _title(attributes, words, "alert"))
    return Opening("")


def is_tab_group(name: str) -> bool:
    """Return True if a name stands for what tabs are in."""
    return name.lower().rpartition(".")[2] in _TAB_GROUPS


def tab_labels(attributes: Mapping[str, str], positional: Sequence[str] = ()) -> list[str]:
    """Return the labels that a group gives its tabs, in their order; a single positional argument names the group."""
    given = next((attributes[key] for key in _LABEL_KEYS if attributes.get(key)), "")
    labels = given.split("\n" if "\n" in given else ",") if given else list(positional) if len(positional) > 1 else []
    return [label.strip() for label in labels]


def is_container(name: str) -> bool:
    """Return True if a name stands for a container that is seen, or may be by its attributes."""
    return name.lower() == _FRAGMENT or bool(container_named(name).kind)


def _title(attributes: Mapping[str, str], words: Sequence[str], kind: str) -> str:
    keys = _TITLE_KEYS[: _MAX_TITLE_KEYS[kind]]
    return next((attributes[key] for key in keys if attributes.get(key)), words[0] if words else "")


def readable_attributes(attributes: Mapping[str, str]) -> list[str]:
    """Return the values of the attributes that people read."""
    others = (name for name in attributes if name.endswith(_READABLE_ENDS) and not name.startswith(("aria", "data-")))
    found = (attributes.get(name, "").strip() for name in (*_READABLE, *others))
    return list(dict.fromkeys(value for value in found if value and value.lower() not in ("true", "false")))
