"""What follows from the state after each input, in the order that keeps people safe.

(1) rooms, gates and the meeting go to the engine first: who was muted, moved or sent home is silent before anybody is told;
(2) then the other node is told, while the line is still there; (3) then the line's lock and peer; (4) then the screens;
(5) then the alarm. Each is the difference to what was told before, so nothing is said twice and nothing can be forgotten.
"""

from parley.core.effects import Effect, Engine, SendNode, Show, WakeAt
from parley.core.line.messages import PROTOCOL, Hello, NodeMessage
from parley.core.moment import Moment
from parley.core.node.state import State
from parley.core.talks.table import at_table
from parley.core.talks.wire import encode_message
from parley.core.view.compose import scene


def engine_talks(state: State) -> list[Effect]:
    """(1) Tell the engine who is where and what may pass."""
    told = state.engine_told.talks(list(state.seats), list(state.table.seats), state.meeting)
    return [Engine(command) for command in told]


def other_node(state: State) -> list[Effect]:
    """(2) Greet the other node, and once it has greeted tell it what it does not know yet."""
    pairing, link = state.pairing, state.link
    if not link.connected or not pairing.open or pairing.other is None:
        return []
    messages: list[NodeMessage] = state.node_told.greet(Hello(PROTOCOL, pairing.own.digest, pairing.other.digest))
    if link.greeted:
        people = at_table(state.seats) if state.meeting is not None else {}
        messages += state.node_told.tell(state.consent.own, state.meeting, people)
    return [SendNode(encode_message(message)) for message in messages]


def engine_line(state: State) -> list[Effect]:
    """(3) Tell the engine whose line it is."""
    return [Engine(command) for command in state.engine_told.line(state.pairing)]


def screens(state: State, now: Moment) -> list[Effect]:
    """(4) Show everyone who has not seen it how things stand."""
    fresh = scene(state.pairing, state.link, state.consent, list(state.seats), list(state.table.seats.values()))
    sessions = state.sessions
    if fresh != state.scene:
        state.scene = fresh
        state.rev += 1
        state.shown_to.clear()
    unseen = [(session, seat) for session, seat in sessions if session not in state.shown_to]
    state.shown_to = {session for session, _ in sessions}
    return [Show(session, fresh.seen_by(seat.id, state.rev, now)) for session, seat in unseen]


def alarm(state: State) -> list[Effect]:
    """(5) Set the alarm to the first moment at which something happens by itself."""
    first = min((seat.away_until for seat in state.seats if seat.away_until is not None), default=None)
    if first == state.alarm:
        return []
    state.alarm = first
    return [WakeAt(first)]
