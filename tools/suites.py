"""Runs the suites of the project one after another and counts: `python tools/suites.py check|test`.

A suite is one command with a name; what it counts is read from its own summary (pytest, cargo test, vitest), a command
without tests counts as one. A suite that fails does not keep the next from running. In CI (CI=1) a skipped test is a
failed one: nothing passes by not being run. The last line, also left in .build/verdict, is "N passed, N failed".
"""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".build" / "log"
TAIL_LINES = 120


@dataclass(frozen=True)
class Suite:
    """One command: `folder` is where it runs, `counts` how its summary is read."""

    name: str
    command: tuple[str, ...]
    folder: str = "."
    counts: str = "one"


@dataclass(frozen=True)
class Tally:
    """How many passed, failed and were skipped."""

    passed: int
    failed: int
    skipped: int = 0


CARGO = ("--release", "--workspace", "--locked")

CHECK = (
    Suite("python format", ("ruff", "format", "--check", ".")),
    Suite("python lint", ("ruff", "check", ".")),
    Suite("python types", ("pyright",)),
    Suite("import contracts", ("lint-imports",)),
    Suite("house", ("pytest", "-q", "tests/house"), counts="pytest"),
    Suite("screens lint", ("npm", "run", "--silent", "lint"), "web"),
    Suite("screens types", ("npm", "run", "--silent", "types"), "web"),
    Suite("screens imports", ("npm", "run", "--silent", "imports"), "web"),
    Suite("engine format", ("cargo", "fmt", "--check"), "engine"),
    Suite("engine lint", ("cargo", "clippy", *CARGO, "--all-targets", "--", "-D", "warnings"), "engine"),
)

TEST = (
    *CHECK,
    Suite("node", ("pytest", "-q", "tests", "--ignore=tests/house", "--ignore=tests/e2e"), counts="pytest"),
    Suite("screens", ("npm", "run", "--silent", "test"), "web", counts="vitest"),
    Suite("engine", ("cargo", "test", *CARGO), "engine", counts="cargo"),
    Suite("browsers", ("pytest", "-q", "tests/e2e"), counts="pytest"),
)


def _sum(pattern: str, text: str) -> int:
    return sum(int(n) for n in re.findall(pattern, text))


def count(kind: str, text: str, code: int) -> Tally:
    """Read the summary of a suite. A bad exit without a counted failure is one failure."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    if kind == "pytest":
        last = next((line for line in reversed(text.splitlines()) if re.search(r"\d+ \w+.* in [\d.]+s", line)), "")
        failed = _sum(r"(\d+) failed", last) + _sum(r"(\d+) errors?", last)
        tally = Tally(_sum(r"(\d+) passed", last), failed, _sum(r"(\d+) skipped", last))
    elif kind == "cargo":
        tally = Tally(_sum(r"(\d+) passed;", text), _sum(r"(\d+) failed;", text), _sum(r"(\d+) ignored;", text))
    elif kind == "vitest":
        last = next((line for line in reversed(text.splitlines()) if re.match(r"\s*Tests\s", line)), "")
        tally = Tally(_sum(r"(\d+) passed", last), _sum(r"(\d+) failed", last), _sum(r"(\d+) skipped", last))
    else:
        tally = Tally(int(code == 0), int(code != 0))
    if code != 0 and tally.failed == 0:
        tally = Tally(tally.passed, 1, tally.skipped)
    if os.environ.get("CI") and tally.skipped:
        tally = Tally(tally.passed, tally.failed + tally.skipped, tally.skipped)
    return tally


def run(suite: Suite) -> Tally:
    """Run one suite with its output in .build/log, shown only when something failed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{suite.name.replace(' ', '-')}.log"
    print(f"{suite.name} ...", flush=True)
    begun = time.monotonic()
    with log.open("w") as out:
        try:
            done = subprocess.run(suite.command, cwd=ROOT / suite.folder, stdout=out, stderr=subprocess.STDOUT, check=False)
            code = done.returncode
        except FileNotFoundError as missing:
            out.write(f"{missing}\n")
            code = 127
    text = log.read_text(errors="replace")
    tally = count(suite.counts, text, code)
    if tally.failed:
        print("\n".join(text.splitlines()[-TAIL_LINES:]))
    said = f"{tally.passed} passed, {tally.failed} failed" + (f", {tally.skipped} skipped" if tally.skipped else "")
    print(f"    {said} ({time.monotonic() - begun:.0f} s)", flush=True)
    return tally


def main(argv: list[str]) -> int:
    """Run the suites named by the one argument; 0 when nothing failed."""
    suites = {"check": CHECK, "test": TEST}[argv[0]]
    tallies = [(suite.name, run(suite)) for suite in suites]
    bad = [name for name, tally in tallies if tally.failed]
    if bad:
        print(f"failed: {', '.join(bad)}")
    verdict = f"{sum(t.passed for _, t in tallies)} passed, {sum(t.failed for _, t in tallies)} failed"
    (ROOT / ".build" / "verdict").write_text(verdict + "\n")
    print(verdict)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
