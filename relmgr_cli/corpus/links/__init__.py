"""Where the links of a document lead, for a reader of one language."""
