"""The field's own words for what data say by a code: one wording for every page and report."""

from generator.engine.measures import Basis
from generator.engine.problem import Message
from generator.review.causes import Cause

STATUSES = {
    "open": Message("open for submission"),
    "provisional": Message("provisional"),
    "final": Message("final"),
}
OCCASIONS = {
    "routine": Message("routine inspection"),
    "year_end": Message("year-end assessment"),
    "spot_check": Message("spot check"),
    None: Message("correction"),
}
DECISIONS = {
    "upheld": Message("upheld"),
    "partly": Message("partly upheld"),
    "rejected": Message("rejected"),
}
RULEBOOK_STATUSES = {
    "historical": Message("historical"),
    "in_force": Message("in force"),
    "draft": Message("draft"),
}
KINDS = {
    "township": Message("township"),
    "subdistrict": Message("subdistrict"),
    "other": Message("other unit"),
}
BASES = {
    Basis.TEXT: Message("in the text"),
    Basis.READING: Message("reading"),
    Basis.ASSUMED: Message("assumed"),
    Basis.FINDING: Message("finding"),
}
CAUSES = {
    Cause.REGISTRY: Message("register"),
    Cause.RULEBOOK: Message("rulebook"),
    Cause.ASSESSMENT: Message("the year's settings and decisions"),
    Cause.REPORT: Message("self-report"),
    Cause.INSPECTION: Message("inspection"),
    Cause.CORRECTION: Message("correction"),
}
