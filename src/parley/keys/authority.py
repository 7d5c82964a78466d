"""The side's own small certificate authority (ECDSA P-256), for browsers of a facility that has no other one.

`ca.pem` is what the operator installs on the delegates' machines once; it lives ten years. The node's certificate lives
one year and is renewed at the start of `parley serve` when less than 30 days are left or the names have changed.
RFC 5280; names as SubjectAltName (RFC 6125), numbers as IP addresses.
"""

import datetime as dt
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from parley.keys.private import KeyFault, read_secret, write_secret

CA_YEARS = 10
LEAF_DAYS = 365
RENEW_DAYS = 30
_BACKDATED = dt.timedelta(hours=24)  # a browser whose clock is late still takes a new certificate


@dataclass(frozen=True)
class Authority:
    """Where the authority and the certificate made by it are kept."""

    folder: Path

    @property
    def ca(self) -> Path:
        """The authority's certificate: the file for the delegates' machines."""
        return self.folder / "ca.pem"

    @property
    def certificate(self) -> Path:
        """The node's certificate."""
        return self.folder / "node.pem"

    @property
    def key(self) -> Path:
        """The private key of the node's certificate."""
        return self.folder / "node.key"

    def make(self, side: str, now: dt.datetime) -> None:
        """Draw the authority's key and sign its own certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        write_secret(self.folder / "ca.key", _pem(key))
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Parley {side}"[:64])])
        certificate = (
            _builder(name, name, key.public_key(), now, dt.timedelta(days=365 * CA_YEARS + 2))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        _replace(self.ca, certificate.public_bytes(serialization.Encoding.PEM), 0o644)

    def due(self, names: Sequence[str], now: dt.datetime) -> bool:
        """Tell whether the node's certificate is missing, ends within 30 days, or is for other names."""
        try:
            leaf = x509.load_pem_x509_certificate(self.certificate.read_bytes())
            read_secret(self.key)
            named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (OSError, ValueError, KeyFault, x509.ExtensionNotFound):
            return True
        return leaf.not_valid_after_utc - now < dt.timedelta(days=RENEW_DAYS) or list(named) != _names(names)

    def renew(self, names: Sequence[str], now: dt.datetime) -> None:
        """Issue a new certificate with a new key for these names and addresses. Raises `KeyFault`."""
        try:
            ca = x509.load_pem_x509_certificate(self.ca.read_bytes())
        except (OSError, ValueError):
            raise KeyFault(
                f"{self.ca} is missing or damaged; restore it, or set web.certificate in config.toml"
            ) from None
        ca_key = serialization.load_pem_private_key(read_secret(self.folder / "ca.key"), password=None)
        if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
            raise KeyFault(
                f"{self.folder / 'ca.key'} is not the key that `parley init` made; restore it from the backup"
            )
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
        leaf = (
            _builder(subject, ca.subject, key.public_key(), now, dt.timedelta(days=LEAF_DAYS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(_names(names)), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        _replace(self.key, _pem(key), 0o600)
        _replace(self.certificate, leaf.public_bytes(serialization.Encoding.PEM), 0o644)


def fingerprint(certificate: Path) -> str:
    """SHA-256 of a certificate, in the form in which browsers show it. Raises `KeyFault`."""
    try:
        digest = x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256())
    except (OSError, ValueError):
        raise KeyFault(f"{certificate} is not a certificate in PEM") from None
    return digest.hex(":").upper()


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: dt.datetime, life: dt.timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + life)
    )


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _names(names: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name.strip("[]"))))
        except ValueError:
            found.append(x509.DNSName(name))
    return found


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _replace(path: Path, content: bytes, mode: int) -> None:
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
