#!/bin/sh
# Renews the locks: newest versions, every file's hash, no host named. Needs uv (pip install uv).
set -eu
cd "$(dirname "$0")/.."
lock() {
    uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
        --no-header --no-emit-index-url --no-emit-find-links "$@"
}
lock requirements/build.in -o requirements/build.txt
lock pyproject.toml -c requirements/build.txt -o requirements/site.txt
lock pyproject.toml requirements/test.in -c requirements/site.txt -c requirements/build.txt \
    -o requirements/test.txt
