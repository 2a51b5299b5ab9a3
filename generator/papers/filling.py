"""A template filled with values, within bounds that are the same on every machine.

Owns what a wording may be written with and how far it may go: so long a text, so deep a nesting,
so many steps of its loops, so much that it writes. There are no calls, no assignments and no
arithmetic, so nothing grows but by loops, and those are counted. Must not know what is filled in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.engine.problem import Message, Stop
from generator.papers.parts import one_line

LONGEST = 65_536
"""More characters are no wording of a paper."""

DEEPEST = 20
"""So many levels of a template inside each other, those of expressions included."""

STEPS = 200_000
"""So many parts of a template are gone through in all its loops."""

MOST = 1_000_000
"""So many characters are written; ten times a long circular."""

_ALLOWED = (
    *(
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Const,
        nodes.List,
        nodes.Tuple,
    ),
    *(nodes.For, nodes.If, nodes.CondExpr, nodes.Getattr, nodes.Getitem),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Keyword),
)
_FILTERS = frozenset(("count", "d", "default", "first", "last", "length"))
_TESTS = frozenset(("defined", "none", "undefined"))
_OF_A_LOOP = frozenset(("first", "index", "index0", "last", "length", "revindex"))
_COUNTED = "counted"
_WRITTEN = {
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.FilterBlock: "filter",
    nodes.Call: "( )",
    nodes.Concat: "~",
}
"""How a part is written whose name says it otherwise."""


class _EndlessError(Exception):
    """It went on for too long."""


class _Environment(ImmutableSandboxedEnvironment):
    """Where a name after a dot is a key of the values, and nothing of Python's."""

    def getattr(self, obj: Any, attribute: Any) -> Any:
        if isinstance(obj, LoopContext):
            known = attribute in _OF_A_LOOP
            return getattr(obj, attribute) if known else self.undefined(obj=obj, name=attribute)
        try:
            return obj[attribute]
        except (LookupError, TypeError):
            return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, argument)


def rendered(
    text: str, path: str, values: Mapping[str, object], finalize: Callable[[object], str]
) -> str:
    """The template at `path` with `values` in it, each put in by `finalize`.

    Raises Stop, saying what to mend and where.
    """
    if len(text) > LONGEST:
        raise too_long(path)
    environment = _Environment(
        finalize=finalize, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    try:
        tree = environment.parse(text)
        _check(tree, path)
        _count(tree, environment)
        return "".join(_bounded(environment.from_string(tree).generate(values)))
    except jinja2.TemplateSyntaxError as error:
        args = {"path": path, "line": error.lineno, "reason": one_line(error.message or "")}
        raise Stop(Message("{path}, line {line}: {reason}", args)) from error
    except jinja2.UndefinedError as error:
        args = {"path": path, "reason": one_line(error.message or "")}
        message = Message(
            "{path} asks for something that a paper does not have ({reason}); "
            "the names it may use are listed in the manual.",
            args,
        )
        raise Stop(message) from error
    except RecursionError as error:
        raise _too_deep(path) from error
    except _EndlessError as error:
        raise _too_much(path) from error
    except (TypeError, ValueError, SyntaxError) as error:  # it can compare a word with a number
        args = {"path": path, "reason": one_line(f"{type(error).__name__}: {error}")}
        raise Stop(Message("{path} cannot be filled in ({reason}).", args)) from error


# --- before it is filled --------------------------------------------------------------


def _below(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """A node and all below it as they are written, and how deep; without recursion."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(inner, depth + 1) for inner in node.iter_child_nodes()][::-1]


def _check(tree: nodes.Template, path: str) -> None:
    """Raises Stop at what a wording may not be written with."""
    for node, depth in _below(tree):
        if depth > DEEPEST:
            raise _too_deep(path)
        strange = _strange(node)
        if strange is not None:
            message = Message(
                "{path}, line {line}: «{strange}» is nothing that a wording may use; what it may "
                "use is listed in the manual.",
                {"path": path, "line": node.lineno, "strange": strange},
            )
            raise Stop(message)


def _strange(node: nodes.Node) -> str | None:
    """How a part is written that no wording needs; None for one that it may have."""
    if isinstance(node, nodes.Filter):
        return None if node.name in _FILTERS else f"|{node.name}"
    if isinstance(node, nodes.Test):
        return None if node.name in _TESTS else f"is {node.name}"
    if isinstance(node, _ALLOWED):
        return None
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr):
        return node.operator
    return _WRITTEN.get(type(node), type(node).__name__.lower())


def _count(tree: nodes.Template, environment: jinja2.Environment) -> None:
    """Let every loop count what it goes through."""
    for loop in tree.find_all(nodes.For):
        weight = nodes.Const(sum(1 for _ in _below(loop)), lineno=loop.lineno)
        loop.iter = nodes.Filter(loop.iter, _COUNTED, [weight], [], None, None, lineno=loop.lineno)
    tree.set_environment(environment)
    environment.filters[_COUNTED] = _counting()


# --- while it is filled ---------------------------------------------------------------


def _counting() -> Callable[[Iterable[object], int], Iterator[object]]:
    """What every loop goes through; all of them count together."""
    left = STEPS

    def counted(values: Iterable[object], weight: int) -> Iterator[object]:
        nonlocal left
        for value in values:
            left -= weight
            if left < 0:
                raise _EndlessError
            yield value

    return counted


def _bounded(pieces: Iterable[str]) -> Iterator[str]:
    left = MOST
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise _EndlessError
        yield piece


# --- what is said ---------------------------------------------------------------------


def too_long(path: str) -> Stop:
    """What ends the reading of a template that is too long."""
    args = {"path": path, "limit": LONGEST}
    message = Message(
        "{path} is longer than {limit} characters, which no wording is; shorten it.", args
    )
    return Stop(message)


def _too_deep(path: str) -> Stop:
    args = {"path": path, "limit": DEEPEST}
    message = Message(
        "{path} has more than {limit} levels inside each other; put loops and conditions one after "
        "the other.",
        args,
    )
    return Stop(message)


def _too_much(path: str) -> Stop:
    args = {"path": path, "steps": STEPS, "most": MOST}
    message = Message(
        "{path} does not come to an end: its loops go through more than {steps} parts, or it "
        "writes more than {most} characters; look for a loop inside a loop.",
        args,
    )
    return Stop(message)
