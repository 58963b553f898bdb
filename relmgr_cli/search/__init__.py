"""A question -> terms in every language of the library -> hits, sections that answer it, with what matched in them."""
