"""A side's stance on meeting, and what two stances amount to.

A stance is one side's own, and only that side changes it: the proposal that its head consents to, if any, and `closed`, the
highest stamp to which it has put an end. Whatever is stamped `closed` or lower is void on both sides, for ever: so a late or
repeated message revives nothing.

    own stands   other stands   joint state
    no           no             caucus
    yes          no             proposed by own
    no           yes            proposed by other
    yes          yes            open

Two heads that propose at the same time both want the meeting: it is open, and is named after the smaller (stamp, id) of both
proposals, which both nodes compute alike. The joint state is never sent, stored or negotiated; it is this function.
"""

from typing import Literal, TypeAlias

import msgspec

from parley.core.ids import ProposalId, SideWord
from parley.core.moment import Stamp

JointWord: TypeAlias = Literal["caucus", "own_proposed", "other_proposed", "open"]


class Proposal(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A proposal to open a meeting; its stamp is larger than all that its author had seen."""

    stamp: Stamp
    id: ProposalId


class Stance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a side's heads consent to now."""

    proposal: Proposal | None = None
    closed: Stamp = 0

    @property
    def highest(self) -> Stamp:
        """Give the largest stamp in this stance."""
        return max(self.closed, self.proposal.stamp if self.proposal else 0)


class Joint(msgspec.Struct, frozen=True):
    """What both stances amount to. `proposal` stands; it is the meeting's name once that is open."""

    word: JointWord
    proposal: Proposal | None = None

    @property
    def meeting(self) -> ProposalId | None:
        """Give the id of the open meeting."""
        return self.proposal.id if self.proposal and self.word == "open" else None

    @property
    def proposed_by(self) -> SideWord | None:
        """Tell whose proposal waits for an answer."""
        if self.word == "own_proposed":
            return "own"
        return "other" if self.word == "other_proposed" else None


def joint(own: Stance, other: Stance) -> Joint:
    """Compute the joint state. Role-free: both nodes get the same, with own and other swapped."""
    void = max(own.closed, other.closed)
    ours = own.proposal if own.proposal and own.proposal.stamp > void else None
    theirs = other.proposal if other.proposal and other.proposal.stamp > void else None
    if ours and theirs:
        return Joint("open", min(ours, theirs))
    if ours:
        return Joint("own_proposed", ours)
    if theirs:
        return Joint("other_proposed", theirs)
    return Joint("caucus")
