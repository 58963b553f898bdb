"""relmgr: read articles that exist in several languages, at the prompt."""

__version__ = "0.1.0"
