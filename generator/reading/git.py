"""Git itself, asked from one place: it reads objects as they are and runs nothing but itself.

Owns what Git is told besides the question, and what is said where it cannot answer. Whoever may
push can lay other objects over those that are there (`refs/replace`), and whoever has handed on a
folder may have written its configuration; neither shall count. Must not know what is asked.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

from generator.engine.problem import Message, Stop

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


class Answer(NamedTuple):
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

    def _quarantine(self, told: Mapping[str, str]) -> dict[str, str]:
        """Where the objects of a push wait until the hook has judged them.

        Git and code hosts name that folder beside the repository's own, and no other.
        """
        if _PUSHED not in told or _BESIDE not in told:
            return {}
        place = self.answer("rev-parse", "--git-path", "objects")
        own = self.folder / os.fsdecode(place.out.rstrip(b"\n"))
        there = self.folder / told[_BESIDE]
        if place.code or own.resolve() != there.resolve():
            return {}
        return {_PUSHED: told[_PUSHED], _BESIDE: str(own.resolve())}

    def answer(self, *arguments: str, given: bytes = b"", out: IO[bytes] | None = None) -> Answer:
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
        return Answer(ran.returncode, ran.stdout or b"", ran.stderr.decode("utf-8", "replace"))

    def must(self, *arguments: str) -> bytes:
        """What Git answers where nothing can be wrong but the repository. Raises Stop."""
        found = self.answer(*arguments)
        if found.code:
            raise self.broken(reason(found.complaint) or f"git {arguments[0]}")
        return found.out

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Git, to be asked many times."""
        return subprocess.Popen(
            [*_COMMAND, *arguments],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def broken(self, why: str | Message) -> Stop:
        """What is said where something is not here that should be."""
        about: dict[str, object] = {"path": str(self.folder), "reason": why}
        if not self.answer("config", "--get-regexp", _PARTIAL).code:
            return Stop(
                Message(
                    "Git could not read the repository in {path}: {reason}. This is a partial "
                    "clone, and not all of it is here; fetch the rest with «git fetch --refetch "
                    "--no-filter», or clone anew, all of it.",
                    about,
                )
            )
        return Stop(
            Message(
                "Git could not read the repository in {path}: {reason}. «git fsck» says what is "
                "damaged; fetch it again, or take a new clone or the last backup.",
                about,
            )
        )

    def refused(self, complaint: str) -> Stop:
        """What is said where Git takes the folder for no repository, or does not open it."""
        owned = _OWNED.search(complaint)
        if owned:
            return Stop(
                Message(
                    "Git refuses to read {path}, because that folder belongs to another account "
                    "of this computer. If you trust what is in it: «git config --global --add "
                    "safe.directory {path}»; otherwise work as the account that it belongs to.",
                    {"path": owned[1]},
                )
            )
        above = [self.folder, *self.folder.resolve().parents]
        if any(os.path.lexists(folder / ".git") for folder in above):
            return self.broken(reason(complaint))
        return NoRepository(
            Message(
                "{path} is in no Git repository; «git init» and a first commit make one.",
                {"path": str(self.folder)},
            )
        )


def reason(complaint: str) -> str:
    """The first thing that Git complains of, in its own words."""
    for line in complaint.splitlines():
        kind, _, words = line.partition(": ")
        if kind in ("error", "fatal"):
            return words.rstrip(".")
    return ""
