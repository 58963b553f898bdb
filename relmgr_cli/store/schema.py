"""The tables of the index. Another version of them is another file: an index is rebuilt, never migrated."""

APPLICATION_ID = 0x52454C4D  # "RELM"
SCHEMA_VERSION = 22

# Paths are bytes: a file name need not be valid UTF-8, and SQLite's text must be. Texts that come from
# files are JSON in bytes for the same reason, see store/codec.py.
#
# What each counter versions:
#
#   documents.revision      the content of one document: the time when it was read and had changed; 1 more for each
#                           change of its language or state by pairing
#   meta.articles_version   which documents form which articles
#   meta.fulltext_id        the full-text index, named in its folder and schema; "" if there is none
#   meta.fulltext_commit    the last commit of the full-text index
#   meta.indexed_size       how many sections and terms the full-text index has
#   meta.fulltext_version   the articles_version that the full-text index has
#   meta.content_version    what a search reads: full-text index, vectors, lexicon, word translations
#   meta.lexicon_source     the language through which the lexicon connects others
#   meta.lexicon_articles   how many articles it was learnt from
#   meta.word_links         "whole" if all word translations were computed together, not when each word came
#   meta.exact_version      the content_version in which all was as if it had been learnt from scratch
#   meta.embeddings_version the content_version in which every word and passage had a vector
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE watched (path BLOB PRIMARY KEY, status TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    root BLOB NOT NULL, path BLOB NOT NULL,
    status TEXT NOT NULL, read_ns INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    article INTEGER,              -- NULL when the file could not be read as text, and for a second copy
    copy_of INTEGER,              -- of a second copy: the id of the original in the same language
    language TEXT,                -- as a member of its article
    detected TEXT,                -- the language of its text, as far as it can be told
    state TEXT NOT NULL DEFAULT 'translated', -- translated, partly or untranslated: whether the text is in `language`
    problems BLOB NOT NULL,       -- of the file
    pairing_note TEXT NOT NULL DEFAULT '',  -- why it is not in the article that its path suggests
    -- The large ones are last: a query of the others does not read them.
    summary BLOB, content BLOB, targets BLOB,  -- content is compressed
    traits BLOB,                  -- what only pairing reads of it
    UNIQUE (root, path)
);
CREATE INDEX documents_as_read ON documents (root, path, status, read_ns); -- what a command on unchanged files reads
CREATE INDEX documents_with_problems ON documents (root, path) WHERE problems != x'5b5d' OR pairing_note != '';
CREATE INDEX documents_of_article ON documents (article, language);
CREATE INDEX documents_that_are_copies ON documents (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX documents_of_language ON documents (language);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,   -- in `relmgr list`
    id TEXT NOT NULL UNIQUE,
    members TEXT NOT NULL UNIQUE, -- ids of the documents, ascending
    paired_by TEXT NOT NULL,
    source TEXT NOT NULL,         -- the language that the others are translated from
    highlights TEXT,
    sections BLOB, units BLOB,    -- NULL until the article is aligned
    with_embeddings INTEGER,      -- 1 if embeddings were used for that
    learnt INTEGER,               -- 1 if the lexicon has been learnt from its units too
    passages BLOB,                -- see store/passages.py; NULL until they have vectors
    comparison BLOB,              -- how its sections compare, see store/health.py; NULL until that is asked for
    findings BLOB                 -- of `relmgr check`, the same
);
CREATE TABLE link_names (             -- where links may lead, see store/link_index.py
    name BLOB, document INTEGER, PRIMARY KEY (name, document)
) WITHOUT ROWID;
CREATE TABLE names (                  -- what an article is found by, see store/name_lookup.py
    name TEXT NOT NULL,           -- in the form of `naming.name_key`
    kind TEXT NOT NULL,           -- id (its last part), file (name of a file, if it differs from that) or title
    language TEXT NOT NULL,       -- of the file or title; "" for an id
    article INTEGER NOT NULL,
    PRIMARY KEY (name, kind, language, article)
) WITHOUT ROWID;
CREATE TABLE similar_documents (
    one INTEGER NOT NULL, other INTEGER NOT NULL, likelihood REAL NOT NULL,
    PRIMARY KEY (one, other)
);
CREATE TABLE indexed (                -- the documents in the full-text index, see store/fulltext.py
    document INTEGER PRIMARY KEY, revision INTEGER NOT NULL, sections INTEGER NOT NULL,
    stems INTEGER NOT NULL, headings INTEGER NOT NULL, forms INTEGER NOT NULL -- terms in these fields
);
CREATE TABLE replaced_documents (     -- as the full-text index has them, where they have changed since
    document INTEGER PRIMARY KEY, language TEXT, summary BLOB, content BLOB
);
CREATE TRIGGER document_changes BEFORE UPDATE OF revision ON documents
    WHEN new.revision != old.revision AND (SELECT revision FROM indexed WHERE document = old.id) = old.revision
BEGIN INSERT OR IGNORE INTO replaced_documents VALUES (old.id, old.language, old.summary, old.content); END;
CREATE TRIGGER document_deletions BEFORE DELETE ON documents
    WHEN (SELECT revision FROM indexed WHERE document = old.id) = old.revision
BEGIN INSERT OR IGNORE INTO replaced_documents VALUES (old.id, old.language, old.summary, old.content); END;
CREATE TABLE stored_word_forms (      -- see store/vocabulary.py; most words are their form, and many their stem
    language TEXT, form TEXT,
    spelling TEXT,                    -- '' if it is the form
    stem TEXT,                        -- NULL if it is the form
    count INTEGER NOT NULL, prose INTEGER NOT NULL, -- occurrences in all, and outside code
    PRIMARY KEY (language, form, spelling)
) WITHOUT ROWID;
CREATE INDEX word_forms_of_stem ON stored_word_forms (language, stem) WHERE stem IS NOT NULL;
CREATE VIEW word_forms AS
    SELECT language, form, iif(spelling = '', form, spelling) AS spelling, coalesce(stem, form) AS stem, count, prose
    FROM stored_word_forms;
CREATE TABLE lexicon (                -- the translations of one stem, learnt from translated texts
    language TEXT, stem TEXT, translations BLOB NOT NULL,
    PRIMARY KEY (language, stem)
) WITHOUT ROWID;
CREATE TABLE word_translations (      -- of one stem in all languages, by its vector
    language TEXT, stem TEXT, spelling TEXT NOT NULL, translations BLOB NOT NULL,
    hubness REAL NOT NULL,            -- mean cosine to its nearest neighbours in all languages
    PRIMARY KEY (language, stem)
) WITHOUT ROWID;
CREATE TABLE word_headings (          -- the headings similar to a stem, see store/word_headings.py
    language TEXT, stem TEXT, document INTEGER, section INTEGER, revision INTEGER NOT NULL,
    cosine INTEGER NOT NULL,          -- in percent
    PRIMARY KEY (language, stem, document, section)
) WITHOUT ROWID;
CREATE INDEX word_headings_of_document ON word_headings (document);
CREATE TABLE vector_blocks (          -- vectors in bulk, see store/vector_blocks.py
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, first INTEGER NOT NULL, rows INTEGER NOT NULL,
    keys BLOB NOT NULL, codes BLOB NOT NULL, vectors BLOB NOT NULL
);
CREATE TABLE repositories (           -- git histories, see store/history.py
    id INTEGER PRIMARY KEY, top BLOB UNIQUE NOT NULL, head TEXT NOT NULL
);
CREATE TABLE commits (                -- that lead to `head`; the numbers increase with time
    repository INTEGER, number INTEGER, id BLOB NOT NULL, time INTEGER NOT NULL,
    PRIMARY KEY (repository, number)
) WITHOUT ROWID;
CREATE TABLE file_changes (           -- of all commits that were ever read
    repository INTEGER, "commit" BLOB, kind TEXT NOT NULL, path BLOB, old_path BLOB NOT NULL, blob BLOB NOT NULL,
    PRIMARY KEY (repository, "commit", path)
) WITHOUT ROWID;
CREATE TABLE blob_sections (          -- fingerprints of the sections of a blob, 8 bytes each
    blob BLOB PRIMARY KEY, fingerprints BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE document_histories (     -- since when the sections of a document stand as they do
    document INTEGER PRIMARY KEY, revision INTEGER NOT NULL, head TEXT NOT NULL, history BLOB NOT NULL
);
CREATE TABLE translation_states (     -- sections that are not up to date, see store/health.py
    document INTEGER PRIMARY KEY, revision INTEGER NOT NULL, -- of the translation
    source INTEGER NOT NULL, source_revision INTEGER NOT NULL,
    states BLOB NOT NULL          -- number of a section -> state
);
CREATE TABLE query_cache (text TEXT PRIMARY KEY, version INTEGER NOT NULL, answer BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES
    ('articles_version', 0), ('content_version', 0), ('fulltext_id', ''),
    ('links_version', -1), ('links_layout', CAST('[{}, []]' AS BLOB)),
    ('semantic_pairing', 'done'), ('semantic_pairing_cost', 0),
    ('unpaired', 0), ('problems', CAST('[]' AS BLOB)), ('rules', CAST('[]' AS BLOB));
"""

# Of a document: whether it has text, and its article, which for a second copy is that of its original.
HAS_ARTICLE = "(article IS NOT NULL OR copy_of IS NOT NULL)"
ARTICLE_OF_DOCUMENT = (
    "coalesce(article, (SELECT original.article FROM documents original WHERE original.id = documents.copy_of))"
)
