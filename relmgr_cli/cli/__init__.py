"""The command line: a command asks the core, renders the answer and returns its exit code."""
