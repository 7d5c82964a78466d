"""How often somebody may ask: a token bucket."""

import time
from collections.abc import Callable


class Pace:
    """Allows `burst` at once and `per_second` for ever."""

    def __init__(self, per_second: float, burst: int, read: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._left = float(burst)
        self._read = read
        self._at = read()

    def allow(self) -> bool:
        """Take one if there is one."""
        now = self._read()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
