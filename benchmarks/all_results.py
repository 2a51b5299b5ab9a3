"""`python -m benchmarks.all_results ROOT`: every year's results of a city, as one JSON object."""

import json
import sys
from pathlib import Path

from generator.engine.rank import judged
from generator.reading.files import tree_below
from generator.shape.schema import files_of
from generator.words.results import result_object, result_text
from generator.year.load import load


def main() -> None:
    loaded, problems = load(files_of(tree_below(Path(sys.argv[1]))))
    if loaded is None:
        raise SystemExit("\n".join(str(problem) for problem in problems[:5]))
    results = ((y.assessment.year, result_object(judged(y))) for y in loaded.years)
    json.dump({year: result_text(result) for year, result in results}, sys.stdout)


if __name__ == "__main__":
    main()
