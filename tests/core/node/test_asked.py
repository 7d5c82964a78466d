"""Traces: what a browser says and what the node wants then."""

from tests.support.playbook import Side

from parley.core.effects import CloseSession, Engine, Remark, Show
from parley.core.effects.commands import PeerClose, PeerOffer, SeatClose
from parley.core.inputs import Asked, SessionClosed, SessionOpened
from parley.core.talks.messages import ClosePeer, Devices, Leave, LeaveMeeting, Offer, Ping, ProposeOpen, Step
from parley.core.talks.seats import MAX_PEERS
from parley.core.view import Ended, Notice, Pong, Refused


def offer(peer: str, request: int = 1) -> Offer:
    return Offer(peer=peer, request=request, sdp="v=0")


def test_an_offer_goes_to_the_engine_with_the_seat_of_the_session():
    side = Side("Seoul")
    head = side.person("head")
    assert side.says(head, offer("main")) == [Engine(PeerOffer(side.seat_of[head], "main", 1, "v=0"))]
    assert side.says(head, ClosePeer(peer="main")) == [Engine(PeerClose(side.seat_of[head], "main"))]


def test_a_browser_has_so_many_peers_and_no_more():
    side = Side("Seoul")
    head = side.person("head")
    for n in range(MAX_PEERS):
        side.says(head, offer(f"watch{n}"))
    effects = side.says(head, offer("one-more", request=9))
    assert effects == [Show(head, Refused(peer="one-more", request=9, reason="too_many_peers"))]
    assert isinstance(side.says(head, offer("watch0"))[0], Engine), "renegotiation is not another peer"


def test_ping_is_answered():
    side = Side("Seoul")
    head = side.person("head")
    assert side.says(head, Ping(n=7)) == [Show(head, Pong(n=7))]


def test_a_second_browser_takes_the_seat_over():
    side = Side("Seoul")
    head = side.person("head")
    seat = side.seat_of[head]
    second = side.sit(seat)
    assert side.effects[:1] == [Engine(SeatClose(seat))], "media of the first page ends before all else"
    assert Show(head, Ended(reason="replaced")) in side.effects and CloseSession(head) in side.effects
    effects = side.take(Asked(head, Devices(mic=True, camera=True, sharing=True), "0" * 16))
    assert effects == [Remark("said_without_a_seat", "Devices")]
    side.take(SessionClosed(head))
    assert side.screen(second).seats[0].present, "the end of the old session does not end the new one"


def test_a_session_of_a_seat_that_is_no_more_is_ended():
    side = Side("Seoul")
    effects = side.take(SessionOpened("s", "f" * 16))
    assert effects[0] == Show("s", Ended(reason="revoked")) and CloseSession("s") in effects


def test_leaving_ends_the_session_and_its_media_at_once():
    side = Side("Seoul")
    head, other = side.person("head"), side.person("delegate")
    seat = side.seat_of[head]
    effects = side.says(head, Leave())
    assert effects[0] == Engine(SeatClose(seat))
    assert Show(head, Ended(reason="left")) in effects and CloseSession(head) in effects
    assert not next(s for s in side.screen(other).seats if s.id == seat).present


def test_refusals_are_told_to_who_asked_and_to_nobody_else():
    side = Side("Seoul")
    head, delegate = side.person("head"), side.person("delegate")
    assert side.says(delegate, ProposeOpen()) == [Show(delegate, Notice(code="not_head"))]
    assert side.says(head, ProposeOpen()) == [Show(head, Notice(code="line_not_linked"))]
    assert side.says(head, LeaveMeeting()) == [Show(head, Notice(code="meeting_not_open"))]
    assert side.says(delegate, Step(place="meeting")) == [Show(delegate, Notice(code="meeting_not_open"))]
