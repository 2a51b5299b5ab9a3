"""`python -m benchmarks.scoring ROOT`: seconds that judging a city's newest year takes.

Run in the folder of any checkout of the project, it measures that one's engine on the same data:
the fastest of several, for the rest is the machine's. Owns nothing but the clock.
"""

import gc
import sys
from inspect import signature
from pathlib import Path
from time import perf_counter
from typing import Any

from generator.engine.rank import judged
from generator.reading.files import tree_below
from generator.shape.schema import files_of
from generator.year.load import load

RUNS = 5


def main() -> None:
    root = Path(sys.argv[1])
    # Older checkouts want to be told the root once more.
    given: Any = (tree_below(root), root)[: len(signature(files_of).parameters)]
    loaded, problems = load(files_of(*given))
    if loaded is None:
        raise SystemExit("\n".join(str(problem) for problem in problems[:5]))
    inputs = loaded.years[-1]
    # As the command line has it: what is left to measure is the engine, not the collector.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    taken = []
    for _ in range(RUNS):
        begin = perf_counter()
        judged(inputs)
        taken.append(perf_counter() - begin)
    print(min(taken))


if __name__ == "__main__":
    main()
