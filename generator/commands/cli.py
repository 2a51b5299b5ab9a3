"""The command line: options in, exit codes out, and the only place that prints.

0 done, nothing to report; 1 found something; 2 could not do it. Results go to stdout,
notes and progress to stderr. Must not know how anything is read, judged or written.
"""

import gc
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import click

from generator import __version__
from generator.commands.review import diff_command, gate_command, history_command, owners_command
from generator.commands.rules import rules_group, whatif_command
from generator.commands.terminal import (
    COULD_NOT,
    FOUND,
    Group,
    Run,
    common,
    files_in,
    history_of,
    language,
    loaded_tree,
    options_last,
    refuse,
    result_of,
    standing_of,
    usage,
)
from generator.commands.year import (
    circular_command,
    init_command,
    new_command,
    publish_command,
    status_command,
    verify_command,
)
from generator.engine.problem import Message, Problem, Stop, errors
from generator.engine.rank import judged
from generator.pages.layout import DOCS, ENGLISH, check_sources, editions, personal, repository
from generator.pages.render import (
    check_ours,
    check_outside_data,
    english_too,
    pages,
    write,
)
from generator.pages.site import Engine, Step, building
from generator.reading.disk import EntryKind, kind, not_followed
from generator.reading.files import Folder
from generator.reading.screen import masked
from generator.review.readings import readings_of
from generator.rulebook.readings import switchboards
from generator.shape.documents import Files, files_of, office_telephone
from generator.words.explain import comparison, explanation, explanation_object
from generator.words.messages import catalogue
from generator.words.report import printable, problems, scores
from generator.words.results import as_json, result_object, result_text
from generator.year.load import Loaded, check, load, newest_date
from generator.year.published import published
from generator.year.supposed import Years


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; the one place where an exception becomes a message and a code."""
    given = options_last(sys.argv[1:] if arguments is None else arguments)
    words = catalogue(language(given))
    # A command ends before looking for garbage in cycles would pay: a tenth of a build's time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # there is none where it was closed
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = cli.main(given, prog_name="kaohe", standalone_mode=False, obj=words)
    except click.UsageError as error:
        click.echo(usage(error, words), err=True)
        code = COULD_NOT
    except (click.Abort, KeyboardInterrupt):
        code = COULD_NOT
    except Stop as stop:
        click.echo(words.told(stop.message), err=True)
        code = COULD_NOT
    except OSError as error:
        click.echo(words.told(_unable(error)), err=True)
        _forget_output()
        code = COULD_NOT
    except Exception as error:  # noqa: BLE001 - a traceback is no answer to a clerk
        if "--debug" in given:
            click.echo(masked(traceback.format_exc()), err=True)
        name = f"{type(error).__name__}: {error}"
        message = Message(
            "Internal error ({name}); run again with --debug and tell us.", {"name": name}
        )
        click.echo(words.told(message), err=True)
        code = COULD_NOT
    sys.exit(code or 0)


def _forget_output() -> None:
    """What could not be written is not tried again when the program ends (and fails once more)."""
    with suppress(OSError, ValueError, AttributeError):  # there may be no stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unable(error: OSError) -> Message:
    """What the operating system refused."""
    reason = error.strerror or str(error)
    if error.filename is None:
        return Message("{reason}", {"reason": reason})
    return Message("{path}: {reason}", {"path": printable(str(error.filename)), "reason": reason})


@click.group(cls=Group, epilog="Example: kaohe check")
@click.version_option(__version__, prog_name="kaohe", message="%(prog)s %(version)s")
def cli() -> None:
    """Assessments that are computed, published and disputed in the open."""


YEAR = click.option("--year", type=int, help="The year (default: the newest).")


@cli.command("check", epilog="Example: kaohe check data/2025/townships/songhe.yaml")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@common
def check_command(run: Run, paths: tuple[Path, ...]) -> None:
    """Is everything well formed, consistent and allowed? PATHs only filter what is shown."""
    root, files = run.root, files_in(run)
    found = [*check(files, run.track), *_by_hand(root, files)]
    shown = [problem for problem in found if not paths or _below(problem, paths, root)]
    for path in paths:
        if not shown and not os.path.lexists(path):
            raise Stop(Message("There is no {path}.", {"path": printable(str(path))}))
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


def _by_hand(root: Path, files: Files) -> list[Problem]:
    """What is wrong with what people have written for the site beside the data."""
    return list(personal(root, office_telephone(files)))


def _below(problem: Problem, paths: Iterable[Path], root: Path) -> bool:
    place = _standing(root) / problem.location.path
    return any(place.is_relative_to(_standing(path)) for path in paths)


def _standing(path: Path) -> Path:
    """Where a file stands, and not where it leads if it is a symbolic link."""
    there = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the link
    return Path(os.path.realpath(there.parent)) / there.name


@cli.command("score", epilog="Example: kaohe score --year 2025 --format json")
@YEAR
@click.option("--township", help="Show only this township (after ranking).")
@common
def score_command(run: Run, year: int | None, township: str | None) -> None:
    """What are the scores, and why?"""
    result = result_of(run, year)
    chosen = result.standings if township is None else (standing_of(result, township),)
    if run.form == "json":
        found = result_object(result)
        wanted = {standing.township.id for standing in chosen}
        found["townships"] = [row for row in found["townships"] if row["id"] in wanted]
        run.out(result_text(found).rstrip("\n"))
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
    result = result_of(run, year)
    standing = standing_of(result, township)
    other = None if against is None else standing_of(result, against)
    known = tuple(c.id for c in result.inputs.rulebook.clauses())
    if clause is not None and clause not in known:
        args = {"clause": clause, "clauses": known}
        raise Stop(Message("The rulebook has no clause {clause}; its clauses are {clauses}.", args))
    if run.form == "json":
        run.out(as_json(explanation_object(result, standing, clause)).rstrip("\n"))
        return
    run.out(explanation(result, standing, run.words, clause=clause, style=run.style))
    if other is not None:
        unit = result.inputs.rulebook.wording.unit
        run.out("\n" + comparison(standing, other, run.words, unit))


# --- pages ----------------------------------------------------------------------------


TRIED = 2_000
"""So many times a township is judged by other readings for the site, no more."""

OUT = click.Path(file_okay=False, path_type=Path)


def _render(run: Run, loaded: Loaded, out: Path, *, live: bool = False) -> tuple[int, int]:
    """Write the pages below `out`; how many were written and how many stale ones removed.

    `live`: beside a server, whose sockets and threads are nothing for a second process.
    """
    check_sources(run.root)
    results = [judged(inputs) for inputs in loaded.years]
    files = files_of(Folder(run.root))
    wrong = _by_hand(run.root, files)
    # A page that is being looked at shall change at once.
    tried = 0 if live else TRIED
    boards = {} if live else switchboards(files, loaded.books, wrong)
    refuse(run, wrong)
    in_language = partial(
        pages,
        loaded.city,
        results,
        repository=repository(run.root),
        forms={name: book.form for name, book in loaded.books.items()},
        published=published(files, loaded) if loaded.receipts else {},
        history=history_of(run.root),
        readings=readings_of(Years(files, loaded.books), boards, results, most=tried),
        alone=live,
    )
    made = in_language(catalogue("zh"))
    if ENGLISH not in editions(run.root):
        return write(made, out)
    texts = {name: book.english for name, book in loaded.books.items()}
    english = in_language(catalogue("en"), english=texts)
    return write(english_too(made, english, run.root / DOCS), out)


@cli.command("render", epilog="Example: kaohe render")
@click.option("--out", type=OUT, help="Where to (default: docs/).")
@common
def render_command(run: Run, out: Path | None) -> None:
    """The Markdown pages and data files, nothing else."""
    if out is not None:
        check_ours(run.root, out)
    written, removed = _render(run, loaded_tree(run), out or run.root / "docs")
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
    if out is None and kind(run.root, "site") is EntryKind.LINK:
        raise Stop(not_followed(["site"]))
    check_outside_data(run.root, out or run.root / "site")
    with building(run.root, out or run.root / "site", engine) as finish:
        loaded = loaded_tree(run)
        _render(run, loaded, run.root / "docs")
        with _pages_bar(run) as step:
            finish(newest_date(loaded.years), step)
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
@click.option("--port", type=click.IntRange(1, 65535), default=8000, help="Port to serve at.")
@common
def serve_command(run: Run, host: str, port: int) -> None:
    """The site, live: save a file and see the page change."""
    from generator.pages.live import serve  # noqa: PLC0415 - MkDocs is slow to import, others go without

    def refresh() -> str:
        files = files_in(run)
        loaded, found = load(files)
        found += _by_hand(run.root, files)
        if loaded is None or errors(found):
            return problems(errors(found), run.words, "text")
        try:
            _render(run, loaded, run.root / "docs", live=True)
        except Stop as stop:
            return run.words.told(stop.message)
        return ""

    def say(wrong: str) -> None:
        run.note("{problems}", problems=wrong) if wrong else run.note("The pages are up to date.")

    check_sources(run.root)
    run.note("http://{host}:{port}/ (Ctrl-C ends it)", host=host, port=port)
    serve(run.root, host, port, refresh, say)


for _command in (
    *(init_command, new_command, status_command, diff_command, history_command),
    *(rules_group, publish_command, verify_command, gate_command, owners_command),
    *(circular_command, whatif_command),
):
    cli.add_command(_command)
