import typing

from parley.core.ids import Role
from parley.core.talks.rules import refusal


def test_who_may_consent_for_the_side():
    assert [role for role in typing.get_args(Role) if refusal(role, "consent") is None] == ["head"]
    assert refusal("technician", "consent") == "not_head"


def test_who_may_mute_an_own_seat():
    assert {role for role in typing.get_args(Role) if refusal(role, "mute") is None} == {"head", "technician"}
    assert refusal("delegate", "mute") == "not_allowed"
