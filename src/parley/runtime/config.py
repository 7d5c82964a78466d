"""`config.toml` of a side: read strictly, every mistake named with its key, what was found and what is allowed."""

import ipaddress
import re
import tomllib
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec

from parley.core.ids import Names


class ConfigFault(ValueError):
    """A mistake in the configuration: which key, what was found, what is allowed."""

    def __init__(self, key: str, found: object, allowed: str) -> None:
        super().__init__(f"config.toml, {key}: found {found!r}; allowed is {allowed}")
        self.key = key


class WebConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where browsers come in."""

    listen: str
    names: list[str]
    certificate: str = ""
    key: str = ""


class MediaConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where browsers send picture and sound."""

    bind: list[str]
    hosts: list[str]
    tcp: bool = True


class LineConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the other node comes in."""

    bind: str
    addrs: list[str]
    rate_kbit: int = 0


class AdminConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the side's own monitoring may read."""

    metrics: str = ""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    side: Names
    web: WebConfig
    media: MediaConfig
    line: LineConfig
    admin: AdminConfig = AdminConfig()

    @property
    def secure(self) -> bool:
        """Whether browsers come in by https."""
        return self.web.listen.startswith("https:")

    @property
    def port(self) -> int:
        """The port that browsers come to."""
        return urlsplit(self.web.listen).port or (443 if self.secure else 80)

    @property
    def bind_host(self) -> str:
        """The address that the pages are served on."""
        return urlsplit(self.web.listen).hostname or ""

    @property
    def hosts(self) -> list[str]:
        """The `Host` headers that are answered, as browsers send them."""
        usual = 443 if self.secure else 80
        return [name if self.port == usual else f"{name}:{self.port}" for name in map(bracketed, self.web.names)]

    @property
    def origins(self) -> list[str]:
        """The origins that pages of this node have."""
        return [f"{'https' if self.secure else 'http'}://{host}" for host in self.hosts]


ALLOWED = {
    "side.en": "the side's name in English, 1 to 80 visible characters",
    "side.ko": "the side's name in Korean, 1 to 80 visible characters",
    "web.listen": 'https://ADDRESS:PORT, or http://ADDRESS:PORT on loopback only, such as "https://0.0.0.0:8443"',
    "web.names": 'a list of host names or addresses that browsers use, such as ["talks.example", "192.0.2.10"]',
    "web.certificate": 'the path of a PEM file with the whole chain, or "" for the side\'s own authority',
    "web.key": "the path of the certificate's private key in PEM, or \"\" for the side's own authority",
    "media.bind": 'a list of ADDRESS:PORT, such as ["0.0.0.0:7400", "[::]:7400"]',
    "media.hosts": 'a list of IP addresses by which browsers reach this machine, such as ["192.0.2.10", "fd00::10"]',
    "media.tcp": "true or false",
    "line.bind": 'ADDRESS:PORT, such as "0.0.0.0:7401"',
    "line.addrs": 'a list of ADDRESS:PORT by which the other node reaches this one, such as ["192.0.2.10:7401"]',
    "line.rate_kbit": "a whole number of kbit/s from 0 (unknown) to 100000000",
    "admin.metrics": 'ADDRESS:PORT on loopback, such as "127.0.0.1:9464", or "" for none',
}
"""What each key may hold, in words."""

_AT = re.compile(r"`\$\.?([A-Za-z_.]*)")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_MISSING = re.compile(r"missing required field `([^`]*)`")
_NAME = re.compile(r"^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$")


def read_config(path: Path) -> Config:
    """Read and check the file. Raises `ConfigFault`, or `OSError` when there is none."""
    return parse_config(path.read_text(encoding="utf-8"))


def parse_config(text: str) -> Config:
    """Read and check the text of a configuration. Raises `ConfigFault`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigFault("the file", str(error), "TOML as `parley init` writes it") from None
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as error:
        raise _located(str(error), raw) from None
    _check(config)
    return config


def _located(message: str, raw: dict[str, Any]) -> ConfigFault:
    at = match.group(1).strip(".") if (match := _AT.search(message)) else ""
    if unknown := _UNKNOWN.search(message):
        key = f"{at}.{unknown.group(1)}".strip(".")
        inside = [known.rpartition(".")[2] for known in ALLOWED if known.rpartition(".")[0] == at]
        sections = dict.fromkeys(known.partition(".")[0] for known in ALLOWED)
        return ConfigFault(key, "a key that is not known", "one of " + ", ".join(inside or sections))
    if missing := _MISSING.search(message):
        key = f"{at}.{missing.group(1)}".strip(".")
        return ConfigFault(key, "nothing", ALLOWED.get(key, "a section of this name"))
    found: Any = raw
    for part in at.split("."):
        found = cast(dict[str, Any], found).get(part, "nothing") if isinstance(found, dict) else found
    return ConfigFault(at or "the file", found, ALLOWED.get(at, message))


def _check(config: Config) -> None:
    url = urlsplit(config.web.listen)
    fits = url.scheme in ("http", "https") and not url.path.strip("/") and not url.query and not url.username
    try:
        fits = (
            fits and url.port != 0 and (url.hostname == "localhost" or bool(ipaddress.ip_address(url.hostname or "")))
        )
    except ValueError:
        fits = False
    if not fits or (url.scheme == "http" and not is_loopback(url.hostname or "")):
        raise ConfigFault("web.listen", config.web.listen, ALLOWED["web.listen"])
    if not config.web.names or not all(_is_name(name) for name in config.web.names):
        raise ConfigFault("web.names", config.web.names, ALLOWED["web.names"])
    if bool(config.web.certificate) != bool(config.web.key):
        raise ConfigFault("web.key", config.web.key, "both web.certificate and web.key, or neither")
    for bind in config.media.bind or [""]:
        _socket("media.bind", bind)
    for host in config.media.hosts or [""]:
        try:
            concrete = not ipaddress.ip_address(host).is_unspecified
        except ValueError:
            concrete = False
        if not concrete:
            raise ConfigFault("media.hosts", host, ALLOWED["media.hosts"])
    _socket("line.bind", config.line.bind)
    for addr in config.line.addrs:
        _socket("line.addrs", addr)
    if not 0 <= config.line.rate_kbit <= 100_000_000:
        raise ConfigFault("line.rate_kbit", config.line.rate_kbit, ALLOWED["line.rate_kbit"])
    if config.admin.metrics and not is_loopback(_socket("admin.metrics", config.admin.metrics)[0]):
        raise ConfigFault("admin.metrics", config.admin.metrics, ALLOWED["admin.metrics"])


def _socket(key: str, text: str) -> tuple[str, int]:
    try:
        return split_socket(text)
    except ValueError:
        raise ConfigFault(key, text, ALLOWED[key]) from None


def split_socket(text: str) -> tuple[str, int]:
    """Take `ADDRESS:PORT` apart. Raises `ValueError`."""
    host, colon, port = text.rpartition(":")
    number = int(port) if port.isascii() and port.isdigit() else -1
    if not colon or not 0 <= number <= 65535:
        raise ValueError(f"{text!r} is not ADDRESS:PORT")
    if (":" in host) != (host.startswith("[") and host.endswith("]")):
        raise ValueError("an IPv6 address stands in brackets")
    return str(ipaddress.ip_address(host.strip("[]"))), number


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def bracketed(name: str) -> str:
    """Write a name as it stands in an address: IPv6 in brackets, letters small."""
    return f"[{name.strip('[]')}]" if ":" in name else name.lower()


def _is_name(name: str) -> bool:
    try:
        return not ipaddress.ip_address(name.strip("[]")).is_unspecified
    except ValueError:
        return bool(_NAME.match(name))
