"""What a schema cannot say about a rulebook: everything that its parts ask of each other.

Owns the order of these checks, and what needs several parts at once; each kind of check has
a module of its own. Must not judge a report.
"""

from collections.abc import Iterator

from generator.data.rulebook_dead import dead_problems
from generator.data.rulebook_names import name_problems
from generator.data.rulebook_paths import path_problems
from generator.data.rulebook_sums import sum_problems
from generator.data.rulebook_walk import Keys, figures, places, unknown
from generator.engine.problem import Message, Problem
from generator.reading.source import Document
from generator.shape.form import Form


def rulebook_problems(document: Document, form: Form, folder: tuple[str, int]) -> list[Problem]:
    """Everything wrong with a well-shaped rulebook in the folder of that id and version."""
    problems = [
        *_identity(document, *folder),
        *sum_problems(document),
        *name_problems(document),
        *_readings(document),
        *_effects(document),
    ]
    lacking = list(_need_periods(document))
    problems += lacking or path_problems(document, form)
    return problems or dead_problems(document)


def _identity(document: Document, name: str, version: int) -> Iterator[Problem]:
    for key, expected in (("id", name), ("version", version)):
        if document.value[key] != expected:
            message = Message(
                "{key} is {written}, but the file's name and folder say {expected}; "
                "make them agree.",
                {"key": key, "written": document.value[key], "expected": expected},
            )
            yield Problem(document.location((key,)), "id-mismatch", message)


def _readings(document: Document) -> Iterator[Problem]:
    """Every reading that a number rests on is there."""
    known = [reading["id"] for reading in document.value.get("readings", [])]
    for keys, figure in figures(document.value):
        if "reading" in figure and figure["reading"] not in known:
            here = (*keys, "reading")
            yield unknown(document, here, "unknown-reading", figure["reading"], known)


def _effects(document: Document) -> Iterator[Problem]:
    """Rules of pools say whether they give or take."""
    for keys, rule in places(document.value, "pools.*.rules.*"):
        if "effect" not in rule:
            message = Message(
                "A rule outside the clauses must say whether it gives or takes points; add "
                "«effect: award» or «effect: deduct»."
            )
            yield Problem(document.location((*keys, "effect")), "missing-key", message)


def _need_periods(document: Document) -> Iterator[Problem]:
    """What is said of periods inside the year needs some."""
    value = document.value
    of_period = value.get("bands", {}).get("of") == "period"
    asking: list[Keys] = [k for k, each in places(value, "sections.*.each") if each == "period"]
    asking += [("bands", "of")] if of_period else []
    for keys in asking if not value.get("periods") else []:
        message = Message("There are no periods inside the year; list them under «periods».")
        yield Problem(document.location(keys), "needs-periods", message)
    for keys, _ in places(value, "streaks.*.bands") if not of_period else []:
        message = Message(
            "Periods in a row can only be counted where every period has its band; write "
            "«of: period» under «bands»."
        )
        yield Problem(document.location(keys, key=True), "needs-periods", message)
