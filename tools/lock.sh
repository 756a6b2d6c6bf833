#!/bin/sh
# Lock every version: Python packages with their hashes; jars, Node's and Go's packages with their digests.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin

lock() { # lock OUTPUT INPUT...
    out=requirements/$1
    shift
    "$bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
        ${UPGRADE:+--upgrade} --output-file "$out" "$@"
}
lock base.txt pyproject.toml
lock test.txt pyproject.toml --all-extras --group dev --constraints requirements/base.txt
lock build.txt requirements/build.in --constraints requirements/test.txt
"$bin/python" tests/judges/install.py --lock
