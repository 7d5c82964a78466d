"""Files stay small, folders stay few: the budgets of CONTRIBUTING.md."""

import statistics
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 500
MEDIAN = 150
MOST_FILES = 14


def sources() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.rs", "*.ts", "*.tsx"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    return [ROOT / name for name in listed if (ROOT / name).exists() and not name.endswith("gen.ts")]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long():
    assert [f"{path.relative_to(ROOT)}: {lines(path)}" for path in sources() if lines(path) > LONGEST] == []


def test_the_median_file_is_small():
    assert statistics.median(lines(path) for path in sources()) <= MEDIAN


def test_folders_hold_few_files():
    folders = Counter(path.parent.relative_to(ROOT) for path in sources() if path.name != "__init__.py")
    assert {str(folder): many for folder, many in folders.items() if many > MOST_FILES} == {}


def test_names_explain_themselves():
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [str(path) for path in sources() if path.stem.lower() in vague or path.parent.name.lower() in vague] == []
