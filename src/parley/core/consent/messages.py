"""What a node says of its heads' consent: its whole stance, each time it changes and on each link."""

from parley.core.consent.stance import Stance
from parley.core.line.messages import NodeMessage


class StanceSaid(NodeMessage, frozen=True, tag="stance"):
    """The sender's stance; it replaces the one said before."""

    stance: Stance
