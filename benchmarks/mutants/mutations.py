"""Every small mistake that can be planted in a module, as source text. Runs nothing.

Left alone: docstrings, annotations, imports, decorators and bases of classes, f-strings, and the
English text of a `Message`, which tests of the words hold.
"""

import ast
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)
Value = TypeVar("Value")

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
}
OTHER_CALLS = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "floor": "ceil",
    "ceil": "floor",
    "sorted": "list",
    "reversed": "list",
}
"""A function that is called, and what is called in its place."""

FIRST_ALONE = {"abs", "replace"}
"""Calls that may be left out: their first argument then stands alone."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one mistake in it.

    `original` and `mutated` are the line in question (or the lines, joined) before and after:
    with the module and the function they name the mistake, wherever in the file it moves. `called`
    is the function or method that must be called before it matters; it is empty where loading the
    module is enough.
    """

    module: str
    function: str
    original: str
    mutated: str
    kind: str = field(compare=False)
    called: str = field(compare=False)
    source: str = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node stands: in which function or class, and after which call it matters."""

    inside: str = ""
    called: str = ""

    def within(self, name: str, *, function: bool) -> "_Place":
        inside = f"{self.inside}.{name}" if self.inside else name
        return _Place(inside, self.called or (inside if function else ""))


@dataclass(frozen=True, slots=True)
class _Edit:
    """What shall stand in the place of a piece of the source."""

    kind: str
    node: ast.expr | ast.stmt
    text: str


def mutants(module: str, source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of the source, none of them twice.

    `module` is its path, as the mutants shall name it.
    """
    lines = source.encode().splitlines(keepends=True)
    made = (_mutant(module, lines, place, edit) for place, edit in _edits(source))
    return list(dict.fromkeys(mutant for mutant in made if mutant.original != mutant.mutated))


def _mutant(module: str, lines: list[bytes], place: _Place, edit: _Edit) -> Mutant:
    node = edit.node
    first, last = node.lineno - 1, node.end_lineno or node.lineno
    before = lines[first][: node.col_offset]
    after = lines[last - 1][node.end_col_offset :]
    changed = before + edit.text.encode() + after
    source = b"".join([*lines[:first], changed, *lines[last:]]).decode()
    was, now = _one_line(b"".join(lines[first:last])), _one_line(changed)
    return Mutant(module, place.inside, was, now, edit.kind, place.called, source)


def _one_line(text: bytes) -> str:
    return " ".join(text.decode().split())


# --- where ----------------------------------------------------------------------------


def _edits(source: str) -> Iterator[tuple[_Place, _Edit]]:
    """Every edit, and where it is."""
    waiting: list[tuple[_Place, ast.AST]] = [(_Place(), ast.parse(source))]
    while waiting:
        place, node = waiting.pop()
        for edit in (*_of_statement(node), *_of_expression(node)):
            yield place, edit
        waiting += reversed(list(_looked_into(place, node)))


def _looked_into(place: _Place, node: ast.AST) -> Iterator[tuple[_Place, ast.AST]]:
    """The parts of a node in which something may be changed, and where they are."""
    match node:
        case ast.FunctionDef(name, args):
            inner = place.within(name, function=True)
            yield from ((place, default) for default in (*args.defaults, *args.kw_defaults) if default)
            yield from ((inner, child) for child in node.body)
        case ast.ClassDef(name):
            inner = place.within(name, function=False)
            yield from ((inner, child) for child in node.body)
        case _:
            yield from ((place, child) for child in _children(node))


def _children(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Expr(ast.Constant()):
            return ()
        case ast.AnnAssign(annotation=ast.Name("TypeAlias")) | ast.Call(ast.Name("assert_never")):
            return ()
        case ast.AnnAssign():
            return filter(None, (node.value,))
        case ast.Call(ast.Name("Message")):
            return *node.args[1:], *node.keywords
    return ast.iter_child_nodes(node)


# --- what -----------------------------------------------------------------------------


def _of_statement(node: ast.AST) -> Iterator[_Edit]:
    match node:
        case ast.Expr(ast.Constant()):
            return
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield _Edit("statement", node, "pass")
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield _Edit("statement", node, "pass")
        case ast.Return(ast.expr() as value) if not _is_none(value):
            yield _Edit("return", node, "return None")
    match node:
        case ast.AugAssign(op=op) if type(op) in ARITHMETIC:
            yield _Edit("arithmetic", node, _text(node, op=ARITHMETIC[type(op)]()))
        case ast.If() | ast.IfExp():
            yield from (_Edit("condition", node.test, word) for word in ("True", "False"))
        case ast.While():
            yield _Edit("condition", node.test, "False")


def _of_expression(node: ast.AST) -> Iterator[_Edit]:
    if isinstance(node, ast.expr):
        for kind, text in _changes(node):
            atom = isinstance(node, ast.Constant)
            yield _Edit(kind, node, text if atom else f"({text})")


def _changes(node: ast.expr) -> Iterator[tuple[str, str]]:
    """What may stand in the place of an expression: its kind and its text."""
    match node:
        case ast.Compare():
            yield from (("comparison", text) for text in _compared(node))
        case ast.BinOp(left, ast.BitOr(), right):
            yield from (("arithmetic", ast.unparse(side)) for side in (left, right))
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            yield "arithmetic", _text(node, op=ARITHMETIC[type(op)]())
        case ast.BoolOp():
            yield "and/or", _text(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for n in range(len(node.values)):
                yield "and/or", _text(node, values=_without(node.values, n))
        case ast.UnaryOp(ast.Not() | ast.USub(), inner):
            yield "not", ast.unparse(inner)
        case ast.Constant():
            yield from (("constant", repr(other)) for other in _other_values(node.value))
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from (("filter", text) for text in _unfiltered(node))
        case ast.Subscript(slice=ast.Slice() as part):
            yield from (("slice", _text(node, slice=other)) for other in _other_slices(part))
        case ast.Call():
            yield from _other_calls(node)


def _compared(node: ast.Compare) -> Iterator[str]:
    for n, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield _text(node, ops=[*node.ops[:n], other(), *node.ops[n + 1 :]])


def _other_values(value: object) -> tuple[object, ...]:
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1, value - 1)
        case str():
            return ("" if value else "mutated",)
    return ()


def _unfiltered(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
) -> Iterator[str]:
    """The comprehension without one of its conditions."""
    for n, part in enumerate(node.generators):
        for k in range(len(part.ifs)):
            less = copy(part)
            less.ifs = _without(part.ifs, k)
            yield _text(node, generators=[*node.generators[:n], less, *node.generators[n + 1 :]])


def _other_slices(part: ast.Slice) -> Iterator[ast.Slice]:
    one = ast.Constant(1)
    for name, bound in (("lower", part.lower), ("upper", part.upper), ("step", part.step)):
        if bound is not None:
            yield _with(part, **{name: None})
            yield _with(part, **{name: ast.BinOp(bound, ast.Add(), one)})


def _other_calls(node: ast.Call) -> Iterator[tuple[str, str]]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    if name in OTHER_CALLS:
        # `list` takes no key and no order, `min` and `max` do
        keywords = node.keywords if OTHER_CALLS[name] != "list" else []
        other = ast.Name(OTHER_CALLS[name])
        yield "function", _text(node, func=other, keywords=keywords)
    if name in FIRST_ALONE:
        yield "function", ast.unparse(node.args[0])
    if name == "sorted":
        reverse = ast.keyword("reverse", ast.Constant(True))
        kept = [keyword for keyword in node.keywords if keyword.arg != "reverse"]
        yield "order", _text(node, keywords=[*kept, *([reverse] if kept == node.keywords else [])])
        if any(keyword.arg == "key" for keyword in kept):
            yield (
                "order",
                _text(node, keywords=[one for one in node.keywords if one.arg != "key"]),
            )
    if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and len(node.args) == 2:
        yield "default", _text(node, args=node.args[:1])
    elif len(node.args) >= 2 and not starred and name not in ("isinstance", "Message"):
        yield "arguments", _text(node, args=[node.args[1], node.args[0], *node.args[2:]])


# --- nodes ----------------------------------------------------------------------------


def _with(node: Node, **changed: object) -> Node:
    other = copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return other


def _text(node: ast.AST, **changed: object) -> str:
    return ast.unparse(ast.fix_missing_locations(_with(node, **changed)))


def _without(values: list[Value], n: int) -> list[Value]:
    return [*values[:n], *values[n + 1 :]]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
