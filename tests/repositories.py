"""Small Git repositories: made, changed and committed to, whatever the user's own Git is set to."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_WHO = {
    "GIT_AUTHOR_NAME": "书记员",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "b",
    "GIT_COMMITTER_EMAIL": "b@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(folder: Path, *arguments: str) -> str:
    """What git answers in a folder; it must not refuse."""
    made = subprocess.run(
        ["git", *arguments], cwd=folder, env=os.environ | _WHO, capture_output=True, check=True
    )
    return made.stdout.decode().strip()


def begin(folder: Path) -> Path:
    """An empty repository in a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def put(root: Path, path: str, text: str) -> None:
    """Write a file and the folders that it stands in."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def edit(root: Path, path: str, *changes: tuple[str, str]) -> None:
    """Put other words in the place of some, each of which must be there once."""
    text = (root / path).read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, (path, old)
        text = text.replace(old, new)
    (root / path).write_text(text, encoding="utf-8")


def commit(root: Path, subject: str) -> str:
    """Everything as it is, as a commit; its id."""
    git(root, "add", "--all")
    git(root, "commit", "-q", "--allow-empty", "-m", subject)
    return git(root, "rev-parse", "HEAD")


def commit_files(root: Path, subject: str, files: Mapping[str, str | None]) -> str:
    """Some files written, those with None deleted, and a commit of that; its id."""
    for path, text in files.items():
        if text is None:
            (root / path).unlink()
        else:
            put(root, path, text)
    return commit(root, subject)
