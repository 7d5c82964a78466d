import pytest
from tests.core.talks.test_table import MEETING, told

from parley.core.consent.messages import StanceSaid
from parley.core.consent.stance import Proposal, Stance
from parley.core.line.messages import PROTOCOL, Hello
from parley.core.talks.table import Table, TableChanged
from parley.core.talks.wire import MAX_NODE_MESSAGE, Told, decode_message, encode_message

STANCE = Stance(Proposal(1, MEETING))


def test_messages_read_as_written_in_the_protocol():
    assert encode_message(StanceSaid(stance=STANCE)) == (
        b'{"kind":"stance","stance":{"proposal":{"stamp":1,"id":"00000000000000aa"},"closed":0}}'
    )
    hello = Hello(PROTOCOL, "a" * 64, "b" * 64)
    assert decode_message(encode_message(hello)) == hello


def test_a_message_is_bounded():
    with pytest.raises(ValueError, match="longer"):
        decode_message(b" " * (MAX_NODE_MESSAGE + 1))


def test_said_once_on_each_connection():
    node, hello = Told(), Hello(PROTOCOL, "a" * 64, "b" * 64)
    assert node.greet(hello) == [hello] and node.greet(hello) == []
    assert node.tell(STANCE, None, {}) == [StanceSaid(stance=STANCE)]
    assert node.tell(STANCE, None, {}) == []
    node.reset()
    assert node.greet(hello) == [hello]
    assert node.tell(STANCE, None, {}) == [StanceSaid(stance=STANCE)]


def test_the_whole_table_first_then_only_what_changed():
    node, a, b = Told(), told("a" * 16), told("b" * 16)
    assert node.tell(STANCE, MEETING, {a.id: a, b.id: b})[1:] == [Table(meeting=MEETING, seats=[a, b])]
    assert node.tell(STANCE, MEETING, {a.id: a, b.id: b}) == []
    changed = told("b" * 16, "Park")
    assert node.tell(STANCE, MEETING, {b.id: changed}) == [TableChanged(meeting=MEETING, seats=[changed], gone=[a.id])]
    assert node.tell(Stance(closed=1), None, {}) == [StanceSaid(stance=Stance(closed=1))]
    another = "00000000000000bb"
    assert node.tell(Stance(closed=1), another, {b.id: b}) == [Table(meeting=another, seats=[b])]
