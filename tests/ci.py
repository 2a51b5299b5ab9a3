"""What stands in .ci/ and .github/, for the tests of it."""

import importlib.util
import sys
from types import ModuleType

from tests.cases import ROOT


def review_script() -> ModuleType:
    """.ci/review.py, which stands in no package."""
    spec = importlib.util.spec_from_file_location("ci_review", ROOT / ".ci" / "review.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
