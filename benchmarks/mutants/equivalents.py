"""The mutants that differ from the engine in nothing that a caller could see, each with its reason.

They stand in `equivalents.yaml`, found by what they are, so that they stay known when lines move.
"""

from pathlib import Path

import yaml

from benchmarks.mutants.mutations import Name

LIST = Path(__file__).with_name("equivalents.yaml")


def equivalents() -> dict[Name, str]:
    """Why no test can tell them from the engine, by name."""
    entries = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return {
        Name(entry["module"], entry["function"], entry["original"], entry["mutated"]): entry["why"]
        for entry in entries
    }
