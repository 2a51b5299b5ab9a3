"""What Git stores, by its id: contents as they are asked for, and whether what is new is sound.

Owns how objects are read, one process for all of them, and that nothing read is taken for what
it is not. Must not know paths or names.
"""

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from weakref import finalize

from generator.engine.problem import Message, Stop
from generator.reading.git import Git, reason
from generator.reading.lint import MAX_BYTES

NOTHING = "0" * 40
"""What Git writes where there is no object."""

_HEAD = len(("id", "type", "size"))
_MISSING = re.compile(
    rf"(?:unable to read|could not read|bad (?:\w+ )?object|missing)(?!.*{NOTHING})",
    re.IGNORECASE,
)
_DAMAGED = re.compile(
    "No space left|quota|inflate|object file .* is empty|header for .* too long| is corrupt"
    "|did not receive expected object"
)
"""Complaints where the disk is to blame, and not what an object says."""


class Objects:
    """The objects of a repository."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._blobs: subprocess.Popen[bytes] | None = None

    def blob(self, name: str, most: int = MAX_BYTES) -> bytes:
        """The bytes of a blob by its id, and no more of them than can be of use.

        Raises Stop where it is not there, damaged, or no blob.
        """
        if self._blobs is None:
            self._blobs = self._git.start("cat-file", "--batch")
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
        return self._git.broken(missing(name))

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
                done = self._git.answer(*packing, given=asked, out=file)
            if not done.code:
                # Git forgets where the repository is when it does this below its top.
                own = self._git.must("rev-parse", "--absolute-git-dir").rstrip(b"\n")
                check = ("index-pack", "--strict", "--threads=1", str(pack))
                done = self._git.answer("--git-dir", os.fsdecode(own), *check)
        why = reason(done.complaint)
        if done.code and (_MISSING.match(why) or _DAMAGED.search(done.complaint)):
            raise self._git.broken(why)
        return (why or "git index-pack") if done.code else None


def missing(name: str) -> Message:
    """What is said of an object that should be there."""
    return Message("the object {id} is missing or damaged", {"id": name})
