"""Commands that guard a repository: gate and owners.

Only wires them: what may go in is `generator.review.gate`'s. Reads what a hook is told, by its
input and by the environment, which nothing below does.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from generator.commands.inputs import refuse
from generator.commands.terminal import FOUND, Helpful, Run, common
from generator.engine.problem import Location, Message, Problem, Stop, errors
from generator.reading.files import Folder
from generator.reading.revisions import Repository
from generator.review.gate import (
    Proposal,
    between,
    first,
    has_owners,
    owners_of,
    refusals,
    staged,
)
from generator.review.owners import PATH, codeowners
from generator.words.report import problems

BRANCHES = "refs/heads/"
_WHO = ("GL_USER", "REMOTE_USER")
"""What gitolite and web servers call the one who pushes."""

_NEW_AND_OLD = 3
"""Words of a line that a hook is given: old, new, ref."""


@click.command("gate", cls=Helpful, epilog="Example: kaohe gate main HEAD --author songhe-clerk")
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option("--author", help="The account that asks (a hook knows it by itself).")
@click.option("--branch", default="main", help="The branch that is guarded.")
@click.option("--all-branches", is_flag=True, help="Judge pushes to other branches as well.")
@click.option("--staged", "index", is_flag=True, help="Judge what the next commit would bring.")
@common
def gate_command(
    run: Run,
    base: str | None,
    head: str | None,
    author: str | None,
    branch: str,
    *,
    all_branches: bool,
    index: bool,
) -> None:
    """May this push or pull request go in?"""
    repository = _repository(run)
    found: list[Problem] = []
    if index or base is not None:
        if (base is None or head is None) != index:
            raise Stop(_usage())
        asked = staged(repository) if index else between(repository, base or "", head or "")
        _note_owners(run, asked, author)
        found += refusals(asked, author)
    else:
        who = next((os.environ[name] for name in _WHO if os.environ.get(name)), "")
        guarded = _Guarded(repository, BRANCHES + branch, all_branches=all_branches)
        for old, new, ref in _pushed():
            asked_or_wrong = guarded.asked(old, new, ref)
            if isinstance(asked_or_wrong, Problem):
                found.append(asked_or_wrong)
            elif asked_or_wrong is not None:
                _note_owners(run, asked_or_wrong, who if author is None else author)
                found += refusals(asked_or_wrong, who if author is None else author)
    run.out(problems(found, run.words, run.form, run.style))
    wrong = len(errors(found))
    if wrong:
        run.note("Refused, errors: {count}. Nothing has gone in.", count=wrong)
    sys.exit(FOUND if wrong else 0)


def _usage() -> Message:
    return Message(
        "Write «kaohe gate BASE HEAD», or «kaohe gate --staged» before a commit; without "
        "either it is a hook (pre-receive) and reads what Git tells it."
    )


def _repository(run: Run) -> Repository:
    """The city's repository; a bare one has no folder data/ to look for."""
    here = Repository(run.where or Path.cwd())
    return Repository(run.root) if here.works else here


def _note_owners(run: Run, asked: Proposal, author: str | None) -> None:
    """Say where nobody asks who may change what."""
    if asked.base is None or not has_owners(asked.base):
        run.note("There is no {path} yet: anybody may change anything.", path=PATH)
    elif author is None:
        run.note("Nobody has asked who may change what; --author names the account.")


# --- a hook ---------------------------------------------------------------------------


def _pushed() -> Iterator[tuple[str, str, str]]:
    """What pre-receive is told on its input: a line for every ref."""
    if sys.stdin is None or sys.stdin.isatty():
        raise Stop(_usage())
    lines = sys.stdin.buffer.readlines()
    if not lines:  # a hook is told something; nothing must not look like consent
        raise Stop(_usage())
    for line in lines:
        words = line.decode("utf-8", "surrogateescape").rstrip("\n").split(" ", 2)
        if len(words) != _NEW_AND_OLD:
            raise Stop(_usage())
        yield words[0], words[1], words[2]


class _Guarded:
    """A repository with the branch that is guarded."""

    def __init__(self, repository: Repository, ref: str, *, all_branches: bool) -> None:
        self.repository = repository
        self.ref = ref
        self.all_branches = all_branches

    def asked(self, old: str, new: str, ref: str) -> Proposal | Problem | None:
        """What a pushed ref would bring; None where it may go in unseen, as a proposal."""
        deleted, created = (not commit.strip("0") for commit in (new, old))
        if ref != self.ref:
            seen = self.all_branches and ref.startswith(BRANCHES) and not deleted
            return self._other(new) if seen else None
        place = Location(ref, 1, 1)
        if deleted:
            message = Message("This branch is guarded and cannot be deleted.")
            return Problem(place, "branch-deleted", message)
        if created:
            return first(self.repository, new)
        if self.repository.meeting(old, new) != old:
            message = Message(
                "This branch only goes forward: what it holds already is missing in what was "
                "pushed. Fetch it, merge it, and push again without --force."
            )
            return Problem(place, "branch-rewritten", message)
        return between(self.repository, old, new)

    def _other(self, new: str) -> Proposal:
        known = self.repository.has(self.ref)
        return between(self.repository, self.ref, new) if known else first(self.repository, new)


# --- owners ---------------------------------------------------------------------------


@click.command("owners", cls=Helpful, epilog="Example: kaohe owners > .github/CODEOWNERS")
@common
def owners_command(run: Run) -> None:
    """Who may change what, as a CODEOWNERS file."""
    tree = Folder(run.root)
    if not has_owners(tree):
        raise Stop(Message("There is no {path}.", {"path": PATH}))
    wrong: list[Problem] = []
    found = owners_of(tree, wrong)
    refuse(run, wrong)
    if found is not None:
        head = run.words._("Made by «kaohe owners» from {path}; change that file.", path=PATH)
        run.out(f"# {head}\n{codeowners(found)}".rstrip("\n"))
