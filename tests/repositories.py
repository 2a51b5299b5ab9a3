"""Git repositories of small cities, and what git and kaohe say in them."""

import json
import os
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.cases import FIRST_BOOK, VALID, laid_out

NOTHING = "0" * 40
FINAL_CITY = VALID / "owners-of-a-final-year"
_ENV = {
    "GIT_AUTHOR_NAME": "书记员",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "b",
    "GIT_COMMITTER_EMAIL": "b@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "no_proxy": "127.0.0.1",
}


class Said(NamedTuple):
    code: int
    text: str


def git(folder: Path, *arguments: str, **env: str) -> str:
    """What git answers; it must succeed."""
    said = tried(folder, *arguments, **env)
    assert said.code == 0, said.text
    return said.text.strip()


def tried(folder: Path, *arguments: str, **env: str) -> Said:
    """What git says, whether it succeeds or not."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **_ENV, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Said(done.returncode, done.stdout.decode("utf-8", "replace"))


def commit(folder: Path, subject: str = "改动", *more: str) -> str:
    """Everything in the folder, committed."""
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject, *more)
    return git(folder, "rev-parse", "HEAD")


def begun(root: Path, *, published: bool = False) -> Path:
    """A city with owners and a final year, in a repository of its own with one commit."""
    root.mkdir()
    laid_out(FINAL_CITY, root)
    if published:
        publish(root)
    git(root, "init", "-q", "-b", "main")
    commit(root, "开始")
    return root


def publish(root: Path, year: int = 2025) -> None:
    """A receipt of the year, with as much in it as the gate needs."""
    inputs = sorted(p.relative_to(root).as_posix() for p in root.glob(f"data/{year}/**/*.yaml"))
    receipt = {
        "year": year,
        "rulebook": {
            "id": "family-planning-petitions",
            "version": 1,
            "sha256": _digest(root / FIRST_BOOK),
        },
        "inputs": [{"path": path, "sha256": _digest(root / path)} for path in inputs],
    }
    path = root / f"data/{year}/published.json"
    path.unlink(missing_ok=True)
    path.write_text(json.dumps(receipt, sort_keys=True) + "\n", encoding="utf-8")


def _digest(path: Path) -> str:
    return sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def append(root: Path, path: str, text: str) -> None:
    """Add a line to a file, which need not be there."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    with (root / path).open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")


def replace(root: Path, path: str, old: str, new: str) -> None:
    """Put one text in the place of another, which is there."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")
