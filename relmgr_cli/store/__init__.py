"""The index on disk: SQLite database, full-text index, vectors; and the reading state."""
