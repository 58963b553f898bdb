"""Languages: their tags and names, which one a reader wants, and which one a text is written in."""
