"""Key files: made once, closed to others, signatures that nobody can forge."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from parley.keys.private import KeyFault, SideKey, read_secret, verify, write_secret


def test_a_key_is_kept_for_its_owner_alone_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "node.key"
    made = SideKey.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SideKey.load(path).public == made.public
    assert SideKey.load(path).pkcs8 == made.pkcs8
    assert SideKey.load(path).spki == made.spki


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    SideKey.make(tmp_path / "k")
    with pytest.raises(FileExistsError):
        SideKey.make(tmp_path / "k")


def test_an_open_a_missing_a_broken_and_a_foreign_key_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "k"
    with pytest.raises(KeyFault):
        SideKey.load(path)
    SideKey.make(path)
    path.chmod(0o640)
    with pytest.raises(KeyFault, match="chmod 600"):
        read_secret(path)
    write_secret(tmp_path / "text", b"nothing")
    with pytest.raises(KeyFault, match="PEM"):
        SideKey.load(tmp_path / "text")
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_secret(tmp_path / "ec", other)
    with pytest.raises(KeyFault, match="Ed25519"):
        SideKey.load(tmp_path / "ec")


def test_a_signature_holds_for_exactly_these_bytes(tmp_path: Path) -> None:
    key = SideKey.make(tmp_path / "k")
    signature = key.sign(b"this")
    assert key.verify(key.public, b"this", signature)
    assert not verify(key.public, b"that", signature)
    assert not verify(key.public, b"this", signature[:-1])
    assert not verify(b"short", b"this", signature)


@pytest.mark.parametrize("sign_bit", [0, 0x80])
def test_keys_under_which_anybody_can_sign_are_refused(sign_bit: int) -> None:
    identity = b"\x01" + bytes(30) + bytes([sign_bit])
    forged = b"\x01" + bytes(31) + bytes(32)  # R the identity, S zero: holds for every message under the identity key
    assert not verify(identity, b"anything", forged)
