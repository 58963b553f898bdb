"""Text of a file -> header and blocks. Knows nothing of libraries, languages or terminals."""
