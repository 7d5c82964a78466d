"""What the engine was told so far; the difference to what it should know is what it is told next.

So every rule lives in one place (`policy.py`), whatever happened: no input can forget to move a seat or shut a gate, and an
engine that was replaced is simply told it all. The engine's own state is never read back.
"""

from parley.core.effects.commands import AnyCommand, Command, LineClose, LineOpen, SeatClose
from parley.core.ids import SeatId
from parley.core.line.pairing import Pairing
from parley.core.media.policy import line_commands, meeting_command, seat_command, visible_seats, watch_command
from parley.core.talks.seats import Seat


class EngineTold:
    """The last command of each subject: the line's rate, lock and peer, the meeting, each seat, each screen."""

    def __init__(self) -> None:
        self._last: dict[str, Command] = {}
        self._seats: set[SeatId] = set()

    def reset(self) -> None:
        """Forget all: the engine is a new one."""
        self._last.clear()
        self._seats.clear()

    def forget(self, seat: SeatId) -> None:
        """Forget a seat that was closed in the engine, so that it is told anew if it still has a place."""
        self._seats.discard(seat)
        self._last.pop(f"seat/{seat}", None)
        self._last.pop(f"watch/{seat}", None)

    def talks(self, own: list[Seat], other: list[SeatId], meeting: str | None) -> list[AnyCommand]:
        """Tell the meeting, then the seats. The meeting comes first: when it ends, the line falls silent before all else."""
        commands = self._news("meeting", meeting_command(meeting))
        is_open = meeting is not None
        attending = [seat for seat in own if seat.attending]
        for gone in sorted(self._seats - {seat.id for seat in attending}):
            self.forget(gone)
            commands.append(SeatClose(gone))
        visible = {room: visible_seats(own, other, room, is_open) for room in ("caucus", "meeting")}
        for seat in attending:
            self._seats.add(seat.id)
            commands += self._news(f"seat/{seat.id}", seat_command(seat, is_open))
        for seat in attending:
            room = seat.place(is_open)
            watch = watch_command(seat, room, visible.get(room, frozenset()))
            if watch.wants or f"watch/{seat.id}" in self._last:
                commands += self._news(f"watch/{seat.id}", watch)
        return commands

    def line(self, pairing: Pairing) -> list[AnyCommand]:
        """Tell the line's rate, lock and peer. It is locked before another key is pinned."""
        commands: list[AnyCommand] = []
        for command in line_commands(pairing):
            subject = "lock" if isinstance(command, LineClose | LineOpen) else type(command).__name__
            commands += self._news(subject, command)
        return commands

    def _news(self, subject: str, command: AnyCommand) -> list[AnyCommand]:
        if self._last.get(subject) == command:
            return []
        self._last[subject] = command
        return [command]
