"""Fuzzes what a browser may say: `python tools/fuzz_signalling.py [SECONDS]`. Ends with 1 and the frame on a finding.

Three makers of frames: bytes and text at random, JSON at random, and true messages with one part changed. A finding is any
exception but the two that the connection itself means: an unreadable message, or the end of the connection.
"""

import sys
import time
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from parley.web.signalling import Listener, Misspoken

TRUE: list[dict[str, Any]] = [
    {"kind": "offer", "peer": "main", "request": 1, "sdp": "v=0\r\n"},
    {"kind": "watch", "wants": [{"stream": "own/0123456789abcdef/video", "width": 320, "weight": 1}]},
    {"kind": "devices", "mic": True, "camera": False, "sharing": False},
    {"kind": "accept_open", "proposal": "0123456789abcdef"},
    {"kind": "step", "place": "caucus"},
    {"kind": "ping", "n": 1},
]
_anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


@st.composite
def nearly_true(draw: st.DrawFn) -> str:
    """A true message in which one part was changed, cut or doubled."""
    message = dict(draw(st.sampled_from(TRUE)))
    key = draw(st.sampled_from([*message, draw(st.text())]))
    message[key] = draw(_anything)
    text = msgspec.json.encode(message).decode()
    cut = draw(st.integers(0, len(text)))
    return draw(st.sampled_from([text, text[:cut], text[:cut] + text, text[:-1] + "," + text[1:]]))


frames = st.text() | st.binary() | _anything.map(lambda v: msgspec.json.encode(v).decode()) | nearly_true()


@settings(
    max_examples=2000,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(st.lists(frames, max_size=8))
def one_round(said: list[str | bytes]) -> None:
    """One connection that says these frames."""
    listener = Listener()
    try:
        for frame in said:
            listener.read(frame)
    except Misspoken:
        return


def main(seconds: float) -> int:
    """Repeat rounds until the time is over."""
    end, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        one_round()
        rounds += 1
        print(f"\r{rounds * 2000} connections without a finding", end="", flush=True)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 600))
