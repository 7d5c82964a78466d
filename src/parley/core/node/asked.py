"""What browsers say: who it is comes from the session, what they may do from `talks/rules.py`."""

from parley.core.consent.machine import Act
from parley.core.effects import Engine, Show
from parley.core.effects.commands import PeerClose, PeerOffer, SeatClose, WatchWant
from parley.core.effects.reasons import RefusalCode
from parley.core.ids import ProposalId
from parley.core.inputs import Asked, SessionClosed, SessionOpened
from parley.core.node.state import State, Turn
from parley.core.talks.devices import mute, switch
from parley.core.talks.hands import raise_hand
from parley.core.talks.messages import (
    AcceptOpen,
    AnySaid,
    ClosePeer,
    DeclineOpen,
    Devices,
    Hand,
    Leave,
    LeaveMeeting,
    Mute,
    Offer,
    Ping,
    ProposeOpen,
    Step,
    Watch,
    WithdrawOpen,
)
from parley.core.talks.places import step
from parley.core.talks.presence import arrive, lose
from parley.core.talks.rules import refusal
from parley.core.talks.seats import MAX_PEERS, Seat
from parley.core.view import Notice, Pong, Refused

ACT_OF: dict[type[AnySaid], Act] = {
    ProposeOpen: "propose",
    AcceptOpen: "accept",
    DeclineOpen: "decline",
    WithdrawOpen: "withdraw",
    LeaveMeeting: "leave",
}


def opened(state: State, turn: Turn, given: SessionOpened) -> None:
    """Seat a new session; an older one of the same seat is replaced."""
    seat = state.own_seat(given.seat)
    if seat is None:
        state.close_session(turn, given.session, "revoked")
        state.ignore(turn, "session_of_no_seat", given.seat)
        return
    replaced, had_media = arrive(seat, given.session, given.page)
    if replaced is not None and replaced != given.session:
        state.close_session(turn, replaced, "replaced")
    if had_media:
        state.engine_told.forget(seat.id)
        turn.want(Engine(SeatClose(seat.id)))
    state.welcome(turn, given.session, seat)


def closed(state: State, turn: Turn, given: SessionClosed) -> None:
    """Keep the seat for a while; a session that was replaced or ended is not known any more."""
    if seat := state.seat_of(given.session):
        lose(seat, turn.now)


def asked(state: State, turn: Turn, given: Asked) -> None:
    """Take what a browser said."""
    seat = state.seat_of(given.session)
    if seat is None:
        state.ignore(turn, "said_without_a_seat", type(given.said).__name__)
        return
    refused = _said(state, turn, seat, given.said, given.fresh)
    if refused is not None:
        turn.want(Show(given.session, Notice(code=refused)))


def _said(state: State, turn: Turn, seat: Seat, said: AnySaid, fresh: ProposalId) -> RefusalCode | None:
    match said:
        case Offer() | ClosePeer() | Watch() | Ping():
            _media(turn, seat, said)
        case Devices():
            state.keep(turn, switch(seat, said, turn.now))
        case Hand():
            raise_hand(seat, said.raised, state.lamport)
        case Mute():
            return _mute(state, turn, seat, said)
        case Step():
            facts = step(seat, said.place, state.meeting is not None, turn.now)
            return state.keep_or_refuse(turn, facts)
        case Leave():
            state.end_session(turn, seat, "left")
        case _:
            return _act(state, turn, seat, said, fresh)
    return None


def _media(turn: Turn, seat: Seat, said: Offer | ClosePeer | Watch | Ping) -> None:
    match said:
        case Offer() if said.peer not in seat.peers and len(seat.peers) >= MAX_PEERS:
            turn.want(Show(seat.session or "", Refused(peer=said.peer, request=said.request, reason="too_many_peers")))
        case Offer():
            seat.peers.add(said.peer)
            turn.want(Engine(PeerOffer(seat.id, said.peer, said.request, said.sdp)))
        case ClosePeer():
            seat.peers.discard(said.peer)
            turn.want(Engine(PeerClose(seat.id, said.peer)))
        case Watch():
            seat.wants = [WatchWant(want.stream, want.width, want.weight) for want in said.wants]
        case Ping():
            turn.want(Show(seat.session or "", Pong(n=said.n)))


def _mute(state: State, turn: Turn, seat: Seat, said: Mute) -> RefusalCode | None:
    target = state.own_seat(said.seat)
    if refused := refusal(seat.role, "mute"):
        return refused
    if target is None:
        return "no_such_seat"
    facts = mute(target, seat.role, turn.now)
    state.keep(turn, facts)
    if facts and target.session:
        turn.want(Show(target.session, Notice(code="muted", params={"by": seat.role})))
    return None


def _act(state: State, turn: Turn, seat: Seat, said: AnySaid, fresh: ProposalId) -> RefusalCode | None:
    if refused := refusal(seat.role, "consent"):
        return refused
    named = said.proposal if isinstance(said, AcceptOpen | DeclineOpen | WithdrawOpen) else None
    linked = state.link.word == "linked"
    return state.keep_or_refuse(turn, state.consent.act(ACT_OF[type(said)], named, fresh, linked, turn.now))
