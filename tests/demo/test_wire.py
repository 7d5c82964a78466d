import pytest

from parley.demo.wire import LineFault, LineShape


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("2mbit,50ms,1%", LineShape(2000, 50, 0.01)),
        ("1%, 256kbit", LineShape(256, 0, 0.01)),
        ("free", LineShape()),
        ("0.5mbit,jitter=5ms,20ms", LineShape(500, 20, 0, 5)),
        ("", LineShape()),
    ],
)
def test_a_line_is_read_in_any_order(text: str, shape: LineShape):
    assert LineShape.read(text) == shape


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fast", "'fast' is no part of a line"),
        ("1mbit,2mbit", "rate_kbit twice"),
        ("140%", "more than everything"),
        ("2kbit", "the least is 16kbit"),
    ],
)
def test_a_wrong_line_says_which_part(text: str, says: str):
    with pytest.raises(LineFault, match=says):
        LineShape.read(text)


def test_the_shape_in_words():
    assert LineShape.read("2mbit,50ms,1%").words() == "2000 kbit/s, 50 ms one way, 1 % loss"
    assert LineShape().words() == "unlimited, 0 ms one way, 0 % loss"
