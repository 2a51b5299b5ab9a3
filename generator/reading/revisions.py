"""A Git repository as trees: what `data/` and `schema/` held at any revision.

Owns every call of git. Nothing is ever checked out and nothing written; objects are read as they
are stored, names are taken as bytes. Must not know what a file says.
"""

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from weakref import finalize

from generator.engine.problem import Message, Problem, Stop
from generator.reading.files import DATA, SCHEMA, irregular, link, most_bytes
from generator.reading.lint import MAX_BYTES

_NOTHING = "0" * 40
"""What Git writes where there is no object."""

_FILES, _LINK = ("100644", "100755"), "120000"
_HEAD = len(("id", "type", "size"))


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the history; `day` is the author's date and time as ISO 8601."""

    id: str
    parents: tuple[str, ...]
    day: str
    author: str
    subject: str


Entry = tuple[str, str]
"""How Git keeps a file: its mode and the id of its content."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A path that one commit altered; None where there is, or was, none."""

    path: str
    old: Entry | None
    new: Entry | None


class Repository:
    """The repository around a folder, `prefix` being the way from its top to the folder."""

    def __init__(self, folder: Path) -> None:
        """Raises Stop where there is no Git, or no repository."""
        self.folder = folder
        found = _git(folder, "rev-parse", "--show-prefix")
        if found is None:
            message = Message(
                "{path} is in no Git repository; «git init» and a first commit make one.",
                {"path": str(folder)},
            )
            raise Stop(message)
        self.prefix = _text(found.rstrip(b"\n"))
        self._blobs: subprocess.Popen[bytes] | None = None

    def commit(self, name: str) -> str:
        """The id of a commit by any name that Git knows. Raises Stop."""
        wanted = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        found = _git(self.folder, *wanted)
        if found is None:
            message = Message(
                "There is no revision «{name}»; «git log» lists those that there are.",
                {"name": name},
            )
            raise Stop(message)
        return found.decode().strip()

    def revision(self, name: str) -> "Revision":
        """The tree at a commit by any name that Git knows. Raises Stop."""
        commit = self.commit(name)
        listed = _must(self.folder, "ls-tree", "-r", "-z", "--full-tree", commit, *self._places())
        return Revision(self, commit, dict(self._entries(listed)))

    def changed(self, old: str, new: str) -> list[str]:
        """Every path of the whole repository, from its top, whose content differs."""
        between = ("diff-tree", "-r", "-z", "--no-renames", "--name-only", old, new)
        return [_text(name) for name in _must(self.folder, *between).split(b"\0")[:-1]]

    def meeting(self, one: str, other: str) -> str | None:
        """The newest commit that is in both, None where they have nothing in common."""
        found = _git(self.folder, "merge-base", "--end-of-options", one, other)
        return found.decode().strip() if found else None

    def staged(self) -> "Revision":
        """The tree that a commit would make now; an index of Git's own choice is left as it is."""
        listed = _must(self.folder, "ls-files", "--stage", "-z", "--full-name", *self._places())
        rows = [entry.partition(b"\t") for entry in listed.split(b"\0")[:-1]]
        entries = {
            _text(name).removeprefix(self.prefix): (
                about[:6].decode(),
                about[7:].split()[0].decode(),
            )
            for about, _, name in rows
        }
        return Revision(self, "", entries)

    def staged_changes(self) -> list[str]:
        """Every path of the whole repository that a commit made now would alter."""
        between = ("diff-index", "--cached", "-r", "-z", "--no-renames", "--name-only", "HEAD")
        return [_text(name) for name in _must(self.folder, *between).split(b"\0")[:-1]]

    def history(self, until: str = "HEAD") -> Iterator[tuple[Commit, tuple[Altered, ...]]]:
        """Every commit that altered data or schemas, newest first, by first parents.

        What has been published stood on the main line, where a merge is one step.
        """
        told = ("--format=tformat:%H%x00%P%x00%aI%x00%an%x00%s", "--raw", "-z", "--no-abbrev")
        line = ("--no-renames", "--first-parent", "--diff-merges=first-parent", "--root")
        out = _must(self.folder, "log", *told, *line, until, *self._places())
        parts = iter(out.split(b"\0"))
        entry = next(parts, b"")
        while entry:
            parents, day, author, subject = (next(parts, b"") for _ in range(4))
            texts = (each.decode("utf-8", "replace") for each in (day, author, subject))
            made = Commit(entry.decode(), tuple(parents.decode().split()), *texts)
            altered, entry = [], next(parts, b"").lstrip(b"\n")
            while entry.startswith(b":"):
                altered.append(self._altered(entry, next(parts)))
                entry = next(parts, b"")
            yield made, tuple(altered)

    @property
    def works(self) -> bool:
        """Whether the folder is one where files stand, and not Git's own nor a bare repository."""
        asked = ("rev-parse", "--is-inside-work-tree", "--absolute-git-dir")
        inside, _, own = _must(self.folder, *asked).partition(b"\n")
        # In a hook Git calls its own folder a work tree.
        return inside == b"true" and Path(_text(own.rstrip(b"\n"))) != self.folder.resolve()

    def has(self, name: str) -> bool:
        """Whether Git knows a commit by that name."""
        wanted = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return _git(self.folder, *wanted) is not None

    @property
    def cut(self) -> frozenset[str]:
        """The commits of a shallow clone whose parents are not here; none in a whole one."""
        where = _must(self.folder, "rev-parse", "--git-path", "shallow").rstrip(b"\n")
        file = self.folder / _text(where)
        return frozenset(file.read_text().split()) if file.is_file() else frozenset()

    @property
    def private(self) -> Path:
        """A folder inside Git's own, for what may be deleted at any time."""
        there = _must(self.folder, "rev-parse", "--git-common-dir")
        return self.folder / _text(there.rstrip(b"\n")) / "kaohe"

    def blob(self, name: str, most: int = MAX_BYTES) -> bytes:
        """The bytes of a blob by its id, and no more of them than can be of use."""
        if self._blobs is None:
            self._blobs = _start(self.folder, "cat-file", "--batch")
            finalize(self, self._blobs.communicate)
        to, back = self._blobs.stdin, self._blobs.stdout
        if to is None or back is None:
            raise FileNotFoundError(name)
        to.write(f"{name}\n".encode())
        to.flush()
        head = back.readline().split()
        if len(head) != _HEAD:
            raise FileNotFoundError(name)
        left = int(head[-1])
        data = back.read(min(left, most + 1))
        left -= len(data)
        while left:
            left -= len(back.read(min(left, MAX_BYTES)))
        back.read(1)
        return data

    def _places(self) -> tuple[str, ...]:
        return ("--", f":(top,literal){self.prefix}{DATA}", f":(top,literal){self.prefix}{SCHEMA}")

    def _entries(self, listed: bytes) -> Iterator[tuple[str, Entry]]:
        """Path, and mode and id, of every entry."""
        for entry in listed.split(b"\0")[:-1]:
            about, _, name = entry.partition(b"\t")
            mode, _, blob = about.decode().split(" ")
            yield _text(name).removeprefix(self.prefix), (mode, blob)

    def _altered(self, about: bytes, name: bytes) -> Altered:
        before, after, old, new, _ = about.decode().removeprefix(":").split(" ")
        sides = (None if e[1] == _NOTHING else e for e in ((before, old), (after, new)))
        return Altered(_text(name).removeprefix(self.prefix), *sides)


class Revision:
    """The tree of one commit."""

    def __init__(self, repository: Repository, commit: str, entries: Mapping[str, Entry]) -> None:
        self.repository = repository
        self.commit = commit
        self._entries = entries

    def paths(self) -> list[str]:
        """Every regular file below `data/`, sorted."""
        inside = f"{DATA}/"
        entries = self._entries.items()
        return sorted(p for p, (mode, _) in entries if mode in _FILES and p.startswith(inside))

    def problems(self) -> list[Problem]:
        """Symbolic links, which are never followed, and repositories inside the repository."""
        inside = [(p, mode) for p, (mode, _) in self._entries.items() if p.startswith(f"{DATA}/")]
        strange = ((p, mode) for p, mode in sorted(inside) if mode not in _FILES)
        return [link(p) if mode == _LINK else irregular(p) for p, mode in strange]

    def read(self, path: str) -> bytes:
        """The bytes of one of `paths()`."""
        return self.repository.blob(self.blob(path), most_bytes(path))

    def blob(self, path: str) -> str:
        """The id of the content of one of `paths()`."""
        return self._entries[path][1]

    def schemas(self) -> dict[str, str]:
        """What names the content of every file below `schema/`, by its path."""
        inside = f"{SCHEMA}/"
        entries = self._entries.items()
        return {p: blob for p, (mode, blob) in entries if mode in _FILES and p.startswith(inside)}

    def before(self, commit: str, changes: Iterable[Altered]) -> "Revision":
        """The tree of the commit before the one that made these changes."""
        entries = dict(self._entries)
        for change in changes:
            if change.old is None:
                entries.pop(change.path, None)
            else:
                entries[change.path] = change.old
        return Revision(self.repository, commit, entries)

    def schema(self, name: str) -> bytes | None:
        """A file of `schema/`, None where there is none."""
        mode, blob = self._entries.get(f"{SCHEMA}/{name}", ("", ""))
        return self.repository.blob(blob) if mode in _FILES else None


# --- git ------------------------------------------------------------------------------


_COMMAND = ("git", "-c", "core.quotePath=false", "--no-optional-locks")


def _text(name: bytes) -> str:
    """A path as the rest of us knows paths: bytes that are no text are kept as they are."""
    return name.decode("utf-8", "surrogateescape")


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git answers, None where it refuses. Raises Stop where there is no git."""
    try:
        ran = subprocess.run([*_COMMAND, *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise Stop(Message("Git is not installed, or not on the PATH.")) from error
    return ran.stdout if ran.returncode == 0 else None


def _must(folder: Path, *arguments: str) -> bytes:
    """What git answers where nothing can be wrong but the repository itself. Raises Stop."""
    found = _git(folder, *arguments)
    if found is None:
        message = Message(
            "Git could not read the repository in {path} («git {command}»).",
            {"path": str(folder), "command": arguments[0]},
        )
        raise Stop(message)
    return found


def _start(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*_COMMAND, *arguments], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
