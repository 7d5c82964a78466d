"""The node as a whole: start, restart, stop, the alarm, the order of effects."""

import pytest
from tests.support.pair import in_meeting
from tests.support.playbook import START, Side

from parley.core.effects import CloseSession, Effect, Engine, Journal, SendNode, Show, WakeAt
from parley.core.effects.commands import LineOpen, LinePeer, LineRate, Meeting
from parley.core.inputs import Opening, Started, Stopping, Woke
from parley.core.node import Node
from parley.core.talks.messages import LeaveMeeting, Offer
from parley.core.talks.presence import RETURN_MS
from parley.core.view import Ended, StateView


def test_a_new_node_tells_the_engine_that_nobody_may_come():
    side = Side("Seoul")
    assert side.engine.commands == [Meeting(None), LineRate(0), LineOpen(), LinePeer(None, [])]


def test_a_node_without_a_card_is_none():
    with pytest.raises(ValueError, match="not a card"):
        Node(Opening(card="{}"))


def test_an_engine_that_was_replaced_is_told_everything_again_and_the_browsers_offer_anew():
    pair, left, _ = in_meeting()
    pair.left.says(left, Offer(peer="main", request=1, sdp="v=0"))
    told = (dict(pair.left.engine.seats), pair.left.engine.meeting, pair.left.engine.peer)
    pair.left.engine.seats.clear()
    pair.left.engine.meeting = pair.left.engine.peer = None
    pair.left.take(Started())
    assert (pair.left.engine.seats, pair.left.engine.meeting, pair.left.engine.peer) == told
    assert pair.left.notices(left)[-1] == "media_restarted"
    assert pair.left.screen(left).line.state == "down"


def kind(effect: Effect) -> str:
    if isinstance(effect, Show):
        return "State" if isinstance(effect.message, StateView) else "Tell"
    return type(effect).__name__


def test_effects_come_in_the_order_that_keeps_people_safe():
    pair, left, _ = in_meeting()
    effects = pair.left.says(left, LeaveMeeting())
    kinds = [kind(effect) for effect in effects]
    assert kinds == ["Journal", "Engine", "Engine", "SendNode", "Tell", "State"]
    assert isinstance(effects[0], Journal) and isinstance(effects[1], Engine) and isinstance(effects[3], SendNode)


def test_the_alarm_is_set_for_who_may_return_and_rings_again_when_it_rang_too_early():
    side = Side("Seoul")
    head = side.person("head")
    seat = side.seat_of[head]
    side.drop(head)
    assert side.alarm == START + RETURN_MS
    assert side.take(Woke()) == [WakeAt(START + RETURN_MS)]
    side.now = START + RETURN_MS
    side.take(Woke())
    assert (seat not in side.engine.seats and side.alarm is None) or side.alarm == START + RETURN_MS
    back = side.sit(seat)
    assert side.screen(back).seats[0].present


def test_stopping_tells_everyone_and_ends_their_media():
    side = Side("Seoul")
    head, delegate = side.person("head"), side.person("delegate")
    effects = side.take(Stopping())
    for session in (head, delegate):
        assert Show(session, Ended(reason="shutdown")) in effects and CloseSession(session) in effects
    assert side.engine.seats == {}
    assert not [effect for effect in effects if isinstance(effect, Journal)]


def test_a_restart_keeps_everything_that_was_acknowledged():
    side = Side("Seoul")
    for role in ("head", "delegate", "technician"):
        side.seat(role)
    before = side.node.status()
    side.restart()
    assert side.node.status() == before
