"""What the documents tell a person to type exists."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def said(pattern: str) -> set[str]:
    return {
        found for page in DOCUMENTS for found in re.findall(pattern, page.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_every_target_that_is_named_exists():
    named = said(r"(?:^|`)(?:\$ )?make ([a-z0-9]+)")
    assert named - set(re.findall(r"^([a-z0-9]+):.*## ", MAKEFILE, re.MULTILINE)) == set()


def test_every_command_that_is_named_exists():
    unknown: list[str] = []
    for command in said(r"(?:^|`)(?:\$ )?parley ([a-z]+)"):
        asked = [sys.executable, "-m", "parley.cli.main", command, "--help"]
        if subprocess.run(asked, cwd=ROOT, check=False, capture_output=True).returncode != 0:
            unknown.append(command)
    assert unknown == []
