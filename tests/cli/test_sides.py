from pathlib import Path

import pytest
from tests.support.served import new_side

from parley.cli.complaint import Complaint
from parley.cli.sides import card, confirm, pair, rate, restore, sever, unpair
from parley.keys.card import check_card
from parley.runtime.desk import open_desk


def test_the_card_that_is_printed_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    card(new_side(tmp_path / "a").root)
    check_card(capsys.readouterr().out)


def test_the_line_is_severed_restored_and_rated(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    one, two = new_side(tmp_path / "a"), new_side(tmp_path / "b", name="Pyongyang")
    card(two.root)
    pair(one.root, capsys.readouterr().out)
    confirm(one.root, yes=True)
    rate(one.root, 512)
    sever(one.root)
    with open_desk(one) as desk:
        assert desk.status()["line"]["state"] == "severed"
    restore(one.root)
    unpair(one.root)
    with open_desk(one) as desk:
        assert desk.status()["line"]["state"] == "unpaired"
    with pytest.raises(Complaint):
        rate(one.root, -1)
