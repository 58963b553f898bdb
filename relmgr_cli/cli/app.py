"""The Typer application with all commands; `relmgr` alone shows a welcome page."""

from typing import Annotated

import typer

from relmgr_cli import __version__
from relmgr_cli.cli import article_commands, library_commands, read_command, search_command  # noqa: F401 (they register)
from relmgr_cli.cli.options import app, invocation_from, root
from relmgr_cli.errors import Exit

__all__ = ["app"]


def _print_version(asked: bool) -> None:  # noqa: FBT001 (Typer calls it so)
    if asked:
        from relmgr_cli.terminal.stream import write

        write(f"relmgr {__version__}\n")
        raise typer.Exit


@root
def relmgr(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 (its callback answers)
        bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> int | None:
    """Read articles that exist in several languages."""
    if context.invoked_subcommand is not None:
        return None
    from relmgr_cli.cli.library_commands import welcome

    return welcome(invocation_from(context)) or Exit.SHOWN
