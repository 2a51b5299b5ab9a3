"""Commands that look at revisions: diff, history.

Only wires them: what changed is found in `generator.review`, how it reads in `generator.words`.
"""

import sys
from collections.abc import Iterable

import click

from generator.commands.inputs import chosen_year
from generator.commands.terminal import FOUND, Helpful, Run, common
from generator.engine.problem import Message, Stop
from generator.reading.files import Folder
from generator.reading.revisions import Repository
from generator.review.diff import Diff, diff
from generator.review.history import history
from generator.review.judge import Judge
from generator.review.listed import Listed, listed
from generator.review.store import Store
from generator.words.diff import diff_markdown, diff_notices, diff_text
from generator.words.diff_data import diff_object
from generator.words.history import history_object, history_text
from generator.words.report import problems, problems_object
from generator.words.results import as_json

YEAR = click.option("--year", type=int, help="Only this year.")


@click.command("diff", cls=Helpful, epilog="Example: kaohe diff HEAD~1; kaohe diff v2024 main")
@click.argument("old")
@click.argument("new", required=False)
@YEAR
@click.option("--township", help="Only this township.")
@common
def diff_command(
    run: Run, old: str, new: str | None, year: int | None, township: str | None
) -> None:
    """What changed in scores and ranks between two revisions, and because of what?"""
    repository = Repository(run.root)
    sides = _side(run, repository, old), _side(run, repository, new)
    judge = Judge(Store(repository.private))
    found = diff(judge, *sides, years=None if year is None else {year})
    _refuse(run, found, old, new)
    _known(judge, sides, year, township)
    chosen = found.of(None, township)
    if run.form == "json":
        ids = [None if name is None else repository.commit(name) for name in (old, new)]
        run.out(as_json(diff_object(chosen, ids[0] or old, ids[1])).rstrip("\n"))
    elif run.form == "markdown":
        run.out(diff_markdown(chosen, run.words))
    elif run.form == "github":
        run.out(diff_notices(chosen, run.words))
    else:
        run.out(diff_text(chosen, run.words, run.style))
    if not chosen.years and run.form in ("text", "markdown"):
        run.out(run.words._("No score, rank or list is different."))
    sys.exit(FOUND if chosen.years else 0)


@click.command("history", cls=Helpful, epilog="Example: kaohe history songhe --year 2025")
@click.argument("township", required=False)
@YEAR
@common
def history_command(run: Run, township: str | None, year: int | None) -> None:
    """Which commits moved which scores, and because of what?"""
    repository = Repository(run.root)
    judge = Judge(Store(repository.private))
    found = history(repository, judge).of(year, township)
    if not found.entries:
        _known(judge, [listed(repository.revision("HEAD"))], year, township)
    if run.form == "json":
        run.out(as_json(history_object(found)).rstrip("\n"))
    else:
        run.out(history_text(found, run.words, run.style))


def _known(judge: Judge, trees: Iterable[Listed], year: int | None, township: str | None) -> None:
    """The year must be one of some tree's, the township in some register, by id or name.

    Trees with errors say nothing of either.
    """
    frames = [frame for tree in trees if (frame := judge.framed(tree).frame)]
    if frames and year is not None:
        chosen_year(sorted({one for frame in frames for one in frame.years}), year)
    known = {t.id: t.names for frame in frames for t in frame.city.townships}
    wanted = frames and township is not None
    if wanted and not any(township in names for names in known.values()):
        args = {"township": township, "known": tuple(sorted(known))}
        raise Stop(Message("There is no township «{township}»; there are: {known}", args))


def _side(run: Run, repository: Repository, name: str | None) -> Listed:
    """A revision, or the folder as it is."""
    return listed(Folder(run.root) if name is None else repository.revision(name))


def _refuse(run: Run, found: Diff, old: str, new: str | None) -> None:
    """A side with errors has no result: they are told, and which side they are on."""
    sides = ((old, found.old_problems), (new, found.new_problems))
    if not any(wrong for _, wrong in sides):
        return
    if run.form == "json":
        both = [*found.old_problems, *found.new_problems]
        run.out(as_json(problems_object(both, run.words)).rstrip("\n"))
        sys.exit(FOUND)
    for name, wrong in sides:
        if wrong:
            where = Message("the working tree") if name is None else name
            run.note("{revision}: errors: {count}; no result.", revision=where, count=len(wrong))
            run.out(problems(wrong, run.words, run.form, run.style))
    sys.exit(FOUND)
