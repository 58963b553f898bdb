"""Checks the front matter of documents: whether it can be read, names the right language and has all fields."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from relmgr_cli import file_messages
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.text_languages import prose
from relmgr_cli.corpus.translation_paths import find_markers, primary_of, readings
from relmgr_cli.corpus.translation_state import RELIABLE_WORDS, are_neighbours
from relmgr_cli.health.comparison import Comparison, source_of
from relmgr_cli.health.findings import INFO, Finding, finding
from relmgr_cli.languages.detection import detect_among
from relmgr_cli.languages.names import names as names_of_languages
from relmgr_cli.languages.tags import parse_tag
from relmgr_cli.markdown.front_matter import read_front_matter
from relmgr_cli.messages import Message

_SHOWN = ("title", "description")  # what readers see
_MAX_NAMED = 6
_LANGUAGE_FIELD = re.compile(r"""["']?(lang|locale|language)["']?\s{0,9}[:=]\s{0,9}["']?([\w-]{2,40})""")
_MAX_HEADER = 200  # lines of front matter that are searched


def invalid_front_matter(document: Document, language: str) -> Iterator[Finding]:
    """Yield the faults of front matter that cannot be read; a source may have them too."""
    for problem in document.problems:
        if problem.code == "front-matter":
            yield finding(
                "invalid-front-matter",
                language,
                "0",
                line=max(problem.line, 1),
                source_line=None,
                message=problem.message,
                text=problem.message,
            )


def wrong_language(article: Article, language: str, text: str) -> Iterator[Finding]:
    """Yield the field of the front matter that names another language than the one in which a document is read."""
    document = article.documents[language]
    declared = primary_of(document.declared or "")
    read_as = primary_of(language)
    if not declared or (declared == read_as and (declared in names_of_languages() or len(article.documents) > 1)):
        return
    line, name, value = _language_field(text, declared)
    if not line or any(read_as in map(primary_of, each.tags) for each in readings(value) if declared != read_as):
        return
    template = (
        file_messages.CHECK_LANGUAGE_UNKNOWN if declared == read_as else _contradiction(article, language, declared)
    )
    if template:
        message = template.fill(name=name, value=value, language=language)
        yield finding("front-matter", language, "0", line=line, source_line=None, message=message, text=message)


def _contradiction(article: Article, language: str, declared: str) -> Message | None:
    """Return what to say of front matter that another language is named in; None if it may be right."""
    document, read_as = article.documents[language], primary_of(language)
    text = prose(document.blocks, document.title, document.description)
    detected = primary_of((detect_among(text, [declared]) or "") if document.words >= RELIABLE_WORDS else "")
    is_in_path = any(primary_of(marker.tag) == read_as for marker in find_markers(document.path))
    if detected == read_as and not are_neighbours(declared, read_as):
        return file_messages.CHECK_LANGUAGE_OF_TEXT
    is_untranslated = detected == declared == primary_of(source_of(article))  # that is reported as such
    return file_messages.CHECK_LANGUAGE_OF_PATH if is_in_path and not is_untranslated else None


def _language_field(text: str, declared: str) -> tuple[int, str, str]:
    """Return the line of the field that names a language, its name and its value; line 0 if it is not found."""
    for number, line in enumerate(text.split("\n", _MAX_HEADER)[:_MAX_HEADER], 1):
        match = _LANGUAGE_FIELD.match(line.strip())
        if match and primary_of(parse_tag(match[2]) or "") == declared:
            return number, match[1], match[2]
    return 0, "", ""


def check_front_matter(comparison: Comparison) -> Iterator[Finding]:
    """Yield what is wrong with the front matter; nothing if the texts of the files are not known."""
    target = comparison.target
    yield from invalid_front_matter(target, comparison.language)
    if not comparison.source_text or not comparison.target_text:
        return
    source_matter = read_front_matter(comparison.source_text, comparison.source.path)
    matter = read_front_matter(comparison.target_text, target.path)
    if matter.problems or source_matter.problems:
        return
    missing = [name for name, value in source_matter.values.items() if value and not matter.values.get(name)]
    shown = [name for name in missing if name in _SHOWN and not _is_elsewhere(name, comparison, matter.values)]
    others = [name for name in missing if name not in _SHOWN]
    for names, severity in ((shown, ""), (others, INFO)):
        if names:
            message = file_messages.CHECK_FIELDS.fill(names=", ".join(names[:_MAX_NAMED]))
            yield _report(comparison, "front-matter", message, severity=severity)


def _is_elsewhere(name: str, comparison: Comparison, values: Mapping[str, Any]) -> bool:
    """Return whether a translation has its title as a heading."""
    is_heading = f"# {comparison.target.title}" in comparison.target_text
    return name == "title" and (is_heading or bool(values.get("linkTitle")))


def _report(comparison: Comparison, code: str, message: str, *, line: int = 1, severity: str = "") -> Finding:
    return finding(
        code, comparison.language, "0", line=line, source_line=1, message=message, text=message, severity=severity
    )
