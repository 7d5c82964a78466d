"""The one clock of a node: wall time in milliseconds since 1970 that never goes backwards.

A machine's clock that is set back is held still until it has caught up: order never comes from it, only expiry does.
"""

import time
from collections.abc import Callable

from parley.core.moment import Moment


class Clock:
    """`now()` for the core."""

    def __init__(self, read: Callable[[], int] = time.time_ns, last: Moment = 0) -> None:
        """`read` gives nanoseconds since 1970; `last` is the latest moment that is already known."""
        self._read = read
        self._last = last

    def now(self) -> Moment:
        """The present moment."""
        self._last = max(self._last, self._read() // 1_000_000)
        return self._last
