"""Stories: the line is cut, a node is killed, and everything that matters is as before without anybody's click."""

from tests.support.pair import in_meeting, paired

from parley.core.inputs import SessionOpened
from parley.core.talks.messages import AcceptOpen, Devices, Hand, ProposeOpen, Step, Want, Watch

ON = Devices(mic=True, camera=True, sharing=False)


def test_a_cut_during_a_meeting_leaves_both_sides_at_their_own_table():
    pair, left, right = in_meeting()
    pair.left.says(left, ON)
    pair.drain()
    pair.cut()
    pair.drain()
    screen = pair.right.screen(right)
    assert screen.line.state == "down" and screen.meeting.state == "open" and screen.place == "meeting"
    other = next(seat for seat in screen.seats if seat.side == "other")
    assert other.mic and not other.present, "as last told, not present"
    pair.up()
    assert next(seat for seat in pair.right.screen(right).seats if seat.side == "other").present


def test_what_changed_during_the_cut_is_told_at_the_link():
    pair, left, right = in_meeting()
    pair.cut()
    pair.left.says(left, ON)
    pair.left.says(left, Hand(raised=True))
    newcomer = pair.left.person("adviser", "Kim Adviser")
    pair.drain()
    pair.up()
    screen = pair.right.screen(right)
    assert {seat.name for seat in screen.seats if seat.side == "other"} == {"Seoul head", "Kim Adviser"}
    assert screen.hands == [f"other/{pair.left.seat_of[left]}"]
    assert pair.left.screen(newcomer).hands == [f"own/{pair.left.seat_of[left]}"]


def test_a_killed_node_comes_back_into_the_meeting_that_went_on():
    pair, left, right = in_meeting()
    seat = pair.left.seat_of[left]
    meeting = pair.left.engine.meeting
    pair.restart("left")
    assert pair.left.engine.meeting == meeting, "told to the new engine before anybody is back"
    back = pair.left.sit(seat)
    pair.up()
    assert pair.left.screen(back).place == "meeting"
    assert [s.present for s in pair.right.screen(right).seats if s.side == "other"] == [True]


def test_both_nodes_killed_at_once_find_the_meeting_again():
    pair, left, right = in_meeting()
    seats = pair.left.seat_of[left], pair.right.seat_of[right]
    pair.restart("left")
    pair.restart("right")
    left, right = pair.left.sit(seats[0]), pair.right.sit(seats[1])
    pair.up()
    assert pair.left.screen(left).meeting.id == pair.right.screen(right).meeting.id
    assert pair.left.screen(left).meeting.state == "open"


def test_an_acceptance_that_was_lost_in_the_cut_opens_at_the_link():
    pair = paired()
    left, right = pair.left.person("head"), pair.right.person("head")
    pair.left.says(left, ProposeOpen())
    pair.drain()
    proposal = pair.right.screen(right).meeting.proposal or ""
    pair.linked = False  # the cut that neither side has noticed yet
    pair.right.says(right, AcceptOpen(proposal=proposal))
    pair.linked = True
    pair.cut()
    pair.drain()
    assert pair.left.screen(left).meeting.state == "proposed"
    pair.up()
    assert pair.left.screen(left).meeting.state == pair.right.screen(right).meeting.state == "open"


def test_a_connection_that_replaces_another_is_told_all_again():
    pair, left, right = in_meeting()
    pair.right.restart()  # the left side never notices that the old connection died
    back = pair.right.sit(pair.right.seat(role="head", name="Another"))
    pair.linked = False
    pair.inbox["left"].clear()
    pair.up()
    assert pair.right.screen(back).meeting.state == "open"
    assert {seat.side for seat in pair.right.screen(back).seats if seat.place == "meeting"} == {"own", "other"}
    assert pair.left.screen(left).seats[-1].name == "Another"
    assert right


def test_who_stepped_out_for_a_private_word_is_not_back_at_the_table_after_a_crash():
    pair, left, _ = in_meeting()
    pair.left.says(left, Step(place="caucus"))
    seat = pair.left.seat_of[left]
    pair.restart("left")
    back = pair.left.sit(seat)
    pair.left.says(back, ON)
    assert pair.left.engine.seats[seat].room == "caucus"
    assert pair.left.screen(back).place == "caucus" and pair.left.screen(back).meeting.state == "open"


def test_a_crash_between_journal_and_act_ends_in_the_act():
    from parley.core.inputs import Asked

    pair = paired()
    left, right = pair.left.person("head"), pair.right.person("head")
    pair.left.says(left, ProposeOpen())
    pair.drain()
    proposal = pair.right.screen(right).meeting.proposal or ""
    pair.cut()
    pair.right.crash_in(Asked(right, AcceptOpen(proposal=proposal), pair.right.fresh()))
    pair.inbox["right"].clear()
    pair.drain()
    pair.up()
    assert pair.left.engine.meeting == pair.right.engine.meeting == proposal


def test_a_reload_returns_to_the_seat_and_a_new_network_keeps_its_media():
    pair, left, right = in_meeting()
    seat = pair.left.seat_of[left]
    pair.left.drop(left)
    pair.drain()
    assert [s.present for s in pair.right.screen(right).seats if s.side == "other"] == [False]
    assert seat in pair.left.engine.seats, "the place is kept for a while"
    back = pair.left.sit(seat, page="p1")
    pair.drain()
    assert pair.left.screen(back).place == "meeting"
    pair.left.says(back, ON)
    pair.left.drop(back)
    commands = len(pair.left.engine.commands)
    pair.left.take(SessionOpened("again", seat, "p1"))
    assert pair.left.engine.commands[commands:] == [], "the same page: nothing changes for its media"
    assert pair.left.screen("again").seats[0].mic


def test_who_does_not_return_is_gone_from_the_table():
    pair, left, right = in_meeting()
    seat = pair.left.seat_of[left]
    pair.left.drop(left)
    pair.later(60_000)
    pair.drain()
    assert seat not in pair.left.engine.seats
    assert [s for s in pair.right.screen(right).seats if s.side == "other"] == []


def test_pictures_wanted_before_the_cut_are_wanted_after_it():
    pair, left, right = in_meeting()
    stream = f"other/{pair.left.seat_of[left]}/video"
    pair.right.says(right, Watch(wants=[Want(stream=stream, width=640)]))
    watch = pair.right.engine.watches[pair.right.seat_of[right]]
    pair.cut()
    pair.drain()
    pair.up()
    assert pair.right.engine.watches[pair.right.seat_of[right]] == watch
    assert [want.stream for want in watch.wants] == [stream]
