"""Parses Markdown files into front matter and blocks, without knowledge of libraries, languages or terminals."""
