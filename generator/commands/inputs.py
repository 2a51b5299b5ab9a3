"""What a command works on: a tree, a sound result, one of its townships.

Owns what happens where there is none: the problems and exit 1, or a message and exit 2.
"""

import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from generator.commands.terminal import FOUND, Run
from generator.data.books import Books
from generator.data.frame import Frame, frame
from generator.data.load import Loaded, load
from generator.data.tree import Files, files_of
from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, Stop, errors
from generator.engine.rank import judged
from generator.engine.result import Standing, YearResult
from generator.reading.files import Folder
from generator.reading.git import NoRepository
from generator.reading.revisions import Repository
from generator.review.history import History, history
from generator.review.judge import Judge
from generator.review.store import Store
from generator.words.report import problems


def files_in(run: Run, revision: str | None = None) -> Files:
    """The files of the city's folder, as they are or as they were at a Git revision."""
    files = files_of(Repository(run.root).revision(revision) if revision else Folder(run.root))
    run.detail("{root}: files: {count}", root=str(run.root), count=len(files.listed))
    return files


def refuse(run: Run, found: Sequence[Problem]) -> None:
    """With an error among them: the errors, and exit 1."""
    wrong = errors(found)
    if wrong:
        run.out(problems(wrong, run.words, run.form, run.style))
        run.note("{count} error(s); no result until they are mended.", count=len(wrong))
        sys.exit(FOUND)


def loaded_tree(run: Run, revision: str | None = None) -> Loaded:
    """The whole tree, which must be sound and have a year."""
    loaded, found = load(files_in(run, revision), run.track)
    refuse(run, found)
    if loaded is None or not loaded.years:
        raise Stop(Message("There is no year yet; begin one with «kaohe new --year»."))
    return loaded


def loaded_frame(run: Run, files: Files) -> Frame:
    """What the office has written; reports may be broken."""
    found, wrong = frame(files)
    if found is None:
        refuse(run, wrong)
        raise Stop(Message("There is no register of townships; begin with «kaohe init»."))
    return found


def history_of(root: Path) -> History | None:
    """The commits that moved scores, None outside a repository or before its first commit.

    Raises Stop where there is a repository that cannot be read.
    """
    try:
        repository = Repository(root)
    except NoRepository:
        return None
    return _history(root, repository.commit("HEAD")) if repository.has("HEAD") else None


@lru_cache(maxsize=1)
def _history(root: Path, head: str) -> History:  # noqa: ARG001 - what the cache goes by
    """Remembered until there is another commit, for a site that is served live."""
    repository = Repository(root)
    return history(repository, Judge(Store(repository.private)))


def chosen_year(years: Sequence[int], year: int | None) -> int:
    """The year asked for, or the newest."""
    if not years:
        raise Stop(Message("There is no year yet; begin one with «kaohe new --year»."))
    chosen = max(years) if year is None else year
    if chosen not in years:
        args = {"year": chosen, "known": tuple(map(str, sorted(years)))}
        raise Stop(Message("There is no year {year}; there are: {known}", args))
    return chosen


def result_of(run: Run, year: int | None) -> YearResult:
    """One year judged; the newest without a year."""
    years = {inputs.assessment.year: inputs for inputs in loaded_tree(run).years}
    return judged(years[chosen_year(list(years), year)])


def standing_of(result: YearResult, township: str) -> Standing:
    """A township of that year by its id, or by its name in either language."""
    for standing in result.standings:
        if township in standing.township.names:
            return standing
    args = {
        "township": township,
        "year": result.inputs.assessment.year,
        "known": tuple(standing.township.id for standing in result.standings),
    }
    raise Stop(Message("No township «{township}» is assessed in {year}; there are: {known}", args))


def rulebook_named(library: Books, asked: str) -> Rulebook:
    """A rulebook by id/version, by its folder, or by its id alone: the newest version then."""
    known = {f"{name}/{version}": book.rulebook for (name, version), book in library.items()}
    wanted = asked.removesuffix("/rulebook.yaml").strip("/").removeprefix("data/rulebooks/")
    versions = [version for name, version in library if name == wanted]
    found = known.get(f"{wanted}/{max(versions)}" if versions else wanted)
    if found is None:
        args = {"name": asked, "known": tuple(sorted(known)) or ("-",)}
        raise Stop(Message("There is no rulebook «{name}»; there are: {known}", args))
    return found
