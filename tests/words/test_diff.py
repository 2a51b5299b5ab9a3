"""What two revisions differ in, and the history, in Chinese and English, and safe in any format."""

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from generator.engine.difference import (
    Cause,
    Claim,
    Difference,
    Item,
    ItemKey,
    Rank,
    Replaced,
    Value,
    What,
    Written,
)
from generator.engine.problem import Location, Message, Text
from generator.reading.git import Commit
from generator.review.diff import Alone, Caused, Diff, Entry, History
from generator.words import diff
from generator.words.diff import diff_markdown, diff_notices, diff_object, diff_text, history_text
from generator.words.messages import LANGUAGES, catalogue
from tests import small_city
from tests.differing import PAIRS, diff_of
from tests.texts import CHINESE
from tests.words.test_report import HOSTILE

ZH, EN = catalogue("zh"), catalogue("en")
BOOK = small_city.rulebook()
PLACE = Location("data/2025/townships/songhe.yaml", 31, 3)


def difference(what: What, old: Value | None, new: Value | None, subject: str = "") -> Difference:
    clause = {What.DEDUCTION: "3.1", What.AWARD: "3.1", What.EXCLUSION: "4.1.1"}.get(what)
    why = Message("{x}", {"x": "因为"})
    sides = [None if value is None else Item(value, PLACE, why) for value in (old, new)]
    return Difference(ItemKey(what, subject, clause=clause), *sides)


def asked(points: str, charged: str | None = None) -> Claim:
    return Claim(Fraction(points), Fraction(charged or points))


def replaced(value: object, reported: object = 126) -> Replaced:
    return Replaced(reported, value, "登记簿不同", "〔2025〕15号", None)


NO, YES = False, True
SONGHE = small_city.townships()[1]
ONE, OTHER = (next(c for c in BOOK.clauses() if c.id == name) for name in ("3.1", "3.2"))

SENTENCES: list[tuple[Difference, str, str]] = [
    (difference(What.STATUS, None, "open"),
     "新开年度（填报中）。", "The year begins (open for submission)."),
    (difference(What.STATUS, "final", None),
     "这一年度已撤去（原为审定）。", "The year is gone (final before)."),
    (difference(What.STATUS, "open", "provisional"),
     "年度状态由填报中变为初评：得分、名次和名单由此公开。",
     ("The year was open for submission and is provisional: "
      "its scores, ranks and lists become public.")),
    (difference(What.TOWNSHIP, None, SONGHE, "songhe"),
     "松河镇列入考核。", "松河镇 is assessed now."),
    (difference(What.TOWNSHIP, SONGHE, None, "songhe"),
     "松河镇不再列入考核。", "松河镇 is no longer assessed."),
    (difference(What.TOWNSHIP, SONGHE, replace(SONGHE, name=Text("松河乡", "Songhe")), "songhe"),
     "松河镇改名为松河乡。", "松河镇 is called Songhe now."),
    (difference(What.TOWNSHIP, SONGHE, replace(SONGHE, group="b"), "songhe"),
     "名册里松河镇的登记有改动。", "The entry of 松河镇 in the register was changed."),
    (difference(What.CLAUSE, None, Written(ONE, ()), "3.1"),
     "新增3.1款（15分）。", "Clause 3.1 is new (15 points)."),
    (difference(What.CLAUSE, Written(ONE, ()), None, "3.1"),
     "3.1款取消（原15分）。", "Clause 3.1 is gone (15 points before)."),
    (difference(What.CLAUSE, Written(ONE, ()), Written(OTHER, ()), "3.1"),
     "3.1款有改动：原15分，现10分。", "Clause 3.1 was changed: 15 points before, now 10 points."),
    (difference(What.CLAUSE, Written(ONE, ()), Written(ONE, BOOK.readings), "3.1"),
     "3.1款有改动。", "Clause 3.1 was changed."),
    (difference(What.SUBMISSION, None, "submitted"), "已报送。", "Has reported."),
    (difference(What.SUBMISSION, "submitted", None),
     "不再算已报（自查表已撤去，或者报送已收回），公开的页面也这样写。",
     ("No longer counts as having reported (the file is gone, or the hand-in was taken back), "
      "and public pages say so.")),
    (difference(What.RANK, None, Rank(3, tied=False)), "名次：3", "Rank: 3"),
    (difference(What.RANK, Rank(3, tied=False), None), "名次：3 → 无", "Rank: 3 → nothing"),
    (difference(What.RANK, Rank(3, tied=False), Rank(1, tied=True)),
     "名次：3 → 并列1", "Rank: 3 → 1 (tied)"),
    (difference(What.SCORE, None, Fraction("91.5")), "得分：91.5分", "Score: 91.5 points"),
    (difference(What.SCORE, Fraction(11, 3), Fraction(1)),
     "得分：11/3分 → 1分", "Score: 11/3 points → 1 point"),
    (difference(What.SCORE, Fraction(1), None), "得分：1分 → 无", "Score: 1 point → nothing"),
    (difference(What.GRADE, None, "good"), "等次：– → good", "Grade: – → good"),
    (difference(What.GRADE, "good", "bad"), "等次：good → bad", "Grade: good → bad"),
    (difference(What.PAYMENT, Fraction(5), None, "bonus"),
     "bonus：5分 → 0分", "bonus: 5 points → 0 points"),
    (difference(What.OUTCOME, None, "commended", "commended"), "现为：表彰", "Now: Commended"),
    (difference(What.OUTCOME, "gone", None, "gone"), "不再：gone", "No longer: gone"),
    (difference(What.DEDUCTION, None, asked("5")), "3.1款新扣：因为", "3.1, newly deducted: 因为"),
    (difference(What.DEDUCTION, asked("5"), None),
     "3.1款不再扣：因为", "3.1, no longer deducted: 因为"),
    (difference(What.DEDUCTION, None, asked("5", "0.5")),
     "3.1款新扣0.5分。因为", "3.1: 0.5 points deducted. 因为"),
    (difference(What.DEDUCTION, asked("5", "0.5"), None),
     "3.1款不再扣0.5分。因为", "3.1: 0.5 points no longer deducted. 因为"),
    (difference(What.DEDUCTION, asked("5"), asked("10")),
     "3.1款原扣5分，现扣10分。因为", "3.1: 5 points deducted before, now 10 points. 因为"),
    (difference(What.AWARD, None, asked("1")), "3.1款新加1分。因为", "3.1: 1 point added. 因为"),
    (difference(What.AWARD, asked("1"), None),
     "3.1款不再加1分。因为", "3.1: 1 point no longer added. 因为"),
    (difference(What.AWARD, asked("1"), asked("2")),
     "3.1款原加1分，现加2分。因为", "3.1: 1 point added before, now 2 points. 因为"),
    (difference(What.ADJUSTMENT, None, Fraction(-2), "veto"),
     "条款之外计-2分。因为", "Beside the clauses: -2 points. 因为"),
    (difference(What.ADJUSTMENT, Fraction(2), None, "veto"),
     "条款之外不再计2分。因为", "Beside the clauses, no longer: 2 points. 因为"),
    (difference(What.ADJUSTMENT, Fraction(2), Fraction(3), "veto"),
     "条款之外原计2分，现计3分。因为", "Beside the clauses: 2 points before, now 3 points. 因为"),
    (difference(What.EXCLUSION, None, "consultation", "visits.V-004"),
     "越级上访V-004改为不计入（4.1.1：咨询问题）。",
     "Visits V-004 is not counted now (4.1.1: 咨询问题)."),
    (difference(What.EXCLUSION, "consultation", None, "visits.V-004"),
     "越级上访V-004改为计入，原不计入（4.1.1：咨询问题）。",
     "Visits V-004 is counted now, and was not (4.1.1: 咨询问题)."),
    (difference(What.EXCLUSION, "consultation", "another", "visits.V-004"),
     "越级上访V-004不计入的理由有变：咨询问题 → another。",
     "Visits V-004 is not counted on another ground: 咨询问题 → another."),
    (difference(What.FACT, None, replaced(120), "receptions"),
     "receptions：报送126，核定为120。登记簿不同（〔2025〕15号）",
     "receptions: 126 reported; the office has 120. 登记簿不同 (〔2025〕15号)"),
    (difference(What.FACT, replaced(None), None, "receptions"),
     "receptions：恢复报送的126，原核定无。",
     "receptions: 126 stands as reported; the office had nothing."),
    (difference(What.FACT, replaced(NO, YES), replaced([1, "a"], YES), "receptions"),
     'receptions：报送是，原核定否，现核定[1, "a"]。登记簿不同（〔2025〕15号）',
     'receptions: yes reported; the office had no and has [1, "a"]. 登记簿不同 (〔2025〕15号)'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "zh", "en"), SENTENCES, ids=lambda value: getattr(value, "how", "")
)
def test_every_difference_has_its_sentence(change: Difference, zh: str, en: str) -> None:
    message = diff.described(change, BOOK, BOOK)
    assert (ZH.render(message), EN.render(message)) == (zh, en)


def test_every_kind_is_worded_in_every_way_it_can_have() -> None:
    worded = {(change.key.what, change.how) for change, _, _ in SENTENCES}
    ways = {(what, how) for what in What for how in ("appeared", "vanished", "changed")}
    assert ways - worded == {
        (What.SUBMISSION, "changed"),
        (What.OUTCOME, "changed"),
        *((What.GRADE, "vanished"), (What.PAYMENT, "appeared"), (What.PAYMENT, "changed")),
    }  # those of payments and grades are worded alike


def lines(name: str, lang: str, *, backwards: bool = False) -> list[str]:
    return diff_text(diff_of(name, backwards=backwards), catalogue(lang)).splitlines()


def test_the_appeal_is_told_in_both_languages() -> None:
    assert lines("appeal", "zh")[:3] == [
        "2024年考核结果的变化",
        "  鹤堰镇：89.60分 → 92.60分（+3）、名次4 → 3",
        "    + 现为：表彰【更正】",
    ]
    finding, where = lines("appeal", "zh")[3:5]
    assert finding.startswith("    − 2.6款不再扣：检查认定F-01（2024-06-19）：对重复到市上访")
    assert finding.endswith("（市人口计生信〔2024〕13号），扣1分【更正】")
    assert where == "        data/2024/inspections/heyan.yaml:6"
    assert lines("appeal", "zh")[-2:] == [
        "  青杉镇：91.00分、名次3 → 4",
        "    − 不再：表彰【其他单位的更正】",
    ]
    assert lines("appeal", "en")[:3] == [
        "2024: changes in results",
        "  Heyan: 89.60 points → 92.60 points (+3), rank 4 → 3",
        "    + Now: Commended [correction]",
    ]
    assert "        data/2024/corrections/01.yaml:12" in lines("appeal", "en")


def test_facts_are_named_as_the_form_does() -> None:
    repeat = "    + 重复上访（visits.V-001.repeat）：报送是，核定为否。"
    assert repeat in "\n".join(lines("appeal", "zh"))
    assert "本级接访量（receptions）：报送126，核定为120。" in "\n".join(lines("fact", "zh"))


def test_periods_inside_the_year_are_named() -> None:
    """Else two deductions of one clause would read the same."""
    deductions = [line for line in lines("judicial", "zh") if "1.1款新扣" in line]
    assert len(deductions) == len(set(deductions)) == 2
    assert all("年：1.1款新扣：" in line for line in deductions), deductions


def test_who_was_only_passed_is_told_in_one_line() -> None:
    assert lines("judicial", "zh")[-1] == "  只因其他单位变动而名次有变：第2村 2 → 1（并列）"
    passed = "  Only the rank moved, because others moved: Xiacun 2 → 1 (tied)"
    assert lines("judicial", "en")[-1] == passed
    assert "只因其他单位变动而名次有变" in diff_markdown(diff_of("judicial"), ZH)


def test_what_each_input_brought_about_is_told_where_there_are_several() -> None:
    assert "      其中：自查表 −2.5、检查 −2" in lines("judicial", "zh")
    backwards = lines("clause-and-report", "zh", backwards=True)
    assert "      其中：考核办法 +1、自查表 +1 名次3 → 1" in backwards
    assert not [line for line in lines("appeal", "zh") if "其中" in line]


def test_rules_and_data_alone_are_told() -> None:
    each = "      只改办法：100.00分 名次1（并列）；只改数据：99.00分 名次3"
    assert each in lines("clause-and-report", "zh")
    (year,) = diff_of("clause-and-report").years
    (moved,) = year.townships
    unjudged = replace(year, townships=(replace(moved, alone=Alone(None, None)),))
    neither = "with only the rules changed: cannot be judged; with only the data changed: "
    assert neither in diff_text(Diff((unjudged,)), EN)


def test_another_version_is_told_in_the_title() -> None:
    (year,) = diff_of("clause").years
    assert year.new
    book = replace(year.new.inputs.rulebook, version=2)
    new = replace(year.new, inputs=replace(year.new.inputs, rulebook=book))
    text = diff_text(Diff((replace(year, new=new),)), ZH)
    assert text.startswith("2025年考核结果的变化（考核办法第1版 → 第2版）\n")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAIRS)
def test_whatever_differs_is_told_in_every_format(name: str, lang: str) -> None:
    words = catalogue(lang)
    for backwards in (False, True):
        of = diff_of(name, backwards=backwards)
        text, markdown = diff_text(of, words), diff_markdown(of, words)
        assert text
        for moved in (moved for year in of.years for moved in year.townships):
            assert words.text(moved.township.name) in text
            assert words.text(moved.township.name) in markdown
        tables = [line for line in markdown.splitlines() if line.startswith("|")]
        assert {line.count("|") for line in tables} <= {6}
        json.dumps(diff_object(of, "a" * 40, None))
        if lang == "en":
            assert not re.search(r"\{\w+\}", text + markdown)


def test_only_who_moved_of_himself_is_in_the_table() -> None:
    (year,) = diff_of("judicial").years
    passed, general = (replace(year, townships=t) for t in (year.about("xiacun"), ()))
    assert "|" not in diff_markdown(Diff((passed,)), ZH)
    assert diff_markdown(Diff((general,)), EN).endswith("No score, rank or list is different&#46;")


@pytest.mark.parametrize(("more", "end"), [(0, ""), (3, " and 3 more")])
def test_of_many_that_were_only_passed_some_are_named(more: int, end: str) -> None:
    (year,) = diff_of("judicial").years
    (passed,) = year.about("xiacun")
    limit = diff._MANY
    names = (Text(f"第{n}村", f"Village {n}") for n in range(limit + more))
    villages = (replace(passed, township=replace(passed.township, name=name)) for name in names)
    text = diff_text(Diff((replace(year, townships=tuple(villages)),)), EN)
    assert text.count("Village") == limit
    assert text.partition(" and")[1:] == end.partition(" and")[1:]


def test_colour_is_the_styles_business() -> None:
    text = diff_text(diff_of("appeal"), EN, lambda text, role: f"<{role}>{text}</>")
    assert text.startswith("<strong>2024: changes in results</>\n  <strong>Heyan: ")
    assert "    <code>−</> 2.6, no longer" in text
    assert "<faint>        data/2024/corrections/01.yaml:12</>" in text


def test_nothing_is_nothing() -> None:
    for written in (diff_text, diff_markdown, diff_notices):
        assert written(Diff(()), ZH) == written(Diff(()), EN) == ""
    assert diff_object(Diff(()), "a", None)["years"] == []


def spoilt(hostile: str) -> Diff:
    """A difference in which every text that comes from data is hostile."""
    (year,) = diff_of("appeal").years
    name = Text(hostile, hostile)
    place = Location(f"data/{hostile}.yaml", 3, 1)
    fact = Item(Replaced(hostile, [hostile], hostile, hostile, None), place)
    deduction = Item(asked("1"), place, Message("{x}", {"x": hostile}))
    items = {
        ItemKey(What.FACT, hostile): fact,
        ItemKey(What.DEDUCTION, hostile, None, hostile, (hostile,)): deduction,
        ItemKey(What.OUTCOME, hostile): Item(hostile, place),
    }
    caused = tuple(
        Caused(Difference(key, None, item), ((Cause.REPORT,),)) for key, item in items.items()
    )
    townships = tuple(
        replace(moved, township=replace(moved.township, name=name), found=caused)
        for moved in year.townships
    )
    sides = Item(SONGHE), Item(replace(SONGHE, name=name))
    renamed = Caused(Difference(ItemKey(What.TOWNSHIP, hostile), *sides), ((Cause.REGISTRY,),))
    return Diff((replace(year, townships=townships, general=(renamed,)),))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_nothing_found_in_data_breaks_a_format(hostile: str, lang: str) -> None:
    of, words = spoilt(hostile), catalogue(lang)
    plain = spoilt("x")
    text = diff_text(of, words)
    assert len(text.split("\n")) == len(diff_text(plain, words).split("\n"))
    assert all(line.isprintable() for line in text.split("\n"))
    notices = diff_notices(of, words).split("\n")
    assert len(notices) == len(diff_notices(plain, words).split("\n")) == 6
    for line in notices:
        assert line.isprintable()
        assert line.startswith("::notice file=")
        assert not re.search(r"%(?!25|3A|2C)", line)
        assert line.partition("::notice ")[2].partition("::")[0].count(",") == 3
    markdown = diff_markdown(of, words)
    assert len(markdown.split("\n")) == len(diff_markdown(plain, words).split("\n"))
    assert not re.search("[<`]|\\]\\(", markdown)
    rows = [line for line in markdown.split("\n") if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6}
    data = json.loads(json.dumps(diff_object(of, "a", None)))
    assert hostile in data["years"][0]["changes"][0]["subject"]


def made(subject: str = "更正一起", author: str = "书记员", number: int = 1) -> Commit:
    return Commit(f"{number}" * 40, (), f"2026-01-0{number}T09:00:00+08:00", author, subject)


def test_a_commit_is_told_with_what_it_moved() -> None:
    history = History((Entry((made(),), diff_of("appeal")),), cut=False)
    assert history_text(history, ZH).splitlines() == [
        "2026-01-01 111111111 书记员  更正一起",
        "  2024",
        "    鹤堰镇：89.60分 → 92.60分（+3）、名次4 → 3【更正】",
        "    青杉镇：91.00分、名次3 → 4【其他单位的更正】",
    ]
    assert history_text(history, EN).splitlines()[2:] == [
        "    Heyan: 89.60 points → 92.60 points (+3), rank 4 → 3 [correction]",
        "    Qingshan: 91.00 points, rank 3 → 4 [others' correction]",
    ]


def test_commits_taken_together_stand_together() -> None:
    entry = Entry((made(number=2), made("坏", number=1)), diff_of("appeal"))
    lines = history_text(History((entry, entry), cut=False), ZH).splitlines()
    assert lines[:3] == [
        "2026-01-02 222222222 书记员  更正一起",
        "2026-01-01 111111111 书记员  坏",
        "  2024",
    ]
    assert lines.count("") == 1
    row = diff.history_object(History((entry,), cut=False))["commits"][0]
    assert row["id"] == "2" * 40
    assert [commit["subject"] for commit in row["together_with"]] == ["坏"]


def test_nothing_yet_and_not_all_here_are_said() -> None:
    assert history_text(History((), cut=False), EN) == "No commit has moved a score yet."
    assert history_text(History((), cut=True), EN) == (
        "This clone holds only the newest commits; «git fetch --unshallow» brings the older ones."
    )
    entry = Entry((made(),), diff_of("appeal"))
    assert "unshallow" in history_text(History((entry,), cut=True), ZH).splitlines()[-1]
    assert CHINESE.search(history_text(History((), cut=True), ZH))
    assert diff.history_object(History((), cut=True)) == {
        "format": 1,
        "complete": False,
        "commits": [],
    }


def test_of_a_commit_that_moved_many_some_are_named() -> None:
    (year,) = diff_of("judicial").years
    (moved,) = year.about("shangcun")
    (passed,) = year.about("xiacun")
    limit = diff._NAMED
    whole = replace(year, townships=(moved,) * (limit + 2) + (passed,) * 3)
    history = History((Entry((made(),), Diff((whole,))),), cut=False)
    lines = history_text(history, EN).splitlines()
    assert sum("Shangcun" in line for line in lines) == limit
    assert [line.strip() for line in lines[-2:]] == ["and 2 more", "ranks moved by others: 3"]


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_no_commit_can_break_a_terminal(hostile: str) -> None:
    lines, plain = (
        history_text(History((Entry((made(x, x),), spoilt(x)),), cut=False), EN).split("\n")
        for x in (hostile, "x")
    )
    assert len(lines) == len(plain)
    assert all(line.isprintable() for line in lines)
