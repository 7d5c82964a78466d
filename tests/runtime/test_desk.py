"""The desk: the same acts on a running node and on one that stands still."""

import socket
from pathlib import Path

import pytest
from tests.support.served import new_side

from parley.core.effects import Done
from parley.core.inputs import AddSeat, RevokeSeat
from parley.runtime.desk import DeskFault, LiveDesk, StoreDesk, bind_unix, connect_unix, open_desk
from parley.runtime.folder import FolderFault, SideFolder

SEAT = AddSeat("0123456789abcdef", "Kim", "head", "0" * 64)


def test_on_the_store_acts_are_kept(tmp_path: Path) -> None:
    folder = new_side(tmp_path / "a")
    with open_desk(folder) as desk:
        assert isinstance(desk, StoreDesk)
        assert isinstance(desk.ask(SEAT), Done)
    with open_desk(folder) as desk:
        assert [seat["id"] for seat in desk.status()["seats"]] == [SEAT.seat]
        assert not desk.status()["running"]
        desk.ask(RevokeSeat(SEAT.seat))
        assert desk.status()["seats"] == []


def test_a_folder_without_a_side_is_told(tmp_path: Path) -> None:
    with pytest.raises(FolderFault), open_desk(SideFolder(tmp_path)):
        pass


def test_a_node_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeskFault):
        LiveDesk(new_side(tmp_path / "a")).status()


def test_the_socket_works_below_a_long_path(tmp_path: Path) -> None:
    folder = new_side(tmp_path / ("long" * 30))
    listening = bind_unix(folder)
    listening.listen()
    connect_unix(folder).close()
    listening.close()
    assert isinstance(listening, socket.socket) and folder.socket.stat().st_mode & 0o777 == 0o600
