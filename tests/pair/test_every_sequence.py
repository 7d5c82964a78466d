"""Whatever people, operators, the line and crashes do, in whatever order: what must always hold, holds after every step.

consent     a meeting is open on a node only if its own head has consented since the last time it was not open, and a
            head of the other side has consented too
capture     no message of the other node and no event of the line opens or shuts a gate of an own seat
caucus      no message names a seat that is not placed in the meeting (`Pair` looks at each as it is sent)
gates       the engine was told exactly what the screens show
restart     a node that was killed knows all that it had acknowledged
converge    once the line is up and everything was delivered, both see the same meeting, people and order of hands
"""

from typing import TypeAlias

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.support.pair import Pair, Which
from tests.support.playbook import Side

from parley.core.effects import Journal
from parley.core.effects.commands import Seat
from parley.core.effects.facts import OwnStance
from parley.core.inputs import Asked, Restore, RevokeSeat, Sever
from parley.core.talks.messages import (
    AcceptOpen,
    AnySaid,
    DeclineOpen,
    Devices,
    Hand,
    Leave,
    LeaveMeeting,
    Mute,
    ProposeOpen,
    Step,
    WithdrawOpen,
)
from parley.core.view import StateView

BOTH: tuple[Which, Which] = ("left", "right")
WHICH = st.sampled_from(BOTH)
ROLES = ("head", "delegate", "technician")
Gates: TypeAlias = dict[str, tuple[bool, bool, bool]]


def gates(side: Side) -> Gates:
    return {seat.seat: (seat.audio, seat.video, seat.slides) for seat in side.engine.seats.values()}


def swapped(hands: list[str]) -> list[str]:
    return [("other" if hand.startswith("own") else "own") + hand[hand.index("/") :] for hand in hands]


class EverySequence(RuleBasedStateMachine):
    """Two paired sides with three seats each."""

    @initialize(in_meeting=st.booleans())
    def begin(self, in_meeting: bool) -> None:
        self.pair = Pair()
        self.pair.pair()
        self.seats = {which: [self.pair.side(which).seat(role) for role in ROLES] for which in BOTH}
        for which in BOTH:
            for seat in self.seats[which]:
                self.pair.side(which).sit(seat)
        self.consented = dict.fromkeys(BOTH, False)
        self.ever_consented = dict.fromkeys(BOTH, False)
        self.was_open: dict[Which, str | None] = dict.fromkeys(BOTH, None)
        self.pair.up()
        if in_meeting:
            self.agree("left")

    # What people do.

    def session(self, which: Which, index: int) -> str | None:
        seat = self.seats[which][index % len(self.seats[which])]
        return next((session for session, at in self.pair.side(which).seat_of.items() if at == seat), None)

    def says(self, which: Which, index: int, said: AnySaid) -> None:
        session = self.session(which, index)
        if session is not None:
            self.pair.side(which).says(session, said)
            self.note_consent(which)
            self.pair.enforce()

    def note_consent(self, which: Which) -> None:
        """A fact that came from an own person's act and holds a proposal is the own head's consent."""
        for effect in self.pair.side(which).effects:
            if isinstance(effect, Journal) and isinstance(effect.fact, OwnStance):
                self.consented[which] = effect.fact.proposal is not None
                self.ever_consented[which] |= effect.fact.proposal is not None

    def standing(self, which: Which) -> str:
        state = self.pair.side(which).node.state.consent.joint
        return state.proposal.id if state.proposal else "0123456789abcdef"

    @rule(which=WHICH, index=st.integers(0, 2))
    def propose(self, which: Which, index: int) -> None:
        self.says(which, index, ProposeOpen())

    @rule(which=WHICH)
    def accept(self, which: Which) -> None:
        self.says(which, 0, AcceptOpen(proposal=self.standing(which)))

    @rule(which=WHICH)
    def agree(self, which: Which) -> None:
        """What seldom comes about by chance: both heads are there, one proposes, the other accepts."""
        other: Which = "right" if which == "left" else "left"
        for at in BOTH:
            if self.session(at, 0) is None:
                self.sit(at, 0)
        self.settle()
        self.says(which, 0, ProposeOpen())
        self.settle()
        self.accept(other)
        self.settle()

    @rule(which=WHICH)
    def decline(self, which: Which) -> None:
        self.says(which, 0, DeclineOpen(proposal=self.standing(which)))

    @rule(which=WHICH)
    def withdraw(self, which: Which) -> None:
        self.says(which, 0, WithdrawOpen(proposal=self.standing(which)))

    @rule(which=WHICH)
    def leave_meeting(self, which: Which) -> None:
        self.says(which, 0, LeaveMeeting())

    @rule(which=WHICH, index=st.integers(0, 2), said=st.builds(Devices, st.booleans(), st.booleans(), st.booleans()))
    def switch(self, which: Which, index: int, said: Devices) -> None:
        self.says(which, index, said)

    @rule(which=WHICH, index=st.integers(0, 2), raised=st.booleans())
    def hand(self, which: Which, index: int, raised: bool) -> None:
        self.says(which, index, Hand(raised=raised))

    @rule()
    def hands_at_the_same_moment(self) -> None:
        self.settle()
        for index in (2, 1):
            self.says("left", index, Hand(raised=True))
            self.says("right", index, Hand(raised=True))
        self.settle()

    @rule(which=WHICH, by=st.integers(0, 2), of=st.integers(0, 2))
    def mute(self, which: Which, by: int, of: int) -> None:
        self.says(which, by, Mute(seat=self.seats[which][of % len(self.seats[which])]))

    @rule(which=WHICH, index=st.integers(0, 2), place=st.sampled_from(["caucus", "meeting"]))
    def step(self, which: Which, index: int, place: str) -> None:
        self.says(which, index, msgspec.convert({"kind": "step", "place": place}, Step))

    @rule(which=WHICH, index=st.integers(0, 2))
    def leave(self, which: Which, index: int) -> None:
        self.says(which, index, Leave())

    @rule(which=WHICH, index=st.integers(0, 2))
    def lose_connection(self, which: Which, index: int) -> None:
        session = self.session(which, index)
        if session is not None:
            self.pair.side(which).drop(session)

    @rule(which=WHICH, index=st.integers(0, 2))
    def sit(self, which: Which, index: int) -> None:
        side, seat = self.pair.side(which), self.seats[which][index % len(self.seats[which])]
        side.sit(seat)

    # What operators do.

    @rule(which=WHICH)
    def sever(self, which: Which) -> None:
        self.pair.side(which).admin(Sever())
        self.consented[which] = False
        self.pair.enforce()

    @rule(which=WHICH)
    def restore(self, which: Which) -> None:
        self.pair.side(which).admin(Restore())

    @precondition(lambda self: any(len(seats) > 2 for seats in self.seats.values()))
    @rule(which=WHICH)
    def revoke(self, which: Which) -> None:
        if len(self.seats[which]) > 2:
            seat = self.seats[which].pop()
            self.pair.side(which).admin(RevokeSeat(seat))
            assert seat not in self.pair.side(which).engine.seats

    # What the line, the clock and the machines do.

    @rule(which=WHICH, times=st.integers(1, 4))
    def deliver(self, which: Which, times: int) -> None:
        side = self.pair.side(which)
        for _ in range(times):
            before, stance = gates(side), side.node.state.consent.own
            if self.pair.deliver(which):
                assert gates(side) == before, "capture: the line changed a gate"
                after = side.node.state.consent.own
                assert after == stance or after.proposal is None, "consent: the other node consented for us"
            self.check()

    @rule()
    def cut(self) -> None:
        self.pair.cut()

    @rule()
    def link(self) -> None:
        self.pair.link()

    @rule(ms=st.sampled_from([1, 999, 12_000]))
    def later(self, ms: int) -> None:
        self.pair.later(ms)

    @rule(which=WHICH)
    def kill(self, which: Which) -> None:
        side = self.pair.side(which)
        before = self.lasting(side)
        self.pair.restart(which)
        assert self.lasting(side) == before, "restart: something acknowledged was lost"

    @rule(which=WHICH, said=st.sampled_from(["propose", "accept", "leave"]))
    def kill_in_the_act(self, which: Which, said: str) -> None:
        session = self.session(which, 0)
        if session is None:
            return
        side = self.pair.side(which)
        acts: dict[str, AnySaid] = {
            "propose": ProposeOpen(),
            "accept": AcceptOpen(proposal=self.standing(which)),
            "leave": LeaveMeeting(),
        }
        self.pair.cut()
        self.pair.inbox[which].clear()
        side.crash_in(Asked(session, acts[said], side.fresh()))
        self.consented[which] = side.node.state.consent.own.proposal is not None
        self.ever_consented[which] |= self.consented[which]

    @rule()
    def settle(self) -> None:
        """Deliver everything, over a line that is up."""
        self.pair.drain()
        self.pair.link()
        self.pair.drain()
        self.check()
        if self.pair.linked:
            self.check_converged()

    def lasting(self, side: Side) -> tuple[object, ...]:
        state = side.node.state
        seats = [(s.id, s.name, s.role, s.cookie, s.muted_by, s.stepped_out) for s in state.seats]
        return seats, state.consent.joint, state.consent.since, state.pairing.stage, state.pairing.severed

    # What must hold.

    @invariant()
    def check(self) -> None:
        if not hasattr(self, "pair"):
            return
        for which in BOTH:
            self.check_consent(which)
            self.check_engine(self.pair.side(which))

    def check_consent(self, which: Which) -> None:
        meeting = self.pair.side(which).engine.meeting
        if meeting is not None and meeting != self.was_open[which]:
            assert self.consented[which], "consent: open without an own head's act"
            assert all(self.ever_consented.values()), "consent: open without the other head's act"
        if meeting is None and self.was_open[which] is not None:
            self.consented[which] = False
            assert self.pair.side(which).node.state.consent.own.proposal is None, "consent: not used up"
        self.was_open[which] = meeting

    def check_engine(self, side: Side) -> None:
        state = side.node.state
        assert side.engine.meeting == state.consent.joint.meeting
        for session in side.seat_of:
            screen = next(m for m in reversed(side.shown[session]) if isinstance(m, StateView))
            for seat in (seat for seat in screen.seats if seat.side == "own"):
                told = side.engine.seats.get(seat.id)
                if told is None:
                    assert seat.place == "none"
                    continue
                assert told == Seat(seat.id, seat.place, seat.mic, seat.camera, seat.sharing)
                assert not (seat.mic and seat.muted_by)
            assert screen.meeting.id == side.engine.meeting

    def check_converged(self) -> None:
        left, right = self.pair.left.node.state, self.pair.right.node.state
        mirrored = {"own_proposed": "other_proposed", "other_proposed": "own_proposed"}
        assert left.consent.joint.word == mirrored.get(right.consent.joint.word, right.consent.joint.word)
        assert left.consent.joint.proposal == right.consent.joint.proposal
        for which in BOTH:
            own = self.pair.side(which)
            other = self.pair.side("right" if which == "left" else "left")
            at_table = {s.seat for s in own.engine.seats.values() if s.room == "meeting"}
            assert set(other.node.state.table.seats) == at_table
        screens = [self.someone_at_the_table(which) for which in BOTH]
        if screens[0] and screens[1]:
            assert screens[0].hands == swapped(screens[1].hands)
            people = [
                {(s.name, s.present, s.mic, s.camera, s.muted_by) for s in v.seats if s.place == "meeting"}
                for v in screens
                if v
            ]
            assert people[0] == people[1]

    def someone_at_the_table(self, which: Which) -> StateView | None:
        side = self.pair.side(which)
        screens = [side.screen(session) for session in side.seat_of]
        return next((screen for screen in screens if screen.place == "meeting"), None)


TestEverySequence = EverySequence.TestCase
TestEverySequence.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
