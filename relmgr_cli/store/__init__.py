"""Articles -> index: the catalogue, kept in step with the files, and the questions it answers."""
