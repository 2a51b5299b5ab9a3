"""Because of what a result changes: every file is one input, and inputs can be swapped."""

import pytest

from generator.engine.difference import Cause
from generator.reading.files import Kind
from generator.review.diff import cause_of, present, swapped
from generator.review.judge import snapshot
from tests.differing import BOOK, CORRECTION, INSPECTION, correction, inspection
from tests.trees import (
    QINGSHAN,
    REGISTER,
    SONGHE,
    YEAR,
    Written,
    changed,
    content,
    demonstration,
    three_townships,
)

PATHS = {
    Kind.TOWNSHIPS: "data/townships.yaml",
    Kind.OWNERS: "data/owners.yaml",
    Kind.RULEBOOK: "data/rulebooks/a-book/1/rulebook.yaml",
    Kind.RENDERING: "data/rulebooks/a-book/1/english.yaml",
    Kind.READINGS: "data/rulebooks/a-book/1/readings.yaml",
    Kind.EXAMPLE: "data/rulebooks/a-book/1/examples/1.1.yaml",
    Kind.FACTS: "data/rulebooks/a-book/1/examples/facts/base.yaml",
    Kind.ASSESSMENT: "data/2025/assessment.yaml",
    Kind.RANKING: "data/2025/prefecture-ranking.yaml",
    Kind.REPORT: "data/2025/townships/songhe.yaml",
    Kind.INSPECTION: "data/2025/inspections/songhe.yaml",
    Kind.CORRECTION: "data/2025/corrections/01.yaml",
    Kind.PUBLISHED: "data/2025/published.json",
    Kind.HOLIDAYS: "data/holidays/2025.yaml",
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_file_is_an_input_or_none(kind: Kind) -> None:
    expected = {
        Kind.TOWNSHIPS: Cause.REGISTRY,
        Kind.ASSESSMENT: Cause.ASSESSMENT,
        Kind.RANKING: Cause.ASSESSMENT,
        Kind.REPORT: Cause.REPORT,
        Kind.INSPECTION: Cause.INSPECTION,
        Kind.CORRECTION: Cause.CORRECTION,
        Kind.OWNERS: None,
        Kind.READINGS: None,
        Kind.PUBLISHED: None,
    }
    assert cause_of(PATHS[kind]) is expected.get(kind, Cause.RULEBOOK)


@pytest.mark.parametrize("path", ["data/README.md", "data/2025/x.yaml", "docs/a.md", "data/x"])
def test_what_no_result_rests_on_is_no_input(path: str) -> None:
    assert cause_of(path) is None


def test_schemas_belong_to_the_rules() -> None:
    assert cause_of("schema/submissions/a-book/1.schema.json") is Cause.RULEBOOK


def test_the_order_is_that_in_which_inputs_can_be_read() -> None:
    assert list(Cause) == [
        *("registry", "rulebook", "assessment", "report", "inspection", "correction"),
    ]


def after_everything() -> dict[str, str]:
    """The three townships after a change of every input."""
    texts = changed(three_townships(), SONGHE, ("staff: 2", "staff: 1"))
    texts = changed(texts, YEAR, ("2026-01-10", "2026-01-11"))
    texts = changed(texts, REGISTER, ("柳林镇", "柳林乡"))
    texts = changed(texts, BOOK, ("\nid: ", "\n# a word\nid: "))
    return {**texts, INSPECTION: inspection("receptions: 40"), CORRECTION: correction()}


def test_what_differs_is_found_in_its_order() -> None:
    old, new = snapshot(Written(three_townships())), snapshot(Written(after_everything()))
    assert present(old, new, 2025) == present(new, old, 2025) == tuple(Cause)
    assert present(old, old, 2025) == ()


def test_only_what_is_near_a_year_counts() -> None:
    texts = demonstration()
    old = snapshot(Written(texts))
    path = "data/2023/townships/songhe.yaml"
    new = snapshot(Written({**texts, path: f"{texts[path]}# a word\n"}))
    assert present(old, new, 2025) == ()
    assert present(old, new, 2024) == (Cause.REPORT,)  # it may look back
    assert present(old, new, 2023) == (Cause.REPORT,)
    holidays = {**texts, "data/holidays/2026.yaml": texts["data/holidays/2026.yaml"] + "# x\n"}
    assert present(old, snapshot(Written(holidays)), 2023) == (Cause.RULEBOOK,)


@pytest.mark.parametrize("cause", Cause)
def test_one_input_at_a_time_is_swapped(cause: Cause) -> None:
    old, new = Written(three_townships()), Written(after_everything())
    swap = swapped(old, new, [cause])
    texts = {path: content(swap.tree, path).decode() for path in swap.tree}
    data = {path for path in old.texts | new.texts if path.startswith("data/")}
    other = {path for path in data if old.texts.get(path) != new.texts.get(path)}
    assert {p for p in other if texts.get(p) == new.texts.get(p)} == {
        path for path in other if cause_of(path) is cause
    }
    assert texts[QINGSHAN] == old.texts[QINGSHAN]


def test_all_inputs_swapped_are_the_new_tree() -> None:
    old, new = Written(three_townships()), Written(after_everything())
    assert snapshot(new).office == swapped(old, new, tuple(Cause)).office
    assert snapshot(new).years == swapped(old, new, tuple(Cause)).years
    assert snapshot(old).years == swapped(old, new, ()).years
