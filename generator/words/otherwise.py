"""A year under other readings in words: what each moves, and who could have which rank.

Owns these sentences, for the command line and the pages alike. Must not judge.
"""

from collections.abc import Sequence

from generator.data.switches import Option
from generator.engine.book import Alternative, Reading, Rulebook
from generator.engine.compare import Moved
from generator.engine.problem import Message
from generator.engine.result import Standing
from generator.review.otherwise import Otherwise
from generator.review.ranges import Range, Ranges


def wording(book: Rulebook, option: Option) -> tuple[Reading, Alternative]:
    """The reading and the alternative that a switch is about."""
    reading = next(one for one in book.readings if one.id == option.reading)
    return reading, next(one for one in reading.alternatives if one.id == option.id)


def read_so(book: Rulebook, option: Option) -> Message:
    """A phrase and how it is read."""
    reading, alternative = wording(book, option)
    return Message("“{phrase}”: {text}", {"phrase": reading.phrase, "text": alternative.text})


def place(standing: Standing) -> object:
    """A rank, and whether it is shared."""
    if standing.rank is None:
        return "–"
    return Message("{rank} (tied)", {"rank": standing.rank}) if standing.tied else standing.rank


def rank_moved(one: Moved) -> Message:
    """From which rank to which."""
    return Message(
        "{township} {old} → {new}",
        {"township": one.township.name, "old": place(one.old), "new": place(one.new)},
    )


def lists_moved(one: Moved, book: Rulebook) -> Message:
    """Onto which lists a township comes, and which ones it leaves."""
    old, new = one.old.outcomes, one.new.outcomes
    come = tuple(book.outcomes[outcome] for outcome in new if outcome not in old)
    gone = tuple(book.outcomes[outcome] for outcome in old if outcome not in new)
    if come and gone:
        return Message("now “{come}”; no longer “{gone}”", {"come": come, "gone": gone})
    return (
        Message("now “{come}”", {"come": come})
        if come
        else Message("no longer “{gone}”", {"gone": gone})
    )


def nothing_more(found: Otherwise) -> Message | None:
    """What is said where no rank and no list is another; None where one is."""
    if found.standings is None:
        return Message("This year cannot be judged so.")
    if found.ranks or found.listed:
        return None
    if not found.moved:
        return Message("Nothing would have changed.")
    args = {"count": len(found.moved)}
    return Message("No rank and no list would change; scores of {count} would.", args)


def how_many(ranges: Ranges) -> Message:
    """Over how many combinations of readings the ranks are."""
    args = {"judged": ranges.judged, "total": ranges.total}
    if ranges.complete:
        return Message("All {total} combinations of these readings were judged.", args)
    return Message(
        "{judged} of {total} combinations were judged: every reading by itself, and others drawn "
        "by a fixed rule, the same ones every time. Ranks beyond those shown are possible.",
        args,
    )


def span(one: Range) -> Message:
    """A township's best and worst rank."""
    args = {"best": one.best, "worst": one.worst}
    if one.best == one.worst:
        return Message("always {best}", args)
    return Message("{best} to {worst}", args)


def left_out(book: Rulebook, options: Sequence[Option]) -> Message:
    """Readings by which the year cannot be judged."""
    names = tuple(read_so(book, option) for option in options)
    return Message(
        "Left out, because the year cannot be judged so: {readings}", {"readings": names}
    )
