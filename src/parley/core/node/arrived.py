"""What the engine and the other node say.

The other node can change three things here and no more: its own greeting, its own stance, its own table. A message that is
not well-formed, not believable or out of place is counted and passed over; the line goes on.
"""

from parley.core.consent.messages import StanceSaid
from parley.core.effects import Remark, Show
from parley.core.inputs import Measured
from parley.core.line.messages import Hello, Severing
from parley.core.media.events import (
    AnyEvent,
    LineChanged,
    LineRefused,
    NodeMessageArrived,
    Panicked,
    PeerAnswered,
    PeerChanged,
    PeerRefused,
    Published,
    SlotsChanged,
    SpeakersChanged,
)
from parley.core.moment import Stamp
from parley.core.node.state import State, Turn
from parley.core.talks.table import Table, TableChanged
from parley.core.talks.wire import AnyNodeMessage, decode_message
from parley.core.view import Answer, Notice, Refused, SlotsView, SlotView, SpeakerView, SpeakingView


def event(state: State, turn: Turn, given: AnyEvent) -> None:
    """Take what the engine tells."""
    match given:
        case LineChanged():
            state.link.changed(given.state, given.reason)
            state.node_told.reset()
        case NodeMessageArrived():
            message_arrived(state, turn, given)
        case LineRefused():
            _refused(state, turn, given)
        case SpeakersChanged():
            speakers = [SpeakerView(speaker.stream, speaker.level) for speaker in given.speakers]
            for session, seat in state.sessions:
                if seat.place(state.meeting is not None) == given.room:
                    turn.want(Show(session, SpeakingView(speakers=speakers)))
        case Published():
            pass
        case Panicked():
            turn.want(Remark("engine_panic", f"{given.where}: {given.text}"))
        case _:
            _peer(state, turn, given)


def measured(state: State, turn: Turn, given: Measured) -> None:
    """Show the line's gauge to everyone."""
    view = state.gauge.measure(given.stats, state.link.word, state.pairing.rate_kbit, turn.now)
    for session, _ in state.sessions:
        turn.want(Show(session, view))


def message_arrived(state: State, turn: Turn, given: NodeMessageArrived) -> None:
    """Take one message of the other node, in four checks.

    (1) the pairing is confirmed and the line is not severed; (2) it is exactly one of the messages; (3) the greeting came
    first and fits; (4) what it says is believable, and about the sender's own side alone.
    """
    if not state.pairing.open:  # (1)
        state.ignore(turn, "message_while_closed")
        return
    try:
        message = decode_message(given.data)  # (2)
    except ValueError as error:
        state.ignore(turn, "message_malformed", str(error))
        return
    if not isinstance(message, Hello) and not state.link.greeted:  # (3)
        state.ignore(turn, "message_before_hello", type(message).__name__)
        return
    _heard(state, turn, message)


def _heard(state: State, turn: Turn, message: AnyNodeMessage) -> None:
    match message:
        case Hello():
            wrong = state.link.hear_hello(message, state.pairing)
            if wrong is not None:
                state.ignore(turn, wrong)
        case Severing():
            state.link.severed_by_other = True
        case StanceSaid():
            if _believable(state, turn, message.stance.highest):
                state.keep(turn, state.consent.hear(message.stance, turn.now), by="other")
        case Table() | TableChanged():
            highest = max((seat.hand or 0 for seat in message.seats), default=0)
            if _believable(state, turn, highest):
                wrong = _foreign_seat(state, message) or state.table.hear(message, state.meeting)
                if wrong is not None:
                    state.ignore(turn, wrong)


def _believable(state: State, turn: Turn, stamp: Stamp) -> bool:
    if not state.lamport.believable(stamp):
        state.ignore(turn, "stamp_leap", str(stamp))
        return False
    state.lamport.see(stamp)
    return True


def _foreign_seat(state: State, message: Table | TableChanged) -> str | None:
    return "own_seat_named" if any(state.own_seat(seat.id) for seat in message.seats) else None


def _refused(state: State, turn: Turn, given: LineRefused) -> None:
    state.ignore(turn, f"line_refused_{given.reason}"[:40], " ".join(filter(None, (given.addr, given.spki))))
    if given.reason == "unknown_key" and state.pairing.open and not state.link.connected:
        state.link.reason = "unknown_key"


def _peer(state: State, turn: Turn, given: PeerAnswered | PeerRefused | PeerChanged | SlotsChanged) -> None:
    seat = state.own_seat(given.seat)
    if seat is None or seat.session is None:
        return
    match given:
        case PeerAnswered():
            turn.want(Show(seat.session, Answer(peer=given.peer, request=given.request, sdp=given.sdp)))
        case PeerRefused():
            turn.want(Show(seat.session, Refused(peer=given.peer, request=given.request, reason=given.reason)))
        case SlotsChanged():
            slots = [SlotView(slot.peer, slot.mid, slot.stream) for slot in given.slots]
            turn.want(Show(seat.session, SlotsView(slots=slots)))
        case PeerChanged():
            if given.state == "closed" and given.peer in seat.peers:
                seat.peers.discard(given.peer)
                turn.want(Show(seat.session, Notice(code="peer_closed", params={"peer": given.peer})))
