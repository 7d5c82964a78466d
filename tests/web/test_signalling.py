"""Signalling read strictly: nothing that a browser says raises, too much of it ends the connection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.talks.messages import Ping
from parley.web.signalling import MAX_UNREADABLE, TOO_FAST, UNREADABLE, Listener, Misspoken

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["kind", "peer", "sdp"]), inner),
    max_leaves=20,
)


def test_a_message_is_read() -> None:
    assert Listener().read('{"kind":"ping","n":1}') == Ping(n=1)


def test_duplicate_keys_bytes_and_unknown_fields_are_no_messages() -> None:
    listener = Listener()
    for frame in (
        '{"kind":"ping","n":1,"n":2}',
        '{"kind":"ping","n":1,"seat":"x"}',
        b"{}",
        None,
        "[" * 50_000,
        '{"kind":"ping","n":1e400}',
        '{"kind":"offer","peer":"../x","request":1,"sdp":"v"}',
        '{"kind":"ping","n":1' + " " * 100_000 + "}",
    ):
        assert listener.read(frame) is None


def test_too_many_unreadable_messages_end_the_connection() -> None:
    listener = Listener()
    for _ in range(MAX_UNREADABLE):
        assert listener.read("nonsense") is None
    with pytest.raises(Misspoken) as ended:
        listener.read("nonsense")
    assert ended.value.code == UNREADABLE


def test_a_flood_ends_the_connection() -> None:
    listener = Listener()
    with pytest.raises(Misspoken) as ended:
        for _ in range(10_000):
            listener.read('{"kind":"ping","n":1}')
    assert ended.value.code == TOO_FAST


@given(st.text() | st.binary() | json_values.map(lambda value: __import__("json").dumps(value)))
def test_nothing_that_is_said_raises(frame: str | bytes) -> None:
    Listener().read(frame)
