"""The words that everything is named with: sides, seats, places, kinds, roles, streams.

No id is made here: the core knows no chance. Fresh ids arrive with the inputs (`inputs.py`), made by the shell. Every
id is checked by its pattern where it enters, so that inside the core a `SeatId` is one.

own / other    a side as seen by the node that speaks; nothing in Parley is host or guest
seat           a person's place in a delegation
place          where a person is: "caucus" (own node only, never crosses the line) or "meeting"
kind           what a stream carries: audio, video (a camera), slides (a shared screen)
"""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

VISIBLE = "^[^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+(?!\n)$"
"""Text without control, invisible or direction-changing characters: what may stand in a name on a screen."""

SideWord: TypeAlias = Literal["own", "other"]
Role: TypeAlias = Literal["head", "delegate", "adviser", "recorder", "technician"]
Muter: TypeAlias = Literal["head", "technician"]
"""The roles that may mute; they stand on the screen beside a muted seat."""
MutedBy: TypeAlias = Literal["self", "head", "technician"]
Kind: TypeAlias = Literal["audio", "video", "slides"]
Place: TypeAlias = Literal["caucus", "meeting"]
Room: TypeAlias = Literal["none", "caucus", "meeting"]

SeatId: TypeAlias = Annotated[str, Meta(pattern="^[0-9a-f]{16}(?!\n)$", description="A seat: 16 hexadecimal digits.")]
ProposalId: TypeAlias = Annotated[
    str, Meta(pattern="^[0-9a-f]{16}(?!\n)$", description="A proposal, and the meeting that it opens.")
]
Digest: TypeAlias = Annotated[str, Meta(pattern="^[0-9a-f]{64}(?!\n)$", description="SHA-256, hexadecimal.")]
PeerId: TypeAlias = Annotated[
    str, Meta(pattern="^[a-z0-9-]{1,32}(?!\n)$", description="A browser's name for one of its connections.")
]
StreamId: TypeAlias = Annotated[
    str,
    Meta(
        pattern="^(own|other)/[0-9a-f]{16}/(audio|video|slides)(?!\n)$",
        description="<own|other>/<seat>/<kind>, as seen by the node that serves this browser.",
    ),
]
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64, pattern=VISIBLE, description="A person's name.")]
SideName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80, pattern=VISIBLE)]
SessionId: TypeAlias = str
"""One open signalling connection of a browser; named by the shell, never reused."""
RequestId: TypeAlias = str
"""A question of the shell that waits for an `Answer` effect; named by the shell."""


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A side's name in both languages."""

    en: SideName
    ko: SideName


def stream_id(side: SideWord, seat: SeatId, kind: Kind) -> StreamId:
    """Name a stream: `own/0123456789abcdef/video`."""
    return f"{side}/{seat}/{kind}"


def seat_of(stream: StreamId) -> str:
    """Drop the kind of a stream: `own/0123456789abcdef`."""
    return stream.rpartition("/")[0]
