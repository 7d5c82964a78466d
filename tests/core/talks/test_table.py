from parley.core.talks.messages import Devices
from parley.core.talks.seats import MAX_SEATS, Seat
from parley.core.talks.table import OtherTable, Table, TableChanged, TableSeat, at_table
from parley.core.talks.wire import MAX_NODE_MESSAGE, decode_message, encode_message

MEETING = "00000000000000aa"


def told(seat: str, name: str = "Lee") -> TableSeat:
    return TableSeat(seat, name, "delegate", True, True, True, False, None, None)


def test_only_who_is_at_the_table_is_told():
    seats = [
        Seat("a" * 16, "At", "head", None, attending=True, session="s"),
        Seat("b" * 16, "Out", "head", None, attending=True, session="s", stepped_out=True),
        Seat("c" * 16, "Gone", "head", None),
        Seat("d" * 16, "Away", "head", None, attending=True, away_until=5),
    ]
    assert {seat.name: seat.present for seat in at_table(seats).values()} == {"At": True, "Away": False}


def test_a_change_is_laid_over_what_was_told():
    table = OtherTable()
    assert table.hear(Table(meeting=MEETING, seats=[told("a" * 16), told("b" * 16)]), MEETING) is None
    change = TableChanged(meeting=MEETING, seats=[told("b" * 16, "Park"), told("c" * 16)], gone=["a" * 16])
    assert table.hear(change, MEETING) is None
    assert {seat.id[0]: seat.name for seat in table.seats.values()} == {"b": "Park", "c": "Lee"}
    assert table.hear(Table(meeting=MEETING, seats=[]), MEETING) is None and not table.seats


def test_a_table_of_no_or_another_meeting_is_passed_over():
    table = OtherTable()
    assert table.hear(Table(meeting=MEETING, seats=[told("a" * 16)]), None) == "table_of_no_meeting"
    assert table.hear(Table(meeting=MEETING, seats=[told("a" * 16)]), "b" * 16) == "table_of_no_meeting"
    assert not table.seats


def test_the_largest_table_fits_into_one_message():
    widest = "\U0001f600" * 64
    seats = [
        Seat(f"{n:016x}", widest, "technician", None, attending=True, muted_by="technician", hand=2**53 - 1)
        for n in range(MAX_SEATS)
    ]
    for seat in seats:
        seat.said = Devices(mic=False, camera=False, sharing=False)
    data = encode_message(Table(meeting=MEETING, seats=list(at_table(seats).values())))
    assert len(data) < MAX_NODE_MESSAGE
    assert isinstance(decode_message(data), Table)
