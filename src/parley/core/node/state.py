"""All machines of a node, wired in one place; no machine knows another sideways.

`State.keep` is the only way in which a fact comes about: it is applied and journaled together. `State.apply` alone is the
replay. So a node that was restarted equals one that went on.
"""

from collections import Counter

from parley.core.consent.machine import NEWS, Consent
from parley.core.consent.stance import JointWord
from parley.core.effects import CloseSession, Effect, Engine, Journal, Remark, SendNode, Show
from parley.core.effects.facts import AnyFact
from parley.core.effects.reasons import RefusalCode
from parley.core.ids import SeatId, SessionId, SideWord
from parley.core.inputs import Opening
from parley.core.line.card import read_body
from parley.core.line.link import Link
from parley.core.line.pairing import Pairing
from parley.core.media.told import EngineTold
from parley.core.moment import Lamport, Moment
from parley.core.talks.presence import depart
from parley.core.talks.seats import Seat, Seats
from parley.core.talks.table import OtherTable
from parley.core.talks.wire import Told
from parley.core.view import Ended, EndedWord, Notice, SidesView, Welcome
from parley.core.view.compose import Scene
from parley.core.view.gauge import Gauge


class Turn:
    """One input's turn: the facts that came about, and what is wanted beyond what follows from the state.

    Each kind has its own list, so that the order in which they are performed does not hang on the order of the code.
    """

    def __init__(self, now: Moment) -> None:
        self.now = now
        self.journal: list[Journal] = []
        self.engine: list[Engine] = []
        self.node: list[SendNode] = []
        self.rest: list[Effect] = []

    def want(self, *effects: Effect) -> None:
        """Want these effects."""
        for effect in effects:
            match effect:
                case Journal():
                    self.journal.append(effect)
                case Engine():
                    self.engine.append(effect)
                case SendNode():
                    self.node.append(effect)
                case _:
                    self.rest.append(effect)


class State:
    """What a node knows."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self.lamport = Lamport()
        self.pairing = Pairing(read_body(opening.card), opening.rate_kbit)
        self.link = Link()
        self.consent = Consent(self.lamport)
        self.seats = Seats()
        self.table = OtherTable()
        self.gauge = Gauge()
        self.engine_told = EngineTold()
        self.node_told = Told()
        self.scene: Scene | None = None
        self.rev = 0
        self.shown_to: set[str] = set()
        self.alarm: Moment | None = None
        self.ignored: Counter[str] = Counter()

    @property
    def meeting(self) -> str | None:
        """Give the id of the open meeting."""
        return self.consent.joint.meeting

    @property
    def sessions(self) -> list[tuple[str, Seat]]:
        """Give all open sessions."""
        return [(seat.session, seat) for seat in self.seats if seat.session is not None]

    def apply(self, fact: AnyFact) -> None:
        """Take over what has happened; live and on replay alike."""
        meeting = self.meeting
        self.pairing.apply(fact)
        self.consent.apply(fact)
        self.seats.apply(fact)
        if self.meeting != meeting:
            self.seats.meeting_changed()
            self.table.clear()

    def keep(self, turn: Turn, facts: list[AnyFact], by: SideWord = "own") -> None:
        """Let these facts come about, and tell everyone when the meeting's state has changed by them."""
        before = self.consent.joint.word
        for fact in facts:
            self.apply(fact)
            turn.want(Journal(fact))
        self._tell_news(turn, before, by)

    def keep_or_refuse(self, turn: Turn, facts: list[AnyFact] | RefusalCode) -> RefusalCode | None:
        """Let an own act's facts come about, or give back why it is refused."""
        if isinstance(facts, str):
            return facts
        self.keep(turn, facts)
        return None

    def close_session(self, turn: Turn, session: SessionId, reason: EndedWord) -> None:
        """Tell a browser why, and close its connection."""
        turn.want(Show(session, Ended(reason=reason)), CloseSession(session))

    def welcome(self, turn: Turn, session: SessionId, seat: Seat) -> None:
        """Tell a browser who it is and whose sides these are."""
        other = self.pairing.other
        sides = SidesView(self.pairing.own.names, other.names if other else None)
        turn.want(Show(session, Welcome(seat.id, sides, self.opening.audio_slots, self.opening.version)))

    def end_session(self, turn: Turn, seat: Seat, reason: EndedWord) -> None:
        """End the session of a seat and empty it."""
        if seat.session is not None:
            self.close_session(turn, seat.session, reason)
        depart(seat)

    def ignore(self, turn: Turn, what: str, detail: str = "") -> None:
        """Count what is passed over, and remark on it."""
        self.ignored[what] += 1
        turn.want(Remark(what, detail[:300]))

    def seat_of(self, session: str) -> Seat | None:
        """Find who speaks: known from the session alone."""
        return self.seats.of_session(session)

    def own_seat(self, seat: SeatId) -> Seat | None:
        """Find a seat of the own side."""
        return self.seats.get(seat)

    def _tell_news(self, turn: Turn, before: JointWord, by: SideWord) -> None:
        news = NEWS.get((before, self.consent.joint.word, by))
        if news is not None:
            for session, _ in self.sessions:
                turn.want(Show(session, Notice(code=news, params={"by": by})))
