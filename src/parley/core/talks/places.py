"""Stepping out of a meeting and back in.

A person's place is derived (`Seat.place`): opening a meeting brings everyone to the table, its end brings everyone back to
the caucus, and nobody has to be moved. Only stepping out is an act, and it is journaled: a restart must never carry a
private talk in the caucus to the table.
"""

from parley.core.effects.facts import AnyFact, SteppedIn, SteppedOut
from parley.core.effects.reasons import RefusalCode
from parley.core.ids import Place
from parley.core.moment import Moment
from parley.core.talks.seats import Seat


def step(seat: Seat, place: Place, meeting_open: bool, now: Moment) -> list[AnyFact] | RefusalCode:
    """Step out to the caucus or back to the table. Being there already is no error."""
    if not meeting_open:
        return "meeting_not_open" if place == "meeting" else []
    if place == "caucus":
        return [] if seat.stepped_out else [SteppedOut(now, seat.id)]
    return [SteppedIn(now, seat.id)] if seat.stepped_out else []
