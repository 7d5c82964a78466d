"""The engine's events exactly as it writes them."""

import pytest

from parley.core.media.events import (
    LineChanged,
    LineRefused,
    NodeMessageArrived,
    Panicked,
    PeerAnswered,
    PeerChanged,
    PeerRefused,
    Published,
    Slot,
    SlotsChanged,
    Speaker,
    SpeakersChanged,
    decode_event,
)

SEAT = "0123456789abcdef"


@pytest.mark.parametrize(
    ("json_text", "event"),
    [
        (
            f'{{"kind":"peer_answer","seat":"{SEAT}","peer":"main","request":1,"sdp":"v=0"}}',
            PeerAnswered(SEAT, "main", 1, "v=0"),
        ),
        (
            f'{{"kind":"peer_refused","seat":"{SEAT}","peer":"main","request":1,"reason":"bad sdp"}}',
            PeerRefused(SEAT, "main", 1, "bad sdp"),
        ),
        (
            f'{{"kind":"peer_state","seat":"{SEAT}","peer":"main","state":"closed","reason":"gone"}}',
            PeerChanged(SEAT, "main", "closed", "gone"),
        ),
        (
            f'{{"kind":"slots","seat":"{SEAT}","slots":[{{"peer":"main","mid":"3","stream":null}}]}}',
            SlotsChanged(SEAT, [Slot("main", "3", None)]),
        ),
        (
            f'{{"kind":"speaking","room":"meeting","speakers":[{{"stream":"other/{SEAT}/audio","level":23}}]}}',
            SpeakersChanged("meeting", [Speaker(f"other/{SEAT}/audio", 23)]),
        ),
        (
            '{"kind":"line_state","state":"linked","reason":"","addr":"192.0.2.1:7000"}',
            LineChanged("linked", "", "192.0.2.1:7000"),
        ),
        ('{"kind":"line_state","state":"down","reason":"timed_out","addr":null}', LineChanged("down", "timed_out")),
        ('{"kind":"line_received","data":"aGVsbG8="}', NodeMessageArrived(b"hello")),
        (
            '{"kind":"line_refused","spki":"QUJD","addr":"192.0.2.7:1","reason":"unknown_key"}',
            LineRefused("QUJD", "192.0.2.7:1", "unknown_key"),
        ),
        (
            f'{{"kind":"published","seat":"{SEAT}","media":"video","layers":[0,2],"active":true}}',
            Published(SEAT, True, "video", [0, 2]),
        ),
        ('{"kind":"panic","where":"peer","text":"index","new":1}', Panicked("peer", "index")),
    ],
)
def test_events_read_as_agreed(json_text: str, event: object):
    assert decode_event(json_text.encode()) == event
