import pytest

from parley.web.strict import DuplicateKey, refuse_duplicates


def test_a_key_that_stands_twice_is_refused_at_any_depth():
    refuse_duplicates('{"a": {"b": 1}, "b": [{"a": 1}]}')
    for text in ('{"a":1,"a":1}', '[{"x":{"a":1,"\\u0061":2}}]'):
        with pytest.raises(DuplicateKey):
            refuse_duplicates(text)


def test_what_is_no_json_is_refused():
    for text in ("", "{", "[" * 100_000, b"\xff"):
        with pytest.raises(ValueError):
            refuse_duplicates(text)
