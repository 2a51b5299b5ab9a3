"""The demonstration city, or the second one, under other readings: read once for all that ask."""

from functools import cache
from pathlib import Path

from generator.engine.problem import Problem
from generator.engine.year import YearResult
from generator.review.readings import Reader
from generator.rulebook.books import Option, Switchboard, switchboards
from generator.shape.schema import Files
from generator.year.load import Loaded
from generator.year.supposed import Years
from tests.cases import ROOT
from tests.cities import LINJIANG, Made, city


def made(root: Path) -> Made:
    return city("linjiang" if root == LINJIANG else "demonstration")


def files(root: Path = ROOT) -> Files:
    return made(root).files


def loaded(root: Path = ROOT) -> Loaded:
    return made(root).loaded


def result(year: int, root: Path = ROOT) -> YearResult:
    return next(r for r in made(root).results if r.inputs.assessment.year == year)


def board(root: Path = ROOT) -> Switchboard:
    return _board(root)


@cache
def _board(root: Path) -> Switchboard:
    problems: list[Problem] = []
    (board,) = switchboards(files(root), loaded(root).books, problems).values()
    assert problems == []
    return board


@cache
def reader(year: int, root: Path = ROOT) -> Reader:
    return Reader(Years(files(root), loaded(root).books), board(root), result(year, root))


def option(name: str, root: Path = ROOT) -> Option:
    return next(option for option in board(root).options if option.name == name)
