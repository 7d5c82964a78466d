"""Traces: what the operator asks and what the node wants then."""

from tests.support.playbook import START, Side, digest

from parley.core.effects import CloseSession, Done, Engine, Journal, No, Reply, Show
from parley.core.effects.commands import LineRate, SeatClose
from parley.core.effects.facts import RateSet, SeatAdded, SeatEnrolled, SeatRevoked
from parley.core.inputs import AddSeat, AdminAsked, EnrolAsked, RevokeSeat, SetRate
from parley.core.view import Ended

SEAT = "0123456789abcdef"


def test_a_seat_is_added_journaled_and_answered():
    side = Side("Seoul")
    effects = side.take(AdminAsked("r1", AddSeat(SEAT, "Kim", "head", digest("t"))))
    assert effects == [
        Journal(SeatAdded(START, SEAT, "Kim", "head", digest("t"))),
        Reply("r1", Done(SEAT)),
    ]


def test_a_link_binds_the_seat_to_the_first_browser():
    side = Side("Seoul")
    side.admin(AddSeat(SEAT, "Kim", "head", digest("t")))
    assert side.take(EnrolAsked("e1", digest("t"), digest("c"))) == [
        Journal(SeatEnrolled(START, SEAT, digest("c"))),
        Reply("e1", Done(SEAT)),
    ]
    assert side.node.seat_of_cookie(digest("c")) == SEAT
    assert side.take(EnrolAsked("e2", digest("t"), digest("d"))) == [Reply("e2", No("link_unknown"))]
    assert side.node.seat_of_cookie(digest("d")) is None


def test_revoking_ends_media_then_session_in_one_turn():
    side = Side("Seoul")
    head = side.person("head")
    seat = side.seat_of[head]
    effects = side.take(AdminAsked("r1", RevokeSeat(seat)))
    assert effects == [
        Journal(SeatRevoked(START, seat)),
        Engine(SeatClose(seat)),
        Show(head, Ended(reason="revoked")),
        CloseSession(head),
        Reply("r1", Done(seat)),
    ]
    assert side.node.seat_of_cookie(digest(f"cookie {seat}")) is None
    assert side.admin(RevokeSeat(seat)) == No("no_such_seat")


def test_the_rate_is_kept_and_told_to_the_engine():
    side = Side("Seoul")
    effects = side.take(AdminAsked("r1", SetRate(256)))
    assert effects == [Journal(RateSet(START, 256)), Engine(LineRate(256)), Reply("r1", Done())]
    side.restart()
    assert LineRate(256) in side.engine.commands


def test_a_name_that_cannot_stand_on_a_screen_is_refused():
    assert Side("Seoul").admin(AddSeat(SEAT, "a\u202eb", "head", digest("t"))) == No("name_malformed")
