"""Stories: what is of the caucus never reaches the other side, and nothing from there reaches the caucus."""

from tests.support.pair import in_meeting, paired
from tests.support.playbook import Side

from parley.core.talks.messages import Devices, Hand, LeaveMeeting, Step, Want, Watch


def wire(side: Side) -> bytes:
    return b"\n".join(side.sent)


def test_before_a_meeting_the_other_node_hears_of_nobody():
    pair = paired()
    head = pair.left.person("head", "Secret Envoy")
    pair.left.says(head, Devices(mic=True, camera=True, sharing=True))
    pair.left.says(head, Hand(raised=True))
    pair.drain()
    assert b"Secret" not in wire(pair.left)
    assert pair.left.seat_of[head].encode() not in wire(pair.left)


def test_who_steps_out_leaves_the_other_sides_screens_and_whatever_they_do_there_stays_there():
    pair, left, right = in_meeting()
    adviser = pair.left.person("adviser", "Adviser")
    pair.drain()
    pair.left.says(adviser, Step(place="caucus"))
    pair.drain()
    assert [s.name for s in pair.right.screen(right).seats if s.side == "other"] == ["Seoul head"]
    pair.left.sent.clear()
    pair.left.says(adviser, Devices(mic=True, camera=True, sharing=False))
    pair.left.says(adviser, Hand(raised=True))
    pair.drain()
    assert wire(pair.left) == b""
    assert pair.left.screen(adviser).hands == [f"own/{pair.left.seat_of[adviser]}"]
    assert pair.left.screen(left).hands == []


def test_a_hand_raised_in_the_caucus_is_not_raised_at_the_table():
    pair, _, right = in_meeting()
    adviser = pair.left.person("adviser")
    pair.left.says(adviser, Step(place="caucus"))
    pair.left.says(adviser, Hand(raised=True))
    pair.left.says(adviser, Step(place="meeting"))
    pair.drain()
    assert pair.right.screen(right).hands == []


def test_in_the_caucus_no_picture_of_the_table_is_fed_and_the_other_way_round():
    pair, left, right = in_meeting()
    adviser = pair.left.person("adviser")
    pair.drain()
    seat, head, guest = (pair.left.seat_of[adviser], pair.left.seat_of[left], pair.right.seat_of[right])
    wants = [Want(stream=f"own/{head}/video", width=320), Want(stream=f"other/{guest}/video", width=320)]
    pair.left.says(adviser, Watch(wants=wants))
    assert len(pair.left.engine.watches[seat].wants) == 2
    pair.left.says(adviser, Step(place="caucus"))
    assert pair.left.engine.watches[seat].wants == []
    pair.left.says(adviser, Step(place="meeting"))
    assert len(pair.left.engine.watches[seat].wants) == 2, "wanted all along"


def test_when_a_meeting_ends_the_line_falls_silent_before_the_rooms_change():
    pair, left, _ = in_meeting()
    commands = len(pair.left.engine.commands)
    pair.left.says(left, LeaveMeeting())
    kinds = [type(command).__name__ for command in pair.left.engine.commands[commands:]]
    assert kinds == ["Meeting", "Seat"]
