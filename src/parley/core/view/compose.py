"""Composes the state as each person may see it.

A `Scene` is what everyone on this side may know; a person's own snapshot adds only which seat is theirs, their place, and
the raised hands of that place. The other side's people are in it only while they are at the table of the open meeting; when
the line does not hold they are shown as last told, not present.
"""

import msgspec

from parley.core.consent.machine import Consent
from parley.core.consent.stance import Joint, JointWord
from parley.core.ids import Place, SeatId
from parley.core.line.link import Link
from parley.core.line.pairing import Pairing
from parley.core.moment import Moment
from parley.core.talks.hands import order
from parley.core.talks.seats import Seat
from parley.core.talks.table import TableSeat, muted_word
from parley.core.view.shown import LineStateView, MeetingView, MeetingWord, SeatView, StateView

MEETING_WORDS: dict[JointWord, MeetingWord] = {
    "caucus": "caucus",
    "own_proposed": "proposed",
    "other_proposed": "proposed",
    "open": "open",
}


class Scene(msgspec.Struct, frozen=True):
    """What everyone of the own side may know now."""

    line: LineStateView
    meeting: MeetingView
    seats: list[SeatView]
    caucus_hands: list[str]
    meeting_hands: list[str]

    def seen_by(self, seat: SeatId, rev: int, now: Moment) -> StateView:
        """Give one person's snapshot."""
        you = next((view for view in self.seats if view.side == "own" and view.id == seat), None)
        place: Place = "meeting" if you is not None and you.place == "meeting" else "caucus"
        return StateView(
            rev=rev,
            now_ms=now,
            line=self.line,
            meeting=self.meeting,
            place=place,
            seats=[msgspec.structs.replace(view, you=True) if view is you else view for view in self.seats],
            hands=self.meeting_hands if place == "meeting" else self.caucus_hands,
        )


def scene(pairing: Pairing, link: Link, consent: Consent, own: list[Seat], other: list[TableSeat]) -> Scene:
    """Compose what everyone of the own side may know."""
    joint = consent.joint
    is_open = joint.meeting is not None
    own_views = [_own_view(seat, is_open) for seat in own]
    other_views = [_other_view(seat, link.word == "linked") for seat in other] if is_open else []
    return Scene(
        line=LineStateView(link.word, link.since, link.words(pairing)),
        meeting=meeting_view(joint, consent.since),
        seats=own_views + other_views,
        caucus_hands=order(own, other, "caucus", is_open, pairing.own_rank),
        meeting_hands=order(own, other, "meeting", is_open, pairing.own_rank),
    )


def meeting_view(joint: Joint, since: Moment) -> MeetingView:
    """Show the joint state."""
    waiting = joint.proposal.id if joint.proposal and joint.proposed_by else None
    return MeetingView(MEETING_WORDS[joint.word], joint.meeting, waiting, joint.proposed_by, since)


def _own_view(seat: Seat, meeting_open: bool) -> SeatView:
    on = seat.devices
    return SeatView(
        side="own",
        id=seat.id,
        name=seat.name,
        role=seat.role,
        present=seat.session is not None,
        place=seat.place(meeting_open),
        mic=on.mic,
        camera=on.camera,
        sharing=on.sharing,
        muted_by=muted_word(seat),
        you=False,
    )


def _other_view(seat: TableSeat, linked: bool) -> SeatView:
    return SeatView(
        side="other",
        id=seat.id,
        name=seat.name,
        role=seat.role,
        present=seat.present and linked,
        place="meeting",
        mic=seat.mic,
        camera=seat.camera,
        sharing=seat.sharing,
        muted_by=seat.muted_by,
        you=False,
    )
