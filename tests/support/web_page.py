"""Reads exported web pages as a browser does, and knows what may be in them."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import NamedTuple

VOID = frozenset("meta link input img br hr circle path".split())
# Everything that the page is made of; nothing else may come in from a library.
TAGS = frozenset(
    "html head meta title link style body a header h1 h2 h3 h4 h5 h6 div button form input output svg circle path nav "
    "details summary ol ul li dl dt dd main article section p span strong em code del mark sup pre table thead tbody "
    "tr th td blockquote aside br hr img footer script".split()
)
ATTRIBUTES = frozenset(
    "lang dir class id charset http-equiv content name rel href type aria-pressed role aria-label placeholder title "
    "autocomplete spellcheck data-found data-none viewBox aria-hidden cx cy r d hidden tabindex src alt start value "
    "translate".lower().split()
)


class Element(NamedTuple):
    """An element with its attributes and all text in it."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[str, ...]  # tag and classes, "div.row.tight", outermost first
    texts: list[str]

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class WebPage(HTMLParser):
    """The elements of a page, in their order. A tag that is not closed, or closed twice, is an error."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(source)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        assert len(attributes) == len(attrs)
        parents = tuple(".".join([each.tag, *each.classes]) for each in self._open)
        element = Element(tag, attributes, parents, [])
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)

    def all(self, tag: str = "", name: str = "") -> list[Element]:
        """Return the elements with a tag and a class."""
        return [each for each in self.elements if tag in ("", each.tag) and (not name or name in each.classes)]

    @property
    def rows(self) -> list[list[Element]]:
        """The cells of each row of text."""
        found: list[list[Element]] = []
        for element in self.elements:
            if "row" in element.classes and element.tag == "div":
                found.append([])
            elif found and element.parents and element.parents[-1].startswith("div.row"):
                found[-1].append(element)
        return found

    def check_safety(self) -> None:
        """Fail if anything in the page could run, be loaded, or lead elsewhere than to the web."""
        for element in self.elements:
            assert element.tag in TAGS, element
            assert set(element.attributes) <= ATTRIBUTES, element
            self._check_targets(element)
        (script,), (style,) = self.all("script"), self.all("style")
        policy = next(each for each in self.all("meta") if "http-equiv" in each.attributes).attributes["content"]
        assert f"script-src '{_hash(script.text)}';" in policy
        assert f"style-src '{_hash(style.text)}';" in policy
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        names = [each.attributes["id"] for each in self.elements if "id" in each.attributes]
        assert len(names) == len(set(names))

    def _check_targets(self, element: Element) -> None:
        href, source = element.attributes.get("href"), element.attributes.get("src")
        if element.tag == "link":
            assert href == "data:,"
        elif href is not None:
            assert element.tag == "a"
            assert re.match(r"https?://|mailto:|#", href), href
        if source is not None:
            assert element.tag == "img"
            assert re.match(r"data:image/(png|jpeg|gif|webp|avif|svg\+xml);base64,", source), source[:50]


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
