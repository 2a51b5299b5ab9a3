"""What stands in .ci/ and .github/, for the tests of it."""

import importlib.util
import sys
from types import ModuleType

from tests.cases import ROOT


def script(name: str) -> ModuleType:
    """A script of .ci/, which stands in no package."""
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
