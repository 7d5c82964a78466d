"""The operator's socket: HTTP on `run/admin.sock`, which only the owner of the folder can open.

GET /status /metrics · POST /seat /seat/{id}/revoke /pair /pair/confirm /unpair /sever /restore /rate.
An act is answered by `{"done": {...}}` or by `{"no": {"code", "params"}}`. How acts are written is in `desk.py`.
"""

from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.types import ASGIApp

from parley.core.effects import Done, No
from parley.keys.card import CardFault
from parley.runtime.desk import ask_from, full_status, outcome_json
from parley.runtime.loop import Broken, NodeLoop
from parley.runtime.metrics import CONTENT_TYPE, NodeCollector, metrics_text
from parley.runtime.perform import Remarks


@get("/status")
async def status(state: State) -> Response[bytes]:
    """Tell how things stand."""
    return Response(msgspec.json.encode(full_status(state.loop, state.remarks, True)), media_type="application/json")


@get("/metrics")
async def metrics(state: State) -> Response[bytes]:
    """Tell the same to Prometheus."""
    return Response(metrics_text(state.collector), media_type=CONTENT_TYPE)


@post(
    ["/seat", "/seat/{seat:str}/revoke", "/pair", "/pair/confirm", "/unpair", "/sever", "/restore", "/rate"],
    status_code=200,
)
async def act(request: Request[None, None, State], state: State) -> Response[bytes]:
    """Do what the operator asks."""
    try:
        ask = ask_from(request.scope["path"], await request.body())
        outcome: Done | No = state.loop.ask(ask)
    except CardFault as fault:
        return _json(400, {"fault": str(fault)})
    except ValueError as error:
        return _json(400, {"fault": str(error)})
    except Broken as fault:
        return _json(503, {"fault": str(fault)})
    return _json(200, outcome_json(outcome))


def make_admin(loop: NodeLoop, remarks: Remarks) -> ASGIApp:
    """Make the operator's application."""
    return _make([status, metrics, act], loop, remarks)


def make_metrics(loop: NodeLoop, remarks: Remarks) -> ASGIApp:
    """Make the application of the loopback port: metrics and nothing else."""
    return _make([metrics], loop, remarks)


def _make(handlers: list[Any], loop: NodeLoop, remarks: Remarks) -> ASGIApp:
    collector = NodeCollector(loop.node.status, remarks, lambda: loop.node.ignored)
    return Litestar(
        route_handlers=handlers,
        state=State({"loop": loop, "remarks": remarks, "collector": collector}),
        request_max_body_size=64 * 1024,
        openapi_config=None,
        logging_config=None,
    )


def _json(status_code: int, content: dict[str, Any]) -> Response[bytes]:
    return Response(msgspec.json.encode(content), status_code=status_code, media_type="application/json")
