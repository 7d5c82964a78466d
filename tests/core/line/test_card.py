import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.playbook import card_of

from parley.core.ids import Names
from parley.core.line.card import MAX_CARD, SIGNED_AS, join, read_body, signed_bytes, split, write_body


def test_a_card_is_read_as_it_was_written():
    card = card_of("Seoul")
    body = write_body(card)
    assert read_body(body) == card
    assert split(join(body, "c2ln")) == (body, "c2ln")
    assert signed_bytes(body) == SIGNED_AS + body.encode()


def test_the_identity_is_names_and_keys_not_addresses():
    here, moved = card_of("Seoul"), card_of("Seoul", addrs=["[2001:db8::1]:7000"])
    assert here.digest == moved.digest
    assert card_of("Seoul", key="new").digest != here.digest
    renamed = type(here)(here.format, Names("Busan", "Seoul"), here.node_key, here.line_spki, here.addrs)
    assert renamed.digest != here.digest


BODY = write_body(card_of("Seoul"))


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("parley side card 1", "parley side card 2"),
        BODY[:-1] + ',"extra":1}',
        BODY.replace("192.0.2.1:7000", "http://192.0.2.1"),
        BODY.replace("=", "", 1),
        BODY.replace("Seoul", "Se\\u202eoul"),
        BODY[:-1],
        "[" * 5000,
        "",
    ],
)
def test_anything_else_is_no_card(body: str):
    assert body != BODY
    with pytest.raises(ValueError, match="not a card"):
        read_body(body)


@given(st.text(max_size=200))
def test_text_that_is_not_two_lines_is_refused_with_a_sentence(text: str):
    try:
        body, signature = split(text)
    except ValueError as error:
        assert "two lines" in str(error)
    else:
        assert len(text.strip().splitlines()) == 2 and body and signature is not None


def test_a_card_is_never_endless():
    with pytest.raises(ValueError, match="two lines"):
        split("x" * MAX_CARD + "\ny")
