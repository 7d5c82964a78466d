"""Writes `spec/schema/signalling.json`: the JSON Schema (2020-12) of all that a browser and its node say to each other.

`make()` returns the text; a test of the house compares it with the committed file. Run: `python tools/gen_schema.py`.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from parley.core import view
from parley.core.talks import messages

TARGET = Path(__file__).parent.parent / "spec" / "schema" / "signalling.json"


def make() -> str:
    """Describe said, shown and `GET /api/me` in one document; the models in Python are the only source."""
    (said, shown, me), components = msgspec.json.schema_components(
        [messages.AnySaid, view.AnyShown, view.Me], ref_template="#/$defs/{name}"
    )
    document: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parley signalling",
        "description": "WebSocket /api/signal: `said` by the browser, `shown` by its node. HTTP GET /api/me: `me`.",
        "properties": {"said": said, "shown": shown, "me": me},
        "$defs": components,
    }
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(make(), encoding="utf-8")
