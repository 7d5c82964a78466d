#!/usr/bin/env bash
# Runs the fuzz targets of engine/fuzz one after another. cargo-fuzz needs options of the nightly compiler; RUSTC_BOOTSTRAP opens them on the stable one.
# usage: fuzz.sh SECONDS [TARGET]
set -eu
seconds=$1 only=${2:-}
export RUSTC_BOOTSTRAP=1
tools=$PWD/.build/cargo
export PATH=$tools/bin:$PATH
command -v cargo-fuzz >/dev/null || {
  echo "cargo-fuzz: installing into .build (about a minute, once)"
  cargo install cargo-fuzz --locked --quiet --root "$tools"
}
cd engine
targets=${only:-$(cargo fuzz list)}
for target in $targets; do
  echo "fuzz $target: $seconds s"
  cargo fuzz run --release "$target" -- -max_total_time="$seconds" -max_len=65536 -timeout=5 -rss_limit_mb=2048 -print_final_stats=1
done
echo "fuzz: $(wc -w <<<"$targets") targets, $seconds s each, no finding"
