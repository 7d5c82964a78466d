import itertools
import typing

import pytest
from tests.support.playbook import card_of

from parley.core.effects.facts import AnyFact, CardTaken, PairingConfirmed, RateSet, Unpaired
from parley.core.line.card import write_body
from parley.core.line.pairing import REFUSED, STAGES, Pairing, PairingAct, Stage

SEOUL, PYONGYANG, GENEVA = card_of("Seoul"), card_of("Pyongyang"), card_of("Geneva")


def at(stage: Stage) -> Pairing:
    pairing = Pairing(SEOUL)
    if stage != "unpaired":
        pairing.apply(CardTaken(at=1, card=write_body(PYONGYANG), signature="s"))
    if stage == "confirmed":
        pairing.apply(PairingConfirmed(at=2))
    return pairing


def do(pairing: Pairing, act: PairingAct) -> list[AnyFact] | str:
    match act:
        case "take":
            return pairing.take_card(write_body(PYONGYANG), "s", 3)
        case "take_other":
            return pairing.take_card(write_body(GENEVA), "s", 3)
        case "confirm":
            return pairing.confirm(pairing.number or "", 3)
        case "unpair":
            return pairing.unpair(3)


@pytest.mark.parametrize(("stage", "act"), list(itertools.product(typing.get_args(Stage), typing.get_args(PairingAct))))
def test_the_tables_say_what_happens_in_every_stage(stage: Stage, act: PairingAct):
    if (stage, act) == ("unpaired", "take_other"):
        return  # the first card is never another one
    assert ((stage, act) in STAGES) != ((stage, act) in REFUSED), "granted or refused, one of both"
    pairing = at(stage)
    outcome = do(pairing, act)
    if isinstance(outcome, str):
        assert outcome == REFUSED[stage, act] and pairing.stage == stage
    else:
        for fact in outcome:
            pairing.apply(fact)
        assert pairing.stage == STAGES[stage, act]


def test_the_line_may_be_up_only_confirmed_and_not_severed():
    assert [at(stage).open for stage in typing.get_args(Stage)] == [False, False, True]
    pairing = at("confirmed")
    for fact in pairing.sever(4):
        pairing.apply(fact)
    assert not pairing.open and pairing.sever(5) == []
    for fact in pairing.restore(6):
        pairing.apply(fact)
    assert pairing.open and pairing.restore(7) == []


def test_another_card_before_the_confirmation_needs_another_number():
    pairing = at("unconfirmed")
    before = pairing.number
    facts = pairing.take_card(write_body(GENEVA), "s", 3)
    assert isinstance(facts, list)
    pairing.apply(facts[0])
    assert pairing.stage == "unconfirmed" and pairing.number != before
    assert pairing.confirm(before or "", 4) == "number_wrong"


def test_a_card_that_shares_a_key_with_ours_is_ours():
    half_ours = type(SEOUL)(SEOUL.format, GENEVA.names, GENEVA.node_key, SEOUL.line_spki, [])
    assert at("unpaired").take_card(write_body(half_ours), "s", 1) == "card_own"


def test_unpairing_forgets_the_number_and_a_rate_is_set_once():
    pairing = at("confirmed")
    pairing.apply(Unpaired(at=5))
    assert pairing.number is None and pairing.other is None
    assert pairing.set_rate(512, 6) == [RateSet(at=6, kbit=512)]
    pairing.apply(RateSet(at=6, kbit=512))
    assert pairing.set_rate(512, 7) == []


def test_both_sides_agree_who_is_first():
    other = Pairing(PYONGYANG)
    other.apply(CardTaken(at=1, card=write_body(SEOUL), signature="s"))
    assert {at("confirmed").own_rank, other.own_rank} == {0, 1}
