"""The command line: options in, exit codes out, and the only place that prints.

0 done, nothing to report; 1 found something; 2 could not do it. Results go to stdout,
notes and progress to stderr. Must not know how anything is read, judged or written.
"""

import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from generator import __version__
from generator.examples import run as run_example
from generator.explain import comparison, explanation, explanation_object
from generator.files import Folder
from generator.library import Book, books, examples_of
from generator.load import Loaded, check, load, newest_date
from generator.messages import catalogue
from generator.model import Message, Problem, Standing, Stop, YearResult
from generator.rank import judged
from generator.render import pages, write
from generator.report import errors, problems, scores
from generator.results import as_json, result_object
from generator.site import Engine, Step, build, repository
from generator.terminal import Group, Run, common, language, usage
from generator.tree import Files, files_of

FOUND, COULD_NOT = 1, 2
LONG_WORK = 200
"""So many townships make the work long enough for a progress bar."""

T = TypeVar("T")
ROLES = {"error": "red", "warning": "yellow", "faint": None, "strong": None}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; the one place where an exception becomes a message and a code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = catalogue(language(given))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = cli.main(given, prog_name="kaohe", standalone_mode=False)
    except click.UsageError as error:
        click.echo(usage(error, words), err=True)
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


@click.group(cls=Group, epilog="Example: kaohe check")
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
@common
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
@common
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
@common
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


# --- pages ----------------------------------------------------------------------------


OUT = click.Path(file_okay=False, path_type=Path)


def _render(run: Run, loaded: Loaded, out: Path) -> tuple[int, int]:
    """Write the pages below `out`; how many were written and how many stale ones removed."""
    results = [judged(inputs) for inputs in loaded.years]
    if not results:
        raise Stop(Message("There is no year yet; begin one with «kaohe new --year»."))
    forms = {name: book.form for name, book in loaded.library.items()}
    source = repository(run.root)
    return write(pages(loaded.city, results, run.words, repository=source, forms=forms), out)


@cli.command("render", epilog="Example: kaohe render")
@click.option("--out", type=OUT, help="Where to (default: docs/).")
@common
def render_command(run: Run, out: Path | None) -> None:
    """The Markdown pages and data files, nothing else."""
    written, removed = _render(run, _loaded(run), out or run.root / "docs")
    run.note(
        "pages and files written: {written}, removed: {removed}", written=written, removed=removed
    )


@cli.command("build", epilog="Example: kaohe build --engine mkdocs")
@click.option(
    "--engine",
    type=click.Choice(["mkdocs", "zensical"]),
    default="mkdocs",
    help="What builds the site.",
)
@click.option("--out", type=OUT, help="Where to (default: site/).")
@common
def build_command(run: Run, engine: Engine, out: Path | None) -> None:
    """Render, then the site; the old site stays until the new one is whole."""
    loaded = _loaded(run)
    _render(run, loaded, run.root / "docs")
    with _pages_bar(run) as step:
        build(run.root, out or run.root / "site", newest_date(loaded.years), engine, step)
    run.note("The site is in {path}.", path=str(out or run.root / "site"))


@contextmanager
def _pages_bar(run: Run) -> Iterator[Step | None]:
    """A progress bar over the pages, on stderr if it is a terminal."""
    if run.quiet or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=0, file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield step


@cli.command("serve", epilog="Example: kaohe serve --port 8000")
@click.option("--host", default="127.0.0.1", help="Address to serve at.")
@click.option("--port", default=8000, help="Port to serve at.")
@common
def serve_command(run: Run, host: str, port: int) -> None:
    """The site, live: save a file and see the page change."""
    from generator.live import serve  # noqa: PLC0415 - MkDocs is slow to import, others go without

    def refresh() -> str:
        loaded, found = load(_files(run.root))
        if loaded is None:
            return problems(errors(found), run.words, "text")
        _render(run, loaded, run.root / "docs")
        return ""

    def say(wrong: str) -> None:
        run.note("{problems}", problems=wrong) if wrong else run.note("The pages are up to date.")

    run.note("http://{host}:{port}/ (Ctrl-C ends it)", host=host, port=port)
    serve(run.root, host, port, refresh, say)


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
@common
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
@common
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
