"""Whose node the line may lead to.

    unpaired     no card of the other side: the engine refuses everybody
    unconfirmed  a card was taken; the line stays closed until the own operator has compared the 60-digit number
    confirmed    the key in the card is pinned: the line is dialled and answered for ever

Theory. Each operator confirms for the own side only, and until both have, no line comes up: the other node refuses a key
that it has not pinned. A confirmed pairing is never changed under way: another name or key is another side and needs
`unpair` first. Severing is apart from pairing: it closes the line and keeps the pin.

What an operator may ask in which stage, and what becomes of it, is the table `STAGES`; the rest is refused: `REFUSED`.
"""

from typing import Literal, TypeAlias

from parley.core.effects.facts import AnyFact, CardTaken, PairingConfirmed, RateSet, Restored, Severed, Unpaired
from parley.core.effects.reasons import RefusalCode
from parley.core.line.card import SideCard, read_body
from parley.core.line.numbers import number, same_number
from parley.core.moment import Moment

Stage: TypeAlias = Literal["unpaired", "unconfirmed", "confirmed"]
PairingAct: TypeAlias = Literal["take", "take_other", "confirm", "unpair"]
"""`take`: a card with the identity held, or the first one; `take_other`: with another identity."""

STAGES: dict[tuple[Stage, PairingAct], Stage] = {
    ("unpaired", "take"): "unconfirmed",
    ("unconfirmed", "take"): "unconfirmed",
    ("unconfirmed", "take_other"): "unconfirmed",
    ("unconfirmed", "confirm"): "confirmed",
    ("unconfirmed", "unpair"): "unpaired",
    ("confirmed", "take"): "confirmed",
    ("confirmed", "unpair"): "unpaired",
}
REFUSED: dict[tuple[Stage, PairingAct], RefusalCode] = {
    ("unpaired", "confirm"): "not_paired",
    ("unpaired", "unpair"): "not_paired",
    ("confirmed", "take_other"): "card_changed",
    ("confirmed", "confirm"): "already_confirmed",
}


class Pairing:
    """The pairing of this side. Changed by facts alone."""

    def __init__(self, own: SideCard, rate_kbit: int = 0) -> None:
        self.own = own
        self.other: SideCard | None = None
        self.stage: Stage = "unpaired"
        self.severed = False
        self.rate_kbit = rate_kbit
        self.number: str | None = None

    @property
    def open(self) -> bool:
        """Tell whether the line may be up."""
        return self.stage == "confirmed" and not self.severed

    @property
    def own_rank(self) -> int:
        """Give 0 to the side with the smaller identity digest and 1 to the other: both agree who is which."""
        return 0 if self.other is None or self.own.digest < self.other.digest else 1

    def apply(self, fact: AnyFact) -> None:
        """Take over what has happened."""
        match fact:
            case CardTaken():
                card = read_body(fact.card)
                self._go(self._taking(card))
                if self.other is None or self.other.identity != card.identity:
                    self.number = number(self.own, card)
                self.other = card
            case PairingConfirmed():
                self._go("confirm")
            case Unpaired():
                self._go("unpair")
                self.other, self.number = None, None
            case Severed():
                self.severed = True
            case Restored():
                self.severed = False
            case RateSet():
                self.rate_kbit = fact.kbit
            case _:
                pass

    def take_card(self, body: str, signature: str, now: Moment) -> list[AnyFact] | RefusalCode:
        """Take the other side's card, whose signature the keys shell has checked."""
        try:
            card = read_body(body)
        except ValueError:
            return "card_malformed"
        if card.identity == self.own.identity or self._shares_a_key(card):
            return "card_own"
        return self._may(self._taking(card), CardTaken(at=now, card=body, signature=signature))

    def confirm(self, typed: str, now: Moment) -> list[AnyFact] | RefusalCode:
        """Confirm the pairing by the number that both operators see."""
        if self.stage == "unconfirmed" and not same_number(typed, self.number or ""):
            return "number_wrong"
        return self._may("confirm", PairingConfirmed(at=now))

    def unpair(self, now: Moment) -> list[AnyFact] | RefusalCode:
        """Forget the other side."""
        return self._may("unpair", Unpaired(at=now))

    def sever(self, now: Moment) -> list[AnyFact]:
        """Close the line by declaration. Never refused; said twice it changes nothing."""
        return [] if self.severed else [Severed(at=now)]

    def restore(self, now: Moment) -> list[AnyFact]:
        """Let the line come up again."""
        return [Restored(at=now)] if self.severed else []

    def set_rate(self, kbit: int, now: Moment) -> list[AnyFact]:
        """Configure the line's rate; 0: unknown."""
        return [] if kbit == self.rate_kbit else [RateSet(at=now, kbit=kbit)]

    def _shares_a_key(self, card: SideCard) -> bool:
        return card.node_key == self.own.node_key or card.line_spki == self.own.line_spki

    def _taking(self, card: SideCard) -> PairingAct:
        return "take" if self.other is None or self.other.identity == card.identity else "take_other"

    def _may(self, act: PairingAct, fact: AnyFact) -> list[AnyFact] | RefusalCode:
        return REFUSED.get((self.stage, act)) or [fact]

    def _go(self, act: PairingAct) -> None:
        self.stage = STAGES.get((self.stage, act), self.stage)
