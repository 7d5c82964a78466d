"""The other node has valid keys and bad intentions: whatever it says, in whatever order, it can refuse, delay and lie about
its own people; it starts nothing here, opens no meeting, and breaks nothing.
"""

from typing import TypeAlias

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.playbook import Side

from parley.core.consent.messages import StanceSaid
from parley.core.consent.stance import Proposal, Stance
from parley.core.effects import Done, Effect, Remark, SendNode
from parley.core.inputs import ConfirmPairing, TakeCard
from parley.core.line.messages import PROTOCOL, Hello, NodeMessage, Severing
from parley.core.media.events import LineChanged, NodeMessageArrived
from parley.core.moment import MAX_LEAP
from parley.core.talks.messages import AnySaid, Devices, LeaveMeeting, ProposeOpen
from parley.core.talks.table import Table, TableChanged, TableSeat
from parley.core.talks.wire import MAX_NODE_MESSAGE, encode_message

Step: TypeAlias = bytes | NodeMessage | AnySaid | LineChanged

IDS = st.sampled_from(["00000000000000aa", "00000000000000bb", "ffffffffffffffff"])
STAMPS = st.one_of(st.integers(0, 12), st.sampled_from([MAX_LEAP, 2**53 - 1]))
STANCES = st.builds(Stance, st.none() | st.builds(Proposal, STAMPS, IDS), STAMPS)
SEATS = st.builds(
    TableSeat,
    id=IDS,
    name=st.sampled_from(["Kim", "<script>alert(1)</script>", "가나다"]),
    role=st.sampled_from(["head", "technician"]),
    present=st.booleans(),
    mic=st.booleans(),
    camera=st.booleans(),
    sharing=st.booleans(),
    muted_by=st.none(),
    hand=st.none() | STAMPS,
)
MESSAGES: st.SearchStrategy[NodeMessage] = st.one_of(
    st.builds(StanceSaid, stance=STANCES),
    st.builds(Table, meeting=IDS, seats=st.lists(SEATS, max_size=3)),
    st.builds(TableChanged, meeting=IDS, seats=st.lists(SEATS, max_size=3), gone=st.lists(IDS, max_size=2)),
    st.just(Severing()),
)
LINE = st.sampled_from([LineChanged("down", "timed_out"), LineChanged("linked")])
OWN_ACTS: st.SearchStrategy[AnySaid] = st.sampled_from([ProposeOpen(), LeaveMeeting()])
SIDE_CARD = Side("Pyongyang").card


class Besieged:
    """Seoul, whose other node is the test."""

    def __init__(self) -> None:
        self.side = Side("Seoul")
        self.head = self.side.person("head")
        self.seat = self.side.seat_of[self.head]
        self.side.says(self.head, Devices(mic=False, camera=False, sharing=False))
        taken = self.side.admin(TakeCard(Side("Pyongyang").body, "signature"))
        assert isinstance(taken, Done)
        self.side.admin(ConfirmPairing(taken.number or ""))
        self.side.take(LineChanged("linked"))
        self.hear(Hello(PROTOCOL, SIDE_CARD.digest, self.side.card.digest))
        assert self.side.node.status().line.state == "linked"

    def hear(self, message: NodeMessage | bytes) -> list[Effect]:
        data = message if isinstance(message, bytes) else encode_message(message)
        return self.side.take(NodeMessageArrived(data))

    def remarks(self) -> list[str]:
        return [effect.what for effect in self.side.effects if isinstance(effect, Remark)]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(MESSAGES, MESSAGES, OWN_ACTS, LINE), max_size=30))
def test_no_sequence_of_messages_consents_captures_or_draws_anybody_to_the_table(steps: list[Step]):
    besieged = Besieged()
    side, standing = besieged.side, besieged.side.node.state.consent
    willing = False
    for step in steps:
        before = standing.own
        if isinstance(step, ProposeOpen | LeaveMeeting):
            side.says(besieged.head, step)
            willing = standing.own.proposal is not None
        elif isinstance(step, LineChanged):
            side.take(step)
            if step.state == "linked":
                besieged.hear(Hello(PROTOCOL, SIDE_CARD.digest, side.card.digest))
        elif isinstance(step, NodeMessage | bytes):
            effects = besieged.hear(step)
            assert standing.own == before or standing.own.proposal is None, "consent can only be taken away"
            assert len([effect for effect in effects if isinstance(effect, SendNode)]) <= 2, "no amplification"
        told = side.engine.seats[besieged.seat]
        assert (told.audio, told.video, told.slides) == (False, False, False)
        assert willing or (side.engine.meeting is None and told.room == "caucus")
        if standing.own.proposal is None:
            willing = False


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=300), st.recursive(st.none() | st.text() | st.integers(), st.lists).map(msgspec.json.encode)
    )
)
def test_garbage_is_counted_and_passed_over(data: bytes):
    besieged = Besieged()
    before = besieged.side.screen(besieged.head)
    besieged.hear(data)
    assert besieged.remarks() == ["message_malformed"]
    assert besieged.side.node.ignored == {"message_malformed": 1}
    assert besieged.side.screen(besieged.head) == before


def test_shaped_garbage():
    besieged = Besieged()
    stance = b'{"kind":"stance","stance":{"proposal":{"stamp":1,"id":"00000000000000aa"},"closed":0}}'
    for data in (
        b"[" * 100_000,
        b'{"kind":"stance"' + b" " * MAX_NODE_MESSAGE + b"}",
        stance.replace(b'"closed":0', b'"closed":-1'),
        stance.replace(b'"closed":0', b'"closed":1e400'),
        stance.replace(b'"closed":0', b'"closed":0,"mute":"all"'),
        stance.replace(b"00000000000000aa", b"00000000000000AA"),
        stance.replace(b"00000000000000aa", b"00000000000000aa\\n"),
        b'{"kind":"devices","mic":true,"camera":true,"sharing":false}',
        b'{"kind":"mute","seat":"' + besieged.seat.encode() + b'"}',
    ):
        besieged.hear(data)
        assert besieged.remarks() == ["message_malformed"], data[:60]


def test_nothing_is_heard_before_the_greeting_or_while_the_pairing_is_not_confirmed():
    besieged = Besieged()
    besieged.side.take(LineChanged("down"))
    besieged.side.take(LineChanged("linked"))
    besieged.hear(StanceSaid(stance=Stance(Proposal(1, "00000000000000aa"))))
    assert besieged.remarks() == ["message_before_hello"]
    stranger = Side("Busan")
    stranger.take(NodeMessageArrived(encode_message(Hello(PROTOCOL, SIDE_CARD.digest, stranger.card.digest))))
    assert stranger.node.ignored == {"message_while_closed": 1}


def test_a_stamp_out_of_this_world_is_not_believed():
    besieged = Besieged()
    besieged.hear(StanceSaid(stance=Stance(closed=2**53 - 1)))
    assert besieged.remarks() == ["stamp_leap"]
    besieged.side.says(besieged.head, ProposeOpen())
    assert besieged.side.screen(besieged.head).meeting.state == "proposed"


def open_meeting(besieged: Besieged) -> str:
    besieged.side.says(besieged.head, ProposeOpen())
    proposal = besieged.side.node.state.consent.own.proposal
    assert proposal
    besieged.hear(StanceSaid(stance=Stance(proposal)))
    assert besieged.side.engine.meeting == proposal.id
    return proposal.id


def a_seat(seat: str, name: str = "Kim") -> TableSeat:
    return TableSeat(seat, name, "head", True, True, True, True, None, None)


def test_saying_out_and_in_again_draws_nobody_back_to_the_table():
    besieged = Besieged()
    open_meeting(besieged)
    proposal = besieged.side.node.state.consent.own.proposal
    besieged.hear(StanceSaid(stance=Stance()))
    assert besieged.side.engine.meeting is None
    besieged.hear(StanceSaid(stance=Stance(proposal)))
    assert besieged.side.engine.meeting is None
    assert besieged.side.engine.seats[besieged.seat].room == "caucus"


def test_a_proposal_that_was_declined_is_gone_even_if_the_decline_is_unsaid():
    besieged = Besieged()
    besieged.side.says(besieged.head, ProposeOpen())
    proposal = besieged.side.node.state.consent.own.proposal
    besieged.hear(StanceSaid(stance=Stance(closed=proposal.stamp if proposal else 0)))
    besieged.hear(StanceSaid(stance=Stance(proposal)))
    assert besieged.side.engine.meeting is None
    assert besieged.side.node.state.consent.own.proposal is None


def test_nothing_is_told_to_a_node_that_has_not_greeted():
    besieged = Besieged()
    open_meeting(besieged)
    besieged.side.take(LineChanged("down"))
    besieged.side.sent.clear()
    besieged.side.take(LineChanged("linked"))
    besieged.side.says(besieged.head, LeaveMeeting())
    assert [msgspec.json.decode(data)["kind"] for data in besieged.side.sent] == ["hello"]
    besieged.hear(Hello(PROTOCOL, SIDE_CARD.digest, besieged.side.card.digest))
    assert [msgspec.json.decode(data)["kind"] for data in besieged.side.sent] == ["hello", "stance"]


def test_a_meeting_cannot_be_exchanged_for_another_one_under_way():
    besieged = Besieged()
    open_meeting(besieged)
    besieged.hear(StanceSaid(stance=Stance(Proposal(1, "0000000000000000"))))
    assert besieged.side.engine.meeting is None


def test_it_cannot_name_our_seats_twice_the_same_or_more_than_fit():
    besieged = Besieged()
    meeting = open_meeting(besieged)
    besieged.hear(Table(meeting=meeting, seats=[a_seat(besieged.seat)]))
    assert besieged.remarks() == ["own_seat_named"]
    besieged.hear(Table(meeting=meeting, seats=[a_seat("00000000000000aa"), a_seat("00000000000000aa")]))
    assert besieged.remarks() == ["seat_twice"]
    besieged.hear(Table(meeting="0123456789abcdef", seats=[a_seat("00000000000000aa")]))
    assert besieged.remarks() == ["table_of_no_meeting"]
    for start in (0, 100):
        seats = [a_seat(f"{start + n:016x}") for n in range(100)]
        besieged.hear(TableChanged(meeting=meeting, seats=seats, gone=[]))
    assert besieged.remarks() == ["too_many_seats"]
    assert len(besieged.side.screen(besieged.head).seats) == 101


def test_names_that_would_lie_on_the_screen_are_refused():
    besieged = Besieged()
    meeting = open_meeting(besieged)
    for name in ("", "x" * 65, "a\u202eb", "a\u0000", "line\nbreak", "line\n", "\u200b"):
        besieged.hear(Table(meeting=meeting, seats=[a_seat("00000000000000aa", name)]))
        assert besieged.remarks() == ["message_malformed"], repr(name)
