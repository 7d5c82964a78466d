"""JSON read strictly: an object that names a key twice is refused, because two readers could read it differently."""

import json


class DuplicateKey(ValueError):
    """An object names a key twice."""


def refuse_duplicates(text: str | bytes) -> None:
    """Raise `ValueError` when this is not JSON, is nested too deeply, or names a key twice in one object."""
    try:
        json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _once(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise DuplicateKey("a key stands twice in one object")
