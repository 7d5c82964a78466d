"""Runs the checks and the tests one after another, shows each as it goes, and counts.

usage: suites.py check | test

Every suite runs even when one before it failed, so that one run tells all. The verdict, `N passed, N failed`, counts tests where a
runner counts them and a suite as one where it does not; it also goes to `.build/verdict` for CI.
"""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ("--manifest-path", "engine/Cargo.toml")


@dataclass(frozen=True)
class Suite:
    """A command, and what it keeps."""

    name: str
    command: tuple[str, ...]


CHECKS = (
    Suite("python format", ("ruff", "format", "--check", "--quiet", "src", "tests", "tools")),
    Suite("python lints", ("ruff", "check", "--quiet", "src", "tests", "tools")),
    Suite("python types", ("pyright", "--warnings")),
    Suite("import contracts", ("lint-imports",)),
    Suite("rust format", ("cargo", "fmt", *ENGINE, "--all", "--check")),
    Suite(
        "rust lints",
        (
            "cargo",
            "clippy",
            *ENGINE,
            "--release",
            "--locked",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ),
    ),
    Suite("house rules", (sys.executable, "-m", "pytest", "-q", "tests/house")),
)
TESTS = (
    Suite("engine", ("cargo", "test", *ENGINE, "--release", "--locked", "--workspace", "--quiet")),
    Suite("node", (sys.executable, "-m", "pytest", "-q", "tests", "--ignore=tests/house", "--ignore=tests/e2e")),
)


def counted(output: str, failed: bool) -> tuple[int, int]:
    """Tests passed and failed as the runners count them; a suite that counts nothing is one test."""
    passed = sum(int(n) for n in re.findall(r"(\d+) passed", output))
    broken = sum(int(n) for n in re.findall(r"(\d+) (?:failed|errors?)\b", output))
    if passed + broken == 0:
        return (0, 1) if failed else (1, 0)
    return passed, max(broken, 1) if failed else broken


def run(suite: Suite) -> tuple[int, int]:
    """One suite with its output shown as it comes."""
    print(f"\n== {suite.name}", flush=True)
    began = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        suite.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            print(line, end="", flush=True)
    output = "".join(lines)
    failed = process.returncode != 0
    print(f"== {suite.name}: {'FAILED' if failed else 'ok'}, {time.monotonic() - began:.0f} s", flush=True)
    return counted(output, failed)


def main() -> int:
    """Run what was asked and say how it ended."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    suites = CHECKS + TESTS if sys.argv[1:] == ["test"] else CHECKS
    results = [(suite.name, *run(suite)) for suite in suites]
    passed, failed = (sum(column) for column in list(zip(*results, strict=True))[1:])
    verdict = f"{passed} passed, {failed} failed"
    broken = [name for name, _, bad in results if bad]
    if broken:
        print(f"\nfailed: {', '.join(broken)}")
    (ROOT / ".build").mkdir(exist_ok=True)
    (ROOT / ".build" / "verdict").write_text(verdict + "\n")
    if not os.environ.get("CI"):
        print(verdict)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
