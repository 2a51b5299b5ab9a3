#!/bin/sh
# Writes the locks anew: every package with its hash, no host named. Needs uv (pip install uv) and npm.
# Keeps the versions that still fit; with --upgrade moves to the newest.
set -eu
cd "$(dirname "$0")/.."
upgrade=${1:-}
lock() {
    uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
        --no-header --no-emit-index-url --no-emit-find-links $upgrade "$@"
}
lock requirements/build.in -o requirements/build.txt
lock pyproject.toml -c requirements/build.txt -o requirements/site.txt
lock pyproject.toml requirements/test.in -c requirements/site.txt -c requirements/build.txt \
    -o requirements/test.txt
lock requirements/bench.in -o requirements/bench.txt
cd benchmarks/quality
npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved \
    --no-audit --no-fund --loglevel error >/dev/null
node -e '
    const fs = require("fs"), lock = JSON.parse(fs.readFileSync("package-lock.json"));
    for (const one of Object.values(lock.packages)) delete one.funding;
    fs.writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n");'
