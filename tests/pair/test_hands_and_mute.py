"""Stories: one order of hands on both screens; a mute holds until its person unmutes, and never crosses the line."""

from tests.support.pair import in_meeting

from parley.core.talks.messages import Devices, Hand, Mute

ON = Devices(mic=True, camera=False, sharing=False)
OFF = Devices(mic=False, camera=False, sharing=False)


def swapped(hands: list[str]) -> list[str]:
    return [("other" if hand.startswith("own") else "own") + hand[hand.index("/") :] for hand in hands]


def test_hands_raised_at_the_same_moment_stand_in_one_order_on_both_screens():
    pair, left, right = in_meeting()
    pair.left.says(left, Hand(raised=True))
    pair.right.says(right, Hand(raised=True))
    second = pair.right.person("delegate")
    pair.drain()
    pair.right.says(second, Hand(raised=True))
    pair.drain()
    hands = pair.left.screen(left).hands
    assert len(hands) == 3 and hands[-1] == f"other/{pair.right.seat_of[second]}"
    assert swapped(hands) == pair.right.screen(right).hands


def test_a_hand_lowered_is_gone_on_both_screens_and_raised_again_it_stands_last():
    pair, left, right = in_meeting()
    pair.left.says(left, Hand(raised=True))
    pair.drain()
    pair.right.says(right, Hand(raised=True))
    pair.left.says(left, Hand(raised=False))
    pair.left.says(left, Hand(raised=True))
    pair.drain()
    assert pair.right.screen(right).hands[0].startswith("own/") and len(pair.right.screen(right).hands) == 2
    assert swapped(pair.left.screen(left).hands) == pair.right.screen(right).hands


def test_a_head_mutes_an_own_seat_and_only_that_person_unmutes():
    pair, left, right = in_meeting()
    delegate = pair.left.person("delegate")
    seat = pair.left.seat_of[delegate]
    pair.left.says(delegate, ON)
    assert pair.left.engine.seats[seat].audio
    pair.left.says(left, Mute(seat=seat))
    pair.drain()
    assert not pair.left.engine.seats[seat].audio
    seen = next(s for s in pair.right.screen(right).seats if s.id == seat)
    assert (seen.mic, seen.muted_by) == (False, "head")
    pair.left.says(delegate, ON)  # was on its way when the mute came
    assert not pair.left.engine.seats[seat].audio
    pair.left.says(delegate, OFF)
    pair.left.says(delegate, ON)
    assert pair.left.engine.seats[seat].audio
    assert next(s for s in pair.left.screen(left).seats if s.id == seat).muted_by is None


def test_nobody_mutes_the_other_side():
    pair, left, right = in_meeting()
    pair.right.says(right, ON)
    pair.drain()
    pair.left.says(left, Mute(seat=pair.right.seat_of[right]))
    assert pair.left.notices(left)[-1] == "no_such_seat"
    pair.drain()
    assert pair.right.engine.seats[pair.right.seat_of[right]].audio


def test_a_mute_outlives_reload_and_restart():
    pair, left, _ = in_meeting()
    delegate = pair.left.person("delegate")
    seat = pair.left.seat_of[delegate]
    pair.left.says(left, Mute(seat=seat))
    back = pair.left.sit(seat)
    pair.left.says(back, ON)
    assert not pair.left.engine.seats[seat].audio
    pair.restart("left")
    back = pair.left.sit(seat)
    pair.left.says(back, ON)
    assert not pair.left.engine.seats[seat].audio
    assert next(s for s in pair.left.screen(back).seats if s.you).muted_by == "head"


def test_a_delegate_mutes_only_the_own_microphone():
    pair, left, _ = in_meeting()
    delegate = pair.left.person("delegate")
    pair.left.says(delegate, Mute(seat=pair.left.seat_of[left]))
    assert pair.left.notices(delegate) == ["not_allowed"]
