"""Exports articles as one web page that needs nothing else: the languages side by side, the same unit on the same row.

The page contains one style sheet and one script; its content security policy names their hashes, so that nothing else
can run or be loaded, whatever an article contains. Without the script all text is there to read.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib.resources import files as resources
from itertools import groupby

from relmgr_cli import __version__, messages
from relmgr_cli.corpus.document import Document
from relmgr_cli.export.block_html import html_text
from relmgr_cli.export.images import LibraryImages
from relmgr_cli.export.page_links import PageLinks, fragment, section_id
from relmgr_cli.export.page_rows import PageArticle, Targets, language_attributes, write_article
from relmgr_cli.export.units import ExportArticle, ExportFile, Request, Tally, article_units
from relmgr_cli.languages.names import native_language_name
from relmgr_cli.ui_language import current_language

_OUTLINE_DEPTH = 2  # of section numbers
_LARGE = 20_000_000  # characters; a larger page takes seconds to open


def files(articles: Iterable[ExportArticle], request: Request, tally: Tally) -> Iterator[ExportFile]:
    """Yield the page."""
    links, images = PageLinks(), LibraryImages()
    targets = Targets(links.target, lambda href, documents: _data_uri(images, href, documents))
    written = []
    for article in articles:
        _count(article, request, tally)
        written.append(write_article(article, request.languages, links.add(article.article), targets))
    parts = [each.html for each in written]
    page = "".join([_before(written, request), *links.resolve(parts), _after(written, request)])
    if images.left_out:
        tally.notes.append(messages.PAGE_IMAGES_LEFT_OUT.fill(images.left_out))
    if len(page) > _LARGE:
        tally.notes.append(messages.PAGE_LARGE.fill(size=round(len(page) / 1e6)))
    yield ExportFile("page.html", page)


def _count(article: ExportArticle, request: Request, tally: Tally) -> None:
    """Count the rows of an article: these are blocks, also where the units are sentences."""
    rows = list(article_units(article.article, request.languages)) if request.by_sentence else article.units
    tally.written += len(rows)
    tally.doubtful += sum(bool(unit.doubtful) for unit in article.units)
    tally.untranslated += sum(len(unit.segments) < len(request.languages) for unit in rows)


def _data_uri(images: LibraryImages, href: str, documents: Sequence[Document]) -> str:
    image = images.find(href, documents)
    return f"data:{image.media_type};base64,{b64encode(image.data).decode()}" if image else ""


def _before(articles: Sequence[PageArticle], request: Request) -> str:
    """Return the page up to the first article."""
    style, script = _style(len(request.languages)), _resource("page.js")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    title = request.title
    if len(articles) == 1 and articles[0].title != title:
        title = f"{articles[0].title} – {title}" if title else articles[0].title
    skip = html_text(messages.PAGE_SKIP)
    return f"""<!DOCTYPE html>
<html lang="{current_language()}" class="v{len(request.languages)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="relmgr {__version__}">
<title>{html_text(title or "relmgr")}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<a class="skip" href="#::text">{skip}</a>
<header class="bar">
<h1>{html_text(request.title or "relmgr")}</h1>
{_tools(request.languages)}</header>
<div class="page">
{_outline(articles)}<main id="::text" tabindex="-1">
"""


def _after(articles: Sequence[PageArticle], request: Request) -> str:
    count = messages.ARTICLES.fill(len(articles))
    footer = messages.PAGE_FOOTER.fill(articles=count, date=request.date[:10])
    script = f"<script>{_resource('page.js')}</script>"
    return f"</main>\n</div>\n<footer>{html_text(footer)}</footer>\n{script}\n</body>\n</html>\n"


def _tools(languages: Sequence[str]) -> str:
    """Return the controls; the script shows them."""
    toggles = "".join(
        f'<button type="button" aria-pressed="true" {language_attributes(tag)}>'
        f"{html_text(native_language_name(tag))}</button>"
        for tag in languages
    )
    search, previous, following = (
        html_text(text) for text in (messages.PAGE_SEARCH, messages.PAGE_PREVIOUS, messages.PAGE_NEXT)
    )
    return (
        '<div class="tools" hidden>\n'
        f'<div class="languages" role="group" aria-label="{html_text(messages.PAGE_LANGUAGES)}">{toggles}</div>\n'
        f'<form class="search" role="search" aria-label="{search}"><input type="search" aria-label="{search}" '
        f'placeholder="{search}" title="{html_text(messages.PAGE_SEARCH_KEYS)}" autocomplete="off" spellcheck="false">'
        f'<output data-found="{html_text(messages.PAGE_HIT)}" data-none="{html_text(messages.PAGE_NO_HITS)}"></output>'
        f"{_step('previous', previous, 'M3 10.5 8 5.5l5 5')}{_step('next', following, 'M3 5.5l5 5 5-5')}</form>\n"
        f'<button type="button" class="theme" aria-label="{html_text(messages.PAGE_THEME)}" '
        f'title="{html_text(messages.PAGE_THEME)}"><svg viewBox="0 0 16 16" aria-hidden="true">'
        '<circle cx="8" cy="8" r="6"/><path class="half" d="M8 2a6 6 0 0 1 0 12z"/></svg></button>\n</div>\n'
    )


def _step(name: str, label: str, path: str) -> str:
    return (
        f'<button type="button" class="step {name}" aria-label="{label}" title="{label}">'
        f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{path}"/></svg></button>'
    )


def _outline(articles: Sequence[PageArticle]) -> str:
    """Return the outline: articles and their sections, of a single article only these."""
    contents = html_text(messages.PAGE_CONTENTS)
    if len(articles) == 1:
        items = "".join(_section_items(articles[0])) or _link(articles[0].name, articles[0].title, articles[0].language)
    else:
        items = "".join(map(_article_item, articles))
    return (
        f'<nav class="outline" aria-label="{contents}"><details><summary>{contents}</summary>\n'
        f"<ol>\n{items}</ol>\n</details></nav>\n"
    )


def _article_item(article: PageArticle) -> str:
    link = _link(article.name, article.title, article.language)
    if sections := "".join(_section_items(article)):
        return f"<li><details><summary>{link}</summary><ol>{sections}</ol></details></li>\n"
    return f"<li>{link}</li>\n"


def _section_items(article: PageArticle) -> Iterator[str]:
    """Yield the sections of an article as items of a list, those one level below in a list of their own."""
    shown = [each for each in article.sections if each[0].count(".") < _OUTLINE_DEPTH]
    for _, group in groupby(shown, lambda each: each[0].partition(".")[0]):
        first, *others = [_link(section_id(article.name, number), text, tag) for number, text, tag in group]
        inner = "".join(f"<li>{each}</li>" for each in others)
        yield f"<li>{first}{f'<ol>{inner}</ol>' if inner else ''}</li>\n"


def _link(name: str, text: str, language: str) -> str:
    return f'<a href="{html_text(fragment(name))}" {language_attributes(language)}>{html_text(text)}</a>'


def _style(languages: int) -> str:
    """Return the style sheet; a class of the page hides each language, but not in a row that is opened."""
    rules = [
        f".h{each} .l{each}{{display:none}}"
        f".h{each} .row:is(:focus,.open)>.l{each}{{display:flex;order:1;padding-inline-start:.9rem;"
        "border-inline-start:2px solid var(--link)}"
        for each in range(languages)
    ]
    return _resource("page.css") + "\n".join(rules) + "\n"


def _resource(name: str) -> str:
    return resources("relmgr_cli.export").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the hash of an inline element as a content security policy names it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
