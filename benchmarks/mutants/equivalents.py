"""The mutants that differ from the engine in nothing that a caller could see, each with its reason.

They stand in `equivalents.yaml`, found by what they are, so that they stay known when lines move.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.mutants.mutations import Mutant

LIST = Path(__file__).with_name("equivalents.yaml")


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A mutant that no test can tell from the engine, and why."""

    mutant: Mutant
    reason: str


def equivalents() -> Iterator[Equivalent]:
    """All that are listed; KeyError for an entry that lacks something."""
    for entry in yaml.safe_load(LIST.read_text(encoding="utf-8")) or ():
        names = (entry[name] for name in ("module", "function", "original", "mutated"))
        yield Equivalent(Mutant(*names, kind="", source=""), entry["reason"])
