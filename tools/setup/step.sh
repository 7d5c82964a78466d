#!/usr/bin/env bash
# Runs one set-up step: says what it does, keeps its output in .build/log, gives a sign of life, and shows the end of the log if it fails.
# usage: step.sh 3/6 NAME SENTENCE COMMAND...
set -u
number=$1 name=$2 sentence=$3
shift 3
mkdir -p .build/log
log=.build/log/${number%%/*}-$name.log
begun=$SECONDS
echo "[$number] $name: $sentence"
"$@" >"$log" 2>&1 &
pid=$!
trap 'kill "$pid" 2>/dev/null' INT TERM
told=$SECONDS
while kill -0 "$pid" 2>/dev/null; do
  sleep 0.2
  if ((SECONDS - told >= 15)); then
    told=$SECONDS
    last=$(tr '\r' '\n' <"$log" | grep -E '\S' | tail -n 1 | cut -c1-90 | sed -E 's/^[[:space:]]+//; s# \(/[^)]*\)##')
    crates=$(grep -cE '^ *Compiling ' "$log")
    ((crates > 0)) && last="$crates crates so far, now ${last#Compiling }"
    echo "      $((SECONDS - begun)) s: $last"
  fi
done
wait "$pid"
code=$?
if ((code != 0)); then
  echo "[$number] $name: failed. The end of $log:" >&2
  tail -n 40 "$log" >&2
  exit "$code"
fi
# What a step wants a person to read, it prints with this mark.
sed -n 's/^note: parley: /      /p' "$log"
((SECONDS - begun >= 2)) && echo "      done in $((SECONDS - begun)) s"
exit 0
