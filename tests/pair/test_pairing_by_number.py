"""Stories: the line opens only after both operators have compared the number; another node or key is refused."""

from tests.support.pair import Pair, in_meeting, paired
from tests.support.playbook import Side, card_of

from parley.core.effects import Done, No
from parley.core.effects.commands import LinePeer
from parley.core.inputs import ConfirmPairing, Restore, Sever, TakeCard, Unpair
from parley.core.line.card import SideCard, write_body
from parley.core.line.messages import PROTOCOL, Hello
from parley.core.media.events import LineChanged, NodeMessageArrived
from parley.core.talks.wire import encode_message


def take(own: Side, other: Side) -> str:
    taken = own.admin(TakeCard(other.body, "signature"))
    assert isinstance(taken, Done) and taken.number
    return taken.number


def test_both_operators_see_the_same_sixty_digits():
    pair = Pair()
    numbers = {take(pair.left, pair.right), take(pair.right, pair.left)}
    assert len(numbers) == 1
    groups = numbers.pop().split()
    assert len(groups) == 12 and all(len(group) == 5 and group.isdigit() for group in groups)


def test_the_line_stays_closed_until_each_operator_has_confirmed():
    pair = Pair()
    number = take(pair.left, pair.right)
    take(pair.right, pair.left)
    assert pair.left.engine.peer is None and not pair.link()
    assert pair.left.node.status().line.state == "unconfirmed"
    pair.left.admin(ConfirmPairing(number))
    assert pair.left.node.status().line.state == "down" and not pair.link(), "the right side has not confirmed"
    pair.right.admin(ConfirmPairing(number.replace(" ", "")))
    assert pair.link()
    pair.drain()
    assert pair.left.node.status().line.state == pair.right.node.status().line.state == "linked"


def test_a_wrong_number_confirms_nothing():
    pair = Pair()
    number = take(pair.left, pair.right)
    wrong = ("1" if number[0] == "0" else "0") + number[1:]
    assert pair.left.admin(ConfirmPairing(wrong)) == No("number_wrong")
    assert pair.left.admin(ConfirmPairing("")) == No("number_wrong")
    assert pair.left.engine.peer is None


def test_a_changed_key_is_refused_while_the_pairing_stands():
    pair = paired()
    changed = write_body(card_of("Pyongyang", key="stolen"))
    assert pair.left.admin(TakeCard(changed, "signature")) == No("card_changed")
    assert pair.left.admin(TakeCard(Side("Geneva").body, "signature")) == No("card_changed")
    assert pair.left.engine.peer == pair.right.card.line_spki


def test_other_addresses_of_the_same_side_are_taken_without_a_new_number():
    pair = paired()
    moved = write_body(card_of("Pyongyang", addrs=["192.0.2.9:7001"]))
    assert isinstance(pair.left.admin(TakeCard(moved, "signature")), Done)
    assert LinePeer(pair.right.card.line_spki, ["192.0.2.9:7001"]) in pair.left.engine.commands
    assert pair.left.node.status().line.state == "linked"


def test_one_cannot_pair_with_oneself():
    side = Side("Seoul")
    assert side.admin(TakeCard(side.body, "signature")) == No("card_own")
    assert side.admin(TakeCard("{}", "signature")) == No("card_malformed")


def greet(to: Side, protocol: int, card: SideCard, other: SideCard) -> str:
    """Link and greet; gives what the operator is told."""
    to.take(LineChanged("down"))
    to.take(LineChanged("linked"))
    to.take(NodeMessageArrived(encode_message(Hello(protocol, card.digest, other.digest))))
    line = to.node.status().line
    return line.reason if line.state == "down" else line.state


def test_a_greeting_must_fit_both_cards_and_the_protocol():
    pair = Pair()
    pair.pair()
    left, right, third = pair.left, pair.right.card, card_of("Geneva")
    assert greet(left, PROTOCOL, third, left.card) == "other_card_changed"
    assert greet(left, PROTOCOL, right, third) == "own_card_changed"
    assert greet(left, PROTOCOL + 1, right, left.card) == "other_protocol"
    assert greet(left, PROTOCOL, right, left.card) == "linked"


def test_severing_closes_the_line_at_once_and_both_screens_say_so():
    pair, left, right = in_meeting()
    pair.left.admin(Sever())
    assert not pair.left.engine.open and pair.left.engine.meeting is None
    assert (pair.left.screen(left).line.state, pair.left.screen(left).line.reason) == ("severed", "own")
    assert pair.left.screen(left).meeting.state == "caucus"
    while pair.inbox["right"]:  # the last words got through before the line was closed
        pair.right.take(pair.inbox["right"].popleft())
    assert (pair.right.screen(right).line.state, pair.right.screen(right).line.reason) == ("severed", "other")
    assert pair.right.screen(right).meeting.state == "caucus", "the last words told of the leaving"
    pair.enforce()
    pair.drain()
    assert not pair.link()
    pair.left.admin(Restore())
    pair.up()
    assert pair.left.screen(left).line.state == pair.right.screen(right).line.state == "linked"


def test_when_the_last_words_are_lost_the_meeting_ends_at_the_next_link():
    pair, left, right = in_meeting()
    pair.left.admin(Sever())
    pair.cut()
    pair.drain()
    assert pair.right.screen(right).line.state == "down" and pair.right.screen(right).meeting.state == "open"
    pair.left.admin(Restore())
    pair.up()
    assert pair.left.screen(left).meeting.state == pair.right.screen(right).meeting.state == "caucus"


def test_severed_stays_severed_over_a_restart():
    pair = paired()
    pair.left.admin(Sever())
    pair.restart("left")
    assert pair.left.node.status().line.state == "severed" and not pair.left.engine.open


def test_unpairing_forgets_the_other_side_and_leaves_the_meeting():
    pair, left, _ = in_meeting()
    pair.left.admin(Unpair())
    assert pair.left.engine.peer is None and pair.left.engine.meeting is None
    assert pair.left.screen(left).line.state == "unpaired"
    assert pair.left.admin(Unpair()) == No("not_paired")
