"""Commands of the site: render, build, serve."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import click

from generator.commands.cli import FOUND, OneOf
from generator.commands.terminal import (
    Run,
    command,
    files_in,
    loaded_tree,
    refuse,
    repository_around,
)
from generator.engine.problem import Message, Stop, errors
from generator.engine.rank import judged
from generator.pages.layout import (
    CHINESE,
    DOCS,
    ENGLISH,
    address,
    check_sources,
    editions,
    personal,
    repository,
)
from generator.pages.render import check_ours, check_outside_data, english_too, pages, write
from generator.pages.site import Engine, Step, building
from generator.pages.year import collected
from generator.reading.disk import EntryKind, kind, not_followed
from generator.reading.files import tree_below
from generator.reading.git import Repository
from generator.review.diff import History, history
from generator.review.judge import Judge, Store
from generator.review.readings import readings_of
from generator.rulebook.books import switchboards
from generator.shape.schema import files_of, office_telephone
from generator.words.messages import catalogue
from generator.words.report import problems
from generator.year import examples
from generator.year.load import Loaded, load, newest_date
from generator.year.published import published
from generator.year.supposed import Years

TRIED = 2_000
"""So many times a township is judged by other readings for the site, no more."""

OUT = click.Path(file_okay=False, path_type=Path)


Stage = Callable[[Message], None]
"""Told what is being done now."""


def _silent(_stage: Message) -> None:
    """Nobody is told."""


def _on_terminal(run: Run) -> Stage:
    """Who waits at a terminal sees at once that something is done, and what."""
    return partial(_noted, run) if sys.stderr.isatty() else _silent


def _noted(run: Run, stage: Message) -> None:
    run.note("{stage}", stage=stage)


def _render(
    run: Run,
    loaded: Loaded,
    out: Path,
    *,
    live: bool = False,
    stage: Stage = _silent,
    made: Path | None = None,
) -> tuple[int, int]:
    """Write the pages below `out`; how many were written and how many stale ones removed.

    `made` is a repository whose made-up history is told in the place of the city's own. `live`:
    beside a server, whose sockets and threads are nothing for a second process.
    """
    stage(Message("Judging the years…"))
    check_sources(run.root)
    # An open year is collected, not judged in public.
    results = [judged(inputs) for inputs in loaded.years if inputs.assessment.status != "open"]
    files = files_of(tree_below(run.root))
    wrong = list(personal(run.root, office_telephone(files)))
    # A page that is being looked at shall change at once.
    boards = {} if live else switchboards(files, loaded.books, wrong)
    refuse(run, wrong)
    readings = None
    if not live:
        readings = readings_of(Years(files, loaded.books), boards, results, most=TRIED)
    stage(Message("Making the pages…"))
    in_language = partial(
        pages,
        loaded.city,
        results,
        repository=repository(run.root),
        forms={name: book.form for name, book in loaded.books.items()},
        published=published(files, loaded) if loaded.receipts else {},
        history=_made_up(made) if made else _history_of(run.root),
        readings=readings,
        collected=collected(loaded),
        alone=live,
    )
    chinese = in_language(catalogue("zh"), address=address(run.root, CHINESE))
    if ENGLISH not in editions(run.root):
        return write(chinese, out)
    texts = {name: book.english for name, book in loaded.books.items()}
    there = address(run.root, ENGLISH)
    english = in_language(catalogue("en"), english=texts, address=there)
    return write(english_too(chinese, english, run.root / DOCS), out)


def _made_up(repository: Path) -> History:
    """The history that a demonstration tells in the place of its own."""
    history = _history_of(repository)
    return replace(history or History((), cut=False), made=True)


def _history_of(root: Path) -> History | None:
    """The commits that moved scores, None outside a repository or before its first commit.

    Raises Stop where there is a repository that cannot be read.
    """
    repository = repository_around(root)
    if repository is None or not repository.has("HEAD"):
        return None
    return _history(root, repository.commit("HEAD"))


@lru_cache(maxsize=1)
def _history(root: Path, head: str) -> History:  # noqa: ARG001 - what the cache goes by
    """Remembered until there is another commit, for a site that is served live."""
    repository = Repository(root)
    return history(repository, Judge(Store(repository.private)))


@command("kaohe render")
@click.option("--out", type=OUT, help="Where to (default: docs/).")
def render_command(run: Run, out: Path | None) -> None:
    if out is not None:
        check_ours(run.root, out)
    loaded = _with_years(run)
    written, removed = _render(run, loaded, out or run.root / "docs")
    run.note(
        "pages and files written: {written}, removed: {removed}", written=written, removed=removed
    )
    _left_out(run, loaded)


@command("kaohe build --engine mkdocs")
@click.option(
    "--engine",
    type=OneOf(["mkdocs", "zensical"]),
    default="mkdocs",
    help="What builds the site.",
)
@click.option("--out", type=OUT, help="Where to (default: site/).")
@click.option(
    "--made-history",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A repository whose history is told as made up, for a demonstration.",
)
def build_command(run: Run, engine: Engine, out: Path | None, made_history: Path | None) -> None:
    if out is None and kind(run.root, "site") is EntryKind.LINK:
        raise Stop(not_followed(["site"]))
    place = out or run.root / "site"
    check_outside_data(run.root, place)
    stage = _on_terminal(run)
    stage(Message("Reading the data…"))
    with building(run.root, place, engine) as finish:
        loaded = _with_years(run)
        _render(run, loaded, run.root / "docs", stage=stage, made=made_history)
        stage(Message("Building the site…"))
        with _pages_bar(run) as step:
            # What an open year plans lies ahead, and no page may be dated by it.
            public = [i for i in loaded.years if i.assessment.status != "open"]
            finish(newest_date(public or loaded.collecting), step)
    run.note("The site is in {path}.", path=str(place))
    _left_out(run, loaded)


def _with_years(run: Run) -> Loaded:
    """The city with at least one sound or open year; without one the problems, and exit 1."""
    loaded = loaded_tree(run)
    if not loaded.collecting:
        refuse(run, loaded.errors())
    return loaded


def _left_out(run: Run, loaded: Loaded) -> None:
    """The errors that withhold years, and exit 1, once everything else is there."""
    if wrong := loaded.errors():
        run.problems(wrong)
        shown = {inputs.assessment.year for inputs in loaded.collecting}
        if left_out := tuple(str(year) for year in sorted(loaded.faulty) if year not in shown):
            run.note("Left out, since their data hold errors: {years}.", years=left_out)
        if erring := tuple(str(year) for year in sorted(loaded.faulty) if year in shown):
            run.note("Open, with errors; who has reported is shown: {years}.", years=erring)
        sys.exit(FOUND)


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


@command("kaohe serve --port 8000")
@click.option("--host", default="127.0.0.1", help="Address to serve at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, help="Port to serve at.")
def serve_command(run: Run, host: str, port: int) -> None:
    from generator.pages.live import serve  # noqa: PLC0415 - MkDocs is slow to import, others go without

    def refresh() -> str:
        stage = _silent if answering else partial(_noted, run)
        stage(Message("Reading the data…"))
        files = files_in(run)
        loaded, faults = load(files)
        faults += personal(run.root, office_telephone(files))
        faults += examples.unproven(files, loaded.books, loaded.holidays) if loaded else ()
        if loaded is None or errors(faults):
            return problems(errors(faults), run.words, "text")
        try:
            _render(run, loaded, run.root / "docs", live=True, stage=stage)
        except Stop as stop:
            return run.words.told(stop.message)
        stage(Message("Building the site…"))
        return ""

    def say(wrong: str) -> None:
        run.note("{problems}", problems=wrong) if wrong else run.note("The pages are up to date.")

    def ready() -> None:
        answering.append(port)
        run.note("http://{host}:{port}/ (Ctrl-C ends it)", host=host, port=port)

    answering = list[int]()
    check_sources(run.root)
    serve(run.root, host, port, refresh, say, ready)
