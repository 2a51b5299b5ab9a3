"""Commands that begin something, and the one that says who has begun: init, new, status.

Only wires them; what is written is `scaffold`'s, who has submitted is `status`'s.
"""

from datetime import date
from pathlib import Path

import click

from generator.commands.inputs import chosen_year, files_in, loaded_frame, refuse
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
from generator.commands.terminal import Helpful, Run, common
from generator.data.frame import Frame
from generator.data.load import check
from generator.data.tree import Files
from generator.engine.book import Wording
from generator.engine.model import Assessment
from generator.engine.problem import Message, Stop, Text
from generator.reading.files import Kind
from generator.words.results import as_json
from generator.words.status import status, status_object, status_text


@click.command("init", cls=Helpful, epilog="Example: kaohe init shili")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--city", "name", help="The city's name, in Chinese.")
@common
def init_command(run: Run, folder: Path, name: str | None) -> None:
    """Start a city in a folder of its own."""
    # The command line may look at the calendar; nothing that it calls does.
    named = Text(name, name) if name else UNNAMED
    write_city(folder, city(named, date.today().year))  # noqa: DTZ011 - the user's own day
    run.note("A city begins in {path}; README.md there says how to go on.", path=str(folder))


@click.command("new", cls=Helpful, epilog="Example: kaohe new --year 2026; kaohe new songhe 2026")
@click.argument("township", required=False)
@click.argument("township_year", required=False, type=int, metavar="[YEAR]")
@click.option("--year", "new_year", type=int, help="Start this year.")
@click.option("--rulebook", help="The new year's regulation: its id, or id/version.")
@common
def new_command(
    run: Run,
    township: str | None,
    township_year: int | None,
    new_year: int | None,
    rulebook: str | None,
) -> None:
    """Start a year, or a township's file."""
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


@click.command("status", cls=Helpful, epilog="Example: kaohe status --year 2026")
@click.option("--year", type=int, help="The year (default: the newest).")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Another day than today.")
@common
def status_command(run: Run, year: int | None, today: date | None) -> None:
    """Who has submitted, who is late?"""
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
