"""Commands about rulebooks (rules new, check, test, impact) and about what would be (whatif)."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any, NoReturn

import click

from generator.commands.cli import COULD_NOT, FOUND, CommandGroup
from generator.commands.scaffold import rulebook
from generator.commands.terminal import (
    TOWNSHIP,
    YEAR,
    Run,
    command,
    files_in,
    inputs_of,
    loaded_tree,
    no_such,
    no_year,
    refuse,
    standing_of,
    write_new,
)
from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, Stop, errors
from generator.engine.rank import judged
from generator.engine.year import Submission, YearResult
from generator.reading.slips import meant, nearest
from generator.review.diff import beside
from generator.review.readings import Reader, by_clause, ranges, year_readings
from generator.rulebook.books import Book, Books, Option, Switchboard, books, switchboards
from generator.shape.schema import Files
from generator.words.report import problems_object
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
from generator.year.load import Loaded
from generator.year.supposed import Changes, Years

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
    run.wrote(*written)
    *_, version, _ = next(path for path in written if path.endswith("/rulebook.yaml")).split("/")
    run.note("Begun: «{id}», version {version}; go on from there.", id=name, version=version)


@command("kaohe rules check")
@click.argument("name", required=False)
def check_command(run: Run, name: str | None) -> None:
    faults: list[Problem] = []
    files, chosen = _books(run, name, faults)
    for book in chosen.values():
        examples_of(files, book, faults)
    switchboards(files, chosen, faults)
    _finish(run, faults)


@command("kaohe rules test family-planning-petitions")
@click.argument("name", required=False)
def test_command(run: Run, name: str | None) -> None:
    faults: list[Problem] = []
    files, chosen = _books(run, name, faults)
    rows = [_tried(run, files, book, faults) for book in chosen.values()]
    if run.form == "json":
        run.json({"rulebooks": rows, **problems_object(faults, run.words)})
        sys.exit(FOUND if errors(faults) else 0)
    _finish(run, faults)


def _tried(run: Run, files: Files, book: Book, faults: list[Problem]) -> dict[str, object]:
    """Run the examples of one rulebook; differences go to `faults`."""
    rules, examples = book.rulebook, examples_of(files, book, faults)
    differences = [run_example(example, rules) for example in examples]
    faults += chain.from_iterable(differences)
    cards = (Tried(card_of(example, rules), example.clause, example.inner) for example in examples)
    covered = coverage(rules, cards)
    counts = {
        "id": rules.id,
        "version": rules.version,
        "examples": len(examples),
        "failing": sum(map(bool, differences)),
    }
    run.note(
        "{id} {version}: examples: {count}, failing: {failing}; "
        "rules tried from both sides, with all their numbers: {complete} of {rules}",
        **counts,
        count=len(examples),
        complete=sum(rule.complete for rule in covered),
        rules=len(covered),
    )
    if run.form != "json":
        run.out("\n".join(coverage_lines(covered, len(examples), run.words)))
    return {**counts, "rules": coverage_object(covered)}


@command("kaohe rules impact family-planning-petitions/2")
@click.argument("new")
@click.option("--years", help="Which years, like 2023,2024 (default: all of that regulation).")
@click.option("--at", help="A Git revision, instead of the files as they are.")
def impact_command(run: Run, new: str, years: str | None, at: str | None) -> None:
    files, loaded = files_in(run, at), loaded_tree(run, at)
    book = _book(loaded.books, new)
    asked = _past(loaded, book.rulebook, years)
    refuse(run, [problem for year in asked for problem in loaded.faulty.get(year, ())])
    reread, supposed = Years(files, loaded.books), Supposed(book.rulebook, other_book=True)
    answers = [
        _supposing(reread, book, WhatIf(supposed, judged(inputs)))
        for inputs in loaded.years
        if inputs.assessment.year in asked
    ]
    _tell(run, answers, impact_object(answers, book.rulebook), "###")


def _tell(run: Run, answers: Sequence[WhatIf], data: dict[str, Any], mark: str) -> NoReturn:
    """The answers in the form asked for, and exit 1 where anything would be different."""
    if run.form == "json":
        run.json(data)
    elif run.form == "markdown":
        run.out("\n\n".join(answer_markdown(answer, run.words, mark) for answer in answers))
    else:
        run.out("\n\n".join(answer_text(answer, run.words, run.style) for answer in answers))
    sys.exit(FOUND if any(answer.differs for answer in answers) else 0)


def _past(loaded: Loaded, book: Rulebook, years: str | None) -> list[int]:
    """The years asked for, or all that were assessed by another version of the regulation."""
    if years is None:
        own = f"data/rulebooks/{book.id}/"
        return [
            year for year, paths in loaded.rests.items() if any(p.startswith(own) for p in paths)
        ]
    known = sorted(loaded.rests)
    asked = [int(year) for year in years.split(",") if year.strip().isdigit()]
    strange = [year for year in years.split(",") if year.strip() not in map(str, known)]
    if strange or not asked:
        raise no_year(",".join(strange) or years, known)
    return asked


def _books(run: Run, name: str | None, faults: list[Problem]) -> tuple[Files, Books]:
    """The sound rulebooks of the tree, or those of one id; what is wrong goes to `faults`."""
    files = files_in(run)
    library = books(files, faults)
    if name is None:
        return files, dict(sorted(library.items()))
    wanted = _folder(name)
    chosen = {key: book for key, book in sorted(library.items()) if wanted in (key[0], _named(key))}
    if not chosen and not errors(faults):
        raise _no_rulebook(library, name)
    return files, chosen


def _named(key: tuple[str, int]) -> str:
    return f"{key[0]}/{key[1]}"


def _folder(asked: str) -> str:
    """What is asked for by ID, ID/VERSION, or a path to it."""
    return asked.removesuffix("/rulebook.yaml").strip("/").removeprefix("data/rulebooks/")


def _no_rulebook(library: Books, asked: str) -> Stop:
    """A part of a name is nearest to an id, one with a version to that."""
    known = sorted(map(_named, library))
    ids = [] if "/" in _folder(asked) else sorted({name for name, _ in library})
    message = Message(
        "There is no rulebook «{name}»; there are: {known}",
        {"name": asked, "known": tuple(known) or ("-",)},
    )
    return Stop(meant(message, nearest(_folder(asked), ids or known)))


def _finish(run: Run, faults: list[Problem]) -> None:
    run.problems(faults)
    if not faults and run.form == "text":
        run.note("All is well.")
    sys.exit(FOUND if errors(faults) else 0)


@command(
    "kaohe whatif --reading prefecture-ceiling=city; "
    "kaohe whatif --set songhe:visits.V-003.exempt=null"
)
@YEAR
@TOWNSHIP
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
    result = judged(inputs_of(run, loaded, year))
    standing = None if township is None else standing_of(run, result, township)
    own, faults = result.inputs.rulebook, list[Problem]()
    book = loaded.books[own.id, own.version]
    if rulebook is not None:
        book = _book(loaded.books, rulebook)
    board = switchboards(files, loaded.books, faults).get((book.rulebook.id, book.rulebook.version))
    refuse(run, faults)
    supposed = Supposed(
        book.rulebook,
        _options(board, book, reading),
        book.rulebook is not own,
        _changes(run, result, set_, without),
    )
    if supposed.other_book and ranged:
        raise Stop(Message("Ranges are of the year's own rulebook; leave out --rulebook."))
    years = Years(files, loaded.books)
    answer = WhatIf(supposed, result)
    if supposed:
        read_as = board.under(supposed.options) if board and supposed.options else None
        answer = _supposing(years, book, answer, read_as)
    if answer.problems:
        run.problems(answer.problems)
        run.note("{year} cannot be judged so.", year=result.inputs.assessment.year)
        sys.exit(COULD_NOT)
    if board is not None and (ranged or not supposed):
        reader = Reader(years, board, result)
        singly = None if supposed else year_readings(reader, ranged=False)
        spread = ranges(reader, by_clause(reader)) if ranged else None
        answer = replace(answer, readings=singly, ranges=spread)
    elif not supposed:
        raise Stop(_no_switches(book))
    if standing is not None:
        answer = _about(answer, standing.township.id)
    _tell(run, [answer], answer_object(answer), "##")


def _supposing(years: Years, book: Book, answer: WhatIf, read_as: Rulebook | None = None) -> WhatIf:
    """With the year as it would be under a book, beside the year as it is; or why it cannot be."""
    number = answer.result.inputs.assessment.year
    inputs, wrong = years.read(number, book, read_as, answer.supposed.changes or {})
    if inputs is None:
        return replace(answer, problems=wrong)
    return replace(answer, moved=beside(answer.result, judged(inputs)))


def _about(answer: WhatIf, name: str) -> WhatIf:
    """The answer about one township only."""
    moved, singly, spread = answer.moved, answer.readings, answer.ranges
    if moved is not None:
        moved = replace(moved, general=(), townships=moved.about(name))
    if singly is not None:
        about = (
            replace(reading, moved=tuple(m for m in reading.moved if m.township.id == name))
            for reading in singly.found
        )
        singly = replace(singly, found=tuple(about))
    if spread is not None:
        spread = replace(spread, ranges=tuple(r for r in spread.ranges if r.township.id == name))
    return replace(answer, moved=moved, readings=singly, ranges=spread)


# --- what is supposed -----------------------------------------------------------------


def _book(library: Books, asked: str) -> Book:
    """A rulebook by id/version, by its folder, or by its id alone: the newest version then."""
    known = {_named(key): book for key, book in library.items()}
    wanted = _folder(asked)
    versions = [version for name, version in library if name == wanted]
    name = f"{wanted}/{max(versions)}" if versions else wanted
    if name not in known:
        raise _no_rulebook(library, asked)
    return known[name]


def _options(board: Switchboard | None, book: Book, asked: Sequence[str]) -> tuple[Option, ...]:
    """The alternatives asked for, which can be computed and be meant together."""
    if not asked:
        return ()
    if board is None:
        raise Stop(_no_switches(book))
    known = {option.name: option for option in board.options}
    executable = tuple(option.name for option in board.executable)
    for name in asked:
        if name not in known:
            message = Message("There is no reading «{name}»; there are: {known}")
            raise no_such(message, "name", name, executable)
        if not known[name].instead:
            reason = {"name": name, "note": known[name].note or ""}
            raise Stop(Message("{name} cannot be computed. {note}", reason))
    chosen = [known[name] for name in asked]
    for number, option in enumerate(chosen):
        for earlier in filter(partial(board.clash, option), chosen[:number]):
            args = {"one": earlier.name, "other": option.name}
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


def _changes(run: Run, result: YearResult, set_: Sequence[str], without: Sequence[str]) -> Changes:
    """The facts asked for, by township."""
    changes: dict[str, list[tuple[str, str]]] = {}
    for asked in set_:
        name, colon, rest = asked.partition(":")
        address, equals, value = rest.partition("=")
        if not (name and colon and address and equals) or "\n" in asked:
            args = {"asked": asked}
            raise Stop(Message("«{asked}» is not of the form TOWNSHIP:ADDRESS=VALUE.", args))
        submission = _reported(run, result, name)
        changes.setdefault(submission.township, []).append((address, value.strip() or "null"))
    for asked in without:
        name, colon, record = asked.partition(":")
        if not (name and colon and record):
            raise Stop(Message("«{asked}» is not of the form TOWNSHIP:RECORD.", {"asked": asked}))
        submission = _reported(run, result, name)
        address = _record(submission, record)
        changes.setdefault(submission.township, []).append((address, "null"))
    return changes


def _reported(run: Run, result: YearResult, name: str) -> Submission:
    """What a township has sent, which has facts to be supposed otherwise."""
    standing = standing_of(run, result, name)
    if standing.scorecard is None:
        who = {"township": standing.township.name}
        raise Stop(Message("{township} has not submitted; there is no fact to change.", who))
    return standing.scorecard.submission


def _record(submission: Submission, record: str) -> str:
    """The address of a record, which may be named by its id alone."""
    known = tuple(_addresses(submission.facts, ""))
    matching = [address for address in known if record in (address, address.rpartition(".")[2])]
    if len(matching) != 1:
        message = Message("There is no one record «{record}»; there are: {known}")
        labels = {address: address.rpartition(".")[2] for address in known}
        raise no_such(message, "record", record, matching or known, labels)
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
