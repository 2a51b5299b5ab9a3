"""Commands of a city and its years: init, new, check, status, score, explain, publish, verify."""

import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from generator import __version__
from generator.commands.cli import FOUND
from generator.commands.scaffold import (
    UNNAMED,
    book_for,
    city,
    registered,
    report,
    write_city,
    write_new,
    year,
)
from generator.commands.terminal import (
    Run,
    chosen_year,
    command,
    files_in,
    inputs_in,
    loaded_frame,
    loaded_tree,
    refuse,
    result_of,
    standing_of,
)
from generator.engine.book import Wording
from generator.engine.problem import Message, Problem, Stop, Text, errors
from generator.engine.rank import judged
from generator.engine.year import Assessment, YearInputs
from generator.pages.layout import personal
from generator.reading.disk import clear, content, kind
from generator.reading.files import DATA, DataFile, Kind, classify, tree_below
from generator.reading.slips import MAX_BYTES
from generator.reading.source import read
from generator.shape.schema import Files, files_of, office_telephone
from generator.words.explain import comparison, explanation, explanation_object, trace
from generator.words.messages import printable
from generator.words.report import problems, scores
from generator.words.results import as_json, result_object, result_text
from generator.words.status import (
    receipt_object,
    status,
    status_object,
    status_text,
    verified_object,
    verified_text,
)
from generator.year.load import Frame, check
from generator.year.published import verify
from generator.year.receipt import Receipt, path_of, receipt_of, written

YEAR = click.option("--year", type=int, help="The year (default: the newest that is not open).")


@command("kaohe init shili")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--city", "name", help="The city's name, in Chinese.")
def init_command(run: Run, folder: Path, name: str | None) -> None:
    # The command line may look at the calendar; nothing that it calls does.
    named = Text(name, name) if name else UNNAMED
    write_city(folder, city(named, date.today().year))  # noqa: DTZ011 - the user's own day
    run.note("A city begins in {path}; README.md there says how to go on.", path=str(folder))


@command("kaohe new --year 2026; kaohe new songhe 2026")
@click.argument("township", required=False)
@click.argument("township_year", required=False, type=int, metavar="[YEAR]")
@click.option("--year", "new_year", type=int, help="Start this year.")
@click.option("--rulebook", help="The new year's regulation: its id, or id/version.")
def new_command(
    run: Run,
    township: str | None,
    township_year: int | None,
    new_year: int | None,
    rulebook: str | None,
) -> None:
    if (township is None) == (new_year is None) or (township is None) != (township_year is None):
        raise Stop(
            Message(
                "Write «kaohe new --year YEAR» for a year, «kaohe new TOWNSHIP YEAR» for a file."
            )
        )
    files = files_in(run)
    frame = loaded_frame(run, files)
    years = _sound_years(run, files, frame, township_year)
    if new_year is not None:
        used = {number: (found.rulebook, found.version) for number, found in years.items()}
        name, version = book_for(new_year, used, frame.books, rulebook)
        written = year(new_year, used, frame.books, rulebook)
        run.note("The year uses «{id}», version {version}.", id=name, version=version)
    else:
        who, when = registered(frame.city, years, township or "", township_year or 0)
        book = frame.books[when.rulebook, when.version]
        written = report(who, when, book.form, book.shape.schema, book.schema)
    write_new(run.root, written)
    for path in written:
        run.wrote(path)


@command("kaohe status --year 2026")
@YEAR
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Another day than today.")
def status_command(run: Run, year: int | None, today: date | None) -> None:
    files = files_in(run)
    frame = loaded_frame(run, files)
    number = chosen_year(files.years(), year)
    chosen = _sound_years(run, files, frame, number)[number]
    day = date.fromisoformat(today.isoformat()[:10]) if today else date.today()  # noqa: DTZ011 - the user's own day
    paths = [file.path for file in (*files.of(Kind.REPORT), *files.of(Kind.INSPECTION))]
    found = status(frame.city, chosen, paths, check(files, run.track), day)
    if run.form == "json":
        run.out(as_json(status_object(found)).rstrip("\n"))
    else:
        book = frame.books.get((chosen.rulebook, chosen.version))
        wording = book.rulebook.wording if book else Wording()
        run.out(status_text(found, run.words, wording.assessed))


def _sound_years(run: Run, files: Files, frame: Frame, asked: int | None) -> dict[int, Assessment]:
    """The years by number; the problems, if the one asked for (or, without one, any) is broken."""
    broken = set(files.years()) - frame.years.keys()
    if asked in broken or (asked is None and broken):
        refuse(run, check(files, run.track))
    return {number: own.year.assessment for number, own in frame.years.items()}


@command("kaohe check data/2025/townships/songhe.yaml")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def check_command(run: Run, paths: tuple[Path, ...]) -> None:
    root, files = run.root, files_in(run)
    found = [*check(files, run.track), *personal(root, office_telephone(files))]
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


def _below(problem: Problem, paths: Iterable[Path], root: Path) -> bool:
    place = _standing(root) / problem.location.path
    return any(place.is_relative_to(_standing(path)) for path in paths)


def _standing(path: Path) -> Path:
    """Where a file stands, and not where it leads if it is a symbolic link."""
    there = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the link
    return Path(os.path.realpath(there.parent)) / there.name


@command("kaohe score --year 2025 --format json")
@YEAR
@click.option("--township", help="Show only this township (after ranking).")
def score_command(run: Run, year: int | None, township: str | None) -> None:
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


@command("kaohe explain songhe --clause 3.1 --against qingshan")
@click.argument("township")
@YEAR
@click.option("--clause", help="Only this clause.")
@click.option("--against", help="Why is this other township above it?")
def explain_command(
    run: Run, township: str, year: int | None, clause: str | None, against: str | None
) -> None:
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
    if clause is not None and run.verbose:
        path = result.inputs.rulebook.path
        rulebook, _ = read(path, content(run.root, path, MAX_BYTES))
        if rulebook is not None:
            run.out("\n" + trace(result, standing, clause, rulebook, run.words, run.style))
    if other is not None:
        unit = result.inputs.rulebook.wording.unit
        run.out("\n" + comparison(standing, other, run.words, unit))


@command("kaohe publish 2025")
@click.argument("year", type=int)
def publish_command(run: Run, year: int) -> None:
    clear(run.root, f"{DATA}/{year}")
    if kind(run.root, path_of(year)) is not None:
        message = Message(
            "{year} has been published already; {path} stays as it is. What was wrong goes into "
            "data/{year}/corrections, and the first result stays beside the corrected one.",
            {"year": year, "path": path_of(year)},
        )
        raise Stop(message)
    loaded = loaded_tree(run)
    inputs = inputs_in(run, loaded, year)
    _final(inputs)
    receipt = receipt_of(inputs, judged(inputs).first, loaded.city, __version__)
    write_new(run.root, {receipt.path: written(receipt)})
    _told(run, receipt)


def _final(inputs: YearInputs) -> None:
    """Only what has been decided for good is published. Raises Stop."""
    assessment = inputs.assessment
    if assessment.status == "final" and "final" in assessment.dates:
        return
    args = {"year": assessment.year, "status": assessment.status}
    if assessment.status != "final":
        message = Message(
            "{year} is not final yet (its status is {status}); once it is decided, write "
            "status: final into data/{year}/assessment.yaml and publish it then.",
            args,
        )
        raise Stop(message)
    message = Message(
        "{year} does not say since when it is final; write dates.final into "
        "data/{year}/assessment.yaml and publish it then.",
        args,
    )
    raise Stop(message)


def _told(run: Run, receipt: Receipt) -> None:
    if run.form == "json":
        run.out(as_json(receipt_object(receipt)).rstrip("\n"))
        return
    run.out(f"{receipt.path}  {receipt.code}")
    run.note(
        "{year} is published and locked. Commit {path}; the circular prints the check code {code}.",
        year=receipt.year,
        path=receipt.path,
        code=receipt.code,
    )


@command("kaohe verify data/2024/published.json")
@click.argument("file", type=click.Path(path_type=Path))
def verify_command(run: Run, file: Path) -> None:
    place = Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would follow a link
    root = place.parents[2] if len(place.parents) > 2 else place.parent
    known = classify(place.relative_to(root).as_posix())
    if not os.path.lexists(place):
        raise Stop(Message("There is no {path}.", {"path": printable(str(file))}))
    if not (isinstance(known, DataFile) and known.kind is Kind.PUBLISHED):
        message = Message(
            "{path} is no receipt with its files around it; name data/YEAR/published.json in a "
            "city's folder, or in the unpacked published.zip of that year.",
            {"path": printable(str(file))},
        )
        raise Stop(message)
    files = files_of(tree_below(root))
    if known not in files.listed:
        raise Stop(Message("There is no {path}.", {"path": printable(str(file))}))
    found = verify(files, known)
    if run.form == "json":
        run.out(as_json(verified_object(found, run.words)).rstrip("\n"))
    elif run.form == "text":
        run.out(verified_text(found, run.words, run.style))
    else:
        run.out(problems(found.problems, run.words, run.form))
    sys.exit(FOUND if found.problems else 0)
