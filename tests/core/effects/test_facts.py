import typing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.effects.facts import AnyFact, CardTaken, Fact, OwnStance, SeatAdded, decode_fact, encode_fact

SEAT = "0123456789abcdef"


def test_a_fact_is_one_line_of_json_that_tells_what_it_is():
    fact = OwnStance(at=7, proposal=SEAT, stamp=3, closed=2)
    assert encode_fact(fact) == b'{"fact":"own_stance","at":7,"proposal":"0123456789abcdef","stamp":3,"closed":2}'
    assert decode_fact(encode_fact(fact)) == fact


@given(st.text(max_size=300), st.text(max_size=90))
def test_a_card_comes_back_exactly_as_received(card: str, signature: str):
    fact = CardTaken(at=1, card=card, signature=signature)
    assert decode_fact(encode_fact(fact)) == fact and b"\n" not in encode_fact(fact)


def test_fields_of_a_later_version_are_passed_over_and_unknown_facts_are_not():
    line = encode_fact(SeatAdded(at=1, seat=SEAT, name="Kim", role="head", token="a" * 64))
    assert isinstance(decode_fact(line[:-1] + b',"colour":"blue"}'), SeatAdded)
    with pytest.raises(msgspec.ValidationError):
        decode_fact(b'{"fact":"crowned","at":1}')


def test_every_fact_has_its_own_word():
    facts: tuple[type[Fact], ...] = typing.get_args(AnyFact)
    words = {fact.__struct_config__.tag for fact in facts}
    assert len(words) == len(facts) > 10
