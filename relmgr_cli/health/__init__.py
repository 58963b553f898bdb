"""Judges translations: what is missing, stale or different in them."""
