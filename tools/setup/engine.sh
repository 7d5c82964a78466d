#!/usr/bin/env bash
# The engine and the robots: compiled once with the release profile, packed as wheels, installed into .venv.
set -eu
root=$PWD
export VIRTUAL_ENV="$root/.venv"
export PATH="$VIRTUAL_ENV/bin:$PATH"
wheels=$root/.build/wheels
mkdir -p "$wheels"
cd engine
# First the workspace as a whole, so that tests, lints and wheels share every compiled dependency.
cargo build --release --locked --workspace
maturin build --quiet --release --locked --out "$wheels"
maturin build --quiet --release --locked --manifest-path crates/parley-robot/Cargo.toml --out "$wheels"
cd "$root"
uv pip install --quiet --no-deps --reinstall "$(ls -t "$wheels"/parley_engine-*.whl | head -n 1)" "$(ls -t "$wheels"/parley_robot-*.whl | head -n 1)"
