"""The full-screen reader. Its core (viewport, rows, positions, bearings, finding) knows nothing of Textual."""
