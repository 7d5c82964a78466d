import pytest
from tests.core.line.test_pairing import GENEVA, PYONGYANG, SEOUL, at

from parley.core.effects.facts import Severed
from parley.core.line.link import Link, LinkWord
from parley.core.line.messages import PROTOCOL, Hello

GOOD = Hello(PROTOCOL, PYONGYANG.digest, SEOUL.digest)


def settled(link: Link, stage: str = "confirmed", now: int = 100) -> LinkWord:
    link.settle(at(stage), now)  # type: ignore[arg-type]
    return link.word


def test_linked_only_when_connected_and_greeted():
    link = Link()
    assert settled(link) == "down"
    link.changed("linked", "")
    assert settled(link) == "down"
    assert link.hear_hello(GOOD, at("confirmed")) is None
    assert settled(link) == "linked"
    link.changed("down", "timed_out")
    assert settled(link) == "down" and link.words(at("confirmed")) == "lost"
    assert link.detail == "timed_out", "the sentence is the operator's"
    link.changed("linked", "")
    assert settled(link) == "down", "each connection is greeted anew"


@pytest.mark.parametrize(
    ("hello", "wrong"),
    [
        (Hello(PROTOCOL + 1, PYONGYANG.digest, SEOUL.digest), "other_protocol"),
        (Hello(PROTOCOL, GENEVA.digest, SEOUL.digest), "other_card_changed"),
        (Hello(PROTOCOL, PYONGYANG.digest, GENEVA.digest), "own_card_changed"),
    ],
)
def test_a_greeting_that_does_not_fit_is_refused_and_said(hello: Hello, wrong: str):
    link, pairing = Link(), at("confirmed")
    link.changed("linked", "")
    link.hear_hello(GOOD, pairing)
    assert link.hear_hello(hello, pairing) == wrong
    assert settled(link) == "down" and link.words(pairing) == wrong


def test_the_pairing_comes_before_the_connection():
    link = Link()
    link.changed("linked", "")
    assert settled(link, "unpaired") == "unpaired"
    assert settled(link, "unconfirmed") == "unconfirmed"


def test_since_is_when_the_word_last_changed():
    link = Link()
    settled(link, now=5)
    settled(link, now=9)
    assert link.since == 5
    link.changed("linked", "")
    link.hear_hello(GOOD, at("confirmed"))
    settled(link, now=12)
    assert link.since == 12


def test_severed_says_by_whom():
    link, pairing = Link(), at("confirmed")
    pairing.apply(Severed(at=1))
    link.settle(pairing, 3)
    assert (link.word, link.words(pairing)) == ("severed", "own")
    other = Link()
    other.severed_by_other = True
    assert settled(other) == "severed" and other.words(at("confirmed")) == "other"
    other.changed("linked", "")
    assert settled(other) == "down", "whoever links again has restored"
