"""The loop of a node: one input → core → journal in one transaction → only then the effects. Never two at once.

When the journal cannot be written, nothing of that input happens: the loop is broken, takes nothing more, and the
process ends. Started again, it opens the journal anew, checks it, and is where the last acknowledged fact left it.
"""

import itertools
from collections.abc import Callable

from parley.core.effects import Done, Journal, No
from parley.core.ids import RequestId
from parley.core.inputs import AdminAsked, Ask, EnrolAsked, Input, Woke
from parley.core.node import Node
from parley.core.ports import JournalPort
from parley.runtime.clock import Clock
from parley.runtime.perform import Performer
from parley.store.journal import JournalFault


class Broken(RuntimeError):
    """The node's store has failed; nothing is acknowledged any more."""


class NodeLoop:
    """Drives one node."""

    def __init__(
        self,
        node: Node,
        journal: JournalPort,
        performer: Performer,
        clock: Clock,
        on_broken: Callable[[str], None],
    ) -> None:
        self.node = node
        self._journal = journal
        self._performer = performer
        self._clock = clock
        self._on_broken = on_broken
        self._broken = False
        self._requests = itertools.count(1)
        performer.wake = lambda: self.hand_in(Woke())

    def hand_in(self, given: Input) -> None:
        """Take one input to its end. After a fault of the store nothing is taken any more."""
        if self._broken:
            return
        now = self._clock.now()
        effects = self.node.handle(given, now)
        try:
            self._journal.append([effect.fact for effect in effects if isinstance(effect, Journal)])
        except JournalFault as fault:
            self._broken = True
            self._performer.close()
            self._on_broken(str(fault))
            return
        for effect in effects:
            self._performer.perform(effect, now)

    def ask(self, ask: Ask) -> Done | No:
        """Hand in what the operator asks and return the answer. Raises `Broken`."""
        return self._answered(lambda request: AdminAsked(request, ask))

    def enrol(self, token: str, cookie: str) -> Done | No:
        """Hand in a browser's link and return the answer. Raises `Broken`."""
        return self._answered(lambda request: EnrolAsked(request, token, cookie))

    def _answered(self, make: Callable[[RequestId], Input]) -> Done | No:
        request = f"r{next(self._requests)}"
        self.hand_in(make(request))
        outcome = self._performer.replies.pop(request, None)
        if outcome is None:
            raise Broken("the node's store has failed; nothing was changed")
        return outcome
