"""The site: runs MkDocs or Zensical over the rendered pages and puts the result in place whole.

Owns the build's environment (so that the same pages give the same bytes anywhere) and the
swap: the old site stays until the new one is whole, a failed build leaves no trace. Must not
read data, write a page or print.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import yaml

from generator.engine.problem import Message, Stop

Engine = Literal["mkdocs", "zensical"]

Step = Callable[[int, int], None]
"""Told how many pages are done, and of how many."""

Finish = Callable[..., None]
"""Builds the pages that are there now: called with the newest date, and a `Step` or nothing."""

CONFIG = "mkdocs.yml"

IDLE_TALK = ("DEBUG", "INFO", "Building prefix", "Dumping model", "Loading model", "Prefix dict")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class SiteError(Stop):
    """The site could not be built or served; nothing has changed."""


def build(
    root: Path, out: Path, newest: date, engine: Engine = "mkdocs", step: Step | None = None
) -> None:
    """Build the pages in docs/ of `root` into `out`; `newest` dates the files inside."""
    with building(root, out, engine) as finish:
        finish(newest, step)


@contextmanager
def building(root: Path, out: Path, engine: Engine = "mkdocs") -> Iterator[Finish]:
    """Get ready to build while the pages of `root` are still being made; `finish` builds them.

    `out` must be missing, empty or an earlier site: it is replaced as a whole.
    """
    root, out = root.resolve(), out.resolve()
    if not (root / CONFIG).is_file():
        raise SiteError(
            Message(
                "{path} is missing, so there is no site to build; copy one from another city,"
                " or start a city with `kaohe init`",
                {"path": CONFIG},
            )
        )
    _check_replaceable(root, out)
    workshop = _workshop_beside(out)
    early = _start(_command(engine, root, workshop), root, workshop) if engine == "mkdocs" else None
    try:

        def finish(newest: date, step: Step | None = None) -> None:
            with early or _start(_command(engine, root, workshop), root, workshop) as process:
                _run(process, root, newest, step)
            _swap(workshop / "new", out, workshop / "old")

        yield finish
    finally:
        if early is not None:
            with early:  # closes its streams and waits
                early.kill()
        shutil.rmtree(workshop, ignore_errors=True)


def repository(root: Path) -> str | None:
    """The address of the repository that pages link to: `extra.repository` of mkdocs.yml."""
    try:
        text = (root / CONFIG).read_text(encoding="utf-8")
        settings = yaml.load(text, Loader=_Settings)  # noqa: S506 - a safe loader
    except (FileNotFoundError, yaml.YAMLError):
        return None
    extra = settings.get("extra") if isinstance(settings, dict) else None
    address = extra.get("repository") if isinstance(extra, dict) else None
    return address if isinstance(address, str) else None


class _Settings(yaml.SafeLoader):
    """Reads mkdocs.yml without acting on its tags (`!ENV` and the like)."""


for _prefix in ("!", "tag:yaml.org,2002:python/"):
    _Settings.add_multi_constructor(_prefix, lambda *_: None)


def pages(root: Path) -> int:
    """How many pages the site of `root` has."""
    return sum(1 for _ in (root / "docs").rglob("*.md"))


def _check_replaceable(root: Path, out: Path) -> None:
    """A slip in `--out` must not cost anybody a folder of something else."""
    if not out.exists():
        return
    entries = {entry.name for entry in out.iterdir()} if out.is_dir() else {out.name}
    is_site = {"index.html", "404.html"} <= entries and ".git" not in entries
    if (entries and not is_site) or root.is_relative_to(out):
        raise SiteError(
            Message(
                "{path} holds something other than an earlier site and would be replaced;"
                " name another folder, or empty this one",
                {"path": str(out)},
            )
        )


def _workshop_beside(out: Path) -> Path:
    """A new folder on the same file system, so that the finished site only has to be renamed."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise SiteError(_not_writable(out.parent, error)) from error


def _not_writable(path: Path, error: OSError) -> Message:
    return Message(
        "{path} cannot be written: {reason}; name another folder or ask for the right to write",
        {"path": str(path), "reason": error.strerror or str(error)},
    )


def _swap(new: Path, out: Path, old: Path) -> None:
    """Put `new` in the place of `out`; whatever happens in between, `out` is one of the two."""
    try:
        if out.exists():
            out.rename(old)
        new.rename(out)
    except OSError as error:
        raise SiteError(_not_writable(out, error)) from error
    finally:
        if old.exists() and not out.exists():
            old.rename(out)


# --- the engines ----------------------------------------------------------------------


def _command(engine: Engine, root: Path, workshop: Path) -> list[str]:
    if engine == "mkdocs":
        # Never with --quiet, which makes --strict let broken links pass; --verbose names the pages.
        options = ["--strict", "--verbose", "--config-file", CONFIG]
        arguments = ["build", *options, "--site-dir", str(workshop / "new")]
        return [*_python("generator.pages.mkdocs_process"), *arguments]
    if importlib.util.find_spec("zensical") is None:
        raise SiteError(
            Message(
                "Zensical is not installed; install it with `pip install zensical`,"
                " or build with `--engine mkdocs`"
            )
        )
    config = workshop / CONFIG
    config.write_text(_zensical_config(root, workshop), encoding="utf-8")
    return [*_python("zensical"), "build", "--strict", "--config-file", str(config)]


def _python(module: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", module]


def _zensical_config(root: Path, workshop: Path) -> str:
    """The site's own configuration, for a copy of its pages.

    Zensical has no option for the folder to build into, and keeps its cache beside its
    configuration; so it gets a project of its own, which goes when it is done.
    """
    shutil.copytree(root / "docs", workshop / "docs")
    inherited = str(root / CONFIG).replace("\\", "\\\\").replace('"', '\\"')
    return f'INHERIT: "{inherited}"\ndocs_dir: docs\nsite_dir: new\n'


def _environment(workshop: Path) -> Mapping[str, str]:
    """Time, language and hashing held still; the word list's cache goes with the workshop."""
    return os.environ | {
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TMPDIR": str(workshop),
        "NO_COLOR": "1",
    }


def _start(command: Sequence[str], root: Path, workshop: Path) -> subprocess.Popen[str]:
    """The engine, running in `root`."""
    return subprocess.Popen(
        command,
        cwd=root,
        env=_environment(workshop),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def _run(process: subprocess.Popen[str], root: Path, newest: date, step: Step | None) -> None:
    """Let the engine build, and wait for it; its own complaints are kept for the message."""
    epoch = datetime(newest.year, newest.month, newest.day, tzinfo=UTC)
    total, done = pages(root), 0
    complaints: list[str] = []
    if process.stdin is not None:
        with suppress(BrokenPipeError):  # an engine that ended early has said why
            process.stdin.write(f"{int(epoch.timestamp())}\n")
            process.stdin.close()
    for line in process.stdout or ():
        if "Building page" in line:
            done += 1
            if step is not None:
                step(done, total)
        elif not line.startswith(IDLE_TALK):
            complaints.append(COLOUR.sub("", line.rstrip()))
    if process.wait() != 0:
        said, _, trace = "\n".join(complaints).partition("Traceback (most recent call last):")
        log = said.strip() or trace.strip()
        raise SiteError(Message("The site could not be built:\n{log}", {"log": log}))
