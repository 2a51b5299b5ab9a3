"""Whether a change may go in: judged by the rules that stood before it, and by who asks.

Owns what is compared with what, and what refuses a change. Everything found is a problem. Must
not know a server, a hook or the environment.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from generator.data.load import check
from generator.data.tree import document_of, files_of
from generator.engine.problem import Location, Message, Problem, Severity, Stop
from generator.reading.files import SCHEMA, DataFile, Tree, classify
from generator.reading.mixed import Mixed
from generator.reading.revisions import Repository
from generator.review import locks
from generator.review.owners import PATH, Owners, owners
from generator.shape.schema import shape, submission_schema

BOOKS = "data/rulebooks/"
_VERSION = 4
"""Parts of the path of a rulebook's folder: data/rulebooks/<id>/<version>."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to go in: the tree as it would be, the one before it (None: there is none).

    `changed` are paths from the city's folder; those outside it begin with `/`. `at_once` are
    those that the line has changed as well since the change began.
    """

    base: Tree | None
    head: Tree
    changed: frozenset[str]
    at_once: frozenset[str] = frozenset()


# --- what is compared -----------------------------------------------------------------


def first(repository: Repository, head: str) -> Proposal:
    """The beginning of a repository: everything in it is new."""
    return Proposal(None, repository.revision(head), frozenset())


def between(repository: Repository, base: str, head: str) -> Proposal:
    """What `head` would bring into `base`, whatever has come into that meanwhile. Raises Stop."""
    old, new = repository.commit(base), repository.commit(head)
    began = repository.meeting(old, new)
    if began is None:
        message = Message(
            "{base} and {head} have no commit in common; fetch the whole history first.",
            {"base": base, "head": head},
        )
        raise Stop(message)
    before, tree = repository.revision(old), repository.revision(new)
    changed = frozenset(repository.changed(began, new))
    mine = _from_the_city(repository, changed)
    if began == old:
        return Proposal(before, tree, mine)
    differ = frozenset(repository.changed(old, new))
    both = changed & frozenset(repository.changed(began, old)) & differ
    merged = Mixed(tree, before, mine.__contains__)
    return Proposal(before, merged, mine, _from_the_city(repository, both))


def staged(repository: Repository) -> Proposal:
    """What a commit made now would bring."""
    if not repository.has("HEAD"):
        return Proposal(None, repository.staged(), frozenset())
    changed = _from_the_city(repository, repository.staged_changes())
    return Proposal(repository.revision("HEAD"), repository.staged(), changed)


def _from_the_city(repository: Repository, paths: Iterable[str]) -> frozenset[str]:
    top = repository.prefix
    return frozenset(p.removeprefix(top) if p.startswith(top) else f"/{p}" for p in paths)


# --- what refuses it ------------------------------------------------------------------


def refusals(asked: Proposal, author: str | None) -> list[Problem]:
    """Everything that speaks against it, and warnings about what it changes.

    Without an author nobody asks who may change what.
    """
    found = list(_judged(asked))
    if asked.base is not None:
        found += locks.receipts_kept(asked.base, asked.head)
        found += _at_once(asked)
    if asked.base is not None and author is not None:
        found += _permitted(asked, asked.base, author)
    new = asked.changed if asked.base is not None else None
    return [
        problem
        for problem in found
        if problem.severity is Severity.ERROR or new is None or problem.location.path in new
    ]


def _judged(asked: Proposal) -> Iterator[Problem]:
    """Data by the rules that stood before; where these are changed, by the new ones as well."""
    touched = any(path.startswith((BOOKS, f"{SCHEMA}/")) for path in asked.changed)
    own = check(files_of(asked.head))
    if asked.base is None or not touched:
        yield from own
        return
    stood = _rules_of(asked.base)
    before = check(files_of(Mixed(asked.base, asked.head, stood)))
    old, new = frozenset(map(_key, before)), frozenset(map(_key, own))
    for problem in own:
        after = Message("With the rules as changed here: {problem}", {"problem": problem.message})
        yield problem if _key(problem) in old else _saying(problem, after)
    for problem in before:
        # What is wrong with the rules that stood is no fault of a change that mends them.
        if _key(problem) not in new and not stood(problem.location.path):
            now = Message("By the rules in force: {problem}", {"problem": problem.message})
            yield _saying(problem, now)


def _rules_of(base: Tree) -> Callable[[str], bool]:
    """Whether a path belongs to the rules of that tree: versions of rulebooks, their forms."""
    versions = {_version(path) for path in base.paths() if path.startswith(BOOKS)}

    def stood(path: str) -> bool:
        if path.startswith(BOOKS):
            return _version(path) in versions
        inside = path.startswith(f"{SCHEMA}/")  # also those that come with the program
        return inside and submission_schema(base, path.removeprefix(f"{SCHEMA}/")) is not None

    return stood


def _version(path: str) -> tuple[str, ...]:
    return tuple(path.split("/")[:_VERSION])


def _key(problem: Problem) -> tuple[Location, str, str]:
    return problem.location, problem.code, problem.message.text


def _saying(problem: Problem, message: Message) -> Problem:
    return Problem(problem.location, problem.code, message, problem.severity)


def _at_once(asked: Proposal) -> Iterator[Problem]:
    """Files of ours that were changed on both sides: nobody has seen what both come to."""
    for path in sorted(asked.at_once):
        if isinstance(classify(path), DataFile) or path.startswith(f"{SCHEMA}/"):
            message = Message(
                "This file has been changed on the other side as well; merge that in first."
            )
            yield Problem(Location(path, 1, 1), "changed-meanwhile", message)


# --- who may change what --------------------------------------------------------------


def has_owners(tree: Tree) -> bool:
    """Whether a tree says who may change what."""
    return PATH in tree.paths()


def owners_of(tree: Tree, problems: list[Problem]) -> Owners | None:
    """Who may change what in a tree that says so; what is wrong with that goes to `problems`."""
    document = document_of(files_of(tree), PATH, shape("owners"), problems)
    return owners(document) if document else None


def _permitted(asked: Proposal, base: Tree, author: str) -> Iterator[Problem]:
    """The base says who may change what; what it does not say, nobody may."""
    if not has_owners(base):
        return
    wrong: list[Problem] = []
    known = owners_of(base, wrong)
    yield from wrong
    if known is None:
        return
    if author not in known.known():
        yield Problem(Location(PATH, 1, 1), "unknown-author", _stranger(known, author))
        return
    for path in sorted(asked.changed):
        may = known.of(path)
        if author not in may:
            yield Problem(Location(path, 1, 1), "not-yours", _not_yours(author, may))
    if PATH in asked.changed:
        yield from _nobody_left(asked.head)


def _stranger(known: Owners, author: str) -> Message:
    ask = {"ask": known.of(PATH) or ("-",), "path": PATH}
    if not author:
        return Message(
            "Nobody says who pushes this, so nothing may be changed; whoever looks after the "
            "server passes the account on (--author). Ask: {ask}",
            ask,
        )
    return Message(
        "The account «{author}» is not in {path}, so it may not change anything yet; ask to be "
        "put there: {ask}",
        {"author": author, **ask},
    )


def _not_yours(author: str, may: tuple[str, ...]) -> Message:
    if not may:
        return Message(
            "Nobody may change this file: no folder in {path} covers it. Leave it out, or have a "
            "folder put there first.",
            {"path": PATH},
        )
    return Message(
        "«{author}» may not change this file; leave it out of the change, or ask one of those "
        "who may: {may}",
        {"author": author, "may": may},
    )


def _nobody_left(head: Tree) -> Iterator[Problem]:
    """A change after which nobody could change the owners again."""
    left = owners_of(head, []) if has_owners(head) else None
    if left is not None and not left.of(PATH):
        message = Message(
            "After this nobody could change {path} any more; give somebody the folder data.",
            {"path": PATH},
        )
        yield Problem(Location(PATH, 1, 1), "owners-locked-out", message)
