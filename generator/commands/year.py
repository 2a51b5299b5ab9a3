"""Commands of a year's life: init, new, status, publish, verify, circular."""

import os
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from generator import __version__
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
    FOUND,
    Helpful,
    Run,
    chosen_year,
    common,
    files_in,
    loaded_frame,
    loaded_tree,
    refuse,
)
from generator.engine.book import Wording
from generator.engine.problem import Message, Stop, Text
from generator.engine.rank import judged
from generator.engine.year import Assessment, YearInputs
from generator.pages.render import check_outside_data
from generator.pages.year import YearView, by_year
from generator.papers.circular import OWN, WORDING, Given, circular, first
from generator.papers.parts import LONGEST
from generator.papers.word import pdf, program
from generator.reading.disk import clear, kind, replace, same, text
from generator.reading.files import DATA, DataFile, Folder, Kind, classify
from generator.reading.screen import screen
from generator.shape.documents import Files, files_of
from generator.words.report import printable, problems
from generator.words.results import as_json
from generator.words.status import (
    receipt_object,
    status,
    status_object,
    status_text,
    verified_object,
    verified_text,
)
from generator.year.frame import Frame
from generator.year.load import Loaded, check
from generator.year.published import verify
from generator.year.receipt import Receipt, path_of, receipt_of, written


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


@click.command("publish", cls=Helpful, epilog="Example: kaohe publish 2025")
@click.argument("year", type=int)
@common
def publish_command(run: Run, year: int) -> None:
    """Lock a final year: write the receipt of its result, once."""
    clear(run.root, f"{DATA}/{year}")
    if kind(run.root, path_of(year)) is not None:
        message = Message(
            "{year} has been published already; {path} stays as it is. What was wrong goes into "
            "data/{year}/corrections, and the first result stays beside the corrected one.",
            {"year": year, "path": path_of(year)},
        )
        raise Stop(message)
    loaded = loaded_tree(run)
    years = {inputs.assessment.year: inputs for inputs in loaded.years}
    inputs = years[chosen_year(list(years), year)]
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


@click.command("verify", cls=Helpful, epilog="Example: kaohe verify data/2024/published.json")
@click.argument("file", type=click.Path(path_type=Path))
@common
def verify_command(run: Run, file: Path) -> None:
    """Compute a published year again and say what differs; needs no Git and no network."""
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
    files = files_of(Folder(root))
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


MOST_BYTES = 4 * LONGEST
"""So many bytes a wording has at most, whatever its characters."""

_SHIPPED = Path(__file__).parent.parent / "templates" / "papers" / WORDING


@dataclass(frozen=True, slots=True)
class _Output:
    """Where the files go, and whether one that says something else may be replaced."""

    path: Path
    pages: bool
    force: bool


@click.command(
    "circular",
    cls=Helpful,
    epilog="Example: kaohe circular 2024 --out circular.docx",
)
@click.argument("year", type=int)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The Word file to write."
)
@click.option("--number", default="", help="The document number (default: blanks for it).")
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The date of the circular (default: that of the decision, or of the first assessment).",
)
@click.option("--first", "as_first", is_flag=True, help="As first published, without corrections.")
@click.option("--pdf", "pages", is_flag=True, help="Write a PDF as well, where LibreOffice is.")
@click.option("--force", is_flag=True, help="Replace a file that says something else.")
@click.option(
    "--copy-template",
    is_flag=True,
    help="Copy the wording into templates/, to be edited there, and write no circular.",
)
@common
def circular_command(
    run: Run,
    year: int,
    out: Path | None,
    number: str,
    day: datetime | None,
    *,
    as_first: bool,
    pages: bool,
    force: bool,
    copy_template: bool,
) -> None:
    """The official circular of a year, as a Word file in the form of GB/T 9704-2012."""
    if copy_template:
        write_new(run.root, {OWN: _SHIPPED.read_bytes()})
        run.wrote(OWN)
        return
    output = _Output(out or Path(f"circular-{year}.docx"), pages, force)
    check_outside_data(run.root, output.path)
    loaded = loaded_tree(run)
    city, found = loaded.city, _year(loaded, year, as_first=as_first)
    given = Given(number, day.date().isoformat() if day else "")
    wording, path = _wording(run)
    refuse(run, [*screen("--number", number), *screen(path, wording, telephone=city.telephone)])
    paper = circular(city, found, wording, path, given)
    # python-docx takes a moment to import, and no other command needs it.
    from generator.papers.word import word  # noqa: PLC0415

    data = word(paper)
    _put(run, output.path, data, force=force)
    _remarks(run, found, number)
    if pages:
        _pages(run, output, data)


def _year(loaded: Loaded, number: int, *, as_first: bool) -> YearView:
    """The year asked for, which is further than being reported. Raises Stop."""
    years = {inputs.assessment.year: inputs for inputs in loaded.years}
    inputs = years[chosen_year(list(years), number)]
    if inputs.assessment.status == "open":
        message = Message(
            "{year} is still open for submission: a circular would name units for what they may "
            "yet report. «kaohe score --year {year}» shows where it stands; once it is "
            "assessed, write status: provisional into data/{year}/assessment.yaml.",
            {"year": number},
        )
        raise Stop(message)
    results = [judged(one) for one in loaded.years]
    if as_first:
        results = [first(result) for result in results]
    forms = {name: book.form for name, book in loaded.books.items()}
    return next(y for y in by_year(results, forms, loaded.receipts) if y.number == number)


def _wording(run: Run) -> tuple[str, str]:
    """The city's own wording, or the shipped one, and where it stands. Raises Stop."""
    if kind(run.root, OWN) is None:
        return _SHIPPED.read_text(encoding="utf-8"), WORDING
    return text(run.root, OWN, MOST_BYTES), OWN


def _put(run: Run, path: Path, data: bytes, *, force: bool) -> None:
    """Write a file; one that says something else may hold what an office has written in it."""
    clear(path.parent, "")
    there = kind(path.parent, path.name) is not None
    if there and not force and not same(path.parent, path.name, (data,)):
        message = Message(
            "{path} is there already and says something else; name another file with --out, or "
            "replace it with --force.",
            {"path": printable(str(path))},
        )
        raise Stop(message)
    replace(path.parent, {path.name: (data,)})
    run.wrote(path)


def _remarks(run: Run, year: YearView, number: str) -> None:
    """What an office should know before it signs."""
    undecided = {line.undecided for line in year.book.lines}
    if any(undecided & set(standing.outcomes) for standing in year.ranked):
        run.note("Some units are tied at a line and wait for a decision.")
    if year.assessment.status != "final":
        run.note("{year} is not final: every page is marked as a draft.", year=year.number)
    elif year.receipt is None:
        run.note(
            "{year} is not published yet, so no check code is printed; run «kaohe publish {year}» "
            "first.",
            year=year.number,
        )
    if not number:
        run.note("The document number is left blank; name it with --number.")


def _pages(run: Run, output: _Output, data: bytes) -> None:
    soffice = program()
    if soffice is None:
        run.note("No PDF: LibreOffice is not installed here. The Word file is complete.")
        return
    made = pdf(data, soffice)
    if made is None:
        raise Stop(Message("LibreOffice could not make a PDF; the Word file is complete."))
    _put(run, output.path.with_suffix(".pdf"), made, force=True)
