"""A year from its first file to its locked result, on real Git, by the people who do it.

A clerk and the office each have a clone; the server is a bare repository whose only guard is the
hook of the manual. Whatever either of them sees is what the story says.
"""

import re
from pathlib import Path

from tests import repositories
from tests.repositories import Said, a_year_later, append, commit, fresh, git, replace, tried
from tests.running import kaohe

CLERK, OFFICE = "songhe-clerk", "office"
REPORT = "data/2026/townships/songhe.yaml"
OTHER = "data/2026/townships/qingshan.yaml"
YEAR = "data/2026/assessment.yaml"

APPEAL = """\
township: songhe
clause: "2.5"
asked_on: 2027-02-03
asked_by: songhe
decision: upheld
decided_on: 2027-02-08
document: 市人口计生信〔2027〕3号
reason: 登记簿补验齐全
changes:
  - {fact: work.register_complete, value: true}
"""


class People:
    """Everybody's clone of one guarded repository."""

    def __init__(self, top: Path) -> None:
        bare = repositories.guarded(top)
        for account in (CLERK, OFFICE):
            git(top, "clone", "-q", str(bare), account)
        self.top = top

    def fresh(self, account: str) -> Path:
        return fresh(self.top / account)

    def push(self, account: str, subject: str, to: str = "main") -> Said:
        clone = self.top / account
        commit(clone, subject)
        said = tried(clone, "push", "origin", f"HEAD:refs/heads/{to}", REMOTE_USER=account)
        assert "Traceback" not in said.text
        return said


def goes_in(said: Said) -> None:
    assert said.code == 0, said.text


def is_refused(said: Said, *places: str) -> None:
    """Every problem that the pusher sees, by its place and code."""
    assert said.code != 0, said.text
    rows = [row.removeprefix("remote: ").strip() for row in said.text.splitlines()]
    problems = [re.match(r"(\S+:\d+):\d+: error\[([a-z-]+)\]", row) for row in rows]
    assert [f"{match[1]} {match[2]}" for match in problems if match] == list(places), said.text


def test_a_year_from_its_first_file_to_its_lock(tmp_path: Path) -> None:
    # The office begins the year.
    people = People(tmp_path)
    office = people.fresh(OFFICE)
    assert kaohe("new", "--year", "2026", root=office).code == 0
    goes_in(people.push(OFFICE, "开始2026年度"))

    # The clerk begins the report; what is not filled in is noted, place by place, and goes in.
    clerk = people.fresh(CLERK)
    begun_file = kaohe("new", "songhe", "2026", root=clerk)
    assert (begun_file.code, begun_file.out.strip()) == (0, REPORT)
    unfilled = kaohe("check", root=clerk)
    assert unfilled.code == 0
    assert f"{REPORT}:" in unfilled.out
    assert "note[unfilled]" in unfilled.out
    goes_in(people.push(CLERK, "松河镇自查表，开始填"))

    # Handed in, with one slip: refused at its line; put right: in.
    clerk = people.fresh(CLERK)
    filled = a_year_later(clerk, "songhe")
    (clerk / REPORT).unlink()
    filled = filled.replace("register_complete: true", "register_complete: 是")
    append(clerk, REPORT, filled)
    line = 1 + filled[: filled.index("register_complete")].count("\n")
    is_refused(people.push(CLERK, "松河镇自查表"), f"{REPORT}:{line} wrong-type")
    replace(clerk, REPORT, "register_complete: 是", "register_complete: false")
    goes_in(people.push(CLERK, "松河镇自查表，改正一处"))

    # Another township's report comes as a proposal; the office sees what it does, and merges it.
    office = people.fresh(OFFICE)
    append(office, OTHER, a_year_later(office, "qingshan"))
    goes_in(people.push(OFFICE, "青杉镇自查表", to="proposal"))
    office = people.fresh(OFFICE)
    shown = kaohe("diff", "origin/main", "origin/proposal", "--format", "markdown", root=office)
    assert shown.code == 1
    assert "### 2026年" in shown.out
    assert "青杉镇" in shown.out
    git(office, "merge", "-q", "--no-ff", "-m", "合并：青杉镇自查表", "origin/proposal")
    goes_in(people.push(OFFICE, "合并"))

    # The provisional result is published for comment.
    office = people.fresh(OFFICE)
    replace(office, YEAR, "status: open", "status: provisional")
    for key in ("dates:", "  submit_by", "  published", "  objections_until"):
        replace(office, YEAR, f"# {key}", key)
    goes_in(people.push(OFFICE, "公布初评结果"))

    # An appeal is upheld: what it moves is seen before and after it goes in.
    office = people.fresh(OFFICE)
    append(office, "data/2026/corrections/01.yaml", APPEAL.rstrip("\n"))
    before = kaohe("diff", "HEAD", root=office)
    assert before.code == 1
    assert "（+2）" in before.out
    assert "更正" in before.out
    goes_in(people.push(OFFICE, "更正第01号：松河镇的异议成立"))
    history = kaohe("history", "songhe", "--year", "2026", root=people.fresh(OFFICE))
    assert history.code == 0
    places = [*map(history.out.index, ("更正第01号：松河镇的异议成立", "松河镇自查表，改正一处"))]
    assert places == sorted(places)

    # The year is settled, locked, and computed again.
    office = people.fresh(OFFICE)
    replace(office, YEAR, "status: provisional", "status: final")
    replace(office, YEAR, "#   final", "  final")
    assert [kaohe("publish", "2026", root=office).code for _ in range(2)] == [0, 2]
    assert kaohe("verify", "data/2026/published.json", root=office).code == 0
    goes_in(people.push(OFFICE, "审定并锁定2026年度"))

    # Nobody moves it silently any more: not a report, not by taking the lock away.
    office = people.fresh(OFFICE)
    replace(office, REPORT, "receptions: 126", "receptions: 1260")
    is_refused(people.push(OFFICE, "改一处"), f"{REPORT}:1 locked-file-changed")
    differs = kaohe("verify", "data/2026/published.json", root=office)
    assert differs.code == 1
    assert REPORT in differs.out
    office = people.fresh(OFFICE)
    git(office, "rm", "-q", "data/2026/published.json")
    replace(office, REPORT, "receptions: 126", "receptions: 1260")
    is_refused(people.push(OFFICE, "改一处"), "data/2026/published.json:1 receipt-removed")
    assert kaohe("check", root=people.fresh(OFFICE)).code == 0
