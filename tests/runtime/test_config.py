"""The configuration: each mistake is named with its key, what was found, what is allowed."""

from pathlib import Path

import pytest

from parley.cli.making import Wishes, config_text
from parley.core.ids import Names
from parley.runtime.config import ConfigFault, bracketed, is_loopback, parse_config, read_config, split_socket

TEXT = config_text(
    Wishes(
        Names("Seoul", "서울"),
        listen="https://0.0.0.0:8443",
        web_names=["talks.example", "fd00::10"],
        media_bind=["0.0.0.0:7400"],
        media_hosts=["192.0.2.10"],
        line_bind="0.0.0.0:7401",
        line_addrs=["192.0.2.10:7401"],
    )
)


def test_what_init_writes_is_read(tmp_path: Path) -> None:
    (tmp_path / "c").write_text(TEXT)
    config = read_config(tmp_path / "c")
    assert config.secure
    assert config.hosts == ["talks.example:8443", "[fd00::10]:8443"]
    assert config.origins[0] == "https://talks.example:8443"
    assert parse_config(TEXT.replace(":8443", ":443")).hosts[0] == "talks.example"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("rate_kbit = 0", 'rate_kbit = "x"', "line.rate_kbit"),
        ("rate_kbit = 0", "rate_kbit = -1", "line.rate_kbit"),
        ("rate_kbit = 0", "ratekbit = 1", "line.ratekbit"),
        ("[line]", "[lime]", "lime"),
        ("https://0.0.0.0", "http://0.0.0.0", "web.listen"),
        ("https://0.0.0.0", "ftp://0.0.0.0", "web.listen"),
        ("https://0.0.0.0:8443", "https://0.0.0.0:99999", "web.listen"),
        ("https://0.0.0.0:8443", "https://name.example:1", "web.listen"),
        ('"talks.example"', '"talks example"', "web.names"),
        ('key = ""', 'key = "a.pem"', "web.key"),
        ('bind = ["0.0.0.0:7400"]', "bind = []", "media.bind"),
        ('hosts = ["192.0.2.10"]', 'hosts = ["0.0.0.0"]', "media.hosts"),
        ('hosts = ["192.0.2.10"]', 'hosts = ["name"]', "media.hosts"),
        ('"0.0.0.0:7401"', '"0.0.0.0"', "line.bind"),
        ('"192.0.2.10:7401"', '"fd00::1:7401"', "line.addrs"),
        ('metrics = ""', 'metrics = "192.0.2.1:9"', "admin.metrics"),
        ('en = "Seoul"', 'en = ""', "side.en"),
        ("[side]", "[side", "the file"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, key: str) -> None:
    assert old in TEXT
    with pytest.raises(ConfigFault, match="allowed is") as fault:
        parse_config(TEXT.replace(old, new))
    assert fault.value.key == key


def test_addresses_are_taken_apart() -> None:
    assert split_socket("[fd00::1]:5") == ("fd00::1", 5)
    assert bracketed("fd00::1") == "[fd00::1]"
    assert is_loopback("[::1]") and is_loopback("localhost") and not is_loopback("192.0.2.1")
