"""Wordings are filled safely: data stay data, templates stay in their sandbox, faults say where."""

import pytest

from generator.engine.problem import Stop
from generator.papers.parts import (
    Filled,
    Language,
    Paragraph,
    ParagraphKind,
    TablePlace,
    chinese,
    filled,
)
from generator.words.messages import catalogue

LANGUAGE = Language(("标题", "日期"), ("排名表",), ("得分表",))


def read(text: str, **values: object) -> Filled:
    return filled(text, "templates/x.j2", values, LANGUAGE)


def refused(text: str, **values: object) -> str:
    with pytest.raises(Stop) as stop:
        read(text, **values)
    return catalogue("zh").render(stop.value.message)


def test_a_line_is_what_its_first_signs_say() -> None:
    found = read(
        "标题：通报\n# 甲\n## 乙\n正文\n【排名表】\n附件：【得分表】各单位\n\n日期：{{ 日 }}",
        日="今天",
    )
    assert found.fields == {"标题": "通报", "日期": "今天"}
    assert found.annexes == (("得分表", "各单位"),)
    assert found.body == (
        Paragraph(ParagraphKind.HEADING, "一、甲"),
        Paragraph(ParagraphKind.SUBHEADING, "（一）乙"),
        Paragraph(ParagraphKind.TEXT, "正文"),
        TablePlace("排名表"),
    )


def test_headings_count_and_go_where_nothing_stands_below() -> None:
    found = read("# 空\n# 甲\n## 空\n## 乙\n正文\n# 丙\n## 丁\n正文\n# 空\n## 空")
    assert [line.text for line in found.body if isinstance(line, Paragraph)] == [
        *("一、甲", "（一）乙", "正文"),
        *("二、丙", "（一）丁", "正文"),
    ]


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")],
)
def test_numbers_of_headings(number: int, word: str) -> None:
    assert chinese(number) == word


HOSTILE = (
    *("# 标题", "## 标题", "标题：假的", "【排名表】", "附件：【得分表】假的", "{{ 7 * 7 }}"),
    *("{% raw %}", "<w:p/>&amp;", "=1+1", "a\n# b", "a\r\n标题：b", "\ue000# c", "a\u2028# b"),
    *("a\x00b\x1b[31m", "x" * 20_000),
)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:12]))
@pytest.mark.parametrize(
    "line", ["{{ 名 }}", "  {{ 名 }}", "正文{{ 名 }}", "{% for x in [名] %}\n{{ x }}\n{% endfor %}"]
)
def test_no_data_become_a_heading_a_field_or_a_table(hostile: str, line: str) -> None:
    found = read(f"标题：真\n{line}", 名=hostile)
    assert found.fields == {"标题": "真"}
    assert found.annexes == ()
    (one,) = found.body
    assert isinstance(one, Paragraph)
    assert one.kind is ParagraphKind.TEXT
    assert one.text.isprintable() or "\u2028" not in one.text
    assert "\n" not in one.text
    assert "\ue000" not in one.text
    assert "49" not in one.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("好\n{% if %}", "templates/x.j2第2行"),
        ("{{ 没有的名称 }}", "没有的名称"),
        ("{{ 名.没有 }}", "没有"),
        ("{{ ''.__class__.__mro__ }}", "__class__"),
        ("{{ 名.append(1) }}", "templates/x.j2"),
        ("{{ 1 / 0 }}", "不能用「/」"),
        ("{% if 1 < 名 %}{% endif %}", "TypeError"),
        ("{% include 'x' %}", "templates/x.j2"),
        ("【得分】", "现有：排名表"),
        ("附件：得分表", "现有：得分表"),
        ("附件：【{{ 名 }}】甲", "现有：得分表"),
    ],
)
def test_a_fault_says_what_and_where(text: str, said: str) -> None:
    assert said in refused(text, 名=[1])


def test_the_program_cannot_be_reached() -> None:
    for text in ("{{ cycler.__init__.__globals__ }}", "{{ 名.__init__ }}", "{{ self.__dict__ }}"):
        assert refused(text, 名="x")
