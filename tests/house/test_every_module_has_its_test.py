"""Each module with something to go wrong in it has a test file of its name: src/parley/a/b.py and tests/a/test_b.py."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "parley"
ELSEWHERE = {
    "demo/run.py": "tests/e2e: a demo is run whole",
    "demo/stage.py": "tests/e2e: every test stands on this stage",
    "demo/robots.py": "tests/e2e: robots sit at a real node",
    "demo/keys.py": "needs a terminal; its keys call what tests/demo/test_control.py tests",
    "store/tables.py": "tests/store/test_journal.py: the tables in use",
    "core/node/follow.py": "tests/core/node/test_machine.py: what follows an input",
    "core/node/state.py": "tests/core/node/test_machine.py: the state behind each of its tests",
}


def has_functions(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    protocols = {
        member
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
        for member in ast.walk(node)
    }
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return any(isinstance(node, kinds) and node not in protocols for node in ast.walk(tree))


def test_every_module_has_its_test():
    missing: list[str] = []
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE)
        if path.name == "__init__.py" or "migrations" in name.parts or not has_functions(path):
            continue
        if not (ROOT / "tests" / name.parent / f"test_{path.name}").exists() and str(name) not in ELSEWHERE:
            missing.append(str(name))
    assert missing == []


def test_no_exemption_outlives_its_module():
    assert [name for name in ELSEWHERE if not (SOURCE / name).exists()] == []
