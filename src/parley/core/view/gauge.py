"""The line's gauge: rates of each class from two snapshots of the engine's counters."""

from parley.core.media.stats import ClassTraffic, EngineStats, Traffic
from parley.core.moment import Moment
from parley.core.view.shown import FlowsView, FlowView, LineView, LineWord


class Gauge:
    """Keeps the last snapshot. Counters that went back (a new engine) count from nought."""

    def __init__(self) -> None:
        self.stats = EngineStats()
        self._at: Moment | None = None

    def measure(self, stats: EngineStats, word: LineWord, rate_kbit: int, now: Moment) -> LineView:
        """Take a snapshot, give the gauge. `rate_kbit`: the configured rate, shown while none is measured."""
        before, self.stats = self.stats.line, stats
        elapsed = now - self._at if self._at is not None else 0
        self._at = now
        line = stats.line
        return LineView(
            state=word,
            rtt_ms=line.rtt_ms if word == "linked" else None,
            loss=line.loss if word == "linked" else None,
            rate_kbit=line.rate_kbit or float(rate_kbit) or None,
            out=_flows(before.out, line.out, elapsed),
            in_=_flows(before.in_, line.in_, elapsed),
        )


def _flows(before: ClassTraffic, after: ClassTraffic, elapsed: Moment) -> FlowsView:
    return FlowsView(
        control=_flow(before.control, after.control, elapsed),
        hotline=_flow(before.hotline, after.hotline, elapsed),
        audio=_flow(before.audio, after.audio, elapsed),
        slides=_flow(before.slides, after.slides, elapsed),
        video=_flow(before.video, after.video, elapsed),
        files=_flow(before.files, after.files, elapsed),
    )


def _flow(before: Traffic, after: Traffic, elapsed: Moment) -> FlowView:
    if elapsed <= 0:
        return FlowView()
    start = before if after.bytes >= before.bytes else Traffic()
    return FlowView(
        kbit=round((after.bytes - start.bytes) * 8 / elapsed, 1),
        dropped=max(0, after.dropped - start.dropped),
    )
