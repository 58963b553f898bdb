"""The options that every command has, defined once.

`command` registers a function `(invocation, ...) -> int` and adds these options to its own; they work before
the command's name as well as after it.
"""

import functools
import inspect
import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from relmgr_cli.cli.completion import complete_language
from relmgr_cli.cli.context import Invocation
from relmgr_cli.config import read_settings

app = typer.Typer(
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Color(StrEnum):
    """When to use colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def _refuse_empty(folders: list[str] | None) -> list[str] | None:
    """Refuse an empty path, which would be the current folder: as a rule it comes from a variable that is not set."""
    if folders and "" in folders:
        raise typer.BadParameter("an empty path; use . for the current folder")
    return folders


_COMMON: Mapping[str, Any] = {
    "library": Annotated[
        list[str] | None,
        typer.Option(
            "--library", "-C", metavar="PATH", help="A folder to read; may be repeated.", callback=_refuse_empty
        ),
    ],
    "lang": Annotated[
        str | None,
        typer.Option(
            "--lang", "-L", metavar="LANGUAGE", help="pl, polish or polski.", autocompletion=complete_language
        ),
    ],
    "as_json": Annotated[bool | None, typer.Option("--json", help="Answer with one JSON object.", show_default=False)],
    "plain": Annotated[
        bool | None, typer.Option("--plain", help="No colour, no columns: one fact a line.", show_default=False)
    ],
    "width": Annotated[int | None, typer.Option("--width", min=20, metavar="N", help="At most N cells wide.")],
    "links": Annotated[bool | None, typer.Option("--links/--no-links", help="Write out where links lead.")],
    "color": Annotated[Color | None, typer.Option("--color", help="Colours.", case_sensitive=False)],
    "pager": Annotated[bool | None, typer.Option("--pager/--no-pager", help="Page what is longer than the screen.")],
}


def command(function: Callable[..., int], cls: type[TyperCommand] | None = None) -> Callable[..., int]:
    """Register a command under the function's name; `cls` parses its arguments, if not Typer's own class."""
    return app.command(function.__name__.removesuffix("_command"), cls=cls)(_with_common(function))


def root(function: Callable[..., int | None]) -> None:
    """Register what runs before every command, or alone when there is none."""
    app.callback(invoke_without_command=True)(_with_common(function))


def _with_common(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(ctx: typer.Context, **values: Any) -> Any:
        given = {name: value for name in _COMMON if (value := values.pop(name)) not in (None, [])}
        ctx.obj = {**(ctx.obj or {}), **given}
        return function(ctx if ctx.parent is None else invocation_from(ctx), **values)

    own = list(inspect.signature(function).parameters.values())[1:]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in _COMMON.items()
    ]
    keywords = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    wrapper.__signature__ = inspect.Signature([context, *keywords, *common])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in (context, *keywords, *common)}
    return wrapper


def invocation_from(context: typer.Context) -> Invocation:
    """Return the invocation with the options given so far."""
    given = context.obj
    settings = read_settings(
        os.environ,
        library=[Path(folder) for folder in given.get("library", ())],
        lang=given.get("lang"),
        width=given.get("width"),
        color=given["color"].value if "color" in given else None,
        plain=given.get("plain", False),
        as_json=given.get("as_json", False),
        links=given.get("links"),
        pager=given.get("pager", True),
    )
    return Invocation(settings, given["output_cache"], given["umask"], given["databases"])
