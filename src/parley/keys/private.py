"""Private keys in files of mode 0600, and the two Ed25519 keys of a side (RFC 8032).

A key file is PEM (PKCS 8, not encrypted: what protects it is the file system of the side's own machine). It is made once
and never overwritten; a key file that others may read is refused.
"""

import base64
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_SMALL_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""Encodings of the points of order 1, 2, 4 and 8 without their sign bit: keys under which anybody can sign."""


class KeyFault(RuntimeError):
    """A key file is missing, unreadable or open to others; the text says which and what to do."""


def write_secret(path: Path, content: bytes) -> None:
    """Write a new file of mode 0600 and bring it to disk. Raises `FileExistsError` when there is one already."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> bytes:
    """Read a secret file. Raises `KeyFault` when it is missing or when group or others may read it."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyFault(f"{path} can be read by others than its owner; type: chmod 600 {path}")
        return path.read_bytes()
    except OSError as error:
        raise KeyFault(f"{path} cannot be read ({error.strerror}); without it this side has no identity") from None


class SideKey:
    """An Ed25519 key of a side. Fulfils `core.ports.KeysPort`."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def make(cls, path: Path) -> "SideKey":
        """Draw a new key and keep it at `path`."""
        key = Ed25519PrivateKey.generate()
        write_secret(
            path,
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
        return cls(key)

    @classmethod
    def load(cls, path: Path) -> "SideKey":
        """Read the key at `path`. Raises `KeyFault`."""
        try:
            key = serialization.load_pem_private_key(read_secret(path), password=None)
        except ValueError:
            raise KeyFault(f"{path} is not a private key in PEM; restore it from the backup") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFault(f"{path} is not an Ed25519 key; restore it from the backup")
        return cls(key)

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    @property
    def spki(self) -> str:
        """The public key as base64 of a DER SubjectPublicKeyInfo (RFC 8410), as RFC 7250 puts it on the line."""
        return base64.b64encode(
            self._key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        ).decode()

    @property
    def pkcs8(self) -> str:
        """The private key as base64 of DER PKCS 8, for the engine. Never log it."""
        return base64.b64encode(
            self._key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        ).decode()

    def sign(self, message: bytes) -> bytes:
        """Sign: 64 bytes."""
        return self._key.sign(message)

    def verify(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Check a signature of anybody's key."""
        return verify(public_key, message, signature)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Check an Ed25519 signature over exactly these bytes; keys of small order are refused (anybody could sign)."""
    if len(public_key) != 32 or public_key[:31] + bytes([public_key[31] & 0x7F]) in _SMALL_ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
