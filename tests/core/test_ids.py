import msgspec
import pytest

from parley.core.ids import Digest, Name, PeerId, SeatId, SideName, StreamId, seat_of, stream_id

SEAT = "0123456789abcdef"


@pytest.mark.parametrize(
    ("kind", "good"),
    [
        (SeatId, SEAT),
        (Digest, "a" * 64),
        (PeerId, "main"),
        (PeerId, "watch1"),
        (StreamId, f"own/{SEAT}/audio"),
        (StreamId, f"other/{SEAT}/slides"),
        (Name, "김영희"),
        (Name, "O'Brien, 1st Secretary"),
        (SideName, "조선민주주의인민공화국"),
    ],
)
def test_good_words_pass(kind: object, good: str):
    assert msgspec.convert(good, kind) == good  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        (SeatId, SEAT.upper()),
        (SeatId, SEAT + "\n"),
        (SeatId, SEAT[:-1]),
        (Digest, "a" * 64 + "\n"),
        (PeerId, "main\n"),
        (PeerId, "../main"),
        (PeerId, ""),
        (StreamId, f"own/{SEAT}/files"),
        (StreamId, f"own/{SEAT}/audio\n"),
        (StreamId, f"caucus/{SEAT}/audio"),
        (Name, ""),
        (Name, "x" * 65),
        (Name, "a\tb"),
        (Name, "a\n"),
        (Name, "\u202egnik"),
        (Name, "a\u2066b"),
        (Name, "\ufeffa"),
    ],
)
def test_bad_words_do_not(kind: object, bad: str):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(bad, kind)  # type: ignore[call-overload]


def test_a_stream_names_its_seat():
    assert stream_id("other", SEAT, "video") == f"other/{SEAT}/video"
    assert seat_of(f"other/{SEAT}/video") == f"other/{SEAT}"
