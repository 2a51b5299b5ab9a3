"""Commands about revisions and what goes into a repository: diff, history, gate, owners.

Reads what a hook is told, by its input and by the environment, which nothing below does.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from generator.commands.cli import FOUND
from generator.commands.terminal import (
    Run,
    chosen_year,
    command,
    refuse,
    repository_of,
    township_of,
)
from generator.engine.difference import What
from generator.engine.problem import Location, Message, Problem, Severity, Stop, errors
from generator.reading.files import DATA, Tree, tree_below
from generator.reading.git import Repository
from generator.review.diff import Diff, YearDiff, diff, history
from generator.review.gate import (
    PATH,
    codeowners,
    has_owners,
    owners_of,
    pushed,
    refusals,
    staged,
    unsound,
)
from generator.review.judge import Judge, Snapshot, Store, snapshot
from generator.shape.schema import files_of
from generator.words.diff import (
    described,
    diff_markdown,
    diff_notices,
    diff_object,
    diff_text,
    history_object,
    history_text,
)
from generator.words.report import problems_object
from generator.year.load import check

YEAR = click.option("--year", type=int, help="Only this year.")


@command("kaohe diff HEAD~1; kaohe diff v2024 main")
@click.argument("old")
@click.argument("new", required=False)
@YEAR
@click.option("--township", help="Only this township.")
@click.option("--public", is_flag=True, help="For everybody to read: no score of an open year.")
def diff_command(
    run: Run, old: str, new: str | None, year: int | None, township: str | None, *, public: bool
) -> None:
    repository = repository_of(run)
    now = tree_below(run.root) if new is None else repository.revision(new)
    sides = snapshot(repository.revision(old)), snapshot(now)
    judge = Judge(Store(repository.private))
    moved = diff(judge, *sides, years=None if year is None else {year})
    _refuse(run, moved, old, new)
    chosen = moved.of(None, _known(run, judge, sides, year, township))
    collected: list[str] = []
    if public:
        chosen, still_open = chosen.public()
        problems = check(files_of(now)) if still_open else []
        collected = [_collected(run, own, problems) for own in still_open]
    if run.form == "json":
        ids = [None if name is None else repository.commit(name) for name in (old, new)]
        run.json(diff_object(chosen, ids[0] or old, ids[1]))
    elif run.form == "markdown":
        run.out(diff_markdown(chosen, run.words))
    elif run.form == "github":
        run.out(diff_notices(chosen, run.words))
    else:
        run.out(diff_text(chosen, run.words, run.style))
    if run.form in ("text", "markdown"):
        run.out("\n\n".join(collected))
        if not chosen.years and not collected:
            run.out(run.words._("No score, rank or list is different."))
    sys.exit(FOUND if chosen.years or collected else 0)


def _collected(run: Run, own: YearDiff, problems: Iterable[Problem]) -> str:
    """What everybody may know of an open year that differs: how much has come in, not what."""
    counts = Counter(
        problem.severity
        for problem in problems
        if problem.location.path.startswith(f"{DATA}/{own.year}/")
    )
    old, new = (
        sum(standing.scorecard is not None for standing in result.standings) if result else 0
        for result in (own.old, own.new)
    )
    told = [
        run.words._(
            "{year} is still open: reports handed in {old} → {new}; errors: {errors}, still to be "
            "filled in: {notes}. Scores of an open year are not told in public.",
            year=own.year,
            old=old,
            new=new,
            errors=counts[Severity.ERROR],
            notes=counts[Severity.NOTE],
        )
    ]
    told += (
        run.words.render(described(caused.difference, *own.books, own.form))
        for caused in own.general
        if caused.difference.key.what is What.STATUS
    )
    back = tuple(
        each.township.name
        for each in own.townships
        if each.old and each.old.scorecard and not (each.new and each.new.scorecard)
    )
    if back:
        told.append(
            run.words._(
                "Taken back, and no longer among those who have reported: {townships}.",
                townships=back,
            )
        )
    return "\n\n".join(told)


@command("kaohe history songhe --year 2025")
@click.argument("township", required=False)
@YEAR
def history_command(run: Run, township: str | None, year: int | None) -> None:
    repository = repository_of(run)
    judge = Judge(Store(repository.private))
    every = history(repository, judge)
    moved = every.of(year, township)
    if not moved.entries:
        now = snapshot(repository.revision("HEAD"))
        moved = every.of(year, _known(run, judge, [now], year, township))
    if run.form == "json":
        run.json(history_object(moved))
    else:
        run.out(history_text(moved, run.words, run.style))


def _known(
    run: Run, judge: Judge, trees: Iterable[Snapshot], year: int | None, township: str | None
) -> str | None:
    """The township as some register has it; the year must be one of some tree's.

    Trees with errors say nothing of either.
    """
    frames = [frame for tree in trees if (frame := judge.framed(tree).frame)]
    if frames and year is not None:
        chosen_year(list({number for frame in frames for number in frame.years}), year)
    if not frames or township is None:
        return township
    known = {t.id: t for frame in frames for t in frame.city.townships}
    if any(township in t.names for frame in frames for t in frame.city.townships):
        return township
    message = Message("There is no township «{township}»; there are: {known}")
    return township_of(run, township, [known[name] for name in sorted(known)], message).id


def _refuse(run: Run, moved: Diff, old: str, new: str | None) -> None:
    """A side with errors has no result: they are told, and which side they are on."""
    both = [*moved.old_problems, *moved.new_problems]
    if not both:
        return
    if run.form == "json":
        run.json(problems_object(both, run.words))
        sys.exit(FOUND)
    for name, faults in ((old, moved.old_problems), (new, moved.new_problems)):
        if faults:
            where = Message("the working tree") if name is None else name
            run.note("{revision}: errors: {count}; no result.", revision=where, count=len(faults))
            run.problems(faults)
    sys.exit(FOUND)


BRANCHES = "refs/heads/"
_USAGE = Message(
    "Write «kaohe gate BASE HEAD», or «kaohe gate --staged» before a commit; without "
    "either it is a hook (pre-receive) and reads what Git tells it."
)
_OPEN = (BRANCHES, "refs/tags/")
_WHO = ("GL_USER", "REMOTE_USER")
"""What gitolite and web servers call the one who pushes: one of them counts, whichever is set."""


@command("kaohe gate main HEAD --author songhe-clerk")
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option("--author", help="The account that asks (a hook knows it by itself).")
@click.option("--branch", default="main", help="The branch that is guarded.")
@click.option("--all-branches", is_flag=True, help="Judge pushes to other branches as well.")
@click.option(
    "--also",
    multiple=True,
    metavar="REFS",
    help="References that may be pushed besides branches and tags, like refs/pull/.",
)
@click.option("--staged", "index", is_flag=True, help="Judge what the next commit would bring.")
def gate_command(
    run: Run,
    base: str | None,
    head: str | None,
    author: str | None,
    branch: str,
    *,
    all_branches: bool,
    also: tuple[str, ...],
    index: bool,
) -> None:
    # A bare repository has no folder data/ to look for.
    here = Repository(run.where or Path.cwd())
    repository = Repository(run.root) if here.works else here
    if (base is None or head is None) != index and (index or base is not None):
        raise Stop(_USAGE)
    if index:
        proposal = staged(repository_of(run))
        _note_owners(run, proposal.base, author)
        faults = refusals(proposal, author, _today())
    elif base is not None and head is not None:
        into = repository.commit(base)
        _note_owners(run, repository.revision(into), author)
        faults = pushed(repository, into, repository.commit(head), head, author, _today())
    else:
        guard = _Guard(run, repository, BRANCHES + branch, (*_OPEN, *also), all_branches)
        faults = guard.faults(_told_by_git(), author)
    run.problems(faults)
    wrong = len(errors(faults))
    if wrong:
        run.note("Refused, errors: {count}. Nothing has gone in.", count=wrong)
    sys.exit(FOUND if wrong else 0)


def _today() -> date:
    """The command line may look at the calendar; nothing that it calls does."""
    return date.today()  # noqa: DTZ011 - the day where the gate stands


def _note_owners(run: Run, base: Tree | None, author: str | None) -> None:
    """Say where nobody asks who may change what."""
    if base is None or not has_owners(base):
        run.note("There is no {path} yet: anybody may change anything.", path=PATH)
    elif author is None:
        run.note("Nobody has asked who may change what; --author names the account.")


# --- a hook ---------------------------------------------------------------------------


_Line = tuple[str, str, str]
"""What a hook is told of a reference: the old id, the new one, its name."""


def _told_by_git() -> Iterator[_Line]:
    """What pre-receive is told on its input: a line for every ref."""
    lines = () if sys.stdin is None or sys.stdin.isatty() else sys.stdin.buffer.readlines()
    if not lines:  # a hook is told something; nothing must not look like consent
        raise Stop(_USAGE)
    for line in lines:
        words = line.decode("utf-8", "surrogateescape").rstrip("\n").split(" ", 2)
        if len(words) != len(("old", "new", "ref")):
            raise Stop(_USAGE)
        yield words[0], words[1], words[2]


@dataclass(frozen=True, slots=True)
class _Guard:
    """A repository with the branch that is guarded, and what references may be pushed to it."""

    run: Run
    repository: Repository
    ref: str
    open: tuple[str, ...]
    all_branches: bool

    def faults(self, lines: Iterable[_Line], author: str | None) -> list[Problem]:
        """What speaks against a push, all of its references together."""
        named = {name: os.environ[name] for name in _WHO if os.environ.get(name)}
        if author is None and len(set(named.values())) > 1:
            message = Message(
                "The server names two accounts: {accounts}. Nothing is taken in until whoever "
                "looks after it lets only one of them be set, or passes one on (--author).",
                {"accounts": tuple(f"{name}={account}" for name, account in named.items())},
            )
            return [Problem(Location(PATH, 1, 1), "unknown-author", message)]
        account = next(iter(named.values()), "") if author is None else author
        every, sound = list[Problem](), list[str]()
        for line in lines:
            faults = self._pushed(line, account, sound)
            every += faults
            if line[1].strip("0") and not errors(faults):
                sound.append(line[1])
        return every

    def _pushed(self, line: _Line, author: str, sound: Sequence[str]) -> list[Problem]:
        old, new = (commit if commit.strip("0") else None for commit in line[:2])
        ref = line[2]
        if not ref.startswith(self.open):
            message = Message(
                "Only branches (refs/heads/) and tags (refs/tags/) can be pushed here; other "
                "references can lay something else over what Git shows. Leave it out of the push."
            )
            return [Problem(Location(ref, 1, 1), "strange-reference", message)]
        if ref != self.ref:
            return [] if new is None else self._beside(new, ref, author, sound)
        if new is None:
            message = Message("This branch is guarded and cannot be deleted.")
            return [Problem(Location(ref, 1, 1), "branch-deleted", message)]
        return self._into(old, new, author)

    def _into(self, old: str | None, new: str, author: str) -> list[Problem]:
        """Into the branch that is guarded."""
        _note_owners(self.run, self.repository.revision(old) if old else None, author)
        if old and self.repository.meeting(old, new) != old:
            message = Message(
                "This branch only goes forward: what it holds already is missing in what was "
                "pushed. Fetch it, merge it, and push again without --force."
            )
            return [Problem(Location(self.ref, 1, 1), "branch-rewritten", message)]
        return pushed(self.repository, old, new, self.ref, author, _today())

    def _beside(self, new: str, ref: str, author: str, sound: Iterable[str]) -> list[Problem]:
        """A proposal or a tag: only Git's own check, unless every branch is to be judged.

        What other references of the same push bring need not be looked at again.
        """
        branch = self.ref.removeprefix(BRANCHES)
        if ref.startswith(_OPEN) and ref.endswith(f"/{branch}"):
            # It takes tags/main for main, tags/origin/main for origin/main, heads/heads/main
            # for both.
            message = Message(
                "Git would take this for the guarded branch wherever somebody writes only "
                "{branch}; give it a name that does not end in {branch}.",
                {"branch": branch},
            )
            return [Problem(Location(ref, 1, 1), "strange-reference", message)]
        base = self.repository.commit(self.ref) if self.repository.has(self.ref) else None
        if not self.all_branches or not ref.startswith(BRANCHES):
            return unsound(self.repository, (*sound, *([base] if base else ())), new, ref)
        _note_owners(self.run, self.repository.revision(base) if base else None, author)
        return pushed(self.repository, base, new, ref, author, _today())


# --- owners ---------------------------------------------------------------------------


@command("kaohe owners > .github/CODEOWNERS")
def owners_command(run: Run) -> None:
    tree = tree_below(run.root)
    if not has_owners(tree):
        raise Stop(Message("There is no {path}.", {"path": PATH}))
    faults: list[Problem] = []
    owners = owners_of(tree, faults)
    refuse(run, faults)
    if owners is not None:
        head = run.words._("Made by «kaohe owners» from {path}; change that file.", path=PATH)
        run.out(f"# {head}\n{codeowners(owners)}".rstrip("\n"))
