#!/usr/bin/env bash
# The Python environment of the project in .venv, exactly as locked in uv.lock. What is already there is kept.
set -eu
uv_version=0.13.9
[ -x .venv/bin/python ] || python3 -m venv .venv
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
# --inexact: the engine's own module, put here by engine.sh, is not in the lock and stays.
VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv sync --frozen --inexact --python .venv/bin/python
