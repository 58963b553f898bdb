"""Exports the source of units as a gettext template."""

from relmgr_cli.export.po import template as files

__all__ = ["files"]
