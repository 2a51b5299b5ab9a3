"""Runs the tests that are to hold the engine against one mutant after another.

They are collected once. Each mutant then gets a process of its own, forked from this one, in which
the functions of its module run the mutated code, and in which only the tests run that call the
function in question: those named after the module first, then the quickest. Where the mistake is
made while a module is loaded (a table, a default) everything is loaded afresh, with the mutated
module in the place of the real one.
"""

import ast
import builtins
import functools
import gc
import importlib
import io
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from hypothesis import Phase, settings

from benchmarks.mutants.mutations import Mutant

TESTS = (
    "tests/engine",
    "tests/test_properties.py",
    "tests/test_hand.py",
    "tests/test_rule_docs.py",
    "tests/test_valid.py",
    "tests/test_rulebooks.py",
)
"""Those that are to hold the engine."""

OPTIONS = ("-x", "-q", "-s", "--tb=no", "--assert=plain", "--import-mode=importlib")
FOREIGN = ("babel", "click", "docx", "jinja2", "jsonschema", "jsonschema_rs", "yaml")
ENGINE = "generator/engine"
SEEN = "kaohe_seen"
SECONDS = 20
"""Of processor time for one test; the longest takes 3. What never ends is noticed, too."""
MEMORY = 4 << 30


_Cached = type(functools.cache(len))


class Unsound(Exception):  # noqa: N818 - the tests are, not the program
    """The tests fail with nothing mutated, so that nothing can be said."""


def survivors(
    root: Path,
    mutants: Sequence[Mutant],
    *,
    lanes: int,
    patience: float,
    step: Callable[[Mutant, bool], None],
) -> list[Mutant]:
    """The mutants of the tree at `root` with which every test passes; `step` hears of each.

    `patience` is for how many seconds of processor time the tests may go on with one mutant; it
    has survived then. The process stands in that tree from then on. Raises Unsound.
    """
    sys.path.insert(0, str(root))
    for name in FOREIGN:
        importlib.import_module(name)
    # that something fails is enough, the smallest that fails is not looked for
    settings.register_profile("quick", phases=[Phase.explicit, Phase.generate])
    settings.load_profile("quick")
    left = list[Mutant]()

    def tried(some: Sequence[Mutant], survives: Callable[[Mutant], bool]) -> None:
        for mutant, survived in _forked(some, survives, lanes):
            left.extend([mutant] if survived else [])
            step(mutant, survived)

    inside = [mutant for mutant in mutants if mutant.called]
    in_place = _InPlace(patience, lambda plugin: tried(inside, plugin.survives))
    with redirect_stdout(io.StringIO()):
        pytest.main([*OPTIONS, *present()], plugins=[in_place])
    if in_place.failing:
        raise Unsound("; ".join(in_place.failing))
    at_load = _AtLoad(patience, in_place.seconds())
    tried([mutant for mutant in mutants if not mutant.called], at_load.survives)
    return left


def present() -> list[str]:
    """Those of the tests that the tree has; other revisions have other ones."""
    return [name for name in TESTS if Path(name).exists()]


def _forked(
    mutants: Sequence[Mutant], survives: Callable[[Mutant], bool], lanes: int
) -> Iterator[tuple[Mutant, bool]]:
    """Ask about each mutant in a process of its own; one that dies did not survive."""
    waiting, running = list(reversed(mutants)), dict[int, Mutant]()
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < lanes:
                mutant = waiting.pop()
                running[_started(functools.partial(survives, mutant), Path(folder))] = mutant
            child, status = os.wait()
            shutil.rmtree(Path(folder, str(child)), ignore_errors=True)
            yield running.pop(child), status == 0


def _started(survives: Callable[[], bool], folder: Path) -> int:
    """The process that asks; it ends with 0 for a yes."""
    if child := os.fork():
        return child
    code = 1
    try:
        place = folder / str(os.getpid())
        place.mkdir()
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(place)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        _start_clock()
        code = 0 if survives() else 1
    finally:
        os._exit(code)


def _start_clock() -> None:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)


def _is_own(mutant: Mutant, item: pytest.Item) -> bool:
    module = Path(mutant.name.module)
    return item.path.stem in (f"test_{module.stem}", f"test_{module.parent.name}")


# --- a mistake made in a function -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ran:
    """What became of a test with nothing mutated."""

    passed: bool
    seconds: float
    called: frozenset[tuple[str, str]]
    """The functions of the engine that it called, each with its module."""


class _InPlace:
    """Takes the place of pytest's own loop over the tests that were collected."""

    def __init__(self, patience: float, work: Callable[["_InPlace"], None]) -> None:
        self._patience = patience
        self._work = work
        self.failing = ["the tests cannot be collected"]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed or not session.items:
            return True
        self._items = session.items
        self._functions = _functions_of_engine()
        self._caches = [thing for thing in gc.get_objects() if isinstance(thing, _Cached)]
        self._ran = _recorded(session.items, self._functions)
        both = zip(self._items, self._ran, strict=True)
        self.failing = [item.nodeid for item, ran in both if not ran.passed]
        gc.freeze()  # else every child would copy all that is there
        if not self.failing:
            self._work(self)
        return True

    def seconds(self) -> dict[str, float]:
        """How long each test took, by its id."""
        both = zip(self._items, self._ran, strict=True)
        return {item.nodeid: ran.seconds for item, ran in both}

    def survives(self, mutant: Mutant) -> bool:
        """Whether every test passes that calls the function; this process stays mutated."""
        path = str(Path(mutant.name.module).resolve())
        called = path, mutant.called
        both = zip(self._items, self._ran, strict=True)
        chosen = [(item, ran) for item, ran in both if called in ran.called]
        chosen.sort(key=lambda pair: (not _is_own(mutant, pair[0]), pair[1].seconds))
        _put(self._functions, path, ast.parse(mutant.source))
        for cached in self._caches:
            cached.cache_clear()
        return all(
            time.process_time() > self._patience or _passed(item, then)
            for item, then in _in_turn([item for item, _ in chosen])
        )


def _functions_of_engine() -> dict[str, list[FunctionType]]:
    """Every function and method of the engine that has a name, by the path of its module."""
    found: dict[str, list[FunctionType]] = {
        str(path): [] for path in Path(ENGINE).resolve().rglob("*.py")
    }
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and "<" not in thing.__qualname__:
            found.get(thing.__code__.co_filename, []).append(thing)
    return found


def _put(functions: Mapping[str, list[FunctionType]], path: str, tree: ast.Module) -> None:
    """Let the functions of a module run other code, wherever they are referred to."""
    codes = {code.co_qualname: code for code in _codes(compile(tree, path, "exec"))}
    for function in functions[path]:
        function.__code__ = codes[function.__code__.co_qualname]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _recorded(
    items: Sequence[pytest.Item], functions: Mapping[str, list[FunctionType]]
) -> list[_Ran]:
    """How each test goes with nothing mutated, told by a process of its own."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        try:
            with open(into, "wb") as pipe:  # noqa: PTH123 - it has no path
                pickle.dump(list(_recording(items, functions)), pipe)
        finally:
            os._exit(0)
    os.close(into)
    with open(out, "rb") as pipe:  # noqa: PTH123 - it has no path
        ran: list[_Ran] = pickle.load(pipe)  # noqa: S301 - from our own child
    os.waitpid(child, 0)
    return ran


def _recording(
    items: Sequence[pytest.Item], functions: Mapping[str, list[FunctionType]]
) -> Iterator[_Ran]:
    seen = set[tuple[str, str]]()
    setattr(builtins, SEEN, seen)
    for path in functions:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
        _put(functions, path, _telling(tree, path))
    for item, then in _in_turn(items):
        seen.clear()
        began = time.process_time()
        passed = _passed(item, then)
        yield _Ran(passed, time.process_time() - began, frozenset(seen))


def _telling(tree: ast.Module, path: str) -> ast.Module:
    """The module, each function and method of which first notes that it was called."""
    bodies: list[tuple[str, Sequence[ast.stmt]]] = [("", tree.body)]
    for within, body in bodies:
        for node in body:
            if isinstance(node, ast.FunctionDef):
                note = f"{SEEN}.add(({path!r}, {within + node.name!r}))"
                node.body[:0] = ast.parse(note).body
            elif isinstance(node, ast.ClassDef):
                bodies.append((f"{within}{node.name}.", node.body))
    return tree


def _in_turn(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each test with the one after it, as pytest wants to know."""
    return zip(items, [*items[1:], None], strict=True)


def _passed(item: pytest.Item, then: pytest.Item | None) -> bool:
    _start_clock()
    failed = item.session.testsfailed
    item.session.config.hook.pytest_runtest_protocol(item=item, nextitem=then)
    return item.session.testsfailed == failed


# --- a mistake made while a module is loaded ------------------------------------------


class _AtLoad:
    """Loads everything afresh, and puts the tests into a better order."""

    def __init__(self, patience: float, seconds: Mapping[str, float]) -> None:
        self._patience, self._seconds = patience, seconds

    def survives(self, mutant: Mutant) -> bool:
        """Whether every test passes; this process stays mutated."""
        for name in [name for name in sys.modules if name.split(".")[0] in ("generator", "tests")]:
            del sys.modules[name]
        sys.meta_path.insert(0, _Finder(mutant))
        self._mutant = mutant
        return pytest.main([*OPTIONS, *present()], plugins=[self]) == 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        seconds = self._seconds
        items.sort(key=lambda item: (not _is_own(self._mutant, item), seconds[item.nodeid]))

    def pytest_runtest_setup(self) -> None:
        _start_clock()
        if time.process_time() > self._patience:
            pytest.exit("survived", returncode=0)


class _Finder:
    """Finds the mutated module before anybody finds the real one."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = mutant.name.module.removesuffix(".py").replace("/", ".")
        self._loader = _Loader(self._name, str(Path(mutant.name.module).resolve()), mutant.source)

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != self._name:
            return None
        return spec_from_file_location(name, self._loader.path, loader=self._loader)


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - it loads one module only
        return compile(self._source, self.path, "exec", dont_inherit=True)
