"""The own authority: certificates that a browser takes, renewed before they end."""

import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509

from parley.keys.authority import Authority, fingerprint
from parley.keys.private import KeyFault

NOW = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
NAMES = ["talks.example", "192.0.2.10", "fd00::10"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path)
    made.make("Seoul", NOW)
    return made


def test_the_certificate_is_for_the_names_and_made_by_the_authority(authority: Authority) -> None:
    assert authority.due(NAMES, NOW)
    authority.renew(NAMES, NOW)
    leaf = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.ca.read_bytes()))
    named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert named.get_values_for_type(x509.DNSName) == ["talks.example"]
    assert [str(ip) for ip in named.get_values_for_type(x509.IPAddress)] == ["192.0.2.10", "fd00::10"]
    assert authority.key.stat().st_mode & 0o777 == 0o600
    assert len(fingerprint(authority.ca).split(":")) == 32


def test_it_is_due_thirty_days_before_its_end_and_when_names_change(authority: Authority) -> None:
    authority.renew(NAMES, NOW)
    assert not authority.due(NAMES, NOW + dt.timedelta(days=334))
    assert authority.due(NAMES, NOW + dt.timedelta(days=336))
    assert authority.due(["elsewhere.example"], NOW)


def test_a_missing_authority_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match=r"config\.toml"):
        Authority(tmp_path).renew(NAMES, NOW)
    with pytest.raises(KeyFault):
        fingerprint(tmp_path / "none.pem")
