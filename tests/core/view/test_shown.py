"""What a browser gets, exactly as it is written."""

import json
import typing

import msgspec
from tests.support.playbook import Side

from parley.core.view import AnyShown, Ended, FlowsView, LineView, Notice, Shown


def test_every_message_has_its_own_kind():
    members: tuple[type[Shown], ...] = typing.get_args(AnyShown)
    assert len({member.__struct_config__.tag for member in members}) == len(members) == 10


def test_messages_read_as_agreed():
    assert msgspec.json.encode(Ended(reason="revoked")) == b'{"kind":"ended","reason":"revoked"}'
    assert json.loads(msgspec.json.encode(Notice(code="muted"))) == {"kind": "notice", "code": "muted", "params": {}}
    gauge = json.loads(msgspec.json.encode(LineView("down", None, None, None, FlowsView(), FlowsView())))
    assert gauge["kind"] == "gauge" and gauge["in"]["audio"] == {"kbit": 0.0, "dropped": 0}


def test_the_state_is_flat_and_tagged():
    side = Side("Seoul")
    head = side.person("head", "Kim")
    state = json.loads(msgspec.json.encode(side.screen(head)))
    assert state["kind"] == "state" and state["place"] == "caucus"
    assert state["line"] == {"state": "unpaired", "since_ms": side.now, "reason": ""}
    assert state["meeting"]["state"] == "caucus" and state["hands"] == []
    (seat,) = state["seats"]
    assert seat == {
        "side": "own",
        "id": side.seat_of[head],
        "name": "Kim",
        "role": "head",
        "present": True,
        "place": "caucus",
        "mic": False,
        "camera": False,
        "sharing": False,
        "muted_by": "self",
        "you": True,
    }
