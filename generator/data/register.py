"""What the register of units and the rulebooks that they are assessed by ask of each other.

Must not read a file.
"""

from collections.abc import Iterable, Iterator

from generator.engine.book import Rulebook
from generator.engine.groups import group_of
from generator.engine.model import City
from generator.engine.problem import Message, Problem, Severity
from generator.reading.source import Document


def without_group(
    register: Document, city: City, years: Iterable[tuple[int, Rulebook]]
) -> Iterator[Problem]:
    """Units that the rulebook of a year has no group for, each told once a rulebook.

    Such a unit is asked what is said of no group, and where groups rank apart, ranks alone.
    """
    told: set[tuple[str, str, int]] = set()
    for year, rulebook in years:
        grouping = rulebook.above.grouping
        if grouping is None:
            continue
        groups = tuple(group.id for group in grouping.groups)
        for number, unit in enumerate(city.townships):
            about = (unit.id, rulebook.id, rulebook.version)
            if not unit.assessed_in(year) or group_of(rulebook, unit) or about in told:
                continue
            told.add(about)
            args = {"name": unit.name, "rulebook": f"{rulebook.id} {rulebook.version}"}
            message = Message(
                "{name} is in no group of the rulebook {rulebook} of {year}; give it a «{by}» "
                "that is one of: {groups}.",
                {**args, "year": year, "by": grouping.by, "groups": groups},
            )
            place = register.location(("townships", number, grouping.by))
            yield Problem(place, "unit-without-group", message, Severity.WARNING)
