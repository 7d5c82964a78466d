"""Writes all generated files anew. Each maker has `make() -> str`; a house test keeps them fresh."""

from pathlib import Path

import gen_schema
import gen_types

ROOT = Path(__file__).resolve().parent.parent

for maker, target in ((gen_schema, "spec/schema/signalling.json"), (gen_types, "web/src/api/gen.ts")):
    (ROOT / target).write_text(maker.make(), encoding="utf-8")
    print(f"wrote {target}")
