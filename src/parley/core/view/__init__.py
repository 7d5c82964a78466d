"""What people may see. Nothing but these models leaves a node towards a screen or an operator.

shown.py     the messages to a browser            operator.py  status for the operator, `GET /api/me`
compose.py   the state, as each person may see it gauge.py     the line's gauge, from the engine's counters
"""

from parley.core.view.operator import Me, StatusLine, StatusMeeting, StatusSeat, StatusView
from parley.core.view.shown import (
    Answer,
    AnyShown,
    Ended,
    EndedWord,
    FlowsView,
    FlowView,
    LineStateView,
    LineView,
    LineWord,
    MeetingView,
    MeetingWord,
    Notice,
    Pong,
    Refused,
    SeatView,
    Shown,
    SidesView,
    SlotsView,
    SlotView,
    SpeakerView,
    SpeakingView,
    StateView,
    Welcome,
)

__all__ = [
    "Answer",
    "AnyShown",
    "Ended",
    "EndedWord",
    "FlowView",
    "FlowsView",
    "LineStateView",
    "LineView",
    "LineWord",
    "Me",
    "MeetingView",
    "MeetingWord",
    "Notice",
    "Pong",
    "Refused",
    "SeatView",
    "Shown",
    "SidesView",
    "SlotView",
    "SlotsView",
    "SpeakerView",
    "SpeakingView",
    "StateView",
    "StatusLine",
    "StatusMeeting",
    "StatusSeat",
    "StatusView",
    "Welcome",
]
