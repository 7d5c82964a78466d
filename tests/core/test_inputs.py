import typing

from parley.core import inputs
from parley.core.node import machine


def test_the_union_is_closed_over_all_that_can_happen():
    members = {member.__name__ for member in typing.get_args(inputs.Input)}
    assert {"Started", "Asked", "AdminAsked", "EnrolAsked", "Measured", "Woke", "Stopping"} <= members
    assert {"LineChanged", "NodeMessageArrived", "PeerAnswered", "SlotsChanged", "SpeakersChanged"} <= members


def test_a_node_needs_only_its_card():
    assert inputs.Opening(card="x").audio_slots == 3
    assert machine.Node is not None
