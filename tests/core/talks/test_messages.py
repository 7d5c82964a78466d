"""What a browser may say, and that nothing else gets past the decoder."""

import json
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.talks.messages import (
    MAX_SAID,
    AnySaid,
    Devices,
    Offer,
    Said,
    Want,
    Watch,
    decode_said,
)

SEAT = "0123456789abcdef"


def test_messages_read_as_agreed():
    assert decode_said('{"kind":"devices","mic":true,"camera":false,"sharing":false}') == Devices(
        mic=True, camera=False, sharing=False
    )
    assert decode_said(b'{"kind":"offer","peer":"main","request":3,"sdp":"v=0"}') == Offer("main", 3, "v=0")
    want = '{"kind":"watch","wants":[{"stream":"other/0123456789abcdef/video","width":640}]}'
    assert decode_said(want) == Watch(wants=[Want(f"other/{SEAT}/video", 640, 1)])


def test_every_message_has_its_own_kind():
    members: tuple[type[Said], ...] = typing.get_args(AnySaid)
    assert len({member.__struct_config__.tag for member in members}) == len(members) == 14


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"kind":"crown"}',
        '{"kind":"propose_open","seat":"0123456789abcdef"}',
        '{"kind":"mute","seat":"../../etc"}',
        '{"kind":"hand","raised":1}',
        '{"kind":"step","place":"none"}',
        '{"kind":"ping","n":1e400}',
        '{"kind":"ping","n":-1}',
        '{"kind":"ping","n":9007199254740992}',
        '{"kind":"offer","peer":"main","request":1,"sdp":""}',
        '{"kind":"watch","wants":[{"stream":"own/0123456789abcdef/video","width":0}]}',
        '{"kind":"hand","raised":true,"__proto__":{}}',
        '{"kind":"accept_open","proposal":"0123456789abcdef\\n"}',
        json.dumps({"kind": "watch", "wants": [{"stream": f"own/{SEAT}/video", "width": 1}] * 65}),
        json.dumps({"kind": "offer", "peer": "main", "request": 1, "sdp": "x" * 65537}),
        "[" * 90_000,
        '{"kind":"hand","raised":true}' + " " * MAX_SAID,
        b'{"kind":"hand","raised":\xff}',
        '{"kind":"offer","peer":"main","request":1,"sdp":"\\ud800"}',
    ],
)
def test_anything_else_is_refused_with_a_sentence(frame: str | bytes):
    with pytest.raises(ValueError, match=r".{5}"):
        decode_said(frame)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_no_frame_raises_anything_but_a_refusal(frame: bytes | str):
    try:
        decode_said(frame)
    except ValueError:
        return
