"""Every small mistake that can be planted in a module, as source text. Runs nothing.

Left alone: docstrings, annotations, imports, decorators and bases of classes, f-strings, and the
English text of a `Message`, which tests of the words hold.
"""

import ast
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

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


class Name(NamedTuple):
    """What a mutant is known by, wherever in the file it moves."""

    module: str
    """Its path from the top of the checkout."""
    function: str
    original: str
    """The line in question, or the lines, joined."""
    mutated: str
    """What they become."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one mistake in it.

    `called` is the function or method that must be called before it matters; it is empty where
    loading the module is enough.
    """

    name: Name
    kind: str
    called: str
    source: str = field(repr=False)


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
    """Every mutant of a module, in the order of the source, none of them twice."""
    lines = source.encode().splitlines(keepends=True)
    made = (_mutant(module, lines, place, edit) for place, edit in _edits(source))
    by_name = {mutant.name: mutant for mutant in made}
    return [mutant for name, mutant in by_name.items() if name.original != name.mutated]


def _mutant(module: str, lines: list[bytes], place: _Place, edit: _Edit) -> Mutant:
    node = edit.node
    first, last = node.lineno - 1, node.end_lineno or node.lineno
    before = lines[first][: node.col_offset]
    after = lines[last - 1][node.end_col_offset :]
    changed = before + edit.text.encode() + after
    source = b"".join([*lines[:first], changed, *lines[last:]]).decode()
    was, now = _one_line(b"".join(lines[first:last])), _one_line(changed)
    return Mutant(Name(module, place.inside, was, now), edit.kind, place.called, source)


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
            yield from (
                (place, default) for default in (*args.defaults, *args.kw_defaults) if default
            )
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
        case ast.BinOp():
            yield from (("arithmetic", text) for text in _reckoned(node))
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
            yield from _called_otherwise(node)


def _called_otherwise(node: ast.Call) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Call(ast.Attribute(_, "get"), [key, _]):
            yield "default", _text(node, args=[key])
        case ast.Call(ast.Name(name)):
            yield from (("function", text) for text in _other_calls(name, node))
            yield from (("arguments", text) for text in _swapped(node))
        case _:
            yield from (("arguments", text) for text in _swapped(node))


def _reckoned(node: ast.BinOp) -> Iterator[str]:
    if isinstance(node.op, ast.BitOr):  # of sets, of mappings, of types: one side only
        yield from (ast.unparse(side) for side in (node.left, node.right))
    elif type(node.op) in ARITHMETIC:
        yield _text(node, op=ARITHMETIC[type(node.op)]())


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


def _other_calls(name: str, node: ast.Call) -> Iterator[str]:
    if name in OTHER_CALLS:
        # what becomes a list loses its key and its order
        keywords = node.keywords if OTHER_CALLS[name] != "list" else []
        yield _text(node, func=ast.Name(OTHER_CALLS[name]), keywords=keywords)
    if name in FIRST_ALONE:
        yield ast.unparse(node.args[0])
    if name == "sorted":
        reverse = ast.keyword("reverse", ast.Constant(value=True))
        forward = [keyword for keyword in node.keywords if keyword.arg != "reverse"]
        turned = forward if len(forward) < len(node.keywords) else [*forward, reverse]
        yield _text(node, keywords=turned)
        if forward:
            yield _text(node, keywords=[kept for kept in node.keywords if kept.arg == "reverse"])


def _swapped(node: ast.Call) -> Iterator[str]:
    """The call with its first two arguments the other way round."""
    match node:
        case ast.Call(ast.Name("isinstance" | "Message" | "min" | "max")):
            return  # it would be no program, or the same
        case ast.Call(_, [ast.Starred(), *_] | [_, ast.Starred(), *_]):
            return
        case ast.Call(_, [first, second, *rest]) if ast.dump(first) != ast.dump(second):
            yield _text(node, args=[second, first, *rest])


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
