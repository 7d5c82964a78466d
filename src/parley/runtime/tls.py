"""The certificate that browsers see: the configured one, or one of the side's own authority, renewed before it ends."""

import datetime as dt
import ssl
from pathlib import Path

from parley.keys.private import KeyFault
from parley.runtime.config import Config, ConfigFault
from parley.runtime.folder import SideFolder


def certificate_files(config: Config, folder: SideFolder) -> tuple[Path, Path]:
    """Give certificate and key, renewing the own one when it is due. Raises `KeyFault` or `ConfigFault`."""
    if config.web.certificate:
        chain, key = ((folder.root / path).resolve() for path in (config.web.certificate, config.web.key))
        for name, path in (("web.certificate", chain), ("web.key", key)):
            if not path.is_file():
                raise ConfigFault(name, str(path), "the path of a PEM file that exists")
        return chain, key
    authority, now = folder.authority, dt.datetime.now(dt.UTC)
    if authority.due(config.web.names, now):
        authority.renew(config.web.names, now)
    return authority.certificate, authority.key


def server_context(chain: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.3 only (every browser with WebRTC simulcast speaks it). Raises `KeyFault`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(chain, key)
    except (OSError, ssl.SSLError) as error:
        raise KeyFault(f"the certificate {chain} and the key {key} cannot be used together: {error}") from None
    return context
