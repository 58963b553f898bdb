"""Answers -> lines on a terminal or JSON. Imports rich, as do reader and terminal."""
