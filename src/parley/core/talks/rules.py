"""Who may do what on the own side. What is not granted here is refused.

There is no rule about the other side's people: nothing that they say reaches a seat of this side.
"""

from typing import Literal, TypeAlias

from parley.core.effects.reasons import RefusalCode
from parley.core.ids import Role

Right: TypeAlias = Literal["consent", "mute"]

GRANTED: dict[Right, frozenset[Role]] = {
    "consent": frozenset({"head"}),
    "mute": frozenset({"head", "technician"}),
}
"""consent: propose, accept, decline, withdraw, take the side out of the meeting. mute: another seat of the own side."""

REFUSED: dict[Right, RefusalCode] = {"consent": "not_head", "mute": "not_allowed"}


def refusal(role: Role, right: Right) -> RefusalCode | None:
    """Tell why this role has not this right; null: it has."""
    return None if role in GRANTED[right] else REFUSED[right]
