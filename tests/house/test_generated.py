"""Generated files are what their makers make now."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATED = {"gen_schema": "spec/schema/signalling.json", "gen_types": "web/src/api/gen.ts"}


@pytest.mark.parametrize(("maker", "target"), GENERATED.items())
def test_a_generated_file_is_fresh(maker: str, target: str):
    spec = importlib.util.spec_from_file_location(maker, ROOT / "tools" / f"{maker}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / target).read_text(encoding="utf-8") == module.make(), f"{target} is stale: run `make gen`"
