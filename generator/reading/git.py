"""Git as trees: what `data/` and `schema/` held at any revision, and whether what is new is sound.

Owns every call of Git, which reads objects as they are and runs nothing but itself: whoever may
push can lay other objects over those that are there (`refs/replace`), and whoever has handed on a
folder may have written its configuration; neither counts. Nothing is checked out and nothing
written into a repository; names are taken as bytes.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple
from weakref import finalize

from generator.engine.problem import Message, Problem, Stop
from generator.reading.files import DATA, SCHEMA, Blob, Tree, link, most_bytes, unexpected
from generator.reading.slips import MAX_BYTES, meant, nearest

_KEPT = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"),
    *("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"),
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    "GIT_TEST_ASSUME_DIFFERENT_OWNER",
)
"""What Git may take from the environment: where the repository is, and whose."""

_SET = {
    "GIT_GRAFT_FILE": os.devnull,
    # What a partial clone lacks would be fetched, by programs that the configuration names.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.commitGraph": "false",
    "core.bigFileThreshold": "1m",  # what is larger passes through without being held
    "core.quotePath": "false",
    "diff.orderFile": os.devnull,
    "diff.relative": "false",
    "i18n.logOutputEncoding": "UTF-8",
    "log.showSignature": "false",
}
_COMMAND = (
    *("git", "--no-replace-objects", "--no-optional-locks"),
    *(part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")),
)
_PUSHED, _BESIDE = "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"

_OWNED = re.compile("(?:dubious ownership|unsafe repository)[^']*'([^']*)'")
_PARTIAL = r"^(extensions\.partialclone|remote\..*\.promisor)$"


class NoRepository(Stop):
    """There is no Git, or no repository: what can do without one goes on."""


class Reply(NamedTuple):
    """What Git made of a question: its exit code, what it answers, and what it complains of."""

    code: int
    out: bytes
    complaint: str


class Git:
    """Git in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k in _KEPT}
        self._environment = {**kept, **_SET}
        self._environment |= self._quarantine(os.environ)
        self._blobs: subprocess.Popen[bytes] | None = None

    def _quarantine(self, given: Mapping[str, str]) -> dict[str, str]:
        """Where the objects of a push wait until the hook has judged them.

        Git and code hosts name that folder beside the repository's own, and no other.
        """
        if _PUSHED not in given or _BESIDE not in given:
            return {}
        place = self.answer("rev-parse", "--git-path", "objects")
        own = self.folder / os.fsdecode(place.out.rstrip(b"\n"))
        there = self.folder / given[_BESIDE]
        if place.code or own.resolve() != there.resolve():
            return {}
        return {_PUSHED: given[_PUSHED], _BESIDE: str(own.resolve())}

    def answer(self, *arguments: str, given: bytes = b"", out: IO[bytes] | None = None) -> Reply:
        """What Git makes of a question. Raises NoRepository where there is no Git."""
        try:
            ran = subprocess.run(
                [*_COMMAND, *arguments],
                cwd=self.folder,
                env=self._environment,
                input=given,
                stdout=out or subprocess.PIPE,
                stderr=subprocess.PIPE,
                check=False,
            )
        except FileNotFoundError as error:
            raise NoRepository(Message("Git is not installed, or not on the PATH.")) from error
        return Reply(ran.returncode, ran.stdout or b"", ran.stderr.decode("utf-8", "replace"))

    def must(self, *arguments: str) -> bytes:
        """What Git answers where nothing can be wrong but the repository. Raises Stop."""
        reply = self.answer(*arguments)
        if reply.code:
            raise self.broken(reason(reply.complaint) or f"git {arguments[0]}")
        return reply.out

    def blob(self, name: str, most: int = MAX_BYTES) -> bytes:
        """A blob, up to one byte more than `most`. Raises Stop: missing, damaged, or no blob."""
        if self._blobs is None:
            self._blobs = subprocess.Popen(
                [*_COMMAND, "cat-file", "--batch"],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            finalize(self, self._blobs.communicate)
        to, back = self._blobs.stdin, self._blobs.stdout
        if to is None or back is None:
            raise self._not_read(name)
        try:
            to.write(f"{name}\n".encode())
            to.flush()
        except BrokenPipeError as error:
            raise self._not_read(name) from error
        head = back.readline().split()
        if len(head) != _HEAD or head[1] != b"blob":
            raise self._not_read(name)
        left = int(head[-1])
        data = back.read(min(left, most + 1))
        left -= len(data)
        while left and (more := back.read(min(left, MAX_BYTES))):
            left -= len(more)
        if left or back.read(1) != b"\n":  # it ended in the middle
            raise self._not_read(name)
        return data

    def _not_read(self, name: str) -> Stop:
        """Git ends where an object is damaged; the next question begins anew."""
        self._blobs = None
        return self.broken(missing(name))

    def broken(self, why: str | Message) -> Stop:
        """What is said where something is not here that should be."""
        about: dict[str, object] = {"path": str(self.folder), "reason": why}
        message = Message(
            "Git could not read the repository in {path}: {reason}. «git fsck» says what is "
            "damaged; fetch it again, or take a new clone or the last backup.",
            about,
        )
        if not self.answer("config", "--get-regexp", _PARTIAL).code:
            message = Message(
                "Git could not read the repository in {path}: {reason}. This is a partial "
                "clone, and not all of it is here; fetch the rest with «git fetch --refetch "
                "--no-filter», or clone anew, all of it.",
                about,
            )
        return Stop(message)

    def refused(self, complaint: str) -> Stop:
        """What is said where Git takes the folder for no repository, or does not open it."""
        if owned := _OWNED.search(complaint):
            message = Message(
                "Git refuses to read {path}, because that folder belongs to another account "
                "of this computer. If you trust what is in it: «git config --global --add "
                "safe.directory {path}»; otherwise work as the account that it belongs to.",
                {"path": owned[1]},
            )
            return Stop(message)
        for words, message in _REFUSALS:
            if refusal := words.search(complaint):
                about = {"path": str(self.folder), "place": (*refusal.groups(), "")[0]}
                return Stop(message.about(about))
        above = [self.folder, *self.folder.resolve().parents]
        if any(os.path.lexists(folder / ".git") for folder in above):
            message = Message(
                "Git takes the folder .git around {path} for no repository: something that every "
                "repository has is missing or damaged in it. Take a new clone or the last backup, "
                "and put your files (data/) into that.",
                {"path": str(self.folder)},
            )
            return Stop(message)
        message = Message(
            "{path} is in no Git repository; «git init» and a first commit make one.",
            {"path": str(self.folder)},
        )
        return NoRepository(message)


_REFUSALS = (
    (
        re.compile("safe.bareRepository"),
        Message(
            "Git refuses to look for a bare repository around {path} by itself, since "
            "safe.bareRepository is «explicit». Run this in a clone with its files, or name the "
            "repository: GIT_DIR={path}."
        ),
    ),
    (
        re.compile("not a git repository: (.+)"),
        Message(
            "{path} is a work tree of a repository that is no longer at {place}. If that was "
            "moved, run «git worktree repair» in it; otherwise take a new clone."
        ),
    ),
    (
        re.compile("(bad (?:boolean |numeric )?config.*)"),
        Message(
            "Git cannot read its configuration in {path}: {place}. The commits are not "
            "touched by this; put that line right."
        ),
    ),
    (
        re.compile("(Expected git repo version.*|unknown repository extension.*)"),
        Message(
            "The repository around {path} was made for a newer Git than the one here ({place}); "
            "install a newer Git."
        ),
    ),
)
"""What Git complains of where it does not open a repository, and what there is to do."""


def reason(complaint: str) -> str:
    """The first thing that Git complains of, in its own words."""
    for line in complaint.splitlines():
        kind, _, words = line.partition(": ")
        if kind in ("error", "fatal"):
            return words.rstrip(".")
    return ""


NOTHING = "0" * 40
"""What Git writes where there is no object."""

_HEAD = len(("id", "type", "size"))
_MISSING = re.compile(
    rf"(?:unable to read|could not read|bad (?:\w+ )?object|missing)(?!.*{NOTHING})", re.IGNORECASE
)
_DAMAGED = re.compile(
    "No space left|quota|inflate|object file .* is empty|header for .* too long| is corrupt"
    "|did not receive expected object"
)
"""Complaints where the disk is to blame, and not what an object says."""


def missing(name: str) -> Message:
    """What is said of an object that should be there."""
    return Message("the object {id} is missing or damaged", {"id": name})


_FILES, _LINK = ("100644", "100755"), "120000"
_AS_STORED = ("--no-renames", "--ignore-submodules=none", "--no-ext-diff", "--no-textconv")
"""Trees are compared entry by entry, whatever is configured."""

_REST = re.compile(r"[~^:]|@\{")
"""Where a name ends, and what leads on from there begins."""

_ID = re.compile("[0-9a-f]{7,64}")
_WHOLE = (40, 64)
_GITS_OWN = re.compile("@|[A-Z_]*HEAD")
_PLACES = ("refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD", "refs/tags/{}")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the history; `day` is the author's date and time as ISO 8601."""

    id: str
    parents: tuple[str, ...]
    day: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Altered:
    """A path that one commit altered; None where there is, or was, nothing."""

    path: str
    old: Blob | Problem | None
    new: Blob | Problem | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as Git keeps it."""

    id: str
    most: int
    git: Git = field(repr=False, compare=False)

    def read(self) -> bytes:
        """The bytes; of a file that is too large, enough to see that. Raises Stop."""
        return self.git.blob(self.id, self.most)


class Repository:
    """The repository around a folder, `prefix` being the way from its top to the folder."""

    def __init__(self, folder: Path) -> None:
        """Raises NoRepository where there is no Git or no repository, Stop where Git refuses it."""
        self.folder = folder
        self.git = Git(folder)
        reply = self.git.answer("rev-parse", "--show-prefix")
        if reply.code:
            raise self.git.refused(reply.complaint)
        self.prefix = _text(reply.out.rstrip(b"\n"))

    def commit(self, name: str) -> str:
        """The id of a commit by any name that Git knows.

        A branch comes before a tag of the same name, which anybody may push, and a commit's id
        before both. Raises Stop.
        """
        commit = self._commit(name)
        if commit is not None:
            return commit
        message = Message(
            "There is no revision «{name}»; «git log» lists those that there are.", {"name": name}
        )
        if not self._begun():
            message = Message(
                "The repository in {path} has no commit yet, so there is nothing to compare with; "
                "«git add -A» and «git commit» make the first one.",
                {"path": str(self.folder)},
            )
        elif self.cut:
            message = Message(
                "There is no revision «{name}» here, and this clone is shallow: older commits were "
                "not fetched. Fetch them with «git fetch --unshallow».",
                {"name": name},
            )
        else:
            heads = self.git.answer("for-each-ref", "--format=%(refname:lstrip=2)").out
            base, known = _REST.split(name)[0], ["HEAD", *map(_text, heads.splitlines())]
            message = message if base in known else meant(message, nearest(base, known))
        raise Stop(message)

    def has(self, name: str) -> bool:
        """Whether Git knows a commit by that name. Raises Stop where it is damaged."""
        return self._commit(name) is not None

    def revision(self, name: str) -> Tree:
        """The tree at a commit by any name that Git knows. Raises Stop."""
        commit = self.commit(name)
        return self._tree(2, "ls-tree", "-r", "-z", "--full-tree", commit, *self._pathspecs())

    def changed(self, old: str, new: str) -> list[str]:
        """Every path of the whole repository, from its top, whose content differs."""
        return self._differing("diff-tree", old, new)

    def meeting(self, left: str, right: str) -> str | None:
        """The newest commit that is in both, None where they have nothing in common."""
        reply = self.git.answer("merge-base", "--end-of-options", left, right)
        if reply.code > 1 and self.has(left) and self.has(right):
            raise self.git.broken(reason(reply.complaint))
        return None if reply.code else reply.out.decode().strip()

    def fault(self, head: str, known: Iterable[str] = ()) -> str | None:
        """What `git fsck` has against what `head` has and those known have not, in Git's words.

        None where all is sound. Nothing is written into the repository. Raises Stop where it
        could not be read.
        """
        asked = "\n".join([head, *(f"^{name}" for name in known), ""]).encode()
        with TemporaryDirectory() as folder:
            pack = Path(folder) / "new.pack"
            # Nothing is made smaller: it is looked at and thrown away.
            packing = ("pack-objects", "--quiet", "--revs", "--stdout", "--window=0")
            with pack.open("wb") as file:
                done = self.git.answer(*packing, given=asked, out=file)
            if not done.code:
                # Git forgets where the repository is when it does this below its top.
                own = self._where("--absolute-git-dir")
                check = ("index-pack", "--strict", "--threads=1", str(pack))
                done = self.git.answer("--git-dir", own, *check)
        why = reason(done.complaint)
        if done.code and (_MISSING.match(why) or _DAMAGED.search(done.complaint)):
            raise self.git.broken(why)
        return (why or "git index-pack") if done.code else None

    def staged(self) -> Tree:
        """The tree that a commit would make now; an index of Git's own choice is left as it is."""
        return self._tree(1, "ls-files", "--stage", "-z", "--full-name", *self._pathspecs())

    def staged_changes(self) -> list[str]:
        """Every path of the whole repository that a commit made now would alter."""
        return self._differing("diff-index", "--cached", "HEAD")

    def history(self, until: str = "HEAD") -> Iterator[tuple[Commit, tuple[Altered, ...]]]:
        """Every commit that altered data or schemas, newest first, by first parents.

        What has been published stood on the main line, where a merge is one step.
        """
        form = ("--format=tformat:%H%x00%P%x00%aI%x00%an%x00%s", "-z", "--no-notes")
        line = ("--first-parent", "--diff-merges=first-parent", "--root", "--raw", "--no-abbrev")
        out = self.git.must(
            "log", *form, *line, *_AS_STORED, self.commit(until), *self._pathspecs()
        )
        parts = iter(out.split(b"\0"))
        entry = next(parts, b"")
        while entry:
            parents, day, author, subject = (next(parts, b"") for _ in range(4))
            texts = (each.decode("utf-8", "replace") for each in (day, author, subject))
            made = Commit(entry.decode(), tuple(parents.decode().split()), *texts)
            altered, entry = [], next(parts, b"").lstrip(b"\n")
            while entry.startswith(b":"):
                before, after, old, new, _ = entry.decode().removeprefix(":").split(" ")
                path = _text(next(parts)).removeprefix(self.prefix)
                sides = (
                    None if name == NOTHING else self._entry(path, mode, name)
                    for mode, name in ((before, old), (after, new))
                )
                altered.append(Altered(path, *sides))
                entry = next(parts, b"")
            yield made, tuple(altered)

    @property
    def works(self) -> bool:
        """Whether the folder is one where files stand, and not Git's own nor a bare repository."""
        inside, own = self._where("--is-inside-work-tree"), self._where("--absolute-git-dir")
        # In a hook Git calls its own folder a work tree.
        return inside == "true" and Path(own) != self.folder.resolve()

    @property
    def cut(self) -> frozenset[str]:
        """The commits of a shallow clone whose parents are not here; none in a whole one."""
        file = self.folder / self._where("--git-path", "shallow")
        return frozenset(file.read_text().split()) if file.is_file() else frozenset()

    @property
    def private(self) -> Path:
        """A folder inside Git's own, for what may be deleted at any time."""
        return self.folder / self._where("--git-common-dir") / "kaohe"

    def _commit(self, name: str) -> str | None:
        """The id of a commit, None where nothing is called so. Raises Stop where it is damaged."""
        full = self._full(name)
        if full is None:
            return None
        reply = self._parsed(f"{full}^{{commit}}")
        if not reply.code:
            return reply.out.decode().strip()
        if reply.code > 1:
            raise self.git.broken(reason(reply.complaint))
        self._complain(full)
        return None

    def _begun(self) -> bool:
        """Whether there is a commit, checked out or under any name."""
        named = self.git.answer("for-each-ref", "--count=1").out
        return bool(named) or self._id("HEAD") is not None

    def _full(self, name: str) -> str | None:
        """A name that can mean one thing only, whatever others are called; None for none."""
        end = _REST.search(name)
        base, rest = (name[: end.start()], name[end.start() :]) if end else (name, "")
        if not base or _GITS_OWN.fullmatch(base) or (len(base) in _WHOLE and _ID.fullmatch(base)):
            return name
        if _ID.fullmatch(base):
            ids = self.git.answer("rev-parse", f"--disambiguate={base}").out.decode().split()
            commits = [known for known in ids if self._id(f"{known}^{{commit}}") == known]
            if len(commits) == 1:
                return commits[0] + rest
        within = base.startswith(("heads/", "remotes/", "tags/"))
        full = base.startswith("refs/")
        places = ("{}",) if full else ("refs/{}",) if within else _PLACES
        for place in places:
            ref = place.format(base)
            if not self.git.answer("show-ref", "--verify", "--quiet", "--", ref).code:
                return ref + rest
        return None if full else name

    def _parsed(self, name: str) -> Reply:
        return self.git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", name)

    def _id(self, name: str) -> str | None:
        reply = self._parsed(name)
        return None if reply.code else reply.out.decode().strip()

    def _complain(self, full: str) -> None:
        """Of what is called so and should be a commit, but cannot be read. Raises Stop."""
        there, end = self._id(full), _REST.search(full)
        if there is not None and there != full:
            if self.git.answer("cat-file", "-e", there).code:
                raise self.git.broken(missing(there))
        elif there is None and end is not None:
            behind = self.git.answer("rev-list", "--quiet", full[: end.start()], "--")
            if behind.code and self._id(full[: end.start()]) is not None:
                raise self.git.broken(reason(behind.complaint))

    def _where(self, *question: str) -> str:
        return _text(self.git.must("rev-parse", *question).rstrip(b"\n"))

    def _differing(self, command: str, *sides: str) -> list[str]:
        out = self.git.must(command, "-r", "-z", "--name-only", *_AS_STORED, *sides)
        return [_text(name) for name in out.split(b"\0")[:-1]]

    def _pathspecs(self) -> tuple[str, ...]:
        return ("--", f":(top,literal){self.prefix}{DATA}", f":(top,literal){self.prefix}{SCHEMA}")

    def _tree(self, number: int, *listing: str) -> Tree:
        """What Git lists: before each path the mode and, as the word of that number, the id."""
        named = {}
        for entry in self.git.must(*listing).split(b"\0")[:-1]:
            about, _, name = entry.partition(b"\t")
            words = about.decode().split(" ")
            named[_text(name).removeprefix(self.prefix)] = words[0], words[number]
        return {path: self._entry(path, *named[path]) for path in sorted(named)}

    def _entry(self, path: str, mode: str, name: str) -> Blob | Problem:
        """A file; a link, which is never followed, or a repository inside the repository."""
        if mode in _FILES:
            return Stored(name, most_bytes(path), self.git)
        return link(path) if mode == _LINK else unexpected(path)


def _text(name: bytes) -> str:
    """A path as the rest of us knows paths: bytes that are no text are kept as they are."""
    return name.decode("utf-8", "surrogateescape")
