"""The terms of a library that are translated in more than one way."""

from collections import defaultdict
from collections.abc import Collection
from functools import partial

from relmgr_cli import messages
from relmgr_cli.core.learning import learn_words
from relmgr_cli.core.library import Library
from relmgr_cli.errors import RelmgrError
from relmgr_cli.health.terms import Term, TermFinder
from relmgr_cli.store.articles import list_articles, load_article
from relmgr_cli.store.database import with_memory_fallback
from relmgr_cli.store.lexicon import lexicon_between


def find_terms(library: Library, languages: Collection[str] = (), *, wanted: str | None = None) -> tuple[Term, ...]:
    """Return the terms that are translated in more than one way, what a translator most wants to know first.

    `languages` are those of the translations, all by default. With `wanted` only this term is returned, also if it has
    one translation or uncertain ones.
    """
    database = library.database
    work = partial(learn_words, database, library.reporter.progress)
    if not with_memory_fallback(database, work, library.reporter.warn):
        library.reporter.on_incomplete_index()
    by_source: dict[str, list[int]] = defaultdict(list)
    targets: dict[str, set[str]] = defaultdict(set)
    for article in list_articles(database):
        if others := {
            tag for tag in article.languages if tag != article.source and (not languages or tag in languages)
        }:
            by_source[article.source].append(article.number)
            targets[article.source] |= others
    total = sum(map(len, by_source.values()))
    found: list[Term] = []
    with library.reporter.progress(messages.READING_TERMS) as progress:
        done = 0
        for source, numbers in by_source.items():
            finder = TermFinder(source, lexicon_between(database, source, targets[source]))
            for number in numbers:
                try:
                    finder.add(load_article(database, number, languages=targets[source]))
                except RelmgrError:  # another process has updated the articles
                    library.reporter.on_incomplete_index()
                done += 1
                if progress:
                    progress(done, total)
            found += finder.terms() if wanted is None else finder.translations_of(wanted)
    return tuple(sorted(found, key=lambda term: (-term.score, term.text)))
