"""Errors as browsers get them: `{"error": {"code", "text": {"en", "ko"}}}`, one sentence for people, no detail for strangers."""

from typing import NamedTuple

import msgspec

from parley.core.effects.reasons import REFUSALS, Words


class Refusal(NamedTuple):
    """One error: HTTP status, code, sentence."""

    status: int
    code: str
    text: Words

    def body(self) -> bytes:
        """The JSON body."""
        return msgspec.json.encode({"error": {"code": self.code, "text": self.text._asdict()}})


BAD_REQUEST = Refusal(400, "bad_request", Words("The request was not understood.", "요청을 이해할 수 없습니다."))
NOT_SIGNED_IN = Refusal(
    401,
    "not_signed_in",
    Words(
        "This browser has no seat here. Open your link, or ask for a new one.",
        "이 브라우저에는 좌석이 없습니다. 받은 링크를 열거나 새 링크를 요청하십시오.",
    ),
)
FOREIGN_ORIGIN = Refusal(
    403, "foreign_origin", Words("The request came from another site.", "다른 사이트에서 온 요청입니다.")
)
LINK_UNKNOWN = Refusal(404, "link_unknown", REFUSALS["link_unknown"])
NOT_FOUND = Refusal(404, "not_found", Words("There is nothing here.", "여기에는 아무것도 없습니다."))
NOT_ALLOWED = Refusal(405, "method_not_allowed", Words("This cannot be done here.", "여기서는 할 수 없는 동작입니다."))
TOO_LARGE = Refusal(413, "too_large", Words("The request is too large.", "요청이 너무 큽니다."))
WRONG_HOST = Refusal(
    421, "wrong_host", Words("This node is not known by that name.", "이 노드는 그 이름으로 알려져 있지 않습니다.")
)
TOO_MANY = Refusal(
    429, "too_many", Words("Too many attempts. Wait a minute.", "시도가 너무 많습니다. 잠시 후 다시 하십시오.")
)
FAULT = Refusal(
    500,
    "fault",
    Words(
        "The node made a mistake. The operator's log says which.",
        "노드에 오류가 발생했습니다. 운영자의 기록에 남아 있습니다.",
    ),
)

_BY_STATUS = {r.status: r for r in (BAD_REQUEST, NOT_SIGNED_IN, NOT_FOUND, NOT_ALLOWED, TOO_LARGE, TOO_MANY)}


def by_status(status: int) -> Refusal:
    """The refusal for an HTTP status that the framework raised."""
    return _BY_STATUS.get(status, FAULT if status >= 500 else BAD_REQUEST)
