"""Stories: a meeting opens only by both heads, and either side leaves it alone."""

from tests.support.pair import Pair, in_meeting, paired

from parley.core.effects import Journal
from parley.core.effects.facts import OwnStance
from parley.core.talks.messages import AcceptOpen, DeclineOpen, Hand, LeaveMeeting, ProposeOpen, Step, WithdrawOpen


def states(pair: Pair, left: str, right: str) -> tuple[str, str]:
    return pair.left.screen(left).meeting.state, pair.right.screen(right).meeting.state


def heads() -> tuple[Pair, str, str]:
    pair = paired()
    return pair, pair.left.person("head"), pair.right.person("head")


def test_one_head_proposes_the_other_accepts_both_are_in_the_same_meeting():
    pair, left, right = heads()
    pair.left.says(left, ProposeOpen())
    assert pair.left.screen(left).meeting.proposed_by == "own"
    pair.drain()
    shown = pair.right.screen(right).meeting
    assert (shown.state, shown.proposed_by) == ("proposed", "other")
    pair.right.says(right, AcceptOpen(proposal=shown.proposal or ""))
    assert states(pair, left, right) == ("proposed", "open"), "open where both consents are known"
    pair.drain()
    assert states(pair, left, right) == ("open", "open")
    assert pair.left.screen(left).meeting.id == pair.right.screen(right).meeting.id == shown.proposal
    assert pair.left.engine.meeting == pair.right.engine.meeting == shown.proposal
    assert pair.left.screen(left).place == pair.right.screen(right).place == "meeting"
    assert [(seat.side, seat.role) for seat in pair.left.screen(left).seats] == [("own", "head"), ("other", "head")]
    assert "meeting_opened" in pair.left.notices(left) and "meeting_opened" in pair.right.notices(right)


def test_a_proposal_alone_opens_nothing_and_moves_nobody():
    pair, left, right = heads()
    pair.left.says(left, ProposeOpen())
    pair.drain()
    assert states(pair, left, right) == ("proposed", "proposed")
    assert pair.left.engine.meeting is pair.right.engine.meeting is None
    assert {seat.room for side in (pair.left, pair.right) for seat in side.engine.seats.values()} == {"caucus"}
    assert [seat.side for seat in pair.right.screen(right).seats] == ["own"], "nobody of the other side is seen"


def test_both_propose_at_the_same_time_and_meet_in_one_meeting():
    pair, left, right = heads()
    pair.left.says(left, ProposeOpen())
    pair.right.says(right, ProposeOpen())
    pair.drain()
    assert states(pair, left, right) == ("open", "open")
    assert pair.left.screen(left).meeting.id == pair.right.screen(right).meeting.id
    assert len(pair.left.screen(left).seats) == len(pair.right.screen(right).seats) == 2


def test_a_declined_proposal_is_gone_on_both_sides():
    pair, left, right = heads()
    pair.left.says(left, ProposeOpen())
    pair.drain()
    pair.right.says(right, DeclineOpen(proposal=pair.right.screen(right).meeting.proposal or ""))
    pair.drain()
    assert states(pair, left, right) == ("caucus", "caucus")
    assert pair.left.notices(left)[-1] == pair.right.notices(right)[-1] == "meeting_declined"


def test_an_acceptance_that_crosses_a_withdrawal_opens_nothing_for_the_one_who_withdrew():
    pair, left, right = heads()
    pair.left.says(left, ProposeOpen())
    pair.drain()
    proposal = pair.left.screen(left).meeting.proposal or ""
    pair.left.says(left, WithdrawOpen(proposal=proposal))
    pair.right.says(right, AcceptOpen(proposal=proposal))
    seen: list[str] = []
    while pair.deliver("left") or pair.deliver("right"):
        seen.append(pair.left.screen(left).meeting.state)
    assert set(seen) == {"caucus"}
    assert states(pair, left, right) == ("caucus", "caucus")


def test_only_a_head_opens_and_leaves():
    pair, left, right = heads()
    delegate = pair.left.person("delegate")
    pair.left.says(delegate, ProposeOpen())
    assert pair.left.notices(delegate) == ["not_head"]
    assert states(pair, left, right) == ("caucus", "caucus")
    assert not [e for e in pair.left.effects if isinstance(e, Journal)]


def test_an_acceptance_of_another_proposal_than_the_one_that_stands_is_refused():
    pair, left, right = heads()
    pair.left.says(left, ProposeOpen())
    pair.drain()
    pair.right.says(right, AcceptOpen(proposal="0123456789abcdef"))
    assert pair.right.notices(right)[-1] == "no_such_proposal"
    assert states(pair, left, right) == ("proposed", "proposed")


def test_either_side_leaves_alone_and_both_return_to_caucus():
    for leaver in ("left", "right"):
        pair, left, right = in_meeting()
        side, head = (pair.left, left) if leaver == "left" else (pair.right, right)
        side.says(head, LeaveMeeting())
        assert side.screen(head).place == "caucus" and side.engine.meeting is None, "at once, before anybody is asked"
        pair.drain()
        assert states(pair, left, right) == ("caucus", "caucus")
        assert pair.left.engine.meeting is pair.right.engine.meeting is None
        assert pair.left.notices(left)[-1] == pair.right.notices(right)[-1] == "meeting_left"


def test_leaving_while_the_line_is_down_holds_at_once_and_for_the_other_at_the_next_link():
    pair, left, right = in_meeting()
    pair.cut()
    pair.drain()
    pair.left.says(left, LeaveMeeting())
    assert states(pair, left, right) == ("caucus", "open"), "the other side sits at the table with the line down"
    assert pair.right.screen(right).line.state == "down"
    pair.up()
    assert states(pair, left, right) == ("caucus", "caucus")


def test_proposing_needs_the_line():
    pair, left, _ = heads()
    pair.cut()
    pair.drain()
    pair.left.says(left, ProposeOpen())
    assert pair.left.notices(left)[-1] == "line_not_linked"


def test_a_consent_is_used_up_by_the_meeting_that_it_opened():
    pair, left, right = in_meeting()
    pair.right.says(right, LeaveMeeting())
    pair.right.says(right, ProposeOpen())
    pair.drain()
    assert states(pair, left, right) == ("proposed", "proposed"), "the left head must accept anew"
    last = [e.fact for e in pair.left.effects if isinstance(e, Journal)]
    assert not [fact for fact in last if isinstance(fact, OwnStance) and fact.proposal]


def test_the_next_meeting_begins_with_everyone_at_the_table_and_no_hand_raised():
    pair, left, right = in_meeting()
    adviser = pair.left.person("adviser")
    pair.left.says(left, Hand(raised=True))
    pair.left.says(adviser, Step(place="caucus"))
    pair.right.says(right, LeaveMeeting())
    pair.drain()
    pair.left.says(left, ProposeOpen())
    pair.right.says(right, ProposeOpen())
    pair.drain()
    assert pair.left.screen(adviser).place == "meeting"
    assert pair.left.screen(left).hands == pair.right.screen(right).hands == []
