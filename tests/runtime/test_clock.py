from parley.runtime.clock import Clock


def test_a_clock_that_is_set_back_stands_still_until_it_has_caught_up():
    readings = iter([5_000_000_000, 1_000_000_000, 5_000_999_999, 6_000_000_000])
    clock = Clock(lambda: next(readings))
    assert [clock.now() for _ in range(4)] == [5000, 5000, 5000, 6000]
