from parley.core.talks.messages import Devices
from parley.core.talks.presence import RETURN_MS, arrive, depart, expire, lose
from parley.core.talks.seats import Seat


def seat() -> Seat:
    return Seat("0123456789abcdef", "Kim", "head", None)


def test_a_first_session_replaces_nobody():
    one = seat()
    assert arrive(one, "s1", "") == (None, False)
    assert one.attending and one.session == "s1"


def test_a_newer_session_takes_over_and_media_of_another_page_ends():
    one = seat()
    arrive(one, "s1", "page")
    one.said = Devices(mic=True, camera=True, sharing=False)
    assert arrive(one, "s2", "other page") == ("s1", True)
    assert one.said is None


def test_the_same_page_keeps_its_media():
    one = seat()
    arrive(one, "s1", "page")
    one.said = Devices(mic=True, camera=True, sharing=False)
    lose(one, 1000)
    assert arrive(one, "s2", "page") == (None, False)
    assert one.said is not None and one.away_until is None


def test_a_page_without_a_name_is_always_another_one():
    one = seat()
    arrive(one, "s1", "")
    assert arrive(one, "s2", "") == ("s1", True)


def test_a_lost_connection_keeps_the_seat_until_its_time_is_over():
    one = seat()
    arrive(one, "s1", "")
    lose(one, 1000)
    expire([one], 1000 + RETURN_MS - 1)
    assert one.attending and one.session is None
    expire([one], 1000 + RETURN_MS)
    assert not one.attending


def test_who_departs_leaves_nothing_on():
    one = seat()
    arrive(one, "s1", "page")
    one.said, one.hand = Devices(mic=True, camera=True, sharing=True), 7
    one.peers.add("main")
    depart(one)
    assert not one.attending and one.said is None and one.hand is None and not one.peers
