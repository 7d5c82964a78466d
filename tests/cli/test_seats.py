from pathlib import Path

import pytest
from tests.support.served import new_side

from parley.cli.complaint import Complaint
from parley.cli.seats import add, list_seats, revoke


def test_a_link_is_printed_once_and_its_token_is_not_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = new_side(tmp_path / "a")
    add(folder.root, name=" Kim ", role="head")
    link = capsys.readouterr().out.splitlines()[-1]
    token = link.split("#")[1]
    list_seats(folder.root)
    assert "Kim" in capsys.readouterr().out
    assert all(token.encode() not in path.read_bytes() for path in folder.root.rglob("*") if path.is_file())


def test_what_is_no_name_and_no_seat_is_told(tmp_path: Path):
    folder = new_side(tmp_path / "a")
    with pytest.raises(Complaint):
        add(folder.root, name="\u200b", role="head")
    with pytest.raises(Complaint):
        revoke(folder.root, "../x")
