"""The command line: commands call the core, lay out the results and return an exit code."""
