"""Microphone, camera and shared screen of a seat: switched on by its person alone.

A head or technician may mute; only the person unmutes, and by an act: the microphone is said off and then on. So a list of
devices that was already on its way when the mute came, or that a reloaded page says first, opens nothing.
Nothing of the other side comes here.
"""

from parley.core.effects.facts import AnyFact, SeatMuted, SeatUnmuted
from parley.core.ids import Role
from parley.core.moment import Moment
from parley.core.talks.messages import Devices
from parley.core.talks.seats import Seat


def switch(seat: Seat, said: Devices, now: Moment) -> list[AnyFact]:
    """Take what the person has switched on now."""
    pressed = said.mic and seat.said is not None and not seat.said.mic
    seat.said = said
    return [SeatUnmuted(now, seat.id)] if pressed and seat.muted_by else []


def mute(seat: Seat, by: Role, now: Moment) -> list[AnyFact]:
    """Mute a seat of the own side. A seat that is muted stays so; a switched off microphone may be muted too."""
    return [] if seat.muted_by else [SeatMuted(now, seat.id, "technician" if by == "technician" else "head")]
