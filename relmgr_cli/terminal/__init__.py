"""Output to the terminal: sanitization, capabilities, streams, pager, progress."""
