"""The full-screen reader. Its core (viewport, sheet, glyphs, bearings, finding) knows nothing of Textual."""
