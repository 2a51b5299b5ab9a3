"""A small city judged by the engine: every kind of thing that a page has to show, built by hand."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from generator.engine.book import (
    Alternative,
    Clause,
    Exclusions,
    Ground,
    Line,
    OutsideRanking,
    Provision,
    Reading,
    RecordKind,
    Restoration,
    Rulebook,
    Section,
)
from generator.engine.kinds.ceiling import Ceiling
from generator.engine.kinds.check_list import CheckList
from generator.engine.kinds.coverage import Coverage
from generator.engine.kinds.per_record import AmountTable, PerRecord
from generator.engine.kinds.requirement import Requirement
from generator.engine.kinds.target import Target
from generator.engine.measures import Basis, Bounds, Condition, Figure, Rounding, Selection
from generator.engine.problem import Location, Text
from generator.engine.quantities import (
    CountQuantity,
    FactQuantity,
    FigureQuantity,
    PercentQuantity,
    ShareQuantity,
)
from generator.engine.rank import judged
from generator.engine.year import (
    Assessment,
    Change,
    City,
    Correction,
    Decision,
    Finding,
    InputFile,
    Period,
    Ranking,
    Submission,
    Township,
    YearInputs,
    YearResult,
)

NAMES = {
    "chengguan": "城关街道办事处",
    "songhe": "松河镇",
    "liulin": "柳林镇",
    "shiqiao": "石桥乡",
    "baiyun": "白云镇",
    "gaopo": "高坡乡",
    "nanwan": "南湾镇",
    "dongling": "东岭乡",
}


def text(zh: str, en: str = "") -> Text:
    return Text(zh, en or zh)


def figure(value: str, basis: Basis = Basis.ASSUMED, reference: str = "条文未定分值") -> Figure:
    return Figure(Fraction(value), basis, reference)


def in_text(value: str, reference: str) -> Figure:
    return figure(value, Basis.TEXT, reference)


VISITS = ("visits",)
CASES = ("cases",)


def _section_one() -> Section:
    clauses = (
        Clause(
            "1.1",
            text("领导小组和专题会议", "Leading group and meetings"),
            "（一）乡镇（办事处）成立信访工作领导小组。坚持每月召开会议，专题听取信访工作汇报。",
            figure("6"),
            (
                Requirement(
                    id="leading-group",
                    label=text("信访工作领导小组"),
                    unit=text(""),
                    fact=("leadership", "leading_group"),
                    amount=figure("3"),
                ),
                Coverage(
                    id="monthly-meetings",
                    label=text("专题会议"),
                    unit=text("个月"),
                    selection=Selection(("leadership", "meetings")),
                    on=None,
                    every="month",
                    amount=figure("0.5"),
                ),
            ),
        ),
        Clause(
            "1.4",
            text("信访队伍和办公条件", "Staff and equipment"),
            "（四）重视信访队伍建设，乡镇（办事处）要配备适应工作任务需要的信访工作人员（最少2人），要有信访办公室，配齐办公用品（电脑、打印机、照相机、交通工具）。",
            figure("6"),
            (
                Target(
                    id="staff",
                    label=text("信访工作人员"),
                    unit=text("人"),
                    actual=FactQuantity(("leadership", "staff")),
                    side="at_least",
                    bound=FigureQuantity(in_text("2", "最少2人")),
                    amount=figure("1"),
                    step=None,
                    steps="exact",
                ),
                CheckList(
                    id="facilities",
                    label=text("办公条件"),
                    unit=text("项"),
                    fact=("leadership", "facilities"),
                    items={"office": text("信访办公室"), "vehicle": text("交通工具")},
                    amount=figure("1"),
                ),
            ),
        ),
    )
    return Section(
        "1",
        text("领导责任目标", "Leadership"),
        "目标管理要求：切实加强对信访工作的领导。",
        in_text("12", "一、领导责任目标（12分）"),
        clauses,
    )


def _section_two() -> Section:
    clauses = (
        Clause(
            "2.3",
            text("立案查办", "Handling in time"),
            "（三）坚持立案查办制度。信访案件按期结案率达到85【%】，年终结案率达到100【%】。",
            figure("5"),
            (
                Target(
                    id="on-time-rate",
                    label=text("按期结案率"),
                    unit=text("起"),
                    actual=ShareQuantity(
                        CountQuantity(Selection(CASES, (Condition(("on_time",), (True,)),))),
                        CountQuantity(Selection(CASES)),
                    ),
                    side="at_least",
                    bound=FigureQuantity(in_text("85", "按期结案率达到85【%】")),
                    amount=figure("0.2"),
                    step=None,
                    steps="exact",
                ),
            ),
        ),
        Clause(
            "2.6",
            text("责任追究", "Accountability"),
            "（六）坚持责任追究制度。对信访工作中弄虚作假的，要按照有关规定严肃追究责任。",
            figure("4"),
            (),
        ),
    )
    return Section(
        "2",
        text("基础工作目标", "Basic work"),
        "目标管理要求：规范信访工作程序和内容。",
        in_text("9", "二、基础工作目标（9分）"),
        clauses,
    )


def _section_three() -> Section:
    beijing = Selection(VISITS, (Condition(("level",), ("beijing",)),))
    levels = {"beijing": "5", "province": "3", "prefecture": "2", "city": "1"}
    clauses = (
        Clause(
            "3.1",
            text("越级上访量", "Number of visits"),
            "（一）越级进京上访量不超过本级接访量的2【%】，得15分。突破1起扣5分；",
            in_text("15", "得15分"),
            (
                Ceiling(
                    id="beijing-ceiling",
                    label=text("越级进京上访"),
                    unit=text("起"),
                    selection=beijing,
                    limit=PercentQuantity(
                        in_text("2", "本级接访量的2【%】"),
                        FactQuantity(("receptions",)),
                        Rounding("down"),
                    ),
                    amount=in_text("5", "突破1起扣5分"),
                ),
            ),
        ),
        Clause(
            "3.2",
            text("重复越级上访", "Repeat visits"),
            "（二）没有发生重复越级上访得10分。重复京访1起扣5分，省访1起扣3分，市访1起扣2分，本市访1起扣1分；",
            in_text("10", "得10分"),
            (
                PerRecord(
                    id="repeat",
                    label=text("重复越级上访"),
                    unit=text("起"),
                    selection=Selection(VISITS, (Condition(("repeat",), (True,)),)),
                    amount=AmountTable(
                        (("level",),),
                        {(level,): in_text(points, "1起扣分") for level, points in levels.items()},
                    ),
                ),
            ),
        ),
    )
    return Section(
        "3",
        text("越级上访控制目标", "Control of visits"),
        "目标管理要求：严格控制越级上访、【集体上访】和重复上访。",
        in_text("25", "三、越级上访控制目标（25分）"),
        clauses,
    )


def rulebook(sha256: str = "0" * 64) -> Rulebook:
    """Three sections, six clauses, 46 points; one of every kind of rule that needs no deadline."""
    return Rulebook(
        id="family-planning-petitions",
        version=1,
        status="historical",
        title=text("人口和计划生育信访工作目标管理考核办法", "Petition assessment"),
        issuer=text("某市人口和计划生育委员会", "A commission"),
        note=text("历史文件，仅存残缺扫描件。【】内为整理者补字。", "A historical rule."),
        total=in_text("46", "一（12分）、二（9分）、三（25分）"),
        preamble="为切实加强和改进信访工作，努力减少越级上访、重信重访和【集体上访】，特制定本办法。",
        sections=(_section_one(), _section_two(), _section_three()),
        provisions=(
            Provision("4", "四、考核办法"),
            Provision("4.1", "（一）以下几种情况不列入年度考评："),
            Provision("4.1.1", "1、咨询问题的个人上访；"),
            Provision("4.2", "（二）结果运用。排名后10位的，对主管领导……（原文残缺）"),
        ),
        deadlines=(),
        exclusions=Exclusions(
            VISITS,
            "exempt",
            {
                "consultation": Ground(
                    "consultation", "4.1.1", text("咨询问题"), (), ("document",), (), {}, {}
                )
            },
        ),
        records={
            VISITS: RecordKind(
                text("越级上访", "Visits"),
                text("起"),
                ("date",),
                {("level",): {"beijing": text("京"), "province": text("省"), "city": text("本市")}},
            ),
            CASES: RecordKind(text("立案", "Cases"), text("起"), ("filed",)),
        },
        lines=_lines(),
        outside_ranking=OutsideRanking("prefecture-last-10", "4.2", in_text("10", "后10位")),
        outcomes={
            "commended": text("表彰", "Commended"),
            "criticised": text("通报批评", "Criticised"),
            "barred": text("不得参加综合评先", "Barred from the merit evaluation"),
            "at-commendation-line": text("表彰线上待定", "At the commendation line"),
            "at-criticism-line": text("批评线上待定", "At the criticism line"),
            "prefecture-last-10": text("对主管领导……（原文残缺）", "(text lost)"),
        },
        readings=(
            Reading(
                "floor",
                ("3.1",),
                "突破1起扣5分",
                text("一条最多扣完为止", "A clause never goes below zero"),
                text("条文未写，扣完为止是惯例", "Customary"),
                (Alternative("negative", text("扣成负分", "Below zero")),),
            ),
        ),
        restorations=(Restoration("3.1", "%", "高", "量…的2需要单位"),),
        sha256=sha256,
        path="data/rulebooks/family-planning-petitions/1/rulebook.yaml",
    )


def _lines() -> tuple[Line, ...]:
    return (
        Line(
            id="commendation",
            label=text("表彰", "Commendation"),
            clause="4.2",
            end="first",
            places=figure("3"),
            bounds=Bounds(at_least=figure("40")),
            yields_to="criticism",
            yields_below=figure("6"),
            outcomes=("commended",),
            undecided="at-commendation-line",
        ),
        Line(
            id="criticism",
            label=text("通报批评", "Criticism"),
            clause="4.2",
            end="last",
            places=in_text("2", "后2位"),
            bounds=Bounds(),
            yields_to=None,
            yields_below=None,
            outcomes=("criticised", "barred"),
            undecided="at-criticism-line",
        ),
    )


def months(count: int, year: int) -> list[str]:
    return [f"{year}-{month:02}-08" for month in range(1, count + 1)]


def facts(year: int, meetings: int = 12, **changed: object) -> dict[str, object]:
    """A faultless report, with so many monthly meetings and the given facts in place of its own."""
    faultless: dict[str, object] = {
        "receptions": 120,
        "leadership": {
            "leading_group": True,
            "meetings": months(meetings, year),
            "staff": 2,
            "facilities": ["office", "vehicle"],
        },
        "cases": [],
        "visits": [],
    }
    return faultless | changed


def visit(number: int, day: str, level: str = "beijing", **more: object) -> dict[str, object]:
    return {"id": f"V-{number:03}", "date": day, "level": level, **more}


def places(township: str, year: int) -> dict[str, tuple[Location, ...]]:
    """Where the facts stand; records on lines of their own."""
    path = f"data/{year}/townships/{township}.yaml"
    found: dict[str, tuple[Location, ...]] = {
        address: (Location(path, line, 1, address),)
        for line, address in enumerate(
            ("receptions", "leadership.leading_group", "leadership.meetings", "leadership.staff"), 4
        )
    }
    found["leadership"] = (Location(path, 5, 1, "leadership"),)
    found["leadership.facilities"] = (Location(path, 9, 1, "leadership.facilities"),)
    for line, name in enumerate(("C-001", "C-002", "C-003"), 12):
        found[f"cases.{name}"] = (Location(path, line, 3, f"cases.{name}"),)
    for line, name in enumerate(("V-001", "V-002", "V-003", "V-004", "V-005"), 31):
        found[f"visits.{name}"] = (Location(path, line, 3, f"visits.{name}"),)
    return found


def submission(township: str, year: int, meetings: int = 12, **changed: object) -> Submission:
    return Submission(township, facts(year, meetings, **changed), places(township, year))


def _inspected(year: int) -> Submission:
    """A submission in which the office changed three facts and found one thing."""
    path = f"data/{year}/inspections/songhe.yaml"
    where, added_at, struck_at, found_at = (Location(path, line, 5) for line in (5, 12, 19, 28))
    reported = Location(f"data/{year}/townships/songhe.yaml", 4, 1)
    visits = [
        visit(1, f"{year}-02-03", repeat=True),
        visit(2, f"{year}-05-02"),
        visit(3, f"{year}-06-11"),
        visit(
            4,
            f"{year}-08-09",
            "city",
            exempt={"ground": "consultation", "document": "登记表第17号"},
        ),
        visit(5, f"{year}-11-03", "province", repeat=True),
    ]
    document = f"市人口计生信〔{year}〕15号"
    added = {key: value for key, value in visits[4].items() if key != "id"}
    return Submission(
        "songhe",
        facts(year, 11, receptions=100, visits=visits),
        places("songhe", year),
        (
            Change(
                "receptions",
                126,
                100,
                "spot_check",
                f"{year}-12-20",
                "登记簿只有100件次",
                document,
                where,
                reported,
            ),
            Change(
                "visits.V-005",
                None,
                added,
                "routine",
                f"{year}-12-21",
                "漏报一起",
                document,
                added_at,
                None,
            ),
            Change(
                "visits.V-002.exempt",
                {"ground": "consultation", "document": "登记表第9号"},
                None,
                "year_end",
                f"{year}-12-22",
                "登记表系事后补填",
                document,
                struck_at,
                reported,
            ),
        ),
        (
            Finding(
                "F-01",
                "2.6",
                Fraction(2),
                "routine",
                f"{year}-06-12",
                "台账事后补记",
                f"市人口计生信〔{year}〕12号",
                found_at,
            ),
        ),
    )


def _submissions(year: int) -> dict[str, Submission]:
    cases = [{"id": f"C-00{n}", "filed": f"{year}-03-01", "on_time": n > 1} for n in (1, 2, 3)]
    return {
        "chengguan": submission("chengguan", year),
        "songhe": _inspected(year),
        "liulin": submission("liulin", year, 11),
        "shiqiao": submission("shiqiao", year, 11),
        "baiyun": submission("baiyun", year, 9, cases=cases),
        "gaopo": submission(
            "gaopo", year, 0, visits=[visit(n, f"{year}-0{n}-01") for n in (1, 2, 3, 4)]
        ),
        "nanwan": submission(
            "nanwan", year, 0, visits=[visit(n, f"{year}-0{n}-01") for n in (1, 2, 3, 4)]
        ),
    }


def townships(names: Mapping[str, str] = NAMES) -> tuple[Township, ...]:
    return tuple(
        Township(id_, text(name), "subdistrict" if "街道" in name else "township", "a", 2023, None)
        for id_, name in names.items()
    )


def city(names: Mapping[str, str] = NAMES, *, demonstration: bool = True) -> City:
    office = text("示例市人口和计划生育委员会信访科", "Petitions office")
    return City(
        text("示例市", "Shili City"), office, "0391-0000000", demonstration, townships(names)
    )


def assessment(year: int, status: str, decisions: tuple[Decision, ...] = ()) -> Assessment:
    dates = {
        "submit_by": f"{year + 1}-01-10",
        "published": f"{year + 1}-02-01",
        "objections_until": f"{year + 1}-02-10",
        "final": f"{year + 1}-02-20",
    }
    period = Period(date(year, 1, 1), date(year, 12, 31))
    return Assessment(year, "family-planning-petitions", 1, period, status, dates, decisions)


def year(number: int, status: str = "provisional", *, corrected: bool = False) -> YearResult:
    """One year: a tie in the middle, a tie across the last two places, one township unsubmitted."""
    submissions = _submissions(number)
    first = dict(submissions)
    corrections: tuple[Correction, ...] = ()
    if corrected:
        submissions["baiyun"] = submission("baiyun", number, 12)
        where = Location(f"data/{number}/corrections/01.yaml", 1, 1)
        corrections = (
            Correction(
                "01",
                "baiyun",
                "2.3",
                f"{number + 1}-02-25",
                "白云镇计生办",
                "upheld",
                f"{number + 1}-03-02",
                f"市人口计生信〔{number + 1}〕3号",
                "三起均按期办结",
                (),
                where,
            ),
            Correction(
                "02",
                "gaopo",
                "3.1",
                f"{number + 1}-02-26",
                "高坡乡计生办",
                "rejected",
                f"{number + 1}-03-02",
                f"市人口计生信〔{number + 1}〕4号",
                "登记属实",
                (),
                where,
            ),
        )
        submissions["nanwan"] = submission("nanwan", number, 3)
        first["nanwan"] = submissions["nanwan"]
    inputs = YearInputs(
        assessment(number, status),
        rulebook(),
        townships(),
        submissions,
        first,
        corrections,
        Ranking("焦城创指〔2026〕1号", 87, {"gaopo": 80}, Location("data/x.yaml", 1, 1)),
        (InputFile(f"data/{number}/townships/songhe.yaml", "0" * 64),),
    )
    return judged(inputs)


def years() -> tuple[YearResult, ...]:
    """Oldest first: a final year, a corrected one, the one under way."""
    return (year(2023, "final"), year(2024, "final", corrected=True), year(2025))
