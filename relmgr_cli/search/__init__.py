"""Searches the library: expands a query to all languages, finds and ranks sections, and builds snippets."""
