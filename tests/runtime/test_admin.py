"""The operator's socket: acts as paths and back, status and metrics from a running node, open to nobody else."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.served import new_side, served

from parley.core.effects import Done, No
from parley.core.inputs import AddSeat, Ask, ConfirmPairing, Restore, RevokeSeat, SetRate, Sever, TakeCard, Unpair
from parley.keys.card import CardFault
from parley.runtime.desk import ask_from, ask_path, outcome_json

SEAT = "0123456789abcdef"


@pytest.mark.parametrize(
    "ask",
    [
        AddSeat(SEAT, "김", "head", "0" * 64),
        RevokeSeat(SEAT),
        ConfirmPairing("1" * 60),
        SetRate(256),
        Unpair(),
        Sever(),
        Restore(),
    ],
)
def test_an_act_is_read_as_it_was_written(ask: Ask) -> None:
    assert ask_from(*ask_path(ask)) == ask


def test_what_is_no_act_is_refused() -> None:
    for path, body in (
        ("/seat", b"{}"),
        ("/seat/../x", b"{}"),
        ("/seat/zz/revoke", b"{}"),
        ("/rate", b"[]"),
        ("/x", b""),
    ):
        with pytest.raises(ValueError):
            ask_from(path, body)
    with pytest.raises(CardFault):
        ask_from(*ask_path(TakeCard("{}", "AAAA")))
    assert "no" in outcome_json(No("not_head")) and "done" in outcome_json(Done())


async def test_status_and_metrics_of_a_running_node(tmp_path: Path) -> None:
    folder = new_side(tmp_path / "a")
    text = folder.config.read_text()
    from tests.support.served import free_port

    port = free_port()
    folder.config.write_text(text.replace('metrics = ""', f'metrics = "127.0.0.1:{port}"'))
    async with served(folder) as node:
        assert folder.socket.stat().st_mode & 0o777 == 0o600
        node.engine.counters = {
            "line": {"state": "down", "out": {"audio": {"bytes": 5, "packets": 1, "dropped": 0}}},
            "crossing": [
                {"direction": "out", "seat": SEAT, "kind": "audio", "layer": 0, "bytes": 5, "packets": 1, "viewers": 1}
            ],
        }
        await node.desk("ask", SetRate(256))
        status: Any = await node.desk("status")
        assert status["line"]["state"] == "unpaired" and status["line"]["rate_kbit"] == 256
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{port}/metrics")
            assert (await client.get(f"http://127.0.0.1:{port}/status")).status_code == 404
            assert (await client.post(f"http://127.0.0.1:{port}/sever")).status_code == 404
        assert 'parley_line_state{state="unpaired"} 1.0' in answer.text
        assert (await node.http.get("/metrics")).status_code == 404
