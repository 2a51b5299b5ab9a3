"""What stands in .ci/ and .github/, for the tests of it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from tests.cases import ROOT
from tests.repositories import Said


def script(name: str) -> ModuleType:
    """A script of .ci/, which stands in no package."""
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def run(command: Path, *arguments: str, cwd: Path, **env: str) -> Said:
    """What a program says to either side, and leaves in the summary of a workflow beside `cwd`."""
    summary = {"GITHUB_STEP_SUMMARY": str(cwd.parent / "summary.md")}
    done = subprocess.run(
        [command, *arguments],
        cwd=cwd,
        env=os.environ | summary | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Said(done.returncode, done.stdout.decode())
