"""The 60-digit number that two operators compare by voice before the line may open.

As Signal does it: each card by itself gives 30 digits, so that finding a false card that shows the same number costs about
2^112 hash runs of 5200 rounds each; the two halves are sorted, so both sides read the same number.
"""

import hashlib
from functools import lru_cache

from parley.core.line.card import SideCard

ROUNDS = 5200
GROUPS = 6
VERSION = b"parley number 1\n"


@lru_cache(maxsize=16)
def half(identity: bytes) -> str:
    """Give the 30 digits of one card: iterated SHA-512, then six groups of five digits out of 40 bits each."""
    digest = VERSION + identity
    for _ in range(ROUNDS):
        digest = hashlib.sha512(digest + identity).digest()
    groups = (int.from_bytes(digest[5 * n : 5 * n + 5], "big") % 100_000 for n in range(GROUPS))
    return "".join(f"{group:05d}" for group in groups)


def number(own: SideCard, other: SideCard) -> str:
    """Give the number of a pairing: twelve groups of five digits, the same on both sides."""
    digits = "".join(sorted([half(own.identity), half(other.identity)]))
    return " ".join(digits[at : at + 5] for at in range(0, len(digits), 5))


def same_number(typed: str, expected: str) -> bool:
    """Compare what an operator typed; only digits count, so spaces and dashes do not matter."""
    return [c for c in typed if c in "0123456789"] == [c for c in expected if c in "0123456789"]
