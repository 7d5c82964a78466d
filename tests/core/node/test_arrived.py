"""Traces: what the engine tells and what the node wants then."""

from tests.support.pair import in_meeting
from tests.support.playbook import Side

from parley.core.effects import Remark, Show
from parley.core.inputs import Measured
from parley.core.media.events import (
    LineRefused,
    Panicked,
    PeerAnswered,
    PeerChanged,
    PeerRefused,
    Published,
    Slot,
    SlotsChanged,
    Speaker,
    SpeakersChanged,
)
from parley.core.media.stats import EngineStats
from parley.core.talks.messages import Offer, Step
from parley.core.view import Answer, LineView, Notice, Refused, SlotsView, SlotView, SpeakerView, SpeakingView


def test_answers_refusals_and_slots_go_to_the_seat_they_are_for():
    side = Side("Seoul")
    head = side.person("head")
    side.person("delegate")
    seat = side.seat_of[head]
    assert side.take(PeerAnswered(seat, "main", 1, "v=0")) == [Show(head, Answer(peer="main", request=1, sdp="v=0"))]
    assert side.take(PeerRefused(seat, "main", 2, "no")) == [Show(head, Refused(peer="main", request=2, reason="no"))]
    slots = SlotsChanged(seat, [Slot("main", "3", f"own/{seat}/audio")])
    assert side.take(slots) == [Show(head, SlotsView(slots=[SlotView("main", "3", f"own/{seat}/audio")]))]


def test_what_comes_late_for_a_seat_that_is_empty_is_passed_over():
    side = Side("Seoul")
    head = side.person("head")
    seat = side.seat_of[head]
    side.drop(head)
    for late in (PeerAnswered(seat, "main", 1, "v=0"), PeerChanged(seat, "main", "closed"), SlotsChanged(seat, [])):
        assert side.take(late) == []
    assert side.take(SlotsChanged("f" * 16, [])) == []


def test_a_peer_that_the_engine_closed_is_told_once_so_that_the_browser_offers_anew():
    side = Side("Seoul")
    head = side.person("head")
    seat = side.seat_of[head]
    side.says(head, Offer(peer="main", request=1, sdp="v=0"))
    assert side.take(PeerChanged(seat, "main", "connected")) == []
    gone = [Show(head, Notice(code="peer_closed", params={"peer": "main"}))]
    assert side.take(PeerChanged(seat, "main", "closed", "gone")) == gone
    assert side.take(PeerChanged(seat, "main", "closed", "gone")) == []


def test_speakers_are_told_to_the_people_of_that_room():
    pair, left, _ = in_meeting()
    adviser = pair.left.person("adviser")
    pair.left.says(adviser, Step(place="caucus"))
    stream = f"own/{pair.left.seat_of[adviser]}/audio"
    caucus = pair.left.take(SpeakersChanged("caucus", [Speaker(stream, 20)]))
    assert caucus == [Show(adviser, SpeakingView(speakers=[SpeakerView(stream, 20)]))]
    assert pair.left.take(SpeakersChanged("meeting", [])) == [Show(left, SpeakingView(speakers=[]))]


def test_the_gauge_goes_to_everyone_once_a_second():
    side = Side("Seoul")
    head = side.person("head")
    (effect,) = side.take(Measured(EngineStats()))
    assert isinstance(effect, Show) and effect.session == head and isinstance(effect.message, LineView)


def test_a_knock_with_another_key_is_counted_and_shown():
    pair, left, _ = in_meeting()
    pair.cut()
    pair.drain()
    effects = pair.left.take(LineRefused("QUJD", "192.0.2.66:1", "unknown_key"))
    assert effects[0] == Remark("line_refused_unknown_key", "192.0.2.66:1 QUJD")
    assert pair.left.node.ignored == {"line_refused_unknown_key": 1}
    assert pair.left.screen(left).line.reason == "unknown_key"


def test_a_broken_peer_is_remarked_and_measured_media_changes_nothing():
    side = Side("Seoul")
    assert side.take(Panicked("peer", "index")) == [Remark("engine_panic", "peer: index")]
    assert side.take(Published("f" * 16, True, "video")) == []
