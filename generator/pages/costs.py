"""What a deduction did to score and rank, in words. Owns how that is said on pages.

Must not work it out: it comes from `engine.effects`.
"""

from dataclasses import dataclass

from generator.engine.effects import Without
from generator.engine.result import Standing
from generator.pages.wording import Words
from generator.words.escape import Safe


@dataclass(frozen=True, slots=True)
class Cost:
    """A charge with what would stand without it, said; `moves` where the rank is another then."""

    without: Without
    told: Safe
    moves: bool


def cost(w: Words, standing: Standing, one: Without) -> Cost:
    """Without V-003: 91.45, rank 6 → rank 4.

    A record is left out of every clause, where others may be charged in its place.
    """
    score = w.scored(one.score)
    scorecard = standing.scorecard
    if one.record is not None and scorecard and one.score == scorecard.score:
        head = w._(
            "Without {what} other records cost as much: {score}, ", what=one.record, score=score
        )
    elif one.record is not None:
        head = w._("Without {what} in any clause: {score}, ", what=one.record, score=score)
    elif one.charge.deduction.award:
        head = w._("Without this award: {score}, ", score=score)
    else:
        head = w._("Without this deduction: {score}, ", score=score)
    moves = (one.rank, one.tied) != (standing.rank, standing.tied)
    if not moves:
        return Cost(one, Safe("{}{}").format(head, w._("the same rank")), moves)
    old, new = w.rank(standing), place(w, one.rank, tied=one.tied)
    return Cost(one, Safe("{}{} → <b>{}</b>").format(head, old, new), moves)


def place(w: Words, rank: int, *, tied: bool) -> str:
    """A rank as pages say it: 第4名, 并列第4名."""
    if tied:
        return w._("Tied at rank {rank}", rank=rank)
    return w._("Rank {rank}", rank=rank)
