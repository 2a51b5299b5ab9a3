"""The command line: options in, exit codes out, and the only place that prints.

0 done, nothing to report; 1 found something; 2 could not do it. Results go to stdout,
notes and progress to stderr. Must not know how anything is read, judged or written.
"""

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from generator import __version__
from generator.examples import run as run_example
from generator.explain import comparison, explanation, explanation_object
from generator.files import Folder
from generator.library import Book, books, examples_of
from generator.load import Loaded, check, load
from generator.messages import LANGUAGES, Catalogue, catalogue
from generator.model import Message, Problem, Standing, Stop, YearResult
from generator.rank import judged
from generator.report import errors, problems, scores
from generator.results import as_json, result_object
from generator.tree import Files, files_of

FOUND, COULD_NOT = 1, 2
LONG_WORK = 200
"""So many townships make the work long enough for a progress bar."""

T = TypeVar("T")
ROLES = {"error": "red", "warning": "yellow", "faint": None, "strong": None}


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

    def note(self, text: str, **args: object) -> None:
        """A remark beside the result."""
        if not self.quiet:
            click.echo(self.words._(text, **args), err=True, color=self.color)

    def style(self, text: str, role: str) -> str:
        """Colour for a terminal; echo takes it out where there is none."""
        return click.style(text, fg=ROLES[role], bold=role == "strong", dim=role == "faint")

    def track(self, items: Sequence[T]) -> Iterator[T]:
        """The items, with a progress bar on stderr if it is a terminal and there are many."""
        if self.quiet or len(items) < LONG_WORK or not sys.stderr.isatty():
            yield from items
            return
        with click.progressbar(items, file=sys.stderr) as bar:
            yield from bar


# --- options, help and errors in the user's language ----------------------------------


def _common(command: Callable[..., None]) -> Callable[..., None]:
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
    run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
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


class _Help(click.Command):
    """Help in the language asked for; the texts stand in the code in English."""

    def get_help(self, ctx: click.Context) -> str:
        words = catalogue(_language(sys.argv))
        self.help = words._(self.help or "")
        self.epilog = self.epilog and words._(self.epilog)
        for parameter in self.params:
            if isinstance(parameter, click.Option) and parameter.help:
                parameter.help = words._(parameter.help)
        text = super().get_help(ctx)
        for heading in ("Usage:", "Options:", "Commands:", "Show this message and exit."):
            text = text.replace(heading, words._(heading))
        return text


class _Command(_Help):
    pass


class _Group(_Help, click.Group):
    command_class = _Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = catalogue(_language(sys.argv))
        rows = [
            (name, words._((self.commands[name].help or "").strip()))
            for name in self.list_commands(ctx)
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


_Group.group_class = _Group


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, before anything is parsed."""
    for before, argument in zip(["", *arguments], arguments, strict=False):
        if argument.startswith("--lang="):
            before, argument = argument.split("=", 1)
        if before == "--lang" and argument in LANGUAGES:
            return argument
    return LANGUAGES[0]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; the one place where an exception becomes a message and a code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = catalogue(_language(given))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = cli.main(given, prog_name="kaohe", standalone_mode=False)
    except click.UsageError as error:
        click.echo(_usage(error, words), err=True)
        code = COULD_NOT
    except (click.Abort, KeyboardInterrupt):
        code = COULD_NOT
    except Stop as stop:
        click.echo(words.render(stop.message), err=True)
        code = COULD_NOT
    except OSError as error:
        click.echo(
            words._(
                "{path}: {reason}", path=error.filename or "", reason=error.strerror or str(error)
            ),
            err=True,
        )
        code = COULD_NOT
    except Exception as error:  # noqa: BLE001 - a traceback is no answer to a clerk
        if "--debug" in given:
            traceback.print_exc()
        name = f"{type(error).__name__}: {error}"
        click.echo(
            words._("Internal error ({name}); run again with --debug and tell us.", name=name),
            err=True,
        )
        code = COULD_NOT
    sys.exit(code or 0)


def _usage(error: click.UsageError, words: Catalogue) -> str:
    """What was wrong with the words of the call, and where help is."""
    reasons: dict[type[click.UsageError], Message] = {
        click.NoSuchOption: Message("There is no option {name}."),
        click.MissingParameter: Message("Something is missing: {name}."),
        click.BadParameter: Message("This does not fit {name}: {detail}"),
    }
    known = next((text for kind, text in reasons.items() if isinstance(error, kind)), None)
    name = getattr(error, "option_name", "") or _parameter(error)
    said = (
        words.render(replace(known, args={"name": name, "detail": error.format_message()}))
        if known
        else error.format_message()
    )
    command = error.ctx.command_path if error.ctx else "kaohe"
    return f"{said}\n{words._('Help: {command} --help', command=command)}"


def _parameter(error: click.UsageError) -> str:
    parameter = getattr(error, "param", None)
    return parameter.get_error_hint(error.ctx) if parameter else ""


@click.group(cls=_Group, epilog="Example: kaohe check")
@click.version_option(__version__, prog_name="kaohe", message="%(prog)s %(version)s")
def cli() -> None:
    """Assessments that are computed, published and disputed in the open."""


def _files(root: Path) -> Files:
    return files_of(Folder(root), root)


def _loaded(run: Run) -> Loaded:
    """The whole tree, or its problems and exit 1."""
    loaded, found = load(_files(run.root), run.track)
    wrong = errors(found)
    if loaded is None:
        run.out(problems(wrong, run.words, run.form, run.style))
        run.note("{count} error(s); no result until they are mended.", count=len(wrong))
        sys.exit(FOUND)
    return loaded


def _result(run: Run, year: int | None) -> YearResult:
    """One year judged; the newest without a year."""
    years = {inputs.assessment.year: inputs for inputs in _loaded(run).years}
    if not years:
        raise Stop(Message("There is no year yet; begin one with «kaohe new --year»."))
    chosen = max(years) if year is None else year
    if chosen not in years:
        known = tuple(str(known) for known in years)
        raise Stop(
            Message("There is no year {year}; there are: {known}", {"year": chosen, "known": known})
        )
    return judged(years[chosen])


def _standing(result: YearResult, township: str) -> Standing:
    """A township of that year by its id, or by its name in either language."""
    for standing in result.standings:
        names = (standing.township.id, standing.township.name.zh, standing.township.name.en)
        if township in names:
            return standing
    known = tuple(standing.township.id for standing in result.standings)
    raise Stop(
        Message(
            "No township «{township}» is assessed in {year}; there are: {known}",
            {"township": township, "year": result.inputs.assessment.year, "known": known},
        )
    )


YEAR = click.option("--year", type=int, help="The year (default: the newest).")


@cli.command("check", epilog="Example: kaohe check data/2025/townships/songhe.yaml")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_common
def check_command(run: Run, paths: tuple[Path, ...]) -> None:
    """Is everything well formed, consistent and allowed? PATHs only filter what is shown."""
    root = run.root
    found = check(_files(root), run.track)
    shown = [problem for problem in found if not paths or _below(problem, paths, root)]
    run.out(problems(shown, run.words, run.form, run.style))
    wrong = len(errors(found))
    args = {"errors": wrong, "warnings": len(found) - wrong, "hidden": len(found) - len(shown)}
    if len(shown) < len(found):
        run.note("errors: {errors}, warnings: {warnings}, not shown: {hidden}", **args)
    elif found:
        run.note("errors: {errors}, warnings: {warnings}", **args)
    elif run.form == "text":
        run.note("All is well.")
    sys.exit(FOUND if wrong else 0)


def _below(problem: Problem, paths: Iterable[Path], root: Path) -> bool:
    place = (root / problem.location.path).resolve()
    return any(place.is_relative_to(path.resolve()) for path in paths)


@cli.command("score", epilog="Example: kaohe score --year 2025 --format json")
@YEAR
@click.option("--township", help="Show only this township (after ranking).")
@_common
def score_command(run: Run, year: int | None, township: str | None) -> None:
    """What are the scores, and why?"""
    result = _result(run, year)
    chosen = result.standings if township is None else (_standing(result, township),)
    if run.form == "json":
        found = result_object(result)
        wanted = {standing.township.id for standing in chosen}
        found["townships"] = [row for row in found["townships"] if row["id"] in wanted]
        run.out(as_json(found).rstrip("\n"))
        return
    run.out(scores(result, chosen, run.words))
    if township is not None:
        run.out("\n" + explanation(result, chosen[0], run.words, style=run.style))


@cli.command("explain", epilog="Example: kaohe explain songhe --clause 3.1 --against qingshan")
@click.argument("township")
@YEAR
@click.option("--clause", help="Only this clause.")
@click.option("--against", help="Why is this other township above it?")
@_common
def explain_command(
    run: Run, township: str, year: int | None, clause: str | None, against: str | None
) -> None:
    """Every point lost: clause text, working, file:line, effect on rank."""
    result = _result(run, year)
    standing = _standing(result, township)
    known = tuple(c.id for c in result.inputs.rulebook.clauses())
    if clause is not None and clause not in known:
        args = {"clause": clause, "clauses": known}
        raise Stop(Message("The rulebook has no clause {clause}; its clauses are {clauses}.", args))
    if run.form == "json":
        run.out(as_json(explanation_object(result, standing, clause)).rstrip("\n"))
        return
    run.out(explanation(result, standing, run.words, clause=clause, style=run.style))
    if against is not None:
        run.out("\n" + comparison(result, standing, _standing(result, against), run.words))


# --- rulebooks ------------------------------------------------------------------------


@cli.group("rules")
def rules_group() -> None:
    """Write, check, test and weigh a rulebook."""


def _books(run: Run, name: str | None, found: list[Problem]) -> tuple[Files, list[Book]]:
    """The sound rulebooks of the tree, or those of one id."""
    files = _files(run.root)
    library = books(files, found)
    chosen = [book for (known, _), book in sorted(library.items()) if name in (None, known)]
    if not chosen and not errors(found):
        known = tuple(sorted({known for known, _ in library}))
        raise Stop(
            Message(
                "There is no rulebook «{name}»; there are: {known}",
                {"name": name or "", "known": known or ("-",)},
            )
        )
    return files, chosen


@rules_group.command("check", epilog="Example: kaohe rules check")
@click.argument("name", required=False)
@_common
def rules_check_command(run: Run, name: str | None) -> None:
    """Is every rulebook well formed, and does every path and sum in it hold?"""
    found: list[Problem] = []
    files, chosen = _books(run, name, found)
    for book in chosen:
        examples_of(files, book, found)
    found = sorted(set(found), key=lambda problem: problem.location)
    run.out(problems(found, run.words, run.form, run.style))
    sys.exit(FOUND if errors(found) else 0)


@rules_group.command("test", epilog="Example: kaohe rules test family-planning-petitions")
@click.argument("name", required=False)
@_common
def rules_test_command(run: Run, name: str | None) -> None:
    """Do the rules agree with the worked examples?"""
    found: list[Problem] = []
    files, chosen = _books(run, name, found)
    for book in chosen:
        outcomes = [
            run_example(example, book.rulebook) for example in examples_of(files, book, found)
        ]
        failed = [problem for outcome in outcomes for problem in outcome.problems]
        found += failed
        args = {"id": book.rulebook.id, "version": book.rulebook.version, "count": len(outcomes)}
        run.note(
            "{id} {version}: examples: {count}, failing: {failed}",
            **args,
            failed=len({p.location for p in failed}),
        )
    run.out(problems(found, run.words, run.form, run.style))
    sys.exit(FOUND if errors(found) else 0)
