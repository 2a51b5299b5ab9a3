"""Whether a change may go in: judged by the rules that stood before it, and by who asks.

Owns what is compared with what, who may change which path (`data/owners.yaml`), and what a
published year has locked. Everything that speaks against a change is a problem.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from generator.engine.problem import Location, Message, Problem, Severity, Stop
from generator.reading.files import SCHEMA, Blob, DataFile, Kind, Tree, blobs, classify, merged
from generator.reading.git import Repository
from generator.reading.source import Document, legible
from generator.rulebook.books import books
from generator.shape.form import SUBMITTED
from generator.shape.schema import document_of, files_of, shape, submission_schema
from generator.year.examples import examples_of, run
from generator.year.load import check
from generator.year.office import is_date

PATH = "data/owners.yaml"
ANY = "*"
"""A part of a path that stands for any one folder."""

_WHOLE = "."
_REPORTS = ("data", ANY, "townships")
_NUMBERED = "-*.yaml"
"""How the name of a township's objections ends, whatever their number."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Accounts that may change the files below a folder, or the one file, that `parts` lead to."""

    parts: tuple[str, ...]
    accounts: tuple[str, ...]
    folder: bool

    def covers(self, path: str) -> bool:
        """Whether it is about this path; a folder is about everything below it."""
        parts = path.split("/")
        long = len(parts) > len(self.parts) if self.folder else len(parts) == len(self.parts)
        pairs = zip(self.parts, parts, strict=False)
        return long and all(
            wanted in (ANY, part) or wanted == f"{part.rpartition('-')[0]}{_NUMBERED}"
            for wanted, part in pairs
        )


@dataclass(frozen=True, slots=True)
class Owners:
    """Grants as CODEOWNERS has them: of those that cover a path, the last one counts."""

    grants: tuple[Grant, ...]

    def of(self, path: str) -> tuple[str, ...]:
        """The accounts that may change a path; none where no entry covers it."""
        covering = (grant.accounts for grant in reversed(self.grants) if grant.covers(path))
        return next(covering, ())

    def known(self) -> frozenset[str]:
        """Every account that is named."""
        return frozenset(account for grant in self.grants for account in grant.accounts)


def owners(document: Document) -> Owners:
    """What a document of the right shape says.

    The longer folder counts; of two as long, the one that names a folder where the other takes
    any. A township's accounts come beside those of the folder.
    """
    value = document.value
    folders = [
        Grant(() if name == _WHOLE else tuple(name.split("/")), tuple(accounts), folder=True)
        for name, accounts in value.get("folders", {}).items()
    ]
    folders.sort(key=lambda grant: (len(grant.parts), [p != ANY for p in grant.parts], grant.parts))
    townships = sorted(value.get("townships", {}).items())
    reports = (grant for name, own in townships for grant in _reports(name, own, folders))
    above = Owners(tuple(folders)).of("data/0/objections/0.yaml")
    objections = (
        Grant(
            ("data", ANY, "objections", f"{name}{_NUMBERED}"),
            tuple(dict.fromkeys((*own, *above))),
            folder=False,
        )
        for name, own in townships
    )
    return Owners((*folders, *reports, *objections))


def _reports(township: str, own: Iterable[str], folders: Iterable[Grant]) -> Iterator[Grant]:
    """A township's reports: its accounts, and whoever has the folder that they stand in."""
    by_path: dict[tuple[str, ...], tuple[str, ...]] = {}
    for folder in (Grant((), (), folder=True), *folders):
        if _may_hold_reports(folder.parts):
            parts = (*_REPORTS[:1], *(folder.parts[1:2] or (ANY,)), _REPORTS[2], f"{township}.yaml")
            by_path.pop(parts, None)  # a longer folder comes later, and the last one counts
            by_path[parts] = tuple(dict.fromkeys((*own, *folder.accounts)))
    for parts, accounts in by_path.items():
        yield Grant(parts, accounts, folder=False)


def _may_hold_reports(parts: tuple[str, ...]) -> bool:
    """Whether data/<year>/townships, of some year at least, lies below these parts."""
    if len(parts) > len(_REPORTS):
        return False
    top, year, last = (*parts, *_REPORTS[len(parts) :])
    return top == "data" and (year == ANY or year.isdecimal()) and last in (ANY, "townships")


def codeowners(owners: Owners) -> str:
    """The lines of CODEOWNERS that say the same, for GitHub, Gitea, Forgejo and GitLab."""
    text = ""
    for grant in owners.grants:
        path = "".join(f"/{part}" for part in grant.parts) + ("/" if grant.folder else "")
        accounts = [f"@{account}" for account in grant.accounts]
        text += " ".join([path if grant.parts else ANY, *accounts]) + "\n"
    return text


BOOKS = "data/rulebooks/"
_CALENDARS = "data/holidays/"
_VERSION = 4
"""Parts of the path of a rulebook's folder: data/rulebooks/<id>/<version>."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to go in: the tree as it would be, the one before it (None: there is none).

    `changed` are the paths that it would alter, from the city's folder; those outside it begin
    with `/`. `at_once` are those that the line has changed as well since the change began.
    """

    base: Tree | None
    head: Tree
    changed: frozenset[str]
    at_once: frozenset[str] = frozenset()


# --- what is compared -----------------------------------------------------------------


def between(repository: Repository, base: str | None, head: str) -> Proposal:
    """What `head` would bring into `base`, whatever has come into that meanwhile. Raises Stop.

    Without a base the repository begins, and everything in it is new.
    """
    if base is None:
        return Proposal(None, repository.revision(head), frozenset())
    old, new = repository.commit(base), repository.commit(head)
    began = repository.meeting(old, new)
    if began is None:
        message = Message(
            "{base} and {head} have no commit in common; fetch the whole history first."
        )
        if repository.cut:
            message = Message(
                "{base} and {head} have no commit in common here, and this clone is shallow: older "
                "commits were not fetched. Fetch them with «git fetch --unshallow»."
            )
        raise Stop(message.about({"base": base, "head": head}))
    before, tree = repository.revision(old), repository.revision(new)
    changed = frozenset(repository.changed(old, new))
    if began == old:
        return Proposal(before, tree, _from_the_city(repository, changed))
    changed &= frozenset(repository.changed(began, new))
    paths = _from_the_city(repository, changed)
    both = changed & frozenset(repository.changed(began, old))
    together = merged(before, tree, paths.__contains__)
    return Proposal(before, together, paths, _from_the_city(repository, both))


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


def pushed(
    repository: Repository,
    base: str | None,
    head: str,
    name: str,
    author: str | None,
    today: date | None = None,
) -> list[Problem]:
    """Everything that speaks against `head`, called `name`, going into the commit `base`.

    Who asks is looked at first, then what Git stores, and only then is a file read.
    """
    tree = None if base is None else repository.revision(base)
    known = () if base is None else (base,)
    faults = _stranger(tree, author) or unsound(repository, known, head, name)
    return faults or refusals(between(repository, base, head), author, today)


def unsound(repository: Repository, known: Iterable[str], head: str, name: str) -> list[Problem]:
    """Objects that `git fsck` refuses, of those that `head` has and the known commits have not.

    A tree that has a name twice is read in one way here and in another there.
    """
    fault = repository.fault(head, known)
    if fault is None:
        return []
    message = Message(
        "Git's own check (git fsck) refuses what this brings: «{reason}». «git commit» makes no "
        "such thing; make the commit anew with it.",
        {"reason": fault},
    )
    return [Problem(Location(name, 1, 1), "broken-object", message)]


def refusals(proposal: Proposal, author: str | None, today: date | None = None) -> list[Problem]:
    """Everything that speaks against it, and warnings about what it changes.

    Without an author nobody asks who may change what, without a day nobody whether a report was
    handed in on a day to come.
    """
    base = proposal.base
    if base is None:
        return [*_judged(proposal), *_failing(proposal)]
    if faults := _stranger(base, author):
        return faults
    faults = [*_judged(proposal), *_failing(proposal), *_kept(base, proposal), *_at_once(proposal)]
    faults += _owners_kept(base, proposal)
    faults += _hand_ins(base, proposal, today)
    if author is not None:
        faults += _permitted(base, proposal.changed, author)
    return [
        problem
        for problem in faults
        if problem.severity is Severity.ERROR or problem.location.path in proposal.changed
    ]


def _hand_ins(base: Tree, proposal: Proposal, today: date | None) -> Iterator[Problem]:
    """Reports handed in on a day to come, or before the day that has gone in; or taken back."""
    head, before = files_of(proposal.head), files_of(base)
    reports = {file.path for file in head.of(Kind.REPORT)} & proposal.changed
    for path in sorted(reports):
        document = document_of(head, path, None, [])
        stood = document_of(before, path, None, []) if path in before.tree else None
        old, new = (_handed_in(each) for each in (stood, document))
        if document is None or old == new:
            continue
        args = {"old": old, "new": new, "today": today}
        place = document.location((SUBMITTED,))
        if new is None:
            message = Message(
                "The report was handed in on {old} and would be taken back: it is pending again, "
                "and counts as missing, on the public page of who has reported as well, until it "
                "says «submitted» anew."
            )
            yield Problem(place, "hand-in-taken-back", message.about(args), Severity.WARNING)
        elif today is not None and new > today.isoformat():
            message = Message(
                "submitted is {new}, a day to come (today is {today}); write the day on which the "
                "report is handed in."
            )
            yield Problem(place, "submitted-out-of-time", message.about(args))
        elif old is not None and new < old:
            message = Message(
                "submitted was {old} and would become {new}, an earlier day; a report is not "
                "handed in before it was."
            )
            yield Problem(place, "submitted-out-of-time", message.about(args))


def in_git_since(repository: Repository, year: int) -> dict[str, date]:
    """The day on which each report of a year last came to say in Git that it is handed in."""
    days = dict[str, date]()
    for commit, altered in repository.history():
        for change in altered:
            file = classify(change.path)
            if not isinstance(file, DataFile) or (file.kind, file.year) != (Kind.REPORT, year):
                continue
            before, after = (_handed_in(_legible(side)) for side in (change.old, change.new))
            if after is not None and before is None:
                days.setdefault(file.id, date.fromisoformat(commit.day[:10]))
    return days


def _legible(source: Blob | Problem | None) -> Document | None:
    if source is None or isinstance(source, Problem):
        return None
    return legible("", source.read())[0]


def _handed_in(report: Document | None) -> str | None:
    """The day on which a report says that it was handed in."""
    value = report.value if report else None
    day = value.get(SUBMITTED) if isinstance(value, Mapping) else None
    return day if isinstance(day, str) and is_date(day) else None


def _judged(proposal: Proposal) -> Iterator[Problem]:
    """Data by the rules that stood before; where these are changed, by the new ones as well."""
    touched = any(path.startswith((BOOKS, f"{SCHEMA}/")) for path in proposal.changed)
    own = check(files_of(proposal.head))
    if proposal.base is None or not touched:
        yield from own
        return
    stood = _rules_of(proposal.base)
    before = check(files_of(merged(proposal.head, proposal.base, stood)))
    old, new = frozenset(map(_key, before)), frozenset(map(_key, own))
    for problem in own:
        after = Message("With the rules as changed here: {problem}", {"problem": problem.message})
        yield problem if _key(problem) in old else replace(problem, message=after)
    for problem in before:
        # What is wrong with the rules that stood is no fault of a change that mends them.
        if _key(problem) not in new and not stood(problem.location.path):
            now = Message("By the rules in force: {problem}", {"problem": problem.message})
            yield replace(problem, message=now)


def _failing(proposal: Proposal) -> Iterator[Problem]:
    """Worked examples with which the rules would not agree, of the rulebooks that it touches.

    A form or a calendar may be that of any.
    """
    every = proposal.base is None or any(
        path.startswith((f"{SCHEMA}/", _CALENDARS)) for path in proposal.changed
    )
    touched = {_version(path) for path in proposal.changed if path.startswith(BOOKS)}
    files = files_of(proposal.head)
    for book in books(files, []).values() if every or touched else ():
        if every or _version(book.rulebook.path) in touched:
            for example in examples_of(files, book, []):
                yield from run(example, book.rulebook)


def _rules_of(base: Tree) -> Callable[[str], bool]:
    """Whether a path belongs to the rules of that tree: versions of rulebooks, their forms."""
    versions = {_version(path) for path in blobs(base) if path.startswith(BOOKS)}

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


def _at_once(proposal: Proposal) -> Iterator[Problem]:
    """Files of ours that were changed on both sides: nobody has seen what both come to."""
    for path in sorted(proposal.at_once):
        if isinstance(classify(path), DataFile) or path.startswith(f"{SCHEMA}/"):
            message = Message(
                "This file has been changed on the other side as well; merge that in first."
            )
            yield Problem(Location(path, 1, 1), "changed-meanwhile", message)


# --- who may change what --------------------------------------------------------------


def has_owners(tree: Tree) -> bool:
    """Whether a tree says who may change what."""
    return PATH in blobs(tree)


def owners_of(tree: Tree, problems: list[Problem]) -> Owners | None:
    """Who may change what in a tree that says so; what is wrong with that goes to `problems`."""
    document = document_of(files_of(tree), PATH, shape("owners"), problems)
    return owners(document) if document else None


def _stranger(base: Tree | None, author: str | None) -> list[Problem]:
    """What is said at once to an account that the base does not know; nothing else is read.

    Nor is it where nobody can say whom the base knows.
    """
    if base is None or author is None or not has_owners(base):
        return []
    faults: list[Problem] = []
    known = owners_of(base, faults)
    if known is None or author in known.known():
        return faults
    message = Message(
        "Nobody says who pushes this, so nothing may be changed; whoever looks after the "
        "server passes the account on (--author). Ask: {ask}"
    )
    if author:
        message = Message(
            "The account «{author}» is not in {path}, so it may not change anything yet; ask to "
            "be put there: {ask}"
        )
    message = message.about({"author": author, "ask": known.of(PATH) or ("-",), "path": PATH})
    return [Problem(Location(PATH, 1, 1), "unknown-author", message)]


def _permitted(base: Tree, changed: Iterable[str], author: str) -> Iterator[Problem]:
    """The base says who may change what; what it does not say, nobody may."""
    known = owners_of(base, []) if has_owners(base) else None
    if known is None:
        return
    for path in sorted(changed):
        may = known.of(path)
        if author in may:
            continue
        message = Message(
            "«{author}» may not change this file; leave it out of the change, or ask one of those "
            "who may: {may}",
            {"author": author, "may": may},
        )
        if not may:
            message = Message(
                "Nobody may change this file: no folder in {path} covers it. Leave it out, or have "
                "a folder put there first.",
                {"path": PATH},
            )
        yield Problem(Location(path, 1, 1), "not-yours", message)


def _owners_kept(base: Tree, proposal: Proposal) -> Iterator[Problem]:
    """Without owners anybody may do anything; and somebody must be left who may change them."""
    if not has_owners(base) or PATH not in proposal.changed:
        return
    left = owners_of(proposal.head, []) if has_owners(proposal.head) else None
    if not has_owners(proposal.head):
        message = Message(
            "{path} says who may change what and cannot be taken away, nor be anything but a "
            "file; put it back.",
            {"path": PATH},
        )
        yield Problem(Location(PATH, 1, 1), "owners-removed", message)
    elif left is not None and not left.of(PATH):
        message = Message(
            "After this nobody could change {path} any more; give somebody the folder data.",
            {"path": PATH},
        )
        yield Problem(Location(PATH, 1, 1), "owners-locked-out", message)


_REMOVED = {
    Kind.CORRECTION: (
        "correction-removed",
        Message(
            "A correction that has been decided cannot be taken away; put it back. What is "
            "decided otherwise later is a correction of its own."
        ),
    ),
    Kind.PUBLISHED: (
        "receipt-removed",
        Message(
            "{year} has been published, and its receipt cannot be taken away; put it back. "
            "What was wrong goes into data/{year}/corrections."
        ),
    ),
}
_REWRITTEN = {
    Kind.CORRECTION: (
        "correction-rewritten",
        Message(
            "A correction that has been decided cannot be written again; put it back as it was. "
            "What is decided otherwise later is a correction of its own."
        ),
    ),
    Kind.PUBLISHED: (
        "receipt-rewritten",
        Message(
            "{year} has been published, and its receipt cannot be written again; put it back "
            "as it was. What was wrong goes into data/{year}/corrections."
        ),
    ),
}


def _kept(base: Tree, proposal: Proposal) -> Iterator[Problem]:
    """Receipts and corrections that are gone, or not byte for byte what they were."""
    there = blobs(proposal.head)
    for path in sorted(blobs(base).keys() & proposal.changed):
        file, for_good = classify(path), _REWRITTEN if path in there else _REMOVED
        if isinstance(file, DataFile) and file.kind in for_good:
            code, message = for_good[file.kind]
            yield Problem(Location(path, 1, 1), code, message.about({"year": file.year}))
