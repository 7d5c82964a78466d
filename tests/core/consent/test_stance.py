from hypothesis import given
from hypothesis import strategies as st

from parley.core.consent.stance import Joint, Proposal, Stance, joint

A, B = "00000000000000aa", "00000000000000bb"
PROPOSALS = st.builds(Proposal, st.integers(1, 6), st.sampled_from([A, B]))
STANCES = st.builds(Stance, st.none() | PROPOSALS, st.integers(0, 6))
SWAPPED = {"own_proposed": "other_proposed", "other_proposed": "own_proposed"}


@given(STANCES, STANCES)
def test_both_nodes_compute_the_same_with_own_and_other_swapped(own: Stance, other: Stance):
    here, there = joint(own, other), joint(other, own)
    assert there.word == SWAPPED.get(here.word, here.word)
    assert there.proposal == here.proposal and there.meeting == here.meeting


@given(STANCES, STANCES)
def test_open_needs_both_and_what_is_closed_stays_closed(own: Stance, other: Stance):
    state = joint(own, other)
    if state.word == "open":
        assert own.proposal and other.proposal
        assert min(own.proposal.stamp, other.proposal.stamp) > max(own.closed, other.closed)
    over = max(own.highest, other.highest)
    assert joint(own, Stance(other.proposal, over)).word == "caucus"
    assert joint(Stance(own.proposal, over), other).word == "caucus"


def test_the_four_joint_states():
    proposal = Proposal(1, A)
    assert joint(Stance(), Stance()) == Joint("caucus")
    assert joint(Stance(proposal), Stance()) == Joint("own_proposed", proposal)
    assert joint(Stance(), Stance(proposal)) == Joint("other_proposed", proposal)
    assert joint(Stance(proposal), Stance(proposal)) == Joint("open", proposal)


def test_crossing_proposals_are_one_meeting_named_after_the_smaller():
    assert joint(Stance(Proposal(2, A)), Stance(Proposal(1, B))).meeting == B
    assert joint(Stance(Proposal(1, B)), Stance(Proposal(1, A))).meeting == A


def test_a_meeting_has_its_name_only_while_it_is_open():
    waiting = joint(Stance(Proposal(1, A)), Stance())
    assert waiting.meeting is None and waiting.proposed_by == "own"
    assert joint(Stance(), Stance(Proposal(1, A))).proposed_by == "other"
