"""Writes every generated file anew (`make gen`). A generator is tools/gen_<x>.py with TARGET, a path from the root, and make() -> str."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def made() -> Iterator[tuple[Path, str]]:
    """Each generated file with the text it should have now."""
    for source in sorted(Path(__file__).parent.glob("gen_*.py")):
        spec = importlib.util.spec_from_file_location(source.stem, source)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield ROOT / module.TARGET, module.make()


def main() -> int:
    """Write what differs and say so."""
    for target, text in made():
        if not target.exists() or target.read_text() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            print(f"written: {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
