"""Commands about rulebooks (rules new, check, test, impact) and about what would be (whatif)."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import click

from generator.commands.cli import COULD_NOT, FOUND, CommandGroup
from generator.commands.scaffold import rulebook, write_new
from generator.commands.terminal import (
    Run,
    command,
    files_in,
    inputs_in,
    loaded_tree,
    refuse,
    rulebook_named,
    standing_of,
)
from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, Stop, errors
from generator.engine.rank import judged
from generator.engine.year import Scorecard, Standing, YearResult
from generator.review.diff import beside
from generator.review.readings import Reader, by_clause, ranges, year_readings
from generator.rulebook.books import Book, Option, Switchboard, books, switchboards
from generator.shape.schema import Files
from generator.words.report import problems, problems_object
from generator.words.results import as_json
from generator.words.whatif import (
    Supposed,
    WhatIf,
    answer_markdown,
    answer_object,
    answer_text,
    coverage_lines,
    coverage_object,
    impact_object,
)
from generator.year.examples import Tried, card_of, coverage, examples_of
from generator.year.examples import run as run_example
from generator.year.load import Changes, Loaded, Years

RULES = {
    "new": ("rules", "Start a rulebook, or the next version of one."),
    "check": ("rules", "Is every rulebook well formed, and does every path and sum in it hold?"),
    "test": ("rules", "Do the rules agree with the worked examples, and do these try every rule?"),
    "impact": (
        "rules",
        "What would a rulebook have made of past years: whose score, rank and consequences?",
    ),
}

rules_command = CommandGroup("rules", RULES)


@command("kaohe rules new road-safety")
@click.argument("name")
def new_command(run: Run, name: str) -> None:
    written = rulebook(run.root, name)
    write_new(run.root, written)
    for path in written:
        run.wrote(path)
    *_, version, _ = next(path for path in written if path.endswith("/rulebook.yaml")).split("/")
    run.note("Begun: «{id}», version {version}; go on from there.", id=name, version=version)


@command("kaohe rules check")
@click.argument("name", required=False)
def check_command(run: Run, name: str | None) -> None:
    found: list[Problem] = []
    files, chosen = _books(run, name, found)
    for book in chosen:
        examples_of(files, book, found)
    wanted = {(one.rulebook.id, one.rulebook.version): one for one in chosen}
    switchboards(files, wanted, found)
    _finish(run, found)


@command("kaohe rules test family-planning-petitions")
@click.argument("name", required=False)
def test_command(run: Run, name: str | None) -> None:
    found: list[Problem] = []
    files, chosen = _books(run, name, found)
    rows = [_tried(run, files, book, found) for book in chosen]
    if run.form == "json":
        run.out(as_json({"rulebooks": rows, **problems_object(found, run.words)}))
        sys.exit(FOUND if errors(found) else 0)
    _finish(run, found)


def _tried(run: Run, files: Files, book: Book, found: list[Problem]) -> dict[str, object]:
    """Run the examples of one rulebook; differences go to `found`."""
    examples = examples_of(files, book, found)
    failing = 0
    for example in examples:
        differences = run_example(example, book.rulebook)
        failing += bool(differences)
        found += differences
    cards = (Tried(card_of(one, book.rulebook), one.clause, one.inner) for one in examples)
    covered = coverage(book.rulebook, cards)
    run.note(
        "{id} {version}: examples: {count}, failing: {failing}; "
        "rules tried from both sides, with all their numbers: {complete} of {rules}",
        id=book.rulebook.id,
        version=book.rulebook.version,
        count=len(examples),
        failing=failing,
        complete=sum(one.complete for one in covered),
        rules=len(covered),
    )
    if run.form != "json":
        run.out("\n".join(coverage_lines(covered, len(examples), run.words)))
    return {
        "id": book.rulebook.id,
        "version": book.rulebook.version,
        "examples": len(examples),
        "failing": failing,
        "rules": coverage_object(covered),
    }


@command("kaohe rules impact family-planning-petitions/2")
@click.argument("new")
@click.option("--years", help="Which years, like 2023,2024 (default: all of that regulation).")
@click.option("--at", help="A Git revision, instead of the files as they are.")
def impact_command(run: Run, new: str, years: str | None, at: str | None) -> None:
    files = files_in(run, at)
    loaded = loaded_tree(run, at)
    book = rulebook_named(loaded.books, new)
    asked = _past(loaded, book, years)
    refuse(run, [problem for year in asked for problem in loaded.faulty.get(year, ())])
    again, supposed = Years(files, loaded.books), Supposed(book, other_book=True)
    answers = [
        _supposing(again, loaded.books[book.id, book.version], WhatIf(supposed, judged(inputs)))
        for inputs in loaded.years
        if inputs.assessment.year in asked
    ]
    _tell(run, answers, impact_object(answers, book), "###")
    sys.exit(FOUND if any(answer.differs for answer in answers) else 0)


def _tell(run: Run, answers: Sequence[WhatIf], data: dict[str, Any], mark: str) -> None:
    if run.form == "json":
        run.out(as_json(data).rstrip("\n"))
    elif run.form == "markdown":
        run.out("\n\n".join(answer_markdown(answer, run.words, mark) for answer in answers))
    else:
        run.out("\n\n".join(answer_text(answer, run.words, run.style) for answer in answers))


def _past(loaded: Loaded, book: Rulebook, years: str | None) -> list[int]:
    """The years asked for, or all that were assessed by another version of the regulation."""
    known = sorted(loaded.rests)
    if years is None:
        mine = [i for i in loaded.years if i.rulebook.id == book.id]
        return [i.assessment.year for i in mine]
    asked = [int(year) for year in years.split(",") if year.strip().isdigit()]
    strange = [year for year in years.split(",") if year.strip() not in map(str, known)]
    if strange or not asked:
        args = {"year": ",".join(strange) or years, "known": tuple(map(str, known))}
        raise Stop(Message("There is no year {year}; there are: {known}", args))
    return asked


def _books(run: Run, name: str | None, found: list[Problem]) -> tuple[Files, list[Book]]:
    """The sound rulebooks of the tree, or those of one id; what is wrong goes to `found`."""
    files = files_in(run)
    library = books(files, found)
    chosen = [book for (known, _), book in sorted(library.items()) if name in (None, known)]
    if not chosen and not errors(found):
        known = tuple(sorted({known for known, _ in library})) or ("-",)
        args = {"name": name or "", "known": known}
        raise Stop(Message("There is no rulebook «{name}»; there are: {known}", args))
    return files, chosen


def _finish(run: Run, found: list[Problem]) -> None:
    run.out(problems(found, run.words, run.form, run.style))
    if not found and run.form == "text":
        run.note("All is well.")
    sys.exit(FOUND if errors(found) else 0)


@command(
    "kaohe whatif --reading prefecture-ceiling=city; "
    "kaohe whatif --set songhe:visits.V-003.exempt=null"
)
@click.option("--year", type=int, help="The year (default: the newest that is not open).")
@click.option("--township", help="Show only this township (after ranking).")
@click.option("--reading", "reading", multiple=True, help="READING=ALTERNATIVE, read otherwise.")
@click.option("--rulebook", help="ID/VERSION of another rulebook.")
@click.option("--set", "set_", multiple=True, help="TOWNSHIP:ADDRESS=VALUE, another fact.")
@click.option("--without", multiple=True, help="TOWNSHIP:RECORD, a record left out.")
@click.option("--ranges", "ranged", is_flag=True, help="Everybody's ranks over all readings.")
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
    loaded, files = loaded_tree(run), files_in(run)
    result = judged(inputs_in(run, loaded, year))
    standing = None if township is None else standing_of(result, township)
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
    answer = WhatIf(supposed, result)
    if supposed:
        read_as = board.under(supposed.options) if board and supposed.options else None
        answer = _supposing(years, book, answer, read_as)
    if answer.problems:
        run.out(problems(answer.problems, run.words, run.form, run.style))
        run.note("{year} cannot be judged so.", year=result.inputs.assessment.year)
        sys.exit(COULD_NOT)
    if board is not None and (ranged or not supposed):
        answer = _by_readings(answer, Reader(years, board, result), ranged=ranged)
    elif not supposed:
        raise Stop(_no_switches(book))
    if standing is not None:
        answer = _about(answer, standing)
    _tell(run, [answer], answer_object(answer), "##")
    sys.exit(FOUND if answer.differs else 0)


def _by_readings(answer: WhatIf, own: Reader, *, ranged: bool) -> WhatIf:
    """With what single readings would move, if nothing was supposed; and with ranges if asked."""
    shown = None if answer.supposed else year_readings(own, ranged=False)
    return replace(answer, readings=shown, ranges=ranges(own, by_clause(own)) if ranged else None)


def _supposing(years: Years, book: Book, answer: WhatIf, read_as: Rulebook | None = None) -> WhatIf:
    """With the year as it would be under a book, beside the year as it is; or why it cannot be."""
    number = answer.result.inputs.assessment.year
    inputs, wrong = years.read(number, book, read_as, answer.supposed.changes or {})
    if inputs is None:
        return replace(answer, problems=wrong)
    return replace(answer, moved=beside(answer.result, judged(inputs)))


def _about(answer: WhatIf, standing: Standing) -> WhatIf:
    """The answer about one township only."""
    name = standing.township.id
    moved, singly, spread = answer.moved, answer.readings, answer.ranges
    if moved is not None:
        moved = replace(moved, general=(), townships=moved.about(name))
    if singly is not None:
        mine = (
            replace(reading, moved=tuple(m for m in reading.moved if m.township.id == name))
            for reading in singly.found
        )
        singly = replace(singly, found=tuple(mine))
    if spread is not None:
        spread = replace(spread, ranges=tuple(r for r in spread.ranges if r.township.id == name))
    return replace(answer, moved=moved, readings=singly, ranges=spread)


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
