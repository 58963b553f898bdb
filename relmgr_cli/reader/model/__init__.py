"""What the reader shows and where, without Textual."""
