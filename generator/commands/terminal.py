"""What commands share: their options, what they print to, and what they work on.

Owns the terminal (what goes to stdout and what to stderr, colour, the progress bar), and what
happens where there is no sound tree or no such year: the problems and exit 1, or a message and
exit 2.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.commands.cli import FOUND, LANGUAGES, Helpful
from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, Stop, errors
from generator.engine.rank import judged
from generator.engine.year import Standing, YearResult
from generator.reading.files import tree_below
from generator.reading.git import NoRepository, Repository
from generator.reading.screen import masked
from generator.review.diff import History, history
from generator.review.judge import Judge, Store
from generator.rulebook.books import Books
from generator.shape.schema import Files, files_of
from generator.words.messages import Catalogue, catalogue, printable, unnamed
from generator.words.report import problems
from generator.year import examples
from generator.year.load import Frame, Loaded, frame, load

LONG_WORK = 200
"""So many townships make the work long enough for a progress bar."""

T = TypeVar("T")
_COLOR = {"auto": None, "always": True, "never": False}
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


_COMMON = (
    click.Option(
        ["--root"],
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The city's folder (default: upwards from here).",
    ),
    click.Option(
        ["--format", "form"],
        type=click.Choice(["text", "json", "markdown", "github"]),
        default="text",
        help="Form of the output.",
    ),
    click.Option(["--lang"], type=click.Choice(LANGUAGES), default="zh", help="Language."),
    click.Option(
        ["--color"],
        type=click.Choice(list(_COLOR)),
        default="auto",
        help="Colour (NO_COLOR is respected).",
    ),
    click.Option(["-q", "--quiet"], is_flag=True, help="Say only results."),
    click.Option(["-v", "--verbose"], is_flag=True, help="Say more."),
    click.Option(["--debug"], is_flag=True, help="Show the traceback of an internal error."),
)


def command(example: str) -> Callable[[Callable[..., None]], Helpful]:
    """A command that takes a `Run` from the options which every command has."""

    def made(answer: Callable[..., None]) -> Helpful:
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
            answer(Run(root, form, catalogue(lang), quiet, verbose, _COLOR[color]), **rest)

        params = [*reversed(getattr(answer, "__click_params__", ())), *_COMMON]
        return Helpful(None, callback=run, params=params, epilog=f"Example: {example}")

    return made


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
    files = files_in(run, revision)
    loaded, found = load(files, run.track)
    refuse(
        run, [*found, *examples.unproven(files, loaded.books, loaded.holidays)] if loaded else found
    )
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
