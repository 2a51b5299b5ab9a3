"""Chinese inside English pages: marked as what it is, so that it is read out and set as Chinese.

Owns what counts as a stretch of Chinese. Must not know what any text means.
"""

import re

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SIGNS = f"\u3000-\u303f{_HAN}\uff01-\uffef"
_CHINESE = re.compile(f"[\u3000-\u300f\u3012-\u303f{_HAN}\uff01-\uffef]")
"""Of these any but 【 and 】, which stand around restored words in English as well."""

_STRETCH = re.compile(f"…*[{_SIGNS}]+(?:[0-9 .%·…—]*[{_SIGNS}]+|…+)*")
_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")


def is_chinese(text: str) -> bool:
    """Whether there is any Chinese in it."""
    return bool(_CHINESE.search(text))


def marked(page: str) -> str:
    """The page with `lang="zh"` around Chinese, but for what says so already."""
    return "\n".join(map(_line, page.split("\n"))) if is_chinese(page) else page


def _line(line: str) -> str:
    """One line; no element of ours that says its language goes on to the next."""
    if not _CHINESE.search(line):
        return line
    parts, inside = _TAG.split(line), list[str]()
    for number, part in enumerate(parts):
        if number % 2 == 0:
            parts[number] = part if inside else _STRETCH.sub(_span, part)
        elif inside or ' lang="zh"' in part:
            name = _NAME.match(part)
            if name and part.startswith("</"):
                inside.pop()
            elif name and not part.endswith("/>") and name[1] not in ("br", "img", "hr"):
                inside.append(name[1])
    return "".join(parts)


def _span(stretch: re.Match[str]) -> str:
    """Brackets alone are no Chinese."""
    text = stretch[0]
    return f'<span lang="zh">{text}</span>' if _CHINESE.search(text) else text
