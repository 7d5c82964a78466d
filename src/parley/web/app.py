"""The web side as one ASGI application: three routes, the pages, and the gate around them."""

from collections.abc import Callable, Iterable

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp

from parley.web.door import Door
from parley.web.enrolment import enrol, me, refused
from parley.web.gate import Gate
from parley.web.pages import page, read_pages
from parley.web.refusals import FAULT, by_status
from parley.web.signalling import signal

MAX_BODY = 4096


def make_app(
    door: Door,
    hosts: Iterable[str],
    origins: Iterable[str],
    secure: bool,
    complain: Callable[[str, str], None],
) -> ASGIApp:
    """Make the application. `complain(what, detail)` hears of faults of our own."""

    def on_http(_request: Request[None, None, State], error: HTTPException) -> Response[bytes]:
        return refused(by_status(error.status_code))

    def on_fault(_request: Request[None, None, State], error: Exception) -> Response[bytes]:
        complain("web_fault", f"{type(error).__name__}: {error}")
        return refused(FAULT)

    inner = Litestar(
        route_handlers=[enrol, me, signal, page],
        state=State({"door": door, "secure": secure, "pages": read_pages()}),
        exception_handlers={HTTPException: on_http, Exception: on_fault},
        request_max_body_size=MAX_BODY,
        openapi_config=None,
        logging_config=None,
    )
    return Gate(inner, hosts, origins, secure)
