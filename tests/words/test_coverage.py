"""How far examples go, as lines for people and as data."""

from fractions import Fraction

from generator.engine.measures import Basis, Figure
from generator.words.messages import catalogue
from generator.words.whatif import coverage_lines, coverage_object
from generator.year.examples import RuleCoverage
from tests.builders import take

USED = Figure(Fraction(3), Basis.TEXT, "「扣3分」")
ODD = Figure(Fraction(1, 3), Basis.ASSUMED, "自行设定")


def one(*, asks: bool = True, silent: bool = True, unused: tuple[Figure, ...] = ()) -> RuleCoverage:
    return RuleCoverage(take("bad"), "1.1", asks, silent, unused)


def lines(*covered: RuleCoverage, examples: int = 3, lang: str = "en") -> list[str]:
    return list(coverage_lines(covered, examples, catalogue(lang)))


def test_a_rule_that_is_tried_is_not_told() -> None:
    assert lines(one(), one()) == []


def test_what_no_example_shows_is_told_in_one_line_a_rule() -> None:
    assert lines(one(asks=False, unused=(USED,)), one(silent=False, unused=(USED, ODD))) == [
        "1.1 take-bad: no example in which it asks anything",
        (
            "1.1 take-bad: no example in which it asks nothing, "
            "no example uses 3 (「扣3分」), no example uses 1/3 (自行设定)"
        ),
    ]
    assert lines(one(asks=False), lang="zh") == ["1.1 take-bad：没有一个算例用到它"]


def test_without_any_example_that_is_said_once() -> None:
    untried = (one(asks=False, silent=False), one(asks=False, silent=False))
    assert lines(*untried, examples=0) == [
        "There are no worked examples yet; no rule has been tried."
    ]
    assert lines(examples=0, lang="zh") == ["还没有算例，一条规则也没有试过。"]


def test_as_data_every_rule_is_there() -> None:
    assert coverage_object([one(), one(asks=False, unused=(USED, ODD))]) == [
        {"clause": "1.1", "rule": "take-bad", "asks": True, "silent": True, "unused": []},
        {
            "clause": "1.1",
            "rule": "take-bad",
            "asks": False,
            "silent": True,
            "unused": [
                {"value": "3", "reference": "「扣3分」"},
                {"value": "1/3", "reference": "自行设定"},
            ],
        },
    ]
