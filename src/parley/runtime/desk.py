"""The operator's desk: the same acts on a running node, through its socket, or directly on the store of one that stands still.

`open_desk` finds out which. Both refuse the same things, because both ask the same core.
"""

import http.client
import os
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Protocol

import msgspec

from parley.core.effects import Done, No
from parley.core.effects.commands import AnyCommand
from parley.core.ids import Digest, Name, Role, SeatId
from parley.core.inputs import (
    AddSeat,
    Ask,
    ConfirmPairing,
    Opening,
    Restore,
    RevokeSeat,
    SetRate,
    Sever,
    TakeCard,
    Unpair,
)
from parley.core.line.card import join
from parley.core.node import Node
from parley.keys.card import card_body, check_card
from parley.keys.private import SideKey
from parley.runtime.clock import Clock
from parley.runtime.config import Config, read_config
from parley.runtime.folder import FolderFault, SideFolder, SideLock
from parley.runtime.loop import NodeLoop
from parley.runtime.perform import Performer, Remarks
from parley.store.journal import Journal

STARTING_SECONDS = 10.0


class DeskFault(RuntimeError):
    """The node did not answer as it should; the text says what to do."""


class Desk(Protocol):
    """Where an operator's acts go."""

    def ask(self, ask: Ask) -> Done | No:
        """Do this; what is `Done` is on disk."""
        ...

    def status(self) -> dict[str, Any]:
        """Tell how things stand, as in `parley status --json`."""
        ...


class LiveDesk:
    """The desk of a running node."""

    def __init__(self, folder: SideFolder) -> None:
        self._folder = folder

    def ask(self, ask: Ask) -> Done | No:
        """Send the act to the node."""
        path, body = ask_path(ask)
        answer = self._request("POST", path, body)
        if "done" in answer:
            return Done(**answer["done"])
        return No(**answer["no"])

    def status(self) -> dict[str, Any]:
        """Ask the node."""
        return self._request("GET", "/status", None)

    def _request(self, method: str, path: str, body: bytes | None) -> dict[str, Any]:
        connection = _Unix(self._folder)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = msgspec.json.decode(response.read(), type=dict[str, Any])
        except (OSError, http.client.HTTPException, msgspec.DecodeError) as error:
            raise DeskFault(f"the running node does not answer on {self._folder.socket}: {error}") from None
        finally:
            connection.close()
        if response.status != 200:
            raise DeskFault(str(answer.get("fault") or answer.get("detail") or f"the node answered {response.status}"))
        return answer


class StoreDesk:
    """The desk of a node that is not running."""

    def __init__(self, folder: SideFolder, config: Config, journal: Journal) -> None:
        node = Node(opening(folder, config))
        node.restore(journal.read())
        self._remarks = Remarks()
        performer = Performer(_NoEngine(), self._remarks)
        self._loop = NodeLoop(node, journal, performer, Clock(), on_broken=_raise)

    def ask(self, ask: Ask) -> Done | No:
        """Do the act here."""
        return self._loop.ask(ask)

    def status(self) -> dict[str, Any]:
        """Tell what the store knows."""
        return full_status(self._loop, self._remarks, running=False)


@contextmanager
def open_desk(folder: SideFolder) -> Generator[Desk]:
    """Give the desk of a side. Raises `FolderFault`, `ConfigFault`, `KeyFault`, `JournalFault`, `DeskFault`."""
    folder.require()
    config = read_config(folder.config)
    given_up = time.monotonic() + STARTING_SECONDS
    while True:
        if _answers(folder):
            yield LiveDesk(folder)
            return
        try:
            lock = SideLock(folder)
            break
        except BlockingIOError:
            if time.monotonic() > given_up:
                raise FolderFault(f"another process is using {folder.root} and does not answer; end it first") from None
            time.sleep(0.05)
    try:
        journal = Journal(folder.journal)
        try:
            yield StoreDesk(folder, config, journal)
        finally:
            journal.close()
    finally:
        lock.release()


def opening(folder: SideFolder, config: Config) -> Opening:
    """What the core is told of its own side. Raises `KeyFault`."""
    return Opening(card=own_card_body(folder, config), rate_kbit=config.line.rate_kbit)


def own_card_body(folder: SideFolder, config: Config) -> str:
    """The body of the own card, as the configuration stands now."""
    return card_body(config.side, SideKey.load(folder.node_key), SideKey.load(folder.line_key), list(config.line.addrs))


class SeatBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /seat`."""

    seat: SeatId
    name: Name
    role: Role
    token: Digest


class CardBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /pair`."""

    body: str
    signature: str


class NumberBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /pair/confirm`."""

    number: str


class RateBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /rate`."""

    kbit: int


def ask_path(ask: Ask) -> tuple[str, bytes]:
    """Write an act as path and body."""
    match ask:
        case AddSeat():
            return "/seat", msgspec.json.encode(ask)
        case RevokeSeat(seat):
            return f"/seat/{seat}/revoke", b"{}"
        case TakeCard():
            return "/pair", msgspec.json.encode(ask)
        case ConfirmPairing():
            return "/pair/confirm", msgspec.json.encode(ask)
        case SetRate():
            return "/rate", msgspec.json.encode(ask)
        case Unpair() | Sever() | Restore():
            return f"/{type(ask).__name__.lower()}", b"{}"


def ask_from(path: str, body: bytes) -> Ask:
    """Read an act. Raises `ValueError` with a sentence."""
    decode = msgspec.json.decode
    ask: Ask
    match path.strip("/").split("/"):
        case ["seat"]:
            seat = decode(body, type=SeatBody)
            ask = AddSeat(seat.seat, seat.name, seat.role, seat.token)
        case ["seat", seat, "revoke"]:
            ask = RevokeSeat(msgspec.convert(seat, SeatId))
        case ["pair"]:
            card = decode(body, type=CardBody)
            ask = TakeCard(*check_card(join(card.body, card.signature)))
        case ["pair", "confirm"]:
            ask = ConfirmPairing(decode(body, type=NumberBody).number)
        case ["rate"]:
            ask = SetRate(decode(body, type=RateBody).kbit)
        case [("unpair" | "sever" | "restore") as word]:
            ask = {"unpair": Unpair, "sever": Sever, "restore": Restore}[word]()
        case _:
            raise ValueError("there is no such act")
    return ask


def outcome_json(outcome: Done | No) -> dict[str, Any]:
    """Write an answer."""
    return {"done" if isinstance(outcome, Done) else "no": asdict(outcome)}


def full_status(loop: NodeLoop, remarks: Remarks, running: bool) -> dict[str, Any]:
    """All that an operator sees: the core's status, whether the node runs, and what it had to remark."""
    status = msgspec.to_builtins(loop.node.status())
    return {**status, "running": running, "remarks": remarks.listed()}


class _NoEngine:
    def command(self, command: AnyCommand) -> None:
        """A node that stands still has no engine; it is told everything when it starts."""


class _Unix(http.client.HTTPConnection):
    def __init__(self, folder: SideFolder) -> None:
        super().__init__("localhost", timeout=10)
        self._folder = folder

    def connect(self) -> None:
        self.sock = connect_unix(self._folder)


def connect_unix(folder: SideFolder) -> socket.socket:
    """Connect to the admin socket, however long the folder's path is (a socket's own path may have 107 bytes)."""
    with _short(folder) as path:
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(10)
        try:
            sock.connect(path)
        except OSError:
            sock.close()
            raise
        return sock


def bind_unix(folder: SideFolder) -> socket.socket:
    """Bind the admin socket, mode 0600; only the holder of the lock may."""
    folder.socket.unlink(missing_ok=True)
    with _short(folder) as path:
        sock = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            sock.bind(path)
        finally:
            os.umask(before)
        return sock


@contextmanager
def _short(folder: SideFolder) -> Generator[str]:
    handle = os.open(folder.run, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{handle}/{folder.socket.name}"
    finally:
        os.close(handle)


def _answers(folder: SideFolder) -> bool:
    try:
        connect_unix(folder).close()
    except OSError:
        return False
    return True


def _raise(fault: str) -> None:
    raise DeskFault(fault)
