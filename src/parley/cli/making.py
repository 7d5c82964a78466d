"""Makes a side: `parley init`. Keys, authority, store and a configuration with comments, or nothing at all."""

import datetime as dt
import json
import socket
from dataclasses import dataclass, field
from pathlib import Path

from parley.core.ids import Names
from parley.keys.private import SideKey
from parley.runtime.config import ALLOWED, bracketed, is_loopback, parse_config
from parley.runtime.folder import FolderFault, SideFolder
from parley.store.journal import Journal


@dataclass(frozen=True)
class Wishes:
    """What the operator said at `init`; empty means: a usual value."""

    names: Names
    listen: str = ""
    web_names: list[str] = field(default_factory=list[str])
    media_bind: list[str] = field(default_factory=list[str])
    media_hosts: list[str] = field(default_factory=list[str])
    line_bind: str = ""
    line_addrs: list[str] = field(default_factory=list[str])
    rate_kbit: int = 0


def make_side(root: Path, wishes: Wishes) -> SideFolder:
    """Make a side in `root`. Raises `FolderFault` when something is there, `ConfigFault` on a bad wish."""
    folder = SideFolder(root)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise FolderFault(f"{root} is not empty; a side is made only in a new or empty folder")
    text = config_text(wishes)
    parse_config(text)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    root.chmod(0o700)
    folder.run.mkdir(mode=0o700)
    folder.journal.parent.mkdir(mode=0o700)
    SideKey.make(folder.node_key)
    SideKey.make(folder.line_key)
    folder.authority.make(wishes.names.en, dt.datetime.now(dt.UTC))
    Journal(folder.journal).close()
    # Last: a folder with a configuration is a whole side.
    folder.config.write_text(text, encoding="utf-8")
    return folder


def config_text(wishes: Wishes) -> str:
    """Write `config.toml` with its comments."""
    addresses = _own_addresses()
    listen = wishes.listen or "https://0.0.0.0:8443"
    host = listen.split("//")[-1].rpartition(":")[0].strip("[]")
    names = wishes.web_names or ([host] if host not in ("0.0.0.0", "::", "") else [socket.gethostname(), *addresses])  # noqa: S104
    media_bind = wishes.media_bind or (
        ["127.0.0.1:7400"]
        if is_loopback(host)
        else ["0.0.0.0:7400", *(["[::]:7400"] if any(":" in a for a in addresses) else [])]
    )
    hosts = wishes.media_hosts or addresses
    line_bind = wishes.line_bind or "0.0.0.0:7401"
    line_port = line_bind.rpartition(":")[2]
    line_addrs = wishes.line_addrs or [
        f"{bracketed(address)}:{line_port}" for address in addresses if ":" not in address
    ]

    def toml(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    return f"""\
# The configuration of this side's node. Changes take effect when `parley serve` starts again.
# The identity of the side is not here: it is in keys/, which belongs in a backup that nobody else can read.

[side]
# The side's names, as both sides see them. They stand in the card: changing them needs a new pairing.
en = {toml(wishes.names.en)}
ko = {toml(wishes.names.ko)}

[web]
# Where browsers come in: {ALLOWED["web.listen"]}.
listen = {toml(listen)}
# The names and addresses under which browsers come; anything else is turned away.
names = {toml(names)}
# A certificate of your own, PEM: leave both empty to use the authority in tls/ (install tls/ca.pem on the delegates' machines).
certificate = ""
key = ""

[media]
# Where browsers send picture and sound (UDP, and TCP on the same port where UDP is blocked).
bind = {toml(media_bind)}
# The addresses of this machine that are told to the browsers, IPv4 and IPv6.
hosts = {toml(hosts)}
tcp = true

[line]
# Where the other node comes in (UDP).
bind = {toml(line_bind)}
# The addresses under which the other node reaches this one; they stand in the card. May be empty if only this side dials.
addrs = {toml(line_addrs)}
# What the line carries, in kbit/s; 0 when unknown. It is never exceeded.
rate_kbit = {wishes.rate_kbit}

[admin]
# Metrics for Prometheus: {ALLOWED["admin.metrics"]}. They are always on the socket run/admin.sock.
metrics = ""
"""


def _own_addresses() -> list[str]:
    """The address of this machine on its way out, as a first guess for the operator; sends nothing."""
    found: list[str] = []
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((elsewhere, 9))
                found.append(probe.getsockname()[0])
        except OSError:
            continue
    return found or ["127.0.0.1"]
