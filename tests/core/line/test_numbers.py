from hypothesis import given
from hypothesis import strategies as st
from tests.support.playbook import card_of

from parley.core.line.numbers import half, number, same_number


def test_both_sides_read_the_same_number():
    seoul, pyongyang = card_of("Seoul"), card_of("Pyongyang")
    assert number(seoul, pyongyang) == number(pyongyang, seoul)
    assert [len(group) for group in number(seoul, pyongyang).split()] == [5] * 12


def test_each_card_gives_its_own_half_and_any_change_changes_it():
    seoul, stolen = card_of("Seoul"), card_of("Seoul", key="stolen")
    assert half(seoul.identity) in number(seoul, card_of("Pyongyang")).replace(" ", "")
    assert half(seoul.identity) != half(stolen.identity)


def test_the_number_never_changes_between_versions():
    assert half(b"parley") == "458740140592861181718270348621"


@given(st.lists(st.integers(0, 9), min_size=60, max_size=60), st.sampled_from([" ", "", "-", "\n", " · "]))
def test_how_it_is_typed_does_not_matter(digits: list[int], between: str):
    text = "".join(map(str, digits))
    groups = [text[at : at + 5] for at in range(0, 60, 5)]
    assert same_number(between.join(groups), " ".join(groups))
    other = str((digits[0] + 1) % 10) + text[1:]
    assert not same_number(other, " ".join(groups))


def test_nothing_typed_is_not_the_number():
    assert not same_number("", "12345 67890")
    assert not same_number("12345", "12345 67890")
