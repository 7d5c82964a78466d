"""A side's card: its names, its keys and its addresses, signed with its node key.

A card is two lines of text: the body (JSON) and the signature in base64, so it can be printed, read and carried on paper.
The signature covers `SIGNED_AS` and the body exactly as written (Ed25519, RFC 8032); it is made and checked by the keys
shell. The identity in a card is its names and keys: it is what the 60-digit number stands for and what may never change
under a pairing. The addresses may: a new card with the same identity only tells where to dial.
"""

import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parley.core.ids import Digest, Names

MAX_CARD = 8192
SIGNED_AS = b"parley side card 1\n"


class SideCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a card says. Keys in base64: `node_key` 32 bytes Ed25519, `line_spki` DER SubjectPublicKeyInfo (RFC 7250)."""

    format: Literal["parley side card 1"]
    names: Names
    node_key: Annotated[str, Meta(pattern="^[A-Za-z0-9+/]{43}=(?!\n)$")]
    line_spki: Annotated[str, Meta(pattern="^[A-Za-z0-9+/]{20,4000}={0,2}(?!\n)$")]
    addrs: Annotated[
        list[Annotated[str, Meta(pattern="^[0-9A-Fa-f.:\\[\\]]{7,60}(?!\n)$", description="ip:port")]],
        Meta(max_length=16),
    ]

    @property
    def digest(self) -> Digest:
        """SHA-256 of the identity: names and keys, not the addresses."""
        return hashlib.sha256(self.identity).hexdigest()

    @property
    def identity(self) -> bytes:
        """The bytes that the digest and the 60 digits are computed from."""
        return msgspec.json.encode([self.format, self.names.en, self.names.ko, self.node_key, self.line_spki])


_decoder = msgspec.json.Decoder(SideCard)


def write_body(card: SideCard) -> str:
    """Write the first line of a card, which is then signed."""
    return msgspec.json.encode(card).decode()


def signed_bytes(body: str) -> bytes:
    """Give the bytes that the signature covers."""
    return SIGNED_AS + body.encode()


def join(body: str, signature: str) -> str:
    """Write the card's two lines."""
    return f"{body}\n{signature}\n"


def split(text: str) -> tuple[str, str]:
    """Take a card's text apart into body and signature. Raises `ValueError` when it is not two lines of a sane length."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(text) > MAX_CARD or len(lines) != 2:
        raise ValueError("a card is two lines: the body and its signature")
    return lines[0], lines[1]


def read_body(body: str) -> SideCard:
    """Read a card's body. Raises `ValueError` with a sentence when it is not exactly a card."""
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ValueError(f"not a card: {error}") from None
