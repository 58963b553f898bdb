"""Turns files into documents, pairs documents to articles, and aligns these. No SQL, no terminal."""
