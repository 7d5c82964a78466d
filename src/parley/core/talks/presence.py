"""Who is on a seat: sessions come, go, and take over from one another.

    absent     nobody is on the seat                         (no session, not attending)
    present    a browser is connected                        (session, attending)
    away       the connection was lost; place and media are kept for `RETURN_MS`   (no session, attending, `away_until`)

A newer session takes over the seat: the older one is ended as "replaced". The same page coming back keeps its media.
"""

from parley.core.ids import SessionId
from parley.core.moment import Moment
from parley.core.talks.seats import Seat

RETURN_MS = 10_000
"""How long a lost connection keeps its seat at the table: a reload takes 2 s, a change of network less than 10 s."""


def arrive(seat: Seat, session: SessionId, page: str) -> tuple[SessionId | None, bool]:
    """Seat a new session. Gives the session that it replaces, and whether media of an older page must end."""
    replaced = seat.session
    anew = not page or page != seat.page
    had_media = anew and seat.attending
    seat.session, seat.page, seat.attending, seat.away_until = session, page, True, None
    if anew:
        seat.forget_media()
    return replaced, had_media


def lose(seat: Seat, now: Moment) -> None:
    """Take note that the connection is gone; the seat is kept for a while."""
    seat.session, seat.away_until = None, now + RETURN_MS


def depart(seat: Seat) -> None:
    """Empty the seat: the person left, did not return in time, or was revoked."""
    seat.session, seat.page, seat.attending, seat.away_until = None, "", False, None
    seat.forget_media()


def expire(seats: list[Seat], now: Moment) -> None:
    """Empty the seats whose people did not return in time."""
    for seat in seats:
        if seat.away_until is not None and seat.away_until <= now:
            depart(seat)
