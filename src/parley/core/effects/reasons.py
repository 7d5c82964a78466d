"""Why a node says no, and what it tells of: closed sets of codes, each with its sentence in both languages.

A browser gets the code (`notice`) and has its own dictionary; the command line and HTTP errors use the sentences here.
"""

from typing import Literal, NamedTuple, TypeAlias

RefusalCode: TypeAlias = Literal[
    "not_head",
    "not_allowed",
    "line_not_linked",
    "no_such_proposal",
    "already_proposed",
    "meeting_open",
    "meeting_not_open",
    "no_such_seat",
    "seat_exists",
    "too_many_seats",
    "name_malformed",
    "too_many_peers",
    "link_unknown",
    "card_malformed",
    "card_own",
    "card_signature",
    "card_changed",
    "not_paired",
    "number_wrong",
    "already_confirmed",
]
"""Answers to a person's or an operator's request."""

TellCode: TypeAlias = Literal[
    "meeting_proposed",
    "meeting_opened",
    "meeting_declined",
    "meeting_withdrawn",
    "meeting_left",
    "muted",
    "peer_closed",
    "media_restarted",
    "unknown_key",
]
"""News that no request asked for. `meeting_*` carry `by`: "own" or "other"."""

NoticeCode: TypeAlias = Literal[RefusalCode, TellCode]


class Words(NamedTuple):
    """One sentence in both languages."""

    en: str
    ko: str


REFUSALS: dict[RefusalCode, Words] = {
    "not_head": Words("Only a head of the delegation may do this.", "수석대표만 할 수 있습니다."),
    "not_allowed": Words("This role may not do this.", "이 역할에는 허용되지 않습니다."),
    "line_not_linked": Words("The line is not connected.", "회선이 연결되어 있지 않습니다."),
    "no_such_proposal": Words("This proposal no longer stands.", "그 제의는 더 이상 유효하지 않습니다."),
    "already_proposed": Words("A proposal already stands.", "이미 제의가 있습니다."),
    "meeting_open": Words("A meeting is open.", "회의가 열려 있습니다."),
    "meeting_not_open": Words("No meeting is open.", "열린 회의가 없습니다."),
    "no_such_seat": Words("There is no such seat on this side.", "이 측에 그런 좌석이 없습니다."),
    "seat_exists": Words("There is already a seat with this id.", "같은 번호의 좌석이 이미 있습니다."),
    "too_many_seats": Words("No more seats fit on this side.", "이 측에 좌석을 더 둘 수 없습니다."),
    "name_malformed": Words(
        "A name has 1 to 64 characters and no invisible ones.", "이름은 보이는 글자 1~64자여야 합니다."
    ),
    "too_many_peers": Words("This browser has too many connections.", "이 브라우저의 연결이 너무 많습니다."),
    "link_unknown": Words(
        "This link is not known, was already used, or was revoked. Ask for a new one.",
        "알 수 없거나 이미 사용되었거나 취소된 링크입니다. 새 링크를 받으십시오.",
    ),
    "card_malformed": Words("This is not a card of a side.", "측 카드가 아닙니다."),
    "card_own": Words("This is the card of the own side.", "자기 측의 카드입니다."),
    "card_signature": Words("The card's signature does not fit its key.", "카드의 서명이 키와 맞지 않습니다."),
    "card_changed": Words(
        "This side is paired with another card: a name or key differs. Unpair first if that is meant.",
        "이 측은 다른 카드와 짝지어져 있습니다. 이름이나 키가 다릅니다. 의도한 것이면 먼저 짝을 푸십시오.",
    ),
    "not_paired": Words("No card of the other side was taken yet.", "아직 상대측 카드를 받지 않았습니다."),
    "number_wrong": Words(
        "The number differs: do not confirm. One of the two cards is not what the other side sent.",
        "번호가 다릅니다. 확인하지 마십시오. 두 카드 중 하나가 상대측이 보낸 것이 아닙니다.",
    ),
    "already_confirmed": Words("The pairing is already confirmed.", "짝짓기가 이미 확인되었습니다."),
}
"""The sentence of each refusal."""
