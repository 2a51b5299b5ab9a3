"""The command line: options in, exit codes out; help, and what went wrong, in the user's language.

0 done, nothing to report; 1 found something; 2 could not do it. Results go to stdout, notes and
progress to stderr. Imports nothing that takes time: a command is imported when it is called, the
words when something is to be said.
"""

import gc
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import fields
from importlib import import_module
from io import TextIOWrapper
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn

import click

from generator import __version__
from generator.engine.problem import Message, Stop, Text

if TYPE_CHECKING:
    from generator.words.messages import Catalogue

FOUND, COULD_NOT = 1, 2
"""Exit codes beside 0."""

LANGUAGES = tuple(field.name for field in fields(Text))

WITH_VALUE = ("--root", "--format", "--lang", "--color")
"""The common options that take a value."""

FLAGS = (("-q", "--quiet"), ("-v", "--verbose"), ("--debug",))
"""Those that take none."""

HEADINGS = ("Usage:", "Options:", "Commands:", "Show this message and exit.")


def words(lang: str) -> "Catalogue":
    """The words of a language."""
    from generator.words.messages import catalogue  # noqa: PLC0415 - `--version` needs none

    return catalogue(lang)


class OneOf(click.Choice[str]):
    """One of a few words; what is refused is kept, to be told with the nearest of them."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's
        return str(value)


class Helpful(click.Command):
    """Help in the language that the context names; the code has the texts in English."""

    def get_help(self, ctx: click.Context) -> str:
        worded, _ = copy(self), words(ctx.find_root().obj)._
        worded.help = self.help and _(self.help)
        worded.epilog = self.epilog and _(self.epilog)
        worded.params = [copy(parameter) for parameter in self.params]
        for parameter in worded.params:
            if isinstance(parameter, click.Option) and parameter.help:
                parameter.help = _(parameter.help)
        text = super(Helpful, worded).get_help(ctx)
        for heading in HEADINGS:
            text = text.replace(heading, _(heading))
        return text


Listed = Mapping[str, tuple[str, str]]
"""Commands by name: the module of `generator.commands` that has each, and what each is for."""


class Commands(Mapping[str, click.Command]):
    """The commands of a group, each imported when it is asked for."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed

    def __getitem__(self, name: str) -> click.Command:
        module, purpose = self.listed[name]
        commands = import_module(f"generator.commands.{module}")
        command: click.Command = getattr(commands, f"{name}_command")
        command.name, command.help = name, purpose
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self.listed)

    def __len__(self) -> int:
        return len(self.listed)


class CommandGroup(Helpful, click.Group):
    """A group that says what its commands are for without importing them."""

    def __init__(self, name: str, listed: Listed, **rest: Any) -> None:
        super().__init__(name, **rest)
        # Beside --help they may stand before it or after it; what they say is read by `main`.
        given = [click.Option([option], hidden=True, expose_value=False) for option in WITH_VALUE]
        given += [
            click.Option(flag, is_flag=True, hidden=True, expose_value=False) for flag in FLAGS
        ]
        self.params += given
        self.listed = listed
        self.commands = Commands(listed)  # type: ignore[assignment]  # it is only read

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        moved = after_command(args)
        # The value of an option that nobody knows is no command.
        known = moved[:1] and (moved[0] in self.listed or moved[0] == args[0])
        return super().parse_args(ctx, moved if known else args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _ = words(ctx.find_root().obj)._
        with formatter.section("Commands"):
            rows = [(name, _(self.listed[name][1])) for name in self.list_commands(ctx)]
            formatter.write_dl(rows)


COMMANDS = {
    "check": (
        "year",
        "Is everything well formed, consistent and allowed? PATHs only filter what is shown.",
    ),
    "score": ("year", "What are the scores, and why?"),
    "explain": ("year", "Every point lost: clause text, working, file:line, effect on rank."),
    "render": ("site", "The Markdown pages and data files, nothing else."),
    "build": ("site", "Render, then the site; the old site stays until the new one is whole."),
    "serve": ("site", "The site, live: save a file and see the page change."),
    "init": ("scaffold", "Start a city in a folder of its own."),
    "new": ("scaffold", "Start a year, or a township's file."),
    "status": ("year", "Who has submitted, who is late?"),
    "publish": ("year", "Lock a final year: write the receipt of its result, once."),
    "verify": (
        "year",
        "Compute a published year again and say what differs; needs no Git and no network.",
    ),
    "circular": (
        "circular",
        "The official circular of a year, as a Word file in the form of GB/T 9704-2012.",
    ),
    "diff": (
        "review",
        "What changed in scores and ranks between two revisions, and because of what?",
    ),
    "history": ("review", "Which commits moved which scores, and because of what?"),
    "gate": ("review", "May this push or pull request go in?"),
    "owners": ("review", "Who may change what, as a CODEOWNERS file."),
    "rules": ("rules", "Write, check and test a rulebook."),
    "whatif": (
        "rules",
        "What would move if a phrase were read otherwise, or something were different?",
    ),
}
"""The module of each command, and the question that it answers."""

cli = click.version_option(__version__, prog_name="kaohe", message="%(prog)s %(version)s")(
    CommandGroup(
        "kaohe",
        COMMANDS,
        help="Assessments that are computed, published and disputed in the open.",
        epilog="Example: kaohe check",
    )
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; the one place where an exception becomes a message and a code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    lang = language(given)
    # A command ends before looking for garbage in cycles would pay: a tenth of a build's time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # there is none where it was closed
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = cli.main(given, prog_name="kaohe", standalone_mode=False, obj=lang)
    except (click.Abort, KeyboardInterrupt):
        code = COULD_NOT
    except Exception as error:  # noqa: BLE001 - a traceback is no answer to a clerk
        for line in what_went_wrong(error, lang, debug="--debug" in given):
            click.echo(line, err=True)
        if isinstance(error, OSError):
            # What could not be written is not tried again when the program ends (and fails once
            # more); there may be no stdout.
            with suppress(OSError, ValueError, AttributeError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = COULD_NOT
    sys.exit(code or 0)


def after_command(arguments: Sequence[str]) -> list[str]:
    """The common options may stand before a command as well; they are read after its name."""
    waiting, leading = list(arguments), list[str]()
    while waiting and waiting[0].startswith("-") and waiting[0] not in ("--help", "--version"):
        leading.append(waiting.pop(0))
        if leading[-1] in WITH_VALUE and waiting:
            leading.append(waiting.pop(0))
    if not waiting and leading:
        return [*leading, "--help"]
    name, rest = waiting[:1], waiting[1:]
    return [*leading, *waiting] if waiting[:1] == ["--help"] else [*name, *leading, *rest]


def language(arguments: Sequence[str]) -> str:
    """The language asked for, before anything is parsed."""
    words = [word for argument in arguments for word in argument.split("=", 1)]
    for option, language in pairwise(words):
        if option == "--lang" and language in LANGUAGES:
            return language
    return LANGUAGES[0]


# --- what went wrong ------------------------------------------------------------------


def what_went_wrong(error: Exception, lang: str, *, debug: bool) -> Iterator[str]:
    """What is said of an exception; with `debug` also where an internal error came from."""
    from generator.reading.screen import masked  # noqa: PLC0415 - read only where something is refused
    from generator.words.messages import printable  # noqa: PLC0415

    said = words(lang)
    if isinstance(error, click.UsageError):
        yield said.told(_misused(error))
        command = error.ctx.command_path if error.ctx else "kaohe"
        yield said._("Help: {command} --help", command=command)
    elif isinstance(error, Stop):
        yield said.told(error.message)
    elif isinstance(error, OSError):
        args = {"path": printable(str(error.filename)), "reason": error.strerror or str(error)}
        if error.filename is None:
            yield said.told(Message("{reason}", args))
        else:
            yield said.told(Message("{path}: {reason}", args))
    else:
        if debug:
            yield masked("".join(traceback.format_exception(error)))
        args = {"name": f"{type(error).__name__}: {error}"}
        wrong = Message("Internal error ({name}); run again with --debug and tell us.", args)
        yield said.told(wrong)


def _misused(error: click.UsageError) -> Message:
    if isinstance(error, click.NoSuchOption):
        message = Message("There is no option {name}.", {"name": error.option_name})
        known = error.ctx.command.get_params(error.ctx) if error.ctx else ()
        return _with_near(message, error.option_name, [o for each in known for o in each.opts])
    if isinstance(error, click.NoSuchCommand):
        message = Message("There is no command «{name}».", {"name": error.command_name})
        group = error.ctx.command if error.ctx else None
        listed = group.listed if isinstance(group, CommandGroup) else ()
        return _with_near(message, error.command_name, listed)
    parameter = error.param if isinstance(error, click.BadParameter) else None
    if parameter is None:
        return _counted(error)
    option = isinstance(parameter, click.Option)
    args: dict[str, object] = {
        "name": parameter.opts[-1] if option else parameter.human_readable_name
    }
    if isinstance(error, click.MissingParameter):
        return Message("Something is missing: {name}.", args)
    message = Message("{name}: {expected} is expected.", {**args, "expected": _expected(parameter)})
    if isinstance(parameter.type, OneOf):
        return _with_near(message, error.message, parameter.type.choices)
    return message


def _counted(error: click.UsageError) -> Message:
    """More or fewer words than a command or an option takes."""
    if not isinstance(error, click.BadOptionUsage):
        extra = error.message.partition("(")[2].rstrip(")")
        return Message("This is more than the command takes: {extra}.", {"extra": extra})
    args = {"name": error.option_name}
    if "not take a value" in error.message:  # click says which of the two in words alone
        return Message("{name} takes no value.", args)
    return Message("{name} needs a value after it.", args)


def _with_near(message: Message, asked: str, known: Iterable[str]) -> Message:
    """With the nearest of the known names."""
    from generator.reading.slips import meant, nearest  # noqa: PLC0415 - read only where something is refused

    return meant(message, nearest(asked, known))


def _expected(parameter: click.Parameter) -> object:
    kind = parameter.type
    if isinstance(kind, OneOf):
        return Message("one of {choices}", {"choices": tuple(map(str, kind.choices))})
    if isinstance(kind, click.Path):
        return Message("a folder that exists")
    if isinstance(kind, click.DateTime):
        return Message("a day like 2025-05-02")
    if isinstance(kind, click.IntRange):
        return Message(
            "a whole number from {least} to {most}", {"least": kind.min, "most": kind.max}
        )
    return Message("a whole number")
