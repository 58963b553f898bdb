"""Articles -> index: the database, kept in step with the files, and the questions it answers."""
