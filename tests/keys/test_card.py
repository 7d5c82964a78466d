"""Cards: what is signed is what is read, and every change of it is found."""

from pathlib import Path

import pytest

from parley.core.ids import Names
from parley.core.line.card import read_body
from parley.keys.card import CardFault, card_body, check_card, sign_card
from parley.keys.private import SideKey


@pytest.fixture
def card(tmp_path: Path) -> str:
    node, line = SideKey.make(tmp_path / "n"), SideKey.make(tmp_path / "l")
    return sign_card(card_body(Names("Seoul", "서울"), node, line, ["192.0.2.1:7401", "[fd00::1]:7401"]), node)


def test_a_card_is_checked_and_given_back_as_it_came(card: str) -> None:
    body, signature = check_card(card)
    assert card == f"{body}\n{signature}\n"
    assert read_body(body).names == Names("Seoul", "서울")
    assert check_card("\r\n" + card.replace("\n", "\r\n")) == (body, signature)


def test_a_changed_name_key_address_or_signature_is_found(card: str) -> None:
    for old, new in (("Seoul", "Soeul"), ("192.0.2.1", "192.0.2.9"), ("서울", "평양")):
        with pytest.raises(CardFault, match="signature"):
            check_card(card.replace(old, new))
    body, signature = check_card(card)
    with pytest.raises(CardFault):
        check_card(f"{body}\n{'A' * len(signature)}")
    with pytest.raises(CardFault, match="not a signature"):
        check_card(f"{body}\n???")


def test_what_is_no_card_is_refused_with_a_sentence(card: str, tmp_path: Path) -> None:
    for text in ("", "hello", "{}\nAAAA", "x" * 10_000, card + card):
        with pytest.raises(CardFault, match="not the card"):
            check_card(text)


def test_a_line_key_that_is_none_is_refused(tmp_path: Path) -> None:
    node, line = SideKey.make(tmp_path / "n"), SideKey.make(tmp_path / "l")
    body = card_body(Names("A", "가"), node, line, []).replace(line.spki, "AAAA" * 10)
    with pytest.raises(CardFault, match="line key"):
        check_card(sign_card(body, node))
