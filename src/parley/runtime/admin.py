"""The operator's socket: HTTP on `run/admin.sock`, which only the owner of the folder can open.

GET /status /metrics · POST /seat /seat/{id}/revoke /pair /pair/confirm /unpair /sever /restore /rate.
An act is answered by `{"done": {...}}` or by `{"no": {"code", "params"}}`. `ask_path` and `ask_from` are the two ends.
"""

from dataclasses import asdict
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.types import ASGIApp

from parley.core.effects import Done, No
from parley.core.ids import Digest, Name, Role, SeatId
from parley.core.inputs import AddSeat, Ask, ConfirmPairing, Restore, RevokeSeat, SetRate, Sever, TakeCard, Unpair
from parley.core.line.card import join
from parley.keys.card import CardFault, check_card
from parley.runtime.loop import Broken, NodeLoop
from parley.runtime.metrics import CONTENT_TYPE, NodeCollector, metrics_text
from parley.runtime.perform import Remarks


class SeatBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /seat`."""

    seat: SeatId
    name: Name
    role: Role
    token: Digest


class CardBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /pair`."""

    body: str
    signature: str


class NumberBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /pair/confirm`."""

    number: str


class RateBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /rate`."""

    kbit: int


def ask_path(ask: Ask) -> tuple[str, bytes]:
    """Write an act as path and body."""
    match ask:
        case AddSeat():
            return "/seat", msgspec.json.encode(ask)
        case RevokeSeat(seat):
            return f"/seat/{seat}/revoke", b"{}"
        case TakeCard():
            return "/pair", msgspec.json.encode(ask)
        case ConfirmPairing():
            return "/pair/confirm", msgspec.json.encode(ask)
        case SetRate():
            return "/rate", msgspec.json.encode(ask)
        case Unpair() | Sever() | Restore():
            return f"/{type(ask).__name__.lower()}", b"{}"


def ask_from(path: str, body: bytes) -> Ask:
    """Read an act. Raises `ValueError` with a sentence."""
    decode = msgspec.json.decode
    ask: Ask
    match path.strip("/").split("/"):
        case ["seat"]:
            seat = decode(body, type=SeatBody)
            ask = AddSeat(seat.seat, seat.name, seat.role, seat.token)
        case ["seat", seat, "revoke"]:
            ask = RevokeSeat(msgspec.convert(seat, SeatId))
        case ["pair"]:
            card = decode(body, type=CardBody)
            ask = TakeCard(*check_card(join(card.body, card.signature)))
        case ["pair", "confirm"]:
            ask = ConfirmPairing(decode(body, type=NumberBody).number)
        case ["rate"]:
            ask = SetRate(decode(body, type=RateBody).kbit)
        case [("unpair" | "sever" | "restore") as word]:
            ask = {"unpair": Unpair, "sever": Sever, "restore": Restore}[word]()
        case _:
            raise ValueError("there is no such act")
    return ask


def outcome_json(outcome: Done | No) -> dict[str, Any]:
    """Write an answer."""
    return {"done" if isinstance(outcome, Done) else "no": asdict(outcome)}


def full_status(loop: NodeLoop, remarks: Remarks, running: bool) -> dict[str, Any]:
    """All that an operator sees: the core's status, whether the node runs, and what it had to remark."""
    status = msgspec.to_builtins(loop.node.status())
    return {**status, "running": running, "remarks": remarks.listed()}


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
