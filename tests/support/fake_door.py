"""A node's door in memory: tokens that open once, one seat, what was said."""

from parley.core.effects import Done, No
from parley.core.ids import Names
from parley.core.talks.messages import AnySaid
from parley.core.view import Me
from parley.web.door import Outbox

SEAT = "0123456789abcdef"


class FakeDoor:
    """Fulfils `parley.web.door.Door`."""

    def __init__(self) -> None:
        self.tokens: set[str] = set()
        self.cookies: set[str] = set()
        self.asked: list[str] = []
        self.heard: list[AnySaid] = []

    def enrol(self, token: str, cookie: str) -> Done | No:
        """Open a token once."""
        if token not in self.tokens:
            return No("link_unknown")
        self.tokens.remove(token)
        self.cookies.add(cookie)
        return Done(seat=SEAT)

    def seat_of_cookie(self, cookie: str) -> str | None:
        """Tell whose cookie this is."""
        self.asked.append(cookie)
        return SEAT if cookie in self.cookies else None

    def me(self, seat: str) -> Me | None:
        """Tell a seat who it is."""
        return Me(seat, "Kim", "head", Names("Seoul", "서울"))

    def open(self, seat: str, page: str) -> tuple[str, Outbox]:
        """Open a session."""
        return "s", Outbox()

    def said(self, session: str, said: AnySaid) -> None:
        """Keep what was said."""
        self.heard.append(said)

    def gone(self, session: str) -> None:
        """Nothing to do."""
