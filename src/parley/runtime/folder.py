"""A side's folder: the paths in it, and the lock that keeps two writers apart.

config.toml   what the operator may change      keys/node.key, keys/line.key   the side's identity
tls/          the own authority                 store/journal.db               what must never be lost
run/          lock and admin socket of the running node
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from parley.keys.authority import Authority


class FolderFault(RuntimeError):
    """This folder cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class SideFolder:
    """The folder of one side."""

    root: Path

    @property
    def config(self) -> Path:
        """The configuration."""
        return self.root / "config.toml"

    @property
    def node_key(self) -> Path:
        """The key that signs the card."""
        return self.root / "keys" / "node.key"

    @property
    def line_key(self) -> Path:
        """The key that proves the node on the line."""
        return self.root / "keys" / "line.key"

    @property
    def authority(self) -> Authority:
        """The side's own certificate authority."""
        return Authority(self.root / "tls")

    @property
    def journal(self) -> Path:
        """The journal of facts."""
        return self.root / "store" / "journal.db"

    @property
    def run(self) -> Path:
        """What only a running node needs."""
        return self.root / "run"

    @property
    def socket(self) -> Path:
        """The admin socket of the running node."""
        return self.run / "admin.sock"

    def require(self) -> None:
        """Raise `FolderFault` unless `parley init` has made a side here."""
        if not self.config.is_file():
            raise FolderFault(f"there is no side in {self.root}; make one with: parley init {self.root}")


class SideLock:
    """The right to write to a side's store; one process at a time. Held until `release` or the end of the process."""

    def __init__(self, folder: SideFolder) -> None:
        """Raises `BlockingIOError` when another process has it."""
        folder.run.mkdir(mode=0o700, exist_ok=True)
        self._handle = os.open(folder.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            raise

    def release(self) -> None:
        """Let another process write."""
        os.close(self._handle)
