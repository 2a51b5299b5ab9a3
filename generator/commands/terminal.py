"""What commands share: their options, what they print to, and what they work on.

Owns the terminal (what goes to stdout and what to stderr, colour, the progress bar), and what
happens where there is no sound tree or no such year: the problems and exit 1, or a message and
exit 2.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

import click

from generator.commands.cli import FOUND, LANGUAGES, Helpful, OneOf
from generator.engine.problem import Message, Problem, Stop, errors
from generator.engine.year import Assessment, Standing, Township, YearInputs, YearResult
from generator.reading.disk import EntryKind, clear, create, kind, same
from generator.reading.files import tree_below
from generator.reading.git import NoRepository, Repository
from generator.reading.screen import masked
from generator.reading.slips import as_named, meant, nearest
from generator.shape.schema import Files, files_of
from generator.words.messages import Catalogue, catalogue, printable, unnamed
from generator.words.report import problems
from generator.words.results import as_json
from generator.year import examples
from generator.year.load import Frame, Loaded, check, frame, load

LONG_WORK = 200
"""So many townships make the work long enough for a progress bar."""

NewFiles: TypeAlias = Mapping[str, bytes]
"""Contents by path from the root, parts joined by `/`."""

YEAR = click.option("--year", type=int, help="The year (default: the newest that is not open).")
TOWNSHIP = click.option("--township", help="Show only this township (after ranking).")

T = TypeVar("T")
_BARE = Message(
    "{path} is a bare repository, or Git's own folder, and no files stand there. Run "
    "this in a clone: «git clone {path}»."
)
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
        if all(os.path.lexists(start / name) for name in ("HEAD", "objects", "refs")):
            raise Stop(_BARE.about({"path": str(start)}))
        message = Message(
            "No folder data/ in {path}; work inside a city's folder, or name it with --root.",
            {"path": str(start)},
        )
        raise Stop(message)

    def out(self, text: str) -> None:
        """A result."""
        if text:
            click.echo(text, color=self.color)

    def json(self, value: object) -> None:
        """A result as data."""
        self.out(as_json(value).rstrip("\n"))

    def problems(self, faults: Sequence[Problem]) -> None:
        """A result that is problems, in the form asked for."""
        self.out(problems(faults, self.words, self.form, self.style))

    def wrote(self, *paths: object) -> None:
        """A result that is files: their paths."""
        for path in paths:
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


_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FORMS, _COLORS = OneOf(["text", "json", "markdown", "github"]), OneOf(list(_COLOR))
_COMMON = (
    click.Option(["--root"], type=_FOLDER, help="The city's folder (default: upwards from here)."),
    click.Option(["--format", "form"], type=_FORMS, default="text", help="Form of the output."),
    click.Option(["--lang"], type=OneOf(LANGUAGES), default="zh", help="Language."),
    click.Option(["--color"], type=_COLORS, default="auto", help="Colour (NO_COLOR is respected)."),
    click.Option(["-q", "--quiet"], is_flag=True, help="Say only results."),
    click.Option(["-v", "--verbose"], is_flag=True, help="Say more."),
    click.Option(["--debug"], is_flag=True, help="Show the traceback of an internal error."),
)


def command(example: str) -> Callable[[Callable[..., None]], Helpful]:
    """A command that takes a `Run` from the options which every command has."""

    def made(answer: Callable[..., None]) -> Helpful:
        def run(root: Path | None, form: str, lang: str, color: str, **rest: Any) -> None:
            quiet, verbose = rest.pop("quiet"), rest.pop("verbose")
            del rest["debug"]  # read by main(), which alone sees the traceback
            answer(Run(root, form, catalogue(lang), quiet, verbose, _COLOR[color]), **rest)

        params = [*reversed(getattr(answer, "__click_params__", ())), *_COMMON]
        return Helpful(None, callback=run, params=params, epilog=f"Example: {example}")

    return made


def files_in(run: Run, revision: str | None = None) -> Files:
    """The files of the city's folder, as they are or as they were at a Git revision."""
    files = files_of(repository_of(run).revision(revision) if revision else tree_below(run.root))
    run.detail("{root}: files: {count}", root=str(run.root), count=len(files.listed))
    return files


def repository_around(root: Path) -> Repository | None:
    """The repository around a folder, None where there is none. Raises Stop if Git refuses it."""
    try:
        return Repository(root)
    except NoRepository:
        return None


def repository_of(run: Run) -> Repository:
    """The repository around the city's folder. Raises Stop."""
    here = Repository(run.where or Path.cwd())
    if not here.works:
        raise Stop(_BARE.about({"path": str(here.folder)}))
    return Repository(run.root)


def refuse(run: Run, faults: Sequence[Problem]) -> None:
    """With an error among them: the errors, and exit 1."""
    if wrong := errors(faults):
        run.problems(wrong)
        run.note("errors: {count}; no result until they are mended.", count=len(wrong))
        sys.exit(FOUND)


def loaded_tree(run: Run, revision: str | None = None) -> Loaded:
    """The city with its sound years; without a sound register the problems, and exit 1."""
    files = files_in(run, revision)
    loaded, faults = load(files, run.track)
    if loaded is None:
        refuse(run, faults)
        raise Stop(Message("There is no register of townships; begin with «kaohe init»."))
    if not loaded.rests:
        refuse(run, faults)
        raise Stop(Message("There is no year yet; begin one with «kaohe new --year»."))
    return loaded.without(examples.unproven(files, loaded.books, loaded.holidays))


def loaded_frame(run: Run, files: Files) -> Frame:
    """What the office has written; reports may be broken."""
    framed, faults = frame(files)
    if framed is not None:
        return framed
    refuse(run, faults)
    raise Stop(Message("There is no register of townships; begin with «kaohe init»."))


def sound_years(run: Run, files: Files, frame: Frame, asked: int | None) -> dict[int, Assessment]:
    """The years by number; the problems, if the one asked for (or, without one, any) is broken."""
    broken = set(files.years()) - frame.years.keys()
    if asked in broken or (asked is None and broken):
        refuse(run, check(files, run.track))
    return {number: own.year.assessment for number, own in frame.years.items()}


def chosen_year(years: Sequence[int], year: int | None) -> int:
    """The year asked for, or the newest."""
    if not years:
        raise Stop(Message("There is no year yet; begin one with «kaohe new --year»."))
    chosen = max(years) if year is None else year
    if chosen not in years:
        raise no_year(str(chosen), years)
    return chosen


def no_year(asked: str, years: Iterable[int]) -> Stop:
    """What is said of a year that is not there."""
    known = tuple(map(str, sorted(years)))
    message = Message("There is no year {year}; there are: {known}")
    return no_such(message, "year", asked, known)


def no_such(
    message: Message,
    place: str,
    asked: str,
    known: Sequence[str],
    labels: Mapping[str, str] = MappingProxyType({}),
) -> Stop:
    """What is said of a name that is not among the known ones, and of the one nearest to it."""
    args = {**message.args, place: asked, "known": tuple(known) or ("-",)}
    return Stop(meant(message.about(args), nearest(asked, known, labels, 0.4)))


def inputs_of(run: Run, loaded: Loaded, year: int | None) -> YearInputs:
    """The year asked for, else the newest that is not open; its errors, and exit 1.

    What is wrong elsewhere does not withhold it.
    """
    public = [number for number, status in loaded.statuses.items() if status != "open"]
    if year is None and not public and not loaded.faulty:
        message = Message(
            "Every year is still open; name the one you mean: --year {year}.",
            {"year": max(loaded.rests)},
        )
        raise Stop(message)
    number = chosen_year(list(loaded.rests), year or max(public, default=None))
    refuse(run, loaded.faulty.get(number, ()))
    if count := len(loaded.errors()):
        run.note("errors in other files: {count}; «kaohe check» shows them all", count=count)
    return next(inputs for inputs in loaded.years if inputs.assessment.year == number)


def standing_of(run: Run, result: YearResult, asked: str) -> Standing:
    """A township of that year by its id, by its name in either language, or by part of one."""
    message = Message(
        "No township «{township}» is assessed in {year}; there are: {known}",
        {"year": result.inputs.assessment.year},
    )
    township = township_of(run, asked, [each.township for each in result.standings], message)
    return next(each for each in result.standings if each.township is township)


def township_of(run: Run, asked: str, known: Sequence[Township], refusal: Message) -> Township:
    """The one with that id or name, or the only one of whose name it is a part. Raises Stop."""
    for township in known:
        if asked in township.names:
            return township
    plain, alike = as_named(asked), list[Township]()
    for is_meant in (str.__eq__, str.startswith, str.__contains__) if plain else ():
        alike = [each for each in known if any(is_meant(as_named(n), plain) for n in each.names)]
        if len(alike) == 1:
            args: dict[str, object] = {"asked": asked, "name": alike[0].name, "id": alike[0].id}
            run.note("«{asked}» is taken for {name} ({id}).", **args)
            return alike[0]
    if alike:
        args = {"asked": asked, "known": tuple(each.id for each in alike)}
        raise Stop(Message("«{asked}» may be any of: {known}. Write more of the name.", args))
    ids, labels = [each.id for each in known], {each.id: each.name.zh for each in known}
    raise no_such(refusal, "township", asked, ids, labels)


def write_new(root: Path, files: NewFiles) -> None:
    """All the files, or none where one of them is there already or cannot be written.

    Those that are there as they shall be were written by a run that was killed: it is completed.
    """
    clear(root, *{above.as_posix() for path in files for above in PurePosixPath(path).parents})
    there = [path for path in sorted(files) if kind(root, path) is not None]
    foreign = [path for path in there if not stands(root, path, files[path])]
    if foreign or len(there) == len(files):
        message = Message(
            "{path} is there already and stays as it is.", {"path": [*foreign, *there][0]}
        )
        raise Stop(message)
    create(root, {path: data for path, data in files.items() if path not in there})


def stands(root: Path, path: str, data: bytes) -> bool:
    """Whether a file stands there that says just what it shall."""
    return kind(root, path) is EntryKind.FILE and same(root, path, (data,))
