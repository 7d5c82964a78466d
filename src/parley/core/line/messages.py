"""How two nodes greet over the line, and what a node says last before it severs."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parley.core.ids import Digest

PROTOCOL = 1
"""The version of the messages between nodes."""


class NodeMessage(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Anything that one node says to the other."""


class Hello(NodeMessage, frozen=True, tag="hello"):
    """The first message of each connection: `card` the digest of one's own card, `other` of the card one has pinned."""

    protocol: Annotated[int, Meta(ge=1, le=65535)]
    card: Digest
    other: Digest


class Severing(NodeMessage, frozen=True, tag="severing"):
    """This side now closes the line by declaration; sent once, best effort."""
