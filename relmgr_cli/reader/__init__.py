"""The full-screen reader. Its core (viewport, sheet, positions, bearings, finding) knows nothing of Textual."""
