"""What each person may see, and when it is shown."""

from tests.support.pair import in_meeting
from tests.support.playbook import Side

from parley.core.effects import Show
from parley.core.ids import Names
from parley.core.inputs import TakeCard, Unpair
from parley.core.talks.messages import Devices, Hand, Ping, Step
from parley.core.view import StateView, Welcome


def states(side: Side) -> list[str]:
    return [e.session for e in side.effects if isinstance(e, Show) and isinstance(e.message, StateView)]


def test_a_session_begins_with_welcome_and_state():
    side = Side("Seoul")
    head = side.person("head")
    assert [type(message).__name__ for message in side.shown[head]] == ["Welcome", "StateView"]
    welcome = side.last(head, Welcome)
    assert welcome.you == side.seat_of[head] and welcome.side.other is None and welcome.version == "test"


def test_the_other_sides_name_is_shown_as_soon_as_its_card_was_taken():
    side = Side("Seoul")
    head = side.person("head")
    side.admin(TakeCard(Side("Pyongyang").body, "signature"))
    assert side.last(head, Welcome).side.other == Names("Pyongyang", "Pyongyang")
    side.admin(Unpair())
    assert side.last(head, Welcome).side.other is None


def test_everyone_sees_the_own_side_whole_and_only_oneself_as_you():
    side = Side("Seoul")
    head, delegate = side.person("head"), side.person("delegate")
    absent = side.seat("recorder")
    for session in (head, delegate):
        screen = side.screen(session)
        assert [seat.role for seat in screen.seats] == ["head", "delegate", "recorder"]
        assert [seat.id for seat in screen.seats if seat.you] == [side.seat_of[session]]
    missing = next(seat for seat in side.screen(head).seats if seat.id == absent)
    assert (missing.present, missing.place, missing.muted_by) == (False, "none", None)


def test_the_state_is_shown_after_each_change_and_only_then():
    side = Side("Seoul")
    head, delegate = side.person("head"), side.person("delegate")
    before = side.screen(head).rev
    side.says(head, Hand(raised=True))
    assert states(side) == [head, delegate]
    assert side.screen(head).rev == side.screen(delegate).rev == before + 1
    side.says(head, Hand(raised=True))
    assert states(side) == []
    side.says(head, Ping(n=1))
    assert states(side) == []


def test_in_the_meeting_the_other_side_is_at_the_table_and_whoever_steps_out_sees_the_own_place():
    pair, left, right = in_meeting()
    pair.right.says(right, Devices(mic=True, camera=True, sharing=True))
    pair.drain()
    other = next(seat for seat in pair.left.screen(left).seats if seat.side == "other")
    assert (other.place, other.mic, other.camera, other.sharing, other.you) == ("meeting", True, True, True, False)
    pair.left.says(left, Step(place="caucus"))
    screen = pair.left.screen(left)
    assert screen.place == "caucus" and screen.meeting.state == "open"
    assert {seat.side: seat.place for seat in screen.seats} == {"own": "caucus", "other": "meeting"}


def test_times_are_the_own_nodes_and_now_comes_with_them():
    pair, left, _ = in_meeting()
    pair.later(5000)
    pair.left.says(left, Hand(raised=True))
    screen = pair.left.screen(left)
    assert screen.now_ms - screen.meeting.since_ms == 5000
    assert screen.now_ms - screen.line.since_ms == 5000
