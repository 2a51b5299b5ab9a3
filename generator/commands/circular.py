"""The command circular: a year as an official paper, from the city's own wording or ours."""

from datetime import datetime
from pathlib import Path

import click

from generator.commands.terminal import Run, command, inputs_of, loaded_tree, refuse, write_new
from generator.engine.problem import Message, Stop
from generator.engine.rank import judged
from generator.pages.render import check_outside_data
from generator.pages.year import YearView, by_year
from generator.papers.circular import OWN, WORDING, Given, circular, first
from generator.papers.parts import LONGEST
from generator.papers.word import pdf, program, word
from generator.reading.disk import clear, kind, replace, same, text
from generator.reading.screen import screen
from generator.words.messages import printable
from generator.year.load import Loaded

MOST_BYTES = 4 * LONGEST
"""So many bytes a wording has at most, whatever its characters."""

_SHIPPED = Path(__file__).parent.parent / "templates" / "papers" / WORDING


@command("kaohe circular 2024 --out circular.docx")
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
    if copy_template:
        write_new(run.root, {OWN: _SHIPPED.read_bytes()})
        run.wrote(OWN)
        return
    place = out or Path(f"circular-{year}.docx")
    check_outside_data(run.root, place)
    loaded = loaded_tree(run)
    city, view = loaded.city, _year(run, loaded, year, as_first=as_first)
    given = Given(number, day.date().isoformat() if day else "")
    # The city's own wording, or the shipped one.
    path, wording = WORDING, _SHIPPED.read_text(encoding="utf-8")
    if kind(run.root, OWN) is not None:
        path, wording = OWN, text(run.root, OWN, MOST_BYTES)
    refuse(run, [*screen("--number", number), *screen(path, wording, telephone=city.telephone)])
    data = word(circular(city, view, wording, path, given))
    _put(run, place, data, force=force)
    _remarks(run, view, number)
    if not pages:
        return
    soffice = program()
    if soffice is None:
        run.note("No PDF: LibreOffice is not installed here. The Word file is complete.")
        return
    made = pdf(data, soffice)
    if made is None:
        raise Stop(Message("LibreOffice could not make a PDF; the Word file is complete."))
    _put(run, place.with_suffix(".pdf"), made, force=True)


def _year(run: Run, loaded: Loaded, number: int, *, as_first: bool) -> YearView:
    """The year asked for, which is further than being reported. Raises Stop."""
    if inputs_of(run, loaded, number).assessment.status == "open":
        message = Message(
            "{year} is still open for submission: a circular would name units for what they may "
            "yet report. «kaohe score --year {year}» shows where it stands; once it is "
            "assessed, write status: provisional into data/{year}/assessment.yaml.",
            {"year": number},
        )
        raise Stop(message)
    results = [judged(inputs) for inputs in loaded.years]
    if as_first:
        results = list(map(first, results))
    forms = {name: book.form for name, book in loaded.books.items()}
    return next(y for y in by_year(results, forms, loaded.receipts) if y.number == number)


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
