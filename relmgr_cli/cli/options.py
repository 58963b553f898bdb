"""The Typer application, and the options that commands share.

`command` registers a function `(invocation, ...) -> int` and adds the shared options that it obeys. All of them are
also accepted before the command's name.
"""

import functools
import inspect
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from relmgr_cli import messages
from relmgr_cli.cli.completion import complete_language
from relmgr_cli.cli.context import Invocation
from relmgr_cli.config import ChosenBy, read_settings
from relmgr_cli.ui_language import translate

_HELP: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {}  # help text of a command -> its description, its examples


class Command(TyperCommand):
    """A command whose help is in the language that relmgr speaks."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; while a value is completed, those before its option count, which has no value yet."""
        if ctx.resilient_parsing and args and any(args[-1] in option.opts for option in _with_value(self.params)):
            args = args[:-1]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        with translated_help(ctx, self):
            super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)


def _with_value(params: Sequence[Any]) -> Iterator[Any]:
    return (param for param in params if param.param_type_name == "option" and not param.is_flag)


class _Group(TyperGroup):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        with translated_help(ctx, self, *self.commands.values()):
            super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _write_usage(self, ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return name, command and arguments: `help COMMAND` is `COMMAND --help`, and the path of a file is shown."""
        first, *rest = args
        if first == "help":
            if not rest:
                typer.echo(self.get_help(ctx))
                ctx.exit()
            return super().resolve_command(ctx, [rest[0], "--help"])
        if first not in self.commands:
            from relmgr_cli.store.article_search import is_path

            if os.path.isfile(first) or is_path(first):
                return super().resolve_command(ctx, ["show", *args])
        return super().resolve_command(ctx, args)


@contextmanager
def translated_help(context: Any, *commands: Any) -> Iterator[None]:
    """Translate the help of commands, and that of their parameters, while it is written."""
    owners = [*commands, *(each for command in commands for each in command.get_params(context))]
    english = [getattr(owner, "help", None) for owner in owners]
    for owner, text in zip(owners, english, strict=True):
        if text in _HELP:
            description, examples = _HELP[text]
            owner.help = _help_text(translate(description), [(line, translate(effect)) for line, effect in examples])
        elif text:
            owner.help = translate(text)
    try:
        yield
    finally:
        for owner, text in zip(owners, english, strict=True):
            owner.help = text


def _write_usage(command: Any, context: Any, formatter: Any) -> None:
    arguments = " ".join(command.collect_usage_pieces(context))
    formatter.write_usage(context.command_path, arguments, prefix=messages.USAGE_LINE.fill())


app = typer.Typer(
    cls=_Group,
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
    """Refuse an empty path, which would be the current folder: it mostly comes from a variable that is not set."""
    if folders and "" in folders:
        raise typer.BadParameter(messages.EMPTY_PATH.fill())
    return folders


def refuse_blank(value: str | None) -> str | None:
    """Refuse an empty value, which would be as good as none: it mostly comes from a variable that is not set."""
    if value is not None and not value.strip():
        raise typer.BadParameter(messages.EMPTY_VALUE.fill())
    return value


def refuse_blanks(values: list[str] | None) -> list[str] | None:
    """Refuse an empty value among several."""
    for value in values or ():
        refuse_blank(value)
    return values


def _refuse_split(names: list[str] | None) -> list[str] | None:
    """Refuse an empty language, and a list that a space ends, as in `--lang pl, ru`."""
    for each in names or ():
        refuse_blank(each)
        if each.strip()[-1] == ",":
            raise typer.BadParameter(messages.LANGUAGES_SPLIT.fill(names=each.strip()))
    return names


_SHARED: Mapping[str, Any] = {
    "library": Annotated[
        list[str] | None,
        typer.Option(
            "--library", "-C", metavar="PATH", help="A folder of articles; may be repeated.", callback=_refuse_empty
        ),
    ],
    "bundled": Annotated[bool | None, typer.Option("--bundled", help="Read the bundled articles.", show_default=False)],
    "lang": Annotated[
        list[str] | None,
        typer.Option(
            "--lang",
            "-L",
            metavar="LANGUAGE",
            help="Code or name: pl, polish, polski.",
            autocompletion=complete_language,
            callback=_refuse_split,
        ),
    ],
    "as_json": Annotated[bool | None, typer.Option("--json", help="Print one JSON object.", show_default=False)],
    "plain": Annotated[
        bool | None,
        typer.Option(
            "--plain",
            help="One fact a line, without colours and columns; for screen readers.",
            show_default=False,
        ),
    ],
    "width": Annotated[int | None, typer.Option("--width", min=20, metavar="N", help="Maximum width in cells.")],
    "links": Annotated[bool | None, typer.Option("--links/--no-links", help="Print the targets of links.")],
    "color": Annotated[Color | None, typer.Option("--color", help="When to use colours.", case_sensitive=False)],
    "pager": Annotated[bool | None, typer.Option("--pager/--no-pager", help="Use a pager for long output.")],
}


def command(
    *examples: tuple[str, str], without: str = "", cls: type[Command] = Command
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Register a command under the function's name.

    `without` names the shared options that it does not have; `cls` parses its arguments.
    """

    def register(function: Callable[..., int]) -> Callable[..., int]:
        shared = [name for name in _SHARED if name not in without.split()]
        name = function.__name__.removesuffix("_command")
        return app.command(name, cls=cls, help=_help(function, examples))(_with_shared(function, shared))

    return register


def root(*examples: tuple[str, str]) -> Callable[[Callable[..., int | None]], None]:
    """Register what runs before every command, or alone when there is none."""

    def register(function: Callable[..., int | None]) -> None:
        app.callback(invoke_without_command=True, help=_help(function, examples))(_with_shared(function, [*_SHARED]))

    return register


def _help(function: Callable[..., Any], examples: Sequence[tuple[str, str]]) -> str:
    """Return the help text of a command; the examples are command lines and what they do."""
    description = inspect.getdoc(function) or ""
    text = _help_text(description, examples)
    _HELP[text] = (description, examples)
    return text


def shared_options() -> frozenset[str]:
    """Return the names of the options that commands share."""
    return frozenset(_SHARED)


def help_parts(text: str) -> tuple[str, Sequence[tuple[str, str]]]:
    """Return description and examples of a command's help, in English."""
    return _HELP[text]


def _help_text(description: str, examples: Sequence[tuple[str, str]]) -> str:
    width = max(len(line) for line, _ in examples)
    lines = [f"  {line:<{width}}  {effect}" for line, effect in examples]
    heading = messages.EXAMPLES.fill()
    return "\n".join([description, "", "\b", heading, *lines])  # after \b lines stay as they are


def _with_shared(function: Callable[..., Any], shared: Sequence[str]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(ctx: typer.Context, **values: Any) -> Any:
        given = {name: value for name in shared if (value := values.pop(name)) not in (None, [])}
        if "lang" in given:
            given["lang"] = ",".join(given["lang"])
        ctx.obj = _override(ctx.obj or {}, given)
        return function(ctx if ctx.parent is None else invocation_from(ctx), **values)

    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [each.replace(kind=keyword) for each in [*inspect.signature(function).parameters.values()][1:]]
    parameters += [inspect.Parameter(name, keyword, default=None, annotation=_SHARED[name]) for name in shared]
    wrapper.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in (context, *parameters)}
    return wrapper


def _override(options: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with those that were given later; `--library` and `--bundled` replace each other."""
    if given.get("bundled") and "library" in given:
        raise typer.BadParameter(messages.LIBRARY_TWICE.fill())
    replaced = ("library", "bundled") if given.keys() & {"library", "bundled"} else ()
    return {**{name: value for name, value in options.items() if name not in replaced}, **given}


def invocation_from(context: typer.Context) -> Invocation:
    """Return the invocation with the options given before and after the command's name."""
    given = context.obj
    settings = read_settings(os.environ, **{name: given[name] for name in _SHARED if name in given})
    messages.set_library_options(settings.asked_library, is_bundled=settings.choice.by is ChosenBy.BUNDLED_OPTION)
    return Invocation(settings, given["output_cache"], given["umask"], given["databases"])
