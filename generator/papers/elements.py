"""Elements of WordprocessingML that python-docx has no words for: paragraphs by style, fields.

Owns how a text and its properties are written down. Must not choose a measure or a word.
"""

from collections.abc import Iterator
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def identity(style: str) -> str:
    """The id of a style inside the file."""
    return f"gw-{style}"


def element(tag: str, **attributes: object) -> Any:
    """An element `w:tag` with its attributes in the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def paragraph(style: str, text: str = "", *more: Any, size: int = 0) -> Any:
    """A paragraph; `more` are properties besides those of its style."""
    made, properties = element("p"), element("pPr")
    properties.append(element("pStyle", val=identity(style)))
    for one in more:
        properties.append(one)
    made.append(properties)
    if text:
        made.append(run(text, size))
    return made


def run(text: str, size: int = 0) -> Any:
    made, said = element("r"), element("t")
    if size:
        properties = element("rPr")
        properties.extend([element("sz", val=size), element("szCs", val=size)])
        made.append(properties)
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(said)
    return made


def field(name: str) -> Iterator[Any]:
    """A number that Word counts itself."""
    for kind in ("begin", "", "separate", "1", "end"):
        made = element("r")
        if kind == "":
            code = element("instrText")
            code.text = f" {name} "
            made.append(code)
        elif kind == "1":
            text = element("t")
            text.text = kind
            made.append(text)
        else:
            made.append(element("fldChar", fldCharType=kind))
        yield made
