"""Serves a library to agents and editors, by the Model Context Protocol."""
