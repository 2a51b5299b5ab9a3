"""The command that asks what if: other readings, another rulebook, other facts.

Only wires it: years are read again in `generator.data`, compared in `generator.review`, told in
`generator.words`.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

import click

from generator.commands.inputs import (
    chosen_year,
    files_in,
    loaded_tree,
    refuse,
    rulebook_named,
    standing_of,
)
from generator.commands.terminal import COULD_NOT, FOUND, Helpful, Run, common
from generator.data.again import Changes, Years
from generator.data.books import Book
from generator.data.load import Loaded
from generator.data.switches import Option, Switchboard, switchboards
from generator.engine.problem import Message, Problem, Stop
from generator.engine.rank import judged
from generator.engine.result import Scorecard, Standing, YearResult
from generator.review.diff import beside
from generator.review.otherwise import Reader
from generator.review.ranges import Ranges, YearReadings, ranges, sums_of, year_readings
from generator.words.report import problems
from generator.words.results import as_json
from generator.words.whatif import Answer, Supposed, answer_markdown, answer_object, answer_text


@click.command(
    "whatif",
    cls=Helpful,
    epilog="Example: kaohe whatif --reading prefecture-ceiling=city; "
    "kaohe whatif --set songhe:visits.V-003.exempt=null",
)
@click.option("--year", type=int, help="The year (default: the newest).")
@click.option("--township", help="Show only this township (after ranking).")
@click.option("--reading", "reading", multiple=True, help="READING=ALTERNATIVE, read otherwise.")
@click.option("--rulebook", help="ID/VERSION of another rulebook.")
@click.option("--set", "set_", multiple=True, help="TOWNSHIP:ADDRESS=VALUE, another fact.")
@click.option("--without", multiple=True, help="TOWNSHIP:RECORD, a record left out.")
@click.option("--ranges", "ranged", is_flag=True, help="Everybody's ranks over all readings.")
@common
def whatif_command(
    run: Run,
    year: int | None,
    township: str | None,
    reading: Sequence[str],
    rulebook: str | None,
    set_: Sequence[str],
    without: Sequence[str],
    *,
    ranged: bool,
) -> None:
    """What would move if a phrase were read otherwise, or something were different?"""
    loaded, files = loaded_tree(run), files_in(run)
    number = chosen_year([inputs.assessment.year for inputs in loaded.years], year)
    result = judged(next(i for i in loaded.years if i.assessment.year == number))
    one = None if township is None else standing_of(result, township)
    book = _book(loaded, result, rulebook)
    found: list[Problem] = []
    board = switchboards(files, loaded.books, found).get((book.rulebook.id, book.rulebook.version))
    refuse(run, found)
    supposed = Supposed(
        book.rulebook,
        _options(board, book, reading),
        book.rulebook is not result.inputs.rulebook,
        _changes(result, set_, without),
    )
    if supposed.other_book and ranged:
        raise Stop(Message("Ranges are of the year's own rulebook; leave out --rulebook."))
    years = Years(files, loaded.books)
    answer = Answer(supposed, result, None, None, None)
    if supposed:
        answer = _supposing(run, years, board, book, answer)
    if board is not None and (ranged or not supposed):
        answer = _by_readings(answer, Reader(years, board, result), ranged=ranged)
    elif not supposed:
        raise Stop(_no_switches(book))
    _print(run, answer if one is None else _about(answer, one))
    sys.exit(FOUND if answer.differs else 0)


def _by_readings(answer: Answer, own: Reader, *, ranged: bool) -> Answer:
    """With what single readings would move, if nothing was supposed; and with ranges if asked."""
    shown = None if answer.supposed else year_readings(own, ranged=False)
    return replace(answer, readings=shown, ranges=ranges(own, sums_of(own)) if ranged else None)


def _print(run: Run, answer: Answer) -> None:
    if run.form == "json":
        run.out(as_json(answer_object(answer)).rstrip("\n"))
    elif run.form == "markdown":
        run.out(answer_markdown(answer, run.words))
    else:
        run.out(answer_text(answer, run.words, run.style))


def _supposing(
    run: Run, years: Years, board: Switchboard | None, book: Book, answer: Answer
) -> Answer:
    """The year as it would be, beside the year as it is."""
    supposed, number = answer.supposed, answer.result.inputs.assessment.year
    read_as = board.under(supposed.options) if board and supposed.options else book.rulebook
    again = years.again(number, book, read_as, supposed.changes or {})
    if again.inputs is None:
        run.out(problems(again.problems, run.words, run.form, run.style))
        run.note("{year} cannot be judged so.", year=number)
        sys.exit(COULD_NOT)
    return replace(answer, moved=beside(answer.result, judged(again.inputs)))


def _about(answer: Answer, one: Standing) -> Answer:
    """The answer about one township only."""
    name, moved = one.township.id, answer.moved
    if moved is not None:
        moved = replace(moved, general=(), townships=moved.about(name))
    return replace(
        answer,
        moved=moved,
        readings=_readings_about(answer.readings, name),
        ranges=_ranges_about(answer.ranges, name),
    )


def _readings_about(readings: YearReadings | None, name: str) -> YearReadings | None:
    if readings is None:
        return None
    found = (
        replace(each, moved=tuple(m for m in each.moved if m.township.id == name))
        for each in readings.found
    )
    return replace(readings, found=tuple(found))


def _ranges_about(found: Ranges | None, name: str) -> Ranges | None:
    if found is None:
        return None
    return replace(found, ranges=tuple(r for r in found.ranges if r.township.id == name))


# --- what is supposed -----------------------------------------------------------------


def _book(loaded: Loaded, result: YearResult, rulebook: str | None) -> Book:
    """The year's own rulebook, or the one asked for."""
    own = result.inputs.rulebook
    wanted = own if rulebook is None else rulebook_named(loaded.books, rulebook)
    return loaded.books[wanted.id, wanted.version]


def _options(board: Switchboard | None, book: Book, asked: Sequence[str]) -> tuple[Option, ...]:
    """The alternatives asked for, which can be computed and be meant together."""
    if not asked:
        return ()
    if board is None:
        raise Stop(_no_switches(book))
    known = {option.name: option for option in board.options}
    executable = tuple(option.name for option in board.executable)
    chosen = []
    for name in asked:
        if name not in known:
            raise Stop(
                Message(
                    "There is no reading «{name}»; there are: {known}",
                    {"name": name, "known": executable or ("-",)},
                )
            )
        if not known[name].instead:
            told = {"name": name, "note": known[name].note or ""}
            raise Stop(Message("{name} cannot be computed. {note}", told))
        chosen.append(known[name])
    for number, option in enumerate(chosen):
        for other in chosen[:number]:
            if board.clash(option, other):
                args = {"one": other.name, "other": option.name}
                raise Stop(
                    Message("{one} and {other} change the same place; choose one of them.", args)
                )
    # In the rulebook's order, so that the order of asking changes nothing.
    return tuple(option for option in board.options if option in chosen)


def _no_switches(book: Book) -> Message:
    path = book.rulebook.path.replace("rulebook.yaml", "readings.yaml")
    return Message(
        "No reading of {title} can be computed: there is no {path}.",
        {"title": book.rulebook.title, "path": path},
    )


def _changes(result: YearResult, set_: Sequence[str], without: Sequence[str]) -> Changes:
    """The facts asked for, by township."""
    found: dict[str, list[tuple[str, str]]] = {}
    for asked in set_:
        name, colon, rest = asked.partition(":")
        address, equals, value = rest.partition("=")
        if not (name and colon and address and equals) or "\n" in asked:
            args = {"asked": asked}
            raise Stop(Message("«{asked}» is not of the form TOWNSHIP:ADDRESS=VALUE.", args))
        card = _reported(result, name)
        found.setdefault(card.submission.township, []).append((address, value.strip() or "null"))
    for asked in without:
        name, colon, record = asked.partition(":")
        if not (name and colon and record):
            raise Stop(Message("«{asked}» is not of the form TOWNSHIP:RECORD.", {"asked": asked}))
        card = _reported(result, name)
        found.setdefault(card.submission.township, []).append((_record(card, record), "null"))
    return found


def _reported(result: YearResult, name: str) -> Scorecard:
    """The card of a township that has facts to be supposed otherwise."""
    standing = standing_of(result, name)
    if standing.scorecard is None:
        who = {"township": standing.township.name}
        raise Stop(Message("{township} has not submitted; there is no fact to change.", who))
    return standing.scorecard


def _record(card: Scorecard, record: str) -> str:
    """The address of a record, which may be named by its id alone."""
    known = tuple(_addresses(card.submission.facts, ""))
    matching = [one for one in known if record in (one, one.rpartition(".")[2])]
    if len(matching) != 1:
        args = {"record": record, "known": tuple(matching or known) or ("-",)}
        raise Stop(Message("There is no one record «{record}»; there are: {known}", args))
    return matching[0]


def _addresses(value: object, around: str) -> Iterable[str]:
    """The addresses of all records, wherever their lists are."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _addresses(inner, f"{around}{key}.")
    elif isinstance(value, list):
        for entry in value:
            if isinstance(entry, dict) and "id" in entry:
                yield f"{around}{entry['id']}"
