from pathlib import Path

from tests.support.fake_engine import FakeEngine
from tests.support.served import new_side

from parley.core.inputs import AddSeat
from parley.core.node import Node
from parley.engine.adapter import EngineAdapter
from parley.runtime.clock import Clock
from parley.runtime.config import read_config
from parley.runtime.desk import opening
from parley.runtime.loop import NodeLoop
from parley.runtime.metrics import NodeCollector, metrics_text
from parley.runtime.perform import Performer, Remarks
from parley.store.journal import Journal


def test_figures_without_a_name_of_a_person(tmp_path: Path):
    folder = new_side(tmp_path / "a")
    remarks, journal = Remarks(), Journal(folder.journal)
    node = Node(opening(folder, read_config(folder.config)))
    loop = NodeLoop(node, journal, Performer(EngineAdapter(FakeEngine(), print), remarks), Clock(), print)
    loop.ask(AddSeat("0123456789abcdef", "Kim", "head", "0" * 64))
    remarks.add("odd", "detail", 1)
    text = metrics_text(NodeCollector(node.status, remarks, lambda: {"late": 2})).decode()
    journal.close()
    assert "parley_seats 1.0" in text and "Kim" not in text
    assert 'parley_remarks_total{what="odd"} 1.0' in text
    assert 'parley_ignored_total{reason="late"} 2.0' in text
    assert 'parley_line_bytes_total{class="audio",direction="out"} 0.0' in text
