from pathlib import Path

from tests.support.fake_engine import FakeEngine
from tests.support.served import new_side

from parley.core.effects import Done, No
from parley.core.inputs import AddSeat
from parley.core.node import Node
from parley.core.talks.messages import Ping
from parley.engine.adapter import EngineAdapter
from parley.runtime.clock import Clock
from parley.runtime.config import read_config
from parley.runtime.desk import opening
from parley.runtime.door import NodeDoor
from parley.runtime.loop import NodeLoop
from parley.runtime.perform import Performer, Remarks
from parley.store.journal import Journal
from parley.web.door import digest


async def test_a_browser_enrols_speaks_and_goes(tmp_path: Path):
    folder = new_side(tmp_path / "a")
    journal = Journal(folder.journal)
    performer = Performer(EngineAdapter(FakeEngine(), print), Remarks())
    loop = NodeLoop(Node(opening(folder, read_config(folder.config))), journal, performer, Clock(), print)
    door = NodeDoor(loop, performer)
    loop.ask(AddSeat("0123456789abcdef", "Kim", "head", digest("token")))
    assert isinstance(door.enrol(digest("wrong"), digest("cookie")), No)
    assert isinstance(door.enrol(digest("token"), digest("cookie")), Done)
    seat = door.seat_of_cookie(digest("cookie"))
    assert seat is not None
    me = door.me(seat)
    assert me is not None and me.name == "Kim"
    session, outbox = door.open(seat, "p1")
    door.said(session, Ping(n=4))
    door.gone(session)
    door.said(session, Ping(n=5))
    outbox.close()
    texts = [text async for text in outbox.texts()]
    assert any('"welcome"' in text for text in texts)
    assert [text for text in texts if '"pong"' in text] == ['{"kind":"pong","n":4}']
    performer.close()
    journal.close()
