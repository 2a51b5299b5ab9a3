"""The language of wordings: what lines become, what is refused, what data cannot do."""

import time

import pytest

from generator.engine.problem import Stop
from generator.papers import parts
from generator.papers.parts import DEEPEST, LONGEST, MOST, STEPS, Paragraph, ParagraphKind, filled
from generator.words.messages import LANGUAGES, catalogue

LANGUAGE = parts.Language(("标题", "日期"), ("排名表",), ("得分表",))


def read(text: str, **values: object) -> parts.Filled:
    return filled(text, "templates/x.j2", values, LANGUAGE)


def refused(text: str, **values: object) -> str:
    with pytest.raises(Stop) as stop:
        read(text, **values)
    return catalogue("zh").render(stop.value.message)


def test_a_line_is_what_its_first_signs_say() -> None:
    text = "标题：通报\n# 甲\n## 乙\n正文\n【排名表】\n附件：【得分表】各单位\n\n日期：{{ 日 }}"
    paper = read(text, 日="今天")
    assert paper.fields == {"标题": "通报", "日期": "今天"}
    assert paper.annexes == (("得分表", "各单位"),)
    assert paper.body == (
        Paragraph(ParagraphKind.HEADING, "一、甲"),
        Paragraph(ParagraphKind.SUBHEADING, "（一）乙"),
        Paragraph(ParagraphKind.TEXT, "正文"),
        parts.TablePlace("排名表"),
    )


def test_headings_count_and_go_where_nothing_stands_below() -> None:
    paper = read("# 空\n# 甲\n## 空\n## 乙\n正文\n# 丙\n## 丁\n正文\n# 空\n## 空")
    lines = [line.text for line in paper.body if isinstance(line, Paragraph)]
    assert " ".join(lines) == "一、甲 （一）乙 正文 二、丙 （一）丁 正文"


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")],
)
def test_numbers_of_headings(number: int, word: str) -> None:
    assert parts.chinese(number) == word


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
    paper = read(f"标题：真\n{line}", 名=hostile)
    assert (paper.fields, paper.annexes) == ({"标题": "真"}, ())
    (paragraph,) = paper.body
    assert isinstance(paragraph, Paragraph)
    assert paragraph.kind is ParagraphKind.TEXT
    assert paragraph.text.isprintable() or "\u2028" not in paragraph.text
    assert not [words for words in ("\n", "\ue000", "49") if words in paragraph.text]


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


MANY = [{"名称": "甲"}] * 1000
VALUES = {"名": "甲乙", "多": MANY, "数": 3}
SECONDS = 20
"""Far more than any of it takes, on a slow machine."""


def written(text: str) -> str:
    return parts.rendered(text, "x.j2", VALUES, str)


def refused_soon(text: str) -> str:
    before = time.monotonic()
    with pytest.raises(Stop) as stop:
        written(text)
    assert time.monotonic() - before < SECONDS
    chinese, english = (catalogue(lang).render(stop.value.message) for lang in LANGUAGES)
    assert max(len(chinese), len(english)) < 1000
    return chinese


def nested(depth: int, inside: str = "") -> str:
    loops = "".join(f"{{% for 项{n} in 多 %}}" for n in range(depth))
    return loops + inside + "{% endfor %}" * depth


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("字" * (LONGEST + 1), str(LONGEST)),
        (nested(2), str(STEPS)),
        (nested(8), str(STEPS)),
        (nested(2, "字"), str(STEPS)),
        ("{% for 项 in 多 if 项 in 多 %}" * 3 + "{% endfor %}" * 3, str(STEPS)),
        ("{% for 项 in 多 %}" + "字" * 2000 + "{% endfor %}", str(MOST)),
        ("{{ 多 }}" * 300, str(MOST)),
        (nested(DEEPEST), str(DEEPEST)),
        (nested(3000 // 2), str(DEEPEST)),
        ("{% if 名 %}" * 3000, "x.j2"),
        ("{% if 名 %}" * 300 + "{% endif %}" * 300, str(DEEPEST)),
        ("{{ " + "(" * 30_000 + "名" + ")" * 30_000 + " }}", str(DEEPEST)),
        ("{{ " + "not " * 15_000 + "名 }}", str(DEEPEST)),
        ("{{ 名" + ".名" * 30_000 + " }}", str(DEEPEST)),
        ("{{ 名" + " or 名" * 12_000 + " }}", str(DEEPEST)),
        ("{{ [" * 10_000 + "]" * 10_000 + " }}", "x.j2"),
        ("{{ " + "[" * 10_000 + "]" * 10_000 + " }}", str(DEEPEST)),
        ("{{ " + "9" * 60_000 + " }}", "x.j2"),
        ("{% macro 甲() %}{{ 甲() }}{% endmacro %}{{ 甲() }}", "macro"),
        ("{% set 甲 = 名 %}", "set"),
        ("{% set 甲 %}{% endset %}", "set"),
        ("{% include 'x' %}", "include"),
        ("{% extends 'x' %}", "extends"),
        ("{% block 甲 %}{% endblock %}", "block"),
        ("{% filter upper %}{% endfilter %}", "filter"),
        ("{% for 项 in 多 recursive %}{{ loop(多) }}{% endfor %}", "( )"),
        ("{{ range(10**9) }}", "第1行"),
        ("{{ 'x' * 10**9 }}", "第1行"),
        ("{{ 2**10**8 }}", "**"),
        ("{{ '%999999999d' % 1 }}", "%"),
        ("{{ '{:>999999999}'.format(1) }}", "( )"),
        ("{{ 名 ~ 名 }}", "~"),
        ("{{ -数 }}", "-"),
        ("{{ {'a': 1} }}", "dict"),
        ("{{ 多[::-1] }}", "slice"),
        ("{{ 名|center(10**9) }}", "第1行"),
        ("{{ 名|center(1000000000) }}", "|center"),
        ("{{ 名|indent(1000000000) }}", "|indent"),
        ("{{ 多|batch(1000000000, 名)|list }}", "|list"),
        ("{{ 名|replace('甲', '甲甲') }}", "|replace"),
        ("{{ 数 is divisibleby 0 }}", "is divisibleby"),
        ("{{ 名|counted(0) }}", "|counted"),
        ("{{ lipsum }}", "lipsum"),
        ("{{ 名.upper }}", "upper"),
        ("{{ 多.append }}", "append"),
        ("{% for 项 in 多 %}{{ loop.__init__ }}{% endfor %}", "__init__"),
        ("{% for 项 in 数 %}{% endfor %}", "TypeError"),
    ],
    ids=lambda text: text[:24],
)
def test_what_no_wording_needs_is_refused_at_once(text: str, said: str) -> None:
    assert said in refused_soon(text)


def test_what_a_wording_needs_is_there() -> None:
    text = (
        "{% for 项 in 多 if 项.名称 == '甲' %}{% if loop.first %}{{ 项['名称'] }}"
        "{% elif loop.last %}{{ loop.index }}{% endif %}{% else %}无{% endfor %}"
        "{{ 多|length }}{{ 无 is defined }}{{ 无|default('无') }}{{ (多|first).名称 }}"
        "{{ '是' if 数 >= 3 and not 数 in [1, 2] else '否' }}{% raw %}{{{% endraw %}"
    )
    assert written(text) == "甲1000" + "1000False无甲是{{"


@pytest.mark.parametrize("number", [*range(0x20), 0x7F, 0x85, 0x2028, 0xFFFE, 0xFFFF])
def test_no_control_character_of_a_template_is_in_a_paper(number: int) -> None:
    sign = chr(number)
    const = f"{{{{ '\\x{min(number, 255):02x}' }}}}"
    text = f"标题：通{sign}报\n# 甲{sign}\n正{sign}文{const}\n附件：【表】附{sign}件"
    paper = filled(text, "x.j2", {}, parts.Language(("标题",), (), ("表",)))
    texts = [*paper.fields.values(), *(title for _, title in paper.annexes)]
    texts += [line.text for line in paper.body if isinstance(line, Paragraph)]
    assert "".join(texts).isprintable()
