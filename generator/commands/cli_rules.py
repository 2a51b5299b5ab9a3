"""Commands about rulebooks: rules new, rules check, rules test.

Only wires them; rules are `library`'s, examples are `examples`'.
"""

import sys

import click

from generator.commands.inputs import files_in
from generator.commands.scaffold import rulebook, write_new
from generator.commands.terminal import FOUND, Group, Run, common
from generator.data.books import Book, books
from generator.data.tree import Files
from generator.data.trials import run as run_example
from generator.data.worked import examples_of
from generator.engine.problem import Message, Problem, Stop
from generator.words.report import errors, problems


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
        run.out(path)


@rules_group.command("check", epilog="Example: kaohe rules check")
@click.argument("name", required=False)
@common
def rules_check_command(run: Run, name: str | None) -> None:
    """Is every rulebook well formed, and does every path and sum in it hold?"""
    found: list[Problem] = []
    files, chosen = _books(run, name, found)
    for book in chosen:
        examples_of(files, book, found)
    _finish(run, found)


@rules_group.command("test", epilog="Example: kaohe rules test family-planning-petitions")
@click.argument("name", required=False)
@common
def rules_test_command(run: Run, name: str | None) -> None:
    """Do the rules agree with the worked examples?"""
    found: list[Problem] = []
    files, chosen = _books(run, name, found)
    for book in chosen:
        examples = examples_of(files, book, found)
        failing = [run_example(example, book.rulebook) for example in examples]
        found += [problem for problems in failing for problem in problems]
        run.note(
            "{id} {version}: examples: {count}, failing: {failing}",
            id=book.rulebook.id,
            version=book.rulebook.version,
            count=len(examples),
            failing=sum(map(bool, failing)),
        )
    _finish(run, found)


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
