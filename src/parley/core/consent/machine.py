"""The acts by which heads open and leave a meeting, as a table over the joint state (`consent/stance.py`).

Theory. Consent is given by an own head's act and by nothing else: what comes from the other node replaces the other side's
stance and can only ever take away from ours. It takes ours away when it makes it void (they declined, withdrew or left), and
also when an open meeting is no longer the same one: a consent is used up by the meeting that it opened, so a node that says
"out" and "in" again cannot draw anybody back to the table.

Leaving, declining and withdrawing need no line and nobody's consent. Proposing and accepting need the line to be linked, so
that the same act opens on both nodes. If the line is cut just then, the accepting side is at the table alone until the next
link; had the proposer withdrawn meanwhile, the meeting ends at the link. Nobody is drawn in after having said no.
"""

from typing import Literal, TypeAlias

from parley.core.consent.stance import Joint, JointWord, Proposal, Stance, joint
from parley.core.effects.facts import AnyFact, OtherStance, OwnStance, Unpaired
from parley.core.effects.reasons import RefusalCode, TellCode
from parley.core.ids import ProposalId, SideWord
from parley.core.moment import Lamport, Moment

Act: TypeAlias = Literal["propose", "accept", "decline", "withdraw", "leave"]
Does: TypeAlias = Literal["consent_anew", "consent_to_theirs", "close"]

ACTS: dict[tuple[JointWord, Act], Does] = {
    ("caucus", "propose"): "consent_anew",
    ("other_proposed", "propose"): "consent_to_theirs",
    ("other_proposed", "accept"): "consent_to_theirs",
    ("other_proposed", "decline"): "close",
    ("own_proposed", "withdraw"): "close",
    ("open", "leave"): "close",
}
"""What is not in the table is refused: see `REFUSED`."""

REFUSED: dict[JointWord, dict[Act, RefusalCode]] = {
    "caucus": {"leave": "meeting_not_open"},
    "own_proposed": {"propose": "already_proposed", "leave": "meeting_not_open"},
    "other_proposed": {"leave": "meeting_not_open"},
    "open": {"propose": "meeting_open", "accept": "meeting_open"},
}
"""Every other refusal: the proposal that the act names does not stand (any more)."""

NEWS: dict[tuple[JointWord, JointWord, SideWord], TellCode] = {
    ("caucus", "own_proposed", "own"): "meeting_proposed",
    ("caucus", "other_proposed", "other"): "meeting_proposed",
    ("own_proposed", "open", "other"): "meeting_opened",
    ("other_proposed", "open", "own"): "meeting_opened",
    ("own_proposed", "caucus", "own"): "meeting_withdrawn",
    ("own_proposed", "caucus", "other"): "meeting_declined",
    ("other_proposed", "caucus", "own"): "meeting_declined",
    ("other_proposed", "caucus", "other"): "meeting_withdrawn",
    ("open", "caucus", "own"): "meeting_left",
    ("open", "caucus", "other"): "meeting_left",
    ("open", "other_proposed", "other"): "meeting_left",
}
"""What people are told: joint state before, after, and whose act it was."""


class Consent:
    """Both stances as this node knows them. Changed by facts alone."""

    def __init__(self, lamport: Lamport) -> None:
        self._lamport = lamport
        self.own = Stance()
        self.other = Stance()
        self.since: Moment = 0

    @property
    def joint(self) -> Joint:
        """Give the joint state."""
        return joint(self.own, self.other)

    def apply(self, fact: AnyFact) -> None:
        """Take over what has happened."""
        before = self.joint
        match fact:
            case OwnStance():
                self.own = _stance(fact)
            case OtherStance():
                self.other = _stance(fact)
            case Unpaired():
                self.own, self.other = Stance(closed=max(self.own.highest, self.other.highest)), Stance()
            case _:
                return
        self._lamport.see(max(self.own.highest, self.other.highest))
        if self.joint != before:
            self.since = fact.at

    def act(
        self, act: Act, named: ProposalId | None, fresh: ProposalId, linked: bool, now: Moment
    ) -> list[AnyFact] | RefusalCode:
        """Do what an own head asks. `named`: the proposal that the head means; `fresh`: an id for a new one."""
        state = self.joint
        does = ACTS.get((state.word, act))
        if does is None:
            return REFUSED[state.word].get(act, "no_such_proposal")
        if named is not None and (state.proposal is None or state.proposal.id != named):
            return "no_such_proposal"
        if does == "close":
            return [self._closing(now)]
        if not linked:
            return "line_not_linked"
        proposal = state.proposal if does == "consent_to_theirs" else Proposal(self._lamport.next(), fresh)
        return [_own(Stance(proposal, self.own.closed), now)]

    def leave(self, now: Moment) -> list[AnyFact]:
        """Take back all consent, whatever the state: before severing or unpairing."""
        return [self._closing(now)] if self.own.proposal else []

    def hear(self, said: Stance, now: Moment) -> list[AnyFact]:
        """Take the other side's stance. It can end our consent and never give it."""
        if said == self.other:
            return []
        before, after = self.joint, joint(self.own, said)
        facts: list[AnyFact] = [_other(said, now)]
        lost = before.word == "open" and after != before
        void = self.own.proposal is not None and self.own.proposal.stamp <= said.closed
        if self.own.proposal and (lost or void):
            facts.insert(0, self._closing(now))
        return facts

    def _closing(self, now: Moment) -> OwnStance:
        return _own(Stance(None, max(self.own.highest, self.other.proposal.stamp if self.other.proposal else 0)), now)


def _stance(fact: OwnStance | OtherStance) -> Stance:
    return Stance(Proposal(fact.stamp, fact.proposal) if fact.proposal else None, fact.closed)


def _own(stance: Stance, now: Moment) -> OwnStance:
    stamp = stance.proposal.stamp if stance.proposal else 0
    return OwnStance(now, stance.proposal.id if stance.proposal else None, stamp, stance.closed)


def _other(stance: Stance, now: Moment) -> OtherStance:
    stamp = stance.proposal.stamp if stance.proposal else 0
    return OtherStance(now, stance.proposal.id if stance.proposal else None, stamp, stance.closed)
