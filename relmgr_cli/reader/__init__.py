"""The full-screen reader. Its model (viewport, rows, positions, anchors, session) knows nothing of Textual."""
