"""How a week is told."""

from generator.engine.kinds.coverage import spans_told
from generator.engine.problem import Text


def test_a_week_is_told_by_its_monday_in_either_language() -> None:
    told = spans_told("week", [f"2025-W{week:02}" for week in range(2, 54, 4)])
    assert [text.en for text in told if isinstance(text, Text)] == [
        *("6 January", "3 February", "3 March", "31 March", "28 April", "26 May", "23 June"),
        *("21 July", "18 August", "15 September", "13 October", "10 November", "8 December"),
    ]
    assert [text.zh for text in told if isinstance(text, Text)][::6] == [
        "1月6日",
        "6月23日",
        "12月8日",
    ]


def test_other_spans_have_the_names_that_reports_give_them() -> None:
    assert spans_told("month", ["2025-01", "2025-02"]) == ("2025-01", "2025-02")
