"""Aligns the sections and blocks of the translations of an article."""
