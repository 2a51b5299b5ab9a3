"""The demonstration city under other readings, read once for the tests that ask."""

from functools import cache
from pathlib import Path

from generator.engine.problem import Problem
from generator.engine.rank import judged
from generator.engine.year import YearResult
from generator.reading.files import tree_below
from generator.review.readings import Reader
from generator.rulebook.books import Option, Switchboard, switchboards
from generator.shape.schema import Files, files_of
from generator.year.load import Loaded, Years, load
from tests.cases import ROOT

LINJIANG = ROOT / "examples" / "linjiang"


def files(root: Path = ROOT) -> Files:
    return _files(root)


@cache
def _files(root: Path) -> Files:
    return files_of(tree_below(root))


def loaded(root: Path = ROOT) -> Loaded:
    return _loaded(root)


@cache
def _loaded(root: Path) -> Loaded:
    found, problems = load(files(root))
    assert found is not None, problems
    return found


def result(year: int, root: Path = ROOT) -> YearResult:
    return _result(year, root)


@cache
def _result(year: int, root: Path) -> YearResult:
    return judged(next(i for i in loaded(root).years if i.assessment.year == year))


def board(root: Path = ROOT) -> Switchboard:
    return _board(root)


@cache
def _board(root: Path) -> Switchboard:
    problems: list[Problem] = []
    found = switchboards(files(root), loaded(root).books, problems)
    assert problems == []
    (one,) = found.values()
    return one


def reader(year: int, root: Path = ROOT) -> Reader:
    return _reader(year, root)


@cache
def _reader(year: int, root: Path) -> Reader:
    return Reader(Years(files(root), loaded(root).books), board(root), result(year, root))


def option(name: str, root: Path = ROOT) -> Option:
    return next(one for one in board(root).options if one.name == name)
