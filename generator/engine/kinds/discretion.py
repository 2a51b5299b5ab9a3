"""Points that somebody gives with a reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from generator.engine.book import Rule
from generator.engine.facts import Facts
from generator.engine.measures import Figure, Names
from generator.engine.problem import Message, Text
from generator.engine.rules import deduction, words
from generator.engine.year import Deduction, Rating


@dataclass(frozen=True, slots=True)
class Scorer:
    """Who rates, never a person; `weight` in per cent of what all of them count together."""

    label: Text
    weight: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Discretion(Rule):
    """Points between two numbers that scorers give with a reason, weighted if there are several.

    Nobody has rated: nothing asked. While only some have, their weights count as the whole.
    """

    kind = "discretion"
    purposes: ClassVar = {
        "least": (Message("given at least"),) * 2,
        "greatest": (Message("given at most"),) * 2,
    }
    scorers: Mapping[str, Scorer]
    least: Figure
    greatest: Figure

    def deductions(self, facts: Facts) -> Iterator[Deduction]:
        given = [
            rating
            for rating in facts.submission.ratings
            if rating.rule == self.id and rating.part == facts.part
        ]
        ratings = sorted(given, key=lambda rating: list(self.scorers).index(rating.scorer))
        weights = [self.scorers[rating.scorer].weight for rating in ratings]
        rated = sum((weight.value for weight in weights), Fraction())
        if not rated:
            return
        pairs = zip(ratings, weights, strict=True)
        points = sum((one.points * weight.value for one, weight in pairs), Fraction()) / rated
        args = words(self, facts, points) | {
            "least": self.least.value,
            "greatest": facts.amount(self.greatest.value),
            "ratings": tuple(self._rating(facts, rating) for rating in ratings),
        }
        reason = Message("{label} ({least} to {greatest}): {ratings}, {asked}", args)
        if len(ratings) < len(self.scorers):
            reason = Message(
                "{label} ({least} to {greatest}): {ratings}; ÷ {rated}%, the others have not "
                "rated; {asked}",
                args | {"rated": rated},
            )
        places = tuple(rating.location for rating in ratings)
        yield deduction(self, points, reason, (self.least, self.greatest, *weights), places)

    def _rating(self, facts: Facts, rating: Rating) -> Message:
        scorer = self.scorers[rating.scorer]
        args: dict[str, object] = {"scorer": scorer.label, "points": facts.amount(rating.points)}
        args |= {"weight": scorer.weight.value, "reason": rating.reason}
        args |= {"document": rating.document}
        if len(self.scorers) > 1:
            return Message("{scorer} {points} × {weight}%: {reason} ({document})", args)
        return Message("{scorer} {points}: {reason} ({document})", args)

    def phrase(self, names: Names) -> object:  # noqa: ARG002 - as the others
        scorers = tuple(scorer.label for scorer in self.scorers.values())
        return Message("rated by: {scorers}", {"scorers": scorers})
