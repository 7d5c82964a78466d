import itertools
import typing

import pytest

from parley.core.consent.machine import ACTS, NEWS, REFUSED, Act, Consent
from parley.core.consent.stance import JointWord, Proposal, Stance
from parley.core.effects.facts import AnyFact, OwnStance, Unpaired
from parley.core.moment import Lamport

OURS, THEIRS, FRESH = "00000000000000aa", "00000000000000bb", "00000000000000cc"


def keep(consent: Consent, facts: list[AnyFact] | str) -> list[AnyFact]:
    assert isinstance(facts, list), facts
    for fact in facts:
        consent.apply(fact)
    return facts


def act(consent: Consent, what: Act, named: str | None = None, linked: bool = True) -> list[AnyFact] | str:
    return consent.act(what, named, FRESH, linked, 50)


def at(word: JointWord) -> Consent:
    consent = Consent(Lamport())
    if word in ("own_proposed", "open"):
        keep(consent, consent.act("propose", None, OURS, True, 10))
        if word == "open":
            keep(consent, consent.hear(consent.own, 11))
    if word == "other_proposed":
        keep(consent, consent.hear(Stance(Proposal(1, THEIRS)), 10))
    assert consent.joint.word == word
    return consent


@pytest.mark.parametrize(("word", "what"), list(itertools.product(typing.get_args(JointWord), typing.get_args(Act))))
def test_the_tables_say_what_a_head_may_do_in_every_state(word: JointWord, what: Act):
    consent = at(word)
    outcome = act(consent, what)
    does = ACTS.get((word, what))
    if does is None:
        assert outcome == REFUSED[word].get(what, "no_such_proposal")
        return
    keep(consent, outcome)
    after = {"consent_anew": "own_proposed", "consent_to_theirs": "open", "close": "caucus"}[does]
    assert consent.joint.word == after
    assert (word, after, "own") in NEWS, "people are told"


def test_consenting_needs_the_line_and_taking_it_back_does_not():
    assert act(at("caucus"), "propose", linked=False) == "line_not_linked"
    assert act(at("other_proposed"), "accept", THEIRS, linked=False) == "line_not_linked"
    for (word, what), does in ACTS.items():
        if does == "close":
            assert isinstance(act(at(word), what, linked=False), list)


def test_an_act_that_names_another_proposal_does_nothing():
    assert act(at("other_proposed"), "accept", OURS) == "no_such_proposal"
    assert act(at("own_proposed"), "withdraw", THEIRS) == "no_such_proposal"


def test_a_proposal_while_theirs_stands_is_an_acceptance():
    consent = at("other_proposed")
    keep(consent, act(consent, "propose"))
    assert consent.joint.meeting == THEIRS


@pytest.mark.parametrize(
    ("word", "said", "after"),
    [
        ("caucus", Stance(Proposal(3, THEIRS)), "other_proposed"),
        ("own_proposed", Stance(None, 1), "caucus"),
        ("own_proposed", Stance(Proposal(1, OURS)), "open"),
        ("own_proposed", Stance(Proposal(9, THEIRS)), "open"),
        ("other_proposed", Stance(None, 1), "caucus"),
        ("open", Stance(None, 1), "caucus"),
        ("open", Stance(None, 0), "caucus"),
        ("open", Stance(Proposal(2, THEIRS), 1), "other_proposed"),
        ("open", Stance(Proposal(1, "0000000000000001")), "caucus"),
    ],
)
def test_what_the_other_side_says(word: JointWord, said: Stance, after: JointWord):
    consent = at(word)
    had = consent.own.proposal
    keep(consent, consent.hear(said, 60))
    assert consent.joint.word in (after, "other_proposed" if after == "caucus" and said.proposal else after)
    assert consent.own.proposal in (None, had), "their word gives no consent of ours"
    if word == "open" and consent.joint.word != "open":
        assert consent.own.proposal is None, "used up"


def test_hearing_the_same_again_is_nothing_new():
    consent = at("other_proposed")
    assert consent.hear(consent.other, 99) == []


def test_what_was_closed_is_not_revived_by_a_late_word():
    consent = at("open")
    said = consent.other
    keep(consent, act(consent, "leave"))
    keep(consent, consent.hear(Stance(None, 5), 70))
    keep(consent, consent.hear(said, 71))
    assert consent.joint.word == "caucus"
    keep(consent, act(consent, "propose"))
    assert consent.joint.word == "own_proposed" and consent.own.highest > 5


def test_since_is_the_moment_of_the_last_change_of_the_joint_state():
    consent = at("own_proposed")
    assert consent.since == 10
    keep(consent, consent.hear(Stance(closed=0), 60))
    assert consent.since == 10
    keep(consent, act(consent, "withdraw"))
    assert consent.since == 50


def test_replaying_the_facts_gives_the_same_stances_and_later_stamps():
    consent, facts = Consent(Lamport()), list[AnyFact]()
    facts += keep(consent, act(consent, "propose"))
    facts += keep(consent, consent.hear(Stance(Proposal(40, THEIRS)), 60))
    facts += keep(consent, act(consent, "leave"))
    again = Consent(lamport := Lamport())
    for fact in facts:
        again.apply(fact)
    assert (again.own, again.other, again.since) == (consent.own, consent.other, consent.since)
    assert lamport.next() > 40


def test_unpairing_ends_everything_and_leaving_without_consent_is_nothing():
    consent = at("open")
    consent.apply(Unpaired(at=80))
    assert consent.joint.word == "caucus" and consent.other == Stance()
    assert consent.leave(81) == []
    assert isinstance(at("own_proposed").leave(81)[0], OwnStance)
