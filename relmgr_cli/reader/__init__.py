"""The full-screen reader. The package `model` does not import Textual."""
