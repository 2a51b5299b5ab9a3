"""What commands share: options, help and errors in the user's language, and what they work on.

Owns the terminal (what goes to stdout and what to stderr, colour, the progress bar), and what
happens where there is no sound tree or no such year: the problems and exit 1, or a message and
exit 2.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, Stop, errors
from generator.engine.rank import judged
from generator.engine.year import Standing, YearResult
from generator.reading.files import tree_below
from generator.reading.git import NoRepository, Repository
from generator.reading.screen import masked
from generator.review.diff import History
from generator.review.history import history
from generator.review.judge import Judge, Store
from generator.rulebook.books import Books
from generator.shape.documents import Files, files_of
from generator.words.messages import LANGUAGES, Catalogue, catalogue, unnamed
from generator.words.report import printable, problems
from generator.year.frame import Frame, frame
from generator.year.load import Loaded, load

FOUND, COULD_NOT = 1, 2
"""Exit codes beside 0."""

LONG_WORK = 200
"""So many townships make the work long enough for a progress bar."""

T = TypeVar("T")
_WITH_VALUE = ("--root", "--format", "--lang", "--color")
_COLOURS = {"error": "red", "warning": "yellow"}


@dataclass(frozen=True, slots=True)
class Run:
    """What the options common to all commands say."""

    where: Path | None
    form: str
    words: Catalogue
    quiet: bool
    verbose: bool
    color: bool | None

    @property
    def root(self) -> Path:
        """The city's folder: the one named, or the nearest upwards that has data/."""
        start = self.where or Path.cwd()
        for folder in [start] if self.where else [start, *start.resolve().parents]:
            if (folder / "data").is_dir():
                return folder
        raise Stop(
            Message(
                "No folder data/ in {path}; work inside a city's folder, or name it with --root.",
                {"path": str(start)},
            )
        )

    def out(self, text: str) -> None:
        """A result."""
        if text:
            click.echo(text, color=self.color)

    def wrote(self, path: object) -> None:
        """A result that is a file: its path."""
        self.out(printable(masked(str(path))))

    def note(self, text: str, **args: object) -> None:
        """A remark beside the result."""
        if not self.quiet:
            click.echo(self.words._(text, **unnamed(args)), err=True, color=self.color)

    def detail(self, text: str, **args: object) -> None:
        """A remark for those who asked for more."""
        if self.verbose:
            self.note(text, **args)

    def style(self, text: str, role: str) -> str:
        """Colour for a terminal; echo takes it out where there is none."""
        return click.style(
            text, fg=_COLOURS.get(role), bold=role == "strong" or None, dim=role == "faint" or None
        )

    def track(self, items: Sequence[T]) -> Iterator[T]:
        """The items, with a progress bar on stderr if it is a terminal and there are many."""
        if self.quiet or len(items) < LONG_WORK or not sys.stderr.isatty():
            yield from items
            return
        with click.progressbar(items, file=sys.stderr) as bar:
            yield from bar


def common(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command has, gathered into a `Run`."""

    def run(
        root: Path | None,
        form: str,
        lang: str,
        color: str,
        *,
        quiet: bool,
        verbose: bool,
        debug: bool,  # noqa: ARG001 - read by main(), which alone sees the traceback
        **rest: Any,
    ) -> None:
        wanted = {"auto": None, "always": True, "never": False}[color]
        command(Run(root, form, catalogue(lang), quiet, verbose, wanted), **rest)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]  # how click keeps them
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    formats = click.Choice(["text", "json", "markdown", "github"])
    for option in (
        click.option("--debug", is_flag=True, help="Show the traceback of an internal error."),
        click.option("-v", "--verbose", is_flag=True, help="Say more."),
        click.option("-q", "--quiet", is_flag=True, help="Say only results."),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            help="Colour (NO_COLOR is respected).",
        ),
        click.option("--lang", type=click.Choice(LANGUAGES), default="zh", help="Language."),
        click.option("--format", "form", type=formats, default="text", help="Form of the output."),
        click.option("--root", type=folder, help="The city's folder (default: upwards from here)."),
    ):
        run = option(run)
    return run


class Helpful(click.Command):
    """Help in the language asked for, which is the context's; the code has the texts in English."""

    def get_help(self, ctx: click.Context) -> str:
        words = _words(ctx)
        worded = copy(self)
        worded.help = self.help and words._(self.help)
        worded.epilog = self.epilog and words._(self.epilog)
        worded.params = [_worded(parameter, words) for parameter in self.params]
        text = super(Helpful, worded).get_help(ctx)
        for heading in ("Usage:", "Options:", "Commands:", "Show this message and exit."):
            text = text.replace(heading, words._(heading))
        return text


def _words(ctx: click.Context) -> Catalogue:
    found: Catalogue = ctx.find_root().obj
    return found


def _worded(parameter: click.Parameter, words: Catalogue) -> click.Parameter:
    if not (isinstance(parameter, click.Option) and parameter.help):
        return parameter
    worded = copy(parameter)
    worded.help = words._(parameter.help)
    return worded


class Group(Helpful, click.Group):
    command_class = Helpful

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = _words(ctx)
        rows = [
            (name, words._((self.commands[name].help or "").strip()))
            for name in self.list_commands(ctx)
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


Group.group_class = Group


def options_last(arguments: Sequence[str]) -> list[str]:
    """The common options may stand before the command as well; they are read after it."""
    waiting, leading = list(arguments), list[str]()
    while waiting and waiting[0].startswith("-") and waiting[0] not in ("--help", "--version"):
        leading.append(waiting.pop(0))
        if leading[-1] in _WITH_VALUE and waiting:
            leading.append(waiting.pop(0))
    return [*waiting, *leading]


def language(arguments: Sequence[str]) -> str:
    """The language asked for, before anything is parsed."""
    words = [word for argument in arguments for word in argument.split("=", 1)]
    for option, language in pairwise(words):
        if option == "--lang" and language in LANGUAGES:
            return language
    return LANGUAGES[0]


# --- usage errors ---------------------------------------------------------------------


def usage(error: click.UsageError, words: Catalogue) -> str:
    """What was wrong with the words of the call, and where help is."""
    said = words.told(_reason(error))
    command = error.ctx.command_path if error.ctx else "kaohe"
    help_there = words._("Help: {command} --help", command=command)
    return f"{said}\n{help_there}"


def _reason(error: click.UsageError) -> Message:
    if isinstance(error, click.NoSuchOption):
        return Message("There is no option {name}.", {"name": error.option_name})
    if isinstance(error, click.NoSuchCommand):
        return Message("There is no command «{name}».", {"name": error.command_name})
    parameter = error.param if isinstance(error, click.BadParameter) else None
    if parameter is None:
        return Message("{detail}", {"detail": error.format_message()})
    name = (
        parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.human_readable_name
    )
    if isinstance(error, click.MissingParameter):
        return Message("Something is missing: {name}.", {"name": name})
    return Message(
        "{name}: {expected} is expected.", {"name": name, "expected": _expected(parameter)}
    )


def _expected(parameter: click.Parameter) -> object:
    kind = parameter.type
    if isinstance(kind, click.Choice):
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


def files_in(run: Run, revision: str | None = None) -> Files:
    """The files of the city's folder, as they are or as they were at a Git revision."""
    files = files_of(Repository(run.root).revision(revision) if revision else tree_below(run.root))
    run.detail("{root}: files: {count}", root=str(run.root), count=len(files.listed))
    return files


def refuse(run: Run, found: Sequence[Problem]) -> None:
    """With an error among them: the errors, and exit 1."""
    wrong = errors(found)
    if wrong:
        run.out(problems(wrong, run.words, run.form, run.style))
        run.note("{count} error(s); no result until they are mended.", count=len(wrong))
        sys.exit(FOUND)


def loaded_tree(run: Run, revision: str | None = None) -> Loaded:
    """The whole tree, which must be sound and have a year."""
    loaded, found = load(files_in(run, revision), run.track)
    refuse(run, found)
    if loaded is None or not loaded.years:
        raise Stop(Message("There is no year yet; begin one with «kaohe new --year»."))
    return loaded


def loaded_frame(run: Run, files: Files) -> Frame:
    """What the office has written; reports may be broken."""
    found, wrong = frame(files)
    if found is None:
        refuse(run, wrong)
        raise Stop(Message("There is no register of townships; begin with «kaohe init»."))
    return found


def history_of(root: Path) -> History | None:
    """The commits that moved scores, None outside a repository or before its first commit.

    Raises Stop where there is a repository that cannot be read.
    """
    try:
        repository = Repository(root)
    except NoRepository:
        return None
    return _history(root, repository.commit("HEAD")) if repository.has("HEAD") else None


@lru_cache(maxsize=1)
def _history(root: Path, head: str) -> History:  # noqa: ARG001 - what the cache goes by
    """Remembered until there is another commit, for a site that is served live."""
    repository = Repository(root)
    return history(repository, Judge(Store(repository.private)))


def chosen_year(years: Sequence[int], year: int | None) -> int:
    """The year asked for, or the newest."""
    if not years:
        raise Stop(Message("There is no year yet; begin one with «kaohe new --year»."))
    chosen = max(years) if year is None else year
    if chosen not in years:
        args = {"year": chosen, "known": tuple(map(str, sorted(years)))}
        raise Stop(Message("There is no year {year}; there are: {known}", args))
    return chosen


def result_of(run: Run, year: int | None) -> YearResult:
    """One year judged; the newest without a year."""
    years = {inputs.assessment.year: inputs for inputs in loaded_tree(run).years}
    return judged(years[chosen_year(list(years), year)])


def standing_of(result: YearResult, township: str) -> Standing:
    """A township of that year by its id, or by its name in either language."""
    for standing in result.standings:
        if township in standing.township.names:
            return standing
    args = {
        "township": township,
        "year": result.inputs.assessment.year,
        "known": tuple(standing.township.id for standing in result.standings),
    }
    raise Stop(Message("No township «{township}» is assessed in {year}; there are: {known}", args))


def rulebook_named(library: Books, asked: str) -> Rulebook:
    """A rulebook by id/version, by its folder, or by its id alone: the newest version then."""
    known = {f"{name}/{version}": book.rulebook for (name, version), book in library.items()}
    wanted = asked.removesuffix("/rulebook.yaml").strip("/").removeprefix("data/rulebooks/")
    versions = [version for name, version in library if name == wanted]
    found = known.get(f"{wanted}/{max(versions)}" if versions else wanted)
    if found is None:
        args = {"name": asked, "known": tuple(sorted(known)) or ("-",)}
        raise Stop(Message("There is no rulebook «{name}»; there are: {known}", args))
    return found
