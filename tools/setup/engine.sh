#!/usr/bin/env bash
# The engine: one build of the whole Rust workspace; the Python module and the robot are taken from it, so that no crate is ever compiled for a second feature set.
set -eu
root=$PWD
cd engine
cargo build --release --workspace --locked
cd "$root"
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
mkdir -p "$site/parley_engine"
cp -r engine/python/parley_engine/. "$site/parley_engine/"
# A new file under the old name, never a write into the old one: a running node has it mapped.
install -m 755 engine/target/release/libparley_engine.so "$site/parley_engine/.new.so"
mv "$site/parley_engine/.new.so" "$site/parley_engine/_parley_engine.abi3.so"
install -m 755 engine/target/release/parley-robot .venv/bin/.parley-robot.new
mv .venv/bin/.parley-robot.new .venv/bin/parley-robot
.venv/bin/python -c 'import parley_engine; parley_engine.Engine, parley_engine.Emulator'
