"""What the operator asks, and a browser that opens a seat's link. Each gets exactly one `Reply`."""

from parley.core.consent.messages import StanceSaid
from parley.core.effects import Done, Engine, No, Reply, SendNode
from parley.core.effects.commands import SeatClose
from parley.core.effects.facts import AnyFact
from parley.core.effects.reasons import RefusalCode
from parley.core.ids import SeatId
from parley.core.inputs import (
    AddSeat,
    AdminAsked,
    Ask,
    ConfirmPairing,
    EnrolAsked,
    Restore,
    RevokeSeat,
    SetRate,
    Sever,
    TakeCard,
    Unpair,
)
from parley.core.line.messages import Severing
from parley.core.node.state import State, Turn
from parley.core.talks.wire import encode_message


def admin_asked(state: State, turn: Turn, given: AdminAsked) -> None:
    """Take what the operator asks."""
    refused = _do(state, turn, given.ask)
    seat = given.ask.seat if isinstance(given.ask, AddSeat | RevokeSeat) else None
    turn.want(Reply(given.request, No(refused) if refused else Done(seat, state.pairing.number)))
    if not refused and isinstance(given.ask, TakeCard | Unpair):
        for session, person in state.sessions:
            state.welcome(turn, session, person)


def enrol_asked(state: State, turn: Turn, given: EnrolAsked) -> None:
    """Bind a seat to the browser that opened its link."""
    refused = state.keep_or_refuse(turn, state.seats.enrol(given.token, given.cookie, turn.now))
    seat = state.seats.of_cookie(given.cookie)
    turn.want(Reply(given.request, No(refused) if refused else Done(seat.id if seat else None)))


def _do(state: State, turn: Turn, ask: Ask) -> RefusalCode | None:
    now, pairing = turn.now, state.pairing
    facts: list[AnyFact] | RefusalCode
    match ask:
        case AddSeat():
            facts = state.seats.add(ask.seat, ask.name, ask.role, ask.token, now)
        case RevokeSeat():
            return _revoke(state, turn, ask.seat)
        case TakeCard():
            facts = pairing.take_card(ask.body, ask.signature, now)
        case ConfirmPairing():
            facts = pairing.confirm(ask.number, now)
        case SetRate():
            facts = pairing.set_rate(ask.kbit, now)
        case Restore():
            facts = pairing.restore(now)
        case Unpair():
            facts = pairing.unpair(now)
            facts = facts if isinstance(facts, str) else state.consent.leave(now) + facts
        case Sever():
            facts = _sever(state, turn)
    return state.keep_or_refuse(turn, facts)


def _revoke(state: State, turn: Turn, seat_id: SeatId) -> RefusalCode | None:
    seat = state.own_seat(seat_id)
    if seat is not None:
        turn.want(Engine(SeatClose(seat_id)))
        state.engine_told.forget(seat_id)
        state.end_session(turn, seat, "revoked")
    return state.keep_or_refuse(turn, state.seats.revoke(seat_id, turn.now))


def _sever(state: State, turn: Turn) -> list[AnyFact]:
    state.keep(turn, state.consent.leave(turn.now))
    facts = state.pairing.sever(turn.now)
    if facts and state.link.connected:
        last_words = [StanceSaid(stance=state.consent.own), Severing()]
        turn.want(*(SendNode(encode_message(message)) for message in last_words))
    return facts
