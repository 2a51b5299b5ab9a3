"""Commands about rulebooks: rules new, rules check, rules test, rules impact.

Only wires them: what they do is in `generator.data`, how it reads in `generator.words`.
"""

import sys

import click

from generator.commands.inputs import files_in, loaded_tree, rulebook_named
from generator.commands.scaffold import rulebook, write_new
from generator.commands.terminal import FOUND, Group, Run, common
from generator.data.books import Book, books
from generator.data.coverage import Tried, coverage
from generator.data.impact import impacts
from generator.data.load import Loaded
from generator.data.switches import switchboards
from generator.data.tree import Files
from generator.data.trials import card_of
from generator.data.trials import run as run_example
from generator.data.worked import examples_of
from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, Stop, errors
from generator.words.coverage import coverage_lines, coverage_object
from generator.words.impact import impact_markdown, impact_object, impact_text
from generator.words.report import problems, problems_object
from generator.words.results import as_json


@click.group("rules", cls=Group)
def rules_group() -> None:
    """Write, check and test a rulebook."""


@rules_group.command("new", epilog="Example: kaohe rules new road-safety")
@click.argument("name")
@common
def rules_new_command(run: Run, name: str) -> None:
    """Start a rulebook, or the next version of one."""
    written = rulebook(run.root, name)
    write_new(run.root, written)
    for path in written:
        run.wrote(path)
    *_, version, _ = next(path for path in written if path.endswith("/rulebook.yaml")).split("/")
    run.note("Begun: «{id}», version {version}; go on from there.", id=name, version=version)


@rules_group.command("check", epilog="Example: kaohe rules check")
@click.argument("name", required=False)
@common
def rules_check_command(run: Run, name: str | None) -> None:
    """Is every rulebook well formed, and does every path and sum in it hold?"""
    found: list[Problem] = []
    files, chosen = _books(run, name, found)
    for book in chosen:
        examples_of(files, book, found)
    wanted = {(one.rulebook.id, one.rulebook.version): one for one in chosen}
    switchboards(files, wanted, found)
    _finish(run, found)


@rules_group.command("test", epilog="Example: kaohe rules test family-planning-petitions")
@click.argument("name", required=False)
@common
def rules_test_command(run: Run, name: str | None) -> None:
    """Do the rules agree with the worked examples, and do these try every rule?"""
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


@rules_group.command("impact", epilog="Example: kaohe rules impact family-planning-petitions/2")
@click.argument("new")
@click.option("--years", help="Which years, like 2023,2024 (default: all of that regulation).")
@click.option("--at", help="A Git revision, instead of the files as they are.")
@common
def rules_impact_command(run: Run, new: str, years: str | None, at: str | None) -> None:
    """What would a rulebook have made of past years: whose score, rank and consequences?"""
    files = files_in(run, at)
    loaded = loaded_tree(run, at)
    book = rulebook_named(loaded.books, new)
    asked = _past(loaded, book, years)
    found = list(impacts(files, loaded, (book.id, book.version), asked))
    if run.form == "json":
        run.out(as_json(impact_object(found, book)))
    elif run.form == "markdown":
        run.out(impact_markdown(found, book, run.words))
    else:
        run.out(impact_text(found, book, run.words, run.style))
    sys.exit(FOUND if any(one.moved or one.problems for one in found) else 0)


def _past(loaded: Loaded, book: Rulebook, years: str | None) -> list[int]:
    """The years asked for, or all that were assessed by another version of the regulation."""
    known = [inputs.assessment.year for inputs in loaded.years]
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
