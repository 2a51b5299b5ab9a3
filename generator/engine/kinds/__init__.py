"""The kinds of rules, a file each: its fields, what it asks of the facts, its words and figures.

A kind must not hold a number of its own, nor know what any regulation is about.
"""

from collections.abc import Mapping

from generator.engine.book import Rule
from generator.engine.kinds.ceiling import Ceiling
from generator.engine.kinds.check_list import CheckList
from generator.engine.kinds.choice import Choice
from generator.engine.kinds.coverage import Coverage
from generator.engine.kinds.discretion import Discretion
from generator.engine.kinds.per_record import PerRecord
from generator.engine.kinds.recurrence import Recurrence
from generator.engine.kinds.requirement import Requirement
from generator.engine.kinds.scale import Scale
from generator.engine.kinds.target import Target

KINDS: Mapping[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        *(Requirement, Choice, Coverage, CheckList, Target),
        *(PerRecord, Ceiling, Recurrence, Scale, Discretion),
    )
}
"""Every kind by the word that rulebooks write under `kind`."""
