#!/bin/sh
# The whole check: tools, style, types, architecture, then the tests, whose summary closes the output.
set -eu
cd "$(dirname "$0")/.."

make --no-print-directory setup
bin=.venv/bin
"$bin/ruff" check .
"$bin/ruff" format --check .
"$bin/mypy"
"$bin/lint-imports"
exec "$bin/python" -m pytest -n 2 --dist worksteal "$@"
