"""Commands of a city's years: check, status, score, explain, publish, verify."""

import os
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from generator import __version__
from generator.commands.cli import FOUND
from generator.commands.terminal import (
    TOWNSHIP,
    YEAR,
    Run,
    chosen_year,
    command,
    files_in,
    inputs_of,
    loaded_frame,
    loaded_tree,
    no_such,
    repository_around,
    sound_years,
    standing_of,
    write_new,
)
from generator.engine.book import Wording
from generator.engine.problem import Message, Severity, Stop
from generator.engine.rank import judged
from generator.reading.disk import clear, content, kind
from generator.reading.files import DATA, DataFile, Kind, classify, tree_below
from generator.reading.slips import MAX_BYTES, meant, nearest
from generator.reading.source import read
from generator.shape.schema import Files, files_of, office_telephone
from generator.words.explain import comparison, explanation, explanation_object, trace
from generator.words.messages import printable
from generator.words.report import scores
from generator.words.results import result_object, result_text
from generator.words.status import (
    points_object,
    points_text,
    receipt_object,
    status,
    status_object,
    status_text,
    verified_object,
    verified_text,
)
from generator.year.load import check, checked
from generator.year.office import clauses_of
from generator.year.published import verify
from generator.year.receipt import path_of, points, receipt_of, written


@command("kaohe status --year 2026")
@click.option("--year", type=int, help="The year (default: the newest).")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Another day than today.")
@click.option(
    "--at", type=click.DateTime(["%Y-%m-%d"]), help="As it was at the end of a day, from Git."
)
def status_command(run: Run, year: int | None, today: date | None, at: date | None) -> None:
    files = _files_at(run, at.isoformat()[:10]) if at else files_in(run)
    today = today or at
    frame = loaded_frame(run, files)
    number = chosen_year(files.years(), year)
    chosen = sound_years(run, files, frame, number)[number]
    day = date.fromisoformat(today.isoformat()[:10]) if today else date.today()  # noqa: DTZ011 - the user's own day
    problems, reports = checked(files, run.track)
    since = _in_git_since(run, number) if chosen.status == "open" and at is None else {}
    answer = status(frame.city, chosen, reports.get(number, {}), problems, day, since)
    if run.form == "json":
        run.json(status_object(answer))
    else:
        book = frame.books.get((chosen.rulebook, chosen.version))
        wording = book.rulebook.wording if book else Wording()
        run.out(status_text(answer, run.words, wording.assessed))


def _files_at(run: Run, day: str) -> Files:
    """The files as they were at the end of a day. Raises Stop where Git cannot tell."""
    repository = repository_around(run.root)
    if repository is None:
        message = Message(
            "What stood here on {day} is known to Git alone, and this is no repository; --today "
            "counts the days from another day for the files as they are now.",
            {"day": day},
        )
        raise Stop(message)
    for commit, _ in repository.history():
        if commit.day[:10] <= day:
            return files_of(repository.revision(commit.id))
    raise Stop(Message("Git has no version of the data of {day} or before.", {"day": day}))


def _in_git_since(run: Run, year: int) -> Mapping[str, date]:
    from generator.review.gate import in_git_since  # noqa: PLC0415 - only an open year asks Git

    repository = repository_around(run.root)
    return in_git_since(repository, year) if repository and repository.has("HEAD") else {}


@command("kaohe check data/2025/townships/songhe.yaml")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def check_command(run: Run, paths: tuple[Path, ...]) -> None:
    from generator.pages.layout import personal  # noqa: PLC0415 - `score` goes without the pages

    root, files = _standing(run.root), files_in(run)
    faults = [*check(files, run.track), *personal(run.root, office_telephone(files))]
    asked = [_standing(path) for path in paths] or [root]
    shown = [f for f in faults if any((root / f.location.path).is_relative_to(a) for a in asked)]
    for path in paths:
        if not shown and not os.path.lexists(path):
            raise _no_file(path, root)
    run.problems(shown)
    counts = Counter(problem.severity for problem in faults)
    wrong, notes = counts[Severity.ERROR], counts[Severity.NOTE]
    args = {"errors": wrong, "warnings": counts[Severity.WARNING]}
    if len(shown) < len(faults):
        args["hidden"] = len(faults) - len(shown)
        run.note("errors: {errors}, warnings: {warnings}, not shown: {hidden}", **args)
    elif len(faults) > notes:
        run.note("errors: {errors}, warnings: {warnings}", **args)
    elif run.form == "text" and not notes:
        run.note("All is well.")
    if notes:
        run.note("still to be filled in before reports are handed in: {notes}", notes=notes)
    sys.exit(FOUND if wrong else 0)


def _no_file(path: Path, root: Path) -> Stop:
    """What is said of a file that is not there, and of the one of the city nearest to it."""
    message = Message("There is no {path}.", {"path": printable(str(path))})
    asked = os.path.relpath(_standing(path), _standing(root))
    return Stop(meant(message, nearest(asked, map(printable, tree_below(root)))))


def _standing(path: Path) -> Path:
    """Where a file stands, and not where it leads if it is a symbolic link."""
    there = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the link
    return Path(os.path.realpath(there.parent)) / there.name


@command("kaohe score --year 2025 --format json")
@YEAR
@TOWNSHIP
def score_command(run: Run, year: int | None, township: str | None) -> None:
    result = judged(inputs_of(run, loaded_tree(run), year))
    chosen = result.standings if township is None else (standing_of(run, result, township),)
    if run.form == "json":
        value = result_object(result)
        wanted = {standing.township.id for standing in chosen}
        value["townships"] = [row for row in value["townships"] if row["id"] in wanted]
        run.out(result_text(value).rstrip("\n"))
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
    result = judged(inputs_of(run, loaded_tree(run), year))
    standing = standing_of(run, result, township)
    rival = None if against is None else standing_of(run, result, against)
    titles = clauses_of(result.inputs.rulebook)
    known = tuple(titles)
    if clause is not None and clause not in known:
        message = Message(
            "The rulebook has no clause {clause}; its clauses are {clauses}.", {"clauses": known}
        )
        raise no_such(message, "clause", clause, known, titles)
    if run.form == "json":
        run.json(explanation_object(result, standing, clause))
        return
    run.out(explanation(result, standing, run.words, clause=clause, style=run.style))
    if clause is not None and run.verbose:
        path = result.inputs.rulebook.path
        rulebook, _ = read(path, content(run.root, path, MAX_BYTES))
        if rulebook is not None:
            run.out("\n" + trace(result, standing, clause, rulebook, run.words, run.style))
    if rival is not None:
        unit = result.inputs.rulebook.wording.unit
        run.out("\n" + comparison(standing, rival, run.words, unit))


@command("kaohe publish 2025 --dry-run")
@click.argument("year", type=int)
@click.option("--dry-run", is_flag=True, help="Only say what is done and what is open.")
def publish_command(run: Run, year: int, *, dry_run: bool) -> None:
    clear(run.root, f"{DATA}/{year}")
    if kind(run.root, path_of(year)) is not None:
        message = Message(
            "{year} has been published already; {path} stays as it is. What was wrong goes into "
            "data/{year}/corrections, and the first result stays beside the corrected one.",
            {"year": year, "path": path_of(year)},
        )
        raise Stop(message)
    loaded = loaded_tree(run)
    result = judged(inputs_of(run, loaded, year))
    asked = tuple(points(result))
    waiting = any(point.open for point in asked)
    if dry_run or waiting:
        if run.form == "json":
            run.json(points_object(year, asked, run.words))
        else:
            run.out(points_text(asked, run.words, run.style))
        if waiting:
            run.note("{year} is not published: what is open above comes first.", year=year)
        sys.exit(FOUND if waiting else 0)
    receipt = receipt_of(result.inputs, result.first, loaded.city, __version__)
    write_new(run.root, {receipt.path: written(receipt)})
    if run.form == "json":
        run.json(receipt_object(receipt))
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
    receipt = classify(place.relative_to(root).as_posix())
    if not os.path.lexists(place):
        raise _no_file(file, root)
    if not (isinstance(receipt, DataFile) and receipt.kind is Kind.PUBLISHED):
        message = Message(
            "{path} is no receipt with its files around it; name data/YEAR/published.json in a "
            "city's folder, or in the unpacked published.zip of that year.",
            {"path": printable(str(file))},
        )
        raise Stop(message)
    files = files_of(tree_below(root))
    if receipt not in files.listed:
        raise _no_file(file, root)
    verified = verify(files, receipt)
    if run.form == "json":
        run.json(verified_object(verified, run.words))
    elif run.form == "text":
        run.out(verified_text(verified, run.words, run.style))
    else:
        run.problems(verified.problems)
    sys.exit(FOUND if verified.problems else 0)
