"""Headings of translated articles as questions: those in one language to a library in another one.

The files are of public repositories in many languages. Files of an article whose outlines have the same levels have the
same headings, each in its language. A library has the files in one language only, so that nothing but the translation
of the question leads to the answer.
"""

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support.corpora import make_old
from benchmarks.support.search_libraries import WORK, code_checksum
from relmgr_cli.languages.normalization import fold
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.retrieval import Scope, find
from relmgr_cli.store.articles import list_articles, load_article, load_document
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.fulltext import FullText, open_fulltext
from relmgr_cli.store.passages import encode_passages
from relmgr_cli.store.sync import sync
from relmgr_cli.store.word_translations import encode_words

# What the encoder knows.
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
TOP = 10
_ARTICLES = 20  # of a repository, those in most languages
_FILES = 60  # of a library in another language than English
_QUESTIONS = 40  # of a direction
_FEWEST_WORDS, _FEWEST_LETTERS = 2, 4  # of a question; letters in a script without spaces
_FIRST_UNSPACED = "\u0e00"


class Translation(NamedTuple):
    """A file of an article."""

    path: str  # below the folder of the repositories
    headings: tuple[str, ...]


class TranslatedArticle(NamedTuple):
    """An article whose files have the same outline, by language."""

    translations: dict[str, Translation]


class Question(NamedTuple):
    """A heading, and the place of the heading that it translates."""

    text: str
    path: str
    heading: int  # index among the headings of the file


class DirectionLibrary(NamedTuple):
    """A library in one language."""

    database: Database
    text: FullText
    places: dict[tuple[str, int], tuple[int, str]]  # path and heading -> article and section


def read_articles(folders: Sequence[Path]) -> list[TranslatedArticle]:
    """Return the articles of some repositories that are in most languages."""
    found = []
    for folder in folders:
        cache = WORK / "directions" / f"{folder.name}.json"
        if not cache.exists():
            cache.parent.mkdir(parents=True, exist_ok=True)
            cache.write_text(json.dumps(list(_articles_in(folder))), "utf-8")
        rows = json.loads(cache.read_text("utf-8"))
        articles = [
            TranslatedArticle({tag: Translation(path, tuple(h)) for tag, (path, h) in row.items()}) for row in rows
        ]
        articles.sort(key=lambda article: (-len(article.translations), min(article.translations.values()).path))
        found += articles[:_ARTICLES]
    return found


def _articles_in(folder: Path) -> Iterator[dict[str, tuple[str, list[str]]]]:
    """Yield the articles of a repository in several languages: path and headings of each file, by language."""
    database = open_database(None, [folder])
    sync(database, [folder])
    for summary in list_articles(database):
        files: dict[str, tuple[str, list[str]]] = {}
        outlines: dict[str, tuple[int, ...]] = {}
        for file in summary.documents:
            tag = file.language.partition("-")[0]
            document = load_document(database, summary.number, file.language)
            if document is None or tag not in LANGUAGES or tag in files or file.state == "untranslated":
                continue
            with_heading = [section for section in document.sections if section.level]
            outlines[tag] = tuple(section.level for section in with_heading)
            files[tag] = (f"{folder.name}/{file.path}", [document.heading(section) for section in with_heading])
        usual = Counter(outlines.values()).most_common(1)
        same = {tag: found for tag, found in files.items() if usual and outlines[tag] == usual[0][0]}
        if len(same) > 1 and usual[0][0]:
            yield same
    database.close()


def questions_between(articles: Sequence[TranslatedArticle], source: str, target: str) -> list[Question]:
    """Return headings in one language, with the places of their translations in another one."""
    counts = {
        tag: Counter(
            fold(text) for each in articles if tag in each.translations for text in each.translations[tag].headings
        )
        for tag in (source, target)
    }
    questions = []
    files = frozenset(_chosen_files(articles, target))
    for article in articles:
        if not {source, target} <= article.translations.keys():
            continue
        here, there = article.translations[source], article.translations[target]
        if there.path not in files:
            continue
        english = article.translations["en"].headings if "en" in article.translations else ()
        for index, (text, other) in enumerate(zip(here.headings, there.headings, strict=True)):
            original = english[index] if english else ""
            is_unique = counts[source][fold(text)] == counts[target][fold(other)] == 1
            is_translated = source == target or fold(text) != fold(other)
            is_english = any(
                tag != "en" and fold(each) == fold(original) for tag, each in ((source, text), (target, other))
            )
            if is_unique and is_translated and not is_english and _is_question(text):
                questions.append(Question(text, there.path, index))
    random.Random(7).shuffle(questions)  # noqa: S311 (the same in every run)
    return questions[:_QUESTIONS]


def _is_question(text: str) -> bool:
    letters = sum(letter >= _FIRST_UNSPACED and letter.isalpha() for letter in text)
    is_long = (
        letters >= _FEWEST_LETTERS or sum(any(c.isalpha() for c in word) for word in text.split()) >= _FEWEST_WORDS
    )
    return is_long and not set(text) & set('"“”„«»*') and not any(word.startswith("-") for word in text.split())


def open_direction(articles: Sequence[TranslatedArticle], language: str, folders: Collection[Path]) -> DirectionLibrary:
    """Open the library of the files in a language, and build it if needed."""
    files = _chosen_files(articles, language)
    roots = {folder.name: folder.parent for folder in folders}
    library = WORK / "directions" / "libraries" / language
    cache = WORK / "directions" / code_checksum() / language
    listing = json.dumps(files)
    if not (cache / "done").exists() or (cache / "done").read_text("utf-8") != listing:
        start = time.perf_counter()
        for old in (library, *(WORK / "directions").glob(f"*/{language}")):
            shutil.rmtree(old, ignore_errors=True)
        for path in files:
            target = library / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(roots[path.partition("/")[0]] / path, target)
            make_old(target)
        database = open_database(cache, [library])
        sync(database, [library])
        sections = open_fulltext(database).sections
        encode_words(database)
        encode_passages(database)
        database.close()
        (cache / "done").write_text(listing, "utf-8")
        print(
            f"    {language}: {len(files)} files, {sections} sections, indexed in {time.perf_counter() - start:.0f} s",
            flush=True,
        )
    database = open_database(cache, [library])
    return DirectionLibrary(database, open_fulltext(database), dict(_places(database)))


def _chosen_files(articles: Sequence[TranslatedArticle], language: str) -> list[str]:
    files = sorted(each.translations[language].path for each in articles if language in each.translations)
    if language != "en" and len(files) > _FILES:
        files = sorted(random.Random(7).sample(files, _FILES))  # noqa: S311 (the same in every run)
    return files


def _places(database: Database) -> Iterator[tuple[tuple[str, int], tuple[int, str]]]:
    for (number,) in database.rows("SELECT number FROM articles"):
        article = load_article(database, number)
        for language, document in article.documents.items():
            with_heading = [index for index, section in enumerate(document.sections) if section.level]
            for section in article.sections:
                if section.indexes.get(language) in with_heading:
                    place = with_heading.index(section.indexes[language])
                    yield (document.path, place), (number, section.number)


def rank_of(library: DirectionLibrary, question: Question) -> int:
    """Return the rank of the answer among the first ten hits; 0 if it is not among them."""
    hits = find(library.database, library.text, parse_query(question.text), Scope(limit=TOP)).hits
    found = [(hit.article, hit.section) for hit in hits[:TOP]]
    answer = library.places.get((question.path, question.heading))
    return found.index(answer) + 1 if answer in found else 0
