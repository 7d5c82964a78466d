"""Cards signed and checked: the text of `core/line/card.py` with the node key's signature.

Checks of a card that came in, in this order: (1) two lines of a sane length, (2) the body is exactly a card,
(3) the line key is an Ed25519 SubjectPublicKeyInfo, (4) the signature is 64 bytes in base64, (5) it fits the body and
the node key that stands in it. Whether the card may be taken (own card, another one pinned) is the core's to say.
"""

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from parley.core.ids import Names
from parley.core.line.card import SideCard, join, read_body, signed_bytes, split, write_body
from parley.keys.private import SideKey, verify


class CardFault(ValueError):
    """This text is no card that may be trusted; the text says why."""


def card_body(names: Names, node_key: SideKey, line_key: SideKey, addrs: list[str]) -> str:
    """Write the body of the own card."""
    return write_body(
        SideCard(
            format="parley side card 1",
            names=names,
            node_key=base64.b64encode(node_key.public).decode(),
            line_spki=line_key.spki,
            addrs=addrs,
        )
    )


def sign_card(body: str, node_key: SideKey) -> str:
    """Write the whole card: body and signature."""
    return join(body, base64.b64encode(node_key.sign(signed_bytes(body))).decode())


def check_card(text: str) -> tuple[str, str]:
    """Check a card's text and return body and signature exactly as received. Raises `CardFault`."""
    try:
        body, signature = split(text)  # (1)
        card = read_body(body)  # (2)
    except ValueError as error:
        raise CardFault(f"this is not the card of a side ({error})") from None
    try:  # (3)
        if not isinstance(load_der_public_key(base64.b64decode(card.line_spki, validate=True)), Ed25519PublicKey):
            raise CardFault("the card's line key is not an Ed25519 key")
    except (ValueError, binascii.Error):
        raise CardFault("the card's line key cannot be read") from None
    try:  # (4)
        raw = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        raise CardFault("the card's second line is not a signature") from None
    if not verify(base64.b64decode(card.node_key), signed_bytes(body), raw):  # (5)
        raise CardFault("the card's signature does not fit its key: it was changed on its way, or was never whole")
    return body, signature
