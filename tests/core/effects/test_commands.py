"""The commands exactly as the engine reads them."""

import json

import pytest

from parley.core.effects.commands import (
    AnyCommand,
    LineClose,
    LineOpen,
    LinePeer,
    LineRate,
    LineSend,
    Meeting,
    PeerClose,
    PeerOffer,
    Seat,
    SeatClose,
    SeatWatch,
    WatchWant,
    encode_command,
)

SEAT = "0123456789abcdef"


@pytest.mark.parametrize(
    ("command", "json_text"),
    [
        (LinePeer("QUJD", ["192.0.2.1:7000"]), '{"kind":"line_peer","spki":"QUJD","addrs":["192.0.2.1:7000"]}'),
        (LinePeer(None, []), '{"kind":"line_peer","spki":null,"addrs":[]}'),
        (LineClose(), '{"kind":"line_close"}'),
        (LineOpen(), '{"kind":"line_open"}'),
        (LineRate(256), '{"kind":"line_rate","kbit":256}'),
        (LineSend(b"hello"), '{"kind":"line_send","data":"aGVsbG8="}'),
        (Meeting(SEAT), f'{{"kind":"meeting","id":"{SEAT}"}}'),
        (Meeting(None), '{"kind":"meeting","id":null}'),
        (
            Seat(SEAT, "caucus", True, False, False),
            f'{{"kind":"seat","seat":"{SEAT}","room":"caucus","audio":true,"video":false,"slides":false}}',
        ),
        (SeatClose(SEAT), f'{{"kind":"seat_close","seat":"{SEAT}"}}'),
        (
            PeerOffer(SEAT, "main", 1, "v=0\r\n"),
            f'{{"kind":"peer_offer","seat":"{SEAT}","peer":"main","request":1,"sdp":"v=0\\r\\n"}}',
        ),
        (PeerClose(SEAT, "main"), f'{{"kind":"peer_close","seat":"{SEAT}","peer":"main"}}'),
        (
            SeatWatch(SEAT, [WatchWant(f"other/{SEAT}/video", 640, 1)]),
            f'{{"kind":"watch","seat":"{SEAT}","wants":[{{"stream":"other/{SEAT}/video","width":640,"weight":1}}]}}',
        ),
    ],
)
def test_commands_read_as_agreed(command: AnyCommand, json_text: str):
    assert json.loads(encode_command(command)) == json.loads(json_text)
