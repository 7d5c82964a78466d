import json

import msgspec
from tests.support.pair import in_meeting
from tests.support.playbook import Side, card_of

from parley.core.inputs import Measured
from parley.core.media.stats import ClassTraffic, Crossing, EngineStats, LineStats, Traffic


def test_status_has_what_an_operator_asks_for():
    pair, left, _ = in_meeting()
    line = LineStats(state="linked", rtt_ms=3.0, rate_kbit=900.0, out=ClassTraffic(audio=Traffic(10, 1, 0)))
    crossing = [Crossing("out", pair.left.seat_of[left], "audio", 0, 10, 1, 1)]
    pair.left.take(Measured(EngineStats(line, crossing)))
    status = json.loads(msgspec.json.encode(pair.left.node.status()))
    assert status["side"] == {"en": "Seoul", "ko": "Seoul"}
    assert {key: status["line"][key] for key in ("state", "rtt_ms", "rate_kbit")} == {
        "state": "linked",
        "rtt_ms": 3.0,
        "rate_kbit": 900.0,
    }
    assert status["line"]["out"]["audio"] == {"bytes": 10, "packets": 1, "dropped": 0}
    assert set(status["line"]["in"]) == {"control", "hotline", "audio", "slides", "video", "files"}
    assert status["meeting"] == {"state": "open", "id": pair.left.engine.meeting}
    assert status["seats"][0]["role"] == "head" and status["seats"][0]["present"] is True
    assert status["crossing"][0]["viewers"] == 1


def test_status_of_a_node_that_was_only_read_from_its_journal():
    side = Side("Seoul")
    side.seat("head")
    status = side.node.status()
    assert status.line.state == "unpaired" and status.seats[0].enrolled and not status.seats[0].present


def test_me_says_who_this_browser_is():
    side = Side("Seoul")
    seat = side.seat("adviser", "Kim")
    me = side.node.me(seat)
    assert me is not None and (me.name, me.role, me.side) == ("Kim", "adviser", card_of("Seoul").names)
    assert side.node.me("f" * 16) is None
