"""The node's figures for Prometheus, read from the same status that the operator sees; no name of a person is in them."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from parley.core.media.stats import ClassTraffic
from parley.core.view import StatusView
from parley.runtime.perform import Remarks

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LINE_STATES = ("unpaired", "unconfirmed", "down", "linked", "severed")
_MEETING_STATES = ("caucus", "proposed", "open")


class NodeCollector(Collector):
    """Collects at the moment of asking."""

    def __init__(
        self, status: Callable[[], StatusView], remarks: Remarks, ignored: Callable[[], dict[str, int]]
    ) -> None:
        self._status = status
        self._remarks = remarks
        self._ignored = ignored

    def collect(self) -> Iterator[Metric]:
        """Give all families."""
        status = self._status()
        yield _state("parley_line_state", "1 for the state that the line is in", _LINE_STATES, status.line.state)
        yield _state("parley_meeting_state", "1 for the state of the meeting", _MEETING_STATES, status.meeting.state)
        for name, words, value in (
            ("parley_line_rtt_ms", "Round trip of the line", status.line.rtt_ms),
            ("parley_line_loss_ratio", "Loss of the line, 0 to 1", status.line.loss),
            ("parley_line_rate_kbit", "Rate of the line in kbit/s", status.line.rate_kbit),
            ("parley_seats", "Seats of this side", len(status.seats)),
            ("parley_seats_present", "Seats with a person", sum(seat.present for seat in status.seats)),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, words, value=float(value))
        yield from _traffic({"out": status.line.out, "in": status.line.in_})
        crossing = CounterMetricFamily(
            "parley_crossing_bytes", "Bytes of a layer on the line", labels=["direction", "seat", "kind", "layer"]
        )
        for row in status.crossing:
            crossing.add_metric([row.direction, row.seat, row.kind, str(row.layer)], row.bytes)
        yield crossing
        remarks = CounterMetricFamily("parley_remarks", "What was refused or went wrong", labels=["what"])
        for what, remembered in self._remarks.known.items():
            remarks.add_metric([what], remembered.count)
        yield remarks
        ignored = CounterMetricFamily("parley_ignored", "Messages ignored, by reason", labels=["reason"])
        for reason, count in self._ignored().items():
            ignored.add_metric([reason], count)
        yield ignored


def metrics_text(collector: Collector) -> bytes:
    """Write the figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    return generate_latest(registry)


def _state(name: str, words: str, states: tuple[str, ...], now: str) -> Metric:
    family = GaugeMetricFamily(name, words, labels=["state"])
    for state in states:
        family.add_metric([state], float(state == now))
    return family


def _traffic(directions: dict[str, ClassTraffic]) -> Iterator[Metric]:
    for field in ("bytes", "packets", "dropped"):
        family = CounterMetricFamily(
            f"parley_line_{field}", f"The line's {field} by class", labels=["direction", "class"]
        )
        for direction, traffic in directions.items():
            for name in traffic.__struct_fields__:
                family.add_metric([direction, name], getattr(getattr(traffic, name), field))
        yield family
