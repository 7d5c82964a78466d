"""The engine of a node: media and the line, in Rust. `parley.engine` is its only importer in a node; see spec/engine.md."""

from parley_engine._engine import Emulator, Engine

__all__ = ["Emulator", "Engine"]
