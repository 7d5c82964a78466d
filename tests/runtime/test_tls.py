import datetime as dt
import ssl
from pathlib import Path

import msgspec
import pytest
from tests.support.served import new_side

from parley.keys.private import KeyFault
from parley.runtime.config import ConfigFault, read_config
from parley.runtime.tls import certificate_files, server_context


def test_the_own_certificate_is_made_once_and_used(tmp_path: Path):
    folder = new_side(tmp_path / "a", secure=True)
    config = read_config(folder.config)
    files = certificate_files(config, folder)
    first = files[0].read_bytes()
    assert certificate_files(config, folder) == files and files[0].read_bytes() == first
    assert not folder.authority.due(config.web.names, dt.datetime.now(dt.UTC))
    assert server_context(*files).minimum_version is ssl.TLSVersion.TLSv1_3


def test_a_configured_certificate_is_used_or_its_fault_told(tmp_path: Path):
    folder = new_side(tmp_path / "a", secure=True)
    config = read_config(folder.config)
    own = certificate_files(config, folder)
    given = msgspec.structs.replace(
        config, web=msgspec.structs.replace(config.web, certificate=str(own[0]), key=str(own[1]))
    )
    assert certificate_files(given, folder) == own
    gone = msgspec.structs.replace(config, web=msgspec.structs.replace(config.web, certificate="no.pem", key="no.key"))
    with pytest.raises(ConfigFault):
        certificate_files(gone, folder)
    with pytest.raises(KeyFault):
        server_context(own[0], folder.line_key)
