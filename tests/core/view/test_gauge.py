from parley.core.media.stats import ClassTraffic, EngineStats, LineStats, Traffic
from parley.core.view.gauge import Gauge


def stats(audio: int, dropped: int = 0, rtt: float | None = 20.0) -> EngineStats:
    out = ClassTraffic(audio=Traffic(bytes=audio, packets=1, dropped=dropped))
    return EngineStats(line=LineStats(state="linked", rtt_ms=rtt, loss=0.01, out=out))


def test_rates_are_differences_over_time():
    gauge = Gauge()
    assert gauge.measure(stats(1000), "linked", 0, 5000).out.audio.kbit == 0
    view = gauge.measure(stats(5000, dropped=3), "linked", 0, 6000)
    assert view.out.audio.kbit == 32.0 and view.out.audio.dropped == 3 and view.in_.audio.kbit == 0
    assert (view.rtt_ms, view.loss) == (20.0, 0.01)


def test_a_new_engine_counts_from_nought_and_two_looks_in_one_moment_measure_nothing():
    gauge = Gauge()
    gauge.measure(stats(9000), "linked", 0, 5000)
    assert gauge.measure(stats(1000), "linked", 0, 6000).out.audio.kbit == 8.0
    assert gauge.measure(stats(2000), "linked", 0, 6000).out.audio.kbit == 0


def test_nothing_is_claimed_of_a_line_that_is_down():
    view = Gauge().measure(stats(1), "down", 0, 1)
    assert view.rtt_ms is None and view.loss is None and view.rate_kbit is None
    assert Gauge().measure(stats(1), "down", 256, 1).rate_kbit == 256
