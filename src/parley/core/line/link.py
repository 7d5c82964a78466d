"""Whether the line holds: derived from what the engine measured, never persisted.

    down    no connection, or one whose greeting was not yet heard or was refused
    linked  connected, and the other node's greeting passed the three checks
    severed closed by declaration, by the own side or (as it told us) by the other

On each connection both nodes say `hello`, and once they have heard one another, all that the other may know: stance and
table, whole. So whatever a cut has lost is healed by the next link, and nobody has to remember what was lost.
"""

from typing import Literal, TypeAlias

from parley.core.line.messages import PROTOCOL, Hello
from parley.core.line.pairing import Pairing
from parley.core.moment import Moment

LinkWord: TypeAlias = Literal["unpaired", "unconfirmed", "down", "linked", "severed"]
LineReason: TypeAlias = Literal[
    "", "own", "other", "lost", "unknown_key", "other_protocol", "other_card_changed", "own_card_changed"
]
"""Beside `severed`: who severed. Beside `down`: the connection was lost, a key that is not pinned knocked, or why the
greeting was refused. Empty: nothing more was measured."""


class Link:
    """The connection of this moment."""

    def __init__(self) -> None:
        self.connected = False
        self.greeted = False
        self.reason: LineReason = ""
        self.detail = ""
        self.severed_by_other = False
        self.word: LinkWord = "unpaired"
        self.since: Moment = 0

    def changed(self, state: Literal["down", "linked"], reason: str) -> None:
        """Take what the engine measured; its sentence is for the operator. A connection that replaces another is new."""
        was_connected, self.connected = self.connected, state == "linked"
        if self.connected:
            self.severed_by_other = False
            self.reason, self.detail = "", ""
        else:
            self.greeted = False
            self.detail = reason[:200]
            if was_connected:
                self.reason = self.reason or "lost"

    def hear_hello(self, hello: Hello, pairing: Pairing) -> LineReason | None:
        """Check a greeting; gives the word for what is wrong.

        (1) the protocol is the one spoken here; (2) the card is the one pinned here; (3) the card that they have pinned is
        the one of this side.
        """
        wrong: LineReason | None = None
        if hello.protocol != PROTOCOL:  # (1)
            wrong = "other_protocol"
        elif pairing.other is None or hello.card != pairing.other.digest:  # (2)
            wrong = "other_card_changed"
        elif hello.other != pairing.own.digest:  # (3)
            wrong = "own_card_changed"
        self.greeted = wrong is None
        self.reason = wrong or ""
        return wrong

    def settle(self, pairing: Pairing, now: Moment) -> None:
        """Derive the word, and since when it holds."""
        word = self._word(pairing)
        if word != self.word or not self.since:
            self.word, self.since = word, now

    def _word(self, pairing: Pairing) -> LinkWord:
        if pairing.stage != "confirmed":
            return pairing.stage
        if pairing.severed or self.severed_by_other:
            return "severed"
        return "linked" if self.connected and self.greeted else "down"

    def words(self, pairing: Pairing) -> LineReason:
        """Give the reason that stands beside the word: who severed, or what was measured."""
        if self.word == "severed":
            return "own" if pairing.severed else "other"
        return self.reason if self.word == "down" else ""
